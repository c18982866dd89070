//! What customers and agents are told.

pub(crate) mod languages;
pub mod notes;
pub mod template;
pub mod texts;
pub mod thanks;
