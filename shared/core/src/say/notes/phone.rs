//! Notes about asking a customer for the phone number, and about the answer.

use super::delivery::in_brackets;
use crate::model::adf::Paragraph;
use crate::model::commands::PHONE;
use crate::model::fate::{WhatsappCode, explain};
use crate::model::private::Private;

/// "Message type is currently not supported" and "Business-scoped user IDs are not supported for
/// this message" (Cloud API, "Error codes").
const NOT_TAKEN: [WhatsappCode; 2] = [WhatsappCode(131_051), WhatsappCode(131_062)];

/// A note about a customer's phone number. Numbers are masked except for their last digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneNote {
    /// A new request has no phone number, and there is a way to ask for it.
    Unknown,
    /// The customer was asked.
    Asked {
        /// The text that was sent.
        text: Private<String>,
    },
    /// The customer was not asked, since the number is known.
    Known {
        number: Private<String>,
        field: InField,
    },
    /// The customer was not asked, since the window is closed.
    WindowClosed,
    /// The customer was not asked, since WhatsApp would accept no identifier of the customer.
    NoRecipient,
    /// WhatsApp will not deliver the question.
    NotDelivered {
        /// Meta's code.
        code: Option<WhatsappCode>,
    },
    /// The note was changed after its question was sent.
    EditedAfterSending,
    /// The customer shared the number.
    Shared {
        number: Private<String>,
        field: InField,
        meets: Meets,
    },
    /// The customer shared a number that is another customer's.
    Foreign {
        number: Private<String>,
        /// The key of that customer's request, if there is one.
        request: Option<String>,
    },
    /// The customer shared another number than the one that messages come from.
    Differs { number: Private<String> },
    /// A conversation goes on in another request, in which the customer shared the number.
    GoesOn {
        /// The key of that request.
        to: String,
    },
    /// The customer has another open request, in which the number was shared.
    HasAnother {
        /// The key of that request.
        other: String,
        /// Whether Jira has linked the two.
        linked: bool,
    },
}

/// Whether the request shows the number in its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InField {
    /// It does.
    Shown,
    /// The settings name no field.
    NoField,
    /// The field has another value, which stays.
    Occupied,
    /// Jira does not take it.
    NotTaken,
}

/// The earlier conversation of a shared number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meets {
    /// None.
    Nobody,
    /// The conversation goes on here. Its request has this key, if it had one.
    Joined { former: Option<String> },
    /// The conversation goes on in its own open request.
    Apart {
        /// The key of that request. `None` while it is being opened.
        other: Option<String>,
        /// Whether Jira has linked the two.
        linked: bool,
    },
}

impl PhoneNote {
    pub(super) fn write(&self, paragraph: Paragraph) -> Paragraph {
        match self {
            Self::Unknown => paragraph
                .strong("The customer's phone number is not known. ")
                .text(&format!(
                    "WhatsApp shows this customer by a user id only, and everything works without \
                     the number. If you need it, write an internal note that says only {PHONE}: the \
                     customer is asked for it."
                )),
            Self::Asked { text } => paragraph
                .strong("The customer was asked for the phone number on WhatsApp: ")
                .text(text)
                .text("\nIf the customer shares it, a note says so."),
            Self::Known { number, field } => paragraph
                .strong("The customer was not asked: the phone number is known. ")
                .text(&format!("It ends in {}. {}", number.get(), in_words(*field))),
            Self::WindowClosed => paragraph
                .strong("The customer was not asked for the phone number. ")
                .text(&format!(
                    "The customer's window is closed, and WhatsApp takes this question only within \
                     24 hours of the customer's last message. Please write {PHONE} again when the \
                     customer has written. A note that begins with /template sends a template, \
                     which asks the customer to write."
                )),
            Self::NoRecipient => paragraph
                .strong("The customer was not asked for the phone number. ")
                .text(
                    "WhatsApp takes no identifier that Casement knows of this customer. Please \
                     reach the customer another way.",
                ),
            Self::NotDelivered { code } => paragraph
                .strong("The customer did not get the question for the phone number. ")
                .text(why(*code))
                .text(&in_brackets(*code)),
            Self::EditedAfterSending => paragraph.strong("The change was not carried out. ").text(
                "The customer was asked for the phone number before this note was changed. Please \
                 write a new note.",
            ),
            Self::Shared {
                number,
                field,
                meets,
            } => shared(paragraph, number, *field, meets),
            Self::Foreign { number, request } => paragraph
                .strong("The customer shared a phone number of another customer. ")
                .text(&format!(
                    "WhatsApp shows the number that ends in {} with another user id{}. Nothing was \
                     changed. Please make sure that you talk to the right person before you share \
                     anything personal.",
                    number.get(),
                    in_request(request.as_deref())
                )),
            Self::Differs { number } => paragraph
                .strong("The customer shared another phone number. ")
                .text(&format!(
                    "It ends in {} and is not the number that the messages come from. Nothing was \
                     changed; the customer's message shows it.",
                    number.get()
                )),
            Self::GoesOn { to } => paragraph
                .strong(&format!("The conversation goes on in {to}. "))
                .text(
                    "The customer shared the phone number of this conversation there. Public \
                     comments here are still sent.",
                ),
            Self::HasAnother { other, linked } => paragraph
                .strong(&format!("The customer has another open request: {other}. "))
                .text("The customer shared the phone number of this conversation there. ")
                .text(apart(*linked)),
        }
    }
}

fn shared(
    paragraph: Paragraph,
    number: &Private<String>,
    field: InField,
    meets: &Meets,
) -> Paragraph {
    let heading = match field {
        InField::Shown => "The customer shared a phone number: it is now in the request. ",
        _ => "The customer shared a phone number. ",
    };
    let number = number.get();
    let paragraph = paragraph
        .strong(heading)
        .text(&format!("It ends in {number}. "));
    let paragraph = match field {
        InField::Shown => paragraph,
        field => paragraph.text(&format!("{} ", in_words(field))),
    };
    match meets {
        Meets::Nobody => paragraph.text("Messages from this number come here."),
        Meets::Joined { former } => paragraph.text(&format!(
            "The number had a conversation already{}. It goes on here.",
            in_request(former.as_deref())
        )),
        Meets::Apart {
            other: Some(other),
            linked,
        } => paragraph
            .text(&format!(
                "The number has a conversation with an open request already: {other}. "
            ))
            .text(apart(*linked)),
        Meets::Apart { other: None, .. } => paragraph.text(
            "The number has a conversation already, whose request is just being opened. The two \
             stay apart: messages from the number go there.",
        ),
    }
}

fn in_words(field: InField) -> &'static str {
    match field {
        InField::Shown => "The request shows it.",
        InField::NoField => {
            "The request has no field for it: the settings of Casement would have to name one \
             (phone_field)."
        }
        InField::Occupied => "The phone field of the request has another value, which stays.",
        InField::NotTaken => {
            "Jira did not take it into the phone field of the request. Please copy it there, and \
             tell the operators: the field may be missing on the edit screen."
        }
    }
}

fn apart(linked: bool) -> &'static str {
    if linked {
        "The two requests are linked and stay apart: each answer goes out from the request in \
         which you write it. To go on in one, please close the other."
    } else {
        "The two requests stay apart, and Jira did not take a link between them: please link them \
         by hand. Each answer goes out from the request in which you write it."
    }
}

fn in_request(key: Option<&str>) -> String {
    key.map_or_else(String::new, |key| format!(", in {key}"))
}

fn why(code: Option<WhatsappCode>) -> &'static str {
    match code {
        Some(code) if NOT_TAKEN.contains(&code) => {
            "WhatsApp does not take this question for this customer. Please ask for the number in \
             a public comment."
        }
        code => explain(code),
    }
}

#[cfg(test)]
mod tests;
