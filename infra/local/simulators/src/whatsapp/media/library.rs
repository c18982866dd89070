//! The files that the Cloud API keeps: for how long, and under which addresses.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::content::Content;

/// How long the id of a file that a customer sent can be used. Source: Meta, "Media".
pub(crate) const RECEIVED_FOR: TimeDelta = TimeDelta::days(7);

/// How long the id of an uploaded file can be used. Source: Meta, "Media".
pub(crate) const UPLOADED_FOR: TimeDelta = TimeDelta::days(30);

/// How long an address leads to its file. Source: Meta, "Media".
const ADDRESS_FOR: TimeDelta = TimeDelta::minutes(5);

/// A file.
#[derive(Clone, Debug)]
pub(crate) struct Medium {
    pub content: Content,
    pub mime_type: String,
    /// The business number that it was sent to or uploaded for.
    pub number: String,
    /// When its id stops to be known.
    pub until: DateTime<Utc>,
}

/// All files since the last reset.
#[derive(Debug, Default)]
pub(crate) struct Library {
    media: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    medium: Medium,
    deleted: bool,
    /// When the addresses end that were given out, by the hash in them.
    addresses: BTreeMap<String, DateTime<Utc>>,
}

impl Library {
    pub(crate) fn add(&mut self, id: String, medium: Medium) {
        let entry = Entry {
            medium,
            deleted: false,
            addresses: BTreeMap::new(),
        };
        self.media.insert(id, entry);
    }

    /// The file with this id, also when the Cloud API knows it no longer: who got it in a
    /// message keeps it.
    pub(crate) fn get(&self, id: &str) -> Option<&Medium> {
        self.media.get(id).map(|entry| &entry.medium)
    }

    /// The file with this id, if it is known; if a business number is named, only a file of it.
    pub(crate) fn known(
        &self,
        id: &str,
        number: Option<&str>,
        now: DateTime<Utc>,
    ) -> Option<&Medium> {
        let entry = self.media.get(id)?;
        entry.is_known(number, now).then_some(&entry.medium)
    }

    /// Lets `hash` lead to the file, which is known, from now on; answers until when.
    pub(crate) fn open_address(
        &mut self,
        id: &str,
        hash: String,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let entry = self.media.get_mut(id)?;
        let end = now + ADDRESS_FOR;
        entry.addresses.retain(|_, end| now < *end);
        entry.addresses.insert(hash, end);
        Some(end)
    }

    /// The file at an address that was given out not too long ago.
    pub(crate) fn at_address(
        &self,
        id: &str,
        hash: &str,
        end: i64,
        now: DateTime<Utc>,
    ) -> Option<&Medium> {
        let entry = self.media.get(id).filter(|entry| !entry.deleted)?;
        let until = entry.addresses.get(hash)?;
        (now < *until && until.timestamp() == end).then_some(&entry.medium)
    }

    /// Makes the id unknown; false if it is already.
    pub(crate) fn delete(&mut self, id: &str, number: Option<&str>, now: DateTime<Utc>) -> bool {
        let entry = self.media.get_mut(id);
        let Some(entry) = entry.filter(|entry| entry.is_known(number, now)) else {
            return false;
        };
        entry.deleted = true;
        true
    }
}

impl Entry {
    fn is_known(&self, number: Option<&str>, now: DateTime<Utc>) -> bool {
        let owned = number.is_none_or(|number| number == self.medium.number);
        owned && !self.deleted && now < self.medium.until
    }
}
