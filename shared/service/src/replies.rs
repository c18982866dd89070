//! What agents write: sending it, following what they change, and carrying out their commands.

mod answering;
mod commands;
mod deletion;
mod deliver;
mod edit;
mod files;
mod send;
mod stale;
mod typing;

pub(crate) use answering::manner;
pub(crate) use commands::explain_public_command;
pub(crate) use deletion::FollowDeletion;
pub(crate) use deliver::{DeliverComment, answered};
pub(crate) use edit::follow_edit;
pub(crate) use files::uploaded;
pub(crate) use send::{Addressed, Progress, send_parts};
pub(crate) use stale::{is_stale, tell_of_stale};
