//! The stories of Casement, played on the local stack: the real functions, each in its own process,
//! with emulated AWS and simulated WhatsApp and Jira.
//!
//! Nothing sleeps: the clock is moved, and `/api/idle` tells when everything is quiet.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod account;
mod agents;
mod album;
mod batch;
mod casement;
mod check;
mod cloud_api;
mod commands;
mod connect;
mod contracts;
mod conversation;
mod corpus;
mod costs;
mod delay_notice;
mod doors;
mod edits;
mod elsewhere;
mod environment;
mod erasing;
mod file_types;
mod files;
mod foreign_reports;
mod freshness;
mod injection;
mod kept;
mod late_reply;
mod leaks;
mod left_out;
mod logs;
mod long_text;
mod lost_webhooks;
mod metrics;
mod not_found;
mod opt_out;
mod other_senders;
mod out_of_size;
mod permissions;
mod phone;
mod race;
mod recycled;
mod refusals;
mod routing;
mod rules;
mod second_door;
mod secret_set;
mod self_test;
mod sending;
mod start;
mod templates;
mod timers;
mod try_jira;
mod unknown_number;
mod unwanted;
mod views;
mod weather;
mod weekend;
