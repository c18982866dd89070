//! The ports, implemented by the [`World`].

use std::collections::BTreeMap;
use std::sync::Arc;

use casement_core::decide::inbound::NewRequest;
use casement_core::decide::routing::{RequestState, Transition};
use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::delivery_state::DeliveryState;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{
    AccountId, Assignee, CommentId, ConversationKey, IssueId, IssueRef, PhoneNumberId,
};
use casement_core::model::ledger::{LedgerEntry, LedgerKey, OutboundSource};
use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage};
use casement_core::settings::Settings;
use chrono::{DateTime, Duration, Utc};

use super::{OWN, World};
use crate::failure::{BackendFailure, QueueFailure, SettingsFailure, StoreFailure};
use crate::ports::*;

impl Clock for World {
    fn now(&self) -> DateTime<Utc> {
        self.inner.now.get()
    }
}

impl SettingsSource for World {
    async fn current(&self) -> Result<Arc<Settings>, SettingsFailure> {
        let document = "[[number]]\nphone_number_id = \"1065\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\ndelay_after = \"10m\"\n";
        let texts = "[number.texts.en]\ndelay_notice = \"Please wait\"\n";
        let document = format!("{document}{}{texts}", self.inner.settings.borrow());
        Ok(Arc::new(Settings::from_toml(&document).unwrap()))
    }
}

impl Conversations for World {
    async fn load(&self, key: &ConversationKey) -> Result<Option<Conversation>, StoreFailure> {
        self.others_first().await;
        Ok(self.inner.conversations.borrow().get(key).cloned())
    }

    async fn begin(
        &self,
        conversation: &Conversation,
        aliases: &[String],
    ) -> Result<Saved, StoreFailure> {
        self.others_first().await;
        let number = &conversation.key.phone_number_id;
        let alias = |name: &str| (number.as_str().to_owned(), name.to_owned());
        let taken = {
            let known = self.inner.conversations.borrow();
            let links = self.inner.aliases.borrow();
            let is_key = |name: &String| known.contains_key(&ConversationKey::new(number, name));
            let is_alias = |name: &str| links.contains_key(&alias(name));
            is_alias(&conversation.key.customer)
                || aliases.iter().any(|name| is_key(name) || is_alias(name))
        };
        if taken || self.save_now(conversation) == Saved::Conflict {
            return Ok(Saved::Conflict);
        }
        let mut links = self.inner.aliases.borrow_mut();
        links.extend(
            aliases
                .iter()
                .map(|name| (alias(name), conversation.key.clone())),
        );
        Ok(Saved::Yes)
    }

    async fn save(&self, conversation: &Conversation) -> Result<Saved, StoreFailure> {
        self.others_first().await;
        Ok(self.save_now(conversation))
    }
}

impl World {
    /// Sets extra settings lines for the only number.
    pub(crate) fn set_settings(&self, more: &str) {
        *self.inner.settings.borrow_mut() = more.to_owned();
    }

    fn save_now(&self, conversation: &Conversation) -> Saved {
        if let Some(conflict) = self.conflicting() {
            return conflict;
        }
        let mut conversations = self.inner.conversations.borrow_mut();
        let stored = conversations
            .get(&conversation.key)
            .map_or(0, |stored| stored.version);
        if stored != conversation.version {
            return Saved::Conflict;
        }
        let mut written = conversation.clone();
        written.version += 1;
        conversations.insert(written.key.clone(), written);
        Saved::Yes
    }
}

impl Links for World {
    async fn of_issue(&self, issue: &IssueId) -> Result<Option<ConversationKey>, StoreFailure> {
        Ok(self.inner.issues.borrow().get(issue.as_str()).cloned())
    }

    async fn of_alias(
        &self,
        number: &PhoneNumberId,
        identifier: &str,
    ) -> Result<Option<ConversationKey>, StoreFailure> {
        self.others_first().await;
        let alias = (number.as_str().to_owned(), identifier.to_owned());
        Ok(self.inner.aliases.borrow().get(&alias).cloned())
    }

    async fn link_issue(&self, issue: &IssueId, to: &ConversationKey) -> Result<(), StoreFailure> {
        self.inner
            .issues
            .borrow_mut()
            .insert(issue.as_str().to_owned(), to.clone());
        Ok(())
    }

    async fn link_alias(&self, identifier: &str, to: &ConversationKey) -> Result<(), StoreFailure> {
        let alias = (
            to.phone_number_id.as_str().to_owned(),
            identifier.to_owned(),
        );
        self.inner.aliases.borrow_mut().insert(alias, to.clone());
        Ok(())
    }
}

fn throttled() -> StoreFailure {
    StoreFailure(BackendFailure::Throttled("ThrottlingException".to_owned()))
}

impl Ledger for World {
    async fn entry(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, StoreFailure> {
        Ok(self.entry_of(key))
    }

    async fn create(
        &self,
        key: &LedgerKey,
        entry: &LedgerEntry,
    ) -> Result<Option<LedgerEntry>, StoreFailure> {
        let [creations, _] = self.inner.forgets.get();
        if creations && matches!(key, LedgerKey::Message(_)) {
            return Err(throttled());
        }
        let existing = self.entry_of(key);
        if existing.is_none() {
            let mut written = entry.clone();
            written.version += 1;
            self.put_entry(key.clone(), written);
        }
        Ok(existing)
    }

    async fn update(&self, key: &LedgerKey, entry: &LedgerEntry) -> Result<Saved, StoreFailure> {
        let [_, updates] = self.inner.forgets.get();
        if updates && matches!(key, LedgerKey::Message(_)) {
            return Err(throttled());
        }
        if self.entry_of(key).map(|stored| stored.version) != Some(entry.version) {
            return Ok(Saved::Conflict);
        }
        let mut written = entry.clone();
        written.version += 1;
        self.put_entry(key.clone(), written);
        Ok(Saved::Yes)
    }

    async fn parts(
        &self,
        source: &OutboundSource,
    ) -> Result<BTreeMap<u32, LedgerEntry>, StoreFailure> {
        let ledger = self.inner.ledger.borrow();
        let part = |(key, entry): (&LedgerKey, &LedgerEntry)| match key {
            LedgerKey::Outbound(key) if key.source == *source => Some((key.part, entry.clone())),
            _ => None,
        };
        Ok(ledger.iter().filter_map(part).collect())
    }
}

impl OutboundQueue for World {
    async fn enqueue(&self, message: &OutboundQueueMessage, id: &str) -> Result<(), QueueFailure> {
        let mut queue = self.inner.outbound.borrow_mut();
        if queue.iter().all(|(_, earlier)| earlier != id) {
            queue.push((message.clone(), id.to_owned()));
        }
        Ok(())
    }
}

impl DelayQueue for World {
    async fn enqueue_later(
        &self,
        messages: &[(DelayQueueMessage, Duration)],
    ) -> Result<(), QueueFailure> {
        self.inner.delayed.borrow_mut().extend_from_slice(messages);
        Ok(())
    }
}

impl Requests for World {
    async fn open(&self, request: &NewRequest) -> Result<IssueRef, CallFailure> {
        self.others_first().await;
        let failure = self.inner.open_failures.borrow_mut().pop_front();
        if failure.is_none() || !self.inner.request_is_lost.get() {
            self.inner.requests.borrow_mut().push(request.clone());
        }
        failure.map_or_else(|| Ok(Self::issue(self.requests())), Err)
    }

    async fn find(&self, request: &NewRequest) -> Result<Option<IssueRef>, CallFailure> {
        let reference = &request.reference;
        let requests = self.inner.requests.borrow();
        let found = requests
            .iter()
            .position(|request| request.reference == *reference);
        Ok(found.map(|index| Self::issue(index + 1)))
    }

    async fn state(&self, issue: &IssueId) -> Result<RequestState, CallFailure> {
        self.check_presence(issue)?;
        self.others_first().await;
        let done = self.inner.done.borrow().get(issue.as_str()).copied();
        Ok(done.map_or(RequestState::Open, |since| RequestState::Done {
            since: Some(since),
        }))
    }

    async fn transitions(&self, _issue: &IssueId) -> Result<Vec<Transition>, CallFailure> {
        Ok(self.inner.transitions.borrow().clone())
    }

    async fn transition(
        &self,
        issue: &IssueId,
        transition: &Transition,
    ) -> Result<(), CallFailure> {
        let failure = self.inner.transition_failures.borrow_mut().pop_front();
        if failure.as_ref().is_none_or(|(_, taken)| *taken) {
            assert!(!transition.leads_to_done);
            let was_done = self.inner.done.borrow_mut().remove(issue.as_str());
            assert!(was_done.is_some(), "reopened twice");
        }
        failure.map_or(Ok(()), |(failure, _)| Err(failure))
    }

    async fn assignee(&self, _issue: &IssueId) -> Result<Option<Assignee>, CallFailure> {
        Ok(self.inner.assignee.borrow().clone())
    }

    async fn set_time(
        &self,
        issue: &IssueId,
        field: &str,
        time: DateTime<Utc>,
    ) -> Result<(), CallFailure> {
        if let Some(failure) = self.inner.time_failure.borrow().clone() {
            return Err(failure);
        }
        let written = (issue.as_str().to_owned(), field.to_owned(), time);
        self.inner.times.borrow_mut().push(written);
        Ok(())
    }

    async fn relate(&self, new: &IssueId, former: &IssueId) -> Result<(), CallFailure> {
        if let Some(failure) = self.refusal("link") {
            return Err(failure);
        }
        let mut related = self.inner.related.borrow_mut();
        let link = (new.clone(), former.clone());
        if !related.contains(&link) {
            related.push(link);
        }
        Ok(())
    }
}

impl Comments for World {
    async fn add(&self, issue: &IssueId, draft: &CommentDraft) -> Result<CommentId, CallFailure> {
        self.check_presence(issue)?;
        self.check_room(issue)?;
        let failure = self.inner.comment_failures.borrow_mut().pop_front();
        let mut comments = self.inner.comments.borrow_mut();
        if failure.as_ref().is_none_or(|(_, written)| *written) {
            comments.push((issue.clone(), draft.clone()));
        }
        match failure {
            Some((failure, _)) => Err(failure),
            None => Ok(CommentId::new(format!("own-{}", comments.len()))),
        }
    }

    async fn marked(
        &self,
        issue: &IssueId,
        marker: &Marker,
    ) -> Result<Option<CommentId>, CallFailure> {
        self.check_presence(issue)?;
        let lookups = &self.inner.comment_lookups;
        lookups.set(lookups.get() + 1);
        let comments = self.inner.comments.borrow();
        let found = comments
            .iter()
            .position(|(place, draft)| place == issue && draft.marker == *marker);
        Ok(found.map(|index| CommentId::new(format!("own-{}", index + 1))))
    }

    async fn read(
        &self,
        issue: &IssueId,
        comment: &CommentId,
    ) -> Result<Option<Comment>, CallFailure> {
        self.check_presence(issue)?;
        if let Some(failure) = self.inner.read_failure.borrow().clone() {
            return Err(failure);
        }
        let readable = self.inner.readable.borrow().get(comment.as_str()).cloned();
        Ok(readable.or_else(|| self.own_comment(comment)))
    }

    async fn show_delivery(
        &self,
        comment: &CommentId,
        state: &DeliveryState,
        _project: &str,
        _now: DateTime<Utc>,
    ) -> Result<Shown, CallFailure> {
        self.note_shown(comment, state)
    }

    async fn own_account(&self) -> Result<AccountId, CallFailure> {
        Ok(AccountId::new(OWN))
    }
}
