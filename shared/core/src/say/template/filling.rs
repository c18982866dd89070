//! Filling a template.

use std::fmt;

use super::call::Argument;
use super::parameter::{Parameter, ParameterProblem};
use super::slots::{HEADER, Slot, Slots};
use super::{Button, Header, Template, TemplateCall};
use crate::model::attachment::FileForm;

/// A template with values, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct FilledTemplate {
    /// The template's name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// The value of its header, if the header needs one.
    pub header: Option<FilledHeader>,
    /// The values of its text, in order.
    pub body: Vec<Parameter>,
    /// The values of its buttons.
    pub buttons: Vec<FilledButton>,
    /// The text that the customer reads.
    pub text: String,
}

// The values are for the customer and must not get into a log.
impl fmt::Debug for FilledTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FilledTemplate({} {})", self.name, self.language)
    }
}

/// The value of a header.
#[derive(Clone, PartialEq, Eq)]
pub enum FilledHeader {
    /// The value of its variable.
    Text(Parameter),
    /// A file.
    File {
        /// The form that the template requires.
        form: FileForm,
        /// The name of the attachment.
        name: String,
    },
}

/// The value of a button.
#[derive(Clone, PartialEq, Eq)]
pub struct FilledButton {
    /// The index of the button, from 0.
    pub index: usize,
    pub value: ButtonValue,
}

/// The kinds of values that buttons take.
#[derive(Clone, PartialEq, Eq)]
pub enum ButtonValue {
    /// The end of its address.
    UrlEnd(String),
    /// The code that it copies.
    CouponCode(String),
}

/// Puts the values of a call in their places: first those with a key, then the others in order into
/// the remaining places.
///
/// # Errors
/// Lists every problem with the values.
pub fn fill(
    template: &Template,
    call: &TemplateCall,
) -> Result<FilledTemplate, Vec<ParameterProblem>> {
    if let Some(what) = &template.unsupported {
        return Err(vec![ParameterProblem::Unsupported(what.clone())]);
    }
    let mut slots = Slots::of(template);
    let mut problems = Vec::new();
    let (keyed, ordered): (Vec<_>, Vec<_>) = call
        .arguments
        .iter()
        .map(|Argument { key, value }| (key, value))
        .partition(|(key, _)| key.is_some());
    let mut file = None;
    for (key, value) in keyed {
        let key = key.as_deref().unwrap_or_default();
        let is_file = matches!(template.header, Some(Header::File(_)));
        match slots.by_key(key) {
            Some(slot) => slot.value = Some(value.clone()),
            None if is_file && key.eq_ignore_ascii_case(HEADER) => file = Some(value.clone()),
            None => problems.push(ParameterProblem::Unknown(key.into())),
        }
    }
    let mut places = slots.all().filter(|slot| slot.value.is_none());
    let mut taken = 0;
    for (_, value) in &ordered {
        if let Some(slot) = places.next() {
            slot.value = Some((*value).clone());
            taken += 1;
        }
    }
    drop(places);
    if taken < ordered.len() {
        let given = ordered.len();
        problems.push(ParameterProblem::TooMany { given, taken });
    }
    problems.extend(slots.all().filter_map(|slot| slot.problem()));
    let header = match (&template.header, slots.header.take()) {
        (Some(Header::File(form)), _) => {
            let name = file.filter(|name| !name.trim().is_empty());
            if name.is_none() {
                problems.push(ParameterProblem::NoFile(*form));
            }
            name.map(|name| FilledHeader::File { form: *form, name })
        }
        (_, slot) => slot.map(|slot| FilledHeader::Text(slot.parameter())),
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let body: Vec<Parameter> = slots.body.into_iter().map(Slot::parameter).collect();
    let buttons = slots.buttons.into_iter().map(|(index, slot)| {
        let text = slot.value.unwrap_or_default();
        let value = match template.buttons[index] {
            Button::CouponCode { .. } => ButtonValue::CouponCode(text),
            _ => ButtonValue::UrlEnd(text),
        };
        FilledButton { index, value }
    });
    Ok(FilledTemplate {
        name: template.name.clone(),
        language: template.language.clone(),
        text: shown(template, header.as_ref(), &body),
        header,
        body,
        buttons: buttons.collect(),
    })
}

/// Returns the text that the customer sees, with the buttons in brackets.
fn shown(template: &Template, header: Option<&FilledHeader>, body: &[Parameter]) -> String {
    let mut lines = Vec::new();
    match (&template.header, header) {
        (Some(Header::Text(wording)), Some(FilledHeader::Text(parameter))) => {
            lines.push(wording.with(std::slice::from_ref(&parameter.text)));
        }
        (Some(Header::Text(wording)), _) => lines.push(wording.with(&[])),
        (_, Some(FilledHeader::File { name, .. })) => lines.push(format!("[{name}]")),
        _ => {}
    }
    let values: Vec<String> = body.iter().map(|one| one.text.clone()).collect();
    lines.push(template.body.with(&values));
    lines.extend(template.footer.clone());
    let buttons = template
        .buttons
        .iter()
        .map(|button| format!("[{}]", button.text()));
    let buttons: Vec<String> = buttons.collect();
    if !buttons.is_empty() {
        lines.push(buttons.join(" "));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;
