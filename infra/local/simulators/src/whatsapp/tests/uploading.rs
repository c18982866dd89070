//! The product uploads files.

use super::*;

const MEDIA: &str = "/graph/v27.0/106540352242922/media";

#[tokio::test]
async fn forms_that_are_not_whole_are_refused() {
    let bench = Bench::start().await;
    let product = ("messaging_product", "whatsapp");
    let kind = ("type", "image/png");
    for (file, texts) in [
        (None, &[product, kind][..]),
        (Some(file("image/png")), &[kind]),
        (
            Some(file("image/png")),
            &[("messaging_product", "sms"), kind],
        ),
        (Some(file("image/png")), &[product]),
    ] {
        let (status, answer) = bench.post_form(MEDIA, file, texts).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!(100)),
            "{texts:?}"
        );
    }
    let (status, answer) = bench.call(Method::POST, MEDIA, json!({})).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)));
    let broken = bench
        .http
        .post(format!("{}{MEDIA}", bench.base))
        .bearer_auth("local-access-token")
        .header("Content-Type", "multipart/form-data; boundary=edge")
        .body("--edge\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nbroken o");
    assert_eq!(broken.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn only_what_is_on_the_table_is_taken() {
    let bench = Bench::start().await;
    let (kb, mb) = (1024, 1024 * 1024);
    let animated = b"RIFF\x10\0\0\0WEBPVP8X\x0a\0\0\0\x02";
    for (mime_type, start, size, code) in [
        ("image/heic", &b""[..], 10, Some(100)),
        ("audio/ogg; codecs=opus", b"", 10, Some(100)),
        ("application/octet-stream", b"", 10, Some(100)),
        ("image/jpeg", b"", 5 * mb, None),
        ("image/jpeg", b"", 5 * mb + 1, Some(131_053)),
        ("video/3gpp", b"", 16 * mb, None),
        ("video/3gpp", b"", 16 * mb + 1, Some(131_053)),
        ("text/plain", b"", 16 * mb + 1, None),
        ("image/webp", b"", 100 * kb, None),
        ("image/webp", b"", 100 * kb + 1, Some(131_053)),
        ("image/webp", animated, 500 * kb, None),
        ("image/webp", animated, 500 * kb + 1, Some(131_053)),
    ] {
        let mut bytes = start.to_vec();
        bytes.resize(size, b'x');
        let file = File {
            name: "a name",
            mime_type,
            bytes: &bytes,
        };
        let texts = [("messaging_product", "whatsapp"), ("type", mime_type)];
        let (status, answer) = bench.post_form(MEDIA, Some(file), &texts).await;
        match code {
            None => assert_eq!(status, 200, "{mime_type} {size}: {answer}"),
            Some(code) => {
                let got = (status, &answer["error"]["code"]);
                assert_eq!(got, (400, &json!(code)), "{mime_type} {size}");
            }
        }
    }
}

#[tokio::test]
async fn an_upload_needs_the_token_and_a_number() {
    let bench = Bench::start().await;
    let texts = [("messaging_product", "whatsapp"), ("type", "image/png")];
    let path = "/graph/v27.0/1/media";
    let (status, answer) = bench.post_form(path, Some(file("image/png")), &texts).await;
    assert_eq!(
        (status, &answer["error"]["error_subcode"]),
        (400, &json!(33))
    );
    let url = format!("{}{MEDIA}", bench.base);
    let answer = bench.http.post(url).send().await.unwrap();
    assert_eq!(answer.status(), 401, "before the form is looked at");
}

#[tokio::test]
async fn files_are_not_written_into_the_journal() {
    let bench = Bench::start().await;
    let id = bench.upload(file("text/plain")).await;
    let (_, found) = bench
        .call(Method::GET, &format!("/graph/v27.0/{id}"), Value::Null)
        .await;
    let fetched = bench
        .http
        .get(found["url"].as_str().unwrap())
        .bearer_auth("local-access-token");
    assert_eq!(fetched.send().await.unwrap().status(), 200);
    let journal = format!("{:?}", bench.simulator.shared.outbox.journal().entries());
    assert!(journal.contains("/media-files/"), "{journal}");
    assert!(!journal.contains("some bytes"), "{journal}");
}
