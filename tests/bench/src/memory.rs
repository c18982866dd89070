//! Measures the peak memory of the functions.

use std::time::Duration;

use report::{Goal, Section, short};
use reqwest::Method;
use serde_json::json;

use crate::contestants::FUNCTIONS;
use crate::stack::Stack;
use crate::statistics::megabytes;

/// The title of the section.
pub(crate) const TITLE: &str = "Memory";

/// The largest file that WhatsApp delivers, in bytes.
const LARGEST: u64 = 100 * 1024 * 1024;

/// The size of the replied file. Its base64 form needs no padding.
const REPLIED: usize = 100 * 1024 * 1024 / 3 * 3;

const ANA: &str = "4915112345678";

/// Measures each function after ordinary work, and after the largest file both ways.
pub(crate) async fn section() -> Section {
    let stack = Stack::start(None);
    for number in 0..20 {
        stack
            .customer_writes(ANA, &format!("My order is late ({number})"))
            .await;
    }
    stack.done().await;
    // The delay notice is sent.
    stack.advance(Duration::from_secs(1_860)).await;
    let key = stack.key_of(ANA).await;
    for number in 0..20 {
        stack
            .agent_writes(&key, &format!("It comes tomorrow ({number})"))
            .await;
    }
    stack.done().await;
    let peaks = || FUNCTIONS.map(|function| stack.peak(function));
    let ordinary = peaks();
    let video = json!({"type": "video", "mime_type": "video/mp4", "size": LARGEST});
    stack
        .api(
            Method::POST,
            &format!("/api/customers/{ANA}/generated-files"),
            video,
        )
        .await;
    stack.done().await;
    let content = "A".repeat(REPLIED / 3 * 4);
    let file =
        json!([{"filename": "manual.pdf", "mime_type": "application/pdf", "base64": content}]);
    let comment =
        json!({"text": "The manual", "public": true, "author": "agent", "attachments": file});
    stack
        .api(
            Method::POST,
            &format!("/api/requests/{key}/comments"),
            comment,
        )
        .await;
    stack.done().await;
    let with_file = peaks();

    let mut section = Section::new(TITLE);
    section.say(
        "The most that a process of each function had resident, in MB: after twenty texts, a delay notice and twenty \
         replies, and after a file of 100 MB from the customer and one to the customer.",
    );
    let show = |peak: Option<u64>| {
        peak.map_or_else(|| "did not run".to_owned(), |peak| short(megabytes(peak)))
    };
    let all = FUNCTIONS.iter().zip(ordinary.iter().zip(&with_file));
    let rows = all.clone().map(|(function, (before, after))| {
        vec![(*function).to_owned(), show(*before), show(*after)]
    });
    section.table(&["", "texts", "with the files"], &rows.collect::<Vec<_>>());
    let goals = all.skip(2).flat_map(|(function, (before, after))| {
        let goal = |what: &str, limit, peak: &Option<u64>| {
            let what = format!("{function}, {what}, MB");
            peak.map(|peak| Goal::at_most(what, limit, megabytes(peak)))
        };
        [
            goal("texts", 40.0, before),
            goal("with the files", 64.0, after),
        ]
    });
    section.goals(&goals.flatten().collect::<Vec<_>>());
    section
}
