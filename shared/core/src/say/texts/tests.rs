use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::*;
use crate::hours::BusinessHours;
use crate::model::conversation::Conversation;
use crate::model::identity::{
    ConversationKey, CustomerIdentity, IssueId, IssueRef, PhoneNumber, PhoneNumberId,
};
use crate::say::languages::placeholders;

const LANGUAGES: [&str; 6] = ["en", "de", "fr", "es", "pt", "pt_PT"];

fn language(code: &str) -> Language {
    code.parse().unwrap()
}

/// Returns the placeholders of a text.
fn placeholders(text: &str) -> Vec<&str> {
    let words = text.split('{').skip(1);
    let mut words: Vec<&str> = words.filter_map(|word| word.split('}').next()).collect();
    words.sort_unstable();
    words
}

fn conversation(name: Option<&str>, issue: Option<&str>) -> Conversation {
    let number = PhoneNumberId::new("1065");
    let identity = CustomerIdentity::new(None, Some(PhoneNumber::new("49151"))).unwrap();
    let mut conversation = Conversation::new(ConversationKey::new(&number, "49151"), identity);
    conversation.profile_name = name.map(Into::into);
    conversation.issue = issue.map(|key| IssueRef {
        id: IssueId::new("1"),
        key: key.to_owned(),
    });
    conversation
}

/// Creates hours that open on Mondays at nine.
fn hours() -> BusinessHours {
    let mut week: [Vec<crate::hours::Slot>; 7] = Default::default();
    week[0] = vec!["09:00-17:00".parse().unwrap()];
    BusinessHours::new(Tz::Europe__Berlin, week, Vec::new())
}

/// Returns a Friday: 2026-11-27 18:30 in Berlin.
fn friday() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_800_600, 0).unwrap()
}

#[test]
fn every_language_has_the_same_texts_and_all_are_usable() {
    for code in LANGUAGES {
        let texts = Texts::new(language(code), OwnTexts::new());
        assert_eq!(texts.missing().count(), 0, "{code}");
        for key in TextKey::ALL {
            let Some(text) = languages::text(&language(code), key) else {
                assert!(key.stands_in().is_some(), "{code} {}", key.name());
                continue;
            };
            key.check(text)
                .unwrap_or_else(|error| panic!("{code} {} {error}", key.name()));
            let english = languages::english(key).unwrap();
            assert_eq!(
                placeholders(text),
                placeholders(english),
                "{code} {}",
                key.name()
            );
            let is_format = matches!(key, TextKey::OpeningFormat | TextKey::TimeFormat);
            assert!(
                code == "en" || is_format || text != english,
                "{code} {}",
                key.name()
            );
        }
    }
    let unknown = Texts::new(language("nl"), OwnTexts::new());
    assert_eq!(unknown.missing().count(), TextKey::ALL.len() - 3);
}

#[test]
fn a_customer_is_told_by_name_when_it_opens_again() {
    let known = conversation(Some(" Ana\nLima "), Some("SUP-7"));
    for (code, name, opening) in [
        (
            "en",
            "message, Ana Lima.",
            "again on Monday, 30 November, at 09:00.",
        ),
        (
            "de",
            "Nachricht, Ana Lima.",
            "Ab Montag, 30. November, 9:00 Uhr sind",
        ),
        (
            "fr",
            "message, Ana Lima.",
            "rouvrons le lundi 30 novembre à 9h00.",
        ),
        (
            "es",
            "mensaje, Ana Lima.",
            "de nuevo el lunes 30 de noviembre a las 9:00.",
        ),
        (
            "pt",
            "mensagem, Ana Lima.",
            "atendimento: segunda, 30 de novembro, às 9h00.",
        ),
        (
            "pt_PT",
            "mensagem, Ana Lima.",
            "Próximo atendimento: segunda, 30 de novembro, às 09:00.",
        ),
    ] {
        let texts = Texts::new(language(code), OwnTexts::new());
        let said = Words::new(&texts, &known, &hours(), friday()).say(TextKey::DelayNoticeClosed);
        assert!(said.contains(name) && said.contains(opening), "{said}");
    }
}

#[test]
fn what_is_not_known_leaves_a_good_text() {
    let always = BusinessHours::always(Tz::UTC, Vec::new());
    let nobody = conversation(None, None);
    for code in LANGUAGES {
        let texts = Texts::new(language(code), OwnTexts::new());
        for key in TextKey::ALL {
            let said = Words::new(&texts, &nobody, &always, friday()).say(key);
            let has_gap = [" ,", " .", ",.", ",,", "  ", "{"]
                .iter()
                .any(|gap| said.contains(gap));
            assert!(!said.is_empty() && !has_gap, "{code} {} {said}", key.name());
        }
    }
}

#[test]
fn sentences_without_a_value_and_names_nobody_has() {
    let filled = |text: &str, name: Option<&str>| {
        placeholders::filled(text, |placeholder| match placeholder {
            Placeholder::Name => name.map(str::to_owned),
            Placeholder::LocalTime => Some("18:30".to_owned()),
            Placeholder::Request | Placeholder::NextOpening => None,
        })
    };
    for (text, with, without) in [
        (
            "Hello {name}, we are back.",
            "Hello Ana, we are back.",
            "Hello, we are back.",
        ),
        ("Hello, {name}!", "Hello, Ana!", "Hello!"),
        ("{name}, thank you.", "Ana, thank you.", "Thank you."),
        (
            "¡Hola, {name}! Gracias.",
            "¡Hola, Ana! Gracias.",
            "¡Hola! Gracias.",
        ),
        ("¡{name}, gracias!", "¡Ana, gracias!", "¡Gracias!"),
        (
            "Bonjour {name} ! Merci.",
            "Bonjour Ana ! Merci.",
            "Bonjour ! Merci.",
        ),
        ("Dear *{name}*: hello", "Dear *Ana*: hello", "Dear: hello"),
        (
            "Thank you {name} for it",
            "Thank you Ana for it",
            "Thank you for it",
        ),
        (
            "{name}!\nWe are back.",
            "Ana!\nWe are back.",
            "We are back.",
        ),
        ("Hi {name}", "Hi Ana", "Hi"),
        ("Hi. Open on {next_opening}. Bye", "Hi. Bye", "Hi. Bye"),
        (
            "Hi.\n\nOpen on {next_opening}.\n\nBye",
            "Hi.\n\nBye",
            "Hi.\n\nBye",
        ),
        ("Hi.\n\nOpen on {next_opening}.", "Hi.", "Hi."),
        (
            "It is {local_time}. See {request}!",
            "It is 18:30.",
            "It is 18:30.",
        ),
        ("{ok} {} { x }", "{ok} {} { x }", "{ok} {} { x }"),
    ] {
        assert_eq!(filled(text, Some("Ana")), with, "{text}");
        assert_eq!(filled(text, None), without, "{text}");
    }
    let sly = filled(
        "Hello {name}. It is {local_time}.",
        Some("{local_time} {request}"),
    );
    assert_eq!(sly, "Hello {local_time} {request}. It is 18:30.");
}

#[test]
fn a_profile_name_is_cut_and_must_be_one() {
    let texts = Texts::new(
        language("en"),
        OwnTexts::from([(TextKey::LostFile, "Hi {name}!".to_owned())]),
    );
    let long = "Ana ".repeat(40);
    for (name, expected) in [
        (Some("Ana"), "Hi Ana!".to_owned()),
        (Some("🌹"), "Hi!".to_owned()),
        (Some(" . "), "Hi!".to_owned()),
        (None, "Hi!".to_owned()),
        (Some(long.as_str()), format!("Hi {}…!", &long[..59])),
    ] {
        let conversation = conversation(name, None);
        let words = Words::new(&texts, &conversation, &hours(), friday());
        assert_eq!(words.say(TextKey::LostFile), expected);
    }
}

#[test]
fn the_first_of_a_month_is_written_as_the_country_does() {
    let known = conversation(None, None);
    let mut week: [Vec<crate::hours::Slot>; 7] = Default::default();
    week[1] = vec!["09:00-17:00".parse().unwrap()];
    let tuesdays = BusinessHours::new(Tz::Europe__Berlin, week, Vec::new());
    for (code, expected) in [
        ("en", "Tuesday, 1 December, at 09:00"),
        ("en_GB", "Tuesday, 1 December, at 09:00"),
        ("en_US", "Tuesday, December 1, at 9:00 AM"),
        ("de_CH", "Dienstag, 1. Dezember, 9:00 Uhr"),
        ("fr", "mardi 1er décembre à 9h00"),
        ("es", "martes 1 de diciembre a las 9:00"),
        ("es_MX", "martes 1 de diciembre a las 9:00"),
        ("pt", "terça, 1º de dezembro, às 9h00"),
        ("pt_BR", "terça, 1º de dezembro, às 9h00"),
        ("pt_PT", "terça, 1 de dezembro, às 09:00"),
    ] {
        let own = OwnTexts::from([(TextKey::LostFile, "{next_opening}".to_owned())]);
        let texts = Texts::new(language(code), own);
        let said = Words::new(&texts, &known, &tuesdays, friday()).say(TextKey::LostFile);
        assert_eq!(said, expected, "{code}");
    }
}

#[test]
fn countries_write_dates_in_their_own_way() {
    let known = conversation(None, None);
    let own = OwnTexts::from([
        (
            TextKey::LostFile,
            "Hi. {next_opening}, {local_time}".to_owned(),
        ),
        (TextKey::OpeningFormat, "%A".to_owned()),
    ]);
    for (code, expected) in [
        ("pt_PT", "Hi. segunda, 18:30"),
        // Nothing is known of these countries.
        ("pt_GW", "Hi. segunda, 18:30"),
        ("de_US", "Hi. Montag, 18:30 Uhr"),
        ("de_AT", "Hi. Montag, 18:30 Uhr"),
        ("it", "Hi. lunedì, 18:30"),
        ("zz", "Hi. Monday, 18:30"),
    ] {
        let texts = Texts::new(language(code), own.clone());
        let words = Words::new(&texts, &known, &hours(), friday());
        assert_eq!(words.say(TextKey::LostFile), expected, "{code}");
    }
}

#[test]
fn languages_have_codes() {
    for (code, expected) in [
        ("en", Some(("en", "en"))),
        ("pt_BR", Some(("pt_BR", "pt"))),
        ("pt-BR", Some(("pt_BR", "pt"))),
        ("fil", Some(("fil", "fil"))),
        ("EN", None),
        ("english", None),
        ("pt_br", None),
        ("", None),
    ] {
        let language = code.parse::<Language>().ok();
        let parts = language
            .as_ref()
            .map(|language| (language.as_str(), language.base()));
        assert_eq!(parts, expected, "{code}");
    }
}
