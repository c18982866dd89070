//! Reports how a record ended, to the log and to the batch runner.

use casement_core::model::queue::DecodeError;
use casement_service::{Event, Later, Outcome};

use crate::batch::Returned;

/// Logs and counts once how a record ended, and returns where it goes. `kind` is the kind of
/// message; `about` identifies its subject without naming a person.
///
/// # Errors
/// The record goes back to the queue.
pub fn report(
    kind: &'static str,
    about: &str,
    result: Result<Outcome, Later>,
) -> Result<(), Returned> {
    match result {
        Ok(outcome @ Outcome::Done(_)) => {
            let outcome = outcome.as_str();
            tracing::info!(kind, about, outcome, "done");
            Ok(())
        }
        Ok(outcome @ Outcome::Ignored(_)) => {
            let outcome = outcome.as_str();
            Event::Ignored(outcome).count();
            tracing::info!(kind, about, outcome, "left alone");
            Ok(())
        }
        Err(later) => {
            later.event.count();
            let cause = later.cause.as_str();
            if let Event::SendingPaused(code) = later.event {
                // Its alarm calls the operators: nothing is sent until they act.
                tracing::error!(
                    event = "sending_paused",
                    kind,
                    about,
                    code = code.0,
                    cause,
                    "WhatsApp takes nothing until an operator acts"
                );
            } else if later.needs_operator {
                tracing::error!(kind, about, cause, "an operator must act");
            } else {
                tracing::warn!(kind, about, cause, "not now");
            }
            Err(Returned::from(&later))
        }
    }
}

/// Sends a body that is not a message of ours to the dead letters, where operators can look at it.
#[must_use]
pub fn not_understood(error: DecodeError) -> Returned {
    Event::NotUnderstood("queue_message").count();
    tracing::error!(%error, "a queue message cannot be read");
    Returned::Reject
}
