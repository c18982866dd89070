//! Requests, comments and attachments as the service desk API writes them.

use serde_json::{Value, json};

use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::state::attachment::Attachment;
use crate::jira::state::{Comment, Issue};
use crate::jira::{adf, dates};

impl JiraSimulator {
    /// Source: Atlassian, schema `CustomerRequestDTO`.
    pub(super) fn write_request(&self, issue: &Issue) -> Value {
        let config = &self.shared.config;
        let value = |id: &str, label: &str, value: &Value| json!({"fieldId": id, "label": label, "value": value});
        let mut values = vec![value("summary", "Summary", &json!(issue.summary))];
        if let Some(description) = &issue.description {
            values.push(value(
                "description",
                "Description",
                &json!(adf::plain_text(description)),
            ));
        }
        for (id, label) in &config.form_fields {
            values.extend(issue.fields.get(id).map(|given| value(id, label, given)));
        }
        let category = issue.status.category().key().to_ascii_uppercase();
        let portal = format!(
            "{}/servicedesk/customer/portal/1/{}",
            config.site_url, issue.key
        );
        json!({
            "_expands": ["participant", "status", "sla", "requestType", "serviceDesk", "attachment", "action", "comment"],
            "issueId": issue.id.to_string(),
            "issueKey": issue.key,
            "summary": issue.summary,
            "requestTypeId": issue.request_type,
            "serviceDeskId": config.service_desk_id,
            "createdDate": dates::service_desk(issue.created, config.utc_offset),
            "reporter": self.write_person(issue.reporter),
            "requestFieldValues": values,
            "currentStatus": {
                "status": issue.status.name(),
                "statusCategory": category,
                "statusDate": dates::service_desk(issue.status_since, config.utc_offset),
            },
            "_links": {
                "jiraRest": format!("{}/rest/api/2/issue/{}", config.site_url, issue.id),
                "web": portal,
                "agent": format!("{}/browse/{}", config.site_url, issue.key),
                "self": self.desk_link(&format!("request/{}", issue.id)),
            },
        })
    }

    /// Source: Atlassian, schema `ServiceDeskDTO`.
    pub(super) fn write_desk(&self) -> Value {
        let config = &self.shared.config;
        let id = &config.service_desk_id;
        json!({
            "id": id,
            "projectId": config.project_id,
            "projectName": "Support",
            "projectKey": config.project_key,
            "_links": {"self": self.desk_link(&format!("servicedesk/{id}"))},
        })
    }

    /// Source: Atlassian, schema `CommentDTO`. Jira writes the body as wiki markup, which nobody
    /// reads.
    pub(super) fn write_desk_comment(&self, issue: u64, comment: &Comment) -> Value {
        let offset = self.shared.config.utc_offset;
        json!({
            "_expands": ["attachment", "renderedBody"],
            "id": comment.id.to_string(),
            "body": adf::plain_text(&comment.body),
            "public": comment.public,
            "author": self.write_person(comment.author),
            "created": dates::service_desk(comment.created, offset),
            "_links": {
                "self": self.desk_link(&format!("request/{issue}/comment/{}", comment.id)),
            },
        })
    }

    /// Source: Atlassian, schema `AttachmentDTO`: only the links contain the id.
    pub(super) fn write_attachment(&self, issue: u64, attachment: &Attachment) -> Value {
        let (id, file) = (attachment.id, &attachment.file);
        let site = &self.shared.config.site_url;
        let content = self.desk_link(&format!("request/{issue}/attachment/{id}"));
        let links = json!({
            "self": content,
            "jiraRest": format!("{site}/rest/api/2/attachment/{id}"),
            "content": content,
        });
        json!({
            "filename": file.name,
            "author": self.write_person(attachment.author),
            "created": dates::service_desk(attachment.created, self.shared.config.utc_offset),
            "size": file.size,
            "mimeType": file.mime_type,
            "_links": links,
        })
    }

    /// Source: Atlassian, schema `UserDTO`, which lacks the account type.
    fn write_person(&self, account: Account) -> Value {
        let mut person = json!({
            "accountId": account.account_id(),
            "displayName": account.display_name(),
            "active": true,
            "timeZone": "Europe/Berlin",
            "_links": {"jiraRest": self.writer().link(&format!("user?accountId={}", account.account_id()))},
        });
        if account == Account::Bridge {
            person["emailAddress"] = json!(self.shared.config.email);
        }
        person
    }

    fn desk_link(&self, rest: &str) -> String {
        format!("{}/rest/servicedeskapi/{rest}", self.shared.config.site_url)
    }
}
