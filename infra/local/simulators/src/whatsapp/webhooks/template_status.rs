//! What Casement is told of its templates.

use serde_json::{Value, json};

use super::envelope;
use crate::ids::stable_number;
use crate::lock;
use crate::problem::Problem;
use crate::webhook::Outcome;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::state::templates::Listed;

impl WhatsappSimulator {
    /// Changes the status of a template and reports it to Casement. Returns the outcome of the first
    /// attempt.
    ///
    /// # Errors
    /// There is no such template.
    pub(crate) async fn change_template_status(
        &self,
        name: &str,
        language: &str,
        status: &str,
        reason: Option<&str>,
    ) -> Result<Outcome, Problem> {
        let parcel = {
            let mut state = lock(&self.shared.state);
            let is = |one: &Listed| one.name == name && one.language == language;
            let template = state.templates().into_iter().find(is);
            let template =
                template.ok_or_else(|| Problem::not_found("There is no such template."))?;
            let key = (name.to_owned(), language.to_owned());
            state.template_statuses.insert(key, status.to_owned());
            let body = self.status_webhook(&template, status, reason);
            let subject = format!("status of template {name}");
            envelope::parcel(&self.shared.config, &state.options, subject, &body)
        };
        Ok(self.shared.outbox.send_now(parcel).await)
    }

    /// Source: Meta, "`message_template_status_update` webhook reference".
    fn status_webhook(&self, template: &Listed, event: &str, reason: Option<&str>) -> Value {
        let Listed {
            name,
            language,
            category,
            ..
        } = template;
        let id = stable_number(0, &format!("{name} {language}"));
        let value = json!({
            "event": event,
            "message_template_id": id,
            "message_template_name": name,
            "message_template_language": language.replace('_', "-"),
            "message_template_category": category,
            "reason": reason,
        });
        let field = "message_template_status_update";
        envelope::change(&self.shared.config, Some(self.now()), field, value)
    }
}
