//! SQS: standard and FIFO queues, over HTTP and in process.
//!
//! From the inside out: `queue` is one queue as a pure state machine, `state` holds all queues,
//! `engine` locks them and wakes those who wait, `operations` are SQS's operations on them,
//! `protocol` and `http` carry these over the wire, `journal` keeps the queues across restarts,
//! `local` is for the rest of the stack.
//!
//! Left out on purpose: permissions and encryption (their attributes are kept but have no effect),
//! throughput limits, the limit on messages in flight, and `ReceiveRequestAttemptId`.

mod attributes;
mod change;
mod content;
mod deduplication;
mod digest;
mod engine;
mod error;
mod http;
mod journal;
mod local;
mod message;
mod operations;
mod protocol;
mod queue;
mod receipt;
mod state;
#[cfg(test)]
mod tests;

pub use content::MessageAttribute;
pub use engine::Sqs;
pub use error::SqsError;
pub use local::{DeadLetter, InFlight};
pub use message::{Delivery, Message, ReceivedMessage};
pub use queue::QueueStats;
