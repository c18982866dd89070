//! The script of failures: which calls fail, and how.

use std::collections::{HashMap, HashSet, VecDeque};

use casement_core::model::fate::{CallFailure, Side};
use casement_service::ports::Saved;
use casement_service::{BackendFailure, StoreFailure};

use crate::World;

/// A call to a port that can be made to fail, or that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is a method of a port")]
pub enum Call {
    AddComment,
    Assignee,
    Attach,
    Fetch,
    FindComment,
    FindRequest,
    LatestComments,
    OpenRequest,
    ReadComment,
    Relate,
    Search,
    SetFields,
    ShowDelivery,
    State,
    Transition,
    Transitions,
    /// Sends a message or a template.
    Send,
    ShowReceipt,
    Templates,
    Upload,
    /// Writes the first entry of a message, by WhatsApp's id, in the ledger.
    CreateMessageEntry,
    /// Updates such an entry.
    UpdateMessageEntry,
}

impl Call {
    fn side(self) -> Side {
        match self {
            Self::Fetch | Self::Send | Self::ShowReceipt | Self::Templates | Self::Upload => {
                Side::Whatsapp
            }
            _ => Side::Jira,
        }
    }
}

/// The outcome of a save of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Save {
    /// The save takes place.
    Succeeds,
    /// Another worker has written first.
    Conflicts,
    /// An operator has erased all conversations.
    Vanishes,
}

#[derive(Clone)]
enum Fails {
    Refused(CallFailure),
    AnswerLost,
}

#[derive(Default)]
pub(crate) struct Script {
    /// The coming calls of a kind. `None`: this one succeeds.
    next: HashMap<Call, VecDeque<Option<Fails>>>,
    /// The calls that fail until further notice.
    refused: HashMap<Call, CallFailure>,
    throttled: HashSet<Call>,
    saves: VecDeque<Save>,
    counts: HashMap<Call, usize>,
    /// The random state that decides when others get a turn. `None`: they never do.
    turns: Option<u64>,
}

/// A call that takes place.
pub(crate) struct Begun {
    answer_lost: Option<Side>,
}

impl Begun {
    /// Returns the answer, unless it is lost.
    pub(crate) fn answer<T>(self, value: T) -> Result<T, CallFailure> {
        match self.answer_lost {
            Some(side) => Err(CallFailure::Unknown(side)),
            None => Ok(value),
        }
    }
}

impl World {
    /// Makes the next unscripted call of this kind fail without effect.
    pub fn fail(&self, call: Call, failure: CallFailure) {
        self.plan(call, Some(Fails::Refused(failure)));
    }

    /// Loses the answer to the next unscripted call of this kind, which is carried out or not.
    pub fn lose_answer(&self, call: Call, carried_out: bool) {
        self.plan(
            call,
            Some(if carried_out {
                Fails::AnswerLost
            } else {
                Fails::Refused(CallFailure::Unknown(call.side()))
            }),
        );
    }

    /// Lets the next unscripted call of this kind succeed, whatever happens to later ones.
    pub fn pass_next(&self, call: Call) {
        self.plan(call, None);
    }

    fn plan(&self, call: Call, fails: Option<Fails>) {
        let mut script = self.inner.script.borrow_mut();
        script.next.entry(call).or_default().push_back(fails);
    }

    /// Makes all calls of this kind fail without effect from now on.
    pub fn refuse(&self, call: Call, failure: CallFailure) {
        self.inner.script.borrow_mut().refused.insert(call, failure);
    }

    /// Makes the table refuse all calls of this kind for now.
    pub fn throttle(&self, call: Call) {
        self.inner.script.borrow_mut().throttled.insert(call);
    }

    /// Lets calls of this kind succeed again.
    pub fn allow(&self, call: Call) {
        let mut script = self.inner.script.borrow_mut();
        script.refused.remove(&call);
        script.throttled.remove(&call);
    }

    /// Sets the outcomes of the next saves of conversations.
    pub fn next_saves(&self, saves: &[Save]) {
        self.inner.script.borrow_mut().saves.extend(saves);
    }

    /// Returns how often a call of this kind was made.
    #[must_use]
    pub fn calls(&self, call: Call) -> usize {
        let script = self.inner.script.borrow();
        script.counts.get(&call).copied().unwrap_or_default()
    }

    /// Makes calls to the world let others go first at random, from now on, according to `seed`.
    pub fn shuffle(&self, seed: u64) {
        self.inner.script.borrow_mut().turns = Some(seed);
    }

    /// Counts a call, and fails if the script says so.
    pub(crate) fn begin_call(&self, call: Call) -> Result<Begun, CallFailure> {
        if let Some(meter) = self.meter() {
            meter.call(call)?;
        }
        let mut script = self.inner.script.borrow_mut();
        *script.counts.entry(call).or_default() += 1;
        if let Some(failure) = script.refused.get(&call) {
            return Err(failure.clone());
        }
        let next = script.next.get_mut(&call).and_then(VecDeque::pop_front);
        match next.flatten() {
            Some(Fails::Refused(failure)) => Err(failure),
            Some(Fails::AnswerLost) => Ok(Begun {
                answer_lost: Some(call.side()),
            }),
            None => Ok(Begun { answer_lost: None }),
        }
    }

    /// Fails if the table refuses calls of this kind.
    pub(crate) fn begin_write(&self, call: Call) -> Result<(), StoreFailure> {
        if self.inner.script.borrow().throttled.contains(&call) {
            let code = "ThrottlingException".to_owned();
            return Err(StoreFailure(BackendFailure::Throttled(code)));
        }
        Ok(())
    }

    /// Returns a conflict if the script has one for this save.
    pub(crate) fn conflict(&self) -> Option<Saved> {
        let next = self.inner.script.borrow_mut().saves.pop_front();
        match next.unwrap_or(Save::Succeeds) {
            Save::Succeeds => return None,
            Save::Conflicts => {}
            Save::Vanishes => self.erase_conversations(),
        }
        Some(Saved::Conflict)
    }

    pub(crate) async fn others_first(&self) {
        let Some(state) = self.inner.script.borrow().turns else {
            return;
        };
        // Knuth's MMIX generator; the high bits are the random ones.
        let next = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.inner.script.borrow_mut().turns = Some(next);
        for _ in 0..(next >> 62) {
            tokio::task::yield_now().await;
        }
    }
}
