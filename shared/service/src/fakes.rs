//! The ports in memory, for the tests of the use cases. Failures are queued up per call.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use casement_core::conversation::Conversation;
use casement_core::fate::CallFailure;
use casement_core::identity::{
    AccountId, Bsuid, CommentId, ConversationKey, CustomerIdentity, IssueId, IssueRef, PhoneNumber,
    PhoneNumberId, Recipient, Wamid,
};
use casement_core::inbound::{InboundContent, InboundMessage, NewRequest};
use casement_core::ledger::{LedgerEntry, LedgerKey};
use casement_core::queue::{DelayQueueMessage, OutboundQueueMessage};
use casement_core::reply::Comment;
use casement_core::settings::Settings;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use crate::failure::{QueueFailure, SettingsFailure, StoreFailure};
use crate::ports::*;
use crate::{DueNotices, Inbound, Outbound, Statuses, Sweep};

/// Shared by clones: every use case of a test works on the same world.
#[derive(Clone, Default)]
pub(crate) struct World {
    inner: Rc<Inner>,
}

#[derive(Default)]
struct Inner {
    now: Cell<DateTime<Utc>>,
    conversations: RefCell<HashMap<ConversationKey, Conversation>>,
    issues: RefCell<HashMap<String, ConversationKey>>,
    aliases: RefCell<HashMap<(String, String), ConversationKey>>,
    ledger: RefCell<HashMap<LedgerKey, LedgerEntry>>,
    held: RefCell<BTreeMap<HeldPlace, (ConversationKey, HeldReply)>>,
    outbound: RefCell<Vec<(OutboundQueueMessage, String)>>,
    delayed: RefCell<Vec<(DelayQueueMessage, Duration)>>,
    requests: RefCell<Vec<NewRequest>>,
    gone: RefCell<Vec<IssueId>>,
    done: Cell<bool>,
    comments: RefCell<Vec<(IssueId, CommentDraft)>>,
    readable: RefCell<HashMap<String, Comment>>,
    sent: RefCell<Vec<(Recipient, String, String)>>,
    open_failures: RefCell<VecDeque<CallFailure>>,
    /// `true`: the comment is written although the call fails.
    comment_failures: RefCell<VecDeque<(CallFailure, bool)>>,
    send_failures: RefCell<VecDeque<(CallFailure, bool)>>,
    request_is_lost: Cell<bool>,
    conflicts: Cell<u32>,
}

/// Where a held reply stands: by the age of its comment.
type HeldPlace = (DateTime<Utc>, String);

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
        profile_name: Some("Ana".to_owned()),
        sent_at,
        content: InboundContent::Text {
            body: body.to_owned(),
        },
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let world = Self::default();
        world.inner.now.set(at(0));
        world
    }

    pub(crate) fn inbound(&self) -> Inbound<Self, Self, Self, Self, Self> {
        Inbound {
            store: self.clone(),
            jira: self.clone(),
            queues: self.clone(),
            settings: self.clone(),
            clock: self.clone(),
        }
    }

    pub(crate) fn outbound(&self) -> Outbound<Self, Self, Self, Self, Self> {
        Outbound {
            store: self.clone(),
            jira: self.clone(),
            whatsapp: self.clone(),
            settings: self.clone(),
            clock: self.clone(),
        }
    }

    pub(crate) fn statuses(&self) -> Statuses<Self, Self, Self> {
        Statuses {
            store: self.clone(),
            jira: self.clone(),
            clock: self.clone(),
        }
    }

    pub(crate) fn due_notices(&self) -> DueNotices<Self, Self, Self> {
        DueNotices {
            store: self.clone(),
            queue: self.clone(),
            clock: self.clone(),
        }
    }

    pub(crate) fn sweep(&self) -> Sweep<Self, Self, Self> {
        Sweep {
            timers: self.clone(),
            queue: self.clone(),
            clock: self.clone(),
        }
    }

    pub(crate) fn set_now(&self, now: DateTime<Utc>) {
        self.inner.now.set(now);
    }

    pub(crate) fn conversation(&self) -> Conversation {
        self.inner.conversations.borrow()[&key()].clone()
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

    /// What customers said, as it stands in Jira, with the issue it stands in.
    pub(crate) fn said(&self) -> Vec<(String, String)> {
        self.written(true)
    }

    /// Our internal notes.
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
                (
                    issue.as_str().to_owned(),
                    casement_core::text::plain_text(&adf),
                )
            })
            .collect()
    }

    /// What went to the phone.
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

    pub(crate) fn delete_request(&self, id: &str) {
        self.inner.gone.borrow_mut().push(IssueId::new(id));
    }

    pub(crate) fn resolve_request(&self) {
        self.inner.done.set(true);
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

    pub(crate) fn fail_send(&self, failure: CallFailure, sent_all_the_same: bool) {
        self.inner
            .send_failures
            .borrow_mut()
            .push_back((failure, sent_all_the_same));
    }

    /// The next saves of a conversation find that somebody else wrote.
    pub(crate) fn conflict_next(&self, times: u32) {
        self.inner.conflicts.set(times);
    }

    /// An agent writes a public comment; what the queue says of it is returned.
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
            public: Some(true),
            jsd_public: Some(true),
            restricted: false,
            written_by_us: false,
            created,
            updated: created,
            body: json!({"type": "doc", "version": 1, "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": words}]}]}),
        };
        change(&mut comment);
        self.inner
            .readable
            .borrow_mut()
            .insert(id.to_owned(), comment);
        OutboundQueueMessage::CommentCreated {
            issue_id: IssueId::new("1"),
            comment_id: CommentId::new(id),
            author: Some(AccountId::new("agent")),
        }
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

impl Clock for World {
    fn now(&self) -> DateTime<Utc> {
        self.inner.now.get()
    }
}

impl SettingsSource for World {
    async fn current(&self) -> Result<Arc<Settings>, SettingsFailure> {
        let document = "[[number]]\nphone_number_id = \"1065\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\ndelay_after = \"10m\"\ndelay_notice = \"Please wait\"\n";
        Ok(Arc::new(Settings::from_toml(document).unwrap()))
    }
}

impl Conversations for World {
    async fn load(&self, key: &ConversationKey) -> Result<Option<Conversation>, StoreFailure> {
        Ok(self.inner.conversations.borrow().get(key).cloned())
    }

    async fn save(&self, conversation: &Conversation) -> Result<Saved, StoreFailure> {
        if self.inner.conflicts.get() > 0 {
            self.inner.conflicts.set(self.inner.conflicts.get() - 1);
            return Ok(Saved::Conflict);
        }
        let mut conversations = self.inner.conversations.borrow_mut();
        let stored = conversations
            .get(&conversation.key)
            .map_or(0, |stored| stored.version);
        if stored != conversation.version {
            return Ok(Saved::Conflict);
        }
        let mut written = conversation.clone();
        written.version += 1;
        conversations.insert(written.key.clone(), written);
        Ok(Saved::Yes)
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

impl Ledger for World {
    async fn entry(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, StoreFailure> {
        Ok(self.entry_of(key))
    }

    async fn create(
        &self,
        key: &LedgerKey,
        entry: &LedgerEntry,
    ) -> Result<Option<LedgerEntry>, StoreFailure> {
        let existing = self.entry_of(key);
        if existing.is_none() {
            let mut written = entry.clone();
            written.version += 1;
            self.put_entry(key.clone(), written);
        }
        Ok(existing)
    }

    async fn update(&self, key: &LedgerKey, entry: &LedgerEntry) -> Result<Saved, StoreFailure> {
        if self.entry_of(key).map(|stored| stored.version) != Some(entry.version) {
            return Ok(Saved::Conflict);
        }
        let mut written = entry.clone();
        written.version += 1;
        self.put_entry(key.clone(), written);
        Ok(Saved::Yes)
    }
}

impl HeldReplies for World {
    async fn held(&self, key: &ConversationKey) -> Result<Vec<HeldReply>, StoreFailure> {
        let held = self.inner.held.borrow();
        let own = held.values().filter(|(owner, _)| owner == key);
        Ok(own.map(|(_, reply)| reply.clone()).collect())
    }

    async fn hold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Held, StoreFailure> {
        let place = (reply.created, reply.comment_id.as_str().to_owned());
        if self.inner.held.borrow().contains_key(&place) {
            return Ok(Held::Already);
        }
        if self.save(conversation).await? == Saved::Conflict {
            return Ok(Held::Conflict);
        }
        let owner = conversation.key.clone();
        self.inner
            .held
            .borrow_mut()
            .insert(place, (owner, reply.clone()));
        Ok(Held::Now)
    }

    async fn unhold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Saved, StoreFailure> {
        let saved = self.save(conversation).await?;
        if saved == Saved::Yes {
            let place = (reply.created, reply.comment_id.as_str().to_owned());
            self.inner.held.borrow_mut().remove(&place);
        }
        Ok(saved)
    }
}

impl Timers for World {
    async fn due(
        &self,
        shard: &str,
        until: DateTime<Utc>,
        after: Option<&DueTimer>,
    ) -> Result<Vec<DueTimer>, StoreFailure> {
        let mut due: Vec<DueTimer> = self
            .inner
            .conversations
            .borrow()
            .values()
            .filter(|conversation| casement_core::timer::shard(&conversation.key) == shard)
            .filter_map(|conversation| {
                Some(DueTimer {
                    conversation: conversation.key.clone(),
                    generation: conversation.notice_generation,
                    due_at: conversation.due_at.filter(|due_at| *due_at <= until)?,
                })
            })
            .collect();
        due.sort_by_key(|timer| (timer.due_at, timer.conversation.clone()));
        let seen = after.map(|last| (last.due_at, last.conversation.clone()));
        due.retain(|timer| Some((timer.due_at, timer.conversation.clone())) > seen);
        due.truncate(2);
        Ok(due)
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
        let failure = self.inner.open_failures.borrow_mut().pop_front();
        if failure.is_none() || !self.inner.request_is_lost.get() {
            self.inner.requests.borrow_mut().push(request.clone());
        }
        failure.map_or_else(|| Ok(Self::issue(self.requests())), Err)
    }

    async fn find(&self, reference: &str) -> Result<Option<IssueRef>, CallFailure> {
        let requests = self.inner.requests.borrow();
        let found = requests
            .iter()
            .position(|request| request.reference == reference);
        Ok(found.map(|index| Self::issue(index + 1)))
    }

    async fn is_done(&self, _issue: &IssueId) -> Result<bool, CallFailure> {
        Ok(self.inner.done.get())
    }
}

impl Comments for World {
    async fn add(&self, issue: &IssueId, draft: &CommentDraft) -> Result<CommentId, CallFailure> {
        if self.inner.gone.borrow().contains(issue) {
            return Err(CallFailure::Jira {
                status: 404,
                retry_after: None,
            });
        }
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
        let comments = self.inner.comments.borrow();
        let found = comments
            .iter()
            .position(|(place, draft)| place == issue && draft.marker == *marker);
        Ok(found.map(|index| CommentId::new(format!("own-{}", index + 1))))
    }

    async fn read(
        &self,
        _issue: &IssueId,
        comment: &CommentId,
    ) -> Result<Option<Comment>, CallFailure> {
        Ok(self.inner.readable.borrow().get(comment.as_str()).cloned())
    }

    async fn own_account(&self) -> Result<AccountId, CallFailure> {
        Ok(AccountId::new(OWN))
    }
}

impl Messenger for World {
    async fn send_text(
        &self,
        _from: &PhoneNumberId,
        to: &Recipient,
        text: &str,
        callback: &str,
    ) -> Result<Wamid, CallFailure> {
        let failure = self.inner.send_failures.borrow_mut().pop_front();
        let mut sent = self.inner.sent.borrow_mut();
        if failure.as_ref().is_none_or(|(_, sent)| *sent) {
            sent.push((to.clone(), text.to_owned(), callback.to_owned()));
        }
        match failure {
            Some((failure, _)) => Err(failure),
            None => Ok(Wamid::new(format!("wamid.out{}", sent.len()))),
        }
    }
}
