use super::*;

const FIRST: &str = "Time to first response";

fn sla(name: &str, stops: usize, course: Course) -> Sla {
    Sla {
        name: name.to_owned(),
        stops,
        course,
    }
}

/// A reading with these SLAs, and these statuses, the newest first.
fn reading(slas: &[Sla], statuses: &[&str]) -> Reading {
    Reading {
        slas: Ok(slas.to_vec()),
        statuses: Ok(statuses.iter().map(|&name| name.to_owned()).collect()),
    }
}

fn with_slas(slas: Result<&[Sla], JiraFailure>) -> Reading {
    Reading {
        slas: slas.map(<[Sla]>::to_vec),
        statuses: Ok(Vec::new()),
    }
}

fn with_statuses(statuses: &[&str]) -> Reading {
    reading(&[], statuses)
}

const CHANGE: &str = "change the SLA's condition from \"Comment: For Customers\" or \"Comment: By \
                      Customers\" to \"Entered status: Waiting for customer\": \
                      infra/guide/jira.md#recipes has the steps";

#[test]
fn slas_are_not_stopped_by_the_customers_words() {
    let runs = [sla(FIRST, 0, Course::Runs)];
    let stopped = [sla(FIRST, 1, Course::Stands)];
    let paused = [sla(FIRST, 0, Course::Paused)];
    let again = [sla(FIRST, 1, Course::Runs)];
    let both = [
        sla(FIRST, 1, Course::Stands),
        sla("Time to resolution", 0, Course::Paused),
    ];
    let ran = [
        sla(FIRST, 0, Course::Runs),
        sla("Time to resolution", 0, Course::Runs),
    ];
    let refused = |status| Err(JiraFailure::Refused(status));
    let stopped_by = Verdict::wrong(
        "\"Time to first response\": stopped by the customer's words",
        CHANGE,
    );
    for (before, after, expected) in [
        (
            Ok(&runs[..]),
            Ok(&runs[..]),
            Verdict::ok("\"Time to first response\": not stopped by the customer's words"),
        ),
        (Ok(&runs), Ok(&stopped), stopped_by.clone()),
        // It begins at once for the next response.
        (Ok(&runs), Ok(&again), stopped_by.clone()),
        // It began after the first look.
        (Ok(&[]), Ok(&stopped), stopped_by.clone()),
        (Ok(&ran), Ok(&both), stopped_by),
        (
            Ok(&runs),
            Ok(&paused),
            Verdict::wrong(
                "\"Time to first response\": paused by the customer's words",
                CHANGE,
            ),
        ),
        (
            Ok(&[]),
            Ok(&[]),
            Verdict::hint(
                "the request has no SLA",
                "if you measure times, make one for this request type: \
                 infra/guide/jira.md#recipes has the steps",
            ),
        ),
        (
            Ok(&stopped),
            Ok(&stopped),
            Verdict::hint(
                "no SLA of the request runs",
                "let one start at \"Work item created\": infra/guide/jira.md#recipes has the steps",
            ),
        ),
        (
            Ok(&runs),
            refused(403),
            Verdict::wrong(
                "the SLAs cannot be read: Jira does not allow it (status 403)",
                "give Casement's account an agent's licence and the role Service Desk Team",
            ),
        ),
        (
            refused(503),
            Ok(&runs),
            Verdict::unknown("the SLAs cannot be read: Jira is failing (status 503)"),
        ),
    ] {
        let (before, after) = (with_slas(before), with_slas(after));
        let judged = sla_of_words(&before, &after);
        assert_eq!(judged, expected, "{before:?} {after:?}");
    }
}

#[test]
fn an_sla_is_stopped_by_the_agents_reply() {
    let runs = [sla(FIRST, 0, Course::Runs)];
    let stopped = [sla(FIRST, 1, Course::Stands)];
    let paused = [sla(FIRST, 0, Course::Paused)];
    for (before, after, expected) in [
        (
            Ok(&runs[..]),
            Ok(&stopped[..]),
            Verdict::ok("\"Time to first response\": stopped by the agent's reply"),
        ),
        (
            Ok(&runs),
            Ok(&paused),
            Verdict::ok("\"Time to first response\": paused by the agent's reply"),
        ),
        (
            Ok(&stopped),
            Ok(&stopped),
            Verdict::unknown("no SLA ran when the agent answered"),
        ),
        (
            Ok(&[]),
            Ok(&[]),
            Verdict::unknown("no SLA ran when the agent answered"),
        ),
        (
            Ok(&runs),
            Ok(&runs),
            Verdict::hint(
                "\"Time to first response\": not stopped by the agent's reply",
                "let it stop at \"Entered status: Waiting for customer\" \
                 (infra/guide/jira.md#recipes has the steps); see also that who answered is an \
                 agent of the project",
            ),
        ),
        (
            Ok(&runs),
            Err(JiraFailure::Unreachable),
            Verdict::unknown("the SLAs cannot be read: Jira does not answer"),
        ),
    ] {
        let (before, after) = (with_slas(before), with_slas(after));
        let judged = sla_of_reply(&before, &after);
        assert_eq!(judged, expected, "{before:?} {after:?}");
    }
}

#[test]
fn the_customers_words_are_the_customers_turn_nowhere() {
    let support = &["Waiting for support"][..];
    for (before, after, expected) in [
        (
            support,
            &["Waiting for customer", "Waiting for support"][..],
            Verdict::wrong(
                "the request moved to \"Waiting for customer\" when the customer wrote",
                "exclude Casement's account in the rule \"when your team comments\", and let \
                 another move the request to \"Waiting for support\": \
                 infra/guide/jira.md#recipes has the steps",
            ),
        ),
        (
            &["Waiting for customer"],
            &["Waiting for Support", "Waiting for customer"],
            Verdict::ok("the request moved to \"Waiting for Support\" when the customer wrote"),
        ),
        (
            support,
            support,
            Verdict::ok("the request stayed in \"Waiting for support\" when the customer wrote"),
        ),
        (
            &["Open"],
            &["Open"],
            Verdict::hint(
                "the request stayed in \"Open\" when the customer wrote",
                "let a rule move it to \"Waiting for support\" if agents go by the status: \
                 infra/guide/jira.md#recipes has the steps",
            ),
        ),
        (
            support,
            &["Triage", "Waiting for support"],
            Verdict::hint(
                "the request moved to \"Triage\" when the customer wrote",
                "see that agents find there what waits for them",
            ),
        ),
    ] {
        let judged = status_of_words(&with_statuses(before), &with_statuses(after));
        assert_eq!(judged, expected, "{before:?} {after:?}");
    }
}

#[test]
fn the_agents_reply_gives_the_turn_to_the_customer() {
    let support = &["Waiting for support"][..];
    let customer = &["Waiting for customer"][..];
    for (before, after, expected) in [
        (
            support,
            &["Waiting for customer", "Waiting for support"][..],
            Verdict::ok("the request moved to \"Waiting for customer\" when the agent answered"),
        ),
        (
            customer,
            customer,
            Verdict::unknown(
                "the request stayed in \"Waiting for customer\" when the agent answered, where it \
                 had been before",
            ),
        ),
        (
            customer,
            &["Waiting for support", "Waiting for customer"],
            Verdict::wrong(
                "the request moved to \"Waiting for support\" when the agent answered",
                "a rule takes the reply for the customer's words: let it look at the author's \
                 account, infra/guide/jira.md#recipes has the steps",
            ),
        ),
        (
            support,
            support,
            Verdict::hint(
                "the request stayed in \"Waiting for support\" when the agent answered",
                "let a rule move it to \"Waiting for customer\" if agents go by the status \
                 (infra/guide/jira.md#recipes has the steps); see also that who answered is an \
                 agent of the project",
            ),
        ),
        (
            support,
            &["Pending", "Waiting for support"],
            Verdict::hint(
                "the request moved to \"Pending\" when the agent answered",
                "see that agents know this status for one in which the customer has the turn",
            ),
        ),
    ] {
        let judged = status_of_reply(&with_statuses(before), &with_statuses(after));
        assert_eq!(judged, expected, "{before:?} {after:?}");
    }
}

#[test]
fn a_status_that_cannot_be_read_is_said() {
    let unread = Reading {
        slas: Ok(Vec::new()),
        statuses: Err(JiraFailure::Refused(404)),
    };
    let read = with_statuses(&["Open"]);
    let expected = Verdict::wrong(
        "the status cannot be read: Jira does not know it (status 404)",
        ROLE,
    );
    for (before, after) in [(&unread, &read), (&read, &unread)] {
        assert_eq!(status_of_words(before, after), expected);
        assert_eq!(status_of_reply(before, after), expected);
    }
}

/// Returns the beginning of each line of the report.
fn lines(readings: &Readings) -> Vec<String> {
    let rows = judge(readings);
    let line = |row: &Row| row.line().lines().next().unwrap_or_default().to_owned();
    rows.iter().map(line).collect()
}

#[test]
fn every_part_has_its_row() {
    let runs = [sla(FIRST, 0, Course::Runs)];
    let stopped = [sla(FIRST, 1, Course::Stands)];
    let support = ["Waiting for support"];
    let answered = ["Waiting for customer", "Waiting for support"];
    let back = [
        "Waiting for support",
        "Waiting for customer",
        "Waiting for support",
    ];
    let mut readings = Readings {
        opened: reading(&runs, &support),
        words: reading(&runs, &support),
        reply: Ok(reading(&stopped, &answered)),
        more: Some(reading(&stopped, &back)),
        subscribed: Ok(false),
    };
    assert_eq!(
        lines(&readings),
        [
            "ok     SLA: customer        \"Time to first response\": not stopped by the customer's words",
            "ok     status: customer     the request stayed in \"Waiting for support\" when the customer wrote",
            "ok     SLA: reply           \"Time to first response\": stopped by the agent's reply",
            "ok     status: reply        the request moved to \"Waiting for customer\" when the agent answered",
            "ok     status: customer 2   the request moved to \"Waiting for support\" when the customer wrote",
            "ok     mails                Casement's account gets no mails about the request",
        ]
    );
    for (reason, line) in [
        (
            NoReply::Nobody,
            "?      reply                not tried: JIRA_SITE, JIRA_ADMIN_EMAIL and \
             JIRA_ADMIN_API_TOKEN name an agent who answers",
        ),
        (
            NoReply::Ourselves,
            "?      reply                not tried: JIRA_ADMIN_EMAIL is Casement's own account; \
             name a person's",
        ),
        (
            NoReply::Failed("Jira refused with status 403".to_owned()),
            "WRONG  reply                the agent could not answer: Jira refused with status 403",
        ),
    ] {
        readings.reply = Err(reason);
        readings.more = None;
        readings.subscribed = Err(JiraFailure::Refused(404));
        let lines = lines(&readings);
        assert_eq!(lines.len(), 4, "{lines:#?}");
        assert_eq!(lines[2], line);
        assert_eq!(
            lines[3],
            "?      mails                whether mails are sent: Jira does not know it (status 404)"
        );
    }
}
