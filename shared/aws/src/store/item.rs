//! DynamoDB's items.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use casement_service::{BackendFailure, StoreFailure};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::keys::{EXPIRES_AT, ItemKey, PK, SK};

/// The attribute that every versioned item has.
const VERSION: &str = "version";

/// An item.
pub(super) type Item = HashMap<String, AttributeValue>;

/// Writes `value` as an item.
pub(super) fn item_of(
    value: &impl Serialize,
    key: ItemKey,
    expires_at: DateTime<Utc>,
) -> Result<Item, StoreFailure> {
    let mut item: Item = serde_dynamo::to_item(value).map_err(|_| {
        StoreFailure(BackendFailure::Unreadable(
            "the item cannot be written down",
        ))
    })?;
    item.insert(PK.to_owned(), string(key.pk));
    item.insert(SK.to_owned(), string(key.sk));
    item.insert(EXPIRES_AT.to_owned(), seconds(expires_at));
    Ok(item)
}

/// Reads the value from an item.
pub(super) fn parsed<T: DeserializeOwned>(item: Item) -> Result<T, StoreFailure> {
    // The error would quote the item.
    serde_dynamo::from_item(item).map_err(|_| {
        StoreFailure(BackendFailure::Unreadable(
            "the stored item is not understood",
        ))
    })
}

/// A string attribute.
pub(super) fn string(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A point in time in epoch seconds.
pub(super) fn seconds(at: DateTime<Utc>) -> AttributeValue {
    AttributeValue::N(at.timestamp().to_string())
}

/// The condition of a write.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    /// No item is stored.
    Absent,
    /// The stored item has this version.
    Version(u64),
}

impl Expected {
    /// Makes the condition from the version that was read. Version 0 means that nobody has written
    /// the item yet.
    pub(super) fn read_as(version: u64) -> Self {
        match version {
            0 => Self::Absent,
            version => Self::Version(version),
        }
    }

    pub(super) fn expression(self) -> &'static str {
        match self {
            Self::Absent => "attribute_not_exists(pk)",
            Self::Version(_) => "#version = :version",
        }
    }

    pub(super) fn names(self) -> Option<HashMap<String, String>> {
        match self {
            Self::Absent => None,
            Self::Version(_) => Some([("#version".to_owned(), VERSION.to_owned())].into()),
        }
    }

    pub(super) fn values(self) -> Option<Item> {
        match self {
            Self::Absent => None,
            Self::Version(version) => {
                let version = AttributeValue::N(version.to_string());
                Some([(":version".to_owned(), version)].into())
            }
        }
    }
}
