//! Registrations at Meta.

use super::*;

impl Bench {
    /// Makes a call with the app's token.
    async fn as_app(&self, method: Method, path: &str, secret: &str) -> (u16, Value) {
        let request = self
            .http
            .request(method, format!("{}/graph/v27.0/{path}", self.base))
            .bearer_auth(format!("634974688087057|{secret}"));
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn graph(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, &format!("/graph/v27.0/{path}"), Value::Null)
            .await
    }

    async fn setup(&self, setup: Value) {
        let (status, answer) = self.call(Method::POST, "/api/whatsapp/setup", setup).await;
        assert_eq!(status, 200, "{answer}");
    }
}

#[tokio::test]
async fn a_token_is_looked_at() {
    let bench = Bench::start().await;
    let own = "debug_token?input_token=local-access-token";
    let (_, shown) = bench.graph(own).await;
    assert_eq!(shown["data"]["is_valid"], true);
    assert_eq!(shown["data"]["expires_at"], 0);
    let granted = &shown["data"]["granular_scopes"][0];
    assert_eq!(granted["target_ids"], json!(["102290129340398"]));
    let (_, shown) = bench.graph("debug_token?input_token=another").await;
    assert_eq!(shown["data"]["is_valid"], false);
    bench.setup(json!({"token_valid": false})).await;
    let (status, refused) = bench.graph(own).await;
    assert_eq!((status, &refused["error"]["code"]), (401, &json!(190)));
}

#[tokio::test]
async fn the_account_has_numbers_and_apps() {
    let bench = Bench::start().await;
    let (_, numbers) = bench.graph("102290129340398/phone_numbers").await;
    assert_eq!(numbers["data"][0]["id"], "106540352242922");
    assert_eq!(numbers["data"][0]["status"], "CONNECTED");
    bench.setup(json!({"app_subscribed": false})).await;
    let (_, apps) = bench.graph("102290129340398/subscribed_apps").await;
    assert_eq!(apps["data"], json!([]));
    let path = "/graph/v27.0/102290129340398/subscribed_apps";
    let (_, done) = bench.call(Method::POST, path, json!({})).await;
    assert_eq!(done, json!({"success": true}));
    let (_, apps) = bench.graph("102290129340398/subscribed_apps").await;
    let ours = &apps["data"][0];
    assert_eq!(ours["whatsapp_business_api_data"]["id"], "634974688087057");
    assert!(ours.get("override_callback_uri").is_none());
    assert_eq!(bench.graph("1/subscribed_apps").await.0, 400);
    let nowhere = json!({"override_callback_uri": "http://127.0.0.1:1/", "verify_token": "x"});
    let (status, refused) = bench.call(Method::POST, path, nowhere).await;
    assert_eq!((status, &refused["error"]["code"]), (400, &json!(2200)));
}

#[tokio::test]
async fn the_webhook_of_the_app_is_confirmed_before_it_is_set() {
    let bench = Bench::start().await;
    let path = "634974688087057/subscriptions";
    let (_, shown) = bench.as_app(Method::GET, path, "local-app-secret").await;
    assert_eq!(shown["data"][0]["fields"][0]["name"], "messages");
    assert_eq!(bench.as_app(Method::GET, path, "another").await.0, 401);
    let set = |url: &str, token: &str| {
        format!(
            "{path}?object=whatsapp_business_account&callback_url={url}&fields=messages,calls&verify_token={token}"
        )
    };
    let url = shown["data"][0]["callback_url"]
        .as_str()
        .unwrap()
        .to_owned();
    for (url, token) in [
        ("http://127.0.0.1:1/", "local-verify-token"),
        (url.as_str(), "another"),
    ] {
        let (status, refused) = bench
            .as_app(Method::POST, &set(url, token), "local-app-secret")
            .await;
        assert_eq!((status, &refused["error"]["code"]), (400, &json!(2200)));
    }
    let (status, done) = bench
        .as_app(
            Method::POST,
            &set(&url, "local-verify-token"),
            "local-app-secret",
        )
        .await;
    assert_eq!((status, done), (200, json!({"success": true})));
    let (_, shown) = bench.as_app(Method::GET, path, "local-app-secret").await;
    assert_eq!(shown["data"][0]["fields"].as_array().unwrap().len(), 2);
}
