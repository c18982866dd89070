//! Owners' mistakes, and the messages about them.

use super::*;

#[test]
fn mistakes_are_named_with_their_place() {
    let long = "x".repeat(4097);
    for (more, message) in [
        // Kinds and keys.
        (
            "delay_afer = \"1h\"\n",
            "line 5: [[number]] delay_afer: unknown key; did you mean delay_after?",
        ),
        (
            "delay_after = 30\n",
            "line 5: [[number]] delay_after: write a duration in quotes, such as \"30m\"",
        ),
        (
            "agent_name = \"yes\"\n",
            "line 5: [[number]] agent_name: write true or false, without quotes",
        ),
        (
            "mark_read = \"always\"\n",
            "line 5: [[number]] mark_read: must be \"stored\", \"answered\" or \"never\"",
        ),
        (
            "keep_open_times = 11\n",
            "line 5: [[number]] keep_open_times: must be 0 to 10",
        ),
        (
            "keep_open_times = -1\n",
            "line 5: [[number]] keep_open_times: must be 0 to 10",
        ),
        // Times.
        (
            "time_zone = \"Berlin\"\n",
            "line 5: [[number]] time_zone: \"Berlin\" is not a time zone; did you mean \"Europe/Berlin\"?",
        ),
        (
            "delay_after = \"soon\"\n",
            "line 5: [[number]] delay_after: \"soon\" is not a duration such as \"30m\" or \"2h\"",
        ),
        (
            "delay_after = \"0s\"\n",
            "line 5: [[number]] delay_after: must be 1s to 23h",
        ),
        (
            "delay_after = \"24h\"\n",
            "line 5: [[number]] delay_after: must be 1s to 23h",
        ),
        (
            "reopen_within = \"366d\"\n",
            "line 5: [[number]] reopen_within: must be at most 365d",
        ),
        (
            "hold_for = \"91d\"\n",
            "line 5: [[number]] hold_for: must be 1h to 90d",
        ),
        (
            "keep_open_lead = \"1m\"\n",
            "line 5: [[number]] keep_open_lead: must be 5m to 23h",
        ),
        (
            "alert_lead = \"1day\"\n",
            "line 5: [[number]] alert_lead: must be at most 23h",
        ),
        (
            "quiet_hours = \"night\"\n",
            "line 5: [[number]] quiet_hours: \"night\" is not a time range such as \"09:00-17:30\", or \"none\"",
        ),
        // Fields and words.
        (
            "window_field = \"duedate\"\n",
            "line 5: [[number]] window_field: \"duedate\" is not the id of a custom field such as \"customfield_10051\"",
        ),
        (
            "name_field = \"Your name\"\n",
            "line 5: [[number]] name_field: \"Your name\" is not the id of a field such as \"customfield_10051\"",
        ),
        (
            "reference_field = \"\"\n",
            "line 5: [[number]] reference_field: \"\" is not the id of a field such as \"customfield_10051\"",
        ),
        (
            "business_account_id = \"+49 1\"\n",
            "line 5: [[number]] business_account_id: \"+49 1\" is not the id of a WhatsApp Business Account such as \"102290129340398\"",
        ),
        (
            "window_field = \"customfield_1\"\nwaiting_field = \"customfield_1\"\n",
            "line 6: [[number]] waiting_field: is the field of window_field",
        ),
        (
            "held_field = \"customfield_1\"\nphone_field = \"customfield_1\"\n",
            "line 5: [[number]] held_field: is the field of phone_field",
        ),
        (
            "phone_field = \"customfield_1\"\nname_field = \"customfield_1\"\n",
            "line 6: [[number]] name_field: is the field of phone_field",
        ),
        (
            "thanks_words = [\"dank u\", \"!\"]\n",
            "line 5: [[number]] thanks_words: \"!\" has no word and no emoji",
        ),
        (
            "stop_words = [\n  \"halt\",\n  \"✋\",\n]\n",
            "line 7: [[number]] stop_words: \"✋\" has no word",
        ),
        // Customers.
        (
            "blocked = [\"0151 234567\"]\n",
            "line 5: [[number]] blocked: \"0151 234567\" is neither a phone number with its country code such as \"+49 151 2345678\" nor a BSUID such as \"DE.1234\"",
        ),
        (
            "blocked = [\"DE.1\"]\nallowed = [\"DE.1\"]\n",
            "line 6: [[number]] allowed: \"DE.1\" is blocked as well",
        ),
        // Hours.
        (
            "[number.hours]\nmonday = \"09:00-17:00\"\n",
            "line 6: [number.hours] monday: write a list: [\"09:00-17:00\"]",
        ),
        (
            "[number.hours]\nmonday = [\"9-17\"]\n",
            "line 6: [number.hours] monday: \"9-17\" is not a time range such as \"09:00-17:30\"",
        ),
        (
            "[number.hours]\nmonday = [\"09:00-25:00\"]\n",
            "line 6: [number.hours] monday: \"09:00-25:00\" is not a time range such as \"09:00-17:30\"",
        ),
        (
            "[number.hours]\nmonday = [\"24:00-06:00\"]\n",
            "line 6: [number.hours] monday: \"24:00-06:00\" is not a time range such as \"09:00-17:30\"",
        ),
        (
            "[number.hours]\nmonday = [\"09:00-09:00\"]\n",
            "line 6: [number.hours] monday: \"09:00-09:00\" ends when it begins; the whole day is \"00:00-24:00\"",
        ),
        (
            "[number.hours]\nmonday = [\n  \"12:00-17:00\",\n  \"09:00-12:30\",\n]\n",
            "line 7: [number.hours] monday: 09:00-12:30 and 12:00-17:00 overlap",
        ),
        (
            "[number.hours]\nmonday = [\"09:00-17:00\"]\nsunday = [\"17:00-09:30\"]\n",
            "line 7: [number.hours] sunday: 17:00-09:30 goes on into 09:00-17:00 of monday",
        ),
        (
            "[number.hours]\nmonady = []\n",
            "line 6: [number.hours] monady: unknown key; did you mean monday?",
        ),
        (
            "[number.hours]\n",
            "line 5: [number.hours]: has no hours on any day; without the table it is always open",
        ),
        (
            "[[number.holidays]]\ndate = 2026-02-30\n",
            "line 6: date: 2026-02-30 is not a date such as 2026-12-24",
        ),
        (
            "[[number.holidays]]\ndate = 09:00:00\n",
            "line 6: [[number.holidays]] date: \"09:00:00\" is not a date such as 2026-12-24",
        ),
        (
            "[[number.holidays]]\ndate = \"24.12.\"\n",
            "line 6: [[number.holidays]] date: \"24.12.\" is not a date such as 2026-12-24",
        ),
        (
            "[[number.holidays]]\nname = \"Christmas\"\n",
            "line 5: [[number.holidays]]: needs either `date`, or `from` and `to`",
        ),
        (
            "[[number.holidays]]\nfrom = 2026-12-24\n",
            "line 5: [[number.holidays]]: needs either `date`, or `from` and `to`",
        ),
        (
            "[[number.holidays]]\nfrom = 2027-01-01\nto = 2026-12-24\n",
            "line 5: [[number.holidays]]: ends before it begins",
        ),
        (
            "[[number.holidays]]\ndate = 2026-12-24\nhours = [\"09:00-12:00\", \"11:00-13:00\"]\n",
            "line 7: [[number.holidays]] hours: 09:00-12:00 and 11:00-13:00 overlap",
        ),
        // Languages and texts.
        (
            "language = \"german\"\n",
            "line 5: [[number]] language: \"german\" is not a language such as \"de\" or \"pt_BR\"",
        ),
        (
            "language = \"pl\"\n",
            "line 5: [[number]] language: Casement has no texts in \"pl\": [number.texts.pl] must have delay_notice, delay_notice_closed, keep_open_prompt, keep_open_button, lost_file, opted_out, opted_in, opening_format, time_format",
        ),
        (
            "[number.languages]\n49 = \"de\"\n48 = \"pl\"\n[number.texts.pl]\nlost_file = \"a\"\n",
            "line 7: [number.languages] 48: Casement has no texts in \"pl\": [number.texts.pl] must have delay_notice, delay_notice_closed, keep_open_prompt, keep_open_button, opted_out, opted_in, opening_format, time_format",
        ),
        (
            "[number.languages]\nGermany = \"de\"\n",
            "line 6: [number.languages] Germany: \"Germany\" is neither a calling code such as 49 nor a country such as DE",
        ),
        (
            "[number.texts.english]\n",
            "line 5: [number.texts] english: \"english\" is not a language such as \"de\" or \"pt_BR\"",
        ),
        (
            "[number.texts.en]\nlost_fil = \"a\"\n",
            "line 6: [number.texts.en] lost_fil: unknown key; did you mean lost_file?",
        ),
        (
            "[number.texts.en]\ndelay_notice = \" \"\n",
            "line 6: [number.texts.en] delay_notice: is empty",
        ),
        (
            "[number.texts.en]\ndelay_notice = \"Dear {nmae}\"\n",
            "line 6: [number.texts.en] delay_notice: unknown placeholder {nmae}; there are {name}, {request}, {next_opening} and {local_time}",
        ),
        (
            "[number.texts.en]\ndelay_notice_closed = \"Until {next_opening}.\"\n",
            "line 6: [number.texts.en] delay_notice_closed: says nothing when its placeholders have no value; add a sentence without them",
        ),
        (
            "[number.texts.en]\nkeep_open_button = \"Yes, I still need help\"\n",
            "line 6: [number.texts.en] keep_open_button: has 22 characters; WhatsApp takes 20 here",
        ),
        (
            "[number.texts.en]\nkeep_open_button = \"Yes {request}\"\n",
            "line 6: [number.texts.en] keep_open_button: takes no placeholders",
        ),
        (
            "[number.texts.en]\ntime_format = \"HH:MM\"\n",
            "line 6: [number.texts.en] time_format: is not a date or time such as \"%A, %-d %B, %H:%M\"",
        ),
        (
            "[number.texts.en]\ntime_format = \"%H:%Q\"\n",
            "line 6: [number.texts.en] time_format: is not a date or time such as \"%A, %-d %B, %H:%M\"",
        ),
        // The template.
        (
            "[number.reopening_template]\nlanguage = \"en\"\n",
            "line 5: [number.reopening_template]: needs name",
        ),
        (
            "[number.reopening_template]\nname = \"Answer ready\"\n",
            "line 6: [number.reopening_template] name: \"Answer ready\" is not the name of a template: lower-case letters, digits and underscores",
        ),
        (
            "[number.reopening_template]\nname = \"a\"\nlanguages = { de = \"de\" }\n",
            "line 5: [number.reopening_template]: needs `language`, or in [number.reopening_template.languages] a code for \"en\"",
        ),
    ] {
        let document = format!("{MINIMAL}{more}");
        let error = Settings::from_toml(&document).unwrap_err();
        assert_eq!(error.to_string(), message, "{document}");
    }
    for (document, message) in [
        (
            String::new(),
            "line 1: no [[number]] table: add one for each WhatsApp number",
        ),
        (
            "number = []".to_owned(),
            "line 1: no [[number]] table: add one for each WhatsApp number",
        ),
        (
            "\n[[number]]\nphone_number_id = \"1\"\n".to_owned(),
            "line 2: [[number]]: needs service_desk_id",
        ),
        (
            MINIMAL.replace("\"1\"", "\"\""),
            "line 2: [[number]] phone_number_id: is empty",
        ),
        (
            MINIMAL.replace("\"2\"", "\" \""),
            "line 3: [[number]] service_desk_id: is empty",
        ),
        (
            format!("{MINIMAL}{MINIMAL}"),
            "line 6: [[number]] phone_number_id: is given twice",
        ),
        (
            format!("{MINIMAL}[number.texts.de]\ndelay_notice = \"{long}\"\n"),
            "line 6: [number.texts.de] delay_notice: has 4097 characters; WhatsApp takes 4096 here",
        ),
        (
            format!(
                "{MINIMAL}[number.texts.de]\nlost_file = \"{}{{name}}\"\n",
                &long[..4037]
            ),
            "line 6: [number.texts.de] lost_file: can get up to 4097 characters; WhatsApp takes 4096 here",
        ),
        (
            format!(
                "{MINIMAL}[number.texts.de]\nkeep_open_prompt = \"{}\"\n",
                "🙂".repeat(513)
            ),
            "line 6: [number.texts.de] keep_open_prompt: has 1026 characters; WhatsApp takes 1024 here",
        ),
        (
            "[[number]]\nphone_number_id = \"1\n".to_owned(),
            "line 2: phone_number_id: the quotation mark at its end is missing",
        ),
    ] {
        let error = Settings::from_toml(&document).unwrap_err();
        assert_eq!(error.to_string(), message, "{document}");
    }
}
