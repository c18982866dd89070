//! The ids of projects, by their service desks.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::wire::NumericId;

/// The projects of service desks, by the id of the desk. A desk never moves to another project.
#[derive(Debug, Default)]
pub(crate) struct Projects(Mutex<HashMap<String, NumericId>>);

impl Projects {
    /// The project of a service desk that was asked for before.
    pub(crate) fn get(&self, desk: &str) -> Option<NumericId> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(desk).cloned()
    }

    /// Remembers the project of a service desk.
    pub(crate) fn put(&self, desk: &str, project: NumericId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(desk.to_owned(), project);
    }
}
