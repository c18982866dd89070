//! Registers the webhook at Jira, as an administrator.

use std::process::ExitCode;

use casement_aws::WebhookSecrets;
use casement_core::settings::Settings;
use casement_service::ports::JiraAccount;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{may, report};
use crate::Problem;
use crate::args::ConnectJira;
use crate::check::site::webhook::{EVENTS, WEBHOOKS, faults_of, ours};
use crate::jira::{Jira, JiraFailure};
use crate::place::Place;
use crate::stored::Table;
use crate::talk::Talk;

const NAME: &str = "Casement";

/// A change to the webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// No webhook goes to our address.
    Register,
    /// The webhook with this id goes to our address and has faults.
    Correct { id: String, faults: Vec<String> },
}

/// Asks, then registers the webhook or corrects it.
///
/// # Errors
/// The account is not an administrator, or Jira refuses the change.
pub async fn run(place: &Place, talk: &Talk, wanted: &ConnectJira) -> Result<ExitCode, Problem> {
    if wanted.automation {
        return super::automation::run(place, talk, wanted.show_token).await;
    }
    let secret = place.webhook_secrets().await?;
    let url = place.name("JiraWebhookUrl")?;
    let (whose, base, account) = administrator(place).await?;
    let jira = Jira::enter(place, &base, &account).await;
    let jira = jira.map_err(|failure| refused(failure, whose, &url))?;
    let webhooks = jira
        .get(WEBHOOKS, &[])
        .await
        .map_err(|failure| refused(failure, whose, &url))?;
    let Some(step) = plan(&webhooks, &url) else {
        return report(talk, &[]);
    };
    let settings = Table::of(place)?.checked_settings().await?;
    let told = vec![step.told(&url)];
    if !may(talk, &told)? {
        return Ok(ExitCode::FAILURE);
    }
    let body = registration(&url, &secret, &projects(&jira, &settings).await?);
    let done = match &step {
        Step::Register => jira.send(Method::POST, WEBHOOKS, body).await,
        Step::Correct { id, .. } => {
            jira.send(Method::PUT, &format!("{WEBHOOKS}/{id}"), body)
                .await
        }
    };
    done.map_err(|failure| refused(failure, whose, &url))?;
    report(talk, &told)
}

/// The origin of the account in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The environment.
    Administrator,
    /// The secret.
    Casement,
}

/// Returns the administrator from the environment, or else the secret's account, and its base URL.
pub(crate) async fn administrator(place: &Place) -> Result<(Whose, String, JiraAccount), Problem> {
    let given = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let names = ["JIRA_ADMIN_EMAIL", "JIRA_ADMIN_API_TOKEN", "JIRA_SITE"];
    match names.map(given) {
        [Some(email), Some(token), Some(site)] => {
            let account = JiraAccount::ApiToken {
                email: SecretString::from(email),
                token: SecretString::from(token),
            };
            Ok((Whose::Administrator, site, account))
        }
        [None, None, None] => {
            let base = place.name("JiraBaseUrl")?;
            Ok((
                Whose::Casement,
                base,
                place.credentials().await?.jira_account.clone(),
            ))
        }
        _ => Err(Problem::Usage(format!(
            "an administrator is named by all three of {}",
            names.join(", ")
        ))),
    }
}

fn refused(failure: JiraFailure, whose: Whose, url: &str) -> Problem {
    let by_hand = || {
        format!(
            "Set JIRA_SITE, JIRA_ADMIN_EMAIL and JIRA_ADMIN_API_TOKEN for an administrator, or \
             register the webhook by hand under System > WebHooks: URL {url}, events {}, secret the \
             first of jira_webhook_secrets",
            EVENTS.join(", ")
        )
    };
    match (failure, whose) {
        (JiraFailure::Refused(401), Whose::Administrator) => Problem::Failed(format!(
            "{failure}: check JIRA_ADMIN_EMAIL and JIRA_ADMIN_API_TOKEN"
        )),
        (JiraFailure::Refused(401), Whose::Casement) => Problem::Failed(format!(
            "{failure}: casement check, row Jira account, says whether those of the secret are \
             right; if they are, they are no administrator's. {}",
            by_hand()
        )),
        (JiraFailure::Refused(403), _) => Problem::Failed(format!(
            "this account is not an administrator of Jira (status 403). {}",
            by_hand()
        )),
        (JiraFailure::Refused(404), Whose::Administrator) => Problem::Failed(format!(
            "{failure}: check JIRA_SITE, which is https://SITE.atlassian.net; or this account is not \
             an administrator. {}",
            by_hand()
        )),
        (JiraFailure::Refused(404), Whose::Casement) => Problem::Failed(format!(
            "this account is not an administrator of Jira (status 404). {}",
            by_hand()
        )),
        (other, _) => other.into(),
    }
}

fn plan(webhooks: &Value, url: &str) -> Option<Step> {
    let ours = ours(webhooks, url);
    let Some(first) = ours.first() else {
        return Some(Step::Register);
    };
    let faults = faults_of(first);
    let id = first["self"]
        .as_str()
        .and_then(|link| link.rsplit('/').next());
    (!faults.is_empty()).then(|| Step::Correct {
        id: id.unwrap_or_default().to_owned(),
        faults,
    })
}

impl Step {
    fn told(&self, url: &str) -> String {
        match self {
            Self::Register => format!("register a webhook to {url} for {}", EVENTS.join(", ")),
            Self::Correct { faults, .. } => {
                format!("put the webhook to {url} right: {}", faults.join("; "))
            }
        }
    }
}

/// Returns the keys of the projects in which requests are opened.
async fn projects(jira: &Jira, settings: &Settings) -> Result<Vec<String>, Problem> {
    let mut projects = Vec::new();
    for number in settings.numbers() {
        let path = format!("rest/servicedeskapi/servicedesk/{}", number.service_desk_id);
        let desk = jira.get(&path, &[]).await?;
        let key = desk["projectKey"].as_str().unwrap_or_default().to_owned();
        if !projects.contains(&key) {
            projects.push(key);
        }
    }
    Ok(projects)
}

/// Builds the body that registers a webhook (Atlassian, "Webhooks", registering by the REST API).
/// The secret can be written but not read, so it is set each time.
fn registration(url: &str, secret: &WebhookSecrets, projects: &[String]) -> Value {
    let quoted: Vec<_> = projects.iter().map(|key| format!("\"{key}\"")).collect();
    let key = secret.jira_webhook_secrets.first();
    json!({
        "name": NAME,
        "url": url,
        "events": EVENTS,
        "filters": {"issue-related-events-section": format!("project in ({})", quoted.join(", "))},
        "excludeBody": false,
        "enabled": true,
        "secret": key.map(|key| key.expose_secret().to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://x.example/jira";

    #[test]
    fn a_refusal_says_what_it_is_about() {
        use Whose::{Administrator, Casement};
        let status = JiraFailure::Refused;
        for (failure, whose, says, never) in [
            (
                status(401),
                Administrator,
                "Jira rejects the credentials (status 401): check JIRA_ADMIN_EMAIL and \
                 JIRA_ADMIN_API_TOKEN",
                "not an administrator",
            ),
            (status(401), Casement, "row Jira account", "JIRA_SITE is"),
            (
                status(403),
                Administrator,
                "not an administrator",
                "check JIRA",
            ),
            (status(403), Casement, "JIRA_ADMIN_API_TOKEN", "credentials"),
            (status(404), Administrator, "check JIRA_SITE", "credentials"),
            (status(404), Casement, "not an administrator", "credentials"),
            (
                status(503),
                Administrator,
                "Jira is failing (status 503): try again later; see status.atlassian.com",
                "dministrator",
            ),
            (
                status(500),
                Casement,
                "status.atlassian.com",
                "dministrator",
            ),
            (status(429), Casement, "slow down", "dministrator"),
            (
                JiraFailure::Unreachable,
                Casement,
                "network",
                "dministrator",
            ),
            (status(400), Administrator, "status 400", "dministrator"),
        ] {
            let said = refused(failure, whose, URL).to_string();
            assert!(said.contains(says), "{said}");
            assert!(!said.contains(never), "{said}");
        }
    }

    #[test]
    fn a_webhook_is_registered_or_put_right_or_left_alone() {
        let right = json!({"self": "https://s/rest/webhooks/1.0/webhook/7", "url": URL,
            "enabled": true, "excludeBody": false, "events": EVENTS});
        let other = json!({"url": "https://other.example/"});
        let with = |name: &str, value: Value| {
            let mut webhook = right.clone();
            webhook[name] = value;
            json!([other, webhook])
        };
        let correct = |fault: &str| {
            Some(Step::Correct {
                id: "7".to_owned(),
                faults: vec![fault.to_owned()],
            })
        };
        for (webhooks, expected) in [
            (json!([]), Some(Step::Register)),
            (json!([other]), Some(Step::Register)),
            (json!([other, right]), None),
            (with("enabled", json!(false)), correct("it is switched off")),
            (
                with("excludeBody", json!(true)),
                correct("it is sent without a body"),
            ),
            (
                with("events", json!(["comment_created"])),
                correct("it lacks the events comment_updated, comment_deleted"),
            ),
        ] {
            assert_eq!(plan(&webhooks, URL), expected, "{webhooks}");
        }
    }
}
