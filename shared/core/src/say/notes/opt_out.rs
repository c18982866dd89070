//! The note about a customer's wish concerning automatic messages.

use crate::model::adf::Paragraph;
use crate::model::opt_out::OptOut;
use crate::model::private::Private;

/// A note about such a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptOutNote {
    pub opt_out: OptOut,
    /// The text of the confirmation. `None` if none was sent.
    pub confirmed: Option<Private<String>>,
}

impl OptOutNote {
    pub(super) fn write(&self, paragraph: Paragraph) -> Paragraph {
        let paragraph = match self.opt_out {
            OptOut::Stop | OptOut::AmbiguousStop => paragraph
                .strong("The customer wants no automatic messages. ")
                .text(
                    "Delay notices and other messages that Casement sends by itself stop until \
                     the customer sends START. What you write in public comments is still sent.",
                ),
            OptOut::Start | OptOut::AmbiguousStart => paragraph
                .strong("The customer wants automatic messages again. ")
                .text("Delay notices and other messages that Casement sends by itself go on."),
        };
        let paragraph = if self.opt_out.is_ambiguous() {
            paragraph.text(
                " The words may mean something else as well, such as a contract or a \
                 subscription: please answer the customer.",
            )
        } else {
            paragraph
        };
        match &self.confirmed {
            Some(text) => paragraph
                .strong(" Confirmed on WhatsApp: ")
                .text(text.get()),
            None => paragraph.text(" It was not confirmed on WhatsApp."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::adf::Document;

    #[test]
    fn agents_read_what_the_customer_wants_and_was_told() {
        for (opt_out, confirmed, expected) in [
            (
                OptOut::Stop,
                Some("Done"),
                ["still sent.", "Confirmed on WhatsApp: ", "Done"],
            ),
            (
                OptOut::Stop,
                None,
                ["still sent.", "not confirmed", "on WhatsApp."],
            ),
            (
                OptOut::AmbiguousStop,
                Some("Done"),
                [
                    "please answer the customer.",
                    "Confirmed on WhatsApp: ",
                    "Done",
                ],
            ),
            (
                OptOut::Start,
                Some("Done"),
                ["go on.", "Confirmed on WhatsApp: ", "Done"],
            ),
        ] {
            let confirmed = confirmed.map(Private::from);
            let paragraph = OptOutNote { opt_out, confirmed }.write(Paragraph::default());
            let json = serde_json::to_string(&Document::new(vec![paragraph])).unwrap();
            assert!(expected.iter().all(|part| json.contains(part)), "{json}");
        }
    }
}
