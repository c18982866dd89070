//! The body of a template message (Cloud API, "Template messages").

use casement_core::model::attachment::FileForm;
use casement_core::say::template::filling::ButtonValue;
use casement_core::say::template::{FilledButton, FilledHeader, FilledTemplate, Parameter};
use casement_service::ports::OutgoingTemplate;
use serde::Serialize;

/// The object under `template`.
#[derive(Serialize)]
pub(super) struct TemplateBody<'a> {
    name: &'a str,
    language: Language<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<Component<'a>>,
}

#[derive(Serialize)]
struct Language<'a> {
    code: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Component<'a> {
    Header {
        parameters: [Value<'a>; 1],
    },
    Body {
        parameters: Vec<Value<'a>>,
    },
    Button {
        sub_type: &'static str,
        index: String,
        parameters: [Value<'a>; 1],
    },
}

/// Under the name of its type.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Value<'a> {
    Text {
        #[serde(skip_serializing_if = "Option::is_none")]
        parameter_name: Option<&'a str>,
        text: &'a str,
    },
    CouponCode {
        coupon_code: &'a str,
    },
    Image {
        image: File<'a>,
    },
    Video {
        video: File<'a>,
    },
    Document {
        document: File<'a>,
    },
}

#[derive(Serialize)]
struct File<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
}

impl<'a> TemplateBody<'a> {
    pub(super) fn new(message: OutgoingTemplate<'a>) -> Self {
        let FilledTemplate {
            name,
            language,
            header,
            body,
            buttons,
            ..
        } = message.template;
        let mut components = Vec::new();
        match (header, message.header) {
            (Some(FilledHeader::Text(parameter)), _) => components.push(Component::Header {
                parameters: [text(parameter)],
            }),
            (Some(FilledHeader::File { form, name }), Some(media)) => {
                components.push(Component::Header {
                    parameters: [file(*form, name, media.as_str())],
                });
            }
            _ => {}
        }
        if !body.is_empty() {
            components.push(Component::Body {
                parameters: body.iter().map(text).collect(),
            });
        }
        components.extend(buttons.iter().map(button));
        Self {
            name,
            language: Language { code: language },
            components,
        }
    }
}

fn text(parameter: &Parameter) -> Value<'_> {
    Value::Text {
        parameter_name: parameter.name.as_deref(),
        text: &parameter.text,
    }
}

fn file<'a>(form: FileForm, name: &'a str, id: &'a str) -> Value<'a> {
    let file = File { id, filename: None };
    match form {
        FileForm::Image => Value::Image { image: file },
        FileForm::Video => Value::Video { video: file },
        _ => Value::Document {
            document: File {
                filename: Some(name),
                ..file
            },
        },
    }
}

fn button(button: &FilledButton) -> Component<'_> {
    let (sub_type, value) = match &button.value {
        ButtonValue::UrlEnd(end) => (
            "url",
            Value::Text {
                parameter_name: None,
                text: end,
            },
        ),
        ButtonValue::CouponCode(code) => ("copy_code", Value::CouponCode { coupon_code: code }),
    };
    Component::Button {
        sub_type,
        index: button.index.to_string(),
        parameters: [value],
    }
}
