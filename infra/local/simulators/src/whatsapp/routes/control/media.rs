//! The control API's calls for files.

use axum::Router;
use axum::body::Bytes;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::Value;

use super::{Answer, key_of, told};
use crate::ids::stable_number;
use crate::lock;
use crate::problem::{Problem, body_of};
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::routes::form::{Form, bytes_of};
use crate::whatsapp::state::media::content::{Content, TooLarge};
use crate::whatsapp::state::media::kind::{Kind, LARGEST, LARGEST_ON_PHONE};
use crate::whatsapp::webhooks::files::{About, PhoneFile};

const NO_MIME_TYPE: &str = "application/octet-stream";

pub(crate) fn router() -> Router<WhatsappSimulator> {
    Router::new()
        .route(
            "/api/customers/{phone}/files",
            post(send_file).layer(DefaultBodyLimit::disable()),
        )
        .route(
            "/api/customers/{phone}/generated-files",
            post(send_generated_file),
        )
        .route("/api/media/{id}", get(show_media))
}

async fn send_file(
    State(simulator): State<WhatsappSimulator>,
    Path(phone): Path<String>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer<Value> {
    let key = key_of(&phone)?;
    let multipart = multipart.map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
    let form = Form::read(multipart, LARGEST)
        .await
        .map_err(|error| Problem::bad_request(error.body_text()))?;
    let about = about(form.texts)?;
    let file = form
        .file
        .ok_or_else(|| Problem::bad_request("The part file is missing."))?;
    let file = PhoneFile {
        content: file.content,
        mime_type: file.mime_type.unwrap_or_else(|| NO_MIME_TYPE.to_owned()),
        filename: file.filename,
        about,
    };
    told(simulator.receive_file(&key, file).await?)
}

/// Reads the text parts of the form.
fn about(texts: impl IntoIterator<Item = (String, String)>) -> Result<About, Problem> {
    let wrong = |name: &str| Problem::bad_request(format!("The part {name} has a wrong value."));
    let mut about = About::default();
    for (name, text) in texts {
        match name.as_str() {
            "type" => about.kind = Some(Kind::from_name(&text).ok_or_else(|| wrong("type"))?),
            "caption" => about.caption = Some(text),
            "voice" => about.voice = text.parse().map_err(|_| wrong("voice"))?,
            "profile_name" => about.profile_name = Some(text),
            "phone_number_id" => about.phone_number_id = Some(text),
            _ => return Err(Problem::bad_request(format!("There is no part {name}."))),
        }
    }
    Ok(about)
}

/// A file whose content does not matter, only its size.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GeneratedFile {
    size: u64,
    mime_type: Option<String>,
    filename: Option<String>,
    #[serde(rename = "type")]
    kind: Option<Kind>,
    caption: Option<String>,
    #[serde(default)]
    voice: bool,
    profile_name: Option<String>,
    phone_number_id: Option<String>,
}

async fn send_generated_file(
    State(simulator): State<WhatsappSimulator>,
    Path(phone): Path<String>,
    body: Bytes,
) -> Answer<Value> {
    let key = key_of(&phone)?;
    let file = body_of::<GeneratedFile>(&body)?;
    if file.size > LARGEST_ON_PHONE {
        return Err(Problem::bad_request(format!(
            "A phone sends files of at most {LARGEST_ON_PHONE} bytes."
        )));
    }
    let name = file.filename.as_deref().unwrap_or_default();
    let seed = stable_number(simulator.shared.config.seed, name);
    let file = PhoneFile {
        content: match file.size {
            ..=LARGEST => Ok(generate(seed, file.size).await?),
            _ => Err(TooLarge),
        },
        mime_type: file.mime_type.unwrap_or_else(|| NO_MIME_TYPE.to_owned()),
        filename: file.filename,
        about: About {
            kind: file.kind,
            caption: file.caption,
            voice: file.voice,
            profile_name: file.profile_name,
            phone_number_id: file.phone_number_id,
        },
    };
    told(simulator.receive_file(&key, file).await?)
}

async fn generate(seed: u64, size: u64) -> Result<Content, Problem> {
    let content = tokio::task::spawn_blocking(move || Content::generated(seed, size));
    content
        .await
        .map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

async fn show_media(
    State(simulator): State<WhatsappSimulator>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let state = lock(&simulator.shared.state);
    let medium = state.media.get(&id);
    let medium = medium.ok_or_else(|| Problem::not_found("There is no such file."))?;
    // An HTML page sent by a customer must not run on the stack's own origin.
    let harmless = [
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((harmless, bytes_of(medium)).into_response())
}
