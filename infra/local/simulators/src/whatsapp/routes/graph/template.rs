//! Checks a template message against its template, and works out what the phone shows.
//!
//! Source: Meta, "Template messages"; "Error codes", 132000 to 132016.

use serde_json::Value;

use super::inspect::{self, missing, wrong};
use crate::whatsapp::errors::GraphError;
use crate::whatsapp::state::chat::{Button, Template};
use crate::whatsapp::state::templates::Listed;

/// The message as the phone shows it.
#[derive(Debug)]
pub(crate) struct Shown {
    pub text: String,
    pub buttons: Vec<Button>,
    pub template: Template,
    /// The id of the file in the header.
    pub media: Option<String>,
    pub category: String,
}

/// Checks a message of type `template`.
///
/// # Errors
/// Meta's answer to such a body.
pub(crate) fn shown(message: &Value, templates: &[Listed]) -> Result<Shown, GraphError> {
    let name = inspect::text(message, "/template/name", 512)?;
    let language = inspect::text(message, "/template/language/code", 20)?;
    let mut all = templates.iter();
    let template = all
        .find(|template| template.name == name && template.language == language)
        .ok_or_else(|| unknown(name, language))?;
    match template.status.as_str() {
        "APPROVED" => {}
        "PAUSED" => return Err(GraphError::new(132_015, "The template is paused.")),
        "DISABLED" => return Err(GraphError::new(132_016, "The template is disabled.")),
        _ => return Err(unknown(name, language)),
    }
    let given = Given::read(&message["template"]["components"])?;
    let mut lines = Vec::new();
    let media = header(template, &given, &mut lines)?;
    let body = template.component("BODY");
    let text = body
        .and_then(|body| body["text"].as_str())
        .unwrap_or_default();
    let parameters = values("body", text, given.of("body"))?;
    lines.push(filled(text, &parameters));
    let footer = template.component("FOOTER");
    lines.extend(footer.and_then(|footer| Some(footer["text"].as_str()?.to_owned())));
    Ok(Shown {
        text: lines.join("\n"),
        buttons: buttons(template, &given)?,
        template: Template {
            name: name.to_owned(),
            language: language.to_owned(),
            parameters: parameters.into_iter().map(|(_, value)| value).collect(),
        },
        media,
        category: template.category.clone(),
    })
}

fn unknown(name: &str, language: &str) -> GraphError {
    GraphError::new(
        132_001,
        format!("template name ({name}) does not exist in {language}"),
    )
}

/// The components of a message.
struct Given<'a>(Vec<&'a Value>);

impl<'a> Given<'a> {
    fn read(components: &'a Value) -> Result<Self, GraphError> {
        let all: Vec<&Value> = components.as_array().into_iter().flatten().collect();
        for component in &all {
            match component["type"].as_str() {
                Some("header" | "body" | "button") => {}
                _ => return Err(wrong("components[]['type'] must be header, body or button")),
            }
        }
        Ok(Self(all))
    }

    /// Returns the parameters of the header or the body.
    fn of(&self, kind: &str) -> Vec<&'a Value> {
        let mut all = self.0.iter();
        let part = all.find(|component| component["type"] == kind);
        let parameters = part.and_then(|part| part["parameters"].as_array());
        parameters.into_iter().flatten().collect()
    }

    /// Returns the component of the button at `index`.
    fn button(&self, index: usize) -> Option<&'a Value> {
        let is = |component: &&&Value| {
            let given = &component["index"];
            let number = given.as_u64().or_else(|| given.as_str()?.parse().ok());
            component["type"] == "button" && number == u64::try_from(index).ok()
        };
        self.0.iter().find(is).copied()
    }
}

/// Fills the header. Returns the id of its file.
fn header(
    template: &Listed,
    given: &Given<'_>,
    lines: &mut Vec<String>,
) -> Result<Option<String>, GraphError> {
    let parameters = given.of("header");
    let Some(header) = template.component("HEADER") else {
        values("header", "", parameters)?;
        return Ok(None);
    };
    let format = header["format"].as_str().unwrap_or("TEXT");
    if format == "TEXT" {
        let text = header["text"].as_str().unwrap_or_default();
        let parameters = values("header", text, parameters)?;
        lines.push(filled(text, &parameters));
        return Ok(None);
    }
    let [parameter] = parameters[..] else {
        return Err(count_mismatch("header", parameters.len(), 1));
    };
    let kind = parameter["type"].as_str().unwrap_or("unknown");
    if !kind.eq_ignore_ascii_case(format) {
        let received = kind.to_ascii_uppercase();
        return Err(GraphError::new(
            132_012,
            format!("header: Format mismatch, expected {format}, received {received}"),
        ));
    }
    let file = &parameter[kind];
    match (file["id"].as_str(), file["link"].as_str()) {
        (Some(id), None) => Ok(Some(id.to_owned())),
        (None, Some(_)) => Ok(None),
        _ => Err(missing(&format!("{kind}['id'] or {kind}['link']"))),
    }
}

/// Returns the names and values of a text's variables.
fn values(
    place: &str,
    text: &str,
    parameters: Vec<&Value>,
) -> Result<Vec<(String, String)>, GraphError> {
    let wanted = variables(text);
    if wanted.len() != parameters.len() {
        return Err(count_mismatch(place, parameters.len(), wanted.len()));
    }
    let named = wanted.iter().any(|name| name.parse::<u32>().is_err());
    let mut values = Vec::new();
    for (index, parameter) in parameters.into_iter().enumerate() {
        if parameter["type"] != "text" {
            return Err(GraphError::new(
                132_012,
                format!("{place}: Format mismatch, expected TEXT"),
            ));
        }
        let value = inspect::text(parameter, "/text", 1024)?;
        if value.contains(['\n', '\t']) || value.contains("     ") {
            return Err(GraphError::new(
                100,
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
            ));
        }
        let name = parameter["parameter_name"].as_str();
        match name {
            Some(name) if named && wanted.iter().any(|one| one == name) => {
                values.push((name.to_owned(), value.to_owned()));
            }
            None if !named => values.push((wanted[index].clone(), value.to_owned())),
            _ => return Err(GraphError::new(100, "Parameter name is missing or unknown")),
        }
    }
    Ok(values)
}

fn count_mismatch(place: &str, given: usize, wanted: usize) -> GraphError {
    GraphError::new(
        132_000,
        format!(
            "{place}: number of localizable_params ({given}) does not match the expected number \
             of params ({wanted})"
        ),
    )
}

/// Returns the variables of a text, each once, numbers in order.
fn variables(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for piece in text.split("{{").skip(1) {
        if let Some((name, _)) = piece.split_once("}}")
            && !found.iter().any(|known| known == name)
        {
            found.push(name.to_owned());
        }
    }
    found.sort_by_key(|name| name.parse::<u32>().unwrap_or(u32::MAX));
    found
}

fn filled(text: &str, values: &[(String, String)]) -> String {
    let mut text = text.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("{{{{{name}}}}}"), value);
    }
    text
}

/// Returns the buttons that can be tapped.
fn buttons(template: &Listed, given: &Given<'_>) -> Result<Vec<Button>, GraphError> {
    let buttons = template.buttons().enumerate();
    buttons
        .map(|(index, button)| {
            let title = button["text"].as_str().unwrap_or_default().to_owned();
            let part = given.button(index);
            let parameter = part.and_then(|part| part.pointer("/parameters/0"));
            let url = button["url"].as_str();
            match (button["type"].as_str(), url) {
                (Some("URL"), Some(url)) => {
                    let end = parameter.and_then(|one| one["text"].as_str());
                    let link = match (variables(url).first(), end) {
                        (None, None) => url.to_owned(),
                        (Some(name), Some(end)) => filled(url, &[(name.clone(), end.to_owned())]),
                        (Some(_), None) => {
                            return Err(missing(&format!(
                                "buttons: Button at index {index} of type Url requires a parameter"
                            )));
                        }
                        (None, Some(_)) => return Err(count_mismatch("buttons", 1, 0)),
                    };
                    Ok(Button::link(title, link))
                }
                _ => {
                    let payload = parameter.and_then(|one| one["payload"].as_str());
                    Ok(Button::reply(payload.unwrap_or(&title).to_owned(), title))
                }
            }
        })
        .collect()
}
