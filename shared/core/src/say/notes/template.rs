//! Notes about template messages.

use crate::model::adf::Paragraph;
use crate::model::fate::{WhatsappCode, explain};
use crate::model::identity::NotAPhoneNumber;
use crate::model::private::Private;
use crate::model::status::TemplateHold;
use crate::say::template::{CallMistake, NoSuchTemplate, ParameterProblem, Usage};

/// A note about a template message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateNote {
    /// It was sent for an agent.
    Sent {
        /// The text that the customer reads.
        text: Private<String>,
        /// The last digits of the number that it went to: a reader of the note may not have entered
        /// the number in the request. `None` if it went to a user id.
        to: Option<Private<String>>,
        /// Whether the customer has to write before free text may follow.
        window_is_closed: bool,
    },
    /// WhatsApp has accepted it but does not send it yet.
    KeptBack {
        /// The text that the customer would read.
        text: Private<String>,
        hold: TemplateHold,
    },
    /// It was not sent: the command cannot be carried out.
    NotSent(NotSent),
    /// WhatsApp will not deliver it.
    NotDelivered {
        /// Meta's code.
        code: Option<WhatsappCode>,
    },
    /// A note was changed after its template was sent.
    EditedAfterSending,
    /// The conversation continues in another request.
    Moved {
        /// The key of that request.
        to: String,
    },
    /// Held replies were announced to the customer.
    Announced {
        /// The text that the customer reads.
        text: Private<String>,
        /// The reason why WhatsApp does not send it yet. `None` if it does.
        hold: Option<TemplateHold>,
    },
    /// Held replies could not be announced.
    NotAnnounced {
        /// The reason, as the middle of a sentence and without any content.
        cause: String,
    },
}

/// The reason why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The command cannot be read.
    Unreadable(CallMistake),
    /// There is no such template.
    NoTemplate(NoSuchTemplate),
    /// The values do not fit.
    Parameters {
        /// The problems with the values.
        problems: Vec<ParameterProblem>,
        /// The correct usage.
        usage: Usage,
    },
    /// The file for the header cannot be sent.
    HeaderFile {
        name: Private<String>,
        /// The reason, as a sentence without its end.
        cause: String,
    },
    /// The settings do not name the account that owns the templates.
    NoAccount,
    /// Meta does not list the templates.
    NoList {
        /// Meta's answer, without any content.
        cause: String,
    },
    /// WhatsApp would accept no identifier of the customer.
    NoRecipient,
    /// The service desk of the request belongs to no WhatsApp number.
    NoNumber,
    /// The request has no phone number.
    NoPhone {
        /// The field that should have one.
        field: String,
    },
    /// The request's field holds no valid phone number.
    BadPhone {
        field: String,
        /// The problem with its value.
        problem: NotAPhoneNumber,
    },
}

impl NotSent {
    /// Returns a word for the kind of reason.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::NoTemplate(_) => "no_template",
            Self::Parameters { .. } => "parameters",
            Self::HeaderFile { .. } => "header_file",
            Self::NoAccount => "no_account",
            Self::NoList { .. } => "no_list",
            Self::NoRecipient => "no_recipient",
            Self::NoNumber => "no_number",
            Self::NoPhone { .. } => "no_phone",
            Self::BadPhone { .. } => "bad_phone",
        }
    }
}

impl TemplateNote {
    /// Creates the note that WhatsApp will not deliver the reopening template.
    #[must_use]
    pub fn not_announced(code: Option<WhatsappCode>) -> Self {
        Self::NotAnnounced {
            cause: code.map_or_else(
                || "WhatsApp refused the template".to_owned(),
                |code| format!("WhatsApp refused the template with code {code}"),
            ),
        }
    }

    pub(super) fn write(&self, paragraph: Paragraph) -> Paragraph {
        match self {
            Self::Sent {
                text,
                to,
                window_is_closed,
            } => {
                let sent = paragraph.strong("Template sent on WhatsApp: ").text(text);
                let sent = match to.as_deref() {
                    Some(to) => sent.text(&format!("\nIt went to the number that ends in {to}.")),
                    None => sent,
                };
                if *window_is_closed {
                    sent.text(
                        "\nThe customer's window stays closed until the customer answers. Public \
                         comments are held until then.",
                    )
                } else {
                    sent
                }
            }
            Self::KeptBack { text, hold } => paragraph
                .strong("WhatsApp has not sent the template yet: ")
                .text(text)
                .text(&format!("\n{}", because_of(*hold))),
            Self::NotSent(why) => not_sent(paragraph.strong("The template was not sent. "), why),
            Self::NotDelivered { code } => paragraph
                .strong("The customer did not get the template. ")
                .text(explain(*code))
                .text(&code.map_or_else(String::new, |code| format!(" (WhatsApp code {code})"))),
            Self::EditedAfterSending => paragraph.strong("The change was not carried out. ").text(
                "The template of this note was sent before it was changed. To send another, \
                     please write a new note.",
            ),
            Self::Moved { to } => paragraph
                .strong(&format!("The conversation goes on in {to}. "))
                .text(
                    "A template was sent to the customer from there, and the answer comes there. \
                     Public comments here are still sent.",
                ),
            Self::Announced {
                text,
                hold: Some(hold),
            } => paragraph
                .strong("The customer was not told yet that an answer waits: ")
                .text(text)
                .text(&format!(
                    "\n{} The reply is still held and will be sent when the customer writes.",
                    because_of(*hold)
                )),
            Self::Announced { text, hold: None } => paragraph
                .strong("The customer was told on WhatsApp that an answer waits: ")
                .text(text)
                .text("\nWhat is held is sent as soon as the customer answers."),
            Self::NotAnnounced { cause } => paragraph
                .strong("The customer could not be told that an answer waits: ")
                .text(&format!(
                    "{cause}. The reply is still held and will be sent when the customer writes. \
                     A note that begins with /template sends a template of your choice."
                )),
        }
    }
}

fn because_of(hold: TemplateHold) -> &'static str {
    match hold {
        TemplateHold::QualityCheck => {
            "WhatsApp holds it back while it looks at the quality of the template, and then sends \
             it or drops it. If it is dropped, a note says so."
        }
        TemplateHold::Paused => {
            "WhatsApp has paused this template because of its quality, so the customer may never \
             get it. Please use another template, or reach the customer another way, and tell the \
             operators."
        }
    }
}

fn not_sent(paragraph: Paragraph, why: &NotSent) -> Paragraph {
    match why {
        NotSent::Unreadable(mistake) => paragraph.text(&format!(
            "The command cannot be read: {mistake}. It is written like this:\n\
             /template order_update en_US \"first value\" \"second value\""
        )),
        NotSent::NoTemplate(problem) => paragraph.text(&sentence(&problem.to_string())),
        NotSent::Parameters { problems, usage } => {
            let problems = problems.iter().map(|one| format!("\n- {one}"));
            let expected = if usage.parameters.is_empty() {
                "nothing".to_owned()
            } else {
                usage.parameters.join(", ")
            };
            paragraph
                .text("What is wrong:")
                .text(&problems.collect::<String>())
                .text(&format!(
                    "\nThe template expects: {expected}.\nAn example to copy:\n{}",
                    usage.example
                ))
        }
        NotSent::HeaderFile { name, cause } => {
            let name = name.get();
            paragraph.text(&format!("The file {name} cannot be its header: {cause}."))
        }
        NotSent::NoAccount => paragraph.text(
            "The settings of Casement do not name the WhatsApp Business Account whose templates \
             may be sent. Please ask the operators to set business_account_id.",
        ),
        NotSent::NoList { cause } => paragraph.text(&format!(
            "WhatsApp does not show its templates: {cause}. Please ask the operators to check \
             business_account_id in the settings, and whether the access token may manage that \
             account (whatsapp_business_management)."
        )),
        NotSent::NoRecipient => paragraph.text(
            "WhatsApp takes no identifier that Casement knows of this customer. Please reach the \
             customer another way.",
        ),
        NotSent::NoNumber => paragraph.text(
            "No WhatsApp number begins conversations for this service desk. Please ask the \
             operators to set phone_field for the number that should.",
        ),
        NotSent::NoPhone { field } => paragraph.text(&format!(
            "This request has no WhatsApp conversation yet, and no phone number in the field \
             {field}. Please fill it in with the country code, such as +49 151 12345678, and write \
             the note again."
        )),
        NotSent::BadPhone { field, problem } => paragraph.text(&format!(
            "What the field {field} has is no phone number: {problem}. Please correct it, such as \
             +49 151 12345678, and write the note again."
        )),
    }
}

/// Capitalizes the text and ends it with a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::notes::Note;

    #[test]
    fn every_note_says_what_to_do() {
        let not_sent = TemplateNote::NotSent;
        for (note, expected) in [
            (
                TemplateNote::Sent {
                    text: "Hello Ana".to_owned().into(),
                    to: Some("…678".into()),
                    window_is_closed: true,
                },
                "held until then",
            ),
            (
                not_sent(NotSent::Unreadable(CallMistake::Unclosed)),
                "a quotation mark is not closed",
            ),
            (
                not_sent(NotSent::NoTemplate(NoSuchTemplate::Name {
                    name: "x".to_owned(),
                    nearest: Vec::new(),
                })),
                "There is no template named",
            ),
            (
                not_sent(NotSent::Parameters {
                    problems: vec![ParameterProblem::Unknown("x".to_owned().into())],
                    usage: Usage {
                        parameters: vec!["{{1}} in the text".to_owned()],
                        example: "/template hello en".to_owned(),
                    },
                }),
                "/template hello en",
            ),
            (
                not_sent(NotSent::HeaderFile {
                    name: "a.zip".to_owned().into(),
                    cause: "it is empty".to_owned(),
                }),
                "The file a.zip cannot be its header: it is empty.",
            ),
            (not_sent(NotSent::NoAccount), "business_account_id"),
            (
                not_sent(NotSent::NoList {
                    cause: "WhatsApp refused with code 100".to_owned(),
                }),
                "refused with code 100. Please ask",
            ),
            (not_sent(NotSent::NoRecipient), "another way"),
            (not_sent(NotSent::NoNumber), "phone_field"),
            (
                not_sent(NotSent::NoPhone {
                    field: "customfield_1".to_owned(),
                }),
                "no phone number in the field customfield_1",
            ),
            (
                not_sent(NotSent::BadPhone {
                    field: "customfield_1".to_owned(),
                    problem: NotAPhoneNumber::NoCountryCode,
                }),
                "its country code is missing",
            ),
            (
                TemplateNote::NotDelivered {
                    code: Some(WhatsappCode(132_015)),
                },
                "(WhatsApp code 132015)",
            ),
            (TemplateNote::EditedAfterSending, "write a new note"),
            (
                TemplateNote::Moved {
                    to: "SUP-7".to_owned(),
                },
                "goes on in SUP-7",
            ),
            (
                TemplateNote::Announced {
                    text: "Hello".to_owned().into(),
                    hold: None,
                },
                "as soon as the customer answers",
            ),
            (
                TemplateNote::Announced {
                    text: "Hello".to_owned().into(),
                    hold: Some(TemplateHold::Paused),
                },
                "was not told yet",
            ),
            (
                TemplateNote::KeptBack {
                    text: "Hello".to_owned().into(),
                    hold: TemplateHold::QualityCheck,
                },
                "If it is dropped, a note says so.",
            ),
            (
                TemplateNote::KeptBack {
                    text: "Hello".to_owned().into(),
                    hold: TemplateHold::Paused,
                },
                "has paused this template",
            ),
            (
                TemplateNote::NotAnnounced {
                    cause: "WhatsApp refused".to_owned(),
                },
                "WhatsApp refused. The reply is still held",
            ),
        ] {
            let json = serde_json::to_string(&Note::Template(note).document()).unwrap();
            assert!(json.contains(expected), "{json}");
        }
    }
}
