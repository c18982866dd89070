//! The calls that show and change the registration at Meta: the token, the account's numbers and
//! apps, the app's webhook.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::lock;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::errors::GraphError;
use crate::whatsapp::setup::Callback;

/// The fields that the app has subscribed from the start: all that Casement reads.
const FIELDS: [&str; 15] = [
    "messages",
    "account_alerts",
    "account_update",
    "business_capability_update",
    "calls",
    "message_echoes",
    "message_template_components_update",
    "message_template_status_update",
    "messaging_handovers",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "smb_message_echoes",
    "standby",
    "template_category_update",
];

/// The longest address of a webhook (Meta, "Overrides").
const LONGEST_URL: usize = 200;

pub(crate) fn router() -> Router<WhatsappSimulator> {
    Router::new()
        .route("/{version}/debug_token", get(debug_token))
        .route("/{version}/{id}/phone_numbers", get(numbers))
        .route(
            "/{version}/{id}/subscribed_apps",
            get(subscribed).post(subscribe),
        )
        .route(
            "/{version}/{id}/subscriptions",
            get(webhook).post(set_webhook),
        )
}

#[derive(Deserialize)]
struct Inspected {
    input_token: String,
}

/// Source: Meta, "Debug-Token".
async fn debug_token(
    State(simulator): State<WhatsappSimulator>,
    Path(version): Path<String>,
    Query(inspected): Query<Inspected>,
    headers: HeaderMap,
) -> Response {
    let config = &simulator.shared.config;
    let answer = simulator.enter(&version, &headers).map(|()| {
        let setup = lock(&simulator.shared.state).setup.clone();
        if inspected.input_token != config.access_token {
            return json!({"data": {"is_valid": false, "scopes": [],
                "error": {"code": 190, "message": "Invalid OAuth access token."}}});
        }
        let granted =
            |scope: &String| json!({"scope": scope, "target_ids": [config.business_account_id]});
        json!({"data": {
            "app_id": config.app_id,
            "type": setup.token_type,
            "application": "Casement development",
            "data_access_expires_at": 0,
            "expires_at": setup.token_expires_at,
            "is_valid": true,
            "issued_at": 1_760_000_000,
            "scopes": setup.token_scopes,
            "granular_scopes": setup.token_scopes.iter().map(granted).collect::<Vec<_>>(),
            "user_id": "122100000000000000",
        }})
    });
    simulator.answer(answer)
}

impl WhatsappSimulator {
    /// Checks the token, the version and the business account of a call.
    fn enter_account(
        &self,
        version: &str,
        id: &str,
        headers: &HeaderMap,
    ) -> Result<(), GraphError> {
        self.enter(version, headers)?;
        if id == self.shared.config.business_account_id {
            Ok(())
        } else {
            Err(GraphError::no_such_object("get", id))
        }
    }

    /// Checks the app's own token, which is its id and its secret (Meta, "Access tokens").
    fn enter_app(&self, id: &str, headers: &HeaderMap) -> Result<(), GraphError> {
        let config = &self.shared.config;
        let expected = format!("Bearer {}|{}", config.app_id, config.app_secret);
        let given = headers.get(header::AUTHORIZATION);
        if given.is_none_or(|value| value.as_bytes() != expected.as_bytes()) {
            return Err(GraphError::new(190, "Error validating application."));
        }
        if id == config.app_id {
            Ok(())
        } else {
            Err(GraphError::no_such_object("get", id))
        }
    }

    /// Asks an address for the challenge, as Meta does before every change of the address.
    async fn confirm(&self, url: &str, token: &str) -> Result<(), GraphError> {
        if url.len() > LONGEST_URL {
            return Err(GraphError::new(100, "The callback URL is too long."));
        }
        let challenge = self.shared.ids.number().to_string();
        let answer = self.shared.outbox.subscribe(url, token, &challenge).await;
        if answer.as_deref() == Some(challenge.as_str()) {
            Ok(())
        } else {
            Err(GraphError::new(
                2200,
                "Callback verification failed: the URL did not answer with the challenge.",
            ))
        }
    }

    fn callback(&self) -> Option<Callback> {
        let set = lock(&self.shared.state).setup.callback.clone();
        set.or_else(|| {
            Some(Callback {
                url: self.shared.outbox.url()?,
                active: true,
                fields: FIELDS.map(str::to_owned).into(),
            })
        })
    }
}

/// Source: Meta, "WhatsApp Business Account > Phone Numbers".
async fn numbers(
    State(simulator): State<WhatsappSimulator>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let entered = simulator.enter_account(&version, &id, &headers);
    simulator.answer(entered.map(|()| {
        let numbers = simulator.shared.config.phone_numbers.iter();
        let mut numbers: Vec<Value> = numbers.map(|number| simulator.about(number)).collect();
        let more = lock(&simulator.shared.state).setup.more_numbers.clone();
        numbers.extend(more.into_iter().enumerate().map(|(index, id)| {
            json!({"id": id, "display_phone_number": format!("+1 555-078-39{index:02}"),
                "verified_name": "Casement development", "quality_rating": "GREEN"})
        }));
        json!({"data": numbers, "paging": {"cursors": {"before": "QQ", "after": "WA"}}})
    }))
}

/// Source: Meta, "Subscribe to a WhatsApp Business Account".
async fn subscribed(
    State(simulator): State<WhatsappSimulator>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let entered = simulator.enter_account(&version, &id, &headers);
    simulator.answer(entered.map(|()| {
        let setup = lock(&simulator.shared.state).setup.clone();
        let mut app = json!({"whatsapp_business_api_data": {
            "id": simulator.shared.config.app_id,
            "name": "Casement development",
            "link": "https://www.example.com/",
        }});
        if let Some(url) = setup.override_url {
            app["override_callback_uri"] = url.into();
        }
        let apps = if setup.app_subscribed {
            vec![app]
        } else {
            Vec::new()
        };
        json!({"data": apps})
    }))
}

#[derive(Deserialize)]
struct Subscription {
    override_callback_uri: Option<String>,
    #[serde(default)]
    verify_token: String,
}

async fn subscribe(
    State(simulator): State<WhatsappSimulator>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let subscribed = async {
        simulator.enter_account(&version, &id, &headers)?;
        let body: &[u8] = if body.is_empty() { b"{}" } else { &body };
        let wanted: Subscription = serde_json::from_slice(body)
            .map_err(|error| GraphError::new(100, format!("The body is wrong: {error}")))?;
        if let Some(url) = &wanted.override_callback_uri {
            simulator.confirm(url, &wanted.verify_token).await?;
        }
        let mut state = lock(&simulator.shared.state);
        state.setup.app_subscribed = true;
        state.setup.override_url = wanted.override_callback_uri;
        Ok(json!({"success": true}))
    };
    simulator.answer(subscribed.await)
}

/// Source: Meta, "Application > Subscriptions".
async fn webhook(
    State(simulator): State<WhatsappSimulator>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let entered = simulator.enter_app(&id, &headers);
    simulator.answer(entered.map(|()| {
        let shown = simulator.callback().map(|callback| {
            let field = |name: &String| json!({"name": name, "version": "v27.0"});
            json!({
                "object": "whatsapp_business_account",
                "callback_url": callback.url,
                "active": callback.active,
                "fields": callback.fields.iter().map(field).collect::<Vec<_>>(),
            })
        });
        json!({"data": shown.into_iter().collect::<Vec<_>>()})
    }))
}

#[derive(Deserialize)]
struct NewWebhook {
    object: String,
    callback_url: String,
    fields: String,
    verify_token: String,
}

async fn set_webhook(
    State(simulator): State<WhatsappSimulator>,
    Path((_, id)): Path<(String, String)>,
    Query(wanted): Query<NewWebhook>,
    headers: HeaderMap,
) -> Response {
    let set = async {
        simulator.enter_app(&id, &headers)?;
        if wanted.object != "whatsapp_business_account" {
            return Err(GraphError::new(100, "Param object is not known."));
        }
        let refused = lock(&simulator.shared.state).setup.refused_fields.clone();
        if let Some(field) = wanted
            .fields
            .split(',')
            .find(|field| refused.iter().any(|one| one == field))
        {
            return Err(GraphError::new(
                100,
                format!("Param fields: {field} is not offered."),
            ));
        }
        simulator
            .confirm(&wanted.callback_url, &wanted.verify_token)
            .await?;
        lock(&simulator.shared.state).setup.callback = Some(Callback {
            url: wanted.callback_url,
            active: true,
            fields: wanted.fields.split(',').map(str::to_owned).collect(),
        });
        Ok(json!({"success": true}))
    };
    simulator.answer(set.await)
}
