//! Shared parts of every Lambda function.
//!
//! | module | is |
//! |---|---|
//! | [`config`] | environment variables, with errors that say what is missing and what it is for |
//! | [`clock`] | the time |
//! | [`telemetry`] | log lines as Lambda wants them |
//! | [`metrics`] | what operators count |
//! | [`batch`] | runs the records of an SQS event, each for itself |
//! | [`outcome`] | logs how a record ended |
//! | [`http`] | requests and answers of API Gateway |
//! | [`function`] | starts a function, and makes what it reaches |
//! | [`worker`] | serves a queue |
//! | [`self_test`] | a version's answer before it gets traffic |
//! | [`outbound_http`] | the HTTP client for Meta and Atlassian |

pub mod batch;
pub mod clock;
pub mod config;
pub mod function;
pub mod http;
pub mod metrics;
pub mod outbound_http;
pub mod outcome;
pub mod self_test;
pub mod telemetry;
pub mod worker;

pub use config::Environment;
pub use function::{Cloud, Function};
pub use worker::Worker;
