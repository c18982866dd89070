//! Finds due timers and carries them out.

mod agent_alert;
mod ring;
mod sweep;
mod window_field;

pub(crate) use agent_alert::AgentAlert;
pub use ring::ring;
pub use sweep::{PAGES_PER_SHARD, Swept, sweep};
pub(crate) use window_field::WindowField;
