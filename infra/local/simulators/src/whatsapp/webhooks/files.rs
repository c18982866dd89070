//! Files that customers send.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::incoming::FromPhone;
use crate::lock;
use crate::problem::Problem;
use crate::webhook::Outcome;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::errors::GraphError;
use crate::whatsapp::state::media::content::{Content, TooLarge};
use crate::whatsapp::state::media::kind::{HEAD, Kind, is_animated};
use crate::whatsapp::state::media::library::{Medium, RECEIVED_FOR};

/// A file as it leaves the phone.
#[derive(Debug)]
pub(crate) struct PhoneFile {
    pub content: Result<Content, TooLarge>,
    pub mime_type: String,
    pub filename: Option<String>,
    pub about: About,
}

/// Details of a file.
#[derive(Debug, Default)]
pub(crate) struct About {
    /// The kind to send the file as; `None` to go by its media type.
    pub kind: Option<Kind>,
    pub caption: Option<String>,
    /// Whether the file was recorded in WhatsApp.
    pub voice: bool,
    pub profile_name: Option<String>,
    pub phone_number_id: Option<String>,
}

impl WhatsappSimulator {
    /// Keeps the file and reports it to Casement. Returns the message's wamid and the outcome of
    /// the first attempt.
    ///
    /// # Errors
    /// A phone cannot send such a message, or the business number does not exist.
    pub(crate) async fn receive_file(
        &self,
        key: &str,
        file: PhoneFile,
    ) -> Result<(String, Outcome), Problem> {
        let number = self.number(file.about.phone_number_id.as_deref())?.id;
        let kind = file
            .about
            .kind
            .unwrap_or_else(|| Kind::on_phone(&file.mime_type));
        let part = part_of_message(kind, &file)?;
        let message = match file.content {
            Ok(content) => {
                let medium = Medium {
                    content,
                    mime_type: file.mime_type,
                    number: number.clone(),
                    until: self.now() + RECEIVED_FOR,
                };
                self.with_medium(kind, part, medium)
            }
            Err(TooLarge) => without_medium(kind, part),
        };
        let from = FromPhone::plain(message, number).with_profile_name(file.about.profile_name);
        self.receive(key, from).await
    }

    fn with_medium(
        &self,
        kind: Kind,
        mut part: Map<String, Value>,
        medium: Medium,
    ) -> Map<String, Value> {
        let id = self.shared.ids.media_id();
        part.insert("id".to_owned(), json!(id));
        let hash = STANDARD.encode(medium.content.sha256());
        part.insert("sha256".to_owned(), json!(hash));
        if kind == Kind::Sticker {
            let animated = is_animated(&medium.content.head(HEAD));
            part.insert("animated".to_owned(), json!(animated));
        }
        lock(&self.shared.state).media.add(id, medium);
        message(kind, part)
    }
}

/// Returns the object named like the kind, without the members about the bytes.
///
/// Source: Meta, "image messages webhook reference", "audio messages webhook reference" and so on.
fn part_of_message(kind: Kind, file: &PhoneFile) -> Result<Map<String, Value>, Problem> {
    let mut part = Map::new();
    part.insert("mime_type".to_owned(), json!(file.mime_type));
    // Phones send no names of other files.
    if kind == Kind::Document
        && let Some(name) = &file.filename
    {
        part.insert("filename".to_owned(), json!(name));
    }
    if let Some(caption) = &file.about.caption {
        if !kind.takes_caption() {
            let name = kind.name();
            return Err(Problem::bad_request(format!(
                "Nothing can be written under a message of type {name}."
            )));
        }
        part.insert("caption".to_owned(), json!(caption));
    }
    if kind == Kind::Audio {
        part.insert("voice".to_owned(), json!(file.about.voice));
    } else if file.about.voice {
        return Err(Problem::bad_request("Only audio can be a voice note."));
    }
    Ok(part)
}

/// Returns the message with a file that Meta could not take in.
fn without_medium(kind: Kind, part: Map<String, Value>) -> Map<String, Value> {
    let error = GraphError::new(
        131_052,
        "The file is larger than what can be received (100 MB).",
    );
    let mut message = message(kind, part);
    message.insert("errors".to_owned(), json!([error.in_status()]));
    message
}

fn message(kind: Kind, part: Map<String, Value>) -> Map<String, Value> {
    Map::from_iter([
        ("type".to_owned(), json!(kind.name())),
        (kind.name().to_owned(), Value::Object(part)),
    ])
}
