//! Meta: the account's webhooks go to the app, and the app's webhook to us.

use std::process::ExitCode;

use casement_aws::WebhookSecrets;
use secrecy::ExposeSecret;
use serde_json::json;

use super::{may, report};
use crate::Problem;
use crate::args::ConnectWhatsapp;
use crate::check::meta::registration::{
    AppWebhook, FIELD, OBJECT, Registration, Subscribed, registration,
};
use crate::check::meta::token;
use crate::graph::Graph;
use crate::place::Place;
use crate::talk::Talk;

/// A change at Meta.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// The app's webhook goes to our address, with these fields.
    Callback {
        former: Option<String>,
        fields: Vec<String>,
    },
    /// The account's webhooks go to the app, to its own address.
    Subscribe { former: Option<String> },
    /// The account's webhooks go to our address, whatever the app's address is.
    Override { former: Option<String> },
}

/// Asks, then makes the missing changes.
///
/// # Errors
/// The token cannot be used, or Meta refuses a change.
pub async fn run(
    place: &Place,
    talk: &Talk,
    wanted: &ConnectWhatsapp,
) -> Result<ExitCode, Problem> {
    let secret = place.webhook_secrets().await?;
    let access_token = place.credentials().await?.whatsapp_access_token.clone();
    let graph = Graph::new(place, access_token)?;
    let url = place.name("WhatsappWebhookUrl")?;
    let token = token(&graph).await?;
    let registered = registration(&graph, &secret, &token, wanted.business_account.as_deref());
    let registered = registered.await;
    if registered.account.is_none() {
        return Err(Problem::Usage(
            "the token does not say which WhatsApp business account it is for: give \
             --business-account ID (WhatsApp Manager > Account tools > Phone numbers shows it)"
                .to_owned(),
        ));
    }
    let steps = plan(&registered, &url, wanted.override_url)?;
    let told: Vec<_> = steps.iter().map(|step| step.told(&url)).collect();
    if !steps.is_empty() && !may(talk, &told)? {
        return Ok(ExitCode::FAILURE);
    }
    for step in &steps {
        carry_out(step, &graph, &secret, &registered, &url).await?;
    }
    report(talk, &told)
}

/// Returns the necessary changes.
fn plan(registered: &Registration, url: &str, override_url: bool) -> Result<Vec<Step>, Problem> {
    let subscribed = registered.subscribed.clone()?;
    let former = |subscribed: &Subscribed| subscribed.override_url.clone();
    let mut steps = Vec::new();
    if override_url {
        match &subscribed {
            Some(Subscribed {
                override_url: Some(current),
            }) if current == url => {}
            other => steps.push(Step::Override {
                former: other.as_ref().and_then(former),
            }),
        }
        // The app's subscription to the field is needed in any case.
        return Ok(steps);
    }
    steps.extend(callback(registered.webhook.clone()?.as_ref(), url));
    match &subscribed {
        None => steps.push(Step::Subscribe { former: None }),
        Some(Subscribed {
            override_url: Some(current),
        }) if current != url => {
            steps.push(Step::Subscribe {
                former: former(&Subscribed {
                    override_url: Some(current.clone()),
                }),
            });
        }
        Some(_) => {}
    }
    Ok(steps)
}

fn callback(webhook: Option<&AppWebhook>, url: &str) -> Option<Step> {
    let mut fields = webhook.map_or_else(Vec::new, |webhook| webhook.fields.clone());
    let lacks_field = !fields.iter().any(|field| field == FIELD);
    if lacks_field {
        fields.push(FIELD.to_owned());
    }
    let is_right = webhook.is_some_and(|webhook| webhook.active && webhook.url == url);
    let former = webhook
        .map(|webhook| webhook.url.clone())
        .filter(|former| former != url);
    (!is_right || lacks_field).then_some(Step::Callback { former, fields })
}

impl Step {
    /// Describes the step in the question.
    fn told(&self, url: &str) -> String {
        let instead = |former: &Option<String>| match former {
            Some(former) => format!(" (in place of {former})"),
            None => String::new(),
        };
        match self {
            Self::Callback { former, fields } => format!(
                "the app's webhook goes to {url}{}, with {}",
                instead(former),
                fields.join(", ")
            ),
            Self::Subscribe { former } => {
                format!(
                    "the account sends its webhooks to the app{}",
                    instead(former)
                )
            }
            Self::Override { former } => {
                format!("the account sends its webhooks to {url}{}", instead(former))
            }
        }
    }
}

/// Carries out a step. Sources: Graph API, "Application > Subscriptions"; Meta, "Subscribe to a
/// WhatsApp Business Account", "Overrides".
async fn carry_out(
    step: &Step,
    graph: &Graph,
    secret: &WebhookSecrets,
    registered: &Registration,
    url: &str,
) -> Result<(), Problem> {
    let verify_token = secret.whatsapp_verify_token.expose_secret();
    let app_id = &registered.app_id;
    let account = registered.account.as_deref().unwrap_or_default();
    let done = match step {
        Step::Callback { fields, .. } => {
            let app_secret = secret.whatsapp_app_secrets.first();
            let app = app_secret.map(|app_secret| graph.as_app(app_id, app_secret));
            let query = [
                ("object", OBJECT),
                ("callback_url", url),
                ("fields", &fields.join(",")),
                ("verify_token", verify_token),
                ("include_values", "true"),
            ];
            let app = app.unwrap_or_else(|| graph.clone());
            app.post(&format!("{app_id}/subscriptions"), &query, None)
                .await
        }
        Step::Subscribe { .. } => {
            let path = format!("{account}/subscribed_apps");
            graph.post(&path, &[], Some(json!({}))).await
        }
        Step::Override { .. } => {
            let body = json!({"override_callback_uri": url, "verify_token": verify_token});
            let path = format!("{account}/subscribed_apps");
            graph.post(&path, &[], Some(body)).await
        }
    };
    done.map(drop).map_err(|failure| {
        let advice = failure.advice_or("casement check says what our own URL answers");
        Problem::Failed(format!(
            "{failure} when this was to be done: {}; {advice}",
            step.told(url)
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://x.example/whatsapp";
    const OTHER: &str = "https://other.example/hook";

    fn registered(
        subscribed: Option<Option<&str>>,
        webhook: Option<(&str, bool, &[&str])>,
    ) -> Registration {
        Registration {
            app_id: "1".to_owned(),
            account: Some("2".to_owned()),
            subscribed: Ok(subscribed.map(|url| Subscribed {
                override_url: url.map(str::to_owned),
            })),
            webhook: Ok(webhook.map(|(url, active, fields)| AppWebhook {
                url: url.to_owned(),
                active,
                fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            })),
        }
    }

    #[test]
    fn what_is_right_stays_as_it_is() {
        let callback = |former: Option<&str>, fields: &[&str]| Step::Callback {
            former: former.map(str::to_owned),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        };
        let subscribe = |former: Option<&str>| Step::Subscribe {
            former: former.map(str::to_owned),
        };
        let over = |former: Option<&str>| Step::Override {
            former: former.map(str::to_owned),
        };
        let right = Some((URL, true, &["messages"] as &[&str]));
        for (facts, override_url, expected) in [
            (registered(Some(None), right), false, vec![]),
            (registered(Some(Some(URL)), right), false, vec![]),
            (registered(None, right), false, vec![subscribe(None)]),
            (
                registered(None, None),
                false,
                vec![callback(None, &["messages"]), subscribe(None)],
            ),
            (
                registered(Some(None), Some((URL, false, &["messages"]))),
                false,
                vec![callback(None, &["messages"])],
            ),
            (
                registered(Some(None), Some((URL, true, &["calls"]))),
                false,
                vec![callback(None, &["calls", "messages"])],
            ),
            (
                registered(Some(None), Some((OTHER, true, &["messages"]))),
                false,
                vec![callback(Some(OTHER), &["messages"])],
            ),
            (
                registered(Some(Some(OTHER)), right),
                false,
                vec![subscribe(Some(OTHER))],
            ),
            (
                registered(Some(None), Some((OTHER, true, &["messages"]))),
                true,
                vec![over(None)],
            ),
            (registered(Some(Some(URL)), None), true, vec![]),
            (
                registered(Some(Some(OTHER)), None),
                true,
                vec![over(Some(OTHER))],
            ),
        ] {
            let steps = plan(&facts, URL, override_url).unwrap();
            assert_eq!(steps, expected, "{facts:?} {override_url}");
        }
    }
}
