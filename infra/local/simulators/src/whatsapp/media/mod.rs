//! Files: those that customers send, those that Casement uploads, and how both are fetched.

mod content;
mod control;
mod form;
mod graph;
mod kind;
mod library;
mod receiving;
mod sending;

pub(crate) use control::router as control_router;
pub(crate) use graph::{MediaQuery, router as graph_router};
pub(crate) use library::Library;
