//! The calls that arrive: those of the REST APIs, and those that act as agents.

mod authentication;
mod content;
pub(crate) mod control;
mod create;
mod jql;
mod limiting;
mod media;
mod platform;
mod registration;
mod search;
mod security;
mod servicedesk;
mod upload;

use axum::{Router, middleware};

use self::authentication::Door;
use super::{JiraSimulator, errors};
use crate::recorder;

pub(crate) fn router(simulator: &JiraSimulator) -> Router {
    let clock = simulator.shared.config.clock.clone();
    let journal = simulator.journal();
    let limited = simulator.clone();
    let cloud_path = simulator.shared.config.cloud_path();
    rest_router(simulator, Door::Site)
        .nest(&cloud_path, rest_router(simulator, Door::Cloud))
        .merge(authentication::router())
        .merge(media::router())
        .with_state(simulator.clone())
        .layer(middleware::from_fn(move |request, next| {
            recorder::record(clock.clone(), journal.clone(), request, next)
        }))
        .layer(middleware::from_fn(move |request, next| {
            limiting::limit(limited.clone(), request, next)
        }))
}

/// Returns the REST APIs, as reached through one door.
fn rest_router(simulator: &JiraSimulator, door: Door) -> Router<JiraSimulator> {
    let entering = simulator.clone();
    let hiding = simulator.clone();
    platform::router()
        .layer(middleware::from_fn_with_state(hiding, security::hide))
        .merge(servicedesk::router())
        .merge(registration::router())
        .fallback(errors::no_such_resource)
        .layer(middleware::from_fn(move |request, next| {
            authentication::authenticate(entering.clone(), door, request, next)
        }))
}
