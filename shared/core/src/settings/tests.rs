use chrono::Duration;
use chrono_tz::Tz;

use super::*;
use crate::model::identity::{Bsuid, CustomerIdentity, PhoneNumber};
use crate::say::texts::{Language, TextKey};

mod commonest;
mod mistakes;

const MINIMAL: &str =
    "[[number]]\nphone_number_id = \"1\"\nservice_desk_id = \"2\"\nrequest_type_id = \"3\"\n";

const EXAMPLE: &str = include_str!("../../../../infra/settings.example.toml");

fn number(more: &str) -> NumberSettings {
    let settings = Settings::from_toml(&format!("{MINIMAL}{more}")).unwrap();
    settings.number(&PhoneNumberId::new("1")).unwrap().clone()
}

fn customer(phone: &str) -> CustomerIdentity {
    CustomerIdentity::new(None, Some(PhoneNumber::new(phone))).unwrap()
}

#[test]
fn the_example_is_valid_and_explains_every_key() {
    let settings = Settings::from_toml(EXAMPLE).unwrap();
    assert_eq!(settings.numbers().len(), 1);
    for key in keys::tables().into_iter().flat_map(|(_, keys)| keys) {
        let is_set = EXAMPLE.lines().any(|line| {
            let line = line.trim_start_matches("# ");
            line.starts_with(&format!("{key} = "))
                || line.starts_with(&format!("[number.{key}"))
                || line.starts_with(&format!("[[number.{key}"))
                || line == format!("[[{key}]]")
        });
        assert!(is_set, "{key}");
    }
}

#[test]
fn three_keys_are_enough() {
    let number = number("");
    assert_eq!(number.delay_after, Duration::minutes(30));
    assert_eq!(number.reference_field, "description");
    assert_eq!(number.time_zone, Tz::UTC);
    assert_eq!(number.reopen_within, Duration::days(3));
    assert_eq!(number.hold_for, Duration::days(14));
    assert_eq!(number.keep_open_lead, Duration::hours(2));
    assert_eq!(number.keep_open_times, 2);
    assert_eq!(number.alert_lead, Duration::hours(4));
    assert_eq!(number.mark_read, MarkRead::Stored);
    assert_eq!(number.automation_comments, AutomationComments::Notice);
    assert_eq!(number.automation_limit, 3);
    assert_eq!(number.automation_after_stop, AfterStop::Nothing);
    assert!(!number.agent_name && !number.typing_indicator);
    assert_eq!(
        [number.phone_field, number.name_field, number.window_field],
        [None, None, None]
    );
    assert_eq!((number.waiting_field, number.held_field), (None, None));
    assert!(number.thanks_words.is_empty() && number.stop_words.is_empty());
    assert_eq!(number.reopening_template, None);
    assert_eq!(number.senders.unwanted(&customer("49151")), None);
    assert_eq!(number.languages.default_language().as_str(), "en");
    let midnight = chrono::DateTime::from_timestamp(1_790_035_200, 0).unwrap();
    assert!(number.hours.is_open(midnight) && number.quiet_hours.contains(midnight));
    let settings = Settings::from_toml(MINIMAL).unwrap();
    assert!(settings.number(&PhoneNumberId::new("9")).is_none());
}

#[test]
fn the_longest_beginning_of_a_number_tells_the_language() {
    let languages = number(
        "language = \"de\"\n[number.languages]\n1 = \"en\"\n1787 = \"es\"\n\"+351\" = \"pt_PT\"\nFR = \"fr\"\n",
    )
    .languages;
    for (phone, expected) in [
        ("12025550100", "en"),
        ("17875550100", "es"),
        ("351912345678", "pt_PT"),
        ("4915112345678", "de"),
        ("33612345678", "de"),
        ("1", "en"),
    ] {
        assert_eq!(languages.of(&customer(phone)).as_str(), expected, "{phone}");
    }
    let bsuid = |id: &str| CustomerIdentity::new(Some(Bsuid::new(id)), None).unwrap();
    assert_eq!(languages.of(&bsuid("FR.12")).as_str(), "fr");
    assert_eq!(languages.of(&bsuid("DE.12")).as_str(), "de");
    let both = CustomerIdentity::new(Some(Bsuid::new("FR.12")), Some(PhoneNumber::new("1202")));
    assert_eq!(languages.of(&both.unwrap()).as_str(), "en");
}

#[test]
fn own_texts_go_before_those_of_the_language_without_a_country_and_ours() {
    let number = number(
        "language = \"pt_PT\"\n[number.texts.pt]\nlost_file = \"pt\"\nopted_in = \"pt\"\n[number.texts.pt_PT]\nlost_file = \"pt_PT\"\n",
    );
    let texts = number.languages.texts_for(&customer("49151"));
    assert_eq!(texts.text(TextKey::LostFile), "pt_PT");
    assert_eq!(texts.text(TextKey::OptedIn), "pt");
    assert!(
        texts
            .text(TextKey::DelayNotice)
            .starts_with("Agradecemos a sua")
    );
    assert_eq!(
        texts.text(TextKey::FirstContact),
        texts.text(TextKey::DelayNotice)
    );
}

#[test]
fn a_language_of_the_owner_has_all_texts() {
    let table = "[number.texts.nl]\ndelay_notice = \"a\"\ndelay_notice_closed = \"b\"\nkeep_open_prompt = \"c\"\nkeep_open_button = \"d\"\nlost_file = \"e\"\nopted_out = \"f\"\nopted_in = \"g\"\nopening_format = \"%c\"\n";
    let settings =
        |more: &str| Settings::from_toml(&format!("{MINIMAL}language = \"nl\"\n{table}{more}"));
    assert_eq!(
        settings("").unwrap_err().to_string(),
        "line 5: [[number]] language: Casement has no texts in \"nl\": [number.texts.nl] must have time_format"
    );
    assert!(settings("time_format = \"%X\"\n").is_ok());
}

#[test]
fn blocked_and_allowed_customers_are_known_by_every_identifier() {
    let list = "blocked = [\"+49 (151) 234-5678\", \"DE.1\"]\nunwanted = \"ignore\"\n";
    let blocking = number(list).senders;
    let allowing = number("allowed = [\"4930123456\"]\n").senders;
    let of = |bsuid: Option<&str>, phone: &str| {
        let phone = Some(PhoneNumber::new(phone));
        CustomerIdentity::new(bsuid.map(Bsuid::new), phone).unwrap()
    };
    for (customer, blocked, allowed) in [
        (
            of(None, "491512345678"),
            Some(Unwanted::Ignore),
            Some(Unwanted::Record),
        ),
        (
            of(Some("DE.1"), "1"),
            Some(Unwanted::Ignore),
            Some(Unwanted::Record),
        ),
        (of(Some("DE.2"), "4930123456"), None, None),
        (of(None, "49151"), None, Some(Unwanted::Record)),
    ] {
        assert_eq!(blocking.unwanted(&customer), blocked, "{customer:?}");
        assert_eq!(allowing.unwanted(&customer), allowed, "{customer:?}");
    }
    assert!(!format!("{blocking:?}").contains("49"));
}

#[test]
fn a_reopening_template_has_a_code_for_everybody() {
    let template = number(
        "[number.reopening_template]\nname = \"answer_ready\"\n[number.reopening_template.languages]\nen = \"en_US\"\nde = \"de\"\n",
    )
    .reopening_template
    .unwrap();
    let language = |code: &str| code.parse::<Language>().unwrap();
    assert_eq!(template.name, "answer_ready");
    assert_eq!(template.code(&language("de")), "de");
    assert_eq!(template.code(&language("fr")), "en_US");
    let one = number("[number.reopening_template]\nname = \"a\"\nlanguage = \"es_MX\"\n");
    assert_eq!(
        one.reopening_template.unwrap().code(&language("de")),
        "es_MX"
    );
}

#[test]
fn a_reopening_template_is_known_in_every_spelling_of_its_languages() {
    let template = number(
        "[number.reopening_template]\nname = \"answer_ready\"\n[number.reopening_template.languages]\nen = \"en_US\"\nde = \"de\"\n",
    )
    .reopening_template
    .unwrap();
    for (name, language, expected) in [
        ("answer_ready", "en_US", true),
        ("answer_ready", "en-US", true),
        ("answer_ready", "de", true),
        ("answer_ready", "", true),
        ("answer_ready", "fr", false),
        ("answer", "de", false),
    ] {
        assert_eq!(template.is(name, language), expected, "{name} {language}");
    }
}
