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
mod views;

use std::sync::Arc;

use axum::{Router, middleware};

use self::authentication::Door;
use super::{JiraSimulator, errors};
use crate::recorder;

pub(crate) fn router(simulator: &JiraSimulator) -> Router {
    let config = &simulator.shared.config;
    let journal = Arc::clone(simulator.shared.outbox.journal());
    let recorded = (config.clock.clone(), journal);
    rest_router(simulator, Door::Site)
        .nest(&config.cloud_path(), rest_router(simulator, Door::Cloud))
        .merge(authentication::router())
        .merge(media::router())
        .with_state(simulator.clone())
        .layer(middleware::from_fn_with_state(recorded, recorder::record))
        .layer(middleware::from_fn_with_state(
            simulator.clone(),
            limiting::limit,
        ))
}

/// Returns the REST APIs, as reached through one door.
fn rest_router(simulator: &JiraSimulator, door: Door) -> Router<JiraSimulator> {
    let entering = (simulator.clone(), door);
    platform::router()
        .layer(middleware::from_fn_with_state(
            simulator.clone(),
            security::hide,
        ))
        .merge(servicedesk::router())
        .merge(registration::router())
        .merge(views::router())
        .fallback(errors::no_such_resource)
        .layer(middleware::from_fn_with_state(
            entering,
            authentication::authenticate,
        ))
}
