//! Reading the body of a call that sends a message.

use serde_json::Value;

use super::chat::{self, Button, Template};
use super::config::PhoneNumber;
use super::errors::GraphError;
use super::inspect::{self, missing, wrong};
use super::options::{Options, TemplateDefinition};

/// A message that is well formed.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub recipient: Recipient,
    pub kind: String,
    pub text: String,
    pub buttons: Vec<Button>,
    pub template: Option<Template>,
    pub callback_data: Option<String>,
}

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recipient {
    Phone {
        /// As it was given.
        input: String,
        /// Digits with country code.
        digits: String,
    },
    /// A business-scoped user id.
    UserId(String),
}

/// Reads a message.
///
/// # Errors
/// What Meta answers to such a body.
///
/// Source: Meta, "Messages" reference; "Business-scoped user IDs" for `recipient`.
pub(crate) fn read(
    message: &Value,
    number: &PhoneNumber,
    options: &Options,
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
        "template" => template(message, options, &mut outgoing)?,
        other => return Err(wrong(format!("type {other} is not supported"))),
    }
    Ok(outgoing)
}

fn recipient(message: &Value, number: &PhoneNumber) -> Result<Recipient, GraphError> {
    if let Some(input) = message["to"].as_str().filter(|to| !to.is_empty()) {
        let digits: String = input.chars().filter(char::is_ascii_digit).collect();
        // Meta: without `+` the country code of the business number is put in front.
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

/// Reads the parameters of a template and shows it as the phone does.
///
/// Source: Meta, "Template messages".
fn template(message: &Value, options: &Options, outgoing: &mut Outgoing) -> Result<(), GraphError> {
    let name = inspect::text(message, "/template/name", 512)?;
    let language = inspect::text(message, "/template/language/code", 20)?;
    let components = message["template"]["components"].as_array();
    let components = components.map(Vec::as_slice).unwrap_or_default();
    let of_type = |wanted: &'static str| {
        let is = move |part: &&Value| {
            let kind = part["type"].as_str().unwrap_or_default();
            kind.eq_ignore_ascii_case(wanted)
        };
        components.iter().filter(is)
    };
    let parameters: Vec<String> = of_type("body")
        .flat_map(|body| body["parameters"].as_array().into_iter().flatten())
        .map(|parameter| parameter["text"].as_str().unwrap_or_default().to_owned())
        .collect();
    let payloads: Vec<&str> = of_type("button")
        .filter(|button| {
            let kind = button["sub_type"].as_str().unwrap_or_default();
            kind.eq_ignore_ascii_case("quick_reply")
        })
        .filter_map(|button| button.pointer("/parameters/0/payload")?.as_str())
        .collect();

    match &options.templates {
        None => {
            outgoing.text = shown_without_definition(name, &parameters);
            outgoing.buttons = payloads
                .iter()
                .map(|payload| button(payload, payload))
                .collect();
        }
        Some(definitions) => {
            let definition = definitions
                .iter()
                .find(|definition| definition.name == name && definition.language == language)
                .ok_or_else(|| {
                    GraphError::new(
                        132_001,
                        format!("template name ({name}) does not exist in {language}"),
                    )
                })?;
            outgoing.text = filled_in(definition, &parameters)?;
            outgoing.buttons = definition
                .buttons
                .iter()
                .enumerate()
                .map(|(index, title)| button(payloads.get(index).unwrap_or(&title.as_str()), title))
                .collect();
        }
    }
    outgoing.template = Some(Template {
        name: name.to_owned(),
        language: language.to_owned(),
        parameters,
    });
    Ok(())
}

fn button(id: &str, title: &str) -> Button {
    Button {
        id: id.to_owned(),
        title: title.to_owned(),
    }
}

fn shown_without_definition(name: &str, parameters: &[String]) -> String {
    if parameters.is_empty() {
        format!("[{name}]")
    } else {
        format!("[{name}] {}", parameters.join(", "))
    }
}

fn filled_in(definition: &TemplateDefinition, parameters: &[String]) -> Result<String, GraphError> {
    let expected = (1..)
        .take_while(|index| definition.body.contains(&format!("{{{{{index}}}}}")))
        .count();
    if expected != parameters.len() {
        return Err(GraphError::new(
            132_000,
            format!(
                "body: number of localizable_params ({}) does not match the expected number of \
                 params ({expected})",
                parameters.len()
            ),
        ));
    }
    let mut text = definition.body.clone();
    for (index, parameter) in parameters.iter().enumerate() {
        text = text.replace(&format!("{{{{{}}}}}", index + 1), parameter);
    }
    Ok(text)
}
