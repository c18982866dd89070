//! DynamoDB store, SQS queues and Secrets Manager behind Casement's ports.
//!
//! | module | is |
//! |---|---|
//! | [`client`] | the SDK clients, built by hand from what Lambda's environment says |
//! | [`error_code`] | what is said of a failed call |
//! | [`keys`] | the key of every item in the table |
//! | [`store`] | conversations, links, ledger, held replies and timers |
//! | [`queues`] | the outbound and the delay queue, and batches for the webhooks |
//! | [`visibility`] | when a failed message comes back |
//! | [`secrets`] | the two secrets of Meta and Jira, cached |
//! | [`fingerprint_key`] | the secret that fingerprints are made under |
//! | [`settings`] | the owner's settings, cached |
//!
//! Errors carry the service's error code and nothing of an item, a message or a secret.

pub mod client;
pub mod error_code;
pub mod fingerprint_key;
pub mod keys;
pub mod queues;
pub mod secrets;
pub mod settings;
pub mod store;
pub mod visibility;

#[cfg(test)]
mod testing;

pub use secrets::{Credentials, Secrets, WebhookSecrets};
pub use settings::StoredSettings;
pub use store::DynamoStore;
pub use visibility::SqsVisibility;
