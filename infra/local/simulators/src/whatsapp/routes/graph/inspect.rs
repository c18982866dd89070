//! Checks the parts of an outgoing message.

use serde_json::Value;

use crate::whatsapp::errors::GraphError;
use crate::whatsapp::state::chat::Button;

/// Returns a required text of at most `most` UTF-16 units.
///
/// Meta does not say in which unit it counts.
pub(crate) fn text<'a>(
    message: &'a Value,
    pointer: &str,
    most: usize,
) -> Result<&'a str, GraphError> {
    let name = parameter_name(pointer);
    match message.pointer(pointer) {
        None | Some(Value::Null) => Err(missing(&name)),
        Some(Value::String(text)) if text.is_empty() => Err(missing(&name)),
        Some(Value::String(text)) if text.encode_utf16().count() > most => Err(GraphError::new(
            100,
            format!("Param {name} must be at most {most} characters long."),
        )),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(GraphError::new(
            100,
            format!("Param {name} must be a string."),
        )),
    }
}

/// Checks a text that may be absent.
pub(crate) fn optional_text(message: &Value, pointer: &str, most: usize) -> Result<(), GraphError> {
    match message.pointer(pointer) {
        None | Some(Value::Null) => Ok(()),
        Some(_) => text(message, pointer, most).map(drop),
    }
}

pub(crate) fn missing(name: &str) -> GraphError {
    GraphError::new(131_008, format!("Parameter {name} is required."))
}

pub(crate) fn wrong(details: impl Into<String>) -> GraphError {
    GraphError::new(131_009, details)
}

/// Checks a file: an uploaded id or a link, with a caption and a name if the kind has them. Fetches
/// nothing from a link.
///
/// Source: Meta, "Image messages", "Audio messages" and so on.
pub(crate) fn media(message: &Value, kind: &str) -> Result<(), GraphError> {
    let part = &message[kind];
    match (part["id"].as_str(), part["link"].as_str()) {
        (Some(_), None) | (None, Some(_)) => {}
        (None, None) => return Err(missing(&format!("{kind}['id'] or {kind}['link']"))),
        (Some(_), Some(_)) => return Err(wrong(format!("{kind} takes an id or a link, not both"))),
    }
    if part["link"]
        .as_str()
        .is_some_and(|link| !is_web_address(link))
    {
        return Err(wrong(format!("{kind}['link'] is not a web address")));
    }
    if kind != "document" && !part["filename"].is_null() {
        return Err(wrong(format!("{kind} takes no filename")));
    }
    let caption = format!("/{kind}/caption");
    match kind {
        "audio" | "sticker" if message.pointer(&caption).is_some() => {
            Err(wrong(format!("{kind} takes no caption")))
        }
        _ => optional_text(message, &caption, 1024),
    }
}

fn is_web_address(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}

/// Checks an interactive message. Returns its buttons.
///
/// Source: Meta, "Interactive reply buttons messages", "Interactive list messages", "Interactive
/// call-to-action URL messages"; "Business-scoped user IDs" for the contact information request.
pub(crate) fn interactive(message: &Value) -> Result<Vec<Button>, GraphError> {
    let kind = text(message, "/interactive/type", 40)?;
    optional_text(message, "/interactive/footer/text", 60)?;
    optional_text(message, "/interactive/header/text", 60)?;
    match kind {
        "button" => {
            text(message, "/interactive/body/text", 1024)?;
            reply_buttons(message)
        }
        "list" => {
            text(message, "/interactive/body/text", 4096)?;
            text(message, "/interactive/action/button", 20)?;
            list_rows(message)
        }
        "cta_url" | "location_request_message" => {
            text(message, "/interactive/body/text", 1024)?;
            Ok(Vec::new())
        }
        Button::SHARES_CONTACT => {
            text(message, "/interactive/body/text", 1024)?;
            match text(message, "/interactive/action/name", 40)? {
                Button::SHARES_CONTACT => Ok(vec![Button::sharing_contact()]),
                _ => Err(wrong("interactive['action']['name'] does not fit the type")),
            }
        }
        _ => Ok(Vec::new()),
    }
}

fn reply_buttons(message: &Value) -> Result<Vec<Button>, GraphError> {
    let count = count_of(message, "/interactive/action/buttons", 3)?;
    let mut buttons: Vec<Button> = Vec::with_capacity(count);
    for index in 0..count {
        let reply = format!("/interactive/action/buttons/{index}/reply");
        let button = Button::reply(
            text(message, &format!("{reply}/id"), 256)?.to_owned(),
            text(message, &format!("{reply}/title"), 20)?.to_owned(),
        );
        let same = |other: &Button| other.id == button.id || other.title == button.title;
        if buttons.iter().any(same) {
            return Err(wrong("Button ids and titles must be unique"));
        }
        buttons.push(button);
    }
    Ok(buttons)
}

fn list_rows(message: &Value) -> Result<Vec<Button>, GraphError> {
    let mut rows = Vec::new();
    for section in 0..count_of(message, "/interactive/action/sections", 10)? {
        let section = format!("/interactive/action/sections/{section}");
        optional_text(message, &format!("{section}/title"), 24)?;
        for row in 0..count_of(message, &format!("{section}/rows"), 10)? {
            let row = format!("{section}/rows/{row}");
            optional_text(message, &format!("{row}/description"), 72)?;
            rows.push(Button::reply(
                text(message, &format!("{row}/id"), 200)?.to_owned(),
                text(message, &format!("{row}/title"), 24)?.to_owned(),
            ));
        }
    }
    if rows.len() > 10 {
        return Err(wrong("A list takes at most 10 rows in all"));
    }
    Ok(rows)
}

/// Returns the length of an array of 1 to `most` entries.
fn count_of(message: &Value, pointer: &str, most: usize) -> Result<usize, GraphError> {
    let name = parameter_name(pointer);
    let entries = message.pointer(pointer).and_then(Value::as_array);
    match entries.map(Vec::len) {
        None | Some(0) => Err(missing(&name)),
        Some(count) if count > most => Err(wrong(format!("{name} takes at most {most} entries"))),
        Some(count) => Ok(count),
    }
}

/// Converts `/text/body` to `text['body']`, as Meta writes it.
fn parameter_name(pointer: &str) -> String {
    let mut parts = pointer.split('/').skip(1);
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        name.push_str(&format!("['{part}']"));
    }
    name
}
