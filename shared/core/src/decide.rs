//! What becomes of things: facts and `now` in, a plan out.
//!
//! | module | decides |
//! |---|---|
//! | [`inbound`] | what becomes of a customer's message |
//! | [`identity_change`] | what becomes of a customer with another number |
//! | [`routing`] | which request it goes to |
//! | [`reply`] | what becomes of a comment in Jira |
//! | [`edit`] | what becomes of a comment that is edited or deleted |
//! | [`reconciliation`] | which comments never came by webhook |
//! | [`command`] | what an internal note asks Casement to do |
//! | [`reopening`] | whether a held reply is announced to the customer |
//! | [`leads`] | which conversation an identifier leads to |
//! | [`joining`] | what becomes of two conversations of one customer |
//! | [`due`] | what a timer asks for |
//! | [`notice`] | whether a customer is told about a delay |
//! | [`keep_open`] | whether a customer is asked to keep the window open |
//! | [`agent_alert`] | whether the agents are warned that it closes |
//! | [`hold_expiry`] | when a held reply has waited for too long |
//! | [`window_field`] | what a request shows as the end of the window |
//! | [`opt_out`] | who wants no automatic messages |
//! | [`skip`] | why something that goes out by itself does not |
//! | [`freshness`] | what comes too late to be acted on |
//! | [`backoff`] | how long work that failed stays away |
//! | [`signature`] | whether a webhook may be believed |

pub mod agent_alert;
pub mod backoff;
pub mod command;
pub mod due;
pub mod edit;
pub mod freshness;
pub mod hold_expiry;
pub mod identity_change;
pub mod inbound;
pub mod joining;
pub mod keep_open;
pub mod leads;
pub mod notice;
pub mod opt_out;
pub mod reconciliation;
pub mod reopening;
pub mod reply;
pub mod routing;
pub mod signature;
pub mod skip;
pub mod window_field;
