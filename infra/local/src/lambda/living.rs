//! The environments whose processes live, and how all of them are ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, mpsc, watch};

use super::environment::RuntimeCall;
use crate::locks::lock;

/// Every environment whose process lives. Clones share them.
#[derive(Clone, Default)]
pub(super) struct LivingEnvironments {
    state: Arc<Mutex<State>>,
    count: Arc<watch::Sender<usize>>,
}

#[derive(Default)]
struct State {
    living: HashMap<u64, Living>,
    // How many guards want that none is started.
    stops: usize,
}

/// How an environment is reached.
pub(super) struct Living {
    /// The name of its function.
    pub(super) function: String,
    /// Where it hears what its process says.
    pub(super) calls: mpsc::Sender<RuntimeCall>,
    /// Ends it, also if it is told before it listens.
    pub(super) kill: Arc<Notify>,
}

/// No process lives, and none is started until this is dropped.
#[must_use = "functions may run again as soon as it is dropped"]
pub struct Stopped {
    state: Arc<Mutex<State>>,
}

impl LivingEnvironments {
    /// Makes an environment known, unless none may be started now: then this is false.
    pub(super) fn add(&self, id: u64, environment: Living) -> bool {
        let mut state = lock(&self.state);
        if state.stops > 0 {
            return false;
        }
        state.living.insert(id, environment);
        self.count.send_modify(|count| *count += 1);
        true
    }

    /// Forgets an environment that has ended.
    pub(super) fn remove(&self, id: u64) {
        lock(&self.state).living.remove(&id);
        self.count.send_modify(|count| *count -= 1);
    }

    pub(super) fn calls_of(&self, id: u64) -> Option<mpsc::Sender<RuntimeCall>> {
        let state = lock(&self.state);
        state.living.get(&id).map(|living| living.calls.clone())
    }

    /// The name of each one's function.
    pub(super) fn functions(&self) -> Vec<String> {
        let state = lock(&self.state);
        let living = state.living.values();
        living.map(|living| living.function.clone()).collect()
    }

    pub(super) fn kill(&self, id: u64) {
        if let Some(living) = lock(&self.state).living.get(&id) {
            living.kill.notify_one();
        }
    }

    /// Kills all, lets none be added, and waits until none is left. What invokes functions
    /// goes on meanwhile: without the ban there would always be a new one.
    pub(super) async fn stop_all(&self) -> Stopped {
        let mut count = self.count.subscribe();
        let stopped = {
            let mut state = lock(&self.state);
            state.stops += 1;
            for living in state.living.values() {
                living.kill.notify_one();
            }
            Stopped {
                state: Arc::clone(&self.state),
            }
        };
        // Cannot fail: the sender lives as long as `self`.
        count.wait_for(|count| *count == 0).await.ok();
        stopped
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        lock(&self.state).stops -= 1;
    }
}
