use casement_core::model::identity::AccountId;
use casement_service::ports::JiraAccount;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use wiremock::MockServer;

use super::*;
use crate::testing::{TestClock, calls, clients, service};

fn webhook_secret() -> Value {
    json!({
        "whatsapp_app_secrets": ["new-app-secret-16", "old-app-secret-16"],
        "whatsapp_verify_token": "verify",
        "jira_webhook_secrets": ["hook-secret-of-16"],
        "something_else": 7,
    })
}

fn secret() -> Value {
    json!({
        "whatsapp_access_token": "EAAG-1",
        "jira_email": "bridge@example.com",
        "jira_api_token": "ATATT",
        "something_else": 7,
    })
}

/// Parses as what the key belongs in, with this value.
fn with(key: &str, value: Value) -> Result<(), NotUsable> {
    let which = Which::of(key).unwrap();
    let mut secret = match which {
        Which::Webhook => webhook_secret(),
        Which::Credentials => secret(),
    };
    secret[key] = value;
    parsed(which, &secret.to_string())
}

fn parsed(which: Which, text: &str) -> Result<(), NotUsable> {
    match which {
        Which::Webhook => WebhookSecrets::parse(text).map(drop),
        Which::Credentials => Credentials::parse(text).map(drop),
    }
}

fn answer(secret: &Value) -> (u16, Value) {
    (
        200,
        json!({ "Name": "casement", "SecretString": secret.to_string() }),
    )
}

fn denied() -> (u16, Value) {
    (
        400,
        json!({ "__type": "AccessDeniedException", "message": "quotes" }),
    )
}

fn with_token(token: &str) -> Value {
    let mut secret = secret();
    secret["whatsapp_access_token"] = token.into();
    secret
}

async fn secrets(
    answers: Vec<(u16, Value)>,
) -> (Secrets<Credentials, TestClock>, TestClock, MockServer) {
    let server = service(answers).await;
    let clock = TestClock::new();
    let client = clients(&server.uri()).secrets_manager();
    (
        Secrets::new(client, "casement", clock.clone()),
        clock,
        server,
    )
}

fn token(values: Result<Arc<Credentials>, SecretsFailure>) -> String {
    let values = values.unwrap();
    values.whatsapp_access_token.expose_secret().to_owned()
}

#[tokio::test]
async fn the_secret_is_asked_for_by_its_id() {
    let (secrets, _, server) = secrets(vec![answer(&secret())]).await;
    assert_eq!(token(secrets.current().await), "EAAG-1");
    let expected = json!({ "SecretId": "casement" });
    let expected = [("GetSecretValue".to_owned(), expected)];
    assert_eq!(calls(&server).await, expected);
}

#[tokio::test]
async fn a_copy_serves_five_minutes() {
    let answers = vec![answer(&with_token("1")), answer(&with_token("2"))];
    let (secrets, clock, server) = secrets(answers).await;
    for (passed, expected, reads) in [(0, "1", 1), (299, "1", 1), (1, "2", 2), (299, "2", 2)] {
        clock.advance(Duration::seconds(passed));
        assert_eq!(token(secrets.current().await), expected, "{passed}");
        assert_eq!(calls(&server).await.len(), reads, "{passed}");
    }
    // A clock that was set back proves nothing about the age of the copy.
    clock.advance(Duration::hours(-1));
    assert_eq!(token(secrets.current().await), "2");
    assert_eq!(calls(&server).await.len(), 3);
}

#[tokio::test]
async fn a_failed_authentication_reads_anew_at_most_every_half_minute() {
    let answers = vec![answer(&with_token("1")), answer(&with_token("2"))];
    let (secrets, clock, server) = secrets(answers).await;
    for (passed, expected, reads) in [
        (0, "1", 1),
        (29, "1", 1),
        (1, "2", 2),
        (29, "2", 2),
        (1, "2", 3),
    ] {
        clock.advance(Duration::seconds(passed));
        assert_eq!(token(secrets.refresh().await), expected, "{passed}");
        assert_eq!(calls(&server).await.len(), reads, "{passed}");
    }
}

#[tokio::test]
async fn those_who_ask_at_once_share_one_answer() {
    let (secrets, _, server) = secrets(vec![answer(&secret())]).await;
    let (one, two) = tokio::join!(secrets.current(), secrets.current());
    assert_eq!(token(one), token(two));
    assert_eq!(calls(&server).await.len(), 1);
}

#[tokio::test]
async fn an_earlier_copy_outlives_a_failure() {
    let broken = json!({ "whatsapp_access_token": "" });
    for second in [denied(), answer(&broken)] {
        let (secrets, clock, server) = secrets(vec![answer(&secret()), second]).await;
        assert_eq!(token(secrets.current().await), "EAAG-1");
        clock.advance(Duration::minutes(5));
        assert_eq!(token(secrets.current().await), "EAAG-1");
        assert_eq!(token(secrets.current().await), "EAAG-1");
        assert_eq!(calls(&server).await.len(), 2);
    }
}

#[tokio::test]
async fn without_a_copy_a_failure_is_told_by_its_code() {
    let (secrets, _, _server) = secrets(vec![denied(), answer(&secret())]).await;
    let failure = secrets.current().await.unwrap_err();
    assert_eq!(
        failure.to_string(),
        "the credentials secret cannot be read: it refuses (AccessDeniedException)"
    );
    // The next call tries again.
    assert_eq!(token(secrets.current().await), "EAAG-1");
}

#[test]
fn every_key_is_needed() {
    let missing = |key, kind| Err(NotUsable::Missing { key, kind });
    let texts = ["whatsapp_app_secrets", "jira_webhook_secrets"];
    for key in texts {
        for wrong in [
            json!(null),
            json!([]),
            json!(["long-enough-secret", ""]),
            json!("ok"),
            json!([7]),
        ] {
            assert_eq!(
                with(key, wrong.clone()),
                missing(key, "a list of texts"),
                "{wrong}"
            );
        }
    }
    for key in ["whatsapp_verify_token", "whatsapp_access_token"] {
        for wrong in [json!(null), json!(""), json!("  "), json!(7), json!(["ok"])] {
            assert_eq!(with(key, wrong.clone()), missing(key, "a text"), "{wrong}");
        }
    }
    for which in Which::ALL {
        for text in ["", "[]", "{", "\"EAAG-1\""] {
            assert_eq!(parsed(which, text), Err(NotUsable::NotAnObject), "{text}");
        }
    }
}

#[test]
fn a_key_that_stands_in_the_wrong_secret_is_said() {
    for (which, other) in [
        (Which::Webhook, Which::Credentials),
        (Which::Credentials, Which::Webhook),
    ] {
        for &key in other.keys() {
            let mut secret = match which {
                Which::Webhook => webhook_secret(),
                Which::Credentials => secret(),
            };
            assert_eq!(parsed(which, &secret.to_string()), Ok(()));
            // Even without a value: whoever looks there sees where it belongs.
            secret[key] = Value::Null;
            let expected = NotUsable::Misplaced {
                key,
                belongs_in: other,
            };
            assert_eq!(parsed(which, &secret.to_string()), Err(expected));
        }
    }
    let exchanged = parsed(Which::Webhook, &secret().to_string()).unwrap_err();
    let failure = SecretsFailure::NotUsable(Which::Webhook, exchanged);
    assert_eq!(
        failure.to_string(),
        "the webhook secret cannot be used: it has whatsapp_access_token, which belongs in the \
         credentials secret; move it there"
    );
    let lacking = parsed(Which::Credentials, "{}").unwrap_err();
    let failure = SecretsFailure::NotUsable(Which::Credentials, lacking);
    assert_eq!(
        failure.to_string(),
        "the credentials secret cannot be used: whatsapp_access_token is missing or empty; it must \
         be a text"
    );
}

#[test]
fn what_could_be_guessed_or_never_sent_is_refused() {
    for key in ["whatsapp_app_secrets", "jira_webhook_secrets"] {
        for (value, expected) in [
            (json!(["0123456789abcdef"]), Ok(())),
            (json!(["0123456789abcde"]), Err(NotUsable::Short(key))),
            (json!(["0123456789abcdef", "a"]), Err(NotUsable::Short(key))),
            (
                json!(["\u{1}".repeat(32)]),
                Err(NotUsable::ControlCharacter(key)),
            ),
            (
                json!(["0123456789abcdef\n"]),
                Err(NotUsable::ControlCharacter(key)),
            ),
        ] {
            assert_eq!(with(key, value.clone()), expected, "{key} {value}");
        }
    }
    for key in [
        "whatsapp_verify_token",
        "whatsapp_access_token",
        "jira_email",
        "jira_api_token",
    ] {
        for value in ["abc\n", "abc\tdef", "\u{7f}abc", "a\0"] {
            let expected = Err(NotUsable::ControlCharacter(key));
            assert_eq!(with(key, json!(value)), expected, "{key}");
        }
    }
}

#[test]
fn no_value_is_printed() {
    let webhook = WebhookSecrets::parse(&webhook_secret().to_string()).unwrap();
    let credentials = Credentials::parse(&secret().to_string()).unwrap();
    let text = format!("{webhook:?} {credentials:?}");
    for value in [
        "new-app",
        "verify\"",
        "EAAG",
        "hook-secret",
        "bridge",
        "ATATT",
    ] {
        assert!(!text.contains(value), "{text}");
    }
}

#[test]
fn the_account_id_may_be_left_out() {
    let mut json = webhook_secret();
    for (id, expected) in [
        (Value::Null, None),
        ("".into(), None),
        ("712020:1".into(), Some("712020:1")),
    ] {
        json["jira_account_id"] = id;
        let values = WebhookSecrets::parse(&json.to_string()).unwrap();
        let read = values.jira_account_id;
        assert_eq!(read.as_ref().map(AccountId::as_str), expected);
    }
}

/// The secret with other keys about the Jira account.
fn with_account(account: &Value) -> Result<JiraAccount, NotUsable> {
    let mut secret = secret();
    let members = secret.as_object_mut().unwrap();
    members.retain(|key, _| !["jira_email", "jira_api_token"].contains(&key.as_str()));
    members.extend(account.as_object().unwrap().clone());
    Credentials::parse(&secret.to_string()).map(|values| values.jira_account)
}

#[test]
fn the_keys_say_which_kind_of_account_it_is() {
    fn told(account: &JiraAccount) -> String {
        match account {
            JiraAccount::ApiToken { email, token } => {
                format!("basic {}:{}", email.expose_secret(), token.expose_secret())
            }
            JiraAccount::ServiceToken { token } => format!("bearer {}", token.expose_secret()),
            JiraAccount::OauthClient {
                client_id,
                client_secret,
                token_url,
            } => {
                let (id, secret) = (client_id.expose_secret(), client_secret.expose_secret());
                format!("oauth {id}:{secret} {token_url}")
            }
        }
    }
    for (keys, expected) in [
        (
            json!({"jira_email": "a@example.com", "jira_api_token": "ATATT"}),
            "basic a@example.com:ATATT",
        ),
        (json!({"jira_api_token": "ATSTT"}), "bearer ATSTT"),
        (
            json!({"jira_api_token": "ATSTT", "jira_email": null}),
            "bearer ATSTT",
        ),
        (
            json!({"jira_oauth_client_id": "id", "jira_oauth_client_secret": "s"}),
            "oauth id:s https://auth.atlassian.com/oauth/token",
        ),
        (
            json!({"jira_oauth_client_id": "id", "jira_oauth_client_secret": "s",
                   "jira_oauth_token_url": "http://127.0.0.1:8080/atlassian/oauth/token"}),
            "oauth id:s http://127.0.0.1:8080/atlassian/oauth/token",
        ),
    ] {
        let account = with_account(&keys).unwrap();
        assert_eq!(told(&account), expected, "{keys}");
    }
}

#[test]
fn keys_that_make_no_account_are_told_apart() {
    for (keys, expected) in [
        (
            json!({}),
            "it has no Jira account; give jira_email and jira_api_token, or jira_api_token alone \
             (the token of a service account), or jira_oauth_client_id and \
             jira_oauth_client_secret",
        ),
        (
            json!({"jira_email": "a@example.com"}),
            "jira_api_token is missing or empty; it must be a text",
        ),
        (
            json!({"jira_email": "", "jira_api_token": "ATATT"}),
            "jira_email is missing or empty; it must be a text",
        ),
        (
            json!({"jira_api_token": ["ATATT"]}),
            "jira_api_token is missing or empty; it must be a text",
        ),
        (
            json!({"jira_oauth_client_id": "id"}),
            "jira_oauth_client_secret is missing or empty; it must be a text",
        ),
        (
            json!({"jira_oauth_client_secret": "s"}),
            "jira_oauth_client_id is missing or empty; it must be a text",
        ),
        (
            json!({"jira_api_token": "ATATT", "jira_oauth_client_id": "id",
                   "jira_oauth_client_secret": "s"}),
            "jira_api_token and jira_oauth_client_id are of two kinds of Jira accounts; remove \
             one of them",
        ),
        (
            json!({"jira_email": "a@example.com", "jira_oauth_client_secret": "s"}),
            "jira_email and jira_oauth_client_secret are of two kinds of Jira accounts; remove \
             one of them",
        ),
        (
            json!({"jira_oauth_client_id": "id", "jira_oauth_client_secret": "s",
                   "jira_oauth_token_url": "http://auth.example/oauth/token"}),
            "jira_oauth_token_url is not an https URL",
        ),
    ] {
        let problem = with_account(&keys).map(drop).unwrap_err();
        assert_eq!(problem.to_string(), expected, "{keys}");
    }
}
