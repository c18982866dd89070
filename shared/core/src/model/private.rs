//! Values that reveal something about a person.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// A name, a number, an id made from one, or somebody's words. `{:?}` prints nothing of it, so a
/// type that holds it may derive `Debug`. It does not implement `Display`.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private<T>(T);

impl<T> Private<T> {
    pub fn into_inner(self) -> T {
        self.0
    }

    /// Returns the value, to be shown only to people it concerns.
    pub fn get(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<private>")
    }
}

impl<T: Deref> Deref for Private<T> {
    type Target = T::Target;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> From<T> for Private<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<Private<String>> for String {
    fn from(value: Private<String>) -> Self {
        value.0
    }
}

impl From<&str> for Private<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl PartialEq<str> for Private<String> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Private<String> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

#[cfg(test)]
mod tests;
