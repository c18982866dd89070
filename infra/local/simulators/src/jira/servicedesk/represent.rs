//! Requests, comments and attachments as the service desk API writes them.

use serde_json::{Value, json};

use super::page;
use crate::jira::account::Account;
use crate::jira::attachment::Attachment;
use crate::jira::state::{Comment, Issue};
use crate::jira::{JiraSimulator, adf, dates};

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
                &json!(adf::to_wiki(description)),
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

    /// A comment with what `expand` asks for.
    pub(super) fn write_desk_comment(
        &self,
        issue: &Issue,
        comment: &Comment,
        expand: &str,
    ) -> Value {
        let expanded = |name: &str| expand.split(',').any(|given| given.trim() == name);
        let mut written = self.write_bare_comment(issue.id, comment);
        if expanded("attachment") {
            let files = issue.listed_comment_attachments(comment, self.now());
            written["attachments"] = self.page_of_attachments(issue.id, &files, 0, None);
        }
        if expanded("renderedBody") {
            let text = adf::plain_text(&comment.body);
            let html = text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('\n', "<br/>");
            written["renderedBody"] = json!({"html": format!("<p>{html}</p>")});
        }
        written
    }

    /// Source: Atlassian, schema `CommentDTO`. The body is wiki markup.
    pub(super) fn write_bare_comment(&self, issue: u64, comment: &Comment) -> Value {
        let offset = self.shared.config.utc_offset;
        json!({
            "_expands": ["attachment", "renderedBody"],
            "id": comment.id.to_string(),
            "body": adf::to_wiki(&comment.body),
            "public": comment.public,
            "author": self.write_person(comment.author),
            "created": dates::service_desk(comment.created, offset),
            "_links": {
                "self": self.desk_link(&format!("request/{issue}/comment/{}", comment.id)),
            },
        })
    }

    /// A page of the attachments of an issue.
    pub(super) fn page_of_attachments(
        &self,
        issue: u64,
        files: &[&Attachment],
        start: usize,
        limit: Option<usize>,
    ) -> Value {
        let written = files.iter().map(|file| self.write_attachment(issue, file));
        page(written.collect(), start, limit)
    }

    /// Source: Atlassian, schema `AttachmentDTO`: the id is in the links alone.
    fn write_attachment(&self, issue: u64, attachment: &Attachment) -> Value {
        let (id, file) = (attachment.id, &attachment.file);
        let site = &self.shared.config.site_url;
        let content = self.desk_link(&format!("request/{issue}/attachment/{id}"));
        let mut links = json!({
            "self": content,
            "jiraRest": format!("{site}/rest/api/2/attachment/{id}"),
            "content": content,
        });
        if file.is_image() {
            links["thumbnail"] = json!(format!("{content}/thumbnail"));
        }
        json!({
            "filename": file.name,
            "author": self.write_person(attachment.author),
            "created": dates::service_desk(attachment.created, self.shared.config.utc_offset),
            "size": file.size,
            "mimeType": file.mime_type,
            "_links": links,
        })
    }

    /// Source: Atlassian, schema `UserDTO`: it does not tell the account type.
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
