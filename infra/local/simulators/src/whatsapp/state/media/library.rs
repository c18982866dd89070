//! The files that the Cloud API keeps, their lifetimes and their addresses.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::content::Content;
use crate::whatsapp::state::chat::{MEDIA_KINDS, Media};

/// How long the id of a file from a customer can be used. Source: Meta, "Media".
pub(crate) const RECEIVED_FOR: TimeDelta = TimeDelta::days(7);

/// How long the id of an uploaded file can be used. Source: Meta, "Media".
pub(crate) const UPLOADED_FOR: TimeDelta = TimeDelta::days(30);

/// How long a file's address works. Source: Meta, "Media".
const ADDRESS_FOR: TimeDelta = TimeDelta::minutes(5);

#[derive(Clone, Debug)]
pub(crate) struct Medium {
    pub content: Content,
    pub mime_type: String,
    /// The business number that the file was sent to or uploaded for.
    pub number: String,
    /// When the file's id expires.
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
    /// The expiry of each address that was given out, by the hash in it.
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

    /// Returns the file with this id, even if the Cloud API no longer knows the id: whoever got the
    /// file in a message keeps it.
    pub(crate) fn get(&self, id: &str) -> Option<&Medium> {
        self.media.get(id).map(|entry| &entry.medium)
    }

    /// Returns the file in `message`, with whatever is known of it.
    pub(crate) fn shown_in(&self, message: &Value) -> Option<Media> {
        let kind = message["type"].as_str()?;
        let part = message.get(kind).filter(|_| MEDIA_KINDS.contains(&kind))?;
        let text = |name: &str| part[name].as_str().map(str::to_owned);
        let id = text("id");
        let known = id.as_deref().and_then(|id| self.get(id));
        Some(Media {
            mime_type: text("mime_type").or_else(|| Some(known?.mime_type.clone())),
            filename: text("filename"),
            size: known.map(|medium| medium.content.size()),
            id,
        })
    }

    /// Returns the file with this id if the id is known and, if a business number is named, the
    /// file belongs to that number.
    pub(crate) fn known(
        &self,
        id: &str,
        number: Option<&str>,
        now: DateTime<Utc>,
    ) -> Option<&Medium> {
        let entry = self.media.get(id)?;
        entry.is_known(number, now).then_some(&entry.medium)
    }

    /// Makes `hash` lead to a known file. Returns the expiry of that address.
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

    /// Returns the file at an address that has not expired.
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

    /// Makes the id unknown. Returns false if it already is, or belongs to another number.
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
