//! Simulates a week of many customers: the queues, the functions, the table, the limits of Jira and
//! Meta, and the costs when a million customers write five million messages a day.
//!
//! People, networks and services are chance and arithmetic in virtual time. Casement's decisions
//! are made by `casement-core` itself: windows, routing, timers, notices, the fate of refused calls
//! and their backoff. The cost of a message in calls is the one that the stories of `tests/it`
//! count.

mod calendar;
mod calls;
mod counts;
mod customer;
mod inbound;
mod ingress;
mod limits;
mod meter;
mod outbound;
mod outcome;
mod people;
mod plot;
mod price;
mod report;
mod scenario;
mod timers;
mod worker;
mod world;

use casement_core::settings::SettingsError;

pub use outcome::Outcome;
pub use plot::week;
pub use report::{comparison, report};
pub use scenario::{Quotas, Scenario};

/// Runs the scenario.
///
/// # Errors
/// The settings of the simulated number are not valid.
pub fn run(scenario: Scenario) -> Result<Outcome, SettingsError> {
    let mut world = world::World::new(scenario)?;
    world.run();
    Ok(Outcome { world })
}
