//! Tries new values at Meta and at Jira, before they are written.

use casement_aws::secrets::keys::{ACCESS_TOKEN, APP_SECRETS};
use casement_aws::secrets::{Credentials, Document, Which};
use secrecy::SecretString;
use serde_json::json;

use super::contents::{Contents, text};
use crate::Problem;
use crate::check::Verdict;
use crate::check::meta::{judge_token, token};
use crate::check::site::{Kind, judge_account};
use crate::graph::{Graph, GraphFailure, SEE_CODES};
use crate::jira::Jira;
use crate::place::Place;

/// What Meta says of the token and of the first app secret, each if there is one to try.
pub(super) struct OfMeta {
    pub token: Option<Verdict>,
    pub app_secret: Option<Verdict>,
}

pub(super) async fn meta(
    place: &Place,
    contents: &Contents,
    is_new: impl Fn(&str) -> bool,
) -> Result<OfMeta, Problem> {
    let mut told = OfMeta {
        token: None,
        app_secret: None,
    };
    let (new_token, new_app) = (is_new(ACCESS_TOKEN), is_new(APP_SECRETS));
    let Some(value) = contents.text(ACCESS_TOKEN).filter(|_| new_token || new_app) else {
        return Ok(told);
    };
    let graph = Graph::new(place, value)?;
    let facts = token(&graph).await;
    if new_token {
        told.token = Some(judge_token(&facts, place.now()));
    }
    let app_id = facts.ok().map(|facts| facts.app_id);
    let app_id = app_id.filter(|id| !id.is_empty());
    if let (true, Some(app_id), Some(secret)) = (new_app, app_id, contents.first(APP_SECRETS)) {
        told.app_secret = Some(app(&graph, &app_id, &secret).await);
    }
    Ok(told)
}

/// Looks at the app with its own secret, as `check` does.
async fn app(graph: &Graph, app_id: &str, secret: &SecretString) -> Verdict {
    let as_app = graph.as_app(app_id, secret);
    match as_app.get(&format!("{app_id}/subscriptions"), &[]).await {
        Ok(_) => Verdict::ok("it is the one of the token's app"),
        Err(failure @ GraphFailure::Refused(_)) => Verdict::wrong(
            failure,
            "take the app secret from App settings > Basic of the app that the token belongs to",
        ),
        Err(failure) => Verdict::wrong(failure, failure.advice_or(SEE_CODES)),
    }
}

/// Asks Jira who the account is. Returns its id too, if Jira lets it in.
pub(super) async fn jira(
    place: &Place,
    contents: &Contents,
) -> Result<Option<(Verdict, Option<String>)>, Problem> {
    // The Jira account alone: whether the rest is there does not matter here.
    let mut members = contents.of(Which::Credentials).clone();
    members.insert(ACCESS_TOKEN.to_owned(), json!("any"));
    let Ok(credentials) = Credentials::parse(&text(&members)) else {
        return Ok(None);
    };
    let account = &credentials.jira_account;
    let base = place.name("JiraBaseUrl")?;
    let myself = match Jira::enter(place, &base, account).await {
        Ok(jira) => jira.get("rest/api/3/myself", &[]).await,
        Err(failure) => Err(failure),
    };
    let id = myself.as_ref().ok().and_then(|myself| {
        let id = myself["accountId"].as_str();
        id.filter(|id| !id.is_empty()).map(str::to_owned)
    });
    Ok(Some((judge_account(Kind::of(account), &base, &myself), id)))
}
