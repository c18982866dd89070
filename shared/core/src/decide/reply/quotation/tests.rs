//! Every combination of what Jira can say about a comment that a customer refers to.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::*;
use crate::decide::reply::tests::comment;
use crate::model::comment::Body;
use crate::model::identity::{ConversationKey, PhoneNumberId};
use crate::model::ledger::tests::unsent;
use crate::model::ledger::{OutboundKey, ReceivedMessage, SentReference};

const OWN: &str = "bridge";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn text(words: &str) -> Value {
    json!({"type": "text", "text": words})
}

fn document(inlines: Value) -> Body {
    json!({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": inlines}]})
        .into()
}

fn note(label: &str, sent: &str) -> Body {
    let label = json!({"type": "text", "text": label, "marks": [{"type": "strong"}]});
    document(json!([label, text(sent)]))
}

/// An agent's comment that was sent unchanged.
fn reply() -> Comment {
    Comment {
        body: document(json!([text("Is it the wheel?")])),
        ..comment()
    }
}

fn customers_message() -> Comment {
    Comment {
        author: AccountId::new(OWN),
        written_by_us: true,
        ..reply()
    }
}

fn notice() -> Comment {
    Comment {
        public: Some(false),
        jsd_public: Some(false),
        body: note("Delay notice sent on WhatsApp: ", "Please wait"),
        ..customers_message()
    }
}

fn as_known(comment: &Comment, outbound: Option<OutboundKey>) -> KnownMessage {
    let digest = Some(comment.digest());
    match outbound {
        None => KnownMessage::Received(ReceivedMessage {
            digest,
            ..ReceivedMessage::default()
        }),
        Some(outbound) => KnownMessage::Sent(SentReference {
            digest,
            ..SentReference::new(&outbound, &unsent())
        }),
    }
}

/// The three kinds of comment, each with its message and its first line.
fn known() -> [(Comment, KnownMessage, &'static str); 3] {
    let conversation = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
    let (reply, message, notice) = (reply(), customers_message(), notice());
    let of_reply = as_known(&reply, Some(OutboundKey::comment(&reply.id, 0)));
    let of_message = as_known(&message, None);
    let of_notice = as_known(&notice, Some(OutboundKey::notice(&conversation, 1)));
    [
        (reply, of_reply, "Is it the wheel?"),
        (message, of_message, "Is it the wheel?"),
        (notice, of_notice, "Please wait"),
    ]
}

fn decide(comment: &Comment, known: &KnownMessage) -> Option<Quotation> {
    decide_quotation(comment, &AccountId::new(OWN), known)
}

fn remark(comment: &mut Comment) {
    comment.updated = at(60);
    comment.body = match comment.public {
        Some(false) => note(
            "Delay notice sent on WhatsApp: ",
            "Be careful with this one",
        ),
        _ => document(json!([text("Be careful with this one")])),
    };
}

#[test]
fn what_was_sent_and_is_as_it_was_is_shown() {
    for (comment, known, line) in known() {
        let quoted = decide(&comment, &known);
        assert!(quoted == Some(Quotation::line(line)), "{line}: {quoted:?}");
        // Saved again with the same words, by an app or a rule.
        let saved = Comment {
            updated: at(60),
            ..comment.clone()
        };
        assert!(decide(&saved, &known) == quoted, "{line}");
        // Without a digest the times decide.
        let mut without = known.clone();
        match &mut without {
            KnownMessage::Received(message) => message.digest = None,
            KnownMessage::Sent(sent) => sent.digest = None,
            KnownMessage::IdentityChange => {}
        }
        assert!(decide(&comment, &without) == quoted, "{line}");
        assert!(decide(&saved, &without) != quoted, "{line}");
    }
}

#[test]
fn what_became_internal_or_restricted_is_not_shown() {
    for (comment, known, line) in known().into_iter().take(2) {
        for public in [Some(true), Some(false), None] {
            for jsd_public in [Some(true), Some(false), None] {
                for restricted in [false, true] {
                    for edited in [false, true] {
                        let mut now = Comment {
                            public,
                            jsd_public,
                            restricted,
                            ..comment.clone()
                        };
                        if edited {
                            remark(&mut now);
                        }
                        let open = public == Some(true) && jsd_public != Some(false) && !restricted;
                        let expected = open.then(|| {
                            if edited {
                                Quotation::CHANGED
                            } else {
                                Quotation::line(line)
                            }
                        });
                        let case = (public, jsd_public, restricted, edited);
                        assert!(decide(&now, &known) == expected, "{line} {case:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_note_is_shown_as_it_was_written_or_not_at_all() {
    let [_, _, (notice, known, _)] = known();
    for (case, change) in [
        ("a remark", remark as fn(&mut Comment)),
        ("a remark below", |note| {
            note.updated = at(60);
            let sent = json!({"type": "text", "text": "Please wait"});
            let label = json!({"type": "text", "text": "Delay notice sent on WhatsApp: ",
                "marks": [{"type": "strong"}]});
            let line = json!({"type": "paragraph", "content": [label, sent]});
            let remark = json!({"type": "paragraph", "content": [text("Be careful")]});
            note.body = json!({"type": "doc", "version": 1, "content": [line, remark]}).into();
        }),
        ("restricted", |note| note.restricted = true),
        ("somebody else's", |note| {
            note.author = AccountId::new("agent")
        }),
        ("made public with a remark", |note| {
            remark(note);
            note.public = Some(true);
        }),
    ] {
        let mut changed = notice.clone();
        change(&mut changed);
        assert!(decide(&changed, &known).is_none(), "{case}");
    }
}

#[test]
fn a_note_that_no_message_leads_to_is_not_shown() {
    // As for an agent's note that asked for a template.
    let mut asked = notice();
    asked.author = AccountId::new("agent");
    let conversation = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
    for outbound in [
        None,
        Some(OutboundKey::template(&asked.id)),
        Some(OutboundKey::comment(&asked.id, 0)),
        Some(OutboundKey::reopening(&conversation, at(0))),
    ] {
        assert!(decide(&asked, &as_known(&asked, outbound)).is_none());
    }
}

#[test]
fn a_comment_that_was_edited_before_it_was_sent_is_shown_as_it_was_sent() {
    let mut comment = reply();
    comment.updated = at(50);
    let key = OutboundKey::comment(&comment.id, 0);
    let sent = KnownMessage::Sent(SentReference {
        source_updated: Some(at(50)),
        ..SentReference::new(&key, &unsent())
    });
    assert!(decide(&comment, &sent) == Some(Quotation::line("Is it the wheel?")));
    comment.updated = at(51);
    assert!(decide(&comment, &sent) == Some(Quotation::CHANGED));
    assert_eq!(
        format!("{:?}", decide(&comment, &sent)),
        "Some(Quotation(Changed))"
    );
}
