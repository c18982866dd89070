//! Simulates a week of many customers: the queues, the functions, the table, the limits of Jira and
//! Meta, and the costs when customers write half a million messages a day.
//!
//! People, networks and services are chance and arithmetic in virtual time. What Casement does is
//! done by its use cases, over the world in memory of `casement-testkit`, which tells what they ask
//! of the table, the queues, Jira and Meta.

mod calendar;
mod counts;
mod customer;
mod ingress;
mod limits;
mod meter;
mod outcome;
mod people;
mod plot;
mod price;
mod report;
mod scenario;
mod services;
mod sweep;
mod work;
mod worker;
mod world;

use casement_core::settings::SettingsError;

pub use outcome::Outcome;
pub use plot::week;
pub use report::report;
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
