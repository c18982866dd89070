//! Casement's types and decisions.
//!
//! This crate is pure: no clock, no network, no environment, no logging. Everything it
//! needs to know is a parameter, `now` included, but for the key of [fingerprints](model::fingerprint), and what it
//! decides comes back as a plan that `casement-service` carries out. A reader who wants to know
//! *why* Casement does something finds the answer here.
//!
//! It stands on floors. A module uses its own floor and those below, and `tests/house` looks:
//!
//! | floor, from the top | holds |
//! |---|---|
//! | [`decide`] | what becomes of things: facts and `now` in, a plan out |
//! | [`settings`] | what the owner wants |
//! | [`say`] | what customers and agents are told |
//! | [`hours`] | when the agents work |
//! | [`model`] | what there is: data that is kept, sent and read |
//! | [`text`] | text between Jira and WhatsApp |
//!
//! Whatever tells something of a person is [`model::private`] by its type.

pub mod decide;
pub mod hours;
pub mod model;
pub mod say;
pub mod settings;
pub mod text;
