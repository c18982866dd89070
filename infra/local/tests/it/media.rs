//! Files in transit between functions and the simulated Cloud API.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::fixture::TestStack;

/// More than the proxy ever holds in memory at once.
const SIZE: u64 = 40_000_000;

/// Has a customer send a file of this size. Returns its id.
async fn receive(stack: &TestStack) -> String {
    let order = json!({"mime_type": "video/mp4", "size": SIZE});
    let path = "/api/customers/491701234567/generated-files";
    let (status, answer) = stack.post(path, &order).await;
    assert_eq!((status, &answer["webhook_status"]), (200, &json!(200)));
    let chat = stack.get("/api/customers/491701234567/messages").await;
    chat[0]["media"]["id"].as_str().unwrap().to_owned()
}

/// Returns the address of the file, requested below `base`, without scheme and host.
async fn address(stack: &TestStack, base: &str, id: &str) -> String {
    let request = stack.authorized(Method::GET, &format!("{base}/v27.0/{id}"));
    let found: Value = request.send().await.unwrap().json().await.unwrap();
    let url = found["url"].as_str().unwrap();
    url.strip_prefix(&stack.url("")).unwrap().to_owned()
}

async fn fetch(stack: &TestStack, address: &str) -> Response {
    let request = stack.authorized(Method::GET, address);
    request.send().await.unwrap()
}

/// Returns how many bytes arrive, and whether the body ends without an error.
async fn read(mut response: Response) -> (u64, bool) {
    let mut size = 0;
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => size += chunk.len() as u64,
            Ok(None) => return (size, true),
            Err(_) => return (size, false),
        }
    }
}

#[tokio::test]
async fn addresses_lead_back_the_way_the_caller_came() {
    let stack = TestStack::start().await;
    let id = receive(&stack).await;
    for base in ["/_via/worker/1/graph", "/graph"] {
        let address = address(&stack, base, &id).await;
        let start = format!("{base}/media-files/attachments?mid={id}&");
        assert!(address.starts_with(&start), "{address}");
        let response = fetch(&stack, &address).await;
        assert_eq!(response.content_length(), Some(SIZE));
        assert_eq!(read(response).await, (SIZE, true), "{base}");
    }
    let calls = stack.get("/api/calls").await;
    let operations: Vec<_> = calls
        .as_array()
        .unwrap()
        .iter()
        .map(|call| &call["operation"])
        .collect();
    assert_eq!(operations, ["GET media", "GET media-file"]);
    stack.stop().await;
}

#[tokio::test]
async fn a_download_breaks_off_in_the_middle() {
    let stack = TestStack::start().await;
    let id = receive(&stack).await;
    let fault = json!({"target": "whatsapp", "kind": "truncate", "match": "GET media-file"});
    stack.post("/api/faults", &fault).await;
    let address = address(&stack, "/_via/worker/1/graph", &id).await;
    let response = fetch(&stack, &address).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.content_length(), Some(SIZE));
    let (size, whole) = read(response).await;
    assert!(size <= SIZE / 2 && !whole, "{size}");
    stack.stop().await;
}

#[tokio::test]
async fn files_may_be_larger_than_other_bodies() {
    let stack = TestStack::start().await;
    let mut form = b"--edge\r\nContent-Disposition: form-data; name=\"file\"; \
        filename=\"a name\"\r\nContent-Type: text/plain\r\n\r\n"
        .to_vec();
    form.resize(form.len() + 20_000_000, b'x');
    form.extend_from_slice(
        b"\r\n--edge\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\
        \r\n--edge\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\ntext/plain\
        \r\n--edge--\r\n",
    );
    let upload = "/_via/worker/1/graph/v27.0/106540352242922/media";
    let (status, answer) = stack.post_form(upload, form.clone()).await;
    assert_eq!(status, 200, "{answer}");
    let stored = format!("/api/media/{}", answer["id"].as_str().unwrap());
    let stored = stack.open(&stored).await;
    assert_eq!(read(stored).await, (20_000_000, true));

    // The same form has one part too many for the control API, which says so after reading it all.
    let files = "/api/customers/491701234567/files";
    let (status, problem) = stack.post_form(files, form).await;
    assert_eq!((status, &problem["status"]), (400, &json!(400)));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("messaging_product"), "{detail}");
    stack.stop().await;
}
