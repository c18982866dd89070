//! The places where bytes from outside enter Casement, with one function each. The function takes
//! any bytes, and panics if a property fails that must hold for all of them.
//!
//! The fuzzer (`tests/fuzz`) and the tests of this package (`tests/hostile`) call the same
//! functions. `findings` keeps the fuzzer's finds in a folder for each entry point, and every
//! `cargo test` tries them again.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a property that does not hold is told by a panic"
)]

mod http;
mod messages;
mod queue;
mod seeds;
mod settings;
mod signing;
mod text;
mod webhooks;

pub use http::http_event;
pub use queue::queue_message;
pub use settings::settings_toml;
pub use text::adf_text;
pub use webhooks::{jira_webhook, whatsapp_webhook};

/// A place where bytes enter.
pub struct EntryPoint {
    /// The name, which the fuzzer's target has too.
    pub name: &'static str,
    /// Takes the bytes, and panics if a property does not hold.
    pub enter: fn(&[u8]),
    /// Initial inputs, from the fixtures of the repository.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

impl EntryPoint {
    /// All entry points.
    pub const ALL: [Self; 6] = [
        Self {
            name: "whatsapp_webhook",
            enter: whatsapp_webhook,
            seeds: seeds::whatsapp_webhooks,
        },
        Self {
            name: "jira_webhook",
            enter: jira_webhook,
            seeds: seeds::jira_webhooks,
        },
        Self {
            name: "adf_text",
            enter: adf_text,
            seeds: seeds::adf_documents,
        },
        Self {
            name: "settings_toml",
            enter: settings_toml,
            seeds: seeds::settings,
        },
        Self {
            name: "queue_message",
            enter: queue_message,
            seeds: seeds::queue_messages,
        },
        Self {
            name: "http_event",
            enter: http_event,
            seeds: seeds::http_events,
        },
    ];

    /// Returns the inputs that have broken this entry point before.
    #[must_use]
    pub fn findings(&self) -> Vec<Vec<u8>> {
        seeds::findings(self.name)
    }
}

/// Decodes `bytes`, with U+FFFD for invalid parts.
fn text_of(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
