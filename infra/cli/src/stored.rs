//! Reads more from the table than the functions' own store does.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use casement_aws::DynamoStore;
use casement_aws::error_code::error_code;
use casement_aws::keys::{self, PK, SK};
use casement_aws::settings::{DOCUMENT, VERSION};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::ConversationKey;
use casement_core::model::queue::Door;
use casement_core::model::sighting::Sighting;
use casement_core::settings::Settings;
use casement_service::ports::{Conversations, HeldReplies, HeldReply, Sightings};
use chrono::{DateTime, Utc};

use crate::Problem;
use crate::place::{Place, PlaceClock};

/// What to do about settings that are missing or wrong.
pub(crate) const APPLY: &str = "store valid ones: casement settings apply settings.toml; \
                                infra/settings.example.toml explains every key";

pub(crate) fn none_stored() -> Problem {
    Problem::advised("no settings are stored", APPLY)
}

/// An item of the table.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The stored settings.
#[derive(Clone, Debug)]
pub(crate) struct StoredSettings {
    pub document: String,
    pub version: u64,
}

/// The last use of each door by which Jira tells of comments.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LastUse {
    pub webhook: Option<DateTime<Utc>>,
    pub automation: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub client: Client,
    pub name: String,
    store: DynamoStore<PlaceClock>,
}

impl Table {
    pub(crate) fn of(place: &Place) -> Result<Self, Problem> {
        let (client, name) = (place.aws.dynamodb(), place.name("TableName")?);
        let store = DynamoStore::new(client.clone(), name.clone(), place.clock());
        Ok(Self {
            client,
            name,
            store,
        })
    }

    pub(crate) async fn settings(&self) -> Result<Option<StoredSettings>, Problem> {
        let key = keys::settings();
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .key(PK, AttributeValue::S(key.pk.into()))
            .key(SK, AttributeValue::S(key.sk))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Problem::aws("the settings cannot be read", &error_code(&error)))?;
        Ok(answer.item.and_then(|item| {
            let version = item.get(VERSION)?.as_n().ok()?;
            Some(StoredSettings {
                document: item.get(DOCUMENT)?.as_s().ok()?.clone(),
                version: version.parse().ok()?,
            })
        }))
    }

    /// Reads the settings in force.
    pub(crate) async fn checked_settings(&self) -> Result<Settings, Problem> {
        let stored = self.settings().await?.ok_or_else(none_stored)?;
        Settings::from_toml(&stored.document).map_err(|error| {
            Problem::advised(format!("the stored settings are not valid: {error}"), APPLY)
        })
    }

    /// Stores settings if `version` is still the stored one; 0 means that none are stored.
    pub(crate) async fn store_settings(&self, document: &str, version: u64) -> Result<(), Problem> {
        let key = keys::settings();
        let put = self
            .client
            .put_item()
            .table_name(&self.name)
            .item(PK, AttributeValue::S(key.pk.into()))
            .item(SK, AttributeValue::S(key.sk))
            .item(DOCUMENT, AttributeValue::S(document.to_owned()))
            .item(VERSION, AttributeValue::N((version + 1).to_string()));
        let put = if version == 0 {
            put.condition_expression("attribute_not_exists(pk)")
        } else {
            put.condition_expression("#version = :version")
                .expression_attribute_names("#version", VERSION)
                .expression_attribute_values(":version", AttributeValue::N(version.to_string()))
        };
        put.send()
            .await
            .map(drop)
            .map_err(|error| match error_code(&error).as_str() {
                "ConditionalCheckFailedException" => Problem::Failed(
                    "somebody else has changed the settings meanwhile: look at them and try again"
                        .to_owned(),
                ),
                code => Problem::aws("the settings cannot be stored", code),
            })
    }

    /// Finds a customer's conversation at each business number, as the functions do.
    pub(crate) async fn conversations(
        &self,
        settings: &Settings,
        customer: &str,
    ) -> Result<Vec<Conversation>, Problem> {
        let mut found = Vec::new();
        for number in settings.numbers() {
            let lead =
                casement_service::lead(&self.store, &number.phone_number_id, customer, None).await;
            let Ok(conversation) = lead.map_err(failed)? else {
                continue;
            };
            // Remains of merged conversations are stored under the customer's other identifiers.
            for identifier in conversation.identity.identifiers() {
                let key = ConversationKey::new(&number.phone_number_id, identifier);
                let left = self.store.load(&key).await.map_err(failed)?;
                found.extend(left.filter(|left| left.joined.as_ref() == Some(&conversation.key)));
            }
            found.push(conversation);
        }
        Ok(found)
    }

    /// Reads when each door for Jira was last used.
    pub(crate) async fn last_use(&self) -> Result<LastUse, Problem> {
        let of = async |door| {
            self.store
                .last_seen(Sighting::Door(door))
                .await
                .map_err(failed)
        };
        Ok(LastUse {
            webhook: of(Door::Webhook).await?,
            automation: of(Door::Automation).await?,
        })
    }

    /// Reads when another sender of a number was last seen.
    pub(crate) async fn another_sender(&self) -> Result<Option<DateTime<Utc>>, Problem> {
        let last = self.store.last_seen(Sighting::AnotherSender).await;
        last.map_err(failed)
    }

    pub(crate) async fn held(&self, key: &ConversationKey) -> Result<Vec<HeldReply>, Problem> {
        self.store.held(key).await.map_err(failed)
    }
}

fn failed(failure: casement_service::StoreFailure) -> Problem {
    Problem::aws("the table cannot be read", failure.0.code())
}

/// Returns the stored form of an identifier: a user id unchanged, a phone number in digits.
pub(crate) fn customer(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.contains('.') && text.starts_with(|letter: char| letter.is_ascii_uppercase()) {
        return Ok(text.to_owned());
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || "+ -()".contains(c));
    if plain && (6..=15).contains(&digits.len()) {
        Ok(digits)
    } else {
        Err(Problem::Usage(
            "a customer is a phone number with its country code, such as +4915112345678, or a \
             user id such as DE.123"
                .to_owned(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_are_named_as_people_write_them() {
        for (text, expected) in [
            ("+49 151 1234-5678", Some("4915112345678")),
            ("4915112345678", Some("4915112345678")),
            ("DE.123", Some("DE.123")),
            ("DE.ENT.1aB", Some("DE.ENT.1aB")),
            ("Ana", None),
            ("49", None),
            ("", None),
        ] {
            assert_eq!(customer(text).ok().as_deref(), expected, "{text}");
        }
    }
}
