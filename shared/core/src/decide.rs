//! Decisions: facts and `now` in, a plan out.
//!
//! | module | decides |
//! |---|---|
//! | [`inbound`] | what happens to a customer's message |
//! | [`identity_change`] | what happens when a customer's number or BSUID changes |
//! | [`routing`] | which request a message goes to |
//! | [`reply`] | whether and how a comment in Jira is sent |
//! | [`rule_message`] | whether a message that an Automation rule wrote is sent |
//! | [`edit`] | what happens after a comment is edited or deleted |
//! | [`reconciliation`] | which comments never arrived by webhook |
//! | [`command`] | what an internal note asks Casement to do |
//! | [`reopening`] | whether a held reply is announced to the customer |
//! | [`leads`] | which conversation an identifier leads to |
//! | [`joining`] | how two conversations of one customer become one |
//! | [`due`] | what a timer triggers |
//! | [`notice`] | whether a customer is told about a delay |
//! | [`keep_open`] | whether a customer is asked to keep the window open |
//! | [`agent_alert`] | whether agents are warned that the window is closing |
//! | [`hold_expiry`] | when a held reply has waited too long |
//! | [`fields`] | what a request shows of the window, the wait and held replies |
//! | [`opt_out`] | which customers get no automatic messages |
//! | [`skip`] | why something automatic is not sent |
//! | [`freshness`] | which reports are too old to act on |
//! | [`backoff`] | how long failed work waits before a retry |
//! | [`signature`] | whether a webhook is authentic |

pub mod agent_alert;
pub mod backoff;
pub mod command;
pub mod due;
pub mod edit;
pub mod fields;
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
pub mod rule_message;
pub mod sharing;
pub mod signature;
pub mod skip;
