//! Sends agents' replies, follows their edits and deletions, and carries out their commands.

mod answering;
mod commands;
mod cost;
pub(crate) mod deletion;
mod edit;
mod files;
mod phone;
pub(crate) mod rules;
mod send;
mod stale;
mod typing;

pub(crate) use answering::{answered, reply_mode, take_over};
pub(crate) use commands::{explain_commands, explain_public_command, report_window};
pub(crate) use edit::follow_edit;
pub(crate) use files::uploaded;
pub(crate) use phone::ask_for_phone;
pub(crate) use send::{Progress, send_parts};
pub(crate) use stale::{is_stale, leave_stale, tell_of_stale};
