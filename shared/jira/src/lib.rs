//! The Jira side: takes in Jira Cloud's webhooks, and writes requests and comments.
//!
//! | module | does |
//! |---|---|
//! | [`signature`] | proves that a webhook comes from the owner's Jira |
//! | [`webhook`] | takes the hint that somebody commented out of a proven body |
//! | [`authorization`] | what the account of the credentials says to Jira; OAuth access tokens |
//! | [`client`] | calls Jira and Jira Service Management, as `casement-service`'s [`Jira`](casement_service::ports::Jira) |

mod attachments;
pub mod authorization;
pub mod client;
mod comments;
mod details;
mod projects;
mod refusals;
mod requests;
mod retry_after;
pub mod signature;
mod site;
mod updates;
pub mod webhook;
mod wire;

#[cfg(test)]
mod fixtures;
