use serde_json::json;

use super::*;

const PHONE: &str = "4915100000007";
const OTHER: &str = "4915100000008";

fn wrote(number: u32, at: i64) -> Value {
    json!({"direction": "in", "wamid": format!("wamid.{number}"), "type": "text",
        "text": format!("c007-m{number:05} where is it?"), "timestamp": at, "status": "read"})
}

fn sent(number: u32, at: i64) -> Value {
    json!({"direction": "out", "wamid": format!("wamid.o{number}"), "type": "text",
        "text": format!("c007-m{number:05} it comes"), "timestamp": at, "status": "delivered"})
}

fn shown(id: u32, number: u32) -> Value {
    json!({"id": id.to_string(), "public": true, "author": {"displayName": "Casement"},
        "text": format!("c007-m{number:05} where is it?"), "created": "2026-03-03T10:00:00.000+0000"})
}

fn comment(id: u32, number: u32) -> Value {
    json!({"id": id.to_string(), "public": true, "author": {"displayName": "Agent Ada"},
        "text": format!("c007-m{number:05} it comes"), "created": format!("2026-03-03T10:00:{id:02}.000+0000")})
}

/// Returns a delivery that was accepted within the second `at`.
fn delivery(subject: &str, at: u32) -> Value {
    json!({"subject": subject, "began_at": format!("2026-03-03T10:00:{at:02}.100Z"),
        "taken_at": format!("2026-03-03T10:00:{at:02}.200Z")})
}

/// Returns two messages, two answers, a note and a restricted comment, all correct.
fn right() -> Journals {
    let note = json!({"id": "15", "public": false, "author": {"displayName": "Agent Ada"},
        "text": "c007-m00005 for us"});
    let restricted = json!({"id": "16", "public": true, "visibility": {"type": "role"},
        "author": {"displayName": "Agent Ada"}, "text": "c007-m00006 for us"});
    let comments = json!([
        shown(11, 1),
        shown(12, 2),
        comment(13, 3),
        comment(14, 4),
        note,
        restricted
    ]);
    Journals {
        chats: BTreeMap::from([(
            PHONE.to_owned(),
            vec![
                wrote(1, 1_000),
                wrote(2, 1_001),
                sent(3, 1_002),
                sent(4, 1_003),
            ],
        )]),
        requests: vec![json!({"summary": format!("WhatsApp +{PHONE}"), "comments": comments})],
        from_whatsapp: vec![
            delivery("message wamid.1", 1),
            delivery("message wamid.2", 2),
        ],
        from_jira: vec![
            delivery("comment_created 13", 13),
            delivery("comment_created 14", 14),
        ],
        dead_letters: Vec::new(),
    }
}

fn with(change: impl FnOnce(&mut Journals)) -> Verdict {
    let mut journals = right();
    change(&mut journals);
    audit(&journals)
}

fn chat(journals: &mut Journals) -> &mut Vec<Value> {
    journals.chats.get_mut(PHONE).unwrap()
}

fn comments(journals: &mut Journals) -> &mut Vec<Value> {
    journals.requests[0]["comments"].as_array_mut().unwrap()
}

/// Counts the violations of each kind, in the order of the table.
fn counts(verdict: &Verdict) -> [usize; 5] {
    [
        verdict.lost.len(),
        verdict.duplicated.len(),
        verdict.out_of_order.len(),
        verdict.leaked.len(),
        verdict.outside_the_window.len(),
    ]
}

#[test]
fn a_run_without_violations_is_right() {
    let verdict = audit(&right());
    assert!(verdict.is_right(), "{verdict}");
    let looked_at = [
        verdict.inbound,
        verdict.outbound,
        verdict.kept_inside,
        verdict.sent,
    ];
    assert_eq!(looked_at, [2, 2, 2, 2]);
    assert!(
        !audit(&Journals::default()).is_right(),
        "nothing was looked at"
    );
}

#[test]
fn each_kind_of_violation_is_found() {
    let another = json!({"direction": "in", "wamid": "wamid.x", "type": "text",
        "text": "c008-m00009 hello", "timestamp": 1_000});
    for (what, verdict, expected) in [
        (
            "a message is not in Jira",
            with(|journals| drop(comments(journals).remove(1))),
            [1, 0, 0, 0, 0],
        ),
        (
            "a message is twice in Jira",
            with(|journals| comments(journals).push(shown(17, 2))),
            [0, 1, 0, 0, 0],
        ),
        (
            "messages have changed places",
            with(|journals| {
                comments(journals)[0] = shown(12, 1);
                comments(journals)[1] = shown(11, 2);
            }),
            [0, 0, 1, 0, 0],
        ),
        (
            "a reply is not on the phone",
            with(|journals| drop(chat(journals).pop())),
            [1, 0, 0, 0, 0],
        ),
        (
            "a reply has failed",
            with(|journals| chat(journals)[3]["status"] = json!("failed")),
            [1, 0, 0, 0, 0],
        ),
        (
            "a reply is twice on the phone",
            with(|journals| chat(journals).push(sent(4, 1_004))),
            [0, 1, 0, 0, 0],
        ),
        (
            "replies have changed places",
            with(|journals| chat(journals).swap(2, 3)),
            [0, 0, 1, 0, 0],
        ),
        (
            "an internal note is on the phone",
            with(|journals| chat(journals).push(sent(5, 1_004))),
            [0, 0, 0, 1, 0],
        ),
        (
            "a restricted comment is on the phone",
            with(|journals| chat(journals).push(sent(6, 1_004))),
            [0, 0, 0, 1, 0],
        ),
        (
            "a reply is on another phone",
            with(|journals| {
                journals
                    .chats
                    .insert(OTHER.to_owned(), vec![another.clone(), sent(3, 1_002)]);
                let theirs = json!({"id": "20", "public": true, "text": "c008-m00009 hello",
                    "author": {"displayName": "Casement"}});
                let request = json!({"summary": OTHER, "comments": [theirs]});
                journals.requests.push(request);
            }),
            [0, 0, 0, 1, 0],
        ),
        (
            "a message is in another customer's request",
            with(|journals| {
                let theirs = json!({"id": "20", "public": true, "text": "c008-m00009 hello",
                    "author": {"displayName": "Casement"}});
                comments(journals).push(theirs);
            }),
            [0, 0, 0, 1, 0],
        ),
        (
            "a day has passed",
            with(|journals| chat(journals)[3]["timestamp"] = json!(1_001 + 86_400)),
            [0, 0, 0, 0, 1],
        ),
        (
            "nobody had written yet",
            with(|journals| chat(journals)[2]["timestamp"] = json!(999)),
            [0, 0, 0, 0, 1],
        ),
    ] {
        assert_eq!(counts(&verdict), expected, "{what}: {verdict}");
        assert!(!verdict.is_right(), "{what}");
    }
    let twice = with(|journals| {
        let empty =
            json!({"key": "SUP-2", "summary": format!("WhatsApp +{PHONE}"), "comments": []});
        journals.requests.push(empty);
    });
    assert_eq!(twice.opened_twice, ["request SUP-2"]);
    assert!(!twice.is_right() && counts(&twice) == [0; 5]);
    let dead = with(|journals| journals.dead_letters.push(json!({"queue": "inbound"})));
    assert!(!dead.is_right());
}

/// Returns journals in which customer 7 moved to another number, and customer 8 got the former one.
fn handed_on() -> Journals {
    let mut journals = right();
    let said = |customer: u32, number: u32, at: i64| {
        json!({"direction": "in", "wamid": format!("wamid.{number}"), "type": "text",
            "text": format!("c{customer:03}-m{number:05} hello"), "timestamp": at})
    };
    let shown = |id: u32, token: &str| {
        json!({"id": id.to_string(), "public": true, "author": {"displayName": "Casement"},
            "text": format!("{token} hello")})
    };
    let change =
        json!({"direction": "in", "type": "system", "text": "has moved", "timestamp": 1_004});
    chat(&mut journals).extend([change, said(8, 20, 1_006)]);
    let new = vec![said(7, 21, 1_005), sent(22, 1_006)];
    journals.chats.insert(OTHER.to_owned(), new);
    let mine = [shown(21, "c007-m00021"), comment(22, 22)];
    comments(&mut journals).extend(mine);
    let next = json!({"key": "SUP-2", "summary": format!("WhatsApp +{PHONE}"),
        "comments": [shown(30, "c008-m00020")]});
    journals.requests.push(next);
    journals
}

#[test]
fn a_number_belongs_to_who_writes_from_it() {
    let verdict = audit(&handed_on());
    assert!(verdict.is_right(), "{verdict}");
    // To the former number, while nobody has it, and while somebody else does.
    for place in [5, 6] {
        let mut journals = handed_on();
        let reply = journals.chats.get_mut(OTHER).unwrap().pop().unwrap();
        chat(&mut journals).insert(place, reply);
        let verdict = audit(&journals);
        assert_eq!(verdict.leaked, ["c007-m00022 on another phone"], "{place}");
        assert_eq!(verdict.lost.len(), 1, "{place}");
    }
}

#[test]
fn whoever_said_stop_hears_from_people_alone() {
    let by_itself = |at: i64| json!({"direction": "out", "type": "text", "text": "We are slow", "timestamp": at});
    let stopped = |when: usize| {
        with(|journals| {
            let stop =
                json!({"direction": "in", "type": "text", "text": "STOP", "timestamp": 1_000});
            chat(journals).insert(1, stop);
            chat(journals).insert(when, by_itself(1_001));
        })
    };
    assert_eq!(stopped(2).unwanted, [""; 0], "the confirmation");
    assert_eq!(stopped(3).unwanted, ["We are slow"]);
    assert_eq!(stopped(5).unwanted, ["We are slow"]);
}

#[test]
fn whoever_said_stop_hears_nothing_from_rules() {
    let by_rule = |stops: bool, is_sent: bool| {
        with(|journals| {
            let written = comments(journals).iter_mut();
            for comment in written.filter(|comment| comment["author"]["displayName"] != "Casement")
            {
                comment["author"]["accountType"] = json!("app");
            }
            if stops {
                let stop =
                    json!({"direction": "in", "type": "text", "text": "STOP", "timestamp": 1_000});
                chat(journals).insert(0, stop);
            }
            if !is_sent {
                chat(journals).retain(|message| message["direction"] == "in");
            }
        })
    };
    let count = |verdict: &Verdict| (verdict.lost.len(), verdict.unwanted.len());
    assert_eq!(count(&by_rule(false, true)), (0, 0));
    assert!(
        !by_rule(false, false).lost.is_empty(),
        "lost without a STOP"
    );
    assert_eq!(count(&by_rule(true, false)), (0, 0), "kept back");
    assert!(
        !by_rule(true, true).unwanted.is_empty(),
        "sent all the same"
    );
}

#[test]
fn what_may_have_arrived_in_either_order_may_be_in_either_order() {
    let swapped = |journals: &mut Journals| {
        comments(journals)[0] = shown(12, 1);
        comments(journals)[1] = shown(11, 2);
    };
    let repeated = with(|journals| {
        swapped(journals);
        journals.from_whatsapp[0]["taken_at"] = json!("2026-03-03T10:05:00Z");
    });
    assert_eq!(counts(&repeated), [0; 5], "{repeated}");
    let never_taken = with(|journals| {
        swapped(journals);
        journals.from_whatsapp[0]["taken_at"] = Value::Null;
    });
    assert_eq!(counts(&never_taken), [0; 5], "{never_taken}");
}

#[test]
fn a_reply_of_several_parts_is_whole_once_and_in_order() {
    let parts = |marks: &[&str]| {
        with(|journals| {
            let chat = chat(journals);
            chat.pop();
            let parts = marks.iter().map(|mark| {
                json!({"direction": "out", "type": "text", "timestamp": 1_003,
                    "text": format!("c007-m00004 it comes {mark}"), "status": "read"})
            });
            chat.extend(parts);
        })
    };
    for (marks, expected) in [
        (&["(1/3)", "(2/3)", "(3/3)"][..], [0, 0, 0, 0, 0]),
        (&["(1/3)", "(3/3)"], [1, 0, 0, 0, 0]),
        (&["(1/3)", "(2/3)", "(2/3)", "(3/3)"], [0, 1, 0, 0, 0]),
        (&["(2/3)", "(1/3)", "(3/3)"], [0, 0, 1, 0, 0]),
    ] {
        let verdict = parts(marks);
        assert_eq!(counts(&verdict), expected, "{marks:?}: {verdict}");
    }
}

#[test]
fn a_token_is_told_from_other_words() {
    let text = "c007-m00004, not c7 or m4 or casement-marked; (c012-m99999)";
    let found: Vec<_> = tokens(text).collect();
    assert_eq!(found, ["c007-m00004", "c012-m99999"]);
}

#[test]
fn what_other_senders_do_is_found_inside_once() {
    let said = |id: &str, public: bool, text: &str| json!({"id": id, "public": public, "author": {"displayName": "Casement"}, "text": text});
    let standby = || {
        said(
            "21",
            false,
            "[The customer writes to Meta's agent:] c007-m00008 hi",
        )
    };
    let echo = |public| said("22", public, "[Meta's agent answered:] c007-m00009 hello");
    let call = || {
        said(
            "23",
            true,
            "[The customer called at 10:00 and was not answered]",
        )
    };
    for (in_jira, expected) in [
        (vec![standby(), echo(false), call()], [0; 5]),
        (vec![echo(false), call()], [1, 0, 0, 0, 0]),
        (vec![standby(), call()], [1, 0, 0, 0, 0]),
        (vec![standby(), echo(true), call()], [0, 0, 0, 1, 0]),
        (vec![standby(), echo(false)], [1, 0, 0, 0, 0]),
        (
            vec![standby(), echo(false), echo(false), call(), call()],
            [0, 2, 0, 0, 0],
        ),
    ] {
        let verdict = with(|journals| {
            chat(journals).extend([
                wrote(8, 1_004),
                json!({"direction": "out", "wamid": "wamid.e", "type": "text", "sender": "meta_agent",
                    "text": "c007-m00009 hello", "timestamp": 200_000, "status": "read"}),
                json!({"direction": "in", "wamid": "wacid.1", "type": "call", "timestamp": 1_006}),
            ]);
            comments(journals).extend(in_jira.clone());
        });
        assert_eq!(counts(&verdict), expected, "{in_jira:?}: {verdict}");
    }
}
