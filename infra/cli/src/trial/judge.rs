//! What the site made of a trial.

#[cfg(test)]
mod tests;

use super::reading::{Course, Reading, Sla};
use crate::check::{Row, Verdict};
use crate::jira::JiraFailure;

const CUSTOMER: &str = "Waiting for customer";
const SUPPORT: &str = "Waiting for support";

const ROLE: &str = "give Casement's account an agent's licence and the role Service Desk Team";
const RECIPES: &str = "infra/guide/jira.md#recipes has the steps";

/// Everything that was seen in a trial.
#[derive(Clone, Debug)]
pub(super) struct Readings {
    /// Before anybody wrote.
    pub opened: Reading,
    /// After the customer's words.
    pub words: Reading,
    /// After the agent's reply.
    pub reply: Result<Reading, NoReply>,
    /// After more of the customer's words, if there was a reply.
    pub more: Option<Reading>,
    /// Whether Casement's account is told of the request by mail.
    pub subscribed: Result<bool, JiraFailure>,
}

/// Why no agent answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoReply {
    /// The environment names nobody.
    Nobody,
    /// The environment names Casement's own account.
    Ourselves,
    /// It failed, for this reason.
    Failed(String),
}

/// Says what the readings mean.
pub(super) fn judge(readings: &Readings) -> Vec<Row> {
    let Readings { opened, words, .. } = readings;
    let mut rows = vec![
        Row::new("SLA: customer", sla_of_words(opened, words)),
        Row::new("status: customer", status_of_words(opened, words)),
    ];
    match &readings.reply {
        Ok(reply) => {
            rows.push(Row::new("SLA: reply", sla_of_reply(words, reply)));
            rows.push(Row::new("status: reply", status_of_reply(words, reply)));
            if let Some(more) = &readings.more {
                let verdict = status_of_words(reply, more);
                rows.push(Row::new("status: customer 2", verdict));
            }
        }
        Err(reason) => rows.push(Row::new("reply", no_reply(reason))),
    }
    rows.push(Row::new("mails", mails(readings.subscribed)));
    rows
}

/// What happened to the SLAs between two readings.
struct SlaChange<'a> {
    stopped: Vec<&'a str>,
    paused: Vec<&'a str>,
    /// Those that ran before and run on.
    running: Vec<&'a str>,
    /// Whether one ran before.
    ran: bool,
}

impl<'a> SlaChange<'a> {
    fn between(before: &[Sla], after: &'a [Sla]) -> Self {
        let mut change = Self {
            stopped: Vec::new(),
            paused: Vec::new(),
            running: Vec::new(),
            ran: before.iter().any(|sla| sla.course == Course::Runs),
        };
        for now in after {
            let name = now.name.as_str();
            let then = before.iter().find(|then| then.name == now.name);
            if now.stops > then.map_or(0, |then| then.stops) {
                change.stopped.push(name);
                continue;
            }
            match (then.map(|then| then.course), now.course) {
                (Some(Course::Runs), Course::Paused) => change.paused.push(name),
                // It has begun, or runs on.
                (_, Course::Runs) => change.running.push(name),
                _ => {}
            }
        }
        change
    }
}

fn sla_of_words(before: &Reading, after: &Reading) -> Verdict {
    let (before, after) = match (&before.slas, &after.slas) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(failure), _) | (_, Err(failure)) => return unreadable("the SLAs", *failure),
    };
    if after.is_empty() {
        return Verdict::hint(
            "the request has no SLA",
            format!("if you measure times, make one for this request type: {RECIPES}"),
        );
    }
    let change = SlaChange::between(before, after);
    let fix = || {
        format!(
            "change the SLA's condition from \"Comment: For Customers\" or \"Comment: By \
             Customers\" to \"Entered status: {CUSTOMER}\": {RECIPES}"
        )
    };
    if !change.stopped.is_empty() {
        let names = quoted(&change.stopped);
        return Verdict::wrong(format!("{names}: stopped by the customer's words"), fix());
    }
    if !change.paused.is_empty() {
        let names = quoted(&change.paused);
        return Verdict::wrong(format!("{names}: paused by the customer's words"), fix());
    }
    if change.running.is_empty() {
        return Verdict::hint(
            "no SLA of the request runs",
            format!("let one start at \"Work item created\": {RECIPES}"),
        );
    }
    let names = quoted(&change.running);
    Verdict::ok(format!("{names}: not stopped by the customer's words"))
}

fn sla_of_reply(before: &Reading, after: &Reading) -> Verdict {
    let (before, after) = match (&before.slas, &after.slas) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(failure), _) | (_, Err(failure)) => return unreadable("the SLAs", *failure),
    };
    let change = SlaChange::between(before, after);
    if !change.stopped.is_empty() {
        let names = quoted(&change.stopped);
        return Verdict::ok(format!("{names}: stopped by the agent's reply"));
    }
    if !change.paused.is_empty() {
        let names = quoted(&change.paused);
        return Verdict::ok(format!("{names}: paused by the agent's reply"));
    }
    if !change.ran {
        return Verdict::unknown("no SLA ran when the agent answered");
    }
    let names = quoted(&change.running);
    Verdict::hint(
        format!("{names}: not stopped by the agent's reply"),
        format!(
            "let it stop at \"Entered status: {CUSTOMER}\" ({RECIPES}); see also that who answered \
             is an agent of the project"
        ),
    )
}

/// What happened to the status between two readings.
enum Status<'a> {
    /// It is this one now.
    Moved(&'a str),
    /// It is this one as before.
    Stayed(&'a str),
}

fn status<'a>(before: &Reading, after: &'a Reading) -> Result<Status<'a>, JiraFailure> {
    let (before, after) = (before.statuses.as_ref(), after.statuses.as_ref());
    let (before, after) = (before.map_err(|f| *f)?, after.map_err(|f| *f)?);
    let now = after.first().map_or("", String::as_str);
    Ok(if after.len() == before.len() {
        Status::Stayed(now)
    } else {
        Status::Moved(now)
    })
}

/// Capital letters differ between the templates of projects.
fn is(status: &str, expected: &str) -> bool {
    status.eq_ignore_ascii_case(expected)
}

fn status_of_words(before: &Reading, after: &Reading) -> Verdict {
    let seen = match status(before, after) {
        Ok(seen) => seen,
        Err(failure) => return unreadable("the status", failure),
    };
    let detail = told(&seen, "the customer wrote");
    match seen {
        Status::Moved(now) if is(now, CUSTOMER) => Verdict::wrong(
            detail,
            format!(
                "exclude Casement's account in the rule \"when your team comments\", and let \
                 another move the request to \"{SUPPORT}\": {RECIPES}"
            ),
        ),
        Status::Moved(now) | Status::Stayed(now) if is(now, SUPPORT) => Verdict::ok(detail),
        Status::Moved(_) => Verdict::hint(
            detail,
            "see that agents find there what waits for them".to_owned(),
        ),
        Status::Stayed(_) => Verdict::hint(
            detail,
            format!("let a rule move it to \"{SUPPORT}\" if agents go by the status: {RECIPES}"),
        ),
    }
}

fn status_of_reply(before: &Reading, after: &Reading) -> Verdict {
    let seen = match status(before, after) {
        Ok(seen) => seen,
        Err(failure) => return unreadable("the status", failure),
    };
    let detail = told(&seen, "the agent answered");
    match seen {
        Status::Moved(now) if is(now, CUSTOMER) => Verdict::ok(detail),
        Status::Moved(now) if is(now, SUPPORT) => Verdict::wrong(
            detail,
            format!(
                "a rule takes the reply for the customer's words: let it look at the author's \
                 account, {RECIPES}"
            ),
        ),
        Status::Moved(_) => Verdict::hint(
            detail,
            "see that agents know this status for one in which the customer has the turn",
        ),
        Status::Stayed(now) if is(now, CUSTOMER) => {
            Verdict::unknown(format!("{detail}, where it had been before"))
        }
        Status::Stayed(_) => Verdict::hint(
            detail,
            format!(
                "let a rule move it to \"{CUSTOMER}\" if agents go by the status ({RECIPES}); see \
                 also that who answered is an agent of the project"
            ),
        ),
    }
}

fn told(seen: &Status<'_>, when: &str) -> String {
    match seen {
        Status::Moved(now) => format!("the request moved to \"{now}\" when {when}"),
        Status::Stayed(now) => format!("the request stayed in \"{now}\" when {when}"),
    }
}

fn no_reply(reason: &NoReply) -> Verdict {
    match reason {
        NoReply::Nobody => Verdict::unknown(
            "not tried: JIRA_SITE, JIRA_ADMIN_EMAIL and JIRA_ADMIN_API_TOKEN name an agent who \
             answers",
        ),
        NoReply::Ourselves => Verdict::unknown(
            "not tried: JIRA_ADMIN_EMAIL is Casement's own account; name a person's",
        ),
        NoReply::Failed(why) => Verdict::wrong(
            format!("the agent could not answer: {why}"),
            "check JIRA_SITE, JIRA_ADMIN_EMAIL and JIRA_ADMIN_API_TOKEN, and that this person is \
             an agent of the project",
        ),
    }
}

fn mails(subscribed: Result<bool, JiraFailure>) -> Verdict {
    match subscribed {
        Ok(false) => Verdict::ok("Casement's account gets no mails about the request"),
        Ok(true) => Verdict::hint(
            "Casement's account is to be told of the request by mail",
            "if these mails are sent, switch them off for this request type (Space settings > \
             Customer notifications): they reach no customer",
        ),
        Err(failure) => Verdict::unknown(format!("whether mails are sent: {failure}")),
    }
}

fn unreadable(what: &str, failure: JiraFailure) -> Verdict {
    match failure {
        JiraFailure::Refused(403 | 404) => {
            Verdict::wrong(format!("{what} cannot be read: {failure}"), ROLE)
        }
        other => Verdict::unknown(format!("{what} cannot be read: {other}")),
    }
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    quoted.join(", ")
}
