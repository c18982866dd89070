//! The product sends files.

use super::*;

fn message(kind: &str, part: Value) -> Value {
    let mut message = reply("");
    message["type"] = json!(kind);
    message[kind] = part;
    message
}

#[tokio::test]
async fn the_phone_shows_the_file_and_what_is_written_under_it() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    for (mime_type, kind, more) in [
        ("image/jpeg", "image", json!({"caption": "Look"})),
        ("video/mp4", "video", json!({"caption": "Look"})),
        ("audio/ogg", "audio", json!({"voice": true})),
        ("image/webp", "sticker", json!({})),
        (
            "application/pdf",
            "document",
            json!({"caption": "Look", "filename": "terms.pdf"}),
        ),
    ] {
        let id = bench.upload(file(mime_type)).await;
        let mut part = more.clone();
        part["id"] = json!(id);
        let (status, answer) = bench.send(message(kind, part)).await;
        assert_eq!(status, 200, "{kind}: {answer}");
        let shown = bench.chat().await.pop().unwrap();
        let media = json!({
            "mime_type": mime_type, "filename": more["filename"], "size": 10, "id": id,
        });
        assert_eq!(shown["media"], media);
        assert_eq!(shown["text"], more["caption"].as_str().unwrap_or_default());
        assert_eq!(shown["status"], "delivered");
    }
}

#[tokio::test]
async fn a_file_of_the_wrong_kind_fails_later() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    for (mime_type, kind) in [
        ("image/jpeg", "video"),
        ("image/webp", "image"),
        ("image/jpeg", "document"),
        ("application/pdf", "sticker"),
    ] {
        let id = bench.upload(file(mime_type)).await;
        let (status, _) = bench.send(message(kind, json!({"id": id}))).await;
        assert_eq!(status, 200);
        bench.idle().await;
        let failed = bench.statuses().pop().unwrap();
        assert_eq!(failed["status"], "failed", "{mime_type} as {kind}");
        assert_eq!(failed["errors"][0]["code"], 131_053);
        assert_eq!(bench.chat().await.pop().unwrap()["status"], "failed");
    }
    // Too large to be sent, but not to be received.
    let path = format!("/api/customers/{PHONE}/generated-files");
    let order = json!({"mime_type": "image/png", "size": 5 * 1024 * 1024 + 1});
    bench.call(Method::POST, &path, order).await;
    let id = bench.last_message()["image"]["id"].clone();
    bench.send(message("image", json!({"id": id}))).await;
    bench.idle().await;
    let failed = bench.statuses().pop().unwrap();
    assert_eq!(failed["errors"][0]["code"], 131_053);
}

#[tokio::test]
async fn wrong_parts_are_refused() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    let image = bench.upload(file("image/jpeg")).await;
    let audio = bench.upload(file("audio/ogg")).await;
    let sticker = bench.upload(file("image/webp")).await;
    let longest = "x".repeat(1024);
    for (kind, part, code) in [
        ("image", json!({"id": "12"}), Some(100)),
        ("image", json!({}), Some(131_008)),
        ("image", json!({"id": image, "caption": longest}), None),
        (
            "image",
            json!({"id": image, "caption": longest.clone() + "x"}),
            Some(100),
        ),
        (
            "image",
            json!({"id": image, "filename": "a.jpg"}),
            Some(131_009),
        ),
        (
            "image",
            json!({"id": image, "link": "https://example.com/a.jpg"}),
            Some(131_009),
        ),
        ("image", json!({"link": "https://example.com/a.jpg"}), None),
        ("image", json!({"link": "a.jpg"}), Some(131_009)),
        (
            "audio",
            json!({"id": audio, "caption": "Listen"}),
            Some(131_009),
        ),
        (
            "sticker",
            json!({"id": sticker, "caption": "Look"}),
            Some(131_009),
        ),
    ] {
        let (status, answer) = bench.send(message(kind, part.clone())).await;
        match code {
            None => assert_eq!(status, 200, "{part}: {answer}"),
            Some(code) => {
                let got = (status, &answer["error"]["code"]);
                assert_eq!(got, (400, &json!(code)), "{part}");
            }
        }
    }
    bench.move_clock(TimeDelta::days(30));
    bench.options(json!({"window_error": "off"})).await;
    let (status, answer) = bench.send(message("image", json!({"id": image}))).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (400, &json!(100)),
        "no longer known"
    );
}
