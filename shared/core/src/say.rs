//! The words that Casement says to customers and agents.

pub(crate) mod languages;
pub mod notes;
pub mod template;
pub mod texts;
pub mod thanks;
