use std::cell::RefCell;

use casement_core::model::identity::{BusinessAccountId, CommentId, Wamid};
use casement_core::model::ledger::OutboundKey;
use casement_core::model::queue::decode;
use casement_core::model::status::Delivery;
use chrono::DateTime;

use casement_core::model::account::{AccountEvent, AccountKind};
use casement_core::model::content::InboundContent;
use casement_core::model::identity::IdentityChange;
use casement_core::model::queue::InboundQueueMessage;
use casement_core::model::status::{StatusReport, TemplateChange};
use casement_service::ports::{BatchQueue, QueueEntry};
use casement_service::{BackendFailure, Intake, QueueFailure};
use casement_testkit::{at, identity, number, text};

/// A queue that takes messages of up to 2,000 bytes, or refuses everything.
#[derive(Default)]
struct Queue {
    sent: RefCell<Vec<QueueEntry>>,
    refuses: bool,
}

impl BatchQueue for Queue {
    const LONGEST_BODY: usize = 2000;

    async fn send_all(&self, entries: Vec<QueueEntry>) -> Result<(), QueueFailure> {
        if self.refuses {
            return Err(refused());
        }
        self.sent.borrow_mut().extend(entries);
        Ok(())
    }
}

fn refused() -> QueueFailure {
    QueueFailure(BackendFailure::Refused("QueueDoesNotExist".to_owned()))
}

fn change() -> IdentityChange {
    IdentityChange {
        phone_number_id: number(),
        wamid: Wamid::new("wamid.change"),
        former: identity(None, Some("4915112345678")),
        new: identity(None, Some("4915187654321")),
        changed_at: at(0),
    }
}

fn report() -> StatusReport {
    StatusReport {
        phone_number_id: Some(number()),
        wamid: Wamid::new("wamid.ours"),
        recipient: None,
        callback: Some(OutboundKey::comment(&CommentId::new("7"), 0).to_string()),
        price: None,
        delivery: Delivery::Sent,
        at: DateTime::UNIX_EPOCH,
    }
}

async fn taken(intake: Intake) -> (Vec<QueueEntry>, Vec<QueueEntry>) {
    let (inbound, status) = (Queue::default(), Queue::default());
    assert_eq!(intake.run(&inbound, &status).await, Ok(()));
    (inbound.sent.into_inner(), status.sent.into_inner())
}

#[tokio::test]
async fn a_change_goes_before_the_messages_and_messages_keep_their_order() {
    let messages = vec![text("a", "one", at(0)), text("b", "two", at(1))];
    let intake = Intake {
        messages: messages.clone(),
        identity_changes: vec![change()],
        ..Intake::default()
    };
    let (sent, _) = taken(intake).await;
    let bodies: Vec<_> = sent.iter().map(|entry| decode(&entry.body)).collect();
    let mut expected = vec![Ok(InboundQueueMessage::IdentityChange(change().into()))];
    let messages = messages.into_iter().map(Box::new);
    expected.extend(messages.map(|message| Ok(InboundQueueMessage::CustomerMessage(message))));
    assert_eq!(bodies, expected);
    // A customer's messages are one group, and each repeated webhook is recognised.
    assert_eq!(sent[1].group, sent[2].group);
    assert_eq!(sent[0].group.as_deref(), Some("1065:4915112345678"));
    let id = change().wamid.fingerprint();
    assert_eq!(sent[0].deduplication_id.as_ref(), Some(&id));
    assert_ne!(sent[1].deduplication_id, sent[2].deduplication_id);
    assert_eq!(sent[0].correlation_id, Some(format!("message:{id}")));
}

#[tokio::test]
async fn reports_go_to_their_own_queue_by_number_and_account() {
    let changed = TemplateChange {
        business_account_id: BusinessAccountId::new("200"),
        name: "order_update".to_owned(),
        language: "en".to_owned(),
        event: None,
        changed_at: None,
        category: None,
    };
    let account = AccountEvent {
        business_account_id: Some(BusinessAccountId::new("201")),
        kind: AccountKind::QualityFlagged,
        details: Vec::new(),
        at: at(0),
    };
    let intake = Intake {
        statuses: vec![report()],
        template_changes: vec![changed],
        account_events: vec![account],
        ..Intake::default()
    };
    let (messages, reports) = taken(intake).await;
    assert_eq!(messages, []);
    let groups: Vec<_> = reports.iter().map(|entry| entry.group.as_deref()).collect();
    assert_eq!(groups, [Some("1065"), Some("200"), Some("201")]);
    assert_eq!(reports[0].correlation_id.as_deref(), Some("comment:7"));
    assert!(reports.iter().all(|entry| entry.deduplication_id.is_none()));
}

#[tokio::test]
async fn a_message_too_long_for_the_queue_becomes_a_placeholder() {
    let long = "far too long ".repeat(100);
    let messages = vec![text("a", &long, at(0)), text("b", "after", at(1))];
    let intake = Intake {
        messages,
        ..Intake::default()
    };
    let (sent, _) = taken(intake).await;
    let messages = sent.iter().map(|entry| decode(&entry.body).unwrap());
    let contents: Vec<_> = messages
        .map(|message| match message {
            InboundQueueMessage::CustomerMessage(message) => message.content,
            InboundQueueMessage::IdentityChange(_) => unreachable!("nobody has changed"),
        })
        .collect();
    let kind = "text".to_owned();
    assert_eq!(contents[0], InboundContent::Other { kind });
    assert_eq!(contents[1], text("b", "after", at(1)).content);
    assert!(sent.iter().all(|entry| entry.body.len() <= 1000));
}

#[tokio::test]
async fn a_webhook_is_not_taken_until_every_queue_has_its_part() {
    for (inbound, status) in [(true, false), (false, true)] {
        let queue = |refuses| Queue {
            refuses,
            ..Queue::default()
        };
        let intake = Intake {
            messages: vec![text("a", "one", at(0))],
            statuses: vec![report()],
            ..Intake::default()
        };
        let taken = intake.run(&queue(inbound), &queue(status)).await;
        assert_eq!(taken, Err(refused()));
    }
}
