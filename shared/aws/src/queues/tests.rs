use casement_core::model::fingerprint;
use casement_core::model::identity::{CommentId, ConversationKey, IssueId, PhoneNumberId};
use casement_core::model::timer::Timer;
use casement_core::model::trace_context::TraceContext;
use chrono::DateTime;
use serde_json::{Value, json};
use wiremock::MockServer;

use casement_core::model::queue::CommentEvent;

use super::*;
use crate::testing::{calls, clients, service};

const URL: &str = "https://sqs.eu-central-1.amazonaws.com/1/queue";

fn refused() -> (u16, Value) {
    let error = json!({ "__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "quotes" });
    (400, error)
}

/// What SQS answers to a batch of which the entries in `failed` are refused.
fn batch_answer(sent: usize, failed: &[usize]) -> (u16, Value) {
    let successful: Vec<_> = (0..sent)
        .filter(|index| !failed.contains(index))
        .map(|index| json!({ "Id": index.to_string(), "MessageId": "m", "MD5OfMessageBody": "d" }))
        .collect();
    let failed: Vec<_> = failed
        .iter()
        .map(|index| json!({ "Id": index.to_string(), "Code": "InternalError", "SenderFault": false }))
        .collect();
    (200, json!({ "Successful": successful, "Failed": failed }))
}

fn sender(server: &MockServer) -> BatchSender {
    BatchSender::new(clients(&server.uri()).sqs(), URL)
}

fn release() -> OutboundQueueMessage {
    OutboundQueueMessage::CommentCreated(CommentEvent {
        issue_id: IssueId::new("10001"),
        comment_id: CommentId::new("10100"),
        author: None,
        door: None,
    })
}

fn notice(customer: &str) -> DelayQueueMessage {
    DelayQueueMessage::TimerDue {
        conversation: ConversationKey::new(&PhoneNumberId::new("1065"), customer),
        timer: Timer::DelayNotice,
        due_at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
    }
}

#[tokio::test]
async fn outbound_messages_are_grouped_by_issue() {
    let server = service(vec![(
        200,
        json!({ "MessageId": "m", "MD5OfMessageBody": "d" }),
    )])
    .await;
    let queue = SqsOutbound::new(clients(&server.uri()).sqs(), URL);
    let sent = queue.enqueue(&release(), "release:00ff").await;
    assert_eq!(sent, Ok(()));
    let expected = json!({
        "QueueUrl": URL,
        "MessageBody": r#"{"v":1,"type":"comment_created","issue_id":"10001","comment_id":"10100"}"#,
        "MessageGroupId": fingerprint::of(&["10001"]),
        "MessageDeduplicationId": "release:00ff",
    });
    assert_eq!(calls(&server).await, [("SendMessage".to_owned(), expected)]);
}

#[tokio::test]
async fn messages_carry_the_trail_of_the_work_that_sends_them() {
    let sent = (200, json!({ "MessageId": "m", "MD5OfMessageBody": "d" }));
    let server = service(vec![sent, batch_answer(1, &[]), batch_answer(1, &[])]).await;
    let sqs = clients(&server.uri()).sqs();
    let outbound = SqsOutbound::new(sqs.clone(), URL);
    let delays = SqsDelay::new(sqs.clone(), URL);
    let header = "Root=1-67891233-abcdef012345678912345678";
    let trace_context = TraceContext::of("message:00ff").traced(Some(header.to_owned()));
    let work = async {
        outbound.enqueue(&release(), "x").await?;
        let due = [(notice("49151"), Duration::zero())];
        delays.enqueue_later(&due).await?;
        let own = QueueEntry {
            correlation_id: Some("comment:7".to_owned()),
            ..QueueEntry::new("{}".to_owned())
        };
        sender(&server).send_all(vec![own]).await
    };
    assert_eq!(follow(trace_context, work).await, Ok(()));
    let calls = calls(&server).await;
    let messages = [
        (&calls[0].1, "message:00ff"),
        (&calls[1].1["Entries"][0], "message:00ff"),
        (&calls[2].1["Entries"][0], "comment:7"),
    ];
    for (message, id) in messages {
        let text = |value: &str| json!({ "DataType": "String", "StringValue": value });
        let attributes = json!({ "correlation_id": text(id) });
        assert_eq!(message["MessageAttributes"], attributes);
        let system = json!({ "AWSTraceHeader": text(header) });
        assert_eq!(message["MessageSystemAttributes"], system);
    }
}

#[tokio::test]
async fn a_refused_message_is_an_error_with_its_code_only() {
    let server = service(vec![refused()]).await;
    let sqs = clients(&server.uri()).sqs();
    let failure = QueueFailure(BackendFailure::Refused("QueueDoesNotExist".to_owned()));
    let outbound = SqsOutbound::new(sqs.clone(), URL);
    let delays = SqsDelay::new(sqs, URL);
    let sent = outbound.enqueue(&release(), "x").await;
    assert_eq!(sent, Err(failure.clone()));
    let messages = [(notice("49151"), Duration::zero())];
    let sent = delays.enqueue_later(&messages).await;
    assert_eq!(sent, Err(failure));
}

#[tokio::test]
async fn delays_are_rounded_up_to_what_sqs_takes() {
    let delays_ms = [-5_000, 0, 1, 1_000, 1_001, 899_001, 900_000, 1_000_000];
    let expected: [Option<i32>; 8] = [
        None,
        None,
        Some(1),
        Some(1),
        Some(2),
        Some(900),
        Some(900),
        Some(900),
    ];
    let server = service(vec![batch_answer(8, &[])]).await;
    let queue = SqsDelay::new(clients(&server.uri()).sqs(), URL);
    let messages = delays_ms.map(|ms| (notice("49151"), Duration::milliseconds(ms)));
    assert_eq!(queue.enqueue_later(&messages).await, Ok(()));

    let body = r#"{"v":1,"type":"timer_due","conversation":{"phone_number_id":"1065","customer":"49151"},"timer":"delay_notice","due_at":1790000000}"#;
    let entries: Vec<_> = (0..)
        .zip(expected)
        .map(|(index, delay): (usize, _)| {
            let mut entry = json!({ "Id": index.to_string(), "MessageBody": body });
            if let Some(delay) = delay {
                entry["DelaySeconds"] = delay.into();
            }
            entry
        })
        .collect();
    let expected = json!({ "QueueUrl": URL, "Entries": entries });
    assert_eq!(
        calls(&server).await,
        [("SendMessageBatch".to_owned(), expected)]
    );
}

#[tokio::test]
async fn many_entries_take_several_calls_in_order() {
    let answers = vec![
        batch_answer(10, &[]),
        batch_answer(10, &[]),
        batch_answer(3, &[]),
    ];
    let server = service(answers).await;
    let entries = (0..23).map(|n| QueueEntry {
        group: Some("a customer".to_owned()),
        deduplication_id: Some(format!("message-{n}")),
        ..QueueEntry::new(format!("{{\"n\":{n}}}"))
    });
    assert_eq!(sender(&server).send_all(entries.collect()).await, Ok(()));
    let calls = calls(&server).await;
    let sent: Vec<_> = calls
        .iter()
        .flat_map(|(_, body)| body["Entries"].as_array().unwrap())
        .collect();
    assert_eq!((calls.len(), sent.len()), (3, 23));
    for (n, entry) in sent.into_iter().enumerate() {
        assert_eq!(entry["Id"], (n % 10).to_string());
        assert_eq!(entry["MessageBody"], format!("{{\"n\":{n}}}"));
        assert_eq!(entry["MessageDeduplicationId"], format!("message-{n}"));
        assert_eq!(entry["MessageGroupId"], fingerprint::of(&["a customer"]));
    }
}

#[tokio::test]
async fn an_unconfirmed_entry_is_an_error() {
    let unaccounted = "an entry is neither sent nor refused";
    for (answers, calls_made, failure) in [
        (vec![batch_answer(10, &[]), batch_answer(2, &[])], 2, None),
        // The others are sent all the same.
        (
            vec![batch_answer(10, &[9]), batch_answer(2, &[])],
            2,
            Some("InternalError"),
        ),
        (
            vec![batch_answer(10, &[]), batch_answer(2, &[0, 1])],
            2,
            Some("InternalError"),
        ),
        (
            vec![batch_answer(10, &[]), batch_answer(1, &[])],
            2,
            Some(unaccounted),
        ),
        // A call that fails as a whole will not go better with the rest.
        (vec![refused()], 1, Some("QueueDoesNotExist")),
    ] {
        let server = service(answers).await;
        let entries = vec![QueueEntry::new("{}".to_owned()); 12];
        let sent = sender(&server).send_all(entries).await;
        let expected = failure.map_or(Ok(()), |code| {
            let code = code.to_owned();
            Err(QueueFailure(match &*code {
                "QueueDoesNotExist" => BackendFailure::Refused(code),
                _ => BackendFailure::Unreachable(code),
            }))
        });
        assert_eq!(sent, expected);
        assert_eq!(calls(&server).await.len(), calls_made, "{expected:?}");
    }
}

#[tokio::test]
async fn nothing_to_send_is_no_call() {
    let server = service(vec![refused()]).await;
    assert_eq!(sender(&server).send_all(Vec::new()).await, Ok(()));
    assert!(calls(&server).await.is_empty());
}
