//! The table: conversations, the links to them, timers, and the cursor of the search.

use std::collections::{BTreeMap, HashMap};

use casement_core::decide::reconciliation::Cursor;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{ConversationKey, IssueId, PhoneNumberId};
use casement_core::model::queue::Door;
use casement_core::model::timer;
use casement_service::StoreFailure;
use casement_service::ports::{
    Conversations, Cursors, DueConversation, HeldReply, Links, Saved, Timers,
};
use chrono::{DateTime, Utc};

use crate::held::HeldPlace;
use crate::{World, key};

/// The conversations on a page of due timers.
const PAGE: usize = 2;

#[derive(Default)]
pub(crate) struct Table {
    pub(crate) conversations: HashMap<ConversationKey, Conversation>,
    issues: HashMap<IssueId, ConversationKey>,
    aliases: HashMap<(PhoneNumberId, String), ConversationKey>,
    pub(crate) held: BTreeMap<HeldPlace, HeldReply>,
    cursor: Option<Cursor>,
    pub(crate) doors: BTreeMap<Door, DateTime<Utc>>,
}

impl World {
    /// Returns the conversation under [`key`].
    #[must_use]
    pub fn conversation(&self) -> Conversation {
        self.stored(&key()).unwrap()
    }

    /// Returns the conversation under this key.
    #[must_use]
    pub fn stored(&self, key: &ConversationKey) -> Option<Conversation> {
        self.inner.table.borrow().conversations.get(key).cloned()
    }

    /// Returns the only conversation, under whichever key.
    #[must_use]
    pub fn any_conversation(&self) -> Conversation {
        let conversations = &self.inner.table.borrow().conversations;
        assert_eq!(conversations.len(), 1);
        conversations.values().next().unwrap().clone()
    }

    /// Returns the number of conversations.
    #[must_use]
    pub fn conversations(&self) -> usize {
        self.inner.table.borrow().conversations.len()
    }

    /// Writes a conversation, whatever its version.
    pub fn put(&self, conversation: Conversation) {
        let conversations = &mut self.inner.table.borrow_mut().conversations;
        conversations.insert(conversation.key.clone(), conversation);
    }

    /// Changes the conversation under [`key`].
    pub fn change(&self, change: impl FnOnce(&mut Conversation)) {
        let conversations = &mut self.inner.table.borrow_mut().conversations;
        change(conversations.get_mut(&key()).unwrap());
    }

    /// Returns the time of the next timer of any conversation.
    #[must_use]
    pub fn next_timer(&self) -> Option<DateTime<Utc>> {
        let table = self.inner.table.borrow();
        let conversations = table.conversations.values();
        conversations.filter_map(|known| known.timers.next()).min()
    }

    /// Deletes all conversations.
    pub fn erase_conversations(&self) {
        self.inner.table.borrow_mut().conversations.clear();
    }

    pub(crate) fn save_now(&self, conversation: &Conversation) -> Saved {
        if let Some(conflict) = self.conflict() {
            return conflict;
        }
        let conversations = &mut self.inner.table.borrow_mut().conversations;
        let stored = conversations.get(&conversation.key);
        if stored.map_or(0, |stored| stored.version) != conversation.version {
            return Saved::Conflict;
        }
        let mut written = conversation.clone();
        written.version += 1;
        conversations.insert(written.key.clone(), written);
        Saved::Yes
    }
}

impl Conversations for World {
    async fn load(&self, key: &ConversationKey) -> Result<Option<Conversation>, StoreFailure> {
        self.others_first().await;
        Ok(self.stored(key))
    }

    async fn begin(
        &self,
        conversation: &Conversation,
        aliases: &[String],
    ) -> Result<Saved, StoreFailure> {
        self.others_first().await;
        let number = &conversation.key.phone_number_id;
        let alias = |name: &String| (number.clone(), name.clone());
        let taken = {
            let table = self.inner.table.borrow();
            let is_alias = |name: &String| table.aliases.contains_key(&alias(name));
            let is_taken = |name: &String| {
                let key = ConversationKey::new(number, name);
                is_alias(name) || table.conversations.contains_key(&key)
            };
            is_alias(&conversation.key.customer) || aliases.iter().any(is_taken)
        };
        if taken || self.save_now(conversation) == Saved::Conflict {
            return Ok(Saved::Conflict);
        }
        let links = aliases
            .iter()
            .map(|name| (alias(name), conversation.key.clone()));
        self.inner.table.borrow_mut().aliases.extend(links);
        Ok(Saved::Yes)
    }

    async fn save(&self, conversation: &Conversation) -> Result<Saved, StoreFailure> {
        self.others_first().await;
        Ok(self.save_now(conversation))
    }
}

impl Links for World {
    async fn of_issue(&self, issue: &IssueId) -> Result<Option<ConversationKey>, StoreFailure> {
        Ok(self.inner.table.borrow().issues.get(issue).cloned())
    }

    async fn of_alias(
        &self,
        number: &PhoneNumberId,
        identifier: &str,
    ) -> Result<Option<ConversationKey>, StoreFailure> {
        self.others_first().await;
        let alias = (number.clone(), identifier.to_owned());
        Ok(self.inner.table.borrow().aliases.get(&alias).cloned())
    }

    async fn link_issue(&self, issue: &IssueId, to: &ConversationKey) -> Result<(), StoreFailure> {
        let issues = &mut self.inner.table.borrow_mut().issues;
        issues.insert(issue.clone(), to.clone());
        Ok(())
    }

    async fn link_alias(&self, identifier: &str, to: &ConversationKey) -> Result<(), StoreFailure> {
        let alias = (to.phone_number_id.clone(), identifier.to_owned());
        self.inner
            .table
            .borrow_mut()
            .aliases
            .insert(alias, to.clone());
        Ok(())
    }
}

impl Cursors for World {
    async fn cursor(&self) -> Result<Option<Cursor>, StoreFailure> {
        Ok(self.inner.table.borrow().cursor.clone())
    }

    async fn keep_cursor(&self, cursor: &Cursor) -> Result<Saved, StoreFailure> {
        self.inner.table.borrow_mut().cursor = Some(cursor.clone());
        Ok(Saved::Yes)
    }
}

impl Timers for World {
    async fn due(
        &self,
        shard: &str,
        until: DateTime<Utc>,
        after: Option<&DueConversation>,
    ) -> Result<Vec<DueConversation>, StoreFailure> {
        let table = self.inner.table.borrow();
        let all = table.conversations.values();
        let of_shard = all.filter(|conversation| timer::shard(&conversation.key) == shard);
        let due = of_shard.filter_map(|conversation| {
            Some(DueConversation {
                conversation: conversation.key.clone(),
                due_at: conversation.timers.next().filter(|at| *at <= until)?,
                timers: conversation.timers,
            })
        });
        let place = |due: &DueConversation| (due.due_at, due.conversation.clone());
        let mut due: Vec<_> = due
            .filter(|due| Some(place(due)) > after.map(place))
            .collect();
        due.sort_by_key(place);
        due.truncate(PAGE);
        Ok(due)
    }

    async fn unsettled(&self, shard: &str, now: DateTime<Utc>) -> Result<usize, StoreFailure> {
        Ok(self.count_unsettled(shard, now))
    }
}
