//! `template.yaml` gives a function exactly the variables that it reads. With one fewer, the
//! function would not start.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use casement_tests::{Stack, binary};
use local_emulators::template::{Function, Stack as Template, Surroundings};

/// Variables that a function can start without.
const OPTIONAL: [&str; 1] = ["STACK_NAME"];

/// Variables that Lambda sets itself (Lambda developer guide, "Defined runtime environment
/// variables").
const OF_LAMBDA: [(&str, &str); 6] = [
    ("AWS_LAMBDA_FUNCTION_NAME", "function"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ("AWS_REGION", "eu-central-1"),
    ("AWS_ACCESS_KEY_ID", "id"),
    ("AWS_SECRET_ACCESS_KEY", "key"),
];

/// The functions of `template.yaml`, with secrets of these names.
pub(crate) fn functions(webhook: &str, credentials: &str) -> Vec<Function> {
    let parameters = [
        ("WebhookSecretArn", webhook),
        ("CredentialsSecretArn", credentials),
        ("FingerprintKeyArn", "casement-local-fingerprint-key"),
        // Nobody answers there.
        ("JiraBaseUrl", "https://jira.example"),
        ("WhatsappBaseUrl", "https://graph.example"),
    ];
    let surroundings = Surroundings {
        region: "eu-central-1".to_owned(),
        account: "000000000000".to_owned(),
        parameters: parameters
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        queue_url_base: "https://sqs.example".to_owned(),
    };
    let template = Template::from_yaml(include_str!("../../template.yaml"), &surroundings);
    template.unwrap().functions
}

/// Starts the function and returns the first missing variable, or `None` if it starts.
fn missed(stack: &Stack, function: &str, environment: &BTreeMap<&str, &str>) -> Option<String> {
    // The function starts by asking Lambda for work. Nothing answers, so it ends.
    let nobody = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let runtime_api = nobody.local_addr().unwrap().to_string();
    drop(nobody);
    let output = Command::new(binary(function))
        .env_clear()
        .envs(OF_LAMBDA)
        .envs(environment)
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
        .env(
            "AWS_ENDPOINT_URL_SECRETS_MANAGER",
            stack.url("/_via/test/0/secretsmanager"),
        )
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let (_, name) = told.split_once("Missing { name: \"")?;
    Some(name.split('"').next().unwrap().to_owned())
}

#[tokio::test]
async fn a_function_has_the_variables_that_it_asks_for_and_no_others() {
    // Builds the binaries if needed, and provides the fingerprint key.
    let stack = Stack::start().await;
    for function in functions("w", "c") {
        let mut given = BTreeMap::new();
        while let Some(name) = missed(&stack, &function.name, &given) {
            let Some((name, value)) = function.environment.get_key_value(&name) else {
                panic!(
                    "{} needs {name}, which template.yaml does not set",
                    function.name
                );
            };
            let repeated = given.insert(name.as_str(), value.as_str());
            assert_eq!(
                repeated, None,
                "{} misses {name} though it is set",
                function.name
            );
        }
        let asked: BTreeSet<_> = given.into_keys().chain(OPTIONAL).collect();
        let set = function.environment.keys().map(String::as_str);
        let unused: Vec<_> = set.filter(|name| !asked.contains(name)).collect();
        assert!(
            unused.is_empty(),
            "{} never asks for {unused:?}, which template.yaml sets",
            function.name
        );
    }
}
