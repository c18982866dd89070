use std::time::Duration;

use casement_tests::Stack;
use chrono::{Days, Utc};

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
        received[0].starts_with("Thank you for your message, Ana Lima."),
        "{received:?}"
    );
    let request = stack.request().await;
    assert!(received[0].contains(&request.key), "{received:?}");
    assert!(
        request.internal()[0].starts_with("Delay notice sent"),
        "{request:#?}"
    );

    for _ in 0..3 {
        stack.advance(20 * MINUTE).await;
    }
    assert_eq!(stack.received(ANA).await.len(), 1, "one wait, one notice");
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

    // The next wait gets its own notice.
    stack.customer_wrote(ANA, "And when tomorrow?").await;
    stack.advance(31 * MINUTE).await;
    let received = stack.received(ANA).await;
    assert_eq!(received.len(), 2);
    assert!(
        received[1].starts_with("Thank you for your message, Ana Lima. All our agents are busy"),
        "the request is no longer new: {received:?}"
    );
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

/// Replaces the settings with the three required keys and `more`.
async fn set(stack: &Stack, more: &str) {
    let document = format!(
        "[[number]]\nphone_number_id = \"106540352242922\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\n{more}"
    );
    let request = stack.client().put(stack.url("/api/settings"));
    let response = request.body(document).send().await.unwrap();
    assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
}

#[tokio::test]
async fn while_closed_a_customer_is_told_at_once_when_it_opens_in_the_language_of_the_number() {
    let stack = Stack::start().await;
    let today = Utc::now().date_naive();
    let (yesterday, tomorrow) = (today - Days::new(1), today + Days::new(1));
    set(
        &stack,
        &format!(
            "[number.languages]\n49 = \"de\"\n[[number.holidays]]\nfrom = {yesterday}\nto = {tomorrow}\n"
        ),
    )
    .await;
    stack.customer_wrote(ANA, "Hallo?").await;
    stack.advance(Duration::from_secs(30)).await;
    let received = stack.received(ANA).await;
    assert_eq!(received.len(), 1, "{received:?}");
    let opening = (today + Days::new(2)).format_localized("%A, %-d. %B", chrono::Locale::de_DE);
    assert!(
        received[0].starts_with("Vielen Dank für Ihre Nachricht, Ana Lima. Wir sind gerade nicht")
            && received[0].contains(&format!("Ab {opening}, 0:00 Uhr sind wir wieder")),
        "{received:?}"
    );

    // There is one notice in a wait, even if opening hours begin meanwhile.
    stack.customer_wrote(ANA, "Hallo??").await;
    set(&stack, "").await;
    stack.advance(40 * MINUTE).await;
    assert_eq!(stack.received(ANA).await.len(), 1);
}

#[tokio::test]
async fn a_broken_document_is_refused_in_words_and_the_good_one_stays() {
    let stack = Stack::start().await;
    let document = "[[number]]\nphone_number_id = \"1\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\n\n[number.hours]\nmonday = [\"09:00-12:00\", \"11:00-13:00\"]\n";
    let request = stack.client().put(stack.url("/api/settings"));
    let response = request.body(document).send().await.unwrap();
    assert_eq!(response.status(), 400);
    let problem: serde_json::Value = response.json().await.unwrap();
    assert_eq!(
        problem["detail"],
        "line 7: [number.hours] monday: 09:00-12:00 and 11:00-13:00 overlap"
    );
    stack.customer_wrote(ANA, "Hello").await;
    stack.request().await;
}
