//! What the product relies on SQS and DynamoDB for, as checks through the real SDK
//! clients. Each test is one rule of the services, with its source.
//!
//! By default the checks run against the emulators of the local stack, in process, and
//! move their clock instead of waiting. With `AWS_ENDPOINT_URL_SQS` and
//! `AWS_ENDPOINT_URL_DYNAMODB` they run against what answers there, be it another
//! emulator or AWS itself (credentials and region from the usual variables). Time really
//! passes then; a check that would need minutes says on stderr that it is skipped. The
//! queues and tables that a run leaves behind there are named `conformance-...`.

#![expect(clippy::unwrap_used, reason = "a check that cannot go on fails")]

mod dynamodb;
mod sqs;
mod world;
