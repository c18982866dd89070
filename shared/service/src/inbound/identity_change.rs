//! A customer's conversation moves to another phone number or BSUID.

use casement_core::conversation::Conversation;
use casement_core::fate::{Fate, fate};
use casement_core::identity::{ConversationKey, CustomerIdentity, PhoneNumberId};
use casement_core::identity_change::{IdentityChange, decide_identity_change};
use casement_core::ledger::{LedgerEntry, LedgerKey, decide_claim};

use super::{Inbound, before};
use crate::claim::{Claim, claim, close};
use crate::failure::{Failure, Later, Outcome};
use crate::note;
use crate::ports::{Clock, DelayQueue, Jira, MediaFiles, OutboundQueue, SettingsSource, Store};
use crate::saving::change;

impl<S, J, W, Q, T, C> Inbound<S, J, W, Q, T, C>
where
    S: Store,
    J: Jira,
    W: MediaFiles,
    Q: OutboundQueue + DelayQueue,
    T: SettingsSource,
    C: Clock,
{
    /// Moves the conversation of a customer to new identifiers, and says so in its request.
    ///
    /// # Errors
    /// [`Later`]: put the message back. Nothing is lost and nothing will be repeated.
    pub async fn change_identity(&self, change: &IdentityChange) -> Result<Outcome, Later> {
        let settings = self.settings.current().await?;
        if settings.number(&change.phone_number_id).is_none() {
            return Ok(Outcome::Ignored("unknown_number"));
        }
        let key = LedgerKey::Message(change.wamid.clone());
        let now = self.clock.now();
        let first = LedgerEntry::claimed(now);
        let entry = match claim(&self.store, &key, first, decide_claim, now).await? {
            Claim::Ours(entry) => entry,
            Claim::Settled(_) => return Ok(Outcome::Ignored("duplicate")),
        };
        match self.move_conversation(change, &entry).await {
            Ok(outcome) => {
                close(&self.store, &key, entry, LedgerEntry::settled).await?;
                Ok(outcome)
            }
            Err(failure) => {
                let now = self.clock.now();
                close(&self.store, &key, entry, |entry| entry.released(now)).await?;
                Err(failure.into())
            }
        }
    }

    async fn move_conversation(
        &self,
        moved: &IdentityChange,
        entry: &LedgerEntry,
    ) -> Result<Outcome, Failure> {
        let number = &moved.phone_number_id;
        let Some(conversation) = self.known(number, &moved.former).await? else {
            return Ok(Outcome::Ignored("unknown_customer"));
        };
        for identifier in moved.new.identifiers() {
            let owner = self.owner(number, identifier).await?;
            if owner.is_some_and(|owner| owner.key != conversation.key) {
                return Ok(Outcome::Ignored("identity_conflict"));
            }
        }
        let key = conversation.key.clone();
        let plan = decide_identity_change(conversation.clone(), moved);
        for alias in &plan.aliases {
            self.store.link_alias(alias, &key).await?;
        }
        let saved = change(&self.store, conversation, |current| {
            decide_identity_change(current, moved).conversation
        });
        if let Some(issue) = saved.await?.and_then(|saved| saved.issue) {
            let wamid = ConversationKey::new(number, moved.wamid.as_str());
            let about = format!("identity-changed:{}", wamid.fingerprint());
            match note::leave(&self.jira, &issue.id, &plan.note, about, before(entry)).await {
                // Nobody is left in a deleted request who could be told.
                Err(failure) if fate(&failure) != Fate::Gone => return Err(failure.into()),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(Outcome::Done("identity_changed"))
    }

    /// The conversation of the former identity, the BSUID's before the phone number's.
    async fn known(
        &self,
        number: &PhoneNumberId,
        former: &CustomerIdentity,
    ) -> Result<Option<Conversation>, Failure> {
        for identifier in former.identifiers() {
            let owner = self.owner(number, identifier).await?;
            if owner.is_some() {
                return Ok(owner);
            }
        }
        Ok(None)
    }
}
