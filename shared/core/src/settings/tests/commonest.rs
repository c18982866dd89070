//! The most common mistakes, each with the words that help.

use super::*;

/// Returns the message about a document, or "valid".
fn said(document: &str) -> String {
    let error = Settings::from_toml(document).err();
    error.map_or_else(|| "valid".to_owned(), |error| error.to_string())
}

#[test]
fn what_is_put_in_the_place_of_an_id() {
    let with = |key: &str, value: &str| {
        let line = MINIMAL.lines().find(|line| line.starts_with(key)).unwrap();
        said(&MINIMAL.replace(line, &format!("{key} = {value}")))
    };
    let phone = "is a phone number; write the id that it has at Meta, digits such as \
                 \"106540352242922\": WhatsApp Manager shows it";
    for written in [
        "+49 30 123456",
        "+4930123456",
        "030 123456",
        "0301234567",
        "(030) 12-34-56",
        "49 30 123456",
        "1-202-555-0100",
    ] {
        assert_eq!(
            with("phone_number_id", &format!("\"{written}\"")),
            format!("line 2: [[number]] phone_number_id: \"{written}\" {phone}")
        );
    }
    let desk = "write the number of the service desk, which stands in the address of the customer \
                portal: /portal/<number>";
    let kind = "write the number of the request type, which stands in the address of the customer \
                portal: /create/<number>";
    for (key, value, message) in [
        (
            "phone_number_id",
            "\"Our support line\"",
            "line 2: [[number]] phone_number_id: \"Our support line\" is not a number's id at Meta, \
             digits such as \"106540352242922\": WhatsApp Manager shows it"
                .to_owned(),
        ),
        (
            "phone_number_id",
            "106540352242922",
            "line 2: [[number]] phone_number_id: write it in quotes: \"106540352242922\"".to_owned(),
        ),
        (
            "service_desk_id",
            "\"SUP\"",
            format!(
                "line 3: [[number]] service_desk_id: \"SUP\" is the key of a space (formerly \
                 project); {desk}"
            ),
        ),
        (
            "service_desk_id",
            "\"Support desk\"",
            format!("line 3: [[number]] service_desk_id: \"Support desk\" is not a number; {desk}"),
        ),
        (
            "service_desk_id",
            "1",
            "line 3: [[number]] service_desk_id: write it in quotes: \"1\"".to_owned(),
        ),
        (
            "request_type_id",
            "\"WhatsApp\"",
            format!("line 4: [[number]] request_type_id: \"WhatsApp\" is not a number; {kind}"),
        ),
        (
            "request_type_id",
            "\"10 \"",
            format!("line 4: [[number]] request_type_id: \"10 \" is not a number; {kind}"),
        ),
    ] {
        assert_eq!(with(key, value), message);
    }
    for id in ["1", "106540352242922", "4930123456", "PHONE_NUMBER_ID"] {
        assert_eq!(with("phone_number_id", &format!("\"{id}\"")), "valid");
    }
}

#[test]
fn fields_are_told_from_their_names() {
    for key in [
        "reference_field",
        "phone_field",
        "name_field",
        "window_field",
        "waiting_field",
        "held_field",
    ] {
        let with = |value: &str| said(&format!("{MINIMAL}{key} = \"{value}\"\n"));
        let is_shown = ["window_field", "waiting_field", "held_field"].contains(&key);
        let kind = if is_shown {
            "a custom field"
        } else {
            "a field"
        };
        for (value, meant) in [
            ("Phone", None),
            ("phone", None),
            ("customfield_", None),
            ("10051", Some("customfield_10051")),
            ("customfield10051", Some("customfield_10051")),
            ("cf[10051]", Some("customfield_10051")),
            ("Customfield_10051", Some("customfield_10051")),
        ] {
            let rest = meant.map_or_else(
                || " such as \"customfield_10051\"".to_owned(),
                |meant| format!("; did you mean \"{meant}\"?"),
            );
            assert_eq!(
                with(value),
                format!("line 5: [[number]] {key}: \"{value}\" is not the id of {kind}{rest}")
            );
        }
        assert_eq!(with("customfield_10051"), "valid");
    }
    assert_eq!(
        said(&format!("{MINIMAL}reference_field = \"description\"\n")),
        "valid"
    );
}

#[test]
fn a_key_is_looked_for_where_it_may_have_been_meant() {
    for (document, message) in [
        (
            format!("{MINIMAL}timezone = \"Europe/Berlin\"\n"),
            "line 5: [[number]] timezone: unknown key; did you mean time_zone?",
        ),
        (
            format!("{MINIMAL}delayAfter = \"30m\"\n"),
            "line 5: [[number]] delayAfter: unknown key; did you mean delay_after?",
        ),
        (
            MINIMAL.replace("service_desk_id", "servicedesk_id"),
            "line 3: [[number]] servicedesk_id: unknown key; did you mean service_desk_id?",
        ),
        (
            MINIMAL.replace("service_desk_id", "service_desk"),
            "line 3: [[number]] service_desk: unknown key; did you mean service_desk_id?",
        ),
        (
            MINIMAL.replace("phone_number_id", "phone_number"),
            "line 2: [[number]] phone_number: unknown key; did you mean phone_number_id?",
        ),
        (
            format!("{MINIMAL}surprise = 1\n"),
            "line 5: [[number]] surprise: unknown key; infra/settings.example.toml explains every key",
        ),
        (
            MINIMAL.replace("[[number]]", "[[numbers]]"),
            "line 1: numbers: unknown key; did you mean number?",
        ),
        (
            format!("delay_after = \"30m\"\n{MINIMAL}"),
            "line 1: delay_after: belongs to a number: write it below its [[number]] line",
        ),
        (
            format!("{MINIMAL}[hours]\nmonday = []\n"),
            "line 5: hours: write [number.hours]",
        ),
        (
            format!("{MINIMAL}[[holidays]]\ndate = 2026-12-24\n"),
            "line 5: holidays: write [[number.holidays]]",
        ),
        (
            format!("{MINIMAL}[number.hour]\nmonday = []\n"),
            "line 5: [[number]] hour: unknown key; did you mean hours?",
        ),
        (
            format!("{MINIMAL}monday = [\"09:00-17:00\"]\n"),
            "line 5: [[number]] monday: belongs to [number.hours]: write it below that line",
        ),
        (
            format!("{MINIMAL}delay_notice = \"a\"\n"),
            "line 5: [[number]] delay_notice: belongs to [number.texts.en]: write it below that line",
        ),
        (
            format!("{MINIMAL}[number.hours]\nmonday = [\"09:00-17:00\"]\ndelay_after = \"1h\"\n"),
            "line 7: [number.hours] delay_after: belongs to [[number]]: write it above \
             [number.hours], since whatever follows that line is part of that table",
        ),
        (
            format!("{MINIMAL}other_numbers = [\"2\"]\n"),
            "line 5: [[number]] other_numbers: belongs to the top of the file, before the first \
             [[number]]",
        ),
        (
            format!("{MINIMAL}[number.texts.de]\nlost_flie = \"a\"\n"),
            "line 6: [number.texts.de] lost_flie: unknown key; did you mean lost_file?",
        ),
        (
            format!("{MINIMAL}mark_read = \"store\"\n"),
            "line 5: [[number]] mark_read: must be \"stored\", \"answered\" or \"never\"; did you \
             mean \"stored\"?",
        ),
        (
            format!("{MINIMAL}unwanted = \"drop\"\n"),
            "line 5: [[number]] unwanted: must be \"record\" or \"ignore\"",
        ),
        (
            format!("{MINIMAL}time_zone = \"europe/berlin\"\n"),
            "line 5: [[number]] time_zone: \"europe/berlin\" is not a time zone; did you mean \
             \"Europe/Berlin\"?",
        ),
        (
            format!("{MINIMAL}time_zone = \"Europe/Berln\"\n"),
            "line 5: [[number]] time_zone: \"Europe/Berln\" is not a time zone; did you mean \
             \"Europe/Berlin\"?",
        ),
    ] {
        assert_eq!(said(&document), message, "{document}");
    }
}

#[test]
fn brackets_and_quotes() {
    for (more, message) in [
        (
            "stop_words = \"halt\"\n",
            "line 5: [[number]] stop_words: write a list: [\"halt\"]",
        ),
        (
            "agent_name = \"true\"\n",
            "line 5: [[number]] agent_name: write true or false, without quotes",
        ),
        (
            "agent_name = 1\n",
            "line 5: [[number]] agent_name: write true or false, without quotes",
        ),
        (
            "keep_open_times = \"2\"\n",
            "line 5: [[number]] keep_open_times: write a whole number, without quotes",
        ),
        (
            "keep_open_times = 1.5\n",
            "line 5: [[number]] keep_open_times: write a whole number, without quotes",
        ),
        (
            "hold_for = 14\n",
            "line 5: [[number]] hold_for: write a duration in quotes, such as \"30m\"",
        ),
        (
            "hold_for = 14d\n",
            "line 5: hold_for: write it in quotes: \"14d\"",
        ),
        (
            "quiet_hours = 22\n",
            "line 5: [[number]] quiet_hours: write a time range in quotes, such as \"09:00-17:30\"",
        ),
        (
            "quiet_hours = 22:00-08:00\n",
            "line 5: quiet_hours: write it in quotes: \"22:00-08:00\"",
        ),
        (
            "quiet_hours = \"10pm-8am\"\n",
            "line 5: [[number]] quiet_hours: \"10pm-8am\" is not a time range such as \"09:00-17:30\", or \"none\"",
        ),
        (
            "language = de\n",
            "line 5: language: write it in quotes: \"de\"",
        ),
        (
            "language = “de”\n",
            "line 5: language: write straight quotation marks: \"...\"",
        ),
        (
            "language = \"de\n",
            "line 5: language: the quotation mark at its end is missing",
        ),
        (
            "agent_name = yes\n",
            "line 5: agent_name: write true or false",
        ),
        (
            "agent_name = True\n",
            "line 5: agent_name: write true or false",
        ),
        ("agent_name =\n", "line 5: agent_name: has no value"),
        (
            "agent_name\n",
            "line 5: is neither a table such as [[number]] nor a setting: write key = value",
        ),
        (
            "language = \"de\"\nlanguage = \"en\"\n",
            "line 6: language: is given twice",
        ),
        (
            "hours = \"09:00-17:00\"\n",
            "line 5: [[number]] hours: must be a table of its own: [number.hours]",
        ),
        (
            "[[number.hours]]\nmonday = []\n",
            "line 5: [[number]] hours: write [number.hours] with one pair of brackets",
        ),
        (
            "[[number.reopening_template]]\nname = \"a\"\n",
            "line 5: [[number]] reopening_template: write [number.reopening_template] with one pair of brackets",
        ),
        (
            "[number.holidays]\ndate = 2026-12-24\n",
            "line 5: [[number]] holidays: write [[number.holidays]] with two brackets",
        ),
        (
            "[number.hours\nmonday = []\n",
            "line 5: the brackets of [number.hours do not match",
        ),
        (
            "[number.hours]\nmonday = [\"09:00-17:00\"\ntuesday = []\n",
            "line 6: monday: is a list that does not end: a bracket ] is missing",
        ),
        (
            "[[number.holidays]]\ndate = 24.12.2026\n",
            "line 6: date: 24.12.2026 is not a date such as 2026-12-24",
        ),
        (
            "[[number.holidays]]\ndate = 24/12/2026\n",
            "line 6: date: 24/12/2026 is not a date such as 2026-12-24",
        ),
        (
            "[[number.holidays]]\ndate = 12/24/26 # Eve\n",
            "line 6: date: 12/24/26 is not a date such as 2026-12-24",
        ),
        (
            "[[number.holidays]]\ndate = 2026-13-01\n",
            "line 6: date: 2026-13-01 is not a date such as 2026-12-24",
        ),
    ] {
        assert_eq!(said(&format!("{MINIMAL}{more}")), message, "{more}");
    }
    for (document, message) in [
        (
            "",
            "line 1: no [[number]] table: add one for each WhatsApp number",
        ),
        (
            "# nothing yet\n",
            "line 1: no [[number]] table: add one for each WhatsApp number",
        ),
        (
            "[number]\nphone_number_id = \"1\"\n",
            "line 1: number: write [[number]] with two brackets",
        ),
        ("[[number]]\n", "line 1: [[number]]: needs phone_number_id"),
    ] {
        assert_eq!(said(document), message, "{document}");
    }
    assert_eq!(said(&format!("\u{feff}{MINIMAL}")), "valid");
    assert_eq!(said(&MINIMAL.replace('\n', "\r\n")), "valid");
}

#[test]
fn other_numbers_are_somebody_elses() {
    let with = |list: &str| format!("other_numbers = {list}\n{MINIMAL}");
    let settings = Settings::from_toml(&with("[\"2\", \"3\"]")).unwrap();
    let served = |id: &str| settings.served(&PhoneNumberId::new(id));
    assert!(matches!(served("1"), Served::Here(number) if number.service_desk_id == "2"));
    assert_eq!(served("2"), Served::Elsewhere);
    assert_eq!(served("3"), Served::Elsewhere);
    assert_eq!(served("4"), Served::Unknown);
    // The number in the samples of Meta's dashboard.
    assert_eq!(served("123456123"), Served::Elsewhere);
    for (list, message) in [
        (
            "[\"1\"]",
            "line 1: other_numbers: \"1\" has a [[number]] table as well",
        ),
        (
            "[\"2\", \"2\"]",
            "line 1: other_numbers: \"2\" is given twice",
        ),
        ("[\n  \"2\",\n  \"\",\n]", "line 3: other_numbers: is empty"),
        ("\"2\"", "line 1: other_numbers: write a list: [\"2\"]"),
        ("[2]", "line 1: other_numbers: write it in quotes: \"2\""),
        (
            "[\"+49 30 123456\"]",
            "line 1: other_numbers: \"+49 30 123456\" is a phone number; write the id that it has at \
             Meta, digits such as \"106540352242922\": WhatsApp Manager shows it",
        ),
    ] {
        assert_eq!(said(&with(list)), message, "{list}");
    }
    let account = format!("{MINIMAL}business_account_id = \"1\"\n");
    assert_eq!(
        said(&account),
        "line 5: [[number]] business_account_id: is the number's own id; the account has another \
         one: WhatsApp Manager shows it"
    );
}
