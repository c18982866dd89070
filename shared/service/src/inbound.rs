//! Handles the inbound queue: customers' messages, and changes of their identifiers.

use casement_core::model::content::InboundMessage;
use casement_core::model::identity::IdentityChange;

use crate::app::{Inbound, Ports};
use crate::identity_change::ChangeIdentity;
use crate::outcome::{Attempt, Later, Outcome};
use crate::receive::{self, ReceiveMessage};

impl<P: Ports> Inbound<P> {
    /// Takes a customer's message into Jira, once, however often it is delivered. If the last
    /// attempt fails, the agents are told that a message is missing.
    ///
    /// # Errors
    /// [`Later`]: put the message back. Nothing is lost, and nothing will be repeated.
    pub async fn receive(
        &self,
        message: &InboundMessage,
        attempt: Attempt,
    ) -> Result<Outcome, Later> {
        match (ReceiveMessage { message }).run(self).await {
            Ok(closed) => Ok(closed?),
            Err(mut later) => {
                if attempt == Attempt::Last {
                    receive::put_aside(&self.app, message, &mut later).await;
                }
                Err(later)
            }
        }
    }

    /// Moves a customer's conversation to new identifiers, and says so in its request.
    ///
    /// # Errors
    /// [`Later`]: put the message back. Nothing is lost, and nothing will be repeated.
    pub async fn change_identity(&self, change: &IdentityChange) -> Result<Outcome, Later> {
        ChangeIdentity { change }.run(self).await
    }
}
