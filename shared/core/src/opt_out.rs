//! Customers who want no automatic messages.
//!
//! A message that says STOP and nothing else suppresses what Casement sends by itself: delay
//! notices, prompts, templates. What agents write goes out as before. START takes it back.

use serde::{Deserialize, Serialize};

use crate::content::InboundContent;
use crate::conversation::Conversation;
use crate::inbound::InboundMessage;
use crate::settings::NumberSettings;
use crate::text::words;

/// What a customer wants of automatic messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// None of them.
    Stop,
    /// To get them again.
    Start,
}

/// Whole messages, in lower case, with single spaces and without punctuation. What a customer of a
/// help desk may well mean otherwise is not among them: "cancel", "end", "no".
const STOP: [&[&str]; 5] = [
    // English
    &[
        "stop",
        "stopall",
        "stop all",
        "unsubscribe",
        "opt out",
        "optout",
        "stop messages",
    ],
    // German
    &["stopp", "abmelden", "abbestellen", "keine nachrichten mehr"],
    // French
    &[
        "arrêt",
        "arret",
        "arrêter",
        "arreter",
        "désabonner",
        "desabonner",
        "me désabonner",
        "désinscription",
    ],
    // Spanish
    &[
        "parar",
        "baja",
        "darme de baja",
        "dar de baja",
        "no más mensajes",
    ],
    // Portuguese
    &[
        "pare",
        "descadastrar",
        "cancelar inscrição",
        "sem mais mensagens",
    ],
];

const START: [&[&str]; 5] = [
    // English
    &["start", "unstop", "subscribe", "opt in", "optin"],
    // German
    &["starten", "anmelden"],
    // French
    &["démarrer", "demarrer", "réabonner", "m'abonner"],
    // Spanish
    &["iniciar", "alta", "darme de alta", "dar de alta"],
    // Portuguese
    &["começar", "voltar a receber"],
];

/// Puts down in `conversation` what `message` asks of automatic messages. `None`: nothing, or
/// nothing that is not so already; then it is a message like any other.
///
/// The conversation may have been written with this very message before, in an attempt that was
/// cut short: it is asked for by that message all the same.
pub(crate) fn heed(
    conversation: &mut Conversation,
    message: &InboundMessage,
    settings: &NumberSettings,
) -> Option<Wish> {
    let wish = wish(&message.content, settings)?;
    let opted_out = wish == Wish::Stop;
    let is_known = conversation.opted_by.as_ref() == Some(&message.wamid);
    if conversation.opted_out == opted_out {
        return is_known.then_some(wish);
    }
    conversation.opted_out = opted_out;
    conversation.opted_by = Some(message.wamid.clone());
    Some(wish)
}

/// What the whole message asks for. A question asks for an answer.
fn wish(content: &InboundContent, settings: &NumberSettings) -> Option<Wish> {
    let text = match content {
        InboundContent::Text { body } => body,
        InboundContent::Choice(choice) => &choice.title,
        _ => return None,
    };
    if text.contains(['?', '¿']) {
        return None;
    }
    let said = words(text);
    if said.is_empty() {
        return None;
    }
    let is_one_of = |built_in: [&[&str]; 5], own: &[String]| {
        let mut built_in = built_in.into_iter().flatten();
        built_in.any(|entry| words(entry) == said) || own.iter().any(|entry| words(entry) == said)
    };
    if is_one_of(STOP, &settings.stop_words) {
        Some(Wish::Stop)
    } else if is_one_of(START, &settings.start_words) {
        Some(Wish::Start)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId, Wamid};
    use crate::settings::Settings;

    fn settings() -> NumberSettings {
        let document = "[[number]]\nphone_number_id = \"1065\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\nstop_words = [\"Lass das!\"]\n";
        let settings = Settings::from_toml(document).unwrap();
        settings
            .number(&PhoneNumberId::new("1065"))
            .unwrap()
            .clone()
    }

    fn message(wamid: &str, body: &str) -> InboundMessage {
        InboundMessage {
            phone_number_id: PhoneNumberId::new("1065"),
            wamid: Wamid::new(wamid),
            from: CustomerIdentity::new(None, Some(PhoneNumber::new("49151"))).unwrap(),
            profile_name: None,
            sent_at: chrono::DateTime::UNIX_EPOCH,
            content: InboundContent::Text {
                body: body.to_owned(),
            },
            context: crate::content::Context::default(),
        }
    }

    fn conversation() -> Conversation {
        let number = PhoneNumberId::new("1065");
        let identity = CustomerIdentity::new(None, Some(PhoneNumber::new("49151"))).unwrap();
        Conversation::new(ConversationKey::new(&number, "49151"), identity)
    }

    #[test]
    fn a_whole_message_is_a_wish_and_no_part_of_one() {
        for (body, expected) in [
            ("STOP", Some(Wish::Stop)),
            (" stop. ", Some(Wish::Stop)),
            ("Stop!!", Some(Wish::Stop)),
            ("STOP 🛑", Some(Wish::Stop)),
            ("Stopp", Some(Wish::Stop)),
            ("Arrêt", Some(Wish::Stop)),
            ("DAR DE BAJA", Some(Wish::Stop)),
            ("Cancelar inscrição", Some(Wish::Stop)),
            ("lass das", Some(Wish::Stop)),
            ("Start", Some(Wish::Start)),
            ("M’abonner", Some(Wish::Start)),
            ("Stop?", None),
            ("stop, my order is wrong", None),
            ("Please stop", None),
            ("stop\nstop", None),
            ("cancel", None),
            ("🛑", None),
            ("", None),
        ] {
            assert_eq!(
                wish(&message("a", body).content, &settings()),
                expected,
                "{body}"
            );
        }
    }

    #[test]
    fn only_what_changes_something_is_heeded() {
        let mut known = conversation();
        let mut heed = |wamid: &str, body: &str| {
            let heeded = heed(&mut known, &message(wamid, body), &settings());
            (heeded, known.opted_out)
        };
        assert_eq!(
            heed("1", "start"),
            (None, false),
            "a message like any other"
        );
        assert_eq!(heed("2", "stop"), (Some(Wish::Stop), true));
        assert_eq!(
            heed("2", "stop"),
            (Some(Wish::Stop), true),
            "the same again"
        );
        assert_eq!(heed("3", "stop"), (None, true));
        assert_eq!(heed("4", "start"), (Some(Wish::Start), false));
        assert_eq!(heed("5", "start"), (None, false));
    }
}
