//! `casement conversation show`: shows the stored state of a customer's conversations.

use std::fmt::Write;
use std::process::ExitCode;

use casement_core::model::conversation::Conversation;
use casement_service::ports::HeldReply;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::Problem;
use crate::place::Place;
use crate::stored::{Table, customer};
use crate::talk::Talk;

/// A conversation as shown, without the customer's name and texts.
#[derive(Serialize)]
struct Shown {
    phone_number_id: String,
    fingerprint: String,
    request: Option<String>,
    window: &'static str,
    window_expires_at: Option<DateTime<Utc>>,
    last_message_at: Option<DateTime<Utc>>,
    awaiting_since: Option<DateTime<Utc>>,
    /// The time since which the customer waits while the answer is held.
    unreceived_since: Option<DateTime<Utc>>,
    /// The time since which another sender of the number holds the conversation.
    held_by_another_since: Option<DateTime<Utc>>,
    /// The time at which another sender last answered.
    answered_elsewhere_at: Option<DateTime<Utc>>,
    notice: casement_core::model::conversation::NoticeState,
    next_timer_at: Option<DateTime<Utc>>,
    opening_a_request_since: Option<DateTime<Utc>>,
    opted_out: bool,
    held: Vec<Held>,
}

#[derive(Serialize)]
struct Held {
    comment_id: String,
    issue_id: String,
    since: DateTime<Utc>,
}

/// Shows a customer's conversations, one for each business number that the customer wrote to. Fails
/// if there is none.
///
/// # Errors
/// The table does not answer, or nothing is stored about the customer.
pub async fn show(place: &Place, talk: &Talk, text: &str) -> Result<ExitCode, Problem> {
    let customer = customer(text)?;
    place.take_fingerprint_key().await?;
    let table = Table::of(place)?;
    let settings = table.checked_settings().await?;
    let mut all = Vec::new();
    for conversation in table.conversations(&settings, &customer).await? {
        let held = table.held(&conversation.key).await?;
        all.push(shown(&conversation, held, place.now()));
    }
    if all.is_empty() {
        return Err(Problem::Failed(
            "nothing is stored about this customer: nobody has written from there, or it was \
             erased or has expired"
                .to_owned(),
        ));
    }
    let text: String = all.iter().map(Shown::text).collect();
    talk.say(&text, &all)?;
    Ok(ExitCode::SUCCESS)
}

fn shown(conversation: &Conversation, held: Vec<HeldReply>, now: DateTime<Utc>) -> Shown {
    let held = held.into_iter().map(|reply| Held {
        comment_id: reply.comment_id.as_str().to_owned(),
        issue_id: reply.issue_id.as_str().to_owned(),
        since: reply.held_since,
    });
    Shown {
        phone_number_id: conversation.key.phone_number_id.as_str().to_owned(),
        fingerprint: conversation.key.fingerprint(),
        request: conversation.issue.as_ref().map(|issue| issue.key.clone()),
        window: if conversation.window_is_open(now) {
            "open"
        } else {
            "closed"
        },
        window_expires_at: conversation.window_expires_at,
        last_message_at: conversation.last_inbound_at,
        awaiting_since: conversation.awaiting_since,
        unreceived_since: conversation.unreceived_since(),
        held_by_another_since: conversation.another_holds_since(now),
        answered_elsewhere_at: conversation.answered_elsewhere_at,
        notice: conversation.notice_state,
        next_timer_at: conversation.timers.next(),
        opening_a_request_since: conversation.opening.as_ref().map(|opening| opening.since),
        opted_out: conversation.opted_out,
        held: held.collect(),
    }
}

impl Shown {
    fn text(&self) -> String {
        let time = |at: Option<DateTime<Utc>>| {
            at.map_or("-".to_owned(), |at| {
                at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
            })
        };
        let mut text = format!(
            "conversation {} at number {}\n",
            self.fingerprint, self.phone_number_id
        );
        let mut row = |what: &str, value: &str| {
            // Writing to a string cannot fail.
            writeln!(text, "  {what:<22} {value}").ok();
        };
        row("request", self.request.as_deref().unwrap_or("-"));
        row(
            "window",
            &match self.window_expires_at {
                None => self.window.to_owned(),
                ends if self.window == "open" => format!("open until {}", time(ends)),
                ended => format!("closed since {}", time(ended)),
            },
        );
        row("last message", &time(self.last_message_at));
        let waits_since = self.awaiting_since.or(self.unreceived_since);
        row("waits for us since", &time(waits_since));
        let held_since = self.held.iter().map(|held| held.since).min();
        if self.awaiting_since.is_none() && held_since.is_some() {
            row(
                "answered, not received",
                &format!("held since {}", time(held_since)),
            );
        }
        if self.held_by_another_since.is_some() {
            let since = time(self.held_by_another_since);
            row("held by", &format!("another sender since {since}"));
        }
        if self.answered_elsewhere_at.is_some() {
            row("answered elsewhere", &time(self.answered_elsewhere_at));
        }
        row("delay notice", &format!("{:?}", self.notice).to_lowercase());
        row("next timer", &time(self.next_timer_at));
        if self.opening_a_request_since.is_some() {
            row("opens a request since", &time(self.opening_a_request_since));
        }
        if self.opted_out {
            row("automatic messages", "refused by the customer");
        }
        row("held replies", &self.held.len().to_string());
        for held in &self.held {
            let since = time(Some(held.since));
            row("", &format!("comment {} since {since}", held.comment_id));
        }
        text
    }
}
