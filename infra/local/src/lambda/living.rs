//! The environments with a living process, and how all of them are ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, mpsc, watch};

use super::environment::RuntimeCall;
use crate::locks::lock;

/// Every environment with a living process. Clones share them.
#[derive(Clone, Default)]
pub(super) struct LivingEnvironments {
    state: Arc<Mutex<State>>,
    count: Arc<watch::Sender<usize>>,
}

#[derive(Default)]
struct State {
    living: HashMap<u64, Living>,
    // The number of guards that forbid new environments.
    stops: usize,
}

/// Access to an environment.
pub(super) struct Living {
    /// The name of the environment's function.
    pub(super) function: String,
    /// The channel for its process's calls.
    pub(super) calls: mpsc::Sender<RuntimeCall>,
    /// Ends the environment, even if notified before it listens.
    pub(super) kill: Arc<Notify>,
}

/// A guard: no process lives, and none is started until this is dropped.
#[must_use = "functions may run again as soon as it is dropped"]
pub struct Stopped {
    state: Arc<Mutex<State>>,
}

impl LivingEnvironments {
    /// Registers an environment. Returns false if none may be started now.
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

    /// Returns the name of each environment's function.
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

    /// Kills all environments, forbids new ones, and waits until none is left. Invocations continue
    /// to arrive, so without the ban there would always be a new environment.
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
