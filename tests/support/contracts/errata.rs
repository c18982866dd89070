//! Errors in the published documents, and their corrections.

mod left_out;

use serde_json::{Value, json};

use super::document::Source;

pub struct Erratum {
    /// The document that contains the error.
    pub source: Source,
    /// The operation that the error concerns.
    pub operation: &'static str,
    /// The place of the error, as a JSON pointer (RFC 6901).
    pub pointer: &'static str,
    /// The published value, if any.
    pub published: Option<Value>,
    /// The correct value.
    pub right: Value,
    /// The evidence for the correction.
    pub reason: &'static str,
}

impl Erratum {
    /// Returns whether a published document has the error.
    #[must_use]
    pub fn is_in(&self, document: &Value) -> bool {
        document.pointer(self.pointer) == self.published.as_ref()
    }

    /// Corrects the error. If the publisher has changed the place meanwhile, it stays as it is.
    fn correct(self, document: &mut Value) {
        if !self.is_in(document) {
            return;
        }
        let (owner, name) = self.pointer.rsplit_once('/').unwrap();
        let name = name.replace("~1", "/").replace("~0", "~");
        let owner = document.pointer_mut(owner);
        let owner = owner.unwrap_or_else(|| panic!("no owner of {}", self.pointer));
        owner[name] = self.right;
    }
}

/// Returns a document without its errors.
pub(super) fn corrected(source: Source, mut document: Value) -> Value {
    for erratum in errata().into_iter().filter(|one| one.source == source) {
        erratum.correct(&mut document);
    }
    document
}

/// Returns all known errors. Those that kept every message from being valid are already corrected
/// in our copy of Meta's document.
#[must_use]
pub fn errata() -> Vec<Erratum> {
    let mut all = of_whatsapp();
    all.extend(of_jira());
    all.extend(left_out::operations());
    all
}

fn of_whatsapp() -> Vec<Erratum> {
    let version = |operation, pointer| Erratum {
        source: Source::Whatsapp,
        operation,
        pointer,
        published: None,
        right: json!(r"^v[0-9]+\.[0-9]+$"),
        reason: "A version has this form where the document reads a phone number; without it \
                 every path of so many segments would be a call.",
    };
    let body = |operation, pointer| Erratum {
        source: Source::Whatsapp,
        operation,
        pointer,
        published: None,
        right: json!(true),
        reason: "What is sent is in the body; nothing can be sent without one.",
    };
    let text = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
    let name = json!({"name": "name", "in": "query",
        "schema": {"type": "string", "example": "<TEMPLATE_NAME>"}});
    vec![
        version(
            "POST /{Version}/{Phone-Number-ID}/messages",
            "/paths/~1{Version}~1{Phone-Number-ID}~1messages/parameters/0/schema/pattern",
        ),
        version(
            "POST /{Version}/{Phone-Number-ID}/media",
            "/paths/~1{Version}~1{Phone-Number-ID}~1media/post/parameters/2/schema/pattern",
        ),
        version(
            "GET /{Version}/{Media-ID}",
            "/paths/~1{Version}~1{Media-ID}/parameters/0/schema/pattern",
        ),
        version(
            "GET /{Version}/{Media-URL}",
            "/paths/~1{Version}~1{Media-URL}/parameters/2/schema/pattern",
        ),
        Erratum {
            source: Source::Whatsapp,
            operation: "GET /{Version}/{WABA-ID}/message_templates",
            pointer: "/paths/~1{Version}~1{WABA-ID}~1message_templates/get/parameters",
            published: Some(json!([
                {"$ref": "#/components/parameters/UserAgent"},
                {"$ref": "#/components/parameters/Authorization"},
                name.clone(),
            ])),
            right: json!([name, text("fields"), text("after"), {
                "name": "limit", "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": 1000},
            }]),
            reason: "Fields and pages are asked for as everywhere in the Graph API (\"Paginated \
                     results\"); the document shows only one of its examples.",
        },
        body(
            "POST /{Version}/{Phone-Number-ID}/messages",
            "/paths/~1{Version}~1{Phone-Number-ID}~1messages/post/requestBody/required",
        ),
        body(
            "POST /{Version}/{Phone-Number-ID}/media",
            "/paths/~1{Version}~1{Phone-Number-ID}~1media/post/requestBody/required",
        ),
        Erratum {
            source: Source::Whatsapp,
            operation: "POST /{Version}/{Phone-Number-ID}/media",
            pointer: "/paths/~1{Version}~1{Phone-Number-ID}~1media/post/requestBody/content\
                      /multipart~1form-data/schema",
            published: Some(json!({"type": "object", "properties": {
                "file": {"type": "string", "format": "binary"},
                "messaging_product": {"type": "string", "example": "whatsapp"},
            }})),
            right: form(&json!({
                "file": {"type": "string"},
                "messaging_product": {"const": "whatsapp"},
                "type": {"type": "string", "pattern": "^[a-z]+/[^ ]+"},
            })),
            reason: "The reference (\"Upload media\") lists these three, and says of each that \
                     it is required.",
        },
        Erratum {
            source: Source::Whatsapp,
            operation: "POST /{Version}/{Phone-Number-ID}/messages",
            pointer: "/paths/~1{Version}~1{Phone-Number-ID}~1messages/post/requestBody/content\
                      /application~1json/schema",
            published: Some(json!({"$ref": "#/components/schemas/Message"})),
            right: json!({
                "if": {"required": ["status"]},
                "then": read_receipt(),
                "else": {"$ref": "#/components/schemas/Message"},
            }),
            reason: "The document leaves out that messages are marked as read at the same address \
                     (\"Mark messages as read\", \"Typing indicators\").",
        },
        newer_kind(
            "/components/schemas/InteractiveObject/properties/type/enum",
            &[
                "button",
                "call_permission_request",
                "catalog_message",
                "list",
                "product",
                "product_list",
                "flow",
            ],
        ),
        newer_kind(
            "/components/schemas/ActionObject/oneOf/5/properties/name/enum",
            &["call_permission_request"],
        ),
    ]
}

/// Adds the contact information request to the names that are published at `pointer`.
fn newer_kind(pointer: &'static str, published: &[&str]) -> Erratum {
    let mut right = published.to_vec();
    right.push("request_contact_info");
    Erratum {
        source: Source::Whatsapp,
        operation: "POST /{Version}/{Phone-Number-ID}/messages",
        pointer,
        published: Some(json!(published)),
        right: json!(right),
        reason: "The document is of v23; the contact information request is newer \
                 (\"Business-scoped user IDs\").",
    }
}

/// Returns a form whose parts are all required.
fn form(parts: &Value) -> Value {
    let names: Vec<_> = parts.as_object().unwrap().keys().collect();
    json!({
        "type": "object",
        "properties": parts,
        "required": names,
        "additionalProperties": false,
    })
}

fn read_receipt() -> Value {
    json!({
        "type": "object",
        "properties": {
            "messaging_product": {"const": "whatsapp"},
            "status": {"const": "read"},
            "message_id": {"type": "string", "minLength": 1},
            "typing_indicator": {
                "type": "object",
                "properties": {"type": {"const": "text"}},
                "required": ["type"],
                "additionalProperties": false,
            },
        },
        "required": ["messaging_product", "status", "message_id"],
        "additionalProperties": false,
    })
}

fn of_jira() -> Vec<Erratum> {
    vec![
        Erratum {
            source: Source::JiraPlatform,
            operation: "POST /rest/api/3/issue/{issueIdOrKey}/attachments",
            pointer: "/paths/~1rest~1api~13~1issue~1{issueIdOrKey}~1attachments/post/requestBody\
                      /content/multipart~1form-data/schema",
            published: Some(json!({
                "items": {"$ref": "#/components/schemas/MultipartFile"},
                "type": "array",
            })),
            right: form(&json!({"file": {"type": "string"}})),
            reason: "A form is no list. The description says that the part with the file must be \
                     named \"file\".",
        },
        Erratum {
            source: Source::JiraPlatform,
            operation: "POST /rest/api/3/issue/{issueIdOrKey}/comment",
            pointer: "/components/schemas/Comment/properties/body/$ref",
            published: None,
            right: json!(Source::Adf.url()),
            reason: "The description says that it is a document in Atlassian's format, the \
                     schema allows anything.",
        },
        Erratum {
            source: Source::JiraPlatform,
            operation: "POST /rest/api/3/issue/{issueIdOrKey}/comment",
            pointer: "/components/schemas/EntityProperty/required",
            published: None,
            right: json!(["key", "value"]),
            reason: "The descriptions of both say that they are required.",
        },
        Erratum {
            source: Source::JiraPlatform,
            operation: "PUT /rest/api/3/issue/{issueIdOrKey}",
            pointer: "/components/schemas/IssueUpdateDetails/properties/fields/additionalProperties",
            published: Some(json!({})),
            right: valid_if_it_is_a_document(),
            reason: FIELDS_ARE_ANYTHING,
        },
        Erratum {
            source: Source::ServiceManagement,
            operation: "POST /rest/servicedeskapi/request",
            pointer: "/components/schemas/RequestCreateDTO/properties/requestFieldValues\
                      /additionalProperties",
            published: Some(json!({})),
            right: valid_if_it_is_a_document(),
            reason: FIELDS_ARE_ANYTHING,
        },
        Erratum {
            source: Source::JiraPlatform,
            operation: "POST /rest/api/3/issueLink",
            pointer: "/paths/~1rest~1api~13~1issueLink",
            published: None,
            right: json!({"post": {"requestBody": {
                "required": true,
                "content": {"application/json": {"schema": issue_link()}},
            }}}),
            reason: "Our copy of the document leaves the operation out. It is in the whole one \
                     (\"Create issue link\").",
        },
    ]
}

const FIELDS_ARE_ANYTHING: &str = "The schema allows anything, as it cannot know which fields a \
    site has. A document in one of them has to be a valid document all the same.";

fn valid_if_it_is_a_document() -> Value {
    json!({
        "if": {
            "type": "object",
            "properties": {"type": {"const": "doc"}},
            "required": ["type"],
        },
        "then": {"$ref": Source::Adf.url()},
    })
}

/// Returns the schema of two issues and the type of their link, each named by its id or its key.
fn issue_link() -> Value {
    let text = json!({"type": "string"});
    let issue = json!({
        "type": "object",
        "properties": {"id": text, "key": text},
        "anyOf": [{"required": ["id"]}, {"required": ["key"]}],
        "additionalProperties": false,
    });
    let link_type = json!({
        "type": "object",
        "properties": {"id": text, "name": text, "inward": text, "outward": text},
        "anyOf": [{"required": ["id"]}, {"required": ["name"]}],
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "properties": {
            "type": link_type,
            "inwardIssue": issue,
            "outwardIssue": issue,
            "comment": {"$ref": "#/components/schemas/Comment"},
        },
        "required": ["type", "inwardIssue", "outwardIssue"],
        "additionalProperties": false,
    })
}
