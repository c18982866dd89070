//! Emulated AWS for the local stack: the SAM template as a typed model, SQS,
//! DynamoDB and Secrets Manager.
//!
//! All time here follows [`local_clock::Clock`], so that a moved clock moves delays,
//! visibility timeouts, de-duplication windows and retention with it.

pub mod dynamodb;
mod private_file;
pub mod secrets;
pub mod sqs;
pub mod template;
