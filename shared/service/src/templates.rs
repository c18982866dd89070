//! Templates, which need no window.

mod beginning;
mod command;
mod joining;
mod sending;

pub(crate) use beginning::begin_with_template;
pub(crate) use command::carry_out_template;
pub(crate) use sending::{filled, send_filled};
