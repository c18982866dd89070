use casement_core::model::identity::CommentId;
use casement_service::ports::{Conversations, Held, HeldReplies, HeldReply, Saved};

use super::*;
use crate::keys;

fn reply(comment: &str, created: i64) -> HeldReply {
    HeldReply {
        comment_id: CommentId::new(comment),
        issue_id: IssueId::new("10001"),
        created: at(created) + Duration::microseconds(123_456),
        held_since: at(created + 9),
        by_rule: true,
    }
}

async fn saved(store: &TestStore, customer: &str) -> Conversation {
    let conversation = new_conversation(customer);
    store.save(&conversation).await.unwrap();
    raised(conversation)
}

#[tokio::test]
async fn a_reply_is_held_together_with_its_conversation() {
    let store = store().await;
    let mut conversation = saved(&store, "49151").await;
    conversation.held_count = 1;
    let held = store.hold(&conversation, &reply("7", 0)).await;
    assert_eq!(held, Ok(Held::Now));
    let replies = store.held(&conversation.key).await;
    assert_eq!(replies, Ok(vec![reply("7", 0)]));
    let loaded = store.load(&conversation.key).await;
    assert_eq!(loaded, Ok(Some(raised(conversation.clone()))));
    let item = stored(&store, keys::held_reply(&conversation.key, &reply("7", 0))).await;
    assert_eq!(number(&item, "expires_at"), at(9).timestamp() + days(400));
}

#[tokio::test]
async fn a_refused_hold_writes_neither() {
    let store = store().await;
    let stale = saved(&store, "49151").await;
    let held = store.hold(&stale, &reply("7", 0)).await;
    assert_eq!(held, Ok(Held::Now));
    let current = raised(stale.clone());
    for (conversation, reply, expected) in [
        (&stale, reply("8", 0), Held::Conflict),
        (&current, reply("7", 0), Held::Already),
        (&stale, reply("7", 0), Held::Already),
    ] {
        let held = store.hold(conversation, &reply).await;
        assert_eq!(held, Ok(expected), "{reply:?}");
    }
    let replies = store.held(&stale.key).await.unwrap();
    assert_eq!(replies, vec![reply("7", 0)]);
    assert_eq!(store.load(&stale.key).await, Ok(Some(current)));
}

#[tokio::test]
async fn a_reply_is_released_together_with_its_conversation() {
    let store = store().await;
    let before = saved(&store, "49151").await;
    store.hold(&before, &reply("7", 0)).await.unwrap();
    let current = raised(before.clone());
    let unheld = store.unhold(&before, &reply("7", 0)).await;
    assert_eq!(unheld, Ok(Saved::Conflict));
    assert_eq!(store.held(&before.key).await.unwrap().len(), 1);
    let unheld = store.unhold(&current, &reply("7", 0)).await;
    assert_eq!(unheld, Ok(Saved::Yes));
    assert_eq!(store.held(&before.key).await, Ok(vec![]));
    assert_eq!(store.load(&before.key).await, Ok(Some(raised(current))));
}

#[tokio::test]
async fn replies_come_oldest_first_and_only_ones_own() {
    let store = store().await;
    let mut conversation = saved(&store, "49151").await;
    let other = saved(&store, "49151#1").await;
    store.hold(&other, &reply("1", 0)).await.unwrap();
    let order = [
        reply("9", -100),
        reply("9", 0),
        reply("10", 0),
        reply("2", 5),
        reply("1", 100_000),
    ];
    for index in [3, 0, 4, 2, 1] {
        let held = store.hold(&conversation, &order[index]).await;
        assert_eq!(held, Ok(Held::Now));
        conversation = raised(conversation);
    }
    assert_eq!(store.held(&conversation.key).await, Ok(order.to_vec()));
}
