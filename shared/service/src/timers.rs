//! Finds due timers and carries them out.

pub(crate) mod agent_alert;
mod ring;
mod sweep;
pub(crate) mod window_field;

pub use ring::ring;
pub use sweep::{PAGES_PER_SHARD, Swept, sweep};
