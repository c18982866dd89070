//! The product fetches and deletes files.

use reqwest::Response;
use reqwest::header::CONTENT_LENGTH;

use super::*;

const ROOT: &str = "/graph/v27.0";

async fn fetch(bench: &Bench, url: &Value, token: &str) -> Response {
    let request = bench.http.get(url.as_str().unwrap()).bearer_auth(token);
    request.send().await.unwrap()
}

/// Returns the id of a file that the customer has sent.
async fn received(bench: &Bench) -> String {
    let message = bench.send_file(file("application/pdf"), &[]).await;
    message["document"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_is_found_by_its_id_and_fetched_from_its_address() {
    let bench = Bench::start().await;
    let id = received(&bench).await;
    let (status, found) = bench
        .call(Method::GET, &format!("{ROOT}/{id}"), Value::Null)
        .await;
    assert_eq!(status, 200);
    assert_eq!(found["messaging_product"], "whatsapp");
    assert_eq!(found["id"], json!(id));
    assert_eq!(found["mime_type"], "application/pdf");
    assert_eq!(found["file_size"], "10");
    assert_eq!(
        found["sha256"],
        "0d22cdcc10e6d049dbe1af5123d50873fdfc1a4f58306e58cb6241be9472014d"
    );
    let url = found["url"].as_str().unwrap();
    let start = format!("{}/graph/media-files/attachments?mid={id}&ext=", bench.base);
    assert!(url.starts_with(&start), "{url}");

    let answer = fetch(&bench, &found["url"], "local-access-token").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert_eq!(answer.headers()[CONTENT_LENGTH], "10");
    assert_eq!(answer.bytes().await.unwrap(), "some bytes");
    let answer = fetch(&bench, &found["url"], "wrong").await;
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn an_address_is_good_for_five_minutes() {
    let bench = Bench::start().await;
    let path = format!("{ROOT}/{}", received(&bench).await);
    let (_, first) = bench.call(Method::GET, &path, Value::Null).await;
    let status = async |url: &Value| fetch(&bench, url, "local-access-token").await.status();
    bench.move_clock(TimeDelta::seconds(290));
    assert_eq!(status(&first["url"]).await, 200);
    let (_, second) = bench.call(Method::GET, &path, Value::Null).await;
    assert_ne!(first["url"], second["url"]);
    bench.move_clock(TimeDelta::seconds(10));
    assert_eq!(status(&first["url"]).await, 404);
    assert_eq!(status(&second["url"]).await, 200);
    for (from, to) in [("hash=", "hash=0"), ("ext=", "ext=1"), ("mid=", "mid=1")] {
        let forged = second["url"].as_str().unwrap().replace(from, to);
        assert_eq!(status(&json!(forged)).await, 404, "{to}");
    }
}

#[tokio::test]
async fn ids_live_as_long_as_meta_says() {
    let bench = Bench::start().await;
    let received = received(&bench).await;
    let uploaded = bench.upload(file("image/png")).await;
    let show = async |id: &str| {
        let path = format!("{ROOT}/{id}");
        bench.call(Method::GET, &path, Value::Null).await
    };
    for (days, received_known, uploaded_known) in [
        (0, true, true),
        (6, true, true),
        (1, false, true),
        (22, false, true),
        (1, false, false),
    ] {
        bench.move_clock(TimeDelta::days(days));
        for (id, known) in [(&received, received_known), (&uploaded, uploaded_known)] {
            let (status, answer) = show(id).await;
            assert_eq!(status == 200, known, "{answer}");
            if !known {
                assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)));
                assert_eq!(answer["error"]["error_subcode"], 33);
            }
        }
    }
    assert_eq!(show("1").await.0, 400);
}

#[tokio::test]
async fn only_the_number_that_a_file_belongs_to_may_ask_for_it() {
    let bench = Bench::start().await;
    let path = format!("{ROOT}/{}", received(&bench).await);
    for method in [Method::GET, Method::DELETE] {
        for (number, status) in [("1", 400), ("106540352242922", 200)] {
            let path = format!("{path}?phone_number_id={number}");
            let (got, answer) = bench.call(method.clone(), &path, Value::Null).await;
            assert_eq!(got, status, "{method} {number}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_deleted_file_is_gone_but_not_from_the_phone() {
    let bench = Bench::start().await;
    let id = received(&bench).await;
    let path = format!("{ROOT}/{id}");
    let (_, found) = bench.call(Method::GET, &path, Value::Null).await;
    let (status, answer) = bench.call(Method::DELETE, &path, Value::Null).await;
    assert_eq!((status, answer), (200, json!({"success": true})));
    for method in [Method::GET, Method::DELETE] {
        let (status, answer) = bench.call(method, &path, Value::Null).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)));
    }
    let answer = fetch(&bench, &found["url"], "local-access-token").await;
    assert_eq!(answer.status(), 404);
    let shown = bench
        .http
        .get(format!("{}/api/media/{id}", bench.base))
        .send()
        .await
        .unwrap();
    assert_eq!(shown.bytes().await.unwrap(), "some bytes");
}

#[tokio::test]
async fn calls_for_files_need_a_token_and_a_version() {
    let bench = Bench::start().await;
    let id = received(&bench).await;
    for method in [Method::GET, Method::DELETE] {
        let url = format!("{}{ROOT}/{id}", bench.base);
        let answer = bench
            .http
            .request(method.clone(), url)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401, "{method}");
        let path = format!("/graph/latest/{id}");
        let (status, answer) = bench.call(method.clone(), &path, Value::Null).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!(2500)),
            "{method}"
        );
    }
}
