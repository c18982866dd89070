//! The Cloud API's calls for files.

use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::lock;
use crate::origin::Origin;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::errors::GraphError;
use crate::whatsapp::routes::form::{FilePart, Form, bytes_of};
use crate::whatsapp::state::media::content::{Content, TooLarge};
use crate::whatsapp::state::media::kind::{HEAD, Kind, LARGEST, is_animated};
use crate::whatsapp::state::media::library::{Medium, UPLOADED_FOR};

const ADDRESS: &str = "/media-files/attachments";

/// Returns the routes of uploads and of the addresses of files. `GET` and `DELETE` of an id belong
/// to the routes that files share with business numbers.
pub(crate) fn router() -> Router<WhatsappSimulator> {
    Router::new()
        .route("/{version}/{id}/media", post(upload))
        .route(ADDRESS, get(download))
}

/// The query of calls that name a file.
#[derive(Debug, Deserialize)]
pub(crate) struct MediaQuery {
    /// The business number that the file must belong to.
    pub phone_number_id: Option<String>,
}

async fn upload(
    State(simulator): State<WhatsappSimulator>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
    multipart: Result<Multipart, MultipartRejection>,
) -> Response {
    // Read before any check: a refusal must not leave half of the body unread.
    let form = read_form(multipart).await;
    let uploaded = simulator
        .admit(&version, &id, &headers)
        .and_then(|number| simulator.keep_upload(&number.id, form?));
    simulator.answer(uploaded)
}

async fn read_form(multipart: Result<Multipart, MultipartRejection>) -> Result<Form, GraphError> {
    let wrong = |text: String| GraphError::new(100, text);
    let multipart = multipart.map_err(|rejection| wrong(rejection.body_text()))?;
    let form = Form::read(multipart, LARGEST).await;
    form.map_err(|error| wrong(error.body_text()))
}

#[derive(Deserialize)]
struct Address {
    mid: String,
    ext: i64,
    hash: String,
}

async fn download(
    State(simulator): State<WhatsappSimulator>,
    Query(address): Query<Address>,
    headers: HeaderMap,
) -> Response {
    if let Err(error) = simulator.authorize(&headers) {
        return simulator.refuse(&error);
    }
    let now = simulator.now();
    let state = lock(&simulator.shared.state);
    let found = state
        .media
        .at_address(&address.mid, &address.hash, address.ext, now);
    match found {
        Some(medium) => bytes_of(medium),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl WhatsappSimulator {
    /// Returns a file's details and a new address for it.
    ///
    /// # Errors
    /// There is no such file, or it belongs to another business number.
    ///
    /// Source: Meta, "Media", retrieve media URL. The hash is in hex here and in base64 in
    /// webhooks.
    pub(crate) fn retrieve_media(
        &self,
        id: &str,
        number: Option<&str>,
        origin: &Origin,
    ) -> Result<Value, GraphError> {
        let now = self.now();
        let hash = self.shared.ids.token();
        let mut state = lock(&self.shared.state);
        let unknown = || GraphError::no_such_object("get", id);
        let medium = state.media.known(id, number, now).ok_or_else(unknown)?;
        let mut answer = json!({
            "messaging_product": "whatsapp",
            "mime_type": medium.mime_type,
            "sha256": hex::encode(medium.content.sha256()),
            "file_size": medium.content.size().to_string(),
            "id": id,
        });
        let end = state.media.open_address(id, hash.clone(), now);
        let end = end.ok_or_else(unknown)?.timestamp();
        let address = format!("{ADDRESS}?mid={id}&ext={end}&hash={hash}");
        answer["url"] = json!(origin.url(&address));
        Ok(answer)
    }

    /// Makes the id of a file unknown.
    ///
    /// # Errors
    /// There is no such file, or it belongs to another business number.
    pub(crate) fn delete_media(&self, id: &str, number: Option<&str>) -> Result<Value, GraphError> {
        let mut state = lock(&self.shared.state);
        if state.media.delete(id, number, self.now()) {
            Ok(json!({"success": true}))
        } else {
            Err(GraphError::no_such_object("delete", id))
        }
    }

    /// Keeps an uploaded file. Source: Meta, "Media", upload media. Meta does not document its
    /// answer to files that are too large.
    fn keep_upload(&self, number: &str, form: Form) -> Result<Value, GraphError> {
        let text = |name: &str| form.texts.get(name).map(String::as_str);
        let required =
            |name: &str| GraphError::new(100, format!("The parameter {name} is required."));
        if text("messaging_product") != Some("whatsapp") {
            return Err(required("messaging_product"));
        }
        if text("type").is_none_or(str::is_empty) {
            return Err(required("type"));
        }
        let file = form.file.ok_or_else(|| required("file"))?;
        let (mime_type, content) = uploadable(file)?;

        let id = self.shared.ids.media_id();
        let medium = Medium {
            content,
            mime_type,
            number: number.to_owned(),
            until: self.now() + UPLOADED_FOR,
        };
        lock(&self.shared.state).media.add(id.clone(), medium);
        Ok(json!({"id": id}))
    }
}

/// Returns the media type and the bytes of a file that may be uploaded.
fn uploadable(file: FilePart) -> Result<(String, Content), GraphError> {
    let mime_type = file
        .mime_type
        .unwrap_or_else(|| "application/octet-stream".to_owned());
    let kind = Kind::sendable(&mime_type).ok_or_else(|| {
        GraphError::new(
            100,
            format!(
                "Param file has the type {mime_type}, which is none of: {}.",
                Kind::sendable_types().join(", ")
            ),
        )
    })?;
    let too_large = |limit: u64| {
        let name = kind.name();
        GraphError::new(
            131_053,
            format!("A file of type {name} has at most {limit} bytes."),
        )
    };
    let content = file
        .content
        .map_err(|TooLarge| too_large(kind.limit(false)))?;
    let limit = kind.limit(is_animated(&content.head(HEAD)));
    if content.size() > limit {
        return Err(too_large(limit));
    }
    Ok((mime_type, content))
}
