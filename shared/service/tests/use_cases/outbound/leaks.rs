//! Tests that, whatever Jira reports and answers, WhatsApp gets only what the rule allows. A
//! webhook's claims about a comment's visibility are no case here: none of them reaches the queue.

use casement_core::model::comment::AccountType;

use casement_core::model::queue::CommentEvent;

use super::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happened {
    Created,
    Edited,
    Deleted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visibility {
    Public,
    Internal,
    Restricted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// The visibility that the author meant.
    Agrees,
    SaysInternal,
    SaysNothing,
    NotThere,
    Refuses(u16),
    TimesOut,
    CannotBeReached,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    happened: Happened,
    visibility: Visibility,
    author: &'static str,
    /// Whether the webhook names the author.
    author_is_told: bool,
    answer: Answer,
}

impl Cell {
    fn all() -> Vec<Self> {
        use {Answer::*, Happened::*, Visibility::*};
        let answers = [
            Agrees,
            SaysInternal,
            SaysNothing,
            NotThere,
            Refuses(401),
            Refuses(403),
            Refuses(500),
            Refuses(503),
            TimesOut,
            CannotBeReached,
        ];
        let mut cells = Vec::new();
        for happened in [Created, Edited, Deleted] {
            for visibility in [Public, Internal, Restricted] {
                for author in ["agent", "automation app", "customer", OWN] {
                    for author_is_told in [true, false] {
                        cells.extend(answers.map(|answer| Self {
                            happened,
                            visibility,
                            author,
                            author_is_told,
                            answer,
                        }));
                    }
                }
            }
        }
        cells
    }

    fn is_for_the_customer(self) -> bool {
        self.happened != Happened::Deleted
            && self.visibility == Visibility::Public
            && !["customer", OWN].contains(&self.author)
            && self.answer == Answer::Agrees
    }

    /// Puts the comment into Jira, and returns its queue message.
    fn happen(self, world: &World) -> OutboundQueueMessage {
        world.comment("100", "between us", at(60), |comment| {
            comment.author = AccountId::new(self.author);
            comment.account_type = match self.author {
                "customer" => AccountType::Customer,
                "automation app" => AccountType::App,
                _ => AccountType::Person,
            };
            comment.restricted = self.visibility == Visibility::Restricted;
            comment.public = match self.answer {
                Answer::SaysInternal => Some(false),
                Answer::SaysNothing => None,
                _ => Some(self.visibility != Visibility::Internal),
            };
            if self.happened == Happened::Edited {
                comment.updated = at(65);
            }
        });
        match self.answer {
            Answer::NotThere => world.delete_comment("100"),
            Answer::Refuses(status) => world.refuse(
                Call::ReadComment,
                CallFailure::Jira {
                    status,
                    retry_after: None,
                },
            ),
            Answer::TimesOut => world.refuse(Call::ReadComment, CallFailure::Unknown(Side::Jira)),
            Answer::CannotBeReached => {
                world.refuse(Call::ReadComment, CallFailure::Unreachable(Side::Jira));
            }
            Answer::Agrees | Answer::SaysInternal | Answer::SaysNothing => {}
        }
        let (issue_id, comment_id) = (IssueId::new("1"), CommentId::new("100"));
        let author = self.author_is_told.then(|| AccountId::new(self.author));
        match self.happened {
            Happened::Created => OutboundQueueMessage::CommentCreated(CommentEvent {
                issue_id,
                comment_id,
                author,
                door: None,
            }),
            Happened::Edited => OutboundQueueMessage::CommentEdited(CommentEvent {
                issue_id,
                comment_id,
                author,
                door: None,
            }),
            Happened::Deleted => OutboundQueueMessage::CommentDeleted(CommentEvent {
                issue_id,
                comment_id,
                author,
                door: None,
            }),
        }
    }
}

/// Tries until the message would go to the dead-letter queue.
async fn try_hard(world: &World, message: &OutboundQueueMessage) {
    for attempt in [Attempt::Another, Attempt::Another, Attempt::Last] {
        match world.outbound().carry_out(message, attempt).await {
            // Some cells are about failures; WhatsApp's side shows whether anything leaks.
            Ok(_) | Err(_) => {}
        }
    }
}

#[tokio::test]
async fn only_what_the_rule_allows_leaves_the_service_desk() {
    let mut let_through = 0;
    for cell in Cell::all() {
        let world = World::waiting().await;
        try_hard(&world, &cell.happen(&world)).await;
        let expected = usize::from(cell.is_for_the_customer());
        assert_eq!(world.sent().len(), expected, "{cell:?}");
        let_through += expected;
    }
    assert_eq!(let_through, 2 * 2 * 2, "events, authors, told or not");
}

#[tokio::test]
async fn in_a_closed_window_it_is_held_and_all_else_is_not() {
    for cell in Cell::all() {
        let world = World::waiting().await;
        world.set_now(at(0) + day(2));
        try_hard(&world, &cell.happen(&world)).await;
        assert!(world.sent().is_empty(), "{cell:?}");
        let expected = usize::from(cell.is_for_the_customer());
        assert_eq!(world.held_count(), expected, "{cell:?}");
    }
}

#[tokio::test]
async fn a_failed_read_is_made_up_for_later() {
    for failure in [
        CallFailure::Jira {
            status: 403,
            retry_after: None,
        },
        CallFailure::Unknown(Side::Jira),
    ] {
        let world = World::waiting().await;
        let reply = world.agent_writes("100", "hi", at(60));
        world.refuse(Call::ReadComment, failure);
        world.carry_out(&reply).await.unwrap_err();
        world.allow(Call::ReadComment);
        assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
        assert_eq!(world.sent(), ["hi"]);
    }
}
