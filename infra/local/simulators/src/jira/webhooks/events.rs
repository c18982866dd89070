//! The bodies of webhooks, and their signed parcels.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::ids::Ids;
use crate::jira::account::Account;
use crate::jira::config::Config;
use crate::jira::options::Options;
use crate::jira::represent::{Form, Writer};
use crate::jira::state::attachment::Attachment;
use crate::jira::state::{Comment, Issue};
use crate::signature;
use crate::webhook::Parcel;

/// The signature header. Source: Atlassian, "Webhooks". Unlike Meta's, it has no `-256`.
pub(crate) const SIGNATURE: &str = "X-Hub-Signature";

/// How quickly Jira delivers a webhook.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Flow {
    /// Events that somebody caused directly.
    Primary,
    /// Events that followed from another, such as the deletion of a deleted issue's comments.
    Secondary,
}

/// Makes webhooks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Events<'a> {
    pub config: &'a Config,
    pub options: &'a Options,
    pub ids: &'a Ids,
    pub now: DateTime<Utc>,
}

/// A field that changed: its name, and its value before and after.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub field: String,
    pub from: Option<String>,
    pub from_text: Option<String>,
    pub to: Option<String>,
    pub to_text: Option<String>,
}

impl Events<'_> {
    fn writer(&self) -> Writer<'_> {
        Writer {
            config: self.config,
            form: Form::Webhook,
        }
    }

    /// Makes `comment_created`, `comment_updated` or `comment_deleted`.
    ///
    /// The issue has six fields, and its `self` leaves out `/issue/`, as on a real site.
    pub(crate) fn comment(
        &self,
        event: &str,
        issue: &Issue,
        comment: &Comment,
        flow: Flow,
    ) -> Parcel {
        let writer = self.writer();
        let mut written = writer.comment(issue.id, comment);
        if self.options.jsd_public_bug {
            written["jsdPublic"] = json!(true);
        }
        let mut body = json!({
            "timestamp": self.now.timestamp_millis(),
            "webhookEvent": event,
            "comment": written,
            "issue": {
                "id": issue.id.to_string(),
                "self": writer.link(&issue.id.to_string()),
                "key": issue.key,
                "fields": writer.six_fields(issue),
            },
            "eventType": "primaryAction",
        });
        if self.options.issue_left_out
            && let Value::Object(members) = &mut body
        {
            members.remove("issue");
        }
        self.parcel(&format!("{event} {}", comment.id), &body, flow)
    }

    /// Makes `attachment_created`, which names neither the issue nor the comment of the file.
    pub(crate) fn attachment_created(&self, attachment: &Attachment) -> Parcel {
        let event = "attachment_created";
        let body = json!({
            "timestamp": self.now.timestamp_millis(),
            "webhookEvent": event,
            "attachment": self.writer().attachment(attachment),
        });
        let subject = format!("{event} {}", attachment.id);
        self.parcel(&subject, &body, Flow::Primary)
    }

    /// Makes `jira:issue_created`.
    pub(crate) fn issue_created(&self, issue: &Issue) -> Parcel {
        let mut body = self.issue("jira:issue_created", issue, issue.reporter);
        body["issue_event_type_name"] = json!("issue_created");
        self.parcel(
            &format!("jira:issue_created {}", issue.key),
            &body,
            Flow::Primary,
        )
    }

    /// Makes `jira:issue_updated`. `kind` is `issue_generic` for transitions, else `issue_updated`.
    pub(crate) fn issue_updated(
        &self,
        kind: &str,
        issue: &Issue,
        user: Account,
        changes: &[Change],
    ) -> Parcel {
        let item = |change: &Change| {
            json!({
                "field": change.field,
                "fieldtype": if change.field.starts_with("customfield_") { "custom" } else { "jira" },
                "fieldId": change.field,
                "from": change.from,
                "fromString": change.from_text,
                "to": change.to,
                "toString": change.to_text,
            })
        };
        let mut body = self.issue("jira:issue_updated", issue, user);
        body["issue_event_type_name"] = json!(kind);
        body["changelog"] = json!({
            "id": self.ids.number().to_string(),
            "items": changes.iter().map(item).collect::<Vec<_>>(),
        });
        self.parcel(
            &format!("jira:issue_updated {}", issue.key),
            &body,
            Flow::Primary,
        )
    }

    /// Makes `jira:issue_deleted`, and `comment_deleted` for each of the issue's comments.
    pub(crate) fn issue_deleted(&self, issue: &Issue, user: Account) -> Vec<Parcel> {
        let body = self.issue("jira:issue_deleted", issue, user);
        let subject = format!("jira:issue_deleted {}", issue.key);
        let mut parcels = vec![self.parcel(&subject, &body, Flow::Primary)];
        let deleted = |comment| self.comment("comment_deleted", issue, comment, Flow::Secondary);
        parcels.extend(issue.comments.iter().map(deleted));
        parcels
    }

    fn issue(&self, event: &str, issue: &Issue, user: Account) -> Value {
        let writer = self.writer();
        json!({
            "timestamp": self.now.timestamp_millis(),
            "webhookEvent": event,
            "user": writer.user(user),
            "issue": writer.issue(issue, writer.fields(issue)),
        })
    }

    fn parcel(&self, subject: &str, body: &Value, flow: Flow) -> Parcel {
        let body = body.to_string().into_bytes();
        let mut headers = headers(Some(signature::sha256(&self.config.webhook_secret, &body)));
        headers.push(("X-Atlassian-Webhook-Identifier", self.ids.token()));
        let flow = match flow {
            Flow::Primary => "Primary",
            Flow::Secondary => "Secondary",
        };
        headers.push(("X-Atlassian-Webhook-Flow", flow.to_owned()));
        Parcel {
            subject: subject.to_owned(),
            body,
            headers,
            retry_header: Some("X-Atlassian-Webhook-Retry"),
            copies: self.options.duplicates,
            lost: self.options.webhooks_lost,
        }
    }
}

/// Returns the headers of a webhook with this signature.
pub(crate) fn headers(signature: Option<String>) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("Content-Type", "application/json; charset=utf-8".to_owned()),
        ("User-Agent", "Atlassian Webhook HTTP Client".to_owned()),
    ];
    headers.extend(signature.map(|signature| (SIGNATURE, signature)));
    headers
}
