//! Finds due timers and carries them out.

pub(crate) mod agent_alert;
pub(crate) mod fields;
mod ring;
mod sweep;

pub use ring::ring;
pub use sweep::{PAGES_PER_SHARD, Swept, sweep};
