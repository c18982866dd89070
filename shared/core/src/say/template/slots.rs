//! The places for values in a template.

use super::parameter::{Parameter, ParameterProblem};
use super::{Button, Header, Template, Wording};

/// The key of the header's value.
pub(super) const HEADER: &str = "header";

/// More spaces in a row than Meta accepts in a value (Cloud API, "Template messages").
const TOO_MANY_SPACES: &str = "     ";

/// A place for a value.
pub(super) struct Slot<'a> {
    /// The key by which the value can be given.
    pub(super) key: String,
    /// A description of the place.
    pub(super) what: String,
    /// The variable's own name, if it has one.
    pub(super) name: Option<&'a str>,
    pub(super) example: Option<&'a str>,
    pub(super) value: Option<String>,
}

/// The places of a template, by part.
pub(super) struct Slots<'a> {
    pub(super) header: Option<Slot<'a>>,
    pub(super) body: Vec<Slot<'a>>,
    pub(super) buttons: Vec<(usize, Slot<'a>)>,
}

impl<'a> Slots<'a> {
    pub(super) fn of(template: &'a Template) -> Self {
        let header = match &template.header {
            Some(Header::Text(wording)) => slots(wording, "in the header").into_iter().next(),
            _ => None,
        };
        let buttons = (0..).zip(&template.buttons).filter_map(|(index, button)| {
            let (example, what) = match button {
                Button::Plain { .. } => return None,
                Button::Url { url, .. } if url.variables().is_empty() => return None,
                Button::Url { url, text } => (
                    url.example(0),
                    format!("the end of the address of the button \"{text}\""),
                ),
                Button::CouponCode { text, example } => (
                    example.as_deref(),
                    format!("the code of the button \"{text}\""),
                ),
            };
            let slot = Slot {
                key: format!("button{}", index + 1),
                what,
                name: None,
                example,
                value: None,
            };
            Some((index, slot))
        });
        Self {
            buttons: buttons.collect(),
            body: slots(&template.body, "in the text"),
            header: header.map(|slot| Slot {
                key: slot.name.unwrap_or(HEADER).to_owned(),
                ..slot
            }),
        }
    }

    pub(super) fn all(&mut self) -> impl Iterator<Item = &mut Slot<'a>> {
        let buttons = self.buttons.iter_mut().map(|(_, slot)| slot);
        self.header.iter_mut().chain(&mut self.body).chain(buttons)
    }

    pub(super) fn by_key(&mut self, key: &str) -> Option<&mut Slot<'a>> {
        if key.eq_ignore_ascii_case(HEADER) && self.all().all(|slot| slot.key != HEADER) {
            return self.header.as_mut();
        }
        self.all().find(|slot| slot.key.eq_ignore_ascii_case(key))
    }
}

/// Returns the places in a text. A numbered place has its number as key: `1`, `2` and so on.
fn slots<'a>(wording: &'a Wording, place: &str) -> Vec<Slot<'a>> {
    let variables = wording.variables().iter().enumerate();
    variables
        .map(|(index, variable)| {
            let is_number = variable.bytes().all(|byte| byte.is_ascii_digit());
            Slot {
                key: variable.clone(),
                what: format!("{{{{{variable}}}}} {place}"),
                name: (!is_number).then_some(variable),
                example: wording.example(index),
                value: None,
            }
        })
        .collect()
}

impl Slot<'_> {
    pub(super) fn parameter(self) -> Parameter {
        Parameter {
            name: self.name.map(str::to_owned),
            text: self.value.unwrap_or_default(),
        }
    }

    pub(super) fn problem(&self) -> Option<ParameterProblem> {
        let key = || self.key.clone();
        match &self.value {
            None => Some(ParameterProblem::Missing(self.what.clone())),
            Some(value) if value.trim().is_empty() => Some(ParameterProblem::Empty(key())),
            Some(value)
                if value.contains(['\n', '\r', '\t']) || value.contains(TOO_MANY_SPACES) =>
            {
                Some(ParameterProblem::Spaces(key()))
            }
            Some(_) => None,
        }
    }
}
