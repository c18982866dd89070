//! Simulated WhatsApp Cloud API and Jira Service Management Cloud.

pub mod problem;
