use std::time::Duration;

use casement_tests::Stack;

const ANA: &str = "4915112345678";
const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_notice_goes_out_once_by_itself() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    stack.advance(10 * MINUTE).await;
    stack.customer_wrote(ANA, "Hello?").await;
    stack.advance(19 * MINUTE).await;
    assert!(
        stack.received(ANA).await.is_empty(),
        "not before half an hour"
    );

    stack.advance(2 * MINUTE).await;
    let received = stack.received(ANA).await;
    assert_eq!(received.len(), 1);
    assert!(
        received[0].starts_with("Thank you for your message"),
        "{received:?}"
    );
    let request = stack.request().await;
    assert!(
        request.internal()[0].starts_with("Delay notice sent"),
        "{request:#?}"
    );

    for _ in 0..3 {
        stack.advance(20 * MINUTE).await;
    }
    assert_eq!(
        stack.received(ANA).await.len(),
        1,
        "one silence, one notice"
    );
}

#[tokio::test]
async fn no_notice_follows_an_answer() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.advance(20 * MINUTE).await;
    stack.agent_wrote(&key, "It arrives tomorrow").await;
    stack.advance(20 * MINUTE).await;
    stack.advance(20 * MINUTE).await;
    assert_eq!(stack.received(ANA).await, ["It arrives tomorrow"]);

    // The next silence has its own notice.
    stack.customer_wrote(ANA, "And when tomorrow?").await;
    stack.advance(31 * MINUTE).await;
    assert_eq!(stack.received(ANA).await.len(), 2);
}

#[tokio::test]
async fn no_notice_follows_an_internal_note_only_an_answer_counts() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.agent_writes(&key, "Let me look", false).await;
    stack.quiet().await;
    stack.advance(31 * MINUTE).await;
    assert_eq!(
        stack.received(ANA).await.len(),
        1,
        "the customer has heard nothing yet"
    );
}
