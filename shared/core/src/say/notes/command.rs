//! Notes that answer commands.

use crate::model::adf::Paragraph;
use crate::model::commands::{COMMANDS, REPLY};

pub(super) fn cancelled(paragraph: Paragraph, count: usize) -> Paragraph {
    let what = match count {
        0 => {
            return paragraph
                .strong("Nothing to cancel: ")
                .text("no reply is held.");
        }
        1 => "1 held reply is cancelled. ".to_owned(),
        count => format!("{count} held replies are cancelled. "),
    };
    paragraph.strong(&what).text(
        "The customer will not get what was written before the /cancel. To send something of it \
         after all, please write it as a new public comment.",
    )
}

pub(super) fn unknown(paragraph: Paragraph) -> Paragraph {
    let commands = COMMANDS.map(|(name, what)| format!("\n{name} – {what}"));
    paragraph
        .strong("Casement does not know this command.")
        .text(" Nothing was done or sent. As an internal note of its own:")
        .text(&commands.concat())
}

pub(super) fn in_public(paragraph: Paragraph, command: &str) -> Paragraph {
    let how = if command == REPLY {
        "It stands in front of your answer, in the same public comment: /reply It comes on Monday."
            .to_owned()
    } else {
        format!(
            "Commands are internal notes: to carry it out, please write an internal note that \
             begins with {command}."
        )
    };
    paragraph
        .strong(&format!("{command} was not sent to the customer. "))
        .text(&format!(
            "This public comment is a command and has no words for the customer; it was not \
             carried out. {how}"
        ))
}
