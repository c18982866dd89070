use casement_core::model::identity::CommentId;
use casement_service::ports::{Conversations, Held, HeldReplies, HeldReply, Saved};
use casement_service::{BackendFailure, StoreFailure};
use serde_json::{Value, json};

use super::*;
use crate::keys;
use crate::testing::{clients, service};

fn failed(code: &str) -> Value {
    json!({
        "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"),
        "message": "quotes 49151",
    })
}

async fn failing_store(answer: Value) -> (TestStore, wiremock::MockServer) {
    let server = service(vec![(400, answer)]).await;
    let client = clients(&server.uri()).dynamodb();
    (DynamoStore::new(client, TABLE, TestClock::new()), server)
}

#[tokio::test]
async fn a_failure_says_its_code_only() {
    for code in ["ResourceNotFoundException", "AccessDeniedException"] {
        let (store, _server) = failing_store(failed(code)).await;
        let expected = StoreFailure(BackendFailure::Refused(code.to_owned()));
        assert_eq!(store.load(&key("49151")).await, Err(expected.clone()));
        assert_eq!(store.save(&new_conversation("49151")).await, Err(expected));
    }
}

#[tokio::test]
async fn an_item_that_is_not_understood_is_not_quoted() {
    let store = store().await;
    let key = key("49151");
    let attributes = [("identity", string("49151"))];
    write(&store, keys::conversation(&key), &attributes).await;
    let failure = store.load(&key).await.unwrap_err().to_string();
    assert_eq!(
        failure,
        "the table failed: the stored item is not understood"
    );
}

#[tokio::test]
async fn a_write_during_a_transaction_is_a_conflict() {
    let (store, _server) = failing_store(failed("TransactionConflictException")).await;
    let saved = store.save(&new_conversation("49151")).await;
    assert_eq!(saved, Ok(Saved::Conflict));
}

#[tokio::test]
async fn the_reasons_of_a_cancelled_transaction_are_told_apart() {
    let refused = "ConditionalCheckFailed";
    let other = || {
        Err(StoreFailure(BackendFailure::Throttled(
            "TransactionCanceledException".to_owned(),
        )))
    };
    for (conversation, reply, held, unheld) in [
        (refused, "None", Ok(Held::Conflict), Ok(Saved::Conflict)),
        ("None", refused, Ok(Held::Already), Ok(Saved::Conflict)),
        (refused, refused, Ok(Held::Already), Ok(Saved::Conflict)),
        (
            "TransactionConflict",
            "None",
            Ok(Held::Conflict),
            Ok(Saved::Conflict),
        ),
        (
            "None",
            "TransactionConflict",
            Ok(Held::Conflict),
            Ok(Saved::Conflict),
        ),
        (
            "ThrottlingError",
            "None",
            other(),
            other().map(|_: Held| Saved::Yes),
        ),
    ] {
        let mut answer = failed("TransactionCanceledException");
        answer["CancellationReasons"] = json!([{ "Code": conversation }, { "Code": reply }]);
        let (store, _server) = failing_store(answer).await;
        let held_reply = HeldReply {
            comment_id: CommentId::new("7"),
            issue_id: IssueId::new("10001"),
            created: at(0),
            held_since: at(0),
            by_rule: false,
        };
        let state = new_conversation("49151");
        let reasons = (conversation, reply);
        assert_eq!(store.hold(&state, &held_reply).await, held, "{reasons:?}");
        assert_eq!(
            store.unhold(&state, &held_reply).await,
            unheld,
            "{reasons:?}"
        );
    }
}
