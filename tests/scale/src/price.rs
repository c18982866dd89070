//! The costs: the counts of a run at AWS's list prices.

use crate::outcome::Usage;

/// List prices of AWS in us-east-1 in November 2026, in dollars per million, free tiers left out.
pub(crate) mod list {
    /// Requests of an HTTP API.
    pub(crate) const HTTP_API: f64 = 1.00;
    /// Requests of a REST API.
    pub(crate) const REST_API: f64 = 3.50;
    /// Invocations of Lambda.
    pub(crate) const INVOCATION: f64 = 0.20;
    /// A million gigabyte-seconds of Lambda on arm64.
    pub(crate) const GB_SECOND: f64 = 13.333_4;
    /// Requests to a FIFO queue.
    pub(crate) const FIFO: f64 = 0.50;
    /// Requests to a standard queue.
    pub(crate) const STANDARD: f64 = 0.40;
    /// Write units of a table on demand.
    pub(crate) const WRITE: f64 = 0.625;
    /// Read units of a table on demand. An eventually consistent read is half a unit.
    pub(crate) const READ: f64 = 0.125;
    /// A gigabyte of logs taken in.
    pub(crate) const LOGS_GB: f64 = 0.50;
    /// A gigabyte of data out.
    pub(crate) const OUT_GB: f64 = 0.09;
    /// A message sent or received through End User Messaging Social, in dollars.
    pub(crate) const END_USER_MESSAGING: f64 = 0.005;
}

/// The functions' memory, in GB (`MemorySize` in `template.yaml`).
const MEMORY_GB: f64 = 0.25;

/// The functions' share of a CPU. Lambda gives a whole one with 1,769 MB.
const CPU_SHARE: f64 = 256.0 / 1_769.0;

/// Bytes of log lines for an invocation or a record.
const LOG_BYTES: f64 = 500.0;

/// Bytes sent to Jira or Meta with a call, headers and TLS included.
const CALL_BYTES: f64 = 1_000.0;

/// A programming language, with its CPU cost in milliseconds of a whole CPU.
pub(crate) struct Language {
    pub(crate) name: &'static str,
    /// The cost of one webhook with one message.
    webhook: f64,
}

/// CPU costs, measured for webhook functions on `x86_64` that verify, parse and call SQS once.
pub(crate) const LANGUAGES: [Language; 3] = [
    Language {
        name: "Rust (Casement)",
        webhook: 0.30,
    },
    Language {
        name: "Python 3.11",
        webhook: 1.19,
    },
    Language {
        name: "Node 20",
        webhook: 2.35,
    },
];

/// A line of the bill.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) what: String,
    pub(crate) millions: f64,
    pub(crate) unit: &'static str,
    pub(crate) price: f64,
    pub(crate) dollars: f64,
}

fn item(what: &str, millions: f64, unit: &'static str, price: f64) -> Item {
    Item {
        what: what.to_owned(),
        millions,
        unit,
        price,
        dollars: millions * price,
    }
}

/// Returns the CPU time of a message in this language, in seconds of a whole CPU.
///
/// A worker makes more calls than a webhook, each of the same cost: most of the work of both is an
/// HTTPS request with JSON both ways.
fn cpu_seconds(usage: &Usage, language: &Language) -> f64 {
    usage.calls * language.webhook / 1_000.0
}

/// Returns Lambda's gigabyte-seconds for a message: the waiting, and the CPU work at `CPU_SHARE`.
fn gb_seconds(usage: &Usage, language: &Language) -> f64 {
    (usage.waiting + cpu_seconds(usage, language) / CPU_SHARE) * MEMORY_GB
}

/// Returns the bill for a million customers' messages, each of which needs `usage`.
pub(crate) fn bill(usage: &Usage, language: &Language) -> Vec<Item> {
    let logs = (usage.invocations + usage.records) * LOG_BYTES / 1_000.0;
    let gb_seconds = gb_seconds(usage, language);
    vec![
        item(
            "HTTP API: requests",
            usage.api_requests,
            "M",
            list::HTTP_API,
        ),
        item(
            "Lambda: invocations",
            usage.invocations,
            "M",
            list::INVOCATION,
        ),
        item("Lambda: GB-seconds", gb_seconds, "M", list::GB_SECOND),
        item(
            "SQS FIFO: send, receive, delete",
            usage.fifo_calls,
            "M",
            list::FIFO,
        ),
        item("SQS standard", usage.standard_calls, "M", list::STANDARD),
        item(
            "DynamoDB: writes of items",
            usage.table_writes,
            "M",
            list::WRITE,
        ),
        item(
            "DynamoDB: writes of the index",
            usage.index_writes,
            "M",
            list::WRITE,
        ),
        item("DynamoDB: reads", usage.reads, "M", list::READ),
        item("CloudWatch Logs", logs, "GB", list::LOGS_GB),
        item(
            "Data out",
            (usage.jira_calls + usage.whatsapp_calls) * CALL_BYTES / 1_000.0,
            "GB",
            list::OUT_GB,
        ),
    ]
}

/// Returns the total of all lines.
pub(crate) fn total(bill: &[Item]) -> f64 {
    bill.iter().map(|item| item.dollars).sum()
}

/// The fixed costs per month, in dollars: alarms 4.80, polling of four queues 1.17, the secrets
/// 1.20, the sweep 0.02 (the runbook, "Costs").
pub(crate) const EACH_MONTH: f64 = 7.19;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slower_language_costs_more_and_waits_no_longer() {
        let usage = Usage {
            waiting: 0.5,
            calls: 30.0,
            invocations: 8.0,
            ..Usage::default()
        };
        let totals = LANGUAGES.map(|language| total(&bill(&usage, &language)));
        assert!(totals[0] < totals[1] && totals[1] < totals[2]);
        // 30 calls of 0.3 ms are 9 ms of a CPU, 62 ms at its share, in a quarter of a GB.
        let gb_seconds = gb_seconds(&usage, &LANGUAGES[0]);
        assert!(
            (gb_seconds - (0.5 + 0.062_19) / 4.0).abs() < 1e-4,
            "{gb_seconds}"
        );
    }
}
