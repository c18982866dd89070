//! Answers that the customer tapped instead of typing.

use serde::{Deserialize, Serialize};

use super::pages::{Pages, label};
use crate::model::adf::Paragraph;

/// One of the answers that a message of ours offered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub kind: ChoiceKind,
    /// The words of the answer.
    pub title: String,
    /// The words below an answer in a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Our own id of the answer, or the payload of a template's button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// The way in which an answer was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceKind {
    /// A button under a message (`interactive`, `button_reply`).
    Button,
    /// An entry of a list (`interactive`, `list_reply`).
    List,
    /// A quick-reply button of a template (`button`).
    TemplateButton,
}

impl ChoiceKind {
    /// Returns Meta's name of the message type.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Button | Self::List => "interactive",
            Self::TemplateButton => "button",
        }
    }
}

impl Choice {
    pub(super) fn write(&self, pages: &mut Pages) {
        let ours = match self.kind {
            ChoiceKind::Button | ChoiceKind::TemplateButton => "Tapped the button: ",
            ChoiceKind::List => "Chose from the list: ",
        };
        pages.block(Paragraph::default().em(ours).text(&label(&self.title)));
        pages.text(self.description.as_deref().unwrap_or_default());
    }
}
