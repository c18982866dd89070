//! Files through the service desk API.

use chrono::TimeDelta;

use super::files::{ORIGIN_CHECK, names_in, naming};
use super::*;

const OPT_IN: (&str, &str) = ("x-experimentalapi", "opt-in");
const UPLOAD: &str = "/rest/servicedeskapi/servicedesk/1/attachTemporaryFile";

/// Uploads a picture and a document; answers with their temporary ids.
async fn temporary(bench: &Bench) -> Value {
    let files = [
        ("a.png", "image/png", "pixels"),
        ("b.pdf", "application/pdf", "pages"),
    ];
    let answer = bench.upload(UPLOAD, &[ORIGIN_CHECK, OPT_IN], &files).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let kept = answer.body["temporaryAttachments"].as_array().unwrap();
    assert_eq!(kept[1]["fileName"], "b.pdf");
    let id = |file: &Value| file["temporaryAttachmentId"].clone();
    kept.iter().map(id).collect()
}

fn desk(key: &str, rest: &str) -> String {
    format!("/atlassian/rest/servicedeskapi/request/{key}/{rest}")
}

#[tokio::test]
async fn uploads_become_one_comment() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let body = json!({
        "temporaryAttachmentIds": temporary(&bench).await,
        "public": true,
        "additionalComment": {"body": "See *these*"},
    });
    let attached = bench.post(&desk(&key, "attachment"), body.clone()).await;
    assert_eq!(attached.status, 201, "{}", attached.body);
    let comment = &attached.body["comment"];
    assert_eq!(comment["public"], true);
    assert_eq!(
        comment["body"],
        "See *these*\n\n!a.png|thumbnail!\n\n[^b.pdf]"
    );
    assert_eq!(
        names_in(&attached.body["attachments"]["values"]),
        ["a.png", "b.pdf"]
    );
    let again = bench.post(&desk(&key, "attachment"), body).await;
    assert_eq!(again.status, 400, "they are used up");

    let id = comment["id"].as_str().unwrap();
    let page = bench
        .get(&desk(&key, &format!("comment/{id}/attachment?start=1")))
        .await
        .body;
    assert_eq!(
        (names_in(&page["values"]), &page["start"]),
        (vec!["b.pdf".to_owned()], &json!(1))
    );
    let file = &page["values"][0];
    assert_eq!(
        (&file["size"], &file["mimeType"]),
        (&json!(5), &json!("application/pdf"))
    );
    assert!(file.get("id").is_none());
    let shown = bench
        .get(&desk(&key, &format!("comment/{id}?expand=attachment")))
        .await
        .body;
    assert_eq!(
        names_in(&shown["attachments"]["values"]),
        ["a.png", "b.pdf"]
    );
    let all = bench.get(&desk(&key, "attachment")).await.body;
    assert_eq!(names_in(&all["values"]), ["a.png", "b.pdf"]);

    let link = file["_links"]["content"].as_str().unwrap();
    let content = link.split(".net").nth(1).unwrap();
    let redirect = bench.read(content, &[]).await;
    assert_eq!(redirect.status(), 303);
    let location = redirect.headers()["location"].to_str().unwrap();
    let read = bench.http.get(location).send().await.unwrap();
    assert_eq!(read.text().await.unwrap(), "pages");

    let path = format!("/atlassian/rest/api/3/issue/{key}/comment/{id}");
    let document = bench.get(&path).await.body["body"].clone();
    assert_eq!(document["content"][1]["type"], "mediaSingle");
    assert_eq!(document["content"][2]["type"], "mediaGroup");
}

#[tokio::test]
async fn uploads_have_conditions_and_expire() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let file = ("a.txt", "text/plain", "abcd");
    let elsewhere = "/rest/servicedeskapi/servicedesk/9/attachTemporaryFile";
    for (path, headers, status) in [
        (UPLOAD, vec![OPT_IN], 403),
        (UPLOAD, vec![ORIGIN_CHECK], 412),
        (elsewhere, vec![ORIGIN_CHECK, OPT_IN], 404),
    ] {
        let answer = bench.upload(path, &headers, &[file]).await;
        assert_eq!(answer.status, status, "{path} {headers:?}");
    }
    bench.options(json!({"upload_limit": 3})).await;
    let answer = bench.upload(UPLOAD, &[ORIGIN_CHECK, OPT_IN], &[file]).await;
    assert_eq!(answer.status, 400);
    assert!(
        answer.body["errorMessage"]
            .as_str()
            .unwrap()
            .contains("3 bytes")
    );

    bench.options(json!({"upload_limit": 100})).await;
    let ids = temporary(&bench).await;
    for body in [
        json!({"temporaryAttachmentIds": ids}),
        json!({"temporaryAttachmentIds": [], "public": true}),
        json!({"temporaryAttachmentIds": [ids[0], "temp0"], "public": true}),
    ] {
        let answer = bench.post(&desk(&key, "attachment"), body).await;
        assert_eq!(answer.status, 400);
    }
    bench.advance(TimeDelta::minutes(61));
    let body = json!({"temporaryAttachmentIds": ids, "public": true});
    let answer = bench.post(&desk(&key, "attachment"), body).await;
    assert_eq!(answer.status, 400);
    let listed = bench.get(&format!("/api/requests/{key}")).await.body;
    assert_eq!(listed["comments"], json!([]));
}

#[tokio::test]
async fn a_comment_has_the_files_that_its_document_names() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let id = bench.attach(&key, "a.txt", "abc").await;
    bench.attach(&key, "b.txt", "abc").await;
    let body = json!({"body": naming(&bench.media_id(&id).await)});
    let path = format!("/atlassian/rest/api/3/issue/{key}/comment");
    let comment = bench.post(&path, body).await.body["id"].clone();
    let comment = comment.as_str().unwrap();
    let of_comment = bench
        .get(&desk(&key, &format!("comment/{comment}/attachment")))
        .await
        .body;
    assert_eq!(names_in(&of_comment["values"]), ["a.txt"]);
    assert_eq!(
        bench.get(&desk(&key, "comment/1/attachment")).await.status,
        404
    );

    let wiki = json!({"body": "look: !b.txt!", "public": true});
    let written = bench.post(&desk(&key, "comment"), wiki).await.body;
    let comment = written["id"].as_str().unwrap();
    let of_comment = bench
        .get(&desk(&key, &format!("comment/{comment}/attachment")))
        .await
        .body;
    assert_eq!(names_in(&of_comment["values"]), ["b.txt"]);
}
