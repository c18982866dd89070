use super::*;
use crate::say::notes::Note;

fn number() -> Private<String> {
    "…678".to_owned().into()
}

fn shared(field: InField, meets: Meets) -> PhoneNote {
    PhoneNote::Shared {
        number: number(),
        field,
        meets,
    }
}

fn apart(other: Option<&str>, linked: bool) -> Meets {
    Meets::Apart {
        other: other.map(str::to_owned),
        linked,
    }
}

#[test]
fn every_note_says_what_happened_and_what_to_do() {
    let not_delivered = |code| PhoneNote::NotDelivered {
        code: Some(WhatsappCode(code)),
    };
    for (note, expected) in [
        (PhoneNote::Unknown, "an internal note that says only /phone"),
        (
            PhoneNote::Asked {
                text: "Your number?".to_owned().into(),
            },
            "Your number?",
        ),
        (
            PhoneNote::Known {
                number: number(),
                field: InField::Shown,
            },
            "It ends in …678. The request shows it.",
        ),
        (
            PhoneNote::WindowClosed,
            "Please write /phone again when the customer has written.",
        ),
        (PhoneNote::NoRecipient, "another way"),
        (
            not_delivered(131_062),
            "Please ask for the number in a public comment.",
        ),
        (
            not_delivered(131_051),
            "Please ask for the number in a public comment.",
        ),
        (not_delivered(131_026), " (WhatsApp code 131026)"),
        (not_delivered(131_047), "More than 24 hours"),
        (PhoneNote::EditedAfterSending, "Please write a new note."),
        (
            shared(InField::Shown, Meets::Nobody),
            "The customer shared a phone number: it is now in the request.",
        ),
        (
            shared(InField::Shown, Meets::Nobody),
            "Messages from this number come here.",
        ),
        (shared(InField::NoField, Meets::Nobody), "(phone_field)"),
        (
            shared(InField::Occupied, Meets::Nobody),
            "has another value, which stays",
        ),
        (
            shared(InField::NotTaken, Meets::Nobody),
            "missing on the edit screen",
        ),
        (
            shared(
                InField::Shown,
                Meets::Joined {
                    former: Some("SUP-3".to_owned()),
                },
            ),
            "had a conversation already, in SUP-3. It goes on here.",
        ),
        (
            shared(InField::Shown, Meets::Joined { former: None }),
            "had a conversation already. It goes on here.",
        ),
        (
            shared(InField::Shown, apart(Some("SUP-3"), true)),
            "open request already: SUP-3.",
        ),
        (
            shared(InField::Shown, apart(Some("SUP-3"), true)),
            "are linked and stay apart",
        ),
        (
            shared(InField::Shown, apart(Some("SUP-3"), false)),
            "please link them by hand",
        ),
        (
            shared(InField::Shown, apart(None, false)),
            "just being opened",
        ),
        (
            PhoneNote::Foreign {
                number: number(),
                request: Some("SUP-3".to_owned()),
            },
            "with another user id, in SUP-3. Nothing was changed.",
        ),
        (
            PhoneNote::Foreign {
                number: number(),
                request: None,
            },
            "with another user id. Nothing was changed.",
        ),
        (
            PhoneNote::Differs { number: number() },
            "not the number that the messages come from",
        ),
        (
            PhoneNote::GoesOn {
                to: "SUP-7".to_owned(),
            },
            "goes on in SUP-7.",
        ),
        (
            PhoneNote::HasAnother {
                other: "SUP-7".to_owned(),
                linked: true,
            },
            "another open request: SUP-7.",
        ),
    ] {
        let json = serde_json::to_string(&Note::Phone(note).document()).unwrap();
        assert!(json.contains(expected), "{expected}: {json}");
    }
}
