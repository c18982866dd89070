//! Attachments through the platform API.

use chrono::TimeDelta;

use super::files::{ORIGIN_CHECK, naming};
use super::*;
use crate::jira::adf;
use crate::jira::state::attachment::File;

#[tokio::test]
async fn files_are_attached_and_shown() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let path = format!("/rest/api/3/issue/{key}/attachments");
    let files = [
        ("../a|b!.png", "image/png", "pixels"),
        ("ü.pdf", "application/pdf", "pages"),
    ];
    let answer = bench.upload(&path, &[ORIGIN_CHECK], &files).await;
    assert_eq!(answer.status, 200);
    let [image, document] = [&answer.body[0], &answer.body[1]];
    assert_eq!(
        (&image["filename"], &image["size"]),
        (&json!("a|b!.png"), &json!(6))
    );
    assert_eq!(document["filename"], "ü.pdf");
    assert_eq!(document["mimeType"], "application/pdf");
    assert_eq!(
        document["author"]["accountId"],
        Account::Bridge.account_id()
    );
    let id = document["id"].as_str().unwrap();
    assert!(
        document["content"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/attachment/content/{id}"))
    );

    assert_eq!(bench.names(&key).await, ["a|b!.png", "ü.pdf"]);
    bench.idle().await;
    let events = bench.events("attachment_created");
    assert_eq!(events.len(), 2);
    assert!(events.iter().any(|event| event["attachment"]["id"] == id));
}

#[tokio::test]
async fn uploads_have_conditions() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let path = format!("/rest/api/3/issue/{key}/attachments");
    let file = ("a.txt", "text/plain", "abcd");
    let limits = || bench.get("/atlassian/rest/api/3/attachment/meta");
    let expected = json!({"enabled": true, "uploadLimit": 1_000_000_000});
    assert_eq!(limits().await.body, expected);

    assert_eq!(bench.upload(&path, &[], &[file]).await.status, 403);
    assert_eq!(bench.upload(&path, &[ORIGIN_CHECK], &[]).await.status, 400);
    let nowhere = "/rest/api/3/issue/SUP-9/attachments";
    let answer = bench.upload(nowhere, &[ORIGIN_CHECK], &[file]).await;
    assert_eq!(answer.status, 404);

    bench.options(json!({"upload_limit": 3})).await;
    assert_eq!(limits().await.body["uploadLimit"], 3);
    let answer = bench.upload(&path, &[ORIGIN_CHECK], &[file]).await;
    assert_eq!(answer.status, 413);
    bench.options(json!({"upload_limit": 4})).await;
    let id = bench.attach(&key, "a.txt", "abcd").await;

    bench.options(json!({"attachments_enabled": false})).await;
    assert_eq!(limits().await.body["enabled"], false);
    let answer = bench.upload(&path, &[ORIGIN_CHECK], &[file]).await;
    assert_eq!(answer.status, 403);
    let answer = bench
        .get(&format!("/atlassian/rest/api/3/attachment/content/{id}"))
        .await;
    assert_eq!(answer.status, 404);
    assert_eq!(bench.names(&key).await, ["a.txt"], "nothing else was kept");
}

#[tokio::test]
async fn uploads_may_be_larger_than_other_bodies() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let content = "x".repeat(3 * 1024 * 1024);
    let id = bench.attach(&key, "large.txt", &content).await;
    let path = format!("/rest/api/3/attachment/content/{id}?redirect=false");
    let read = bench.read(&path, &[]).await;
    assert_eq!(read.text().await.unwrap(), content);
}

#[tokio::test]
async fn content_is_behind_a_signed_address() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let id = bench.attach(&key, "a b.txt", "content").await;
    let location = bench.location(&id, &[]).await;
    let start = format!("{}/atlassian/media-api/file/", bench.base);
    assert!(location.starts_with(&start), "{location}");
    assert!(location.ends_with("&name=a+b.txt"), "{location}");
    assert!(!location.contains(&format!("/{id}/")), "another id");
    let behind_proxy = bench
        .location(&id, &[("x-forwarded-prefix", "/via/it/")])
        .await;
    assert!(behind_proxy.starts_with(&format!("{}/via/it/atlassian/media-api/", bench.base)));

    let read = bench.http.get(&location).send().await.unwrap();
    assert_eq!(
        (read.status().as_u16(), &read.headers()["content-type"]),
        (200, &"text/plain".parse().unwrap())
    );
    assert_eq!(read.text().await.unwrap(), "content");
    let forwarded = bench
        .http
        .get(&location)
        .basic_auth("casement@example.com", Some("local-jira-token"));
    assert_eq!(forwarded.send().await.unwrap().status(), 403);
    let forged = location.replace("token=", "token=1");
    assert_eq!(bench.http.get(&forged).send().await.unwrap().status(), 403);
    bench.advance(TimeDelta::hours(2));
    assert_eq!(
        bench.http.get(&location).send().await.unwrap().status(),
        403
    );
}

#[tokio::test]
async fn content_is_read_whole_or_in_part() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let id = bench.attach(&key, "a.txt", "content").await;
    let direct = format!("/rest/api/3/attachment/content/{id}?redirect=false");
    for (range, status, content) in [
        (None, 200, "content"),
        (Some("bytes=2-4"), 206, "nte"),
        (Some("bytes=7-"), 416, ""),
    ] {
        let headers: Vec<_> = range.iter().map(|range| ("range", *range)).collect();
        let read = bench.read(&direct, &headers).await;
        assert_eq!(read.status().as_u16(), status, "{range:?}");
        assert_eq!(read.text().await.unwrap(), content);
    }
    assert_eq!(bench.read(&direct, &[("range", "two")]).await.status(), 400);
    let part = bench.read(&direct, &[("range", "bytes=2-4")]).await;
    assert_eq!(part.headers()["content-range"], "bytes 2-4/7");
    let nothing = "/rest/api/3/attachment/content/1";
    assert_eq!(bench.read(nothing, &[]).await.status(), 404);
}

#[tokio::test]
async fn content_that_was_not_kept_is_gone() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let mut file = File::new("a.txt".to_owned(), "text/plain".to_owned(), "abc".into());
    file.content = None;
    let added = bench.simulator.attach_files(&key, vec![file]).unwrap();
    let id = added[0].id.to_string();
    let location = bench.location(&id, &[]).await;
    assert_eq!(
        bench.http.get(&location).send().await.unwrap().status(),
        410
    );
    let control = bench.get(&format!("/api/attachments/{id}")).await;
    assert_eq!(
        (control.status, &control.body["status"]),
        (410, &json!(410))
    );
    let listed = bench.get(&format!("/api/requests/{key}")).await.body;
    assert_eq!(listed["attachments"][0]["size"], 3);
}

#[tokio::test]
async fn documents_name_files_of_their_own_issue() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let other = bench.raise(json!({"summary": "y"})).await;
    let id = bench.attach(&key, "a.txt", "abc").await;
    let media = bench.media_id(&id).await;
    let path = |key: &str| format!("/atlassian/rest/api/3/issue/{key}/comment");
    let body = |media: &str| json!({"body": naming(media)});
    let written = bench.post(&path(&key), body(&media)).await;
    assert_eq!(written.status, 201, "{}", written.body);
    assert_eq!(written.body["body"], naming(&media));

    let unknown = json!({"errorMessages": ["ATTACHMENT_VALIDATION_ERROR"], "errors": {}});
    let description = json!({"fields": {"description": naming(&id)}});
    for (method, path, body) in [
        (Method::POST, path(&key), body(&id)),
        (Method::POST, path(&other), body(&media)),
        (
            Method::POST,
            path(&key),
            body("00000000-0000-4000-8000-000000000000"),
        ),
        (
            Method::PUT,
            format!("/atlassian/rest/api/3/issue/{key}"),
            description,
        ),
    ] {
        let refused = bench.call(method, &path, body).await;
        assert_eq!(
            (refused.status, refused.body),
            (400, unknown.clone()),
            "{path}"
        );
    }
    let external = adf::document(vec![json!({"type": "mediaSingle", "content": [
        {"type": "media", "attrs": {"type": "external", "url": "https://example.com/a.png"}},
    ]})]);
    let written = bench.post(&path(&key), json!({"body": external})).await;
    assert_eq!(written.status, 201);
}

#[tokio::test]
async fn files_go_with_the_last_document_that_names_them() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let mut media = Vec::new();
    for name in ["one", "two", "loose"] {
        let id = bench.attach(&key, name, name).await;
        media.push(bench.media_id(&id).await);
    }
    let path = format!("/atlassian/rest/api/3/issue/{key}/comment");
    let mut comments = Vec::new();
    for media in [&media[0], &media[0], &media[1]] {
        let written = bench.post(&path, json!({"body": naming(media)})).await;
        let id = written.body["id"].as_str().unwrap();
        comments.push(format!("/api/requests/{key}/comments/{id}"));
    }
    let text = json!({"text": "no file"});
    let edited = bench.call(Method::PUT, &comments[0], text).await;
    assert_eq!(edited.status, 200);
    assert_eq!(
        bench.names(&key).await,
        ["one", "two", "loose"],
        "still named"
    );
    bench.call(Method::DELETE, &comments[1], Value::Null).await;
    assert_eq!(bench.names(&key).await, ["two", "loose"]);
    let other = json!({"adf": naming(&media[2])});
    bench.call(Method::PUT, &comments[2], other).await;
    assert_eq!(bench.names(&key).await, ["loose"]);
}
