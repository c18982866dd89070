//! What Casement is told of the business account.

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::envelope;
use crate::ids::stable_number;
use crate::lock;
use crate::problem::Problem;
use crate::webhook::Outcome;
use crate::whatsapp::WhatsappSimulator;

/// The field of an event that names none.
const USUAL_FIELD: &str = "account_update";

impl WhatsappSimulator {
    /// Reports an event of the account: `field` and `value`, or the members of the value beside
    /// `field`. What is usual for the event is filled in. Returns the outcome of the first attempt.
    ///
    /// # Errors
    /// `event` names no event.
    pub(crate) async fn report_event(
        &self,
        mut event: Map<String, Value>,
    ) -> Result<Told, Problem> {
        let field = match event.remove("field") {
            None => USUAL_FIELD.to_owned(),
            Some(Value::String(field)) if !field.is_empty() => field,
            Some(_) => return Err(Problem::bad_request("The member field is no name.")),
        };
        let given = match event.remove("value") {
            None => event,
            Some(Value::Object(value)) if event.is_empty() => value,
            Some(Value::Object(_)) => {
                let detail = "Beside value, there may be only field.";
                return Err(Problem::bad_request(detail));
            }
            Some(_) => return Err(Problem::bad_request("The member value is no object.")),
        };
        if given.is_empty() {
            return Err(Problem::bad_request(
                "Name an event, such as {\"event\": \"ACCOUNT_RESTRICTION\"}, or give a value.",
            ));
        }
        let value = self.filled_in(&field, given);
        let parcel = {
            let mut state = lock(&self.shared.state);
            if field == "template_category_update" {
                state.change_category(&value);
            }
            let config = &self.shared.config;
            let body = envelope::change(config, Some(self.now()), &field, value.clone());
            envelope::parcel(config, &state.options, field.clone(), &body)
        };
        let outcome = self.shared.outbox.send_now(parcel).await;
        Ok(Told {
            field,
            value,
            outcome,
        })
    }

    /// Adds what such an event usually says.
    ///
    /// Source: Meta, the webhook reference of each field.
    fn filled_in(&self, field: &str, given: Map<String, Value>) -> Value {
        let config = &self.shared.config;
        let number = config.phone_numbers.first();
        let number = number.map_or("", |number| number.display.as_str());
        let in_a_week = (self.now() + TimeDelta::days(7)).timestamp();
        let event = given.get("event").and_then(Value::as_str);
        let usual = match (field, event) {
            (USUAL_FIELD, Some("ACCOUNT_RESTRICTION")) => json!({"restriction_info": [{
                "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
                "expiration": in_a_week,
            }]}),
            (USUAL_FIELD, Some("ACCOUNT_VIOLATION")) => {
                json!({"violation_info": {"violation_type": "SPAM"}})
            }
            (USUAL_FIELD, Some("DISABLED_UPDATE")) => json!({"ban_info": {
                "waba_ban_state": "DISABLE",
                "waba_ban_date": self.now().format("%B %-d, %Y").to_string(),
            }}),
            ("phone_number_quality_update", _) => json!({
                "display_phone_number": number,
                "event": "FLAGGED",
                "current_limit": "TIER_1K",
            }),
            ("phone_number_name_update", _) => json!({
                "display_phone_number": number,
                "decision": "REJECTED",
                "requested_verified_name": "Casement development",
                "rejection_reason": "NAME_BRAND_NOT_ACCEPTABLE",
            }),
            ("security", _) => json!({"display_phone_number": number}),
            ("template_category_update", _) => {
                let text = |name| given.get(name).and_then(Value::as_str);
                let name = text("message_template_name").unwrap_or("answer_waiting");
                let language = text("message_template_language").unwrap_or("en-US");
                let key = format!("{name} {}", language.replace('-', "_"));
                json!({
                    "message_template_id": stable_number(0, &key),
                    "message_template_name": name,
                    "message_template_language": language,
                })
            }
            _ => json!({}),
        };
        let mut value = usual;
        if let Value::Object(members) = &mut value {
            members.extend(given);
        }
        value
    }
}

/// An event that Casement was told of.
#[derive(Debug)]
pub(crate) struct Told {
    pub field: String,
    pub value: Value,
    pub outcome: Outcome,
}
