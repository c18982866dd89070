//! The data that Casement stores, sends and reads, without rules.

pub mod account;
pub mod adf;
pub mod attachment;
pub mod commands;
pub mod comment;
pub mod content;
pub mod conversation;
pub mod delivery_state;
pub mod digest;
pub mod fate;
pub mod fingerprint;
pub mod identity;
pub mod ledger;
pub mod many_messages;
pub mod opened;
pub mod opt_out;
pub mod price;
pub mod private;
pub mod queue;
pub mod sighting;
pub mod status;
pub mod timer;
pub mod trace_context;
pub mod window;
