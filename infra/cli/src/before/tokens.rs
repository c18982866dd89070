//! Meta's token and Jira's account, if the environment has them: as the rows of `check` later do.

use casement_service::ports::JiraAccount;
use chrono::Utc;
use reqwest::Client;
use secrecy::SecretString;

use super::samconfig::{Samconfig, is_placeholder};
use super::{Here, graph_version};
use crate::check::meta::{judge_token, token};
use crate::check::site::{Kind, judge_account};
use crate::check::{Row, Verdict};
use crate::graph::Graph;
use crate::jira::Jira;

/// The template's default.
pub(super) const META: &str = "https://graph.facebook.com";

/// The token endpoint of Atlassian's OAuth clients.
const ATLASSIAN_TOKEN_URL: &str = "https://auth.atlassian.com/oauth/token";

pub(super) async fn rows(here: &Here, http: &Client, samconfig: Option<&Samconfig>) -> Vec<Row> {
    vec![
        Row::new("WhatsApp token", whatsapp(here, http, samconfig).await),
        Row::new("Jira account", jira(here, http, samconfig).await),
    ]
}

async fn whatsapp(here: &Here, http: &Client, samconfig: Option<&Samconfig>) -> Verdict {
    let Some(secret) = here.variable("WHATSAPP_ACCESS_TOKEN") else {
        return Verdict::unknown("looked at when WHATSAPP_ACCESS_TOKEN is set");
    };
    let parameter = |name: &str| samconfig.and_then(|known| known.parameter(name));
    let base = parameter("WhatsappBaseUrl").unwrap_or(META);
    // The newest that is known: an older one is a row of its own.
    let graph = Graph::at(
        http,
        base,
        graph_version::DEFAULT,
        SecretString::from(secret),
    );
    judge_token(&token(&graph).await, Utc::now())
}

async fn jira(here: &Here, http: &Client, samconfig: Option<&Samconfig>) -> Verdict {
    let Some(account) = account(here) else {
        return Verdict::unknown(
            "looked at when JIRA_API_TOKEN (and JIRA_EMAIL), or JIRA_OAUTH_CLIENT_ID and \
             JIRA_OAUTH_CLIENT_SECRET are set",
        );
    };
    let configured = samconfig.and_then(|known| known.parameter("JiraBaseUrl"));
    let configured = configured.filter(|url| !is_placeholder("JiraBaseUrl", url));
    let base = configured
        .map(str::to_owned)
        .or_else(|| here.variable("JIRA_SITE"));
    let Some(base) = base else {
        return Verdict::unknown(
            "looked at when samconfig.toml has JiraBaseUrl, or JIRA_SITE is set",
        );
    };
    let myself = match Jira::at(http, &base, &account).await {
        Ok(jira) => jira.get("rest/api/3/myself", &[]).await,
        Err(failure) => Err(failure),
    };
    judge_account(Kind::of(&account), &base, &myself)
}

/// Returns the account that the environment names, by the keys of the secret in capital letters.
fn account(here: &Here) -> Option<JiraAccount> {
    let secret = |name: &str| here.variable(name).map(SecretString::from);
    if let (Some(client_id), Some(client_secret)) = (
        secret("JIRA_OAUTH_CLIENT_ID"),
        secret("JIRA_OAUTH_CLIENT_SECRET"),
    ) {
        return Some(JiraAccount::OauthClient {
            client_id,
            client_secret,
            token_url: ATLASSIAN_TOKEN_URL.to_owned(),
        });
    }
    let token = secret("JIRA_API_TOKEN")?;
    Some(match secret("JIRA_EMAIL") {
        Some(email) => JiraAccount::ApiToken { email, token },
        None => JiraAccount::ServiceToken { token },
    })
}
