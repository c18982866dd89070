//! Tests of the owner's fields: what a request shows of the window, the wait and held replies.

use casement_core::decide::fields::FieldValue;

use super::*;

const WINDOW: &str = "customfield_10050";
const WAITING: &str = "customfield_10051";
const HELD: &str = "customfield_10052";

const ALL: &str = "window_field = \"customfield_10050\"\nwaiting_field = \"customfield_10051\"\nheld_field = \"customfield_10052\"\n";

/// The longest time between a change and its write.
const MINUTE: Duration = Duration::minutes(1);

type Fields = Vec<(String, FieldValue)>;

fn time(field: &str, time: DateTime<Utc>) -> (String, FieldValue) {
    (field.to_owned(), FieldValue::Time(Some(time)))
}

fn nobody() -> (String, FieldValue) {
    (WAITING.to_owned(), FieldValue::Time(None))
}

fn held(count: u32) -> (String, FieldValue) {
    (HELD.to_owned(), FieldValue::Count(count))
}

/// A world with the three fields, and the writes of fields since the last look.
struct Shown {
    world: World,
    seen: usize,
}

impl Shown {
    fn new(settings: &str) -> Self {
        let world = World::new();
        world.set_settings(settings);
        Self { world, seen: 0 }
    }

    /// Lets a minute pass after `at`, and returns what was written in it, each with its request.
    async fn within_a_minute(&mut self, at: DateTime<Utc>) -> Vec<(String, Fields)> {
        self.world.set_now(at);
        self.world.pass(at + MINUTE).await;
        let written = self.world.written_fields().split_off(self.seen);
        self.seen += written.len();
        written
    }

    async fn writes(&mut self, id: &str, sent_at: DateTime<Utc>) {
        self.world.set_now(sent_at);
        self.world
            .receive(&text(id, "hello", sent_at))
            .await
            .unwrap();
    }

    async fn answers(&mut self, id: &str, created: DateTime<Utc>) -> Result<Outcome, Later> {
        self.world.set_now(created);
        let reply = self.world.agent_writes(id, "It ships today", created);
        self.world.carry_out(&reply).await
    }
}

fn in_request(id: &str, fields: &[(String, FieldValue)]) -> (String, Fields) {
    (id.to_owned(), fields.to_vec())
}

#[tokio::test]
async fn the_request_shows_the_window_the_wait_and_held_replies() {
    let mut shown = Shown::new(ALL);
    let start = at(0);
    let window = |sent_at| time(WINDOW, sent_at + day(1));
    // A burst is written once, in one call.
    for (id, seconds) in [("a", 0), ("b", 10), ("c", 20)] {
        shown.writes(id, at(seconds)).await;
    }
    let first = [time(WAITING, start), held(0), window(at(20))];
    let written = shown.within_a_minute(at(20)).await;
    assert_eq!(written, [in_request("1", &first)]);

    // An answer ends the wait; a new message begins another one.
    let answered = at(300);
    assert_eq!(shown.answers("100", answered).await, done(Done::Sent));
    let written = shown.within_a_minute(answered).await;
    assert_eq!(written, [in_request("1", &[nobody()])]);
    let again = at(3600);
    shown.writes("d", again).await;
    let written = shown.within_a_minute(again).await;
    let second = [time(WAITING, again), window(again)];
    assert_eq!(written, [in_request("1", &second)]);

    // A late answer is held, and another one.
    let late = again + day(2);
    assert_eq!(shown.answers("101", late).await, done(Done::Held));
    let written = shown.within_a_minute(late).await;
    assert_eq!(written, [in_request("1", &[nobody(), held(1)])]);
    let later = late + MINUTE * 10;
    assert_eq!(shown.answers("102", later).await, done(Done::Held));
    let written = shown.within_a_minute(later).await;
    assert_eq!(written, [in_request("1", &[held(2)])]);

    // The customer writes, and gets both.
    let back = later + day(1);
    shown.writes("e", back).await;
    shown.world.carry_out_all().await;
    let written = shown.within_a_minute(back).await;
    assert_eq!(written, [in_request("1", &[held(0), window(back)])]);
    // Nothing else has been written.
    shown.world.pass(back + day(3)).await;
    assert_eq!(shown.world.written_fields().len(), shown.seen);
}

#[tokio::test]
async fn a_few_minutes_more_of_the_window_are_not_worth_a_call() {
    let mut shown = Shown::new("window_field = \"customfield_10050\"\n");
    let window = |sent_at| in_request("1", &[time(WINDOW, sent_at + day(1))]);
    shown.writes("a", at(0)).await;
    assert_eq!(shown.within_a_minute(at(0)).await, [window(at(0))]);
    shown.writes("b", at(9 * 60)).await;
    assert_eq!(shown.within_a_minute(at(9 * 60)).await, []);
    shown.writes("c", at(30 * 60)).await;
    assert_eq!(
        shown.within_a_minute(at(30 * 60)).await,
        [window(at(30 * 60))]
    );
    // The answer changes nothing that this request shows.
    shown.answers("100", at(40 * 60)).await.unwrap();
    assert_eq!(shown.within_a_minute(at(40 * 60)).await, []);
}

#[tokio::test]
async fn without_fields_nothing_is_armed_and_nothing_written() {
    let mut shown = Shown::new("");
    shown.writes("a", at(0)).await;
    shown.answers("100", at(60)).await.unwrap();
    let conversation = shown.world.conversation();
    assert_eq!(
        (&conversation.shown_window, &conversation.shown_wait),
        (&None, &None)
    );
    assert_eq!(conversation.timers.due_at(Timer::WindowField), None);
    assert_eq!(shown.within_a_minute(at(60)).await, []);
}

#[tokio::test]
async fn a_new_request_takes_the_wait_over_from_the_former_one() {
    let mut shown = Shown::new(ALL);
    shown.writes("a", at(0)).await;
    assert_eq!(shown.within_a_minute(at(0)).await.len(), 1);
    // The request takes no more comments, but its fields can still be written.
    shown.world.fill("1", CallFailure::Full);
    shown.writes("b", at(3600)).await;
    assert_eq!(shown.world.requests(), 2);
    let now_there = [
        time(WAITING, at(0)),
        held(0),
        time(WINDOW, at(3600) + day(1)),
    ];
    let written = shown.within_a_minute(at(3600)).await;
    let expected = [in_request("1", &[nobody()]), in_request("2", &now_there)];
    assert_eq!(written, expected);
}

#[tokio::test]
async fn a_request_that_jira_refuses_stops_nothing() {
    let busy = CallFailure::Jira {
        status: 503,
        retry_after: None,
    };
    let refused = CallFailure::Jira {
        status: 400,
        retry_after: None,
    };
    for (failure, tried_again) in [(busy, true), (refused, false)] {
        let shown = Shown::new(ALL);
        let world = &shown.world;
        world.refuse(Call::SetFields, failure.clone());
        world.set_now(at(0));
        world.customer_writes("a", "hello", at(0)).await;
        let outcomes = world.pass(at(240)).await;
        let expected = if tried_again {
            "shown_later"
        } else {
            "fields_shown"
        };
        assert!(outcomes.contains(&expected), "{outcomes:?}");
        world.allow(Call::SetFields);
        world.pass(at(9 * 60)).await;
        let written = world.written_fields().len();
        assert_eq!(written, usize::from(tried_again), "{failure:?}");
    }
}

#[tokio::test]
async fn one_field_that_is_not_there_does_not_hide_the_others() {
    let mut shown = Shown::new(ALL);
    shown.world.refuse_field(HELD);
    shown.writes("a", at(0)).await;
    let written = shown.within_a_minute(at(0)).await;
    let one = |field| in_request("1", &[field]);
    let expected = [one(time(WAITING, at(0))), one(time(WINDOW, at(0) + day(1)))];
    assert_eq!(written, expected);
}

#[tokio::test]
async fn a_wait_that_a_done_request_ends_is_no_longer_shown() {
    let mut shown = Shown::new(ALL);
    shown.writes("a", at(0)).await;
    assert_eq!(shown.within_a_minute(at(0)).await.len(), 1);
    shown.world.resolve("1", at(300));
    // The notice would be due: the request is done, so nobody waits.
    shown.world.pass(at(40 * 60)).await;
    let written = shown.world.written_fields().split_off(shown.seen);
    assert_eq!(written, [in_request("1", &[nobody()])]);
}
