//! Casement's types and decisions.
//!
//! This crate is pure: no clock, no network, no environment, no logging. Everything it
//! needs to know is a parameter, `now` included, but for the key of [`fingerprint`]s, and what it
//! decides comes back as a plan that `casement-service` carries out. A reader who wants to know
//! *why* Casement does something finds the answer here.
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
//! | [`template`] | which template message is sent, and with what |
//! | [`leads`] | which conversation an identifier leads to |
//! | [`joining`] | what becomes of two conversations of one customer |
//! | [`due`] | what a timer asks for |
//! | [`notice`] | whether a customer is told about a delay |
//! | [`keep_open`] | whether a customer is asked to keep the window open |
//! | [`agent_alert`] | whether the agents are warned that it closes |
//! | [`hold_expiry`] | when a held reply has waited for too long |
//! | [`window_field`] | what a request shows as the end of the window |
//! | [`opt_out`] | who wants no automatic messages |
//! | [`hours`] | when the agents work |
//! | [`texts`] | what customers are told |
//! | [`status`] | what a delivery report changes |
//! | [`delivery_state`] | what Jira shows of a reply's way to the phone |
//! | [`digest`] | whether words are still the same |
//! | [`ledger`] | whether a piece of work may start, must wait, or is done |
//! | [`fate`] | what a failed call means |
//! | [`backoff`] | how long work that failed stays away |
//! | [`trail`] | under which id a piece of work is followed |
//! | [`signature`] | whether a webhook may be believed |
//! | [`fingerprint`] | what stands for a customer where no name may |
//!
//! Whatever tells something of a person is [`private`] by its type.

pub mod adf;
pub mod agent_alert;
pub mod attachment;
pub mod backoff;
pub mod command;
pub mod content;
pub mod conversation;
pub mod delivery_state;
pub mod digest;
pub mod due;
pub mod edit;
pub mod fate;
pub mod fingerprint;
pub mod freshness;
pub mod hold_expiry;
pub mod hours;
pub mod identity;
pub mod identity_change;
pub mod inbound;
pub mod joining;
pub mod keep_open;
mod languages;
pub mod leads;
pub mod ledger;
pub mod many_messages;
pub mod notes;
pub mod notice;
pub mod opened;
pub mod opt_out;
pub mod private;
pub mod queue;
pub mod reconciliation;
pub mod reply;
pub mod routing;
pub mod settings;
pub mod signature;
pub mod status;
pub mod template;
pub mod text;
pub mod texts;
pub mod thanks;
pub mod timer;
pub mod trail;
pub mod window;
pub mod window_field;
