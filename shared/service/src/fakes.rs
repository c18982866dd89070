//! In-memory ports for the tests of the use cases. Failures are queued per call.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;

use casement_core::decide::inbound::NewRequest;
use casement_core::decide::reconciliation::Cursor;
use casement_core::decide::routing::Transition;
use casement_core::model::comment::{AccountType, Comment};
use casement_core::model::content::{Context, InboundContent, InboundMessage};
use casement_core::model::conversation::Conversation;
use casement_core::model::delivery_state::DeliveryState;
use casement_core::model::fate::{Absence, CallFailure};
use casement_core::model::identity::{
    AccountId, Assignee, Bsuid, CommentId, ConversationKey, CustomerIdentity, IssueId, IssueRef,
    PhoneNumber, PhoneNumberId, Recipient, Wamid,
};
use casement_core::model::ledger::{LedgerEntry, LedgerKey};
use casement_core::model::queue::{CommentEvent, DelayQueueMessage, OutboundQueueMessage};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use crate::ports::*;
use template::Templates;
use whatsapp::Files;

mod absence;
mod agent;
mod held;
mod ports;
mod reconciling;
mod template;
mod timers;
mod use_cases;
mod whatsapp;
mod words;

pub(crate) use agent::rewrite;

/// The state behind all ports, shared by clones, so that every use case of a test works on the same
/// world.
#[derive(Clone, Default)]
pub(crate) struct World {
    inner: Rc<Inner>,
}

#[derive(Default)]
struct Inner {
    now: Cell<DateTime<Utc>>,
    /// Extra lines of the owner's settings document.
    settings: RefCell<String>,
    conversations: RefCell<HashMap<ConversationKey, Conversation>>,
    issues: RefCell<HashMap<String, ConversationKey>>,
    aliases: RefCell<HashMap<(String, String), ConversationKey>>,
    ledger: RefCell<HashMap<LedgerKey, LedgerEntry>>,
    forgets: Cell<[bool; 2]>,
    held: RefCell<BTreeMap<HeldPlace, (ConversationKey, HeldReply)>>,
    outbound: RefCell<Vec<(OutboundQueueMessage, String)>>,
    delayed: RefCell<Vec<(DelayQueueMessage, Duration)>>,
    requests: RefCell<Vec<NewRequest>>,
    /// Requests that Jira answers with 404, by id, and the cause.
    absent: RefCell<HashMap<String, Absence>>,
    /// Requests that refuse all writes, by id, with Jira's answer.
    full: RefCell<HashMap<String, CallFailure>>,
    /// The times since which requests are done, by id.
    done: RefCell<HashMap<String, DateTime<Utc>>>,
    transitions: RefCell<Vec<Transition>>,
    transition_failures: RefCell<VecDeque<(CallFailure, bool)>>,
    related: RefCell<Vec<(IssueId, IssueId)>>,
    assignee: RefCell<Option<Assignee>>,
    /// Times written into fields: the request, the field, the time.
    times: RefCell<Vec<(String, String, DateTime<Utc>)>>,
    time_failure: RefCell<Option<CallFailure>>,
    comments: RefCell<Vec<(IssueId, CommentDraft)>>,
    readable: RefCell<HashMap<String, Comment>>,
    read_failure: RefCell<Option<CallFailure>>,
    shown: RefCell<Vec<(CommentId, DeliveryState)>>,
    refused: RefCell<BTreeMap<&'static str, CallFailure>>,
    receipts: RefCell<Vec<(Wamid, ReadReceipt)>>,
    receipt_failure: RefCell<Option<CallFailure>>,
    sent: RefCell<Vec<(Recipient, String, String)>>,
    open_failures: RefCell<VecDeque<CallFailure>>,
    /// `true`: the comment is written although the call fails.
    comment_failures: RefCell<VecDeque<(CallFailure, bool)>>,
    /// `None`: this one succeeds.
    send_failures: RefCell<VecDeque<Option<(CallFailure, bool)>>>,
    files: RefCell<Files>,
    updated: RefCell<Vec<(IssueId, DateTime<Utc>)>>,
    cursor: RefCell<Option<Cursor>>,
    searches: Cell<u32>,
    templates: RefCell<Templates>,
    request_is_lost: Cell<bool>,
    comment_lookups: Cell<u32>,
    conflicts: Cell<u32>,
    /// The number of saves before one conflicts, and whether the conversation is erased then.
    conflict_after: Cell<(Option<u32>, bool)>,
    /// The random state that decides when others get a turn. `None`: they never do.
    turns: Cell<Option<u64>>,
}

/// The position of a held reply: its conversation, then the age of its comment.
type HeldPlace = (ConversationKey, DateTime<Utc>, String);

pub(crate) const OWN: &str = "bridge";

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

pub(crate) fn number() -> PhoneNumberId {
    PhoneNumberId::new("1065")
}

pub(crate) fn key() -> ConversationKey {
    ConversationKey::new(&number(), "4915112345678")
}

pub(crate) fn identity(bsuid: Option<&str>, phone: Option<&str>) -> CustomerIdentity {
    CustomerIdentity::new(bsuid.map(Bsuid::new), phone.map(PhoneNumber::new)).unwrap()
}

pub(crate) fn text(id: &str, body: &str, sent_at: DateTime<Utc>) -> InboundMessage {
    InboundMessage {
        phone_number_id: number(),
        wamid: Wamid::new(format!("wamid.{id}")),
        from: identity(None, Some("4915112345678")),
        profile_name: Some("Ana".to_owned().into()),
        sent_at,
        content: InboundContent::Text {
            body: body.to_owned(),
        },
        context: Context::default(),
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let world = Self::default();
        world.inner.now.set(at(0));
        world
    }

    pub(crate) fn set_now(&self, now: DateTime<Utc>) {
        self.inner.now.set(now);
    }

    pub(crate) fn conversation(&self) -> Conversation {
        self.inner.conversations.borrow()[&key()].clone()
    }

    /// Returns the only conversation, under whichever key.
    pub(crate) fn any_conversation(&self) -> Conversation {
        let conversations = self.inner.conversations.borrow();
        assert_eq!(conversations.len(), 1);
        conversations.values().next().unwrap().clone()
    }

    pub(crate) fn conversations(&self) -> usize {
        self.inner.conversations.borrow().len()
    }

    /// Makes calls to the world let others go first at random, from now on, according to `seed`.
    pub(crate) fn shuffle(&self, seed: u64) {
        self.inner.turns.set(Some(seed));
    }

    async fn others_first(&self) {
        let Some(state) = self.inner.turns.get() else {
            return;
        };
        // Knuth's MMIX generator; the high bits are the random ones.
        let next = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.inner.turns.set(Some(next));
        for _ in 0..(next >> 62) {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn put(&self, conversation: Conversation) {
        let stored = self
            .inner
            .conversations
            .borrow_mut()
            .insert(conversation.key.clone(), conversation);
        drop(stored);
    }

    pub(crate) fn entry_of(&self, key: &LedgerKey) -> Option<LedgerEntry> {
        self.inner.ledger.borrow().get(key).cloned()
    }

    pub(crate) fn put_entry(&self, key: LedgerKey, entry: LedgerEntry) {
        self.inner.ledger.borrow_mut().insert(key, entry);
    }

    pub(crate) fn requests(&self) -> usize {
        self.inner.requests.borrow().len()
    }

    /// Returns customers' words as written in Jira, each with its issue.
    pub(crate) fn said(&self) -> Vec<(String, String)> {
        self.written(true)
    }

    /// Returns our internal notes.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.written(false)
            .into_iter()
            .map(|(_, text)| text)
            .collect()
    }

    fn written(&self, public: bool) -> Vec<(String, String)> {
        let comments = self.inner.comments.borrow();
        let chosen = comments.iter().filter(|(_, draft)| draft.public == public);
        chosen
            .map(|(issue, draft)| {
                let adf = serde_json::to_value(&draft.body).unwrap();
                (issue.as_str().to_owned(), words::words(&adf))
            })
            .collect()
    }

    /// Returns the messages that reached the phone.
    pub(crate) fn sent(&self) -> Vec<String> {
        self.inner
            .sent
            .borrow()
            .iter()
            .map(|(_, text, _)| text.clone())
            .collect()
    }

    pub(crate) fn outbound_queue(&self) -> Vec<OutboundQueueMessage> {
        self.inner
            .outbound
            .borrow()
            .iter()
            .map(|(message, _)| message.clone())
            .collect()
    }

    pub(crate) fn delay_queue(&self) -> Vec<(DelayQueueMessage, Duration)> {
        self.inner.delayed.borrow().clone()
    }

    pub(crate) fn held_count(&self) -> usize {
        self.inner.held.borrow().len()
    }

    pub(crate) fn resolve_request(&self) {
        self.resolve("1", self.inner.now.get());
    }

    pub(crate) fn resolve(&self, id: &str, since: DateTime<Utc>) {
        self.inner.done.borrow_mut().insert(id.to_owned(), since);
    }

    pub(crate) fn is_done(&self, id: &str) -> bool {
        self.inner.done.borrow().contains_key(id)
    }

    /// Sets the transitions out of "done", each with whether it leads to "done" again.
    pub(crate) fn set_transitions(&self, transitions: &[(&str, bool)]) {
        let listed = transitions.iter().map(|(id, leads_to_done)| Transition {
            id: (*id).to_owned(),
            leads_to_done: *leads_to_done,
        });
        self.inner.transitions.replace(listed.collect());
    }

    pub(crate) fn fail_transition(&self, failure: CallFailure, taken_all_the_same: bool) {
        self.inner
            .transition_failures
            .borrow_mut()
            .push_back((failure, taken_all_the_same));
    }

    /// Returns the links: the new request, and the one that it follows.
    pub(crate) fn related(&self) -> Vec<(String, String)> {
        let related = self.inner.related.borrow();
        let ids = related.iter();
        ids.map(|(new, former)| (new.as_str().to_owned(), former.as_str().to_owned()))
            .collect()
    }

    /// Returns the words around the reference of the latest request.
    pub(crate) fn reference_text(&self) -> String {
        let requests = self.inner.requests.borrow();
        requests.last().unwrap().reference_text.clone()
    }

    pub(crate) fn fail_open(&self, failure: CallFailure, opened_all_the_same: bool) {
        self.inner.open_failures.borrow_mut().push_back(failure);
        self.inner.request_is_lost.set(!opened_all_the_same);
    }

    pub(crate) fn fail_comment(&self, failure: CallFailure, written_all_the_same: bool) {
        self.inner
            .comment_failures
            .borrow_mut()
            .push_back((failure, written_all_the_same));
    }

    /// Returns how often Jira was asked for a comment by its marker.
    pub(crate) fn comment_lookups(&self) -> u32 {
        self.inner.comment_lookups.get()
    }

    /// Writes an agent's public comment, and returns its queue message.
    pub(crate) fn agent_writes(
        &self,
        id: &str,
        words: &str,
        created: DateTime<Utc>,
    ) -> OutboundQueueMessage {
        self.comment(id, words, created, |_| ())
    }

    pub(crate) fn comment(
        &self,
        id: &str,
        words: &str,
        created: DateTime<Utc>,
        change: impl Fn(&mut Comment),
    ) -> OutboundQueueMessage {
        let mut comment = Comment {
            id: CommentId::new(id),
            author: AccountId::new("agent"),
            account_type: AccountType::Person,
            author_name: None,
            parent: None,
            public: Some(true),
            jsd_public: Some(true),
            restricted: false,
            written_by_us: false,
            site: None,
            created,
            updated: created,
            body: json!({"type": "doc", "version": 1, "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": words}]}]})
            .into(),
        };
        change(&mut comment);
        self.inner
            .readable
            .borrow_mut()
            .insert(id.to_owned(), comment);
        OutboundQueueMessage::CommentCreated(CommentEvent {
            issue_id: IssueId::new("1"),
            comment_id: CommentId::new(id),
            author: Some(AccountId::new("agent")),
        })
    }

    pub(crate) fn delete_comment(&self, id: &str) {
        self.inner.readable.borrow_mut().remove(id);
    }

    fn issue(number: usize) -> IssueRef {
        IssueRef {
            id: IssueId::new(number.to_string()),
            key: format!("SUP-{number}"),
        }
    }
}
