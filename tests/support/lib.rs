//! Shared support for tests: a local stack for each test, and the words to tell a story with.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test says what is wrong by failing"
)]

mod command;
pub mod contracts;
pub mod corpus;
mod files;
pub mod jira;
pub mod meta;
pub mod privacy;
pub mod signing;
mod stack;
mod story;
mod tally;

pub use command::{Said, casement_alone};
pub use files::Attachment;
pub use stack::{Stack, binary, build, client};
pub use story::{Comment, PhoneMessage, Request};
pub use tally::Tally;
