//! Writers at the same time (developer guide, "Condition expressions" and "Atomic
//! counters").

use super::{Table, number, refusal};

const WRITERS: i64 = 50;

/// Of many conditional updates at once, one succeeds.
#[tokio::test]
async fn one_of_many_conditional_updates_succeeds() {
    let table = Table::create().await;
    table.put("a", "a", 1).await;
    let updates: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let updating = table
                .updating("a", "a", "SET v = :new, winner = :writer")
                .condition_expression("v = :old")
                .expression_attribute_values(":old", number(1))
                .expression_attribute_values(":new", number(2))
                .expression_attribute_values(":writer", number(writer));
            tokio::spawn(updating.send())
        })
        .collect();
    let mut winners = Vec::new();
    for (writer, update) in (0..).zip(updates) {
        match refusal(update.await.unwrap()).as_str() {
            "accepted" => winners.push(writer),
            code => assert_eq!(code, "ConditionalCheckFailedException"),
        }
    }
    let item = table.get("a", "a").await.unwrap();
    assert_eq!(winners.len(), 1);
    assert_eq!(item["winner"], number(winners[0]));
}

/// Of many counts at once, none is lost.
#[tokio::test]
async fn no_count_is_lost() {
    let table = Table::create().await;
    let updates: Vec<_> = (0..WRITERS)
        .map(|_| {
            let updating = table
                .updating("a", "a", "ADD n :one")
                .expression_attribute_values(":one", number(1));
            tokio::spawn(updating.send())
        })
        .collect();
    for update in updates {
        update.await.unwrap().unwrap();
    }
    assert_eq!(table.get("a", "a").await.unwrap()["n"], number(WRITERS));
}
