//! The longest texts that a customer can type.

use casement_tests::Stack;
use casement_tests::jira::{comments_of, literal_text, wamids_of};
use casement_tests::meta::{escaped, text, webhook_of};
use reqwest::Method;
use serde_json::{Value, json};

/// The longest text that WhatsApp's own apps allow, in characters.
const LONGEST: usize = 65_536;

/// A placeholder for half an emoji, which no Rust string can hold.
const HALF: &str = "HALF-AN-EMOJI";

/// Generates characters from all planes of Unicode, the same in every run, with dangerous ones more
/// often than by chance.
fn any_text() -> String {
    let dangerous = [
        '\u{0}',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{202e}',
        '\u{2067}',
        '\u{200f}',
        '\u{2028}',
        '\u{feff}',
        '\u{fffd}',
        '\u{fffe}',
        '\u{ffff}',
        '\u{10ffff}',
        '"',
        '\\',
        '/',
        '\n',
        '\t',
        ' ',
        '👩',
        '\u{200d}',
        '\u{301}',
    ];
    let mut state = 1_u64;
    let mut next = move || {
        // Knuth's linear congruential generator.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    let mut character = move || match next() % 4 {
        0 => dangerous[next() % dangerous.len()],
        1 => char::from_u32(u32::try_from(next() % 0x0011_0000).unwrap()).unwrap_or('\u{fffd}'),
        _ => char::from(b'a' + u8::try_from(next() % 26).unwrap()),
    };
    (0..LONGEST).map(|_| character()).collect()
}

/// Returns the part of a text that must arrive: all but control characters, which Jira refuses,
/// marks that change the text's direction, and white space, which is lost where the text is cut.
fn essence(text: &str) -> String {
    let turns = |c: &char| ('\u{202a}'..='\u{202e}').contains(c);
    let kept = |c: &char| !c.is_control() && !c.is_whitespace() && !turns(c);
    text.chars().filter(kept).collect()
}

/// Asserts that a text has arrived, and reports the first difference without printing all of it.
fn assert_same(arrived: &str, expected: &str) {
    let arrived = essence(arrived);
    let differs = arrived.chars().zip(expected.chars());
    let same = differs.take_while(|(one, other)| one == other).count();
    assert!(
        arrived == expected,
        "{} characters instead of {}, the first {same} of them the same",
        arrived.chars().count(),
        expected.chars().count()
    );
}

/// Returns the text of the comments, or of the file in which a message continues.
async fn arrived(stack: &Stack, request: &Value) -> String {
    let mut text = String::new();
    for comment in comments_of(request) {
        let words = literal_text(&comment["adf"]);
        if !words.contains("too long for comments") {
            text.push_str(&words);
            continue;
        }
        let [file] = &request["attachments"].as_array().unwrap()[..] else {
            panic!("one file")
        };
        let name = file["filename"].as_str().unwrap();
        assert!(words.contains(name), "{words}");
        assert_eq!(file["mime_type"], "text/plain; charset=utf-8");
        let path = format!("/api/attachments/{}", file["id"].as_str().unwrap());
        let content = stack.client().get(stack.url(&path)).send().await.unwrap();
        text.push_str(&content.text().await.unwrap());
    }
    text
}

async fn only_request(stack: &Stack) -> Value {
    stack.settle().await;
    assert_eq!(stack.state().await["dead_letters"], json!([]));
    let mut requests = stack.whole_requests().await;
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

#[tokio::test]
async fn any_characters_arrive_as_they_were_typed() {
    let stack = Stack::start().await;
    let typed = any_text();
    let whole = webhook_of(vec![
        text("4915112345678", "wamid.LONG", &format!("{typed}{HALF}")),
        text("4915112345678", "wamid.NEXT", "the next one"),
    ]);
    let body = escaped(&whole).replace(HALF, r"\ud83d");
    let answer = stack.meta_posts_bytes(body.into_bytes()).await;
    assert_eq!(answer, (200, String::new()));
    let request = only_request(&stack).await;
    assert_eq!(wamids_of(&request), ["wamid.LONG", "wamid.NEXT"]);
    let expected = essence(&format!("{typed}\u{fffd}the next one"));
    assert_same(&arrived(&stack, &request).await, &expected);
    let summary = request["summary"].as_str().unwrap();
    assert!(summary.encode_utf16().count() <= 255 && !summary.contains(char::is_control));
}

/// A line is one character for the customer and a whole node for Jira.
#[tokio::test]
async fn nothing_but_lines_arrive_in_order_and_once() {
    let stack = Stack::start().await;
    let typed: String = (0..LONGEST / 2)
        .map(|n| if n % 7 == 0 { "x\n" } else { "y\n" })
        .collect();
    let body = webhook_of(vec![
        text("4915112345678", "wamid.LONG", &typed),
        text("4915112345678", "wamid.NEXT", "the next one"),
    ]);
    stack.meta_posted(&body).await;
    let request = only_request(&stack).await;
    assert_eq!(wamids_of(&request), ["wamid.LONG", "wamid.NEXT"]);
    assert_eq!(comments_of(&request).len(), 9, "eight, and the next one");
    let expected = essence(&format!("{typed}the next one"));
    assert_same(&arrived(&stack, &request).await, &expected);
}

#[tokio::test]
async fn what_is_left_of_nothing_but_nuls_is_said_to_be_empty() {
    let stack = Stack::start().await;
    let nuls = text("4915112345678", "wamid.NUL", &"\u{0}".repeat(LONGEST));
    stack.meta_posted(&webhook_of(vec![nuls])).await;
    let request = only_request(&stack).await;
    let arrived = arrived(&stack, &request).await;
    assert_eq!(arrived, "[The customer sent an empty message.]");
}

/// Jira allows 5,000 comments in a request.
#[tokio::test]
async fn a_full_request_is_followed_by_another_that_names_it() {
    const ANA: &str = "4915112345678";
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    stack.customer_wrote(ANA, "The blue one").await;
    let full = stack.request().await;
    let limit = json!({"comments_per_issue": 2});
    stack.api(Method::POST, "/api/jira/options", limit).await;
    stack.customer_wrote(ANA, "Is it lost?").await;
    stack.customer_wrote(ANA, "Hello?").await;
    stack.settle().await;
    assert_eq!(stack.state().await["dead_letters"], json!([]));
    let requests = stack.requests().await;
    let public: Vec<Vec<&str>> = requests.iter().map(|request| request.public()).collect();
    let expected = [
        vec!["My order is late", "The blue one"],
        vec!["Is it lost?", "Hello?"],
    ];
    assert_eq!(public, expected);
    let whole = stack.whole_requests().await;
    let description = whole[1]["description"].as_str().unwrap();
    let follows = format!("It follows {}, which takes no more comments.", full.key);
    assert!(description.contains(&follows), "{description}");
}
