//! Reads the body of a call that sends a message.

use serde_json::Value;

use super::inspect::{self, missing, wrong};
use super::template;
use crate::whatsapp::config::PhoneNumber;
use crate::whatsapp::errors::GraphError;
use crate::whatsapp::state::chat::{self, Button, Template};
use crate::whatsapp::state::templates::Listed;

/// A well-formed message.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub recipient: Recipient,
    pub kind: String,
    pub text: String,
    pub buttons: Vec<Button>,
    pub template: Option<Template>,
    /// The template's category.
    pub category: Option<String>,
    /// The id of the file in a template's header.
    pub header_media: Option<String>,
    pub callback_data: Option<String>,
}

/// The recipient of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recipient {
    Phone {
        /// The number as it was given.
        input: String,
        /// Digits with the country code.
        digits: String,
    },
    /// A business-scoped user id.
    UserId(String),
}

/// Reads a message.
///
/// # Errors
/// Meta's answer to such a body.
///
/// Source: Meta, "Messages" reference; "Business-scoped user IDs" for `recipient`.
pub(crate) fn read(
    message: &Value,
    number: &PhoneNumber,
    templates: &[Listed],
) -> Result<Outgoing, GraphError> {
    if message["messaging_product"].as_str() != Some("whatsapp") {
        return Err(GraphError::new(
            100,
            "The parameter messaging_product is required.",
        ));
    }
    let recipient = recipient(message, number)?;
    match message["recipient_type"].as_str() {
        None | Some("individual") => {}
        Some(other) => return Err(wrong(format!("recipient_type {other} is not supported"))),
    }
    inspect::optional_text(message, "/biz_opaque_callback_data", 512)?;
    let kind = message["type"].as_str().ok_or_else(|| missing("type"))?;
    if !message[kind].is_object() && !message[kind].is_array() {
        return Err(missing(kind));
    }

    let mut outgoing = Outgoing {
        recipient,
        kind: kind.to_owned(),
        text: chat::text_of(message),
        buttons: Vec::new(),
        template: None,
        category: None,
        header_media: None,
        callback_data: message["biz_opaque_callback_data"]
            .as_str()
            .map(str::to_owned),
    };
    match kind {
        "text" => drop(inspect::text(message, "/text/body", 4096)?),
        "image" | "video" | "audio" | "document" | "sticker" => inspect::media(message, kind)?,
        "interactive" => outgoing.buttons = inspect::interactive(message)?,
        "reaction" => drop(inspect::text(message, "/reaction/message_id", 512)?),
        "location" => {
            if !message["location"]["latitude"].is_number()
                || !message["location"]["longitude"].is_number()
            {
                return Err(missing("location['latitude'] and location['longitude']"));
            }
        }
        "contacts" => {}
        "template" => {
            let shown = template::shown(message, templates)?;
            outgoing.text = shown.text;
            outgoing.buttons = shown.buttons;
            outgoing.template = Some(shown.template);
            outgoing.category = Some(shown.category);
            outgoing.header_media = shown.media;
        }
        other => return Err(wrong(format!("type {other} is not supported"))),
    }
    Ok(outgoing)
}

fn recipient(message: &Value, number: &PhoneNumber) -> Result<Recipient, GraphError> {
    if let Some(input) = message["to"].as_str().filter(|to| !to.is_empty()) {
        let digits: String = input.chars().filter(char::is_ascii_digit).collect();
        // Meta: without `+` the business number's country code is put in front.
        let digits = if input.trim_start().starts_with('+') {
            digits
        } else {
            format!("{}{digits}", number.country_code)
        };
        if !(7..=15).contains(&digits.len()) {
            return Err(wrong("Recipient is not a valid phone number"));
        }
        return Ok(Recipient::Phone {
            input: input.to_owned(),
            digits,
        });
    }
    match message["recipient"].as_str() {
        Some(user_id) if user_id.contains('.') => Ok(Recipient::UserId(user_id.to_owned())),
        Some(_) => Err(wrong("recipient is not a business-scoped user ID")),
        None => Err(missing("to")),
    }
}
