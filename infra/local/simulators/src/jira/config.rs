//! The configuration of the simulated site.

use std::time::Duration;

use chrono::{FixedOffset, Offset, Utc};
use local_clock::Clock;

/// The fixed parts of a simulated site.
#[derive(Clone, Debug)]
pub struct Config {
    /// The stack's clock.
    pub clock: Clock,
    /// The seed of webhook identifiers and of the jitter of repeats.
    pub seed: u64,
    /// The site's own address, as its answers link to it. Nothing listens there.
    pub site_url: String,
    /// The key of the service project.
    pub project_key: String,
    /// The id of the service project.
    pub project_id: String,
    /// The id of the project's service desk.
    pub service_desk_id: String,
    /// The kinds of requests that can be raised.
    pub request_types: Vec<RequestType>,
    /// The fields on the forms of all request types, besides summary and description.
    pub form_fields: Vec<(String, String)>,
    /// Further custom fields, which are not on the forms but can be edited.
    pub other_fields: Vec<String>,
    /// The fields of `other_fields` that hold a date and time.
    pub date_time_fields: Vec<String>,
    /// The custom field with the customer's phone number.
    pub phone_field: String,
    /// The custom field that makes an issue a request: `<portal>/<request type>`.
    pub request_type_field: String,
    /// The e-mail address of the service account.
    pub email: String,
    /// The API token of the service account, for the site itself.
    pub api_token: String,
    /// The e-mail address of the agent.
    pub agent_email: String,
    /// The API token of the agent, for the site itself.
    pub agent_token: String,
    /// The service account's scoped token, for the cloud API.
    pub scoped_token: String,
    /// The id of the service account's OAuth client.
    pub client_id: String,
    /// The secret of that OAuth client.
    pub client_secret: String,
    /// How long an access token of that client lasts.
    pub access_token_life: Duration,
    /// The id of the site at the cloud API.
    pub cloud_id: String,
    /// The key with which webhooks are signed.
    pub webhook_secret: String,
    /// How long Casement may take to answer a webhook. Source: guides to Jira webhooks: 20 seconds.
    pub webhook_timeout: Duration,
    /// The offset from UTC in which the site writes dates.
    pub utc_offset: FixedOffset,
}

/// A kind of request.
#[derive(Clone, Debug)]
pub struct RequestType {
    pub id: String,
    pub name: String,
}

impl Config {
    /// Returns the development values, none of them secret.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let request_type = |id: &str, name: &str| RequestType {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        let field = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        Self {
            clock,
            seed: 0,
            site_url: "https://casement-local.atlassian.net".to_owned(),
            project_key: "SUP".to_owned(),
            project_id: "10000".to_owned(),
            service_desk_id: "1".to_owned(),
            request_types: vec![
                request_type("10", "Question"),
                request_type("11", "Callback"),
            ],
            form_fields: vec![
                field("customfield_10050", "WhatsApp phone"),
                field("customfield_10051", "WhatsApp name"),
                field("customfield_10052", "WhatsApp user"),
                field("customfield_10053", "WhatsApp reference"),
            ],
            other_fields: vec![
                "customfield_10054".to_owned(),
                "customfield_10055".to_owned(),
            ],
            date_time_fields: vec!["customfield_10054".to_owned()],
            phone_field: "customfield_10050".to_owned(),
            request_type_field: "customfield_10010".to_owned(),
            email: "casement@example.com".to_owned(),
            api_token: "local-jira-token".to_owned(),
            agent_email: "ada@example.com".to_owned(),
            agent_token: "local-agent-token".to_owned(),
            scoped_token: "local-scoped-token".to_owned(),
            client_id: "local-client-id".to_owned(),
            client_secret: "local-client-secret".to_owned(),
            // Source: Atlassian, "Create OAuth 2.0 credential for service accounts".
            access_token_life: Duration::from_secs(3_600),
            cloud_id: "6f1d6a3e-2c0f-4f57-9a4f-c0ffee000000".to_owned(),
            webhook_secret: "local-jira-secret".to_owned(),
            webhook_timeout: Duration::from_secs(20),
            // Not UTC, so that nobody mistakes the site's dates for UTC.
            utc_offset: FixedOffset::east_opt(3_600).unwrap_or_else(|| Utc.fix()),
        }
    }

    /// Returns the path of this site in the cloud API.
    #[must_use]
    pub fn cloud_path(&self) -> String {
        format!("/ex/jira/{}", self.cloud_id)
    }

    pub(crate) fn request_type(&self, id: &str) -> Option<&RequestType> {
        self.request_types.iter().find(|kind| kind.id == id)
    }

    /// Returns whether an issue has a custom field with this id.
    pub(crate) fn has_field(&self, id: &str) -> bool {
        self.form_field(id).is_some() || self.other_fields.iter().any(|field| field == id)
    }

    /// Returns whether a field holds a date and time. All others hold text.
    pub(crate) fn is_date_time(&self, id: &str) -> bool {
        self.date_time_fields.iter().any(|field| field == id)
    }

    /// Returns the name of a custom field on the request form.
    pub(crate) fn form_field(&self, id: &str) -> Option<&str> {
        let mut fields = self.form_fields.iter();
        fields
            .find(|(field, _)| field == id)
            .map(|(_, name)| name.as_str())
    }
}
