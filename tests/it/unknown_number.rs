//! Three numbers of one account: one is served, one is somebody else's, and one is not in the
//! settings.

use std::time::Duration;

use casement_tests::Stack;
use casement_tests::meta::{NUMBER, message, text, webhook};
use reqwest::Method;
use serde_json::{Value, json};

const OTHER: &str = "106540352242923";
const UNKNOWN: &str = "106540352242924";
const ANA: &str = "4915112345678";

/// Builds a change for the business number with this id.
fn at(number: &str, lists: Value) -> Value {
    let mut change = casement_tests::meta::change(lists);
    change["value"]["metadata"]["phone_number_id"] = json!(number);
    change
}

fn served(number: &str) -> String {
    format!(
        "[[number]]\nphone_number_id = \"{number}\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\n\
         delay_after = \"30m\"\n"
    )
}

async fn apply(stack: &Stack, settings: String) {
    let request = stack.client().put(stack.url("/api/settings"));
    let response = request.body(settings).send().await.unwrap();
    assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
    // Workers reload the settings once a minute.
    stack.advance(Duration::from_secs(61)).await;
}

/// Returns the sums of the alarm's metric, by number.
async fn counted(stack: &Stack) -> Vec<(String, f64)> {
    let metrics = stack.api(Method::GET, "/api/metrics", Value::Null).await;
    let sums = metrics.as_array().unwrap().iter();
    sums.filter(|sum| sum["name"] == "UnknownNumber")
        .filter_map(|sum| {
            let number = sum["dimensions"]["Number"].as_str()?;
            Some((number.to_owned(), sum["sum"].as_f64()?))
        })
        .collect()
}

/// Delivers texts to each of the three numbers.
async fn write_to_all(stack: &Stack) {
    for (number, body) in [
        (NUMBER, "To the desk"),
        (OTHER, "To somebody else"),
        (UNKNOWN, "To nobody yet"),
    ] {
        let texts = [
            text(ANA, &format!("wamid.A{number}"), body),
            text(ANA, &format!("wamid.B{number}"), "And more"),
        ];
        let change = at(number, json!({"messages": texts}));
        stack.meta_posted(&webhook(vec![change])).await;
    }
    stack.quiet().await;
}

#[tokio::test]
async fn what_is_written_to_a_number_that_is_not_in_the_settings_waits_for_them() {
    let stack = Stack::start().await;
    let others = format!("other_numbers = [\"{OTHER}\"]\n");
    apply(&stack, format!("{others}{}", served(NUMBER))).await;
    write_to_all(&stack).await;
    let moved = message(
        ANA,
        "wamid.MOVED",
        json!({"type": "system", "system": {"type": "user_changed_number", "wa_id": "4915187654321",
            "body": "User A changed from 4915112345678 to 4915187654321"}}),
    );
    let change = at(UNKNOWN, json!({"messages": [moved]}));
    stack.meta_posted(&webhook(vec![change])).await;
    // The sample that Meta's dashboard sends at the press of a button.
    let sample = json!({"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [
        at("123456123", json!({"messages": [text("16315551181", "ABGGFlA5Fpa", "this is a text message")]}))]}]});
    stack.meta_posted(&sample).await;
    stack.quiet().await;

    assert_eq!(stack.request().await.public(), ["To the desk", "And more"]);
    let waiting = &stack.state().await["queues"]["inbound"];
    let waiting = ["visible", "in_flight", "delayed"].map(|name| waiting[name].as_u64().unwrap());
    assert_eq!(waiting.iter().sum::<u64>(), 3);
    let alarms = counted(&stack).await;
    assert_eq!(alarms.len(), 1, "{alarms:?}");
    assert!(alarms[0].0 == UNKNOWN && alarms[0].1 >= 1.0, "{alarms:?}");
    let log = stack.logged();
    let mut lines = log.lines().filter(|line| line.contains(UNKNOWN));
    assert!(lines.any(|line| line.contains("other_numbers")));

    let more = json!({"more_numbers": [OTHER, UNKNOWN]});
    stack.api(Method::POST, "/api/whatsapp/setup", more).await;
    let check = stack.casement(&["check", "--json"]).await.json();
    let rows = check["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["what"] == "other numbers");
    let row = row.unwrap();
    assert_eq!(row["verdict"], "wrong");
    let detail = row["detail"].as_str().unwrap();
    assert!(
        detail.contains(UNKNOWN) && !detail.contains(OTHER),
        "{detail}"
    );

    apply(
        &stack,
        format!("{others}{}{}", served(NUMBER), served(UNKNOWN)),
    )
    .await;
    stack.settle().await;
    let requests = stack.requests().await;
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].public(), ["To nobody yet", "And more"]);
    let check = stack.casement(&["check", "--json"]).await.json();
    let rows = check["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["what"] == "other numbers");
    assert_eq!(row.unwrap()["verdict"], "ok", "{check:#}");
}

#[tokio::test]
async fn what_waited_until_the_dead_letters_is_taken_in_after_a_redrive() {
    let stack = Stack::start().await;
    apply(&stack, served(NUMBER)).await;
    let text = text(ANA, "wamid.LATE", "Is anybody there?");
    let change = at(UNKNOWN, json!({"messages": [text]}));
    stack.meta_posted(&webhook(vec![change])).await;
    for _ in 0..70 {
        stack.quiet().await;
        if stack.state().await["dead_letters"] != json!([]) {
            break;
        }
        stack.advance(Duration::from_secs(1_801)).await;
    }
    let letters = stack.state().await["dead_letters"].clone();
    assert_eq!(letters.as_array().unwrap().len(), 1, "{letters}");
    let said = stack.casement(&["redrive", "inbound", "--look"]).await;
    assert!(said.text.contains("inbound has 1 dead letter."), "{said:?}");

    apply(&stack, format!("{}{}", served(NUMBER), served(UNKNOWN))).await;
    let said = stack.casement(&["redrive", "inbound", "--yes"]).await;
    assert_eq!(said.text, "1 is back on inbound.\n", "{said:?}");
    stack.settle().await;
    assert_eq!(stack.request().await.public(), ["Is anybody there?"]);
    assert_eq!(stack.state().await["dead_letters"], json!([]));
}
