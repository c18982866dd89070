//! Meta: the account's webhooks go to the app, and the app's webhook to us.

use std::process::ExitCode;

use casement_aws::WebhookSecrets;
use secrecy::ExposeSecret;
use serde_json::json;

use super::{may, report};
use crate::Problem;
use crate::args::ConnectWhatsapp;
use crate::check::meta::registration::{
    AppWebhook, FIELD, OBJECT, OPTIONAL_FIELDS, Registration, Subscribed, registration,
};
use crate::check::meta::token;
use crate::graph::{Graph, GraphFailure};
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
    let mut told: Vec<_> = steps.iter().map(|step| step.told(&url)).collect();
    if !steps.is_empty() && !may(talk, &told)? {
        return Ok(ExitCode::FAILURE);
    }
    for step in &steps {
        let refused = carry_out(step, &graph, &secret, &registered, &url).await?;
        if !refused.is_empty() {
            told.push(format!(
                "Meta does not offer the app {}: it works without",
                refused.join(", ")
            ));
        }
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
    let wanted = [FIELD].into_iter().chain(OPTIONAL_FIELDS);
    let missing: Vec<_> = wanted
        .filter(|wanted| !fields.iter().any(|field| field == wanted))
        .collect();
    let lacks_field = !missing.is_empty();
    fields.extend(missing.into_iter().map(str::to_owned));
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

/// Carries out a step. Returns the optional fields that Meta refused.
///
/// Sources: Graph API, "Application > Subscriptions"; Meta, "Subscribe to a WhatsApp Business
/// Account", "Overrides".
async fn carry_out(
    step: &Step,
    graph: &Graph,
    secret: &WebhookSecrets,
    registered: &Registration,
    url: &str,
) -> Result<Vec<&'static str>, Problem> {
    let verify_token = secret.whatsapp_verify_token.expose_secret();
    let app_id = &registered.app_id;
    let account = registered.account.as_deref().unwrap_or_default();
    let done = match step {
        Step::Callback { fields, .. } => {
            let app_secret = secret.whatsapp_app_secrets.first();
            let app = app_secret.map(|app_secret| graph.as_app(app_id, app_secret));
            let app = app.unwrap_or_else(|| graph.clone());
            let path = format!("{app_id}/subscriptions");
            let webhook = registered.webhook.as_ref().ok().and_then(Option::as_ref);
            let now = webhook.map_or(&[][..], |webhook| &webhook.fields);
            subscribe(fields, now, async |fields| {
                let query = [
                    ("object", OBJECT),
                    ("callback_url", url),
                    ("fields", &fields.join(",")),
                    ("verify_token", verify_token),
                    ("include_values", "true"),
                ];
                app.post(&path, &query, None).await.map(drop)
            })
            .await
        }
        Step::Subscribe { .. } => {
            let path = format!("{account}/subscribed_apps");
            let posted = graph.post(&path, &[], Some(json!({}))).await;
            posted.map(|_| Vec::new())
        }
        Step::Override { .. } => {
            let body = json!({"override_callback_uri": url, "verify_token": verify_token});
            let path = format!("{account}/subscribed_apps");
            graph.post(&path, &[], Some(body)).await.map(|_| Vec::new())
        }
    };
    done.map_err(|failure| {
        let advice = failure.advice_or("casement check says what our own URL answers");
        Problem::Failed(format!(
            "{failure} when this was to be done: {}; {advice}",
            step.told(url)
        ))
    })
}

/// Subscribes fields by `post`, which takes the whole list. Meta refuses the list for one field that
/// it does not offer to the app: then the optional ones are added one by one to those that are
/// subscribed `now`, so that no list is shorter. Returns the refused ones.
///
/// # Errors
/// The field of messages was not taken, or Meta did not answer.
async fn subscribe(
    fields: &[String],
    now: &[String],
    post: impl AsyncFn(&[String]) -> Result<(), GraphFailure>,
) -> Result<Vec<&'static str>, GraphFailure> {
    match post(fields).await {
        Err(failure) if failure.may_be_about_a_field() => {}
        done => return done.map(|()| Vec::new()),
    }
    let is_new =
        |field: &str| OPTIONAL_FIELDS.contains(&field) && !now.iter().any(|one| one == field);
    let known = fields.iter().filter(|field| !is_new(field));
    let mut taken: Vec<String> = known.cloned().collect();
    post(&taken).await?;
    let mut refused = Vec::new();
    for field in OPTIONAL_FIELDS.into_iter().filter(|field| is_new(field)) {
        taken.push(field.to_owned());
        match post(&taken).await {
            Ok(()) => {}
            Err(failure) if failure.may_be_about_a_field() => {
                taken.pop();
                refused.push(field);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(refused)
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
        let all: Vec<_> = [FIELD].into_iter().chain(OPTIONAL_FIELDS).collect();
        let of_another = ["flows", "security"];
        let completed: Vec<_> = of_another
            .into_iter()
            .chain(
                all.iter()
                    .copied()
                    .filter(|field| !of_another.contains(field)),
            )
            .collect();
        let subscribe = |former: Option<&str>| Step::Subscribe {
            former: former.map(str::to_owned),
        };
        let over = |former: Option<&str>| Step::Override {
            former: former.map(str::to_owned),
        };
        let right = Some((URL, true, &all[..]));
        for (facts, override_url, expected) in [
            (registered(Some(None), right), false, vec![]),
            (registered(Some(Some(URL)), right), false, vec![]),
            (registered(None, right), false, vec![subscribe(None)]),
            (
                registered(None, None),
                false,
                vec![callback(None, &all), subscribe(None)],
            ),
            (
                registered(Some(None), Some((URL, false, &all))),
                false,
                vec![callback(None, &all)],
            ),
            (
                registered(Some(None), Some((URL, true, &["messages"]))),
                false,
                vec![callback(None, &all)],
            ),
            (
                registered(Some(None), Some((URL, true, &of_another))),
                false,
                vec![callback(None, &completed)],
            ),
            (
                registered(Some(None), Some((OTHER, true, &all))),
                false,
                vec![callback(Some(OTHER), &all)],
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

    #[tokio::test]
    async fn a_field_that_meta_refuses_costs_no_other() {
        use std::cell::RefCell;

        let mut fields: Vec<_> = OPTIONAL_FIELDS.map(str::to_owned).into();
        fields.insert(0, "flows".to_owned());
        fields.insert(0, FIELD.to_owned());
        let now = [FIELD.to_owned(), "flows".to_owned()];
        for (refuses, failure, expected, posts) in [
            (&[] as &[&str], GraphFailure::Refused(100), Ok(vec![]), 1),
            (
                &["standby", "calls"],
                GraphFailure::Refused(100),
                Ok(vec!["calls", "standby"]),
                2 + OPTIONAL_FIELDS.len(),
            ),
            (
                &["messages"],
                GraphFailure::Refused(10),
                Err(GraphFailure::Refused(10)),
                2,
            ),
            (
                &["messages"],
                GraphFailure::Refused(2200),
                Err(GraphFailure::Refused(2200)),
                1,
            ),
            (
                &["standby"],
                GraphFailure::Refused(613),
                Err(GraphFailure::Refused(613)),
                1,
            ),
            (
                &["standby"],
                GraphFailure::Unreachable,
                Err(GraphFailure::Unreachable),
                1,
            ),
        ] {
            let (count, taken) = (RefCell::new(0), RefCell::new(Vec::new()));
            let done = subscribe(&fields, &now, async |fields| {
                assert!(now.iter().all(|one| fields.contains(one)), "never fewer");
                *count.borrow_mut() += 1;
                if fields.iter().any(|field| refuses.contains(&&**field)) {
                    return Err(failure);
                }
                taken.replace(fields.to_vec());
                Ok(())
            });
            assert_eq!(done.await, expected, "{refuses:?}");
            assert_eq!(count.take(), posts, "{refuses:?}");
            if expected.is_ok() {
                let left = |field: &&String| !refuses.contains(&&***field);
                let wanted: Vec<_> = fields.iter().filter(left).cloned().collect();
                assert_eq!(taken.take(), wanted);
            }
        }
    }
}
