//! Tests of the use cases, over one world in memory.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod account;
mod elsewhere;
mod inbound;
mod intake;
mod month;
mod outbound;
mod reconciliation;
mod statuses;
mod timers;

use casement_service::{Done, Ignored, Later, Outcome};

/// Makes the outcome of a message that had its effect.
fn done(effect: Done) -> Result<Outcome, Later> {
    Ok(Outcome::Done(effect))
}

/// Makes the outcome of a message that needed no effect.
fn ignored(reason: Ignored) -> Result<Outcome, Later> {
    Ok(Outcome::Ignored(reason))
}
