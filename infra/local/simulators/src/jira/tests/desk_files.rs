//! Files through the service desk API.

use super::files::{names_in, naming};
use super::*;

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
    let desk = format!("/atlassian/rest/servicedeskapi/request/{key}");
    let list = format!("{desk}/comment/{comment}/attachment");
    let page = bench.get(&list).await.body;
    assert_eq!(names_in(&page["values"]), ["a.txt"]);
    let file = &page["values"][0];
    assert_eq!(
        (&file["size"], &file["mimeType"]),
        (&json!(3), &json!("text/plain"))
    );
    assert!(file.get("id").is_none());
    let rest = bench.get(&format!("{list}?start=1")).await.body;
    assert_eq!((&rest["values"], &rest["start"]), (&json!([]), &json!(1)));
    let nowhere = format!("{desk}/comment/1/attachment");
    assert_eq!(bench.get(&nowhere).await.status, 404);
}
