use casement_service::ports::{Conversations, Links, Saved};

use super::*;
use crate::keys;

#[tokio::test]
async fn what_is_saved_is_loaded() {
    let store = store().await;
    for conversation in [
        new_conversation("49151"),
        full_conversation("49152"),
        new_conversation("a#b"),
    ] {
        assert_eq!(store.load(&conversation.key).await, Ok(None));
        assert_eq!(store.save(&conversation).await, Ok(Saved::Yes));
        let loaded = store.load(&conversation.key).await.unwrap();
        assert_eq!(loaded, Some(raised(conversation)));
    }
}

#[tokio::test]
async fn only_the_first_of_two_writers_is_saved() {
    let store = store().await;
    let read = new_conversation("49151");
    assert_eq!(store.save(&read).await, Ok(Saved::Yes));
    assert_eq!(store.save(&read).await, Ok(Saved::Conflict));

    let mut mine = raised(read);
    let mut theirs = mine.clone();
    mine.held_count = 1;
    theirs.opted_out = true;
    assert_eq!(store.save(&theirs).await, Ok(Saved::Yes));
    assert_eq!(store.save(&mine).await, Ok(Saved::Conflict));
    let loaded = store.load(&mine.key).await.unwrap();
    assert_eq!(loaded, Some(raised(theirs)));
}

#[tokio::test]
async fn a_conversation_that_is_gone_is_not_brought_back() {
    let store = store().await;
    let read = raised(new_conversation("49151"));
    assert_eq!(store.save(&read).await, Ok(Saved::Conflict));
    assert_eq!(store.load(&read.key).await, Ok(None));
}

#[tokio::test]
async fn a_customer_under_two_identifiers_begins_one_conversation() {
    let aliases = |names: &[&str]| -> Vec<String> { names.iter().map(|n| (*n).into()).collect() };
    for (case, first, second) in [
        ("the same", ("DE.7", vec!["49151"]), ("DE.7", vec!["49151"])),
        ("then its alias", ("DE.7", vec!["49151"]), ("49151", vec![])),
        (
            "the alias before",
            ("49151", vec![]),
            ("DE.7", vec!["49151"]),
        ),
        (
            "a common alias",
            ("DE.7", vec!["49151"]),
            ("DE.8", vec!["49151"]),
        ),
    ] {
        let store = store().await;
        let begin = async |(customer, names): &(&str, Vec<&str>)| {
            let conversation = new_conversation(customer);
            store.begin(&conversation, &aliases(names)).await
        };
        assert_eq!(begin(&first).await, Ok(Saved::Yes), "{case}");
        assert_eq!(begin(&second).await, Ok(Saved::Conflict), "{case}");
        let loaded = store.load(&key(first.0)).await.unwrap();
        assert_eq!(loaded, Some(raised(new_conversation(first.0))), "{case}");
        for name in &first.1 {
            let alias = store.of_alias(&PhoneNumberId::new("1065"), name).await;
            assert_eq!(alias, Ok(Some(key(first.0))), "{case}");
        }
    }
}

#[tokio::test]
async fn only_a_timer_puts_a_conversation_into_the_index() {
    let store = store().await;
    let armed = full_conversation("49151");
    store.save(&armed).await.unwrap();
    let item = stored(&store, keys::conversation(&armed.key)).await;
    let shard = casement_core::model::timer::shard(&armed.key);
    assert_eq!(item["due_shard"].as_s().unwrap(), &shard);
    assert_eq!(number(&item, "due_at"), at(1_800).timestamp());

    // Another timer is the first now.
    let answered = raised(armed).answered();
    store.save(&answered).await.unwrap();
    let item = stored(&store, keys::conversation(&answered.key)).await;
    assert_eq!(number(&item, "due_at"), at(1_803).timestamp());

    let mut answered = raised(answered);
    answered.timers = Timers::default();
    store.save(&answered).await.unwrap();
    let item = stored(&store, keys::conversation(&answered.key)).await;
    assert!(!item.contains_key("due_shard") && !item.contains_key("due_at"));
}

#[tokio::test]
async fn a_conversation_is_kept_for_a_year_after_the_customers_last_message() {
    let store = store().await;
    for (conversation, last) in [
        (full_conversation("49151"), at(0)),
        // Nobody wrote yet: from now on.
        (new_conversation("49152"), at(0)),
    ] {
        store.save(&conversation).await.unwrap();
        let item = stored(&store, keys::conversation(&conversation.key)).await;
        assert_eq!(number(&item, "expires_at"), last.timestamp() + days(365));
    }
}
