//! Taking off replies that were held for too long.

use casement_core::hold_expiry::{has_expired, with_expiry};
use casement_core::identity::ConversationKey;
use casement_core::notes::{Note, TimerNote};

use super::Outbound;
use crate::app::Ports;
use crate::event::Event;
use crate::failure::{Failure, Outcome};
use crate::holding::terms_of;
use crate::ports::*;
use crate::saving::change_stored;

impl<P: Ports> Outbound<P> {
    /// Takes off every reply whose time is over, each with a note, and sets the timer for the
    /// next.
    pub(super) async fn expire_held(&self, key: &ConversationKey) -> Result<Outcome, Failure> {
        let Some(conversation) = self.load_released(key).await? else {
            return Ok(Outcome::Ignored("no_conversation"));
        };
        let terms = terms_of(&self.app.settings, key).await?;
        let mut expired = 0;
        for reply in self.held_replies(&conversation).await? {
            if !has_expired(reply.held_since, terms.hold_for, self.app.clock.now()) {
                continue;
            }
            let note = Note::Timer(TimerNote::HoldExpired {
                held_since: reply.held_since.with_timezone(&terms.zone),
            });
            let about = format!("expired:{}", reply.comment_id.as_str());
            self.tell(&reply.issue_id, &note, about).await?;
            self.cancel(&conversation, &reply).await?;
            Event::HoldExpired.count();
            expired += 1;
        }
        self.set_expiry(key).await?;
        Ok(if expired > 0 {
            Outcome::Done("hold_expired")
        } else {
            Outcome::Ignored("not_expired")
        })
    }

    /// Sets the timer for the oldest reply that is still held.
    async fn set_expiry(&self, key: &ConversationKey) -> Result<(), Failure> {
        let hold_for = terms_of(&self.app.settings, key).await?.hold_for;
        let held = self.app.store.held(key).await?;
        change_stored(&self.app.store, key, |current| {
            with_expiry(current, held.iter().map(|reply| reply.held_since), hold_for)
        })
        .await?;
        Ok(())
    }
}
