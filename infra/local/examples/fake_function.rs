//! A function for the tests of the Lambda runtime and of everything that invokes functions. It
//! speaks the runtime API and does what the event tells it to.

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

enum Answer {
    Result(Value),
    Error(Value),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| "a provider is installed already")?;
    let client = Client::builder().no_proxy().build()?;
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API")?;
    let runtime = format!("{api}/2018-06-01/runtime");
    match std::env::var("FAKE_INIT").as_deref() {
        Ok("report") => {
            let error = json!({"errorType": "Config", "errorMessage": "TABLE_NAME is missing"});
            post(&client, format!("{runtime}/init/error"), &error).await?;
            return Err("cannot start".into());
        }
        Ok("exit") => std::process::exit(3),
        _ => {}
    }
    let mut served = 0;
    loop {
        let next = client
            .get(format!("{runtime}/invocation/next"))
            .send()
            .await?;
        let request_id = next
            .headers()
            .get("lambda-runtime-aws-request-id")
            .ok_or("no request id")?
            .to_str()?
            .to_owned();
        let event: Value = next.json().await?;
        served += 1;
        let (kind, body) = match act(&event, served, &client).await? {
            Answer::Result(body) => ("response", body),
            Answer::Error(body) => ("error", body),
        };
        let url = format!("{runtime}/invocation/{request_id}/{kind}");
        post(&client, url, &body).await?;
        if event["then"] == "exit" {
            return Ok(());
        }
    }
}

#[expect(
    clippy::exit,
    reason = "a process that ends in the middle of its work is wanted"
)]
async fn act(
    event: &Value,
    served: usize,
    client: &Client,
) -> Result<Answer, Box<dyn std::error::Error>> {
    if let Some(records) = event["Records"].as_array() {
        return Ok(Answer::Result(fail_marked(records)));
    }
    if let Some(line) = event["print"].as_str() {
        println!("{line}");
    }
    // An HTTP event carries its order in the body.
    let order: Value = match event["body"].as_str() {
        Some(body) => serde_json::from_str(body).unwrap_or_default(),
        None => event.clone(),
    };
    Ok(match order["do"].as_str() {
        Some("hang") => std::future::pending().await,
        Some("panic") => panic!("as told"),
        Some("exit") => std::process::exit(7),
        Some("fail") => Answer::Error(json!({"errorType": "Told", "errorMessage": "to fail"})),
        Some("answer") => Answer::Result(order["with"].clone()),
        Some("fill") => {
            let bytes = order["bytes"].as_u64().unwrap_or_default();
            Answer::Result(json!("x".repeat(usize::try_from(bytes)?)))
        }
        Some("environment") => Answer::Result(std::env::vars().collect()),
        Some("post") => Answer::Result(call(&order, client).await?),
        _ => Answer::Result(json!({"event": event, "served": served})),
    })
}

/// Reports the records whose body asks for it as failed.
fn fail_marked(records: &[Value]) -> Value {
    let failures: Vec<_> = records
        .iter()
        .filter(|record| {
            record["body"]
                .as_str()
                .is_some_and(|body| body.contains("fail"))
        })
        .map(|record| json!({"itemIdentifier": record["messageId"]}))
        .collect();
    json!({"batchItemFailures": failures})
}

/// Posts to a service below the address in an environment variable.
async fn call(order: &Value, client: &Client) -> Result<Value, Box<dyn std::error::Error>> {
    let base = std::env::var(order["variable"].as_str().ok_or("no variable")?)?;
    let path = order["path"].as_str().unwrap_or_default();
    let mut request = client
        .post(format!("{base}{path}"))
        .timeout(Duration::from_millis(
            order["timeout_ms"].as_u64().unwrap_or(10_000),
        ))
        .json(&order["json"]);
    if let Some(target) = order["target"].as_str() {
        request = request.header("x-amz-target", target);
    }
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) if error.is_timeout() => return Ok(json!({"error": "timeout"})),
        Err(_) => return Ok(json!({"error": "no answer"})),
    };
    let status = response.status().as_u16();
    Ok(match response.text().await {
        Ok(text) => json!({"status": status, "text": text}),
        Err(_) => json!({"status": status, "error": "answer cut"}),
    })
}

async fn post(client: &Client, url: String, body: &Value) -> Result<(), reqwest::Error> {
    client.post(url).json(body).send().await?;
    Ok(())
}
