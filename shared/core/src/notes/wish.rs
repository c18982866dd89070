//! The note about a customer's wish for automatic messages.

use crate::adf::Paragraph;
use crate::opt_out::Wish;

/// What the agents read about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WishNote {
    /// What the customer asked for.
    pub wish: Wish,
    /// The text by which it was confirmed. `None`: WhatsApp did not take it.
    pub confirmed: Option<String>,
}

impl WishNote {
    pub(super) fn write(&self, paragraph: Paragraph) -> Paragraph {
        let paragraph = match self.wish {
            Wish::Stop => paragraph
                .strong("The customer wants no automatic messages. ")
                .text(
                    "Delay notices and other messages that Casement sends by itself stop until \
                     the customer sends START. What you write in public comments is still sent.",
                ),
            Wish::Start => paragraph
                .strong("The customer wants automatic messages again. ")
                .text("Delay notices and other messages that Casement sends by itself go on."),
        };
        paragraph.text(&match &self.confirmed {
            Some(text) => format!(" Confirmed on WhatsApp: {text}"),
            None => " WhatsApp did not take the confirmation.".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adf::Document;

    #[test]
    fn agents_read_what_the_customer_wants_and_was_told() {
        for (wish, confirmed, expected) in [
            (
                Wish::Stop,
                Some("Done"),
                ["still sent.", "Confirmed on WhatsApp: Done"],
            ),
            (
                Wish::Stop,
                None,
                ["still sent.", "did not take the confirmation."],
            ),
            (
                Wish::Start,
                Some("Done"),
                ["go on.", "Confirmed on WhatsApp: Done"],
            ),
        ] {
            let confirmed = confirmed.map(str::to_owned);
            let paragraph = WishNote { wish, confirmed }.write(Paragraph::default());
            let json = serde_json::to_string(&Document::new(vec![paragraph])).unwrap();
            assert!(expected.iter().all(|part| json.contains(part)), "{json}");
        }
    }
}
