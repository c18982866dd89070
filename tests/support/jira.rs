//! The contents of Jira, down to documents and properties.

use reqwest::Method;
use serde_json::Value;

use crate::stack::Stack;

impl Stack {
    /// Returns all requests with everything that Jira has of them, oldest first.
    pub async fn whole_requests(&self) -> Vec<Value> {
        let answer = self.api(Method::GET, "/api/requests", Value::Null).await;
        let Value::Array(mut requests) = answer else {
            panic!("a list is expected");
        };
        requests.sort_by_key(|request| number(&request["id"]));
        requests
    }
}

/// Returns the comments that customers' messages became, oldest first.
#[must_use]
pub fn comments_of(request: &Value) -> Vec<&Value> {
    let comments = request["comments"].as_array().expect("a list").iter();
    let mut comments: Vec<_> = comments
        .filter(|comment| wamid_of(comment).is_some())
        .collect();
    comments.sort_by_key(|comment| number(&comment["id"]));
    comments
}

/// Returns the ids of the messages that a request shows, in the order of its comments. A message in
/// several adjacent comments is named once.
#[must_use]
pub fn wamids_of(request: &Value) -> Vec<&str> {
    let comments = comments_of(request).into_iter();
    let mut wamids: Vec<_> = comments.filter_map(wamid_of).collect();
    wamids.dedup();
    wamids
}

/// Returns the id of the message that a comment names in its property.
fn wamid_of(comment: &Value) -> Option<&str> {
    comment["properties"]["casement"]["wamid"].as_str()
}

/// Returns the literal text of a document: its text nodes, with a line end for each break and none
/// between paragraphs.
#[must_use]
pub fn literal_text(node: &Value) -> String {
    match node["type"].as_str() {
        Some("text") => node["text"].as_str().unwrap_or_default().to_owned(),
        Some("hardBreak") => "\n".to_owned(),
        _ => {
            let children = node["content"].as_array().into_iter().flatten();
            children.map(literal_text).collect()
        }
    }
}

/// Visits every node and every mark of a document.
pub fn visit<'a>(node: &'a Value, see: &mut impl FnMut(&'a Value)) {
    see(node);
    for list in ["content", "marks"] {
        for child in node[list].as_array().into_iter().flatten() {
            visit(child, see);
        }
    }
}

fn number(id: &Value) -> u64 {
    let id = id.as_str().and_then(|id| id.parse().ok());
    id.expect("a numeric id")
}
