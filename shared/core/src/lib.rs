//! Casement's types and decisions.
//!
//! This crate is pure: no clock, no network, no environment, no logging. Every input is a
//! parameter, `now` included, except the key of [fingerprints](model::fingerprint). Every decision
//! comes back as a plan that `casement-service` carries out. A reader who wants to know *why*
//! Casement does something finds the answer here.
//!
//! The modules stand on floors. Each uses its own floor and those below, which `tests/house`
//! checks:
//!
//! | floor, from the top | holds |
//! |---|---|
//! | [`decide`] | decisions: facts and `now` in, a plan out |
//! | [`settings`] | the owner's settings |
//! | [`say`] | everything that customers and agents are told |
//! | [`hours`] | business hours and quiet hours |
//! | [`model`] | the data that is stored, sent and read |
//! | [`text`] | text conversion between Jira and WhatsApp |
//!
//! Personal data is marked as [`model::private`] by its type.

pub mod decide;
pub mod hours;
pub mod model;
pub mod say;
pub mod settings;
pub mod text;
