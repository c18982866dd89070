//! What is sent, and what is wrong with what was given.

use std::fmt;

use super::call::Argument;
use super::{Button, Header, Template, TemplateCall, Wording};
use crate::attachment::FileForm;

/// The key by which the header is given.
const HEADER: &str = "header";

/// More spaces in a row than Meta takes in a value (Cloud API, "Error codes": 132018).
const TOO_MANY_SPACES: &str = "     ";

/// A template with values, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct FilledTemplate {
    /// The template's name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// What fills its header, if that has to be filled.
    pub header: Option<FilledHeader>,
    /// The values of its text, in order.
    pub body: Vec<Parameter>,
    /// What fills its buttons.
    pub buttons: Vec<FilledButton>,
    /// What the customer reads.
    pub text: String,
}

// The values are for the customer.
impl fmt::Debug for FilledTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FilledTemplate({} {})", self.name, self.language)
    }
}

/// A value of a text.
#[derive(Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The variable's name. `None`: the template numbers its variables.
    pub name: Option<String>,
    /// The value.
    pub text: String,
}

/// What fills a header.
#[derive(Clone, PartialEq, Eq)]
pub enum FilledHeader {
    /// The value of its variable.
    Text(Parameter),
    /// A file.
    File {
        /// Which form the template wants.
        form: FileForm,
        /// The name of the attachment.
        name: String,
    },
}

/// What fills a button.
#[derive(Clone, PartialEq, Eq)]
pub struct FilledButton {
    /// Which button, from 0.
    pub index: usize,
    /// What is filled in.
    pub value: ButtonValue,
}

/// What is filled into a button.
#[derive(Clone, PartialEq, Eq)]
pub enum ButtonValue {
    /// The end of its address.
    UrlEnd(String),
    /// The code that it copies.
    CouponCode(String),
}

/// What is wrong with the values. The words are for agents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterProblem {
    /// A value is missing.
    #[error("the value of {0} is missing")]
    Missing(String),
    /// A key that the template does not have.
    #[error("the template has no parameter {0}")]
    Unknown(String),
    /// More values than the template takes.
    #[error("{given} values are given without a key, and there are places for {taken}")]
    TooMany {
        /// How many were given.
        given: usize,
        /// How many have a place.
        taken: usize,
    },
    /// Nothing in a value.
    #[error("the value of {0} is empty")]
    Empty(String),
    /// What Meta refuses in a value.
    #[error(
        "the value of {0} has a line break, a tab or more than four spaces in a row, which \
         WhatsApp does not take"
    )]
    Spaces(String),
    /// The file of the header is missing.
    #[error(
        "the file of the header is missing: attach {} to this note or to the request and write \
         header=NAME-OF-THE-FILE",
        file_word(*.0)
    )]
    NoFile(FileForm),
    /// Nothing can be filled in here.
    #[error("templates with {0} cannot be sent from Jira")]
    Unsupported(String),
}

fn file_word(form: FileForm) -> &'static str {
    match form {
        FileForm::Image => "a JPEG or PNG picture",
        FileForm::Video => "an MP4 or 3GP video",
        _ => "a document",
    }
}

/// What a template expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Its parameters in words, in order.
    pub parameters: Vec<String>,
    /// A line that would be right.
    pub example: String,
}

/// A place for a value.
struct Slot<'a> {
    /// How the value can be given by name.
    key: String,
    what: String,
    /// The variable's own name, if it has one.
    name: Option<&'a str>,
    example: Option<&'a str>,
    value: Option<String>,
}

/// The places of a template, by where they are.
struct Slots<'a> {
    header: Option<Slot<'a>>,
    body: Vec<Slot<'a>>,
    buttons: Vec<(usize, Slot<'a>)>,
}

impl<'a> Slots<'a> {
    fn of(template: &'a Template) -> Self {
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

    fn all(&mut self) -> impl Iterator<Item = &mut Slot<'a>> {
        let buttons = self.buttons.iter_mut().map(|(_, slot)| slot);
        self.header.iter_mut().chain(&mut self.body).chain(buttons)
    }

    fn by_key(&mut self, key: &str) -> Option<&mut Slot<'a>> {
        if key.eq_ignore_ascii_case(HEADER) && self.all().all(|slot| slot.key != HEADER) {
            return self.header.as_mut();
        }
        self.all().find(|slot| slot.key.eq_ignore_ascii_case(key))
    }
}

/// The places in a text. A numbered one is `1`, `2` and so on by name, too.
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
    fn parameter(self) -> Parameter {
        Parameter {
            name: self.name.map(str::to_owned),
            text: self.value.unwrap_or_default(),
        }
    }

    fn problem(&self) -> Option<ParameterProblem> {
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

/// Puts the values of a call in their places: those with a key first, the others in order into
/// the places that are left.
///
/// # Errors
/// Everything that is wrong with them.
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
            None => problems.push(ParameterProblem::Unknown(key.to_owned())),
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

/// What the customer sees, the buttons in brackets.
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

impl Usage {
    /// How `template` is sent.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::samples::{plain, template};

    fn wording(text: &str, examples: &[&str]) -> Wording {
        Wording::new(text, examples.iter().map(|one| (*one).to_owned()).collect())
    }

    fn numbered() -> Template {
        Template {
            header: Some(Header::Text(wording("Order {{1}}", &["4711"]))),
            body: wording("Hello {{1}}, it comes on {{2}}.", &["Ana", "Monday"]),
            footer: Some("The shop".to_owned()),
            buttons: vec![
                plain("Thanks"),
                Button::Url {
                    text: "Track".to_owned(),
                    url: wording("https://t.example/{{1}}", &["a1"]),
                },
                Button::CouponCode {
                    text: "Copy".to_owned(),
                    example: Some("WINTER".to_owned()),
                },
            ],
            ..template("order", "en_US", "")
        }
    }

    fn named() -> Template {
        Template {
            header: Some(Header::Text(wording("For {{customer}}", &[]))),
            body: wording("{{order}} comes on {{day}}.", &["4711", "Monday"]),
            ..template("named", "de", "")
        }
    }

    fn with_picture() -> Template {
        Template {
            header: Some(Header::File(FileForm::Image)),
            ..template("picture", "en", "See {{1}}")
        }
    }

    /// What is shown, or all that is wrong.
    fn filled(template: &Template, values: &str) -> Result<String, Vec<String>> {
        let note = format!("/template {} {} {values}", template.name, template.language);
        let call = TemplateCall::read(&note).unwrap().unwrap();
        let told = |problems: Vec<ParameterProblem>| {
            let problems = problems.iter();
            problems.map(ToString::to_string).collect()
        };
        fill(template, &call)
            .map(|filled| filled.text)
            .map_err(told)
    }

    #[test]
    fn values_find_their_places() {
        let order = "Order 9\nHello Ana, it comes on Monday.\nThe shop\n[Thanks] [Track] [Copy]";
        for (template, values, expected) in [
            (template("hello", "en", "Hi"), "", "Hi"),
            (numbered(), r#"9 Ana Monday t1 SALE"#, order),
            (
                numbered(),
                r#"header=9 button3=SALE button2=t1 "Ana" "Monday""#,
                order,
            ),
            (numbered(), r#"header=9 2=Monday Ana t1 SALE"#, order),
            (
                named(),
                r#"day="Monday" order=9 customer="Ana Lima""#,
                "For Ana Lima\n9 comes on Monday.",
            ),
            (
                named(),
                r#"header=Ana Order=9 day=Monday"#,
                "For Ana\n9 comes on Monday.",
            ),
            (named(), "Ana 9 Monday", "For Ana\n9 comes on Monday."),
            (with_picture(), "this header=a.jpg", "[a.jpg]\nSee this"),
        ] {
            assert_eq!(
                filled(&template, values),
                Ok(expected.to_owned()),
                "{values}"
            );
        }
    }

    #[test]
    fn everything_that_is_wrong_is_said() {
        let location = Template {
            unsupported: Some("a location in the header".to_owned()),
            ..template("place", "en", "Here")
        };
        for (template, values, expected) in [
            (
                template("hello", "en", "Hi"),
                "a",
                vec!["1 values are given without a key, and there are places for 0"],
            ),
            (
                numbered(),
                "9 Ana",
                vec![
                    "the value of {{2}} in the text is missing",
                    "the value of the end of the address of the button \"Track\" is missing",
                    "the value of the code of the button \"Copy\" is missing",
                ],
            ),
            (
                numbered(),
                "9 Ana Monday t1 SALE more button1=x",
                vec![
                    "the template has no parameter button1",
                    "6 values are given without a key, and there are places for 5",
                ],
            ),
            (
                named(),
                "customer=Ana order=9 date=Monday",
                vec![
                    "the template has no parameter date",
                    "the value of {{day}} in the text is missing",
                ],
            ),
            (
                named(),
                "customer=\"\" order=\"a\nb\" day=\"a     b\"",
                vec![
                    "the value of customer is empty",
                    "the value of order has a line break, a tab or more than four spaces in a row, which WhatsApp does not take",
                    "the value of day has a line break, a tab or more than four spaces in a row, which WhatsApp does not take",
                ],
            ),
            (
                with_picture(),
                "this",
                vec![
                    "the file of the header is missing: attach a JPEG or PNG picture to this note or to the request and write header=NAME-OF-THE-FILE",
                ],
            ),
            (
                template("hello", "en", "Hi"),
                "header=a.jpg",
                vec!["the template has no parameter header"],
            ),
            (
                location,
                "",
                vec!["templates with a location in the header cannot be sent from Jira"],
            ),
        ] {
            let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(filled(&template, values), Err(expected), "{values}");
        }
    }

    #[test]
    fn values_keep_the_names_that_meta_wants() {
        let call = TemplateCall::read("/template named de Ana 9 Monday");
        let sent = fill(&named(), &call.unwrap().unwrap()).unwrap();
        let names: Vec<_> = sent.body.iter().map(|one| one.name.as_deref()).collect();
        assert_eq!(names, [Some("order"), Some("day")]);
        let call = TemplateCall::read("/template order en_US 9 Ana Monday t1 SALE");
        let sent = fill(&numbered(), &call.unwrap().unwrap()).unwrap();
        assert!(sent.body.iter().all(|one| one.name.is_none()));
        let buttons: Vec<usize> = sent.buttons.iter().map(|one| one.index).collect();
        assert_eq!(buttons, [1, 2]);
    }

    #[test]
    fn the_example_line_is_right() {
        for (template, parameters, example) in [
            (template("hello", "en", "Hi"), 0, "/template hello en"),
            (
                numbered(),
                5,
                r#"/template order en_US "4711" "Ana" "Monday" "a1" "WINTER""#,
            ),
            (
                named(),
                3,
                r#"/template named de customer="..." order="4711" day="Monday""#,
            ),
            (
                with_picture(),
                2,
                r#"/template picture en "..." header=photo.jpg"#,
            ),
        ] {
            let usage = Usage::of(&template);
            assert_eq!(usage.example, example);
            assert_eq!(usage.parameters.len(), parameters, "{usage:?}");
            let call = TemplateCall::read(&usage.example).unwrap().unwrap();
            assert!(fill(&template, &call).is_ok(), "{example}");
        }
    }
}
