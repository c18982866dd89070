//! Meta: the token, the number, the account, the app's webhook.

mod health;
mod numbers;
pub(crate) mod registration;

use casement_aws::WebhookSecrets;
use casement_core::settings::Settings;
use chrono::{DateTime, Duration, Utc};
use secrecy::ExposeSecret;
use serde_json::Value;

use self::registration::{judge_account, judge_fields, judge_webhook, registration};
use super::{Row, Secrets, Verdict, versions};
use crate::Problem;
use crate::args::Check;
use crate::graph::{Graph, GraphFailure, SEE_CODES};
use crate::place::Place;

/// The rows of this part.
pub(super) const ROWS: [&str; 10] = [
    VERSION, TOKEN, NUMBER, OTHERS, HEALTH, TEMPLATE, ACCOUNT, WEBHOOK, FIELDS, VERIFY,
];

const VERSION: &str = "Graph API";
const TOKEN: &str = "WhatsApp token";
const NUMBER: &str = "WhatsApp number";
const OTHERS: &str = "other numbers";
const HEALTH: &str = "account health";
const TEMPLATE: &str = "reopening template";
const ACCOUNT: &str = "WhatsApp account";
const WEBHOOK: &str = "WhatsApp webhook";
const FIELDS: &str = "webhook fields";
const VERIFY: &str = "verify token";

/// The permissions that a token needs (Meta, "Permissions").
const SCOPES: [&str; 2] = [
    "whatsapp_business_messaging",
    "whatsapp_business_management",
];

/// The remaining lifetime below which a token should be replaced.
const ENDS_SOON: Duration = Duration::days(7);

pub(super) async fn rows(
    place: &Place,
    secrets: Secrets<'_>,
    settings: Option<&Settings>,
    wanted: &Check,
) -> Result<Vec<Row>, Problem> {
    let graph = Graph::new(place, secrets.credentials.whatsapp_access_token.clone())?;
    let url = place.name("WhatsappWebhookUrl")?;
    let token = token(&graph).await;
    let version = versions::judge(&place.name("GraphApiVersion")?, place.now());
    let mut rows = vec![
        Row::new(VERSION, version),
        Row::new(TOKEN, judge_token(&token, place.now())),
    ];
    let facts = token.ok().filter(|facts| facts.is_valid);
    match (&facts, settings) {
        (None, _) => rows.extend(
            [NUMBER, OTHERS, HEALTH, TEMPLATE, ACCOUNT, WEBHOOK, FIELDS]
                .map(|what| Row::new(what, Verdict::waits_for(TOKEN))),
        ),
        (Some(facts), settings) => {
            match settings {
                None => rows.extend(
                    [NUMBER, OTHERS, HEALTH, TEMPLATE]
                        .map(|what| Row::new(what, Verdict::waits_for("settings"))),
                ),
                Some(settings) => {
                    let ids = settings.numbers().iter();
                    let ids: Vec<_> = ids.map(|one| one.phone_number_id.as_str()).collect();
                    rows.push(Row::new(
                        NUMBER,
                        judge_numbers(&numbers(&graph, &ids).await),
                    ));
                    let wanted = wanted.business_account.as_deref();
                    let accounts = numbers::accounts(wanted, facts, settings);
                    let listed = numbers::listed(&graph, &accounts).await;
                    rows.push(Row::new(OTHERS, numbers::judge(&listed, settings)));
                    let health = health::of_numbers(&graph, &ids).await;
                    rows.push(Row::new(HEALTH, health::judge(&health)));
                    let templates = health::reopening(&graph, settings).await;
                    rows.push(Row::new(TEMPLATE, health::judge_reopening(&templates)));
                }
            }
            let registered = registration(
                &graph,
                secrets.webhook,
                facts,
                wanted.business_account.as_deref(),
            );
            let registered = registered.await;
            rows.push(Row::new(ACCOUNT, judge_account(&registered, &url)));
            rows.push(Row::new(WEBHOOK, judge_webhook(&registered, &url)));
            rows.push(Row::new(FIELDS, judge_fields(&registered, &url, WEBHOOK)));
        }
    }
    rows.push(Row::new(
        VERIFY,
        judge_verification(&verification(place, secrets.webhook, &url).await),
    ));
    Ok(rows)
}

/// Facts about the token.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokenFacts {
    pub app_id: String,
    pub kind: String,
    pub is_valid: bool,
    /// `None` if the token never expires.
    pub expires_at: Option<DateTime<Utc>>,
    pub scopes: Vec<String>,
    /// The business accounts that the token is limited to, if any.
    pub accounts: Vec<String>,
}

/// Inspects the client's token with itself.
pub(crate) async fn token(graph: &Graph) -> Result<TokenFacts, GraphFailure> {
    let answer = graph.debug_token().await?;
    Ok(TokenFacts::read(&answer["data"]))
}

impl TokenFacts {
    fn read(data: &Value) -> Self {
        let granted = data["granular_scopes"].as_array().into_iter().flatten();
        let managed = granted.filter(|granted| granted["scope"] == SCOPES[1]);
        Self {
            app_id: text(&data["app_id"]),
            kind: text(&data["type"]),
            is_valid: data["is_valid"] == true,
            expires_at: data["expires_at"]
                .as_i64()
                .filter(|seconds| *seconds > 0)
                .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            scopes: texts(&data["scopes"]),
            accounts: managed
                .flat_map(|granted| texts(&granted["target_ids"]))
                .collect(),
        }
    }
}

pub(crate) fn judge_token(facts: &Result<TokenFacts, GraphFailure>, now: DateTime<Utc>) -> Verdict {
    const NEW: &str = "make a token of a system user that never ends (Meta Business Suite > Users > \
                       System users), then: casement secret set --only whatsapp_access_token";
    let facts = match facts {
        Err(failure) => return Verdict::wrong(failure, failure.advice_or(SEE_CODES)),
        Ok(facts) if !facts.is_valid => return Verdict::wrong("Meta calls it not valid", NEW),
        Ok(facts) => facts,
    };
    if let Some(scope) = SCOPES
        .iter()
        .find(|scope| !facts.scopes.iter().any(|has| has == *scope))
    {
        return Verdict::wrong(
            format!("it lacks the permission {scope}"),
            "make the token anew with both WhatsApp permissions, then: casement secret set --only \
             whatsapp_access_token",
        );
    }
    match facts.expires_at {
        Some(ends) if ends - now < ENDS_SOON => Verdict::wrong(
            format!("it ends on {}", ends.format("%Y-%m-%d %H:%M UTC")),
            NEW,
        ),
        Some(ends) => Verdict::ok(format!("valid until {}", ends.format("%Y-%m-%d"))),
        None if facts.kind == "USER" => {
            Verdict::wrong("it is the token of a person, who may leave", NEW)
        }
        None => Verdict::ok("valid, and does not end"),
    }
}

/// Meta's records of the business numbers, by id.
pub(super) type Numbers = Vec<(String, Result<Value, GraphFailure>)>;

async fn numbers(graph: &Graph, ids: &[&str]) -> Numbers {
    let fields = [(
        "fields",
        "id,display_phone_number,verified_name,quality_rating,platform_type,status",
    )];
    let mut numbers = Vec::new();
    for id in ids {
        numbers.push(((*id).to_owned(), graph.get(id, &fields).await));
    }
    numbers
}

pub(super) fn judge_numbers(numbers: &Numbers) -> Verdict {
    let mut told = Vec::new();
    for (id, facts) in numbers {
        let facts = match facts {
            Ok(facts) => facts,
            Err(failure) => {
                let advice = match failure.advice() {
                    Some(advice) if !failure.is_unknown_id() => advice,
                    _ => {
                        "take the phone number id from WhatsApp Manager into the settings, and give \
                         the system user the account"
                    }
                };
                return Verdict::wrong(format!("{id}: {failure}"), advice);
            }
        };
        // Meta does not return both fields for every number.
        let platform = facts["platform_type"].as_str().unwrap_or("CLOUD_API");
        if platform != "CLOUD_API" {
            return Verdict::wrong(
                format!("{id} is not registered for the Cloud API ({platform})"),
                "register the number: POST /PHONE-NUMBER-ID/register with a PIN",
            );
        }
        let status = facts["status"].as_str().unwrap_or("CONNECTED");
        if status != "CONNECTED" {
            return Verdict::wrong(
                format!("{id} is {status}"),
                "see WhatsApp Manager > Phone numbers for the reason",
            );
        }
        let quality = facts["quality_rating"].as_str().unwrap_or("unknown");
        told.push(format!(
            "{}, quality {quality}",
            text(&facts["display_phone_number"])
        ));
    }
    Verdict::ok(told.join("; "))
}

/// The answers of our webhook URL to the right verify token and to a wrong one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verification {
    pub answers_challenge: bool,
    /// The status for the right token, or `None` without an answer.
    pub status: Option<u16>,
    pub status_of_wrong_token: Option<u16>,
}

async fn verification(place: &Place, secret: &WebhookSecrets, url: &str) -> Verification {
    let ask = async |token: &str| {
        let query = [
            ("hub.mode", "subscribe"),
            ("hub.challenge", "1158201444"),
            ("hub.verify_token", token),
        ];
        let answer = place.http.get(url).query(&query).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.text().await.unwrap_or_default()))
    };
    let right = ask(secret.whatsapp_verify_token.expose_secret()).await;
    let wrong = ask("not-the-verify-token").await;
    Verification {
        answers_challenge: right.as_ref().is_some_and(|(_, body)| body == "1158201444"),
        status: right.map(|(status, _)| status),
        status_of_wrong_token: wrong.map(|(status, _)| status),
    }
}

pub(super) fn judge_verification(facts: &Verification) -> Verdict {
    match facts.status {
        None => Verdict::wrong(
            "our webhook URL does not answer",
            "deploy the stack, and give this deployment's --outputs",
        ),
        Some(403) => Verdict::wrong(
            "our webhook URL refuses the verify token of the secret",
            "wait five minutes until the functions have read the secret anew",
        ),
        Some(200) if facts.answers_challenge && facts.status_of_wrong_token == Some(403) => {
            Verdict::ok("our webhook URL answers the right one and refuses others")
        }
        Some(200) => Verdict::wrong(
            "our webhook URL is answered by something else: it takes any verify token, or does not \
             answer Meta's challenge",
            "check the URL in this deployment's --outputs, and what stands in front of it",
        ),
        Some(status) => Verdict::wrong(
            format!("our webhook URL answers with status {status}"),
            "see the logs of whatsapp-webhook: casement tail",
        ),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(|one| one.as_str().map(str::to_owned))
        .collect()
}
