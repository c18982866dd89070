use clap::CommandFactory;

use super::*;

fn every_command(command: &clap::Command, path: &str, all: &mut Vec<(String, clap::Command)>) {
    let path = format!("{path} {}", command.get_name());
    all.push((path.trim().to_owned(), command.clone()));
    for inner in command.get_subcommands() {
        every_command(inner, &path, all);
    }
}

#[test]
fn every_command_has_a_description_and_an_example() {
    let mut line = Line::command();
    line.build();
    let mut all = Vec::new();
    every_command(&line, "", &mut all);
    all.retain(|(path, _)| !path.contains("help"));
    let names: Vec<_> = all.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        names,
        [
            "casement",
            "casement check",
            "casement connect",
            "casement connect whatsapp",
            "casement connect jira",
            "casement try",
            "casement try jira",
            "casement secret",
            "casement secret set",
            "casement settings",
            "casement settings show",
            "casement settings validate",
            "casement settings apply",
            "casement conversation",
            "casement conversation show",
            "casement erase",
            "casement redrive",
            "casement replay",
            "casement tail",
        ]
    );
    for (path, mut command) in all {
        assert!(command.get_about().is_some(), "{path}");
        let help = command.render_long_help().to_string();
        assert!(help.contains("Example:\n"), "{path}: {help}");
        assert!(help.contains("casement "), "{path}: {help}");
        for argument in command.get_arguments() {
            let id = argument.get_id();
            assert!(argument.get_help().is_some(), "{path} {id}");
        }
    }
}

#[test]
fn only_what_asks_can_be_told_not_to() {
    for (line, asks) in [
        ("check", false),
        ("connect whatsapp", true),
        ("connect jira", true),
        ("try jira", true),
        ("secret set", true),
        ("settings show", false),
        ("settings validate a.toml", false),
        ("settings apply a.toml", true),
        ("conversation show DE.1", false),
        ("erase DE.1", true),
        ("redrive inbound", true),
        ("replay a.json", false),
        ("tail", false),
    ] {
        let words = ["casement"].into_iter().chain(line.split(' '));
        let yes = Line::try_parse_from(words.chain(["-y"])).map(|line| line.command.yes());
        assert_eq!(yes.ok(), asks.then_some(true), "{line}");
    }
}

#[test]
fn the_local_stack_has_an_address_of_its_own() {
    let local = |line: &[&str]| Line::try_parse_from(line).map(|line| line.place.local);
    let default = Some("http://127.0.0.1:8080".to_owned());
    assert_eq!(local(&["casement", "check", "--local"]).unwrap(), default);
    assert_eq!(
        local(&["casement", "check", "--local=http://127.0.0.1:9/"]).unwrap(),
        Some("http://127.0.0.1:9".to_owned())
    );
    assert_eq!(local(&["casement", "check"]).unwrap(), None);
    // The next argument is never taken for the address.
    assert_eq!(local(&["casement", "--local", "check"]).unwrap(), default);
    for customer in ["+4915112345678", "4915112345678", "DE.123"] {
        let line = ["casement", "conversation", "show", "--local", customer];
        assert_eq!(local(&line).unwrap(), default, "{customer}");
        let line = ["casement", "erase", "--local", customer, "--yes"];
        assert_eq!(local(&line).unwrap(), default, "{customer}");
    }
    let error = local(&["casement", "check", "--local=8080"]).unwrap_err();
    assert!(error.to_string().contains("--local=http://"), "{error}");
}
