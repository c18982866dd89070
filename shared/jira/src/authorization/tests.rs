use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::fixtures::{http, nobody};

fn client(server: &str, secret: &str) -> JiraAccount {
    JiraAccount::OauthClient {
        client_id: SecretString::from("id"),
        client_secret: SecretString::from(secret),
        token_url: format!("{server}/oauth/token"),
    }
}

/// A token endpoint that gives out `token-1`, `token-2` and so on, each for `expires_in` seconds.
async fn endpoint(expires_in: u64) -> MockServer {
    let server = MockServer::start().await;
    for number in 1..5 {
        let body = json!({
            "grant_type": "client_credentials", "client_id": "id", "client_secret": "secret"});
        let granted = json!({
            "access_token": format!("token-{number}"), "expires_in": expires_in,
            "token_type": "Bearer", "scope": "read:jira-work"});
        Mock::given(method("POST"))
            .and(path("/oauth/token"))
            .and(body_json(body))
            .respond_with(ResponseTemplate::new(200).set_body_json(granted))
            .up_to_n_times(1)
            .mount(&server)
            .await;
    }
    server
}

fn authorizations() -> Authorizations {
    Authorizations::new(http(Duration::from_secs(20)))
}

async fn bearer(authorizations: &Authorizations, account: &JiraAccount) -> String {
    match authorizations.of(account).await.unwrap() {
        Authorization::Bearer(token) => token.expose_secret().to_owned(),
        Authorization::Basic(..) => panic!("not a bearer token"),
    }
}

fn token(age_s: u64, lasts_s: u64) -> (AccessToken, Instant) {
    let bought_at = Instant::now();
    let token = AccessToken {
        token: SecretString::from("token-0"),
        client_id: SecretString::from("id"),
        client_secret: SecretString::from("secret"),
        bought_at,
        lasts: Duration::from_secs(lasts_s),
    };
    (token, bought_at + Duration::from_secs(age_s))
}

#[test]
fn an_access_token_is_renewed_before_it_ends() {
    for (lasts_s, age_s, fresh) in [
        (3600, 0, true),
        (3600, 3479, true),
        (3600, 3480, false),
        (3600, 4000, false),
        // One that is given for a minute serves half of it.
        (60, 29, true),
        (60, 30, false),
        (0, 0, false),
    ] {
        let (token, now) = token(age_s, lasts_s);
        assert_eq!(token.is_fresh(now), fresh, "{lasts_s} {age_s}");
    }
}

#[test]
fn a_refused_access_token_is_replaced_unless_it_is_new() {
    for (age_s, replaced) in [(0, false), (29, false), (30, true), (3000, true)] {
        let (token, now) = token(age_s, 3600);
        assert_eq!(token.is_worth_replacing(now), replaced, "{age_s}");
    }
}

#[tokio::test]
async fn an_access_token_is_bought_once_and_kept() {
    let server = endpoint(3600).await;
    let (account, authorizations) = (client(&server.uri(), "secret"), authorizations());
    let (one, two) = tokio::join!(
        bearer(&authorizations, &account),
        bearer(&authorizations, &account)
    );
    assert_eq!((one.as_str(), two.as_str()), ("token-1", "token-1"));
    // Refused a moment after it was bought: another one would be refused, too.
    authorizations
        .refused(&Authorization::Bearer(SecretString::from("token-1")))
        .await;
    assert_eq!(bearer(&authorizations, &account).await, "token-1");
}

#[tokio::test]
async fn an_access_token_without_life_is_bought_for_each_call() {
    let server = endpoint(0).await;
    let (account, authorizations) = (client(&server.uri(), "secret"), authorizations());
    assert_eq!(bearer(&authorizations, &account).await, "token-1");
    assert_eq!(bearer(&authorizations, &account).await, "token-2");
}

#[tokio::test]
async fn a_refused_access_token_and_another_client_lead_to_a_new_one() {
    let server = endpoint(3600).await;
    let account = client(&server.uri(), "secret");
    for (case, other_secret, refused, expected) in [
        ("kept", false, "another", "token-0"),
        ("refused", false, "token-0", "token-1"),
        ("other client", true, "another", "token-2"),
    ] {
        let authorizations = authorizations();
        let (mut old, _) = token(0, 3600);
        // The machine may have started less than a minute ago.
        let Some(bought_at) = Instant::now().checked_sub(Duration::from_secs(60)) else {
            return;
        };
        old.bought_at = bought_at;
        if other_secret {
            old.client_secret = SecretString::from("former");
        }
        *authorizations.bought.lock().await = Some(old);
        let refused = Authorization::Bearer(SecretString::from(refused));
        authorizations.refused(&refused).await;
        assert_eq!(bearer(&authorizations, &account).await, expected, "{case}");
    }
}

#[tokio::test]
async fn without_an_access_token_nothing_is_asked_of_jira() {
    let refused = |status| CallFailure::Jira {
        status,
        retry_after: (status == 429).then(|| chrono::Duration::seconds(9)),
    };
    let unreachable = CallFailure::Unreachable(Side::Jira);
    for (status, body, expected) in [
        (400, "{}", refused(401)),
        (401, "{}", refused(401)),
        (403, "{}", refused(401)),
        (429, "{}", refused(429)),
        (500, "{}", unreachable.clone()),
        (302, "{}", unreachable.clone()),
        (200, "<html>", unreachable.clone()),
        (200, "{}", unreachable.clone()),
    ] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(status)
            .set_body_string(body)
            .insert_header("Retry-After", "9");
        Mock::given(method("POST"))
            .respond_with(answer)
            .mount(&server)
            .await;
        let account = client(&server.uri(), "secret");
        let failure = authorizations().of(&account).await.unwrap_err();
        assert_eq!(failure, expected, "{status} {body}");
    }
    let account = client(&nobody().await, "secret");
    let failure = authorizations().of(&account).await.unwrap_err();
    assert_eq!(failure, unreachable);
}

#[tokio::test]
async fn the_header_follows_the_kind_of_account() {
    let secret = |text: &str| SecretString::from(text);
    let basic = JiraAccount::ApiToken {
        email: secret("a@example.com"),
        token: secret("ATATT"),
    };
    let service = JiraAccount::ServiceToken {
        token: secret("ATSTT"),
    };
    for (account, expected) in [
        (basic, "Basic YUBleGFtcGxlLmNvbTpBVEFUVA=="),
        (service, "Bearer ATSTT"),
    ] {
        let authorization = authorizations().of(&account).await.unwrap();
        let http = http(Duration::from_secs(1));
        let request = authorization.apply(http.get("http://127.0.0.1/"));
        let request = request.build().unwrap();
        assert_eq!(request.headers()["authorization"], expected);
    }
}
