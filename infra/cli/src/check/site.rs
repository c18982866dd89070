//! The Jira site: the account, what it may do, the request form, the webhook, the clock.

pub(super) mod doors;
pub(super) mod form;
pub(super) mod links;
pub(super) mod recommended;
pub(super) mod visible;
pub(crate) mod webhook;

use std::collections::BTreeSet;

use casement_core::settings::{NumberSettings, Settings};
use casement_service::ports::JiraAccount;
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use self::doors::judge_doors;
use self::form::judge_forms;
use self::links::judge_site;
use self::recommended::{RECOMMENDATIONS, judge_recommended};
use self::visible::{judge_newest, newest};
use self::webhook::{WEBHOOKS, judge_address, judge_webhooks, unsigned};
use super::{Row, Secrets, Verdict};
use crate::Problem;
use crate::jira::{Jira, JiraFailure};
use crate::place::Place;
use crate::stored::LastUse;

/// The rows of this part.
pub(super) const ROWS: [&str; 10] = [
    TOKEN,
    ACCOUNT,
    PERMISSIONS,
    RECOMMENDED,
    SITE,
    FORM,
    WEBHOOK,
    ADDRESS,
    DOORS,
    CLOCK,
];

const TOKEN: &str = "Jira account";
const ACCOUNT: &str = "jira_account_id";
const PERMISSIONS: &str = "Jira permissions";
const RECOMMENDED: &str = "Jira, recommended";
const SITE: &str = "Jira site";
const FORM: &str = "request form";
const WEBHOOK: &str = "Jira webhook";
const ADDRESS: &str = "Jira webhook URL";
const DOORS: &str = "doors for Jira";
const CLOCK: &str = "clock";

/// The permissions that the account needs in the project (Jira Cloud REST API v3, "Get my
/// permissions").
pub(super) const NEEDED: [&str; 7] = [
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "ADD_COMMENTS",
    "EDIT_ISSUES",
    "TRANSITION_ISSUES",
    "CREATE_ATTACHMENTS",
    "SERVICEDESK_AGENT",
];

const SEE_STATUS: &str = "try again later; see status.atlassian.com";

/// The tolerated clock difference. Larger ones make times in the report wrong; from five minutes on
/// AWS refuses calls.
const CLOCK_MAY_DIFFER: Duration = Duration::seconds(60);

pub(super) async fn rows(
    place: &Place,
    secrets: Secrets<'_>,
    settings: Option<&Settings>,
    last: LastUse,
) -> Result<Vec<Row>, Problem> {
    let has_tokens = !secrets.webhook.jira_automation_tokens.is_empty();
    let doors = Row::new(DOORS, judge_doors(last, has_tokens));
    let base = place.name("JiraBaseUrl")?;
    let url = place.name("JiraWebhookUrl")?;
    let entered = Jira::enter(place, &base, &secrets.credentials.jira_account).await;
    let myself = match &entered {
        Ok(jira) => jira.get("rest/api/3/myself", &[]).await,
        Err(failure) => Err(*failure),
    };
    let kind = Kind::of(&secrets.credentials.jira_account);
    let mut rows = vec![Row::new(TOKEN, judge_account(kind, &base, &myself))];
    let (Ok(jira), Ok(myself)) = (&entered, &myself) else {
        let waiting = [
            ACCOUNT,
            PERMISSIONS,
            RECOMMENDED,
            SITE,
            FORM,
            WEBHOOK,
            CLOCK,
        ];
        rows.extend(waiting.map(|what| Row::new(what, Verdict::waits_for(TOKEN))));
        rows.push(Row::new(
            ADDRESS,
            judge_address(unsigned(place, &url).await),
        ));
        rows.push(doors);
        return Ok(rows);
    };
    let stated = secrets
        .webhook
        .jira_account_id
        .as_ref()
        .map(|id| id.as_str());
    rows.push(Row::new(ACCOUNT, judge_account_id(stated, myself)));
    let desks = match settings {
        None => None,
        Some(settings) => Some(desks(jira, settings).await),
    };
    rows.push(Row::new(
        PERMISSIONS,
        match &desks {
            None => Verdict::waits_for("settings"),
            Some(desks) => match judge_permissions(desks) {
                // A permission in the project may not cover every request.
                granted @ Verdict::Ok { .. } => judge_newest(&newest(jira).await).or(granted),
                lacking => lacking,
            },
        },
    ));
    rows.push(Row::new(
        RECOMMENDED,
        match &desks {
            None => Verdict::waits_for("settings"),
            Some(desks) => judge_recommended(desks),
        },
    ));
    let server = jira.get("rest/api/3/serverInfo", &[]).await;
    rows.push(Row::new(SITE, judge_site(&base, &server)));
    rows.push(Row::new(
        FORM,
        match &desks {
            None => Verdict::waits_for("settings"),
            Some(desks) => judge_forms(desks),
        },
    ));
    let webhooks = jira.get(WEBHOOKS, &[]).await;
    rows.push(Row::new(
        WEBHOOK,
        judge_webhooks(&webhooks, &url, has_tokens),
    ));
    rows.push(Row::new(
        ADDRESS,
        judge_address(unsigned(place, &url).await),
    ));
    rows.push(doors);
    rows.push(Row::new(CLOCK, judge_clock(&server, place.now())));
    Ok(rows)
}

/// The kind of account in the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// E-mail address and API token, plain or scoped.
    ApiToken,
    /// The bearer token of a service account.
    ServiceToken,
    /// An OAuth client.
    OauthClient,
}

impl Kind {
    pub(crate) fn of(account: &JiraAccount) -> Self {
        match account {
            JiraAccount::ApiToken { .. } => Self::ApiToken,
            JiraAccount::ServiceToken { .. } => Self::ServiceToken,
            JiraAccount::OauthClient { .. } => Self::OauthClient,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::ApiToken => "an e-mail address and API token",
            Self::ServiceToken => "the token of a service account",
            Self::OauthClient => "an OAuth client",
        }
    }
}

pub(crate) fn judge_account(
    kind: Kind,
    base: &str,
    myself: &Result<Value, JiraFailure>,
) -> Verdict {
    let by_cloud_api = base.contains("/ex/jira/");
    let failure = match myself {
        Ok(_) if !by_cloud_api => return Verdict::ok(format!("{} at the site", kind.name())),
        Ok(_) => return Verdict::ok(format!("{} at the cloud API", kind.name())),
        Err(failure) => failure,
    };
    let rejected = *failure == JiraFailure::Refused(401);
    match failure {
        JiraFailure::Unreachable => Verdict::wrong(failure, failure.advice_or(SEE_STATUS)),
        _ if failure.is_temporary() => Verdict::wrong(failure, SEE_STATUS),
        // A site accepts only plain API tokens.
        JiraFailure::Refused(401 | 403) if !by_cloud_api && kind != Kind::ApiToken => {
            Verdict::wrong(
                format!("{} does not work at the site itself", kind.name()),
                format!(
                    "set the stack's parameter JiraBaseUrl to \
                     https://api.atlassian.com/ex/jira/CLOUD-ID ({failure}; the cloud id is at \
                     https://SITE.atlassian.net/_edge/tenant_info)"
                ),
            )
        }
        _ if rejected && by_cloud_api && kind == Kind::ApiToken => Verdict::wrong(
            "the API token is refused at the cloud API, where only scoped tokens work",
            "use a scoped token of this account, or set the stack's parameter JiraBaseUrl to \
             https://SITE.atlassian.net for a plain one",
        ),
        _ if rejected && kind == Kind::ApiToken => Verdict::wrong(
            "the API token is refused at the site",
            "it may have ended (tokens last a year at most): make a new one at \
             id.atlassian.com/manage-profile/security/api-tokens, then: casement secret set --only \
             jira_api_token. A scoped token needs the cloud API as JiraBaseUrl",
        ),
        _ if rejected => Verdict::wrong(
            format!("{}: {failure}", kind.name()),
            "make the credentials anew (admin.atlassian.com > Directory > Service accounts) with the \
             scopes read:jira-work, write:jira-work, read:jira-user, read:servicedesk-request, \
             write:servicedesk-request",
        ),
        JiraFailure::Refused(403) => Verdict::wrong(
            format!("{}: {failure}", kind.name()),
            "a permission is missing: give the account the product Jira Service Management \
             (admin.atlassian.com > Directory)",
        ),
        JiraFailure::Refused(404 | 410) => Verdict::wrong(
            format!("there is no Jira at {base}: {failure}"),
            "check the stack's parameter JiraBaseUrl",
        ),
        JiraFailure::Refused(_) => Verdict::wrong(
            format!("{}: {failure}", kind.name()),
            "check the stack's parameter JiraBaseUrl; see status.atlassian.com",
        ),
    }
}

pub(super) fn judge_account_id(stated: Option<&str>, myself: &Value) -> Verdict {
    let actual = myself["accountId"].as_str().unwrap_or_default();
    match stated {
        Some(stated) if stated == actual => Verdict::ok("is the account's"),
        Some(_) => Verdict::wrong(
            "is another account's: comments of that person would never be sent",
            format!("set jira_account_id in the webhook secret to {actual}, or remove it"),
        ),
        None => Verdict::ok("is not given, which costs a call for each comment of ours"),
    }
}

/// Jira's answers about one service desk.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub number: NumberSettings,
    /// The key of the desk's project.
    pub project: Result<String, JiraFailure>,
    /// `permissions` from "Get my permissions".
    pub permissions: Result<Value, JiraFailure>,
    /// `requestTypeFields` of the request type.
    pub form: Result<Value, JiraFailure>,
    /// All fields of the site.
    pub fields: Result<Value, JiraFailure>,
}

async fn desks(jira: &Jira, settings: &Settings) -> Vec<Desk> {
    let fields = jira.get("rest/api/3/field", &[]).await;
    let mut desks = Vec::new();
    for number in settings.numbers() {
        let path = format!("rest/servicedeskapi/servicedesk/{}", number.service_desk_id);
        let project = jira.get(&path, &[]).await;
        let project = project.map(|desk| desk["projectKey"].as_str().unwrap_or("").to_owned());
        let permissions = match &project {
            Err(failure) => Err(*failure),
            Ok(key) => {
                let asked = NEEDED
                    .into_iter()
                    .chain(RECOMMENDATIONS.map(|(key, ..)| key));
                let asked = asked.collect::<Vec<_>>().join(",");
                let query = [
                    ("permissions", asked.as_str()),
                    ("projectKey", key.as_str()),
                ];
                let mine = jira.get("rest/api/3/mypermissions", &query).await;
                mine.map(|mine| mine["permissions"].clone())
            }
        };
        let form = format!("{path}/requesttype/{}/field", number.request_type_id);
        let form = jira.get(&form, &[]).await;
        desks.push(Desk {
            number: number.clone(),
            project,
            permissions,
            form: form.map(|form| form["requestTypeFields"].clone()),
            fields: fields.clone(),
        });
    }
    desks
}

pub(super) fn judge_permissions(desks: &[Desk]) -> Verdict {
    let mut projects = BTreeSet::new();
    for desk in desks {
        let project = match &desk.project {
            Err(failure) => {
                return Verdict::wrong(
                    format!("service desk {}: {failure}", desk.number.service_desk_id),
                    match failure {
                        JiraFailure::Refused(403) => {
                            "a permission is missing: add the account to the project's role \
                             Service Desk Team"
                        }
                        failure => failure.advice_or(
                            "take service_desk_id from the address of the portal, and add the \
                             account to the project's role Service Desk Team",
                        ),
                    },
                );
            }
            Ok(project) => project,
        };
        let permissions = match &desk.permissions {
            Err(failure) => return Verdict::unknown(format!("{project}: {failure}")),
            Ok(permissions) => permissions,
        };
        let lacks = |key: &&&str| permissions[**key]["havePermission"] != true;
        let lacking: Vec<_> = NEEDED.iter().filter(lacks).copied().collect();
        if !lacking.is_empty() {
            return Verdict::wrong(
                format!("{project}: it lacks {}", lacking.join(", ")),
                "add the account to the project's role Service Desk Team, and check the project's \
                 permission scheme",
            );
        }
        projects.insert(project.as_str());
    }
    let projects: Vec<_> = projects.into_iter().collect();
    Verdict::ok(format!("all that is needed in {}", projects.join(", ")))
}

pub(super) fn judge_clock(server: &Result<Value, JiraFailure>, now: DateTime<Utc>) -> Verdict {
    let server = match server {
        Ok(server) => server,
        Err(failure) => return Verdict::unknown(failure),
    };
    let time = server["serverTime"].as_str();
    let time = time.and_then(|time| DateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%S%.f%z").ok());
    let Some(time) = time else {
        return Verdict::unknown("Jira does not say what time it is");
    };
    let ahead = now - time.to_utc();
    if ahead.abs() <= CLOCK_MAY_DIFFER {
        return Verdict::ok("agrees with Jira's");
    }
    let direction = if ahead > Duration::zero() {
        "ahead of"
    } else {
        "behind"
    };
    Verdict::wrong(
        format!(
            "this machine's clock is {} s {direction} Jira's",
            ahead.num_seconds().abs()
        ),
        "set it (NTP): AWS refuses calls of a wrong clock, and times in this report mislead",
    )
}
