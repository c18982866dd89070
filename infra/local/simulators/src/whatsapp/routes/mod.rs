//! The calls that arrive: those of the Cloud API, and those that act as customers.

pub(crate) mod control;
mod form;
pub(crate) mod graph;
