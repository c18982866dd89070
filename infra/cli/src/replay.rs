//! `casement replay`: posts saved webhooks again.

mod age;

use std::path::Path;
use std::process::ExitCode;

use casement_aws::WebhookSecrets;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use sha2::Sha256;

use self::age::Stale;
use crate::Problem;
use crate::args::Replay;
use crate::place::Place;
use crate::talk::Talk;

/// The sender of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Sender {
    Whatsapp,
    Jira,
}

impl Sender {
    /// Recognises the sender by keys that all of its webhooks have.
    fn of(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        if body["object"] == "whatsapp_business_account" {
            Some(Self::Whatsapp)
        } else if body["webhookEvent"].is_string() {
            Some(Self::Jira)
        } else {
            None
        }
    }

    fn output(self) -> &'static str {
        match self {
            Self::Whatsapp => "WhatsappWebhookUrl",
            Self::Jira => "JiraWebhookUrl",
        }
    }

    fn header(self) -> &'static str {
        match self {
            Self::Whatsapp => "X-Hub-Signature-256",
            Self::Jira => "X-Hub-Signature",
        }
    }

    fn secrets(self, secret: &WebhookSecrets) -> &[SecretString] {
        match self {
            Self::Whatsapp => &secret.whatsapp_app_secrets,
            Self::Jira => &secret.jira_webhook_secrets,
        }
    }
}

#[derive(Serialize)]
struct Replayed {
    file: String,
    sender: Sender,
    status: Option<u16>,
    /// Items that are too old: the functions count them and leave them alone.
    stale: Vec<Stale>,
}

/// Posts each file. The exit code is 1 if one was not accepted.
///
/// # Errors
/// A file is not a webhook. Nothing was posted.
pub async fn run(place: &Place, talk: &Talk, wanted: &Replay) -> Result<ExitCode, Problem> {
    let files: Vec<_> = wanted
        .files
        .iter()
        .map(|file| read(file))
        .collect::<Result<_, _>>()?;
    let secret = place.webhook_secrets().await?;
    let bar = talk.bar("posting", u64::try_from(files.len()).unwrap_or(u64::MAX));
    let mut replayed = Vec::new();
    for (file, sender, body) in files {
        let stale = stale(&secret, sender, &body, place.now())?;
        let status = post(place, &secret, sender, body).await?;
        bar.inc(1);
        replayed.push(Replayed {
            file,
            sender,
            status,
            stale,
        });
    }
    bar.finish_and_clear();
    let text: String = replayed.iter().map(line).collect();
    talk.say(&text, &replayed)?;
    let taken = replayed.iter().all(|one| one.status == Some(200));
    Ok(ExitCode::from(u8::from(!taken)))
}

fn read(file: &Path) -> Result<(String, Sender, Vec<u8>), Problem> {
    let shown = file.display().to_string();
    let body = std::fs::read(file).map_err(|error| Problem::Usage(format!("{shown}: {error}")))?;
    let sender = Sender::of(&body).ok_or_else(|| {
        Problem::Usage(format!(
            "{shown} is no webhook: neither Meta nor Jira sends such a body"
        ))
    })?;
    Ok((shown, sender, body))
}

async fn post(
    place: &Place,
    secret: &WebhookSecrets,
    sender: Sender,
    body: Vec<u8>,
) -> Result<Option<u16>, Problem> {
    let answer = place
        .http
        .post(place.name(sender.output())?)
        .header("Content-Type", "application/json")
        .header(
            sender.header(),
            signature(first_key(secret, sender), &body)?,
        )
        .body(body)
        .send()
        .await;
    Ok(answer.ok().map(|answer| answer.status().as_u16()))
}

/// Returns the items that the functions will leave alone because of their age.
fn stale(
    secret: &WebhookSecrets,
    sender: Sender,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<Vec<Stale>, Problem> {
    Ok(match sender {
        Sender::Whatsapp => {
            let signed = signature(first_key(secret, sender), body)?;
            age::of_whatsapp(body, &signed, sender.secrets(secret), now)
        }
        Sender::Jira => age::of_jira(body, now),
    })
}

fn first_key(secret: &WebhookSecrets, sender: Sender) -> &str {
    let key = sender.secrets(secret).first();
    key.map(ExposeSecret::expose_secret).unwrap_or_default()
}

/// Signs a body as both senders do (Meta, "Create a webhook endpoint"; Atlassian, "Webhooks").
fn signature(key: &str, body: &[u8]) -> Result<String, Problem> {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())
        .map_err(|_| Problem::Failed("the secret cannot sign".to_owned()))?;
    let code = mac.chain_update(body).finalize().into_bytes();
    Ok(format!("sha256={}", hex::encode(code)))
}

fn line(replayed: &Replayed) -> String {
    let file = &replayed.file;
    let warnings = replayed.stale.iter().map(|stale| {
        let Stale {
            reason,
            days,
            limit,
        } = stale;
        format!(
            "{file}: {reason}: it is {days} days old; after {limit} days nothing is carried out, \
             since nobody knows any more whether it was\n"
        )
    });
    let warnings: String = warnings.collect();
    let outcome = outcome(file, replayed.status);
    format!("{warnings}{outcome}")
}

fn outcome(file: &str, status: Option<u16>) -> String {
    match status {
        Some(200) => format!("{file}: taken\n"),
        Some(401) => {
            format!("{file}: refused, the functions know another secret yet: try in 5 minutes\n")
        }
        Some(status) => format!("{file}: status {status}: casement tail\n"),
        None => format!("{file}: the webhook URL does not answer: casement check\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webhooks_are_told_apart_by_their_keys() {
        for (body, expected) in [
            (
                r#"{"object":"whatsapp_business_account","entry":[]}"#,
                Some(Sender::Whatsapp),
            ),
            (r#"{"webhookEvent":"comment_created"}"#, Some(Sender::Jira)),
            (r#"{"object":"page"}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(Sender::of(body.as_bytes()), expected, "{body}");
        }
    }

    /// Source: Atlassian, "Webhooks", the example signature.
    #[test]
    fn signatures_are_as_published() {
        assert_eq!(
            signature("It's a Secret to Everybody", b"Hello World!").unwrap(),
            "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
        );
    }
}
