//! The table: conversations, the links to them, timers, and the cursor of the search.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use casement_core::decide::reconciliation::Cursor;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{ConversationKey, IssueId, PhoneNumberId};
use casement_core::model::sighting::Sighting;
use casement_service::StoreFailure;
use casement_service::ports::{
    Conversations, Cursors, DueConversation, HeldReply, Links, Saved, Timers,
};
use chrono::{DateTime, Utc};

use crate::held::HeldPlace;
use crate::meter::{Place, Write, place_of};
use crate::{World, key};

#[derive(Default)]
pub(crate) struct Table {
    conversations: HashMap<ConversationKey, Conversation>,
    /// The conversations with a timer, by partition of the index.
    due: HashMap<String, BTreeSet<(DateTime<Utc>, ConversationKey)>>,
    issues: HashMap<IssueId, ConversationKey>,
    aliases: HashMap<(PhoneNumberId, String), ConversationKey>,
    pub(crate) held: BTreeMap<HeldPlace, HeldReply>,
    cursor: Option<Cursor>,
    pub(crate) sightings: BTreeMap<Sighting, DateTime<Utc>>,
}

impl Table {
    /// Writes a conversation, and returns its place in the index before and after.
    fn put(&mut self, conversation: Conversation) -> [Option<Place>; 2] {
        let key = conversation.key.clone();
        let before = self.conversations.get(&key).and_then(place_of);
        let after = place_of(&conversation);
        if let Some(place) = &before {
            let shard = self.due.entry(place.shard.clone()).or_default();
            shard.remove(&(place.due_at, key.clone()));
        }
        if let Some(place) = &after {
            let shard = self.due.entry(place.shard.clone()).or_default();
            shard.insert((place.due_at, key.clone()));
        }
        self.conversations.insert(key, conversation);
        [before, after]
    }
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
        self.inner.table.borrow_mut().put(conversation);
    }

    /// Changes the conversation under [`key`].
    pub fn change(&self, change: impl FnOnce(&mut Conversation)) {
        let mut conversation = self.conversation();
        change(&mut conversation);
        self.put(conversation);
    }

    /// Returns the time of the next timer of any conversation.
    #[must_use]
    pub fn next_timer(&self) -> Option<DateTime<Utc>> {
        let table = self.inner.table.borrow();
        let conversations = table.conversations.values();
        conversations.filter_map(|known| known.timers.next()).min()
    }

    /// Returns the time until which Jira was searched for lost webhooks.
    #[must_use]
    pub fn searched_until(&self) -> Option<DateTime<Utc>> {
        let table = self.inner.table.borrow();
        table.cursor.as_ref().map(|cursor| cursor.since)
    }

    /// Deletes all conversations.
    pub fn erase_conversations(&self) {
        let table = &mut self.inner.table.borrow_mut();
        table.conversations.clear();
        table.due.clear();
    }

    fn save_now(&self, conversation: &Conversation) -> Saved {
        self.save_as(conversation, |write| write)
    }

    /// Saves a conversation in a transaction.
    pub(crate) fn save_with_others(&self, conversation: &Conversation) -> Saved {
        self.save_as(conversation, Write::together)
    }

    fn save_as(&self, conversation: &Conversation, how: impl FnOnce(Write) -> Write) -> Saved {
        if let Some(conflict) = self.conflict() {
            return conflict;
        }
        let table = &mut self.inner.table.borrow_mut();
        let stored = table.conversations.get(&conversation.key);
        if stored.map_or(0, |stored| stored.version) != conversation.version {
            self.writes(|| how(Write::of(conversation)));
            return Saved::Conflict;
        }
        let mut written = conversation.clone();
        written.version += 1;
        let places = table.put(written);
        self.writes(|| {
            how(Write {
                places,
                ..Write::of(conversation)
            })
        });
        Saved::Yes
    }
}

impl Conversations for World {
    async fn load(&self, key: &ConversationKey) -> Result<Option<Conversation>, StoreFailure> {
        self.others_first().await;
        let stored = self.stored(key);
        self.reads(&stored);
        Ok(stored)
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
        if taken || self.save_with_others(conversation) == Saved::Conflict {
            return Ok(Saved::Conflict);
        }
        // A look at the own alias, and for each alias one and a look at the key that it would be.
        for _ in 0..=2 * aliases.len() {
            self.writes(Write::of_nothing);
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
        let to = self.inner.table.borrow().issues.get(issue).cloned();
        self.reads(&to);
        Ok(to)
    }

    async fn of_alias(
        &self,
        number: &PhoneNumberId,
        identifier: &str,
    ) -> Result<Option<ConversationKey>, StoreFailure> {
        self.others_first().await;
        let alias = (number.clone(), identifier.to_owned());
        let to = self.inner.table.borrow().aliases.get(&alias).cloned();
        self.reads(&to);
        Ok(to)
    }

    async fn link_issue(&self, issue: &IssueId, to: &ConversationKey) -> Result<(), StoreFailure> {
        let issues = &mut self.inner.table.borrow_mut().issues;
        issues.insert(issue.clone(), to.clone());
        self.writes(|| Write::of(to));
        Ok(())
    }

    async fn link_alias(&self, identifier: &str, to: &ConversationKey) -> Result<(), StoreFailure> {
        let alias = (to.phone_number_id.clone(), identifier.to_owned());
        self.inner
            .table
            .borrow_mut()
            .aliases
            .insert(alias, to.clone());
        self.writes(|| Write::of(to));
        Ok(())
    }
}

impl Cursors for World {
    async fn cursor(&self) -> Result<Option<Cursor>, StoreFailure> {
        let cursor = self.inner.table.borrow().cursor.clone();
        self.reads(&cursor);
        Ok(cursor)
    }

    async fn keep_cursor(&self, cursor: &Cursor) -> Result<Saved, StoreFailure> {
        self.writes(|| Write::of(cursor));
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
        self.takes_turns().await;
        let table = self.inner.table.borrow();
        let last = after.map(|after| (after.due_at, after.conversation.clone()));
        let from = last.map_or(Bound::Unbounded, Bound::Excluded);
        let listed = table.due.get(shard).into_iter();
        let listed = listed.flat_map(|shard| shard.range((from.clone(), Bound::Unbounded)));
        let due = listed.take_while(|(due_at, _)| *due_at <= until);
        let [page, _] = self.inner.pages.get();
        let due: Vec<_> = due
            .take(page)
            .map(|(due_at, key)| DueConversation {
                conversation: key.clone(),
                due_at: *due_at,
                timers: table.conversations[key].timers,
            })
            .collect();
        self.reads_index(due.len());
        Ok(due)
    }

    async fn unsettled(&self, shard: &str, now: DateTime<Utc>) -> Result<usize, StoreFailure> {
        let count = self.count_unsettled(shard, now);
        self.reads_index(count);
        Ok(count)
    }
}
