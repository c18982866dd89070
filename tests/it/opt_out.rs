use std::time::Duration;

use casement_tests::Stack;

const ANA: &str = "4915112345678";
const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn stop_ends_notices_and_nothing_else_until_start() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    stack.customer_wrote(ANA, "STOP").await;
    let received = stack.received(ANA).await;
    assert_eq!(received.len(), 1, "{received:?}");
    assert!(received[0].starts_with("You will get no more automatic messages"));
    let request = stack.request().await;
    assert_eq!(request.public(), ["My order is late", "STOP"]);
    assert!(
        request.internal()[0].starts_with("The customer wants no automatic messages."),
        "{request:#?}"
    );

    // The notice of the first message was armed before the opt-out.
    stack.advance(31 * MINUTE).await;
    assert_eq!(stack.received(ANA).await.len(), 1);
    stack.agent_wrote(&request.key, "It arrives tomorrow").await;
    assert_eq!(stack.received(ANA).await[1], "It arrives tomorrow");
    stack.customer_wrote(ANA, "When?").await;
    stack.advance(31 * MINUTE).await;
    assert_eq!(stack.received(ANA).await.len(), 2);

    stack.agent_wrote(&request.key, "At noon").await;
    stack.customer_wrote(ANA, "start").await;
    let received = stack.received(ANA).await;
    assert!(
        received[3].starts_with("You will get automatic messages from us again"),
        "{received:?}"
    );
    stack.customer_wrote(ANA, "And now?").await;
    stack.advance(31 * MINUTE).await;
    assert_eq!(
        stack.received(ANA).await.len(),
        5,
        "there is a notice again"
    );
}
