//! Sends templates, which need no window.

pub(crate) mod announcement;
mod beginning;
mod command;
mod joining;
mod sending;

pub(crate) use beginning::begin_with_template;
pub(crate) use command::carry_out_template;
use sending::{filled, send_filled};
