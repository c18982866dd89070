//! Answers to a form.

use serde::{Deserialize, Serialize};

use super::pages::{Pages, label};

/// A form that the customer filled in (Cloud API, `nfm_reply`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormAnswers {
    /// Meta's name of the kind of form: `flow` or `address_message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub answers: Answers,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// Field names and answers, in WhatsApp's order.
    Fields(Vec<(String, String)>),
    /// The answers as they came, if they cannot be read as fields.
    Raw(String),
    /// No answers came.
    Missing,
}

impl FormAnswers {
    /// Describes the form in our own words.
    pub(super) fn heading(&self) -> String {
        let form = match self.name.as_deref() {
            None | Some("flow") => "a form".to_owned(),
            Some("address_message") => "an address form".to_owned(),
            Some(name) => format!("a form ({})", label(name)),
        };
        match &self.answers {
            Answers::Fields(fields) if !fields.is_empty() => {
                format!("[The customer filled in {form}]")
            }
            Answers::Raw(_) => {
                format!("[The customer filled in {form}; its fields cannot be told apart]")
            }
            Answers::Fields(_) | Answers::Missing => {
                format!("[The customer sent {form} with nothing in it]")
            }
        }
    }

    pub(super) fn write(&self, pages: &mut Pages) {
        pages.ours(&self.heading());
        match &self.answers {
            Answers::Fields(fields) => {
                let rows: Vec<_> = fields
                    .iter()
                    .map(|(name, answer)| [name.clone(), answer.clone()])
                    .collect();
                pages.table(["Field", "Answer"], &rows);
            }
            Answers::Raw(text) => pages.text(text),
            Answers::Missing => {}
        }
    }
}
