//! Files: those that customers send, and those that Casement uploads.

pub(crate) mod content;
pub(crate) mod kind;
pub(crate) mod library;
mod sending;
