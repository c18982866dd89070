//! How a record ended, for the log and for the batch runner.

use casement_core::queue::DecodeError;
use casement_service::{Event, Later, Outcome};

use crate::batch::Returned;

/// Logs and counts how a record ended, once, and says what becomes of it. `kind` is the kind of message,
/// `about` stands for whom or what it is about without naming a person.
///
/// # Errors
/// The record goes back to the queue.
pub fn report(
    kind: &'static str,
    about: &str,
    result: Result<Outcome, Later>,
) -> Result<(), Returned> {
    match result {
        Ok(Outcome::Done(outcome)) => {
            tracing::info!(kind, about, outcome, "done");
            Ok(())
        }
        Ok(Outcome::Ignored(outcome)) => {
            Event::Ignored(outcome).count();
            tracing::info!(kind, about, outcome, "left alone");
            Ok(())
        }
        Err(later) => {
            later.event.count();
            let cause = later.cause.as_str();
            if later.needs_operator {
                tracing::error!(kind, about, cause, "an operator must act");
            } else {
                tracing::warn!(kind, about, cause, "not now");
            }
            Err(Returned::from(&later))
        }
    }
}

/// A body that is no message of ours goes to the dead letters, where it can be looked at.
#[must_use]
pub fn not_understood(error: DecodeError) -> Returned {
    Event::NotUnderstood("queue_message").count();
    tracing::error!(%error, "a queue message cannot be read");
    Returned::Reject
}
