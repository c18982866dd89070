//! Reports the runs in words and tables.

use std::fmt::Write;

use casement_core::model::timer::SHARDS;

use crate::limits::{Bucket, Endpoint};
use crate::meter::Rate;
use crate::outcome::Outcome;
use crate::price::{EACH_MONTH, LANGUAGES, bill, list, total};
use crate::world::{Function, World};

/// The write units per second of one partition (DynamoDB developer guide, "Partitions").
const PARTITION: f64 = 1_000.0;

/// Formats a number with separators.
fn whole(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn rounded(number: f64) -> String {
    match number {
        n if n >= 100.0 => whole(n.round() as u64),
        n if n >= 10.0 => format!("{n:.1}"),
        n => format!("{n:.2}"),
    }
}

/// Formats milliseconds for people.
fn length(milliseconds: u32) -> String {
    let seconds = f64::from(milliseconds) / 1000.0;
    match seconds {
        s if s >= 5_400.0 => format!("{:.1} h", s / 3600.0),
        s if s >= 90.0 => format!("{:.0} min", s / 60.0),
        s if s >= 10.0 => format!("{s:.0} s"),
        s => format!("{s:.1} s"),
    }
}

struct Table(String);

impl Table {
    fn new(heads: &[&str]) -> Self {
        let mut table = Self(String::new());
        table.row(heads.iter().map(|head| (*head).to_owned()));
        table.row(heads.iter().enumerate().map(|(column, _)| {
            let rule = if column == 0 { "---" } else { "---:" };
            rule.to_owned()
        }));
        table
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<_> = cells.into_iter().collect();
        self.0 += &format!("| {} |\n", cells.join(" | "));
    }
}

/// Reports on one run.
#[must_use]
pub fn report(outcome: &Outcome) -> String {
    let sections = [
        messages(outcome),
        functions(&outcome.world),
        limits(&outcome.world),
        table(&outcome.world),
        money(outcome),
    ];
    sections.join("\n")
}

fn messages(outcome: &Outcome) -> String {
    let counts = &outcome.world.counts;
    let requests = outcome.world.services.requests();
    let search = &counts.search;
    let [dead, dead_replies] = outcome.dead_letters();
    let mut table = Table::new(&["Messages", "Number"]);
    for (what, number) in [
        ("written by customers", outcome.written()),
        ("of these in Jira", outcome.in_jira()),
        ("replies of agents", outcome.replies()),
        ("of these held, the window being closed", counts.held),
        (
            "messages that WhatsApp took, automatic ones too",
            requests.sent.total(),
        ),
        ("delay notices", counts.notices),
        (
            "questions whether to keep the window open",
            counts.questions,
        ),
        ("warnings to agents", counts.alerts),
        ("requests opened", requests.opened),
        ("requests reopened", requests.reopened),
        ("repeated webhooks that did nothing", counts.duplicates),
        ("replies whose webhook was given up", counts.webhooks_lost),
        ("comments that the search put on the queue", search.found),
        (
            "delivery states that a comment does not show",
            requests.not_shown,
        ),
        ("dead letters: messages", dead),
        ("dead letters: replies", dead_replies),
        (
            "still under way a day after the last was written",
            outcome.left(),
        ),
        ("out of order, or twice", outcome.out_of_order()),
        ("second notices of one wait", outcome.second_notices()),
    ] {
        table.row([what.to_owned(), whole(number)]);
    }
    table.0
}

fn functions(world: &World) -> String {
    let mut table = Table::new(&[
        "Function",
        "Invocations",
        "records in one",
        "returned",
        "may run",
        "ran at most",
        "longest queue",
        "half done within",
        "99 in 100",
        "all",
    ]);
    for worker in Function::ALL.map(|function| world.worker(function)) {
        let latency = &worker.latency;
        table.row([
            worker.name.to_owned(),
            whole(worker.invocations),
            rounded(worker.records as f64 / worker.invocations.max(1) as f64),
            whole(worker.returned),
            whole(worker.concurrency.into()),
            whole(worker.in_use.highest().into()),
            whole(worker.backlog.highest().into()),
            length(latency.within(500)),
            length(latency.within(990)),
            length(latency.longest()),
        ]);
    }
    table.0
}

/// Formats a row of the table of limits, with the load in the busiest hour.
fn limit_row(name: &str, bucket: &Bucket) -> [String; 6] {
    let (asked, refused) = (&bucket.let_through, &bucket.refused);
    let hour = asked.busiest_hour();
    [
        name.to_owned(),
        rounded(bucket.per_second),
        rounded(hour),
        whole(asked.busiest().into()),
        whole(refused.total()),
        format!("{:.0} %", hour / bucket.per_second * 100.0),
    ]
}

fn limits(world: &World) -> String {
    let mut table = Table::new(&[
        "Limit",
        "per second",
        "busiest hour",
        "busiest second",
        "refused",
        "used",
    ]);
    table.row(limit_row("HTTP API, route of Meta", &world.whatsapp_route));
    table.row(limit_row("HTTP API, route of Jira", &world.jira_route));
    table.row(limit_row(
        "WhatsApp number, sends (receipts count, too)",
        &world.services.meta.borrow(),
    ));
    let jira = world.services.jira.borrow();
    for endpoint in Endpoint::ALL {
        let name = format!("Jira, {}", endpoint.name());
        table.row(limit_row(&name, jira.bucket(endpoint)));
    }
    table.0
}

fn table(world: &World) -> String {
    let counts = &world.counts;
    let requests = world.services.requests();
    let hottest = requests.partitions.iter().max_by_key(|rate| rate.busiest());
    let hottest = hottest.map_or(0, Rate::busiest);
    let shards = usize::from(SHARDS);
    let busiest = |range: &[Rate]| range.iter().map(Rate::busiest).max().unwrap_or_default();
    let room = PARTITION / f64::from(hottest.max(1));
    let mut text = String::new();
    let mut table = Table::new(&[
        "Table and sweep",
        "busiest second",
        "busiest hour, per second",
    ]);
    for (what, rate) in [
        ("write units, items", &requests.table_writes),
        ("write units, index", &requests.index_writes),
        ("half read units", &requests.half_reads),
    ] {
        let cells = [whole(rate.busiest().into()), rounded(rate.busiest_hour())];
        table.row([what.to_owned()].into_iter().chain(cells));
    }
    text += &table.0;
    let partitions = &requests.partitions;
    let rest = writeln!(
        text,
        "\nHottest partition of the index: {hottest} write units in a second (timers {}, messages not \
         settled {}), {room:.0} times below the {PARTITION:.0} of a partition. Sweeps: {}, {} timers \
         handed over, {} in the busiest; {} left some to the next. Timers rung: {}, of which {} had \
         been taken off or moved meanwhile.\n\nSearches for lost webhooks: {}, of which {} left issues \
         to the next and {} were refused by Jira; the furthest behind was {} behind.",
        busiest(&partitions[..shards]),
        busiest(&partitions[shards..]),
        whole(counts.sweeps),
        whole(counts.swept),
        whole(counts.most_swept as u64),
        whole(counts.sweeps_left),
        whole(counts.timers_rung),
        whole(counts.timers_void),
        whole(counts.search.runs),
        whole(counts.search.unfinished),
        whole(counts.search.failed),
        length(counts.search.most_behind),
    );
    debug_assert!(rest.is_ok(), "a string takes everything");
    text
}

fn money(outcome: &Outcome) -> String {
    let usage = outcome.usage();
    let mut table = Table::new(&[
        "A million messages of customers",
        "Number",
        "USD each",
        "USD",
    ]);
    for item in bill(&usage, &LANGUAGES[0]) {
        table.row([
            item.what,
            format!("{} {}", rounded(item.millions), item.unit),
            item.price.to_string(),
            format!("{:.2}", item.dollars),
        ]);
    }
    let all = total(&bill(&usage, &LANGUAGES[0]));
    table.row([
        "**together**".to_owned(),
        String::new(),
        String::new(),
        format!("**{all:.2}**"),
    ]);
    let mut text = table.0;
    let monthly = outcome.scenario().messages_per_day * 30.0 / 1e6;
    text += &format!(
        "\nWith {:.2} replies and {:.2} messages sent for each. A month of {:.1} million: {} dollars and \
         {EACH_MONTH} that come whatever is written.\n\n",
        usage.replies,
        usage.sent,
        monthly,
        whole((monthly * all).round() as u64),
    );
    let mut table = Table::new(&["The same built otherwise", "Lambda", "all"]);
    for language in &LANGUAGES {
        let bill = bill(&usage, language);
        let lambda = bill.iter().filter(|item| item.what.starts_with("Lambda"));
        let lambda: f64 = lambda.map(|item| item.dollars).sum();
        let all = total(&bill);
        table.row([
            language.name.to_owned(),
            format!("{lambda:.2}"),
            format!("{all:.2}"),
        ]);
        let rest = all + usage.api_requests * (list::REST_API - list::HTTP_API);
        let name = format!("{}, REST API", language.name);
        table.row([name, format!("{lambda:.2}"), format!("{rest:.2}")]);
    }
    let fees = (1.0 + usage.sent) * list::END_USER_MESSAGING * 1e6;
    let without_api = all - usage.api_requests * list::HTTP_API;
    table.row([
        "AWS End User Messaging Social in front".to_owned(),
        String::new(),
        format!("{} and more", whole((fees + without_api).round() as u64)),
    ]);
    text + &table.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_easily() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (35_012_345, "35,012,345"),
        ] {
            assert_eq!(whole(number), text);
        }
        for (number, text) in [(0.123, "0.12"), (12.34, "12.3"), (1234.5, "1,235")] {
            assert_eq!(rounded(number), text);
        }
        for (milliseconds, text) in [
            (540, "0.5 s"),
            (45_000, "45 s"),
            (600_000, "10 min"),
            (7_200_000, "2.0 h"),
        ] {
            assert_eq!(length(milliseconds), text);
        }
    }
}
