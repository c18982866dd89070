use super::super::content::Outgoing;
use super::super::digest;
use super::super::message::ReceivedMessage;
use super::sending::Accepted;
use super::*;

/// A queue with its own clock and counter, so that a test reads like a story.
struct Story {
    queue: Queue,
    now: i64,
    sent: u64,
}

impl Story {
    fn on(attributes: &[(&str, &str)]) -> Self {
        let settings = Settings {
            attributes: attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Settings::default()
        };
        Self {
            queue: Queue::new("work", settings).unwrap(),
            now: 1_000_000,
            sent: 0,
        }
    }

    fn standard() -> Self {
        Self::on(&[("VisibilityTimeout", "30")])
    }

    fn fifo() -> Self {
        Self::on(&[("FifoQueue", "true"), ("VisibilityTimeout", "30")])
    }

    fn wait_s(&mut self, seconds: i64) {
        self.now += seconds * 1_000;
    }

    fn try_send(&mut self, outgoing: &Outgoing) -> Result<Accepted, SqsError> {
        self.sent += 1;
        let id = format!("id-{}", self.sent);
        self.queue.send(outgoing, id, self.sent, self.now)
    }

    /// Sends a body. On a FIFO queue, its first letter is the group and the body is its own
    /// de-duplication id.
    fn send(&mut self, body: &str) -> Accepted {
        let mut outgoing = text(body);
        if self.queue.attributes.fifo {
            outgoing.message_group_id = Some(body[..1].to_owned());
            outgoing.message_deduplication_id = Some(body.to_owned());
        }
        self.try_send(&outgoing).unwrap()
    }

    fn receive(&mut self, maximum: usize) -> Vec<ReceivedMessage> {
        self.queue.receive(maximum, None, None, self.now).messages
    }

    fn bodies(&mut self, maximum: usize) -> Vec<String> {
        bodies(&self.receive(maximum))
    }

    fn delete(&mut self, received: &ReceivedMessage) -> Result<(), SqsError> {
        self.queue.delete(&received.receipt_handle, self.now)
    }

    fn change(&mut self, received: &ReceivedMessage, seconds: i64) -> Result<(), SqsError> {
        self.queue
            .change_visibility(&received.receipt_handle, seconds, self.now)
    }

    fn counts(&mut self) -> (usize, usize, usize) {
        let stats = self.queue.stats(self.now);
        (stats.visible, stats.in_flight, stats.delayed)
    }
}

fn text(body: &str) -> Outgoing {
    Outgoing {
        message_body: body.to_owned(),
        ..Outgoing::default()
    }
}

fn bodies(messages: &[ReceivedMessage]) -> Vec<String> {
    messages.iter().map(|m| m.message.body.clone()).collect()
}

#[test]
fn a_received_message_is_hidden_until_its_visibility_timeout_ends() {
    let mut story = Story::standard();
    story.send("a");
    assert_eq!(story.bodies(10), ["a"]);
    assert_eq!(story.counts(), (0, 1, 0));
    story.wait_s(29);
    assert!(story.receive(10).is_empty());
    story.wait_s(1);
    let again = story.receive(10);
    assert_eq!(again[0].message.delivery.receive_count, 2);
    assert_eq!(
        again[0].message.delivery.first_received_at,
        Some(story.now - 30_000)
    );
}

#[test]
fn a_deleted_message_does_not_come_again() {
    let mut story = Story::standard();
    story.send("a");
    let received = story.receive(1).remove(0);
    story.delete(&received).unwrap();
    story.delete(&received).unwrap();
    story.wait_s(31);
    assert!(story.receive(1).is_empty());
}

#[test]
fn a_late_delete_works_on_a_standard_queue_and_not_on_a_fifo_queue() {
    let mut standard = Story::standard();
    standard.send("a");
    let received = standard.receive(1).remove(0);
    standard.wait_s(31);
    standard.delete(&received).unwrap();
    assert_eq!(standard.counts(), (0, 0, 0));

    let mut fifo = Story::fifo();
    fifo.send("A1");
    let first = fifo.receive(1).remove(0);
    fifo.wait_s(31);
    let expired = fifo.delete(&first).unwrap_err();
    assert!(
        expired
            .to_string()
            .ends_with("The receipt handle has expired.")
    );
    let second = fifo.receive(1).remove(0);
    assert!(fifo.delete(&first).is_err(), "superseded");
    fifo.delete(&second).unwrap();
}

#[test]
fn a_visibility_timeout_can_be_ended_and_extended() {
    let mut story = Story::standard();
    story.send("a");
    let first = story.receive(1).remove(0);
    story.change(&first, 0).unwrap();
    assert_eq!(story.change(&first, 5), Err(SqsError::MessageNotInflight));
    let second = story.receive(1).remove(0);
    story.change(&second, 60).unwrap();
    story.wait_s(59);
    assert!(story.receive(1).is_empty());
    story.wait_s(1);
    assert_eq!(story.bodies(1), ["a"]);
}

#[test]
fn a_visibility_timeout_stays_within_twelve_hours_of_the_receive() {
    let mut story = Story::on(&[("VisibilityTimeout", "43200")]);
    story.send("a");
    let received = story.receive(1).remove(0);
    for seconds in [-1, 43_201] {
        assert!(story.change(&received, seconds).is_err(), "{seconds}");
    }
    story.wait_s(10);
    assert!(story.change(&received, 43_200).is_err(), "beyond the limit");
    story.change(&received, 43_190).unwrap();
}

#[test]
fn the_visibility_of_a_superseded_receive_cannot_be_changed() {
    let mut story = Story::standard();
    story.send("a");
    let first = story.receive(1).remove(0);
    story.wait_s(30);
    story.receive(1);
    assert_eq!(
        story.change(&first, 5).unwrap_err().shape(),
        "InvalidParameterValue"
    );
}

#[test]
fn a_delay_counts_per_message_or_for_the_whole_standard_queue() {
    let mut story = Story::on(&[("DelaySeconds", "10")]);
    story.send("queue's delay");
    let own = Outgoing {
        delay_seconds: Some(2),
        ..text("own delay")
    };
    story.try_send(&own).unwrap();
    assert_eq!(story.counts(), (0, 0, 2));
    assert_eq!(
        story.queue.stats(story.now).next_change_at,
        Some(story.now + 2_000)
    );
    story.wait_s(2);
    assert_eq!(story.bodies(10), ["own delay"]);
    story.wait_s(8);
    assert_eq!(story.bodies(10), ["queue's delay"]);
}

#[test]
fn a_fifo_queue_delays_as_a_whole_and_in_order() {
    let mut story = Story::on(&[("FifoQueue", "true"), ("DelaySeconds", "10")]);
    story.send("A1");
    story.wait_s(9);
    story.send("A2");
    assert!(story.receive(10).is_empty());
    story.wait_s(1);
    // A later message that is still delayed does not hold back earlier ones.
    assert_eq!(story.bodies(10), ["A1"]);
}

#[test]
fn what_a_fifo_queue_asks_of_a_message() {
    let group = Outgoing {
        message_group_id: Some("g".to_owned()),
        ..text("x")
    };
    let delayed = Outgoing {
        message_deduplication_id: Some("d".to_owned()),
        delay_seconds: Some(3),
        ..group.clone()
    };
    let cases = [
        ("no group", text("x"), "MissingParameter"),
        ("no de-duplication id", group, "InvalidParameterValue"),
        ("own delay", delayed, "InvalidParameterValue"),
    ];
    for (name, outgoing, shape) in cases {
        let error = Story::fifo().try_send(&outgoing).unwrap_err();
        assert_eq!(error.shape(), shape, "{name}");
    }
    let deduplicated = Outgoing {
        message_deduplication_id: Some("d".to_owned()),
        ..text("x")
    };
    assert!(Story::standard().try_send(&deduplicated).is_err());
}

#[test]
fn a_group_waits_while_one_of_its_messages_is_in_flight() {
    let mut story = Story::fifo();
    for body in ["A1", "A2", "B1", "A3"] {
        story.send(body);
    }
    let first = story.receive(1).remove(0);
    assert_eq!(first.message.body, "A1");
    assert_eq!(story.counts(), (3, 1, 0));
    assert_eq!(story.queue.stats(story.now).receivable, 1);
    assert_eq!(story.bodies(10), ["B1"]);
    story.delete(&first).unwrap();
    let rest = story.receive(10);
    assert_eq!(bodies(&rest), ["A2", "A3"], "together and in order");

    story.change(&rest[1], 0).unwrap();
    assert!(story.receive(10).is_empty(), "A3 waits behind A2");
    story.change(&rest[0], 0).unwrap();
    assert_eq!(story.bodies(10), ["A2", "A3"]);
}

#[test]
fn a_group_keeps_its_order_after_a_visibility_timeout() {
    let mut story = Story::fifo();
    for body in ["A1", "B1", "A2", "B2"] {
        story.send(body);
    }
    story.receive(3);
    story.wait_s(30);
    assert_eq!(story.bodies(10), ["A1", "B1", "A2", "B2"]);
}

#[test]
fn a_repeated_message_is_recognised_for_five_minutes_even_after_its_deletion() {
    let mut story = Story::fifo();
    let first = story.send("A1");
    assert_eq!(story.send("A1"), first);
    let received = story.receive(10);
    assert_eq!(received.len(), 1);
    story.delete(&received[0]).unwrap();
    story.wait_s(299);
    assert_eq!(story.send("A1"), first);
    assert!(story.receive(10).is_empty());
    story.wait_s(1);
    assert_ne!(story.send("A1"), first);
    assert_eq!(story.bodies(10), ["A1"]);
}

#[test]
fn the_scope_of_deduplication_is_the_queue_or_the_group() {
    for (scope, expected) in [("queue", 1), ("messageGroup", 2)] {
        let mut story = Story::on(&[("FifoQueue", "true"), ("DeduplicationScope", scope)]);
        for group in ["A", "B", "B"] {
            let outgoing = Outgoing {
                message_group_id: Some(group.to_owned()),
                message_deduplication_id: Some("same".to_owned()),
                ..text("x")
            };
            story.try_send(&outgoing).unwrap();
        }
        assert_eq!(story.receive(10).len(), expected, "{scope}");
    }
}

#[test]
fn the_body_is_the_deduplication_id_if_the_queue_says_so() {
    let mut story = Story::on(&[("FifoQueue", "true"), ("ContentBasedDeduplication", "true")]);
    for body in ["same", "same", "other"] {
        let outgoing = Outgoing {
            message_group_id: Some("g".to_owned()),
            ..text(body)
        };
        story.try_send(&outgoing).unwrap();
    }
    let received = story.receive(10);
    assert_eq!(bodies(&received), ["same", "other"]);
    assert_eq!(
        received[0].message.message_deduplication_id,
        Some(digest::content_deduplication_id("same"))
    );
}

#[test]
fn what_was_received_too_often_is_dead_and_no_longer_blocks_its_group() {
    let mut story = Story::on(&[("FifoQueue", "true"), ("VisibilityTimeout", "0")]);
    story.send("A1");
    story.send("A2");
    for _ in 0..2 {
        let received = story.queue.receive(1, None, Some(2), story.now);
        assert_eq!(bodies(&received.messages), ["A1"]);
        assert!(received.dead.is_empty());
    }
    let received = story.queue.receive(1, None, Some(2), story.now);
    assert_eq!(bodies(&received.messages), ["A2"]);
    assert_eq!(received.dead[0].body, "A1");
    assert_eq!(received.dead[0].delivery.receive_count, 2);
}

#[test]
fn a_message_is_kept_for_the_retention_period() {
    let mut story = Story::on(&[("MessageRetentionPeriod", "60")]);
    story.send("a");
    story.wait_s(59);
    assert_eq!(story.counts(), (1, 0, 0));
    story.wait_s(1);
    assert_eq!(story.counts(), (0, 0, 0));
    assert!(story.receive(10).is_empty());
}

#[test]
fn resetting_forgets_what_was_seen() {
    let mut story = Story::fifo();
    story.send("A1");
    story.queue.reset();
    assert!(story.receive(10).is_empty());
    story.send("A1");
    assert_eq!(story.bodies(10), ["A1"]);
}

#[test]
fn changes_replayed_on_an_empty_queue_give_the_same_queue() {
    let mut story = Story::fifo();
    for body in ["A1", "A2", "B1"] {
        story.send(body);
    }
    let received = story.receive(10);
    story.delete(&received[0]).unwrap();
    story.change(&received[1], 5).unwrap();
    let recorded = story.queue.take_changes();

    for changes in [recorded, story.queue.snapshot()] {
        let mut copy = Story::fifo();
        for change in changes {
            copy.queue.apply(change);
        }
        (copy.now, copy.sent) = (story.now, story.sent);
        assert!(copy.queue.messages().eq(story.queue.messages()));
        assert_eq!(copy.queue.settings(), story.queue.settings());
        copy.send("A1");
        assert_eq!(copy.counts(), story.counts(), "A1 is still known");
    }
}
