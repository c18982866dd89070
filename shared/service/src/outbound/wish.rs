//! Confirming what a customer wants of automatic messages, once.

use casement_core::identity::{ConversationKey, IssueId};
use casement_core::ledger::OutboundKey;
use casement_core::notes::{Note, WishNote};
use casement_core::opt_out::Wish;
use casement_core::settings::Served;
use casement_core::texts::TextKey;

use super::Outbound;
use super::automatic::Automatic;
use crate::app::Ports;
use crate::failure::{Failure, Outcome};
use crate::note::{self, Before};
use crate::ports::*;
use crate::saving::load_joined;

impl<P: Ports> Outbound<P> {
    /// Also to a customer who has opted out: this is the answer to that. The agents read of it in
    /// any case.
    pub(super) async fn confirm_wish(
        &self,
        key: &ConversationKey,
        wish: Wish,
        occasion: &str,
        issue: &IssueId,
    ) -> Result<Outcome, Failure> {
        let Some(conversation) = load_joined(&self.app.store, key).await? else {
            return Ok(Outcome::Ignored("no_conversation"));
        };
        let settings = self.app.settings.current().await?;
        let number = match settings.served(&key.phone_number_id) {
            Served::Here(number) => number,
            served => return Ok(Outcome::not_served(served, &key.phone_number_id)),
        };
        let now = self.app.clock.now();
        let note = |confirmed: Option<String>| {
            let confirmed = confirmed.map(Into::into);
            Note::Wish(WishNote { wish, confirmed })
        };
        let outbound_key = OutboundKey::wish(occasion);
        let about = outbound_key.source.to_string();
        let recipient = conversation.identity.recipient();
        if let Some(recipient) = recipient.filter(|_| conversation.window_is_open(now)) {
            let text = number.words(&conversation, now).say(if wish.is_stop() {
                TextKey::OptedOut
            } else {
                TextKey::OptedIn
            });
            let message = Automatic {
                conversation: &conversation.key,
                key: outbound_key,
                recipient: &recipient,
                issue,
                message: OutgoingMessage::Text(&text),
                note: note(Some(text.clone())),
            };
            if self.send_automatic(message).await? {
                return Ok(Outcome::Done("wish_confirmed"));
            }
        }
        note::leave(&self.app.jira, issue, &note(None), about, Before::Perhaps).await?;
        Ok(Outcome::Done("wish_noted"))
    }
}
