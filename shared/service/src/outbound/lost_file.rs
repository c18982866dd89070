//! Telling a customer, once in a silence, that a file did not get through.

use casement_core::identity::ConversationKey;
use casement_core::ledger::OutboundKey;
use casement_core::notes::Note;
use casement_core::texts::TextKey;

use super::Outbound;
use super::automatic::Automatic;
use crate::failure::{Failure, Outcome};
use crate::ports::{Clock, Jira, Messenger, SettingsSource, Store};

impl<S, J, W, T, C> Outbound<S, J, W, T, C>
where
    S: Store,
    J: Jira,
    W: Messenger,
    T: SettingsSource,
    C: Clock,
{
    pub(super) async fn tell_of_lost_file(
        &self,
        key: &ConversationKey,
        generation: u32,
    ) -> Result<Outcome, Failure> {
        let Some(conversation) = self.store.load(key).await? else {
            return Ok(Outcome::Ignored("no_conversation"));
        };
        let settings = self.settings.current().await?;
        let Some(number) = settings.number(&key.phone_number_id) else {
            return Ok(Outcome::Ignored("unknown_number"));
        };
        if conversation.opted_out {
            return Ok(Outcome::Ignored("opted_out"));
        }
        if !conversation.window_is_open(self.clock.now()) {
            return Ok(Outcome::Ignored("window_closed"));
        }
        let recipient = conversation.identity.recipient();
        let (Some(issue), Some(recipient)) = (&conversation.issue, &recipient) else {
            return Ok(Outcome::Ignored("no_request"));
        };
        let words = number.words(&conversation, self.clock.now());
        let text = words.say(TextKey::LostFile);
        let message = Automatic {
            conversation: key,
            key: OutboundKey::lost_file(key, generation),
            recipient,
            issue: &issue.id,
            text: &text,
            note: Note::LostFileTold { text: text.clone() },
        };
        Ok(if self.send_automatic(message).await? {
            Outcome::Done("lost_file_told")
        } else {
            Outcome::Ignored("refused")
        })
    }
}
