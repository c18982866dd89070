//! Casement's types and decisions.
//!
//! This crate is pure: no clock, no network, no environment, no logging. Everything it
//! needs to know is a parameter, `now` included, and what it decides comes back as a plan
//! that `casement-service` carries out. A reader who wants to know *why* Casement does
//! something finds the answer here.
//!
//! | module | decides |
//! |---|---|
//! | [`content`] | how agents see what customers send |
//! | [`window`] | whether free text may go out |
//! | [`inbound`] | what becomes of a customer's message |
//! | [`identity_change`] | what becomes of a customer with another number |
//! | [`routing`] | which request it goes to |
//! | [`reply`] | what becomes of a comment in Jira |
//! | [`edit`] | what becomes of a comment that is edited or deleted |
//! | [`reconciliation`] | which comments never came by webhook |
//! | [`command`] | what an internal note asks Casement to do |
//! | [`notice`] | whether a customer is told about a delay |
//! | [`opt_out`] | who wants no automatic messages |
//! | [`hours`] | when the agents work |
//! | [`texts`] | what customers are told |
//! | [`status`] | what a delivery report changes |
//! | [`ledger`] | whether a piece of work may start, must wait, or is done |
//! | [`fate`] | what a failed call means |
//! | [`trail`] | under which id a piece of work is followed |
//! | [`signature`] | whether a webhook may be believed |

pub mod adf;
pub mod attachment;
pub mod command;
pub mod content;
pub mod conversation;
pub mod edit;
pub mod fate;
pub mod hours;
pub mod identity;
pub mod identity_change;
pub mod inbound;
pub mod ledger;
pub mod notes;
pub mod notice;
pub mod opt_out;
pub mod queue;
pub mod reconciliation;
pub mod reply;
pub mod routing;
pub mod settings;
pub mod signature;
pub mod status;
pub mod text;
pub mod texts;
pub mod thanks;
pub mod timer;
pub mod trail;
pub mod window;
