//! The WhatsApp side: takes in the Cloud API's webhooks and sends messages.
//!
//! | module | does |
//! |---|---|
//! | [`signature`] | proves that a webhook comes from Meta |
//! | [`subscription`] | answers the check that Meta makes when a webhook is set up |
//! | [`webhook`] | turns a proven body into messages and delivery reports |
//! | [`client`] | sends, as `casement-service`'s [`Messenger`](casement_service::ports::Messenger) |

pub mod client;
pub mod signature;
pub mod subscription;
pub mod webhook;

#[cfg(test)]
mod fixtures;
