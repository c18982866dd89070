//! The request that a customer's message opens.

use crate::model::content::InboundMessage;
use crate::model::conversation::{Ended, FormerRequest, Opening};
use crate::model::identity::{ConversationKey, PhoneNumber, Wamid};
use crate::model::private::Private;
use crate::settings::NumberSettings;
use crate::text;

/// The longest summary that Jira accepts (JSM Cloud REST API, create request), in UTF-16 units.
/// That is the strictest reading of "characters": an emoji has two.
pub(super) const SUMMARY_LIMIT: usize = 255;

/// A request to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    pub service_desk_id: String,
    pub request_type_id: String,
    /// The title, at most 255 characters.
    pub summary: Private<String>,
    /// The form field for `reference_text`.
    pub reference_field: String,
    /// A single word by which the request is found again.
    pub reference: String,
    /// Casement's words around the reference, for the form field.
    pub reference_text: String,
    /// Further form fields, by id, with their values.
    pub more_fields: Vec<(String, Private<String>)>,
}

/// Returns one word that occurs in no other request. Jira's text search takes it as a single term.
/// It differs from that of a former request, since the search may know a deleted request for a
/// while.
pub(super) fn reference(
    key: &ConversationKey,
    first: &Wamid,
    former: Option<&FormerRequest>,
) -> String {
    let mut occasion = format!("{}\0{}", key.customer, first.as_str());
    if let Some(former) = former {
        occasion.push('\0');
        occasion.push_str(former.issue.id.as_str());
    }
    let request = ConversationKey::new(&key.phone_number_id, occasion);
    format!("casement{}", request.fingerprint())
}

pub(super) fn new_request(
    opening: &Opening,
    message: &InboundMessage,
    settings: &NumberSettings,
) -> NewRequest {
    let reference = &opening.reference;
    let follows = opening.former.as_ref().map_or_else(String::new, |former| {
        let key = &former.issue.key;
        match former.ended {
            Ended::Gone => format!(" It follows {key}, which no longer exists."),
            Ended::Done => format!(" It follows {key}, which is done."),
            Ended::Full => format!(" It follows {key}, which takes no more comments."),
        }
    });
    NewRequest {
        service_desk_id: settings.service_desk_id.clone(),
        request_type_id: settings.request_type_id.clone(),
        summary: summary(message).into(),
        reference_field: settings.reference_field.clone(),
        reference: reference.clone(),
        reference_text: format!(
            "The customer writes on WhatsApp; public comments are sent there.{follows} Reference: {reference}"
        ),
        more_fields: more_fields(message, settings),
    }
}

/// Returns what is known of the customer, for the fields that the owner has for it.
fn more_fields(
    message: &InboundMessage,
    settings: &NumberSettings,
) -> Vec<(String, Private<String>)> {
    let phone = message.from.phone().map(PhoneNumber::e164);
    let name = message.profile_name.as_deref().map(text::one_line);
    let name = name.map(|name| text::truncated(&name, SUMMARY_LIMIT));
    [(&settings.phone_field, phone), (&settings.name_field, name)]
        .into_iter()
        .filter_map(|(field, value)| Some((field.clone()?, value?)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| (field, value.into()))
        .collect()
}

/// Returns the first line of the message, then its author, within [`SUMMARY_LIMIT`].
pub(super) fn summary(message: &InboundMessage) -> String {
    let name = message.profile_name.as_deref().unwrap_or_default();
    let who = text::one_line(&format!("{name} {}", message.from.display()));
    let who = text::truncated(&who, SUMMARY_LIMIT / 2);
    let first = message.content.first_line();
    let first = first.unwrap_or_else(|| "WhatsApp message".to_owned());
    let room = SUMMARY_LIMIT - who.encode_utf16().count() - 3;
    format!("{} ({who})", text::truncated(&first, room))
}
