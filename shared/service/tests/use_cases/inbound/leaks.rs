//! Tests that nothing internal gets into a public comment, whatever a customer refers to, and
//! however.

use casement_core::model::comment::Comment;
use casement_core::model::content::{Context, InboundContent};
use casement_core::model::identity::{CommentId, IssueId};

use casement_core::model::queue::WaitTask;

use super::*;
use casement_testkit::rewrite;

const INSIDE: &str = "Be careful with this customer";

/// The message that the customer refers to.
#[derive(Clone, Copy, Debug)]
enum Earlier {
    Reply,
    Notice,
    OwnMessage,
}

impl Earlier {
    const ALL: [Self; 3] = [Self::Reply, Self::Notice, Self::OwnMessage];

    fn wamid(self) -> &'static str {
        match self {
            Self::Reply | Self::Notice => "wamid.out1",
            Self::OwnMessage => "wamid.a",
        }
    }

    fn comment(self) -> &'static str {
        match self {
            Self::Reply => "100",
            Self::Notice => "own-2",
            Self::OwnMessage => "own-1",
        }
    }

    /// Returns the quotation of the untouched message.
    fn line(self) -> &'static str {
        match self {
            Self::Reply => "It ships today",
            Self::Notice => "Please wait",
            Self::OwnMessage => "My card is 4111 1111 1111 1111",
        }
    }

    async fn happened(self) -> World {
        let world = World::new();
        world
            .customer_writes("a", Self::OwnMessage.line(), at(0))
            .await;
        world.set_now(at(600));
        let message = match self {
            Self::Reply => world.agent_writes("100", self.line(), at(60)),
            _ => OutboundQueueMessage::DelayNotice(WaitTask {
                conversation: key(),
                generation: 1,
                issue_id: IssueId::new("1"),
            }),
        };
        world.carry_out(&message).await.unwrap();
        world
    }
}

/// Makes a message for each way in which a customer can refer to a message.
fn references(to: &str) -> Vec<InboundMessage> {
    let to = Wamid::new(to);
    let with = |id: &str, content| InboundMessage {
        content,
        ..text(id, "", at(700))
    };
    let reaction = |emoji: Option<&str>| InboundContent::Reaction {
        emoji: emoji.map(str::to_owned),
        to: Some(to.clone()),
    };
    let now = Box::new(InboundContent::Text {
        body: "Well".to_owned(),
    });
    vec![
        InboundMessage {
            context: Context {
                reply_to: Some(to.clone()),
                ..Context::default()
            },
            ..text("answer", "Yes", at(700))
        },
        with("reaction", reaction(Some("👍"))),
        with("taken-back", reaction(None)),
        with(
            "deleted",
            InboundContent::Revoke {
                of: Some(to.clone()),
            },
        ),
        with(
            "edited",
            InboundContent::Edit {
                of: Some(to.clone()),
                now: Some(now),
            },
        ),
    ]
}

type Change = fn(&mut Comment);

/// Agents' changes, each with whether the comment stays public.
const CHANGES: [(&str, Change, bool); 6] = [
    ("made internal", |c| c.public = Some(false), false),
    (
        "internal by the platform's word",
        |c| c.jsd_public = Some(false),
        false,
    ),
    ("restricted", |c| c.restricted = true, false),
    ("visibility not told", |c| c.public = None, false),
    ("edited", |c| rewrite(c, INSIDE), true),
    (
        "made internal and edited",
        |c| {
            rewrite(c, INSIDE);
            c.public = Some(false);
        },
        false,
    ),
];

#[tokio::test]
async fn nothing_that_an_agent_hid_or_added_gets_out() {
    for earlier in Earlier::ALL {
        for (case, change, _) in CHANGES {
            // A note of ours was internal when the customer got its words.
            if matches!(earlier, Earlier::Notice)
                && !case.contains("edited")
                && case != "restricted"
            {
                continue;
            }
            for is_done in [false, true] {
                for message in references(earlier.wamid()) {
                    let case = format!("{earlier:?} {case} {:?} done: {is_done}", message.content);
                    let world = earlier.happened().await;
                    world.edit_comment(earlier.comment(), at(650), change);
                    if is_done {
                        world.resolve("1", at(0) - Duration::days(30));
                    }
                    let before = world.said().len();
                    world.receive(&message).await.unwrap();
                    let said = world.said().split_off(before);
                    let [(_, said)] = &said[..] else {
                        panic!("{case}: {said:?}")
                    };
                    assert!(!said.contains(INSIDE), "{case}: {said}");
                    assert!(!said.contains(earlier.line()), "{case}: {said}");
                    let summaries = world.reference_text();
                    assert!(!summaries.contains(INSIDE), "{case}: {summaries}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_nobody_touched_is_quoted_by_what_the_customer_was_sent() {
    for earlier in Earlier::ALL {
        for message in references(earlier.wamid()) {
            let world = earlier.happened().await;
            // Saved again with the same words, as rules and apps do.
            world.edit_comment(earlier.comment(), at(650), |_| ());
            world.receive(&message).await.unwrap();
            let (_, said) = world.said().pop().unwrap();
            assert!(said.contains(earlier.line()), "{earlier:?}: {said}");
            assert!(!said.contains("Delay notice"), "{said}");
        }
    }
}

#[tokio::test]
async fn a_reply_that_was_changed_is_said_to_be_and_not_quoted() {
    for earlier in [Earlier::Reply, Earlier::OwnMessage] {
        for (case, change, is_public) in CHANGES {
            let world = earlier.happened().await;
            world.edit_comment(earlier.comment(), at(650), change);
            let answer = &references(earlier.wamid())[0];
            world.receive(answer).await.unwrap();
            let (_, said) = world.said().pop().unwrap();
            let expected = if is_public {
                "[In reply to an earlier message] (its comment was changed since)\n\nYes"
            } else {
                "[In reply to an earlier message]\n\nYes"
            };
            assert_eq!(said, expected, "{earlier:?} {case}");
        }
    }
}

#[tokio::test]
async fn the_notes_of_templates_and_of_announcements_are_known_by_what_was_sent() {
    let world = Earlier::OwnMessage.happened().await;
    world.set_settings("business_account_id = \"1022\"\n");
    world.approve("order_update", "en_US", "It comes on Monday");
    let command = world.comment("200", "/template order_update en_US", at(650), |note| {
        note.public = Some(false);
    });
    world.carry_out(&command).await.unwrap();
    let sent = format!("wamid.out{}", world.sent().len());
    let answer = &references(&sent)[0];
    world.receive(answer).await.unwrap();
    let (_, said) = world.said().pop().unwrap();
    assert_eq!(said, "[In reply to:]\n\nIt comes on Monday\n\nYes");
    // The agent's note that asked for the template is not linked.
    let known = world.entry_of(&Wamid::new(sent)).unwrap();
    assert_ne!(known.about.comment().unwrap().1, &CommentId::new("200"));
}

/// Tests that an agent's addition to a template's note is as internal as any remark.
#[tokio::test]
async fn a_remark_on_a_templates_note_does_not_get_out() {
    for is_done in [false, true] {
        for number in 0..references("").len() {
            let world = Earlier::OwnMessage.happened().await;
            world.set_settings("business_account_id = \"1022\"\n");
            world.approve("order_update", "en_US", "It comes on Monday");
            let command = world.comment("200", "/template order_update en_US", at(650), |note| {
                note.public = Some(false);
            });
            world.carry_out(&command).await.unwrap();
            let sent = format!("wamid.out{}", world.sent().len());
            let message = &references(&sent)[number];
            let known = world.entry_of(&Wamid::new(sent)).unwrap().about;
            let (_, note) = known.comment().unwrap();
            world.edit_comment(note.as_str(), at(660), |note| rewrite(note, INSIDE));
            if is_done {
                world.resolve("1", at(0) - Duration::days(30));
            }
            let before = world.said().len();
            world.receive(message).await.unwrap();
            let said: Vec<_> = world.said().split_off(before);
            assert_eq!(said.len(), 1, "{said:?}");
            for inside in [INSIDE, "It comes on Monday"] {
                assert!(!said[0].1.contains(inside), "{said:?}");
                assert!(!world.reference_text().contains(inside));
            }
        }
    }
}
