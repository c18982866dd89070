//! The usage of a template.

use super::parameter::file_word;
use super::slots::Slots;
use super::{Header, Template};
use crate::model::attachment::FileForm;

/// The usage of a template: its parameters, and an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The parameters in words, in order.
    pub parameters: Vec<String>,
    /// A correct command line.
    pub example: String,
}

impl Usage {
    /// Describes how `template` is sent.
    #[must_use]
    pub fn of(template: &Template) -> Self {
        let mut slots = Slots::of(template);
        let mut parameters = Vec::new();
        let mut example = format!("/template {} {}", template.name, template.language);
        for slot in slots.all() {
            parameters.push(slot.what.clone());
            let value = slot.example.filter(|value| !value.is_empty());
            let value = value
                .unwrap_or("...")
                .replace('\\', r"\\")
                .replace('"', "\\\"");
            match slot.name {
                Some(name) => example.push_str(&format!(" {name}=\"{value}\"")),
                None => example.push_str(&format!(" \"{value}\"")),
            }
        }
        if let Some(Header::File(form)) = template.header {
            parameters.push(format!("{} as header=NAME-OF-THE-FILE", file_word(form)));
            let name = match form {
                FileForm::Image => "photo.jpg",
                FileForm::Video => "video.mp4",
                _ => "document.pdf",
            };
            example.push_str(&format!(" header={name}"));
        }
        Self {
            parameters,
            example,
        }
    }
}
