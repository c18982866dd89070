//! Customers send files.

use super::*;

#[tokio::test]
async fn each_kind_of_file_reaches_the_product_as_meta_tells_it() {
    let bench = Bench::start().await;
    let caption = [("caption", "Look"), ("profile_name", "Ana")];
    let hash = "DSLNzBDm0Enb4a9RI9UIc/38Gk9YMG5Yy2JBvpRyAU0=";
    for (mime_type, texts, kind, part) in [
        (
            "image/jpeg",
            &caption[..],
            "image",
            json!({"caption": "Look"}),
        ),
        ("video/mp4", &caption, "video", json!({"caption": "Look"})),
        ("audio/mpeg", &[], "audio", json!({"voice": false})),
        (
            "audio/ogg; codecs=opus",
            &[("voice", "true")],
            "audio",
            json!({"voice": true}),
        ),
        ("image/webp", &[], "sticker", json!({"animated": false})),
        (
            "application/pdf",
            &caption,
            "document",
            json!({"caption": "Look", "filename": "a name"}),
        ),
        (
            "text/x-unknown",
            &[],
            "document",
            json!({"filename": "a name"}),
        ),
        (
            "image/png",
            &[("type", "document")],
            "document",
            json!({"filename": "a name"}),
        ),
    ] {
        let message = bench.send_file(file(mime_type), texts).await;
        assert_eq!(message["type"], kind, "{mime_type}");
        let mut told = message[kind].clone();
        let members = told.as_object_mut().unwrap();
        let id = members.remove("id").unwrap();
        assert!(id.as_str().unwrap().parse::<u64>().is_ok(), "{id}");
        assert_eq!(members.remove("mime_type"), Some(json!(mime_type)));
        assert_eq!(members.remove("sha256"), Some(json!(hash)));
        assert_eq!(told, part, "{mime_type}");

        let shown = bench.chat().await.pop().unwrap();
        assert_eq!(shown["media"]["mime_type"], mime_type);
        assert_eq!(shown["media"]["size"], 10);
        assert_eq!(shown["media"]["id"], id);
        assert_eq!(shown["media"]["filename"], part["filename"]);
        if let Some(caption) = part["caption"].as_str() {
            assert_eq!(shown["text"], caption);
            let (_, customers) = bench.call(Method::GET, "/api/customers", Value::Null).await;
            assert_eq!(customers[0]["profile"]["profile_name"], "Ana");
        }
    }
}

#[tokio::test]
async fn a_sticker_says_whether_it_moves() {
    let bench = Bench::start().await;
    let moving = File {
        bytes: b"RIFF\x10\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0",
        ..file("image/webp")
    };
    let message = bench.send_file(moving, &[]).await;
    assert_eq!(message["sticker"]["animated"], true);
}

#[tokio::test]
async fn what_no_phone_sends_is_refused() {
    let bench = Bench::start().await;
    let path = format!("/api/customers/{PHONE}/files");
    for (file, texts) in [
        (None, &[("type", "image")][..]),
        (Some(file("image/png")), &[("type", "hologram")]),
        (Some(file("image/png")), &[("voice", "yes")]),
        (Some(file("image/png")), &[("voice", "true")]),
        (Some(file("audio/ogg")), &[("caption", "Listen")]),
        (Some(file("image/webp")), &[("caption", "Look")]),
        (Some(file("image/png")), &[("capshun", "Look")]),
    ] {
        let (status, problem) = bench.post_form(&path, file, texts).await;
        assert_eq!(
            (status, &problem["status"]),
            (400, &json!(400)),
            "{texts:?}"
        );
    }
    let texts = [("phone_number_id", "1")];
    let (status, _) = bench
        .post_form(&path, Some(file("image/png")), &texts)
        .await;
    assert_eq!(status, 404);
    let (status, _) = bench
        .call(Method::POST, &path, json!({"file": "no form"}))
        .await;
    assert_eq!(status, 400);
    assert!(bench.product.received().is_empty());
}

#[tokio::test]
async fn generated_files_have_the_size_and_the_hash_that_is_told() {
    let bench = Bench::start().await;
    let path = format!("/api/customers/{PHONE}/generated-files");
    let order = json!({
        "mime_type": "video/mp4", "filename": "a name", "size": 3_000_000, "caption": "Look",
    });
    let mut bodies = Vec::new();
    for _ in 0..2 {
        let (status, answer) = bench.call(Method::POST, &path, order.clone()).await;
        assert_eq!((status, &answer["webhook_status"]), (200, &json!(200)));
        let video = bench.last_message()["video"].clone();
        assert_eq!(video["caption"], "Look");
        let url = format!("{}/api/media/{}", bench.base, video["id"].as_str().unwrap());
        let answer = bench.http.get(url).send().await.unwrap();
        assert_eq!(answer.headers()["content-length"], "3000000");
        let bytes = answer.bytes().await.unwrap();
        assert_eq!(video["sha256"], sha256(&bytes));
        bodies.push(bytes);
    }
    assert_eq!(bodies[0].len(), 3_000_000);
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bench.chat().await[0]["media"]["size"], 3_000_000);
}

#[tokio::test]
async fn of_a_file_above_100_mb_only_an_error_arrives() {
    let bench = Bench::start().await;
    let path = format!("/api/customers/{PHONE}/generated-files");
    let mb = 1024 * 1024;
    let order =
        |size: u64| json!({"mime_type": "application/pdf", "filename": "a name", "size": size});
    let (status, _) = bench.call(Method::POST, &path, order(100 * mb + 1)).await;
    assert_eq!(status, 200);
    let message = bench.last_message();
    assert_eq!(message["type"], "document");
    assert_eq!(
        message["document"],
        json!({"mime_type": "application/pdf", "filename": "a name"})
    );
    assert_eq!(message["errors"][0]["code"], 131_052);
    assert_eq!(message["errors"][0]["title"], "Media download error");
    let (status, _) = bench.call(Method::POST, &path, order(2048 * mb)).await;
    assert_eq!(status, 200);
    let (status, problem) = bench.call(Method::POST, &path, order(2048 * mb + 1)).await;
    assert_eq!((status, &problem["status"]), (400, &json!(400)));
}

#[tokio::test]
async fn a_message_with_an_id_of_its_own_still_goes_out() {
    let bench = Bench::start().await;
    bench
        .write(json!({"type": "image", "image": {"id": "12"}}))
        .await;
    assert_eq!(bench.last_message()["image"], json!({"id": "12"}));
    let shown = bench.chat().await.pop().unwrap();
    assert_eq!(shown["media"]["id"], "12");
    assert_eq!(shown["media"]["size"], Value::Null);
    let (status, _) = bench.call(Method::GET, "/api/media/12", Value::Null).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_reset_forgets_the_files() {
    let bench = Bench::start().await;
    let id = bench.upload(file("image/png")).await;
    let path = format!("/api/media/{id}");
    assert_eq!(bench.call(Method::GET, &path, Value::Null).await.0, 200);
    bench.simulator.reset();
    assert_eq!(bench.call(Method::GET, &path, Value::Null).await.0, 404);
}

fn sha256(bytes: &[u8]) -> String {
    use base64::Engine;
    use sha2::Digest;
    base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(bytes))
}
