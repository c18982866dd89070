//! Emulated AWS for the local stack: the SAM template as a typed model, SQS, DynamoDB and Secrets
//! Manager.
//!
//! All time here follows [`local_clock::Clock`]: moving the clock also moves delays, visibility
//! timeouts, de-duplication windows and retention.

pub mod dynamodb;
mod private_file;
pub mod secrets;
pub mod sqs;
pub mod template;
