//! Issues and comments as the platform API writes them.

use serde_json::{Map, Value, json};

use super::account::Account;
use super::config::Config;
use super::state::attachment::Attachment;
use super::state::workflow::{Status, Transition};
use super::state::{Comment, Issue};
use super::{adf, dates};

/// The form of bodies: ADF in the REST API, strings in webhooks. Jira writes wiki markup there,
/// which nobody reads; the simulator writes the words alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Rest,
    Webhook,
}

impl Form {
    /// Returns the version of the REST API that links point to.
    fn version(self) -> u8 {
        match self {
            Self::Rest => 3,
            Self::Webhook => 2,
        }
    }

    fn text(self, document: &Value) -> Value {
        match self {
            Self::Rest => document.clone(),
            Self::Webhook => json!(adf::plain_text(document)),
        }
    }
}

/// Writes things of one site in one form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer<'a> {
    pub config: &'a Config,
    pub form: Form,
}

impl Writer<'_> {
    /// Returns a link below `/rest/api/{version}/`.
    pub(crate) fn link(&self, rest: &str) -> String {
        format!(
            "{}/rest/api/{}/{rest}",
            self.config.site_url,
            self.form.version()
        )
    }

    /// Source: Atlassian, schema `UserDetails`.
    pub(crate) fn user(&self, account: Account) -> Value {
        let id = account.account_id();
        let encoded = id.replace(':', "%3A");
        let avatar = format!("{}/avatar/{encoded}", self.config.site_url);
        json!({
            "self": self.link(&format!("user?accountId={encoded}")),
            "accountId": id,
            "avatarUrls": {"16x16": avatar, "24x24": avatar, "32x32": avatar, "48x48": avatar},
            "displayName": account.display_name(),
            "active": true,
            "timeZone": "Europe/Berlin",
            "accountType": account.account_type(),
        })
    }

    /// Source: Atlassian, schema `StatusDetails`.
    pub(crate) fn status(&self, status: Status) -> Value {
        let category = status.category();
        json!({
            "self": self.link(&format!("status/{}", status.id())),
            "description": "",
            "iconUrl": format!("{}/images/icons/status_generic.gif", self.config.site_url),
            "name": status.name(),
            "id": status.id(),
            "statusCategory": {
                "self": self.link(&format!("statuscategory/{}", category.id())),
                "id": category.id(),
                "key": category.key(),
                "colorName": category.color(),
                "name": category.name(),
            },
        })
    }

    /// Source: Atlassian, schema `IssueTransition`.
    pub(crate) fn transition(&self, way: Transition) -> Value {
        json!({
            "id": way.id,
            "name": way.name,
            "to": self.status(way.to),
            "hasScreen": false,
            "isGlobal": false,
            "isInitial": false,
            "isAvailable": true,
            "isConditional": false,
        })
    }

    fn project(&self) -> Value {
        json!({
            "self": self.link(&format!("project/{}", self.config.project_id)),
            "id": self.config.project_id,
            "key": self.config.project_key,
            "name": "Support",
            "projectTypeKey": "service_desk",
            "simplified": false,
        })
    }

    fn issue_type(&self) -> Value {
        json!({
            "self": self.link("issuetype/10002"),
            "id": "10002",
            "description": "",
            "name": "[System] Service request",
            "subtask": false,
            "hierarchyLevel": 0,
        })
    }

    fn priority(&self) -> Value {
        json!({
            "self": self.link("priority/3"),
            "iconUrl": format!("{}/images/icons/priorities/medium.svg", self.config.site_url),
            "name": "Medium",
            "id": "3",
        })
    }

    /// Returns the only fields that comment webhooks carry.
    pub(crate) fn six_fields(&self, issue: &Issue) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("summary".to_owned(), json!(issue.summary));
        fields.insert("issuetype".to_owned(), self.issue_type());
        fields.insert("project".to_owned(), self.project());
        let assignee = issue.assignee.map_or(Value::Null, |who| self.user(who));
        fields.insert("assignee".to_owned(), assignee);
        fields.insert("priority".to_owned(), self.priority());
        fields.insert("status".to_owned(), self.status(issue.status));
        fields
    }

    /// Returns all fields of an issue except its comments.
    pub(crate) fn fields(&self, issue: &Issue) -> Map<String, Value> {
        let date = |time| json!(dates::platform(time, self.config.utc_offset));
        let description = issue.description.as_ref();
        let mut fields = self.six_fields(issue);
        let resolution = match issue.status {
            Status::Resolved => json!({"id": "10000", "name": "Done", "description": ""}),
            _ => Value::Null,
        };
        let members = [
            (
                "description",
                description.map_or(Value::Null, |text| self.form.text(text)),
            ),
            ("labels", json!(issue.labels)),
            ("reporter", self.user(issue.reporter)),
            ("creator", self.user(issue.reporter)),
            ("created", date(issue.created)),
            ("updated", date(issue.updated)),
            ("statuscategorychangedate", date(issue.status_since)),
            (
                "resolutiondate",
                match issue.status {
                    Status::Resolved => date(issue.status_since),
                    _ => Value::Null,
                },
            ),
            ("resolution", resolution),
            ("attachment", self.attachments(issue)),
        ];
        fields.extend(members.map(|(name, value)| (name.to_owned(), value)));
        let all_custom = self.config.form_fields.iter().map(|(id, _)| id);
        for id in all_custom.chain(&self.config.other_fields) {
            let value = issue.fields.get(id).cloned().unwrap_or_default();
            fields.insert(id.clone(), value);
        }
        fields.insert(
            self.config.request_type_field.clone(),
            self.request_type(issue),
        );
        fields
    }

    fn attachments(&self, issue: &Issue) -> Value {
        let listed = issue.listed_attachments(self.config.clock.now());
        listed
            .into_iter()
            .map(|file| self.attachment(file))
            .collect()
    }

    /// Source: Atlassian, schema `Attachment`.
    pub(crate) fn attachment(&self, attachment: &Attachment) -> Value {
        let (id, file) = (attachment.id, &attachment.file);
        json!({
            "self": self.link(&format!("attachment/{id}")),
            "id": id.to_string(),
            "filename": file.name,
            "author": self.user(attachment.author),
            "created": dates::platform(attachment.created, self.config.utc_offset),
            "size": file.size,
            "mimeType": file.mime_type,
            "content": self.link(&format!("attachment/content/{id}")),
        })
    }

    fn request_type(&self, issue: &Issue) -> Value {
        let Some(id) = &issue.request_type else {
            return Value::Null;
        };
        let name = self.config.request_type(id).map(|kind| &kind.name);
        json!({"requestType": {
            "id": id,
            "name": name,
            "serviceDeskId": self.config.service_desk_id,
        }})
    }

    /// Source: Atlassian, schema `IssueBean`.
    pub(crate) fn issue(&self, issue: &Issue, fields: Map<String, Value>) -> Value {
        json!({
            "id": issue.id.to_string(),
            "key": issue.key,
            "self": self.link(&format!("issue/{}", issue.id)),
            "fields": fields,
        })
    }

    /// Writes a comment. Source: Atlassian, schema `Comment`; bodies of comment webhooks.
    pub(crate) fn comment(&self, issue: u64, comment: &Comment) -> Value {
        let date = |time| dates::platform(time, self.config.utc_offset);
        let mut written = json!({
            "self": self.link(&format!("issue/{issue}/comment/{}", comment.id)),
            "id": comment.id.to_string(),
            "author": self.user(comment.author),
            "body": self.form.text(&comment.body),
            "updateAuthor": self.user(comment.update_author),
            "created": date(comment.created),
            "updated": date(comment.updated),
            "jsdPublic": comment.public,
        });
        if let Some(visibility) = &comment.visibility {
            written["visibility"] = json!(visibility);
        }
        written
    }
}

/// Returns the properties of a comment as a list of keys and values.
pub(crate) fn properties(comment: &Comment) -> Value {
    let pair = |(key, value): (&String, &Value)| json!({"key": key, "value": value});
    comment.properties.iter().map(pair).collect()
}
