//! Files of comments in the control API.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;

use super::files::names_in;
use super::*;

fn file(name: &str, mime_type: &str, content: &str) -> Value {
    json!({"filename": name, "mime_type": mime_type, "base64": STANDARD.encode(content)})
}

#[tokio::test]
async fn an_agent_attaches_files_to_a_comment() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let hostile = "[~accountid:1]|\"b\".pdf";
    let files = json!([
        file("a.png", "image/png", "pixels"),
        file(hostile, "application/pdf", "abc")
    ]);
    let id = bench
        .comment(&key, json!({"text": "See", "attachments": files}))
        .await;
    bench.idle().await;
    assert_eq!(bench.events("attachment_created").len(), 2);

    let request = bench.get(&format!("/api/requests/{key}")).await.body;
    let comment = &request["comments"][0];
    assert_eq!(comment["text"], format!("See\n[a.png]\n[{hostile}]"));
    let blocks = comment["adf"]["content"].as_array().unwrap();
    let kinds: Vec<&Value> = blocks.iter().map(|block| &block["type"]).collect();
    assert_eq!(kinds, ["paragraph", "mediaSingle", "mediaGroup"]);
    assert_eq!(comment["attachments"], request["attachments"]);
    let pdf = &comment["attachments"][1];
    assert_eq!(pdf["filename"], hostile);
    assert_eq!(
        (&pdf["mime_type"], &pdf["size"]),
        (&json!("application/pdf"), &json!(3))
    );
    let sha256_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(pdf["sha256"], sha256_of_abc);

    let pdf = pdf["id"].as_str().unwrap();
    let read = bench
        .http
        .get(format!("{}/api/attachments/{pdf}", bench.base));
    let read = read.send().await.unwrap();
    assert_eq!(read.headers()["content-type"], "application/pdf");
    assert_eq!(read.headers()["content-disposition"], "attachment");
    assert_eq!(read.text().await.unwrap(), "abc");
    assert_eq!(bench.get("/api/attachments/1").await.status, 404);
    let named = &blocks[2]["content"][0]["attrs"]["id"];
    assert_eq!(named, &bench.media_id(pdf).await);

    let comment = format!("/api/requests/{key}/comments/{id}");
    bench.call(Method::DELETE, &comment, Value::Null).await;
    assert!(bench.names(&key).await.is_empty());
}

#[tokio::test]
async fn a_given_document_says_where_the_files_stand() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let inline = json!({"type": "mediaInline", "attrs": {"id": "a.pdf", "collection": ""}});
    let text = json!({"type": "text", "text": " is the one"});
    let adf = crate::jira::adf::document(vec![
        json!({"type": "paragraph", "content": [inline, text]}),
    ]);
    let files = json!([file("a.pdf", "application/pdf", "abc")]);
    let id = bench
        .comment(&key, json!({"adf": adf, "attachments": files}))
        .await;
    let shown = bench.get(&format!("/api/requests/{key}")).await.body;
    let content = shown["comments"][0]["adf"]["content"].as_array().unwrap();
    assert_eq!(content.len(), 1, "nothing is appended");
    let media = bench
        .media_id(shown["attachments"][0]["id"].as_str().unwrap())
        .await;
    assert_eq!(content[0]["content"][0]["attrs"]["id"], media);

    let edit = json!({"attachments": [file("b.txt", "text/plain", "abc")]});
    let path = format!("/api/requests/{key}/comments/{id}");
    assert_eq!(bench.call(Method::PUT, &path, edit).await.status, 200);
    let shown = bench.get(&format!("/api/requests/{key}")).await.body;
    assert_eq!(
        names_in(&shown["comments"][0]["attachments"]),
        ["a.pdf", "b.txt"]
    );
    let text = json!({"text": "neither"});
    assert_eq!(bench.call(Method::PUT, &path, text).await.status, 200);
    assert!(bench.names(&key).await.is_empty());
}

#[tokio::test]
async fn comments_with_files_may_be_larger_than_other_bodies() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let content = "x".repeat(3 * 1024 * 1024);
    let files = json!([file("large.txt", "text/plain", &content)]);
    bench
        .comment(&key, json!({"text": "x", "attachments": files}))
        .await;
    let shown = bench.get(&format!("/api/requests/{key}")).await.body;
    assert_eq!(shown["attachments"][0]["size"], content.len());
}

#[tokio::test]
async fn the_rest_apis_list_files_of_a_comment_later() {
    let bench = Bench::start().await;
    bench.options(json!({"attachment_delay_ms": 60_000})).await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let files = json!([file("a.txt", "text/plain", "abc")]);
    let id = bench
        .comment(&key, json!({"text": "x", "attachments": files}))
        .await;
    let desk = format!("/atlassian/rest/servicedeskapi/request/{key}");
    let lists = [
        (format!("{desk}/comment/{id}/attachment"), "/values"),
        (
            format!("/atlassian/rest/api/3/issue/{key}"),
            "/fields/attachment",
        ),
    ];
    for expected in [0, 1] {
        for (path, list) in &lists {
            let answer = bench.get(path).await.body;
            let files = answer.pointer(list).unwrap().as_array().unwrap();
            assert_eq!(files.len(), expected, "{path}");
        }
        bench.advance(TimeDelta::seconds(60));
    }
    let comment = format!("/atlassian/rest/api/3/issue/{key}/comment/{id}");
    let body = bench.get(&comment).await.body["body"].clone();
    assert_eq!(
        body["content"][1]["type"], "mediaGroup",
        "named from the start"
    );
}
