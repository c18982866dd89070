//! `samconfig.toml`, and the command that comes next.

use super::judged;
use crate::args::Before;
use crate::before::next::Next;
use crate::before::samconfig::{NoSamconfig, Samconfig, judge, parse};

const EXAMPLE: &str = include_str!("../../../../../samconfig.example.toml");

fn example(section: &str) -> Samconfig {
    parse(EXAMPLE, section).unwrap()
}

fn of(overrides: &str) -> Samconfig {
    parse(
        &format!("[default.deploy.parameters]\nparameter_overrides = {overrides}"),
        "default",
    )
    .unwrap()
}

#[test]
fn the_example_is_read() {
    let prod = example("prod");
    assert_eq!(prod.stack.as_deref(), Some("casement-prod"));
    assert_eq!(prod.region, None);
    assert_eq!(prod.parameter("WhatsappWebhookConcurrency"), Some("50"));
    assert_eq!(prod.parameter("Ingress"), None);
    let missing = parse(EXAMPLE, "live");
    assert_eq!(missing, Err(NoSamconfig::NoSection("live".to_owned())));
    let broken = parse("[default", "default");
    assert!(
        matches!(broken, Err(NoSamconfig::Unreadable(_))),
        "{broken:?}"
    );
}

#[test]
fn overrides_have_many_forms() {
    let expected = [
        ("Stage".to_owned(), "prod".to_owned()),
        ("AlarmEmail".to_owned(), "a b@example.com".to_owned()),
    ];
    for overrides in [
        r#""Stage=prod AlarmEmail=\"a b@example.com\"""#,
        r#"'Stage="prod"   AlarmEmail="a b@example.com"'"#,
        r#"["Stage=prod", "AlarmEmail='a b@example.com'"]"#,
        r#"'ParameterKey=Stage,ParameterValue=prod ParameterKey=AlarmEmail,ParameterValue="a b@example.com"'"#,
    ] {
        assert_eq!(of(overrides).parameters, expected, "{overrides}");
    }
    assert_eq!(of("1").parameters, []);
}

#[test]
fn what_is_said_for_all_commands_counts_too() {
    let text = "[prod.global.parameters]\nregion = \"eu-west-1\"\nstack_name = \"one\"\n\
                [prod.deploy.parameters]\nstack_name = \"two\"\n";
    let read = parse(text, "prod").unwrap();
    assert_eq!(read.region.as_deref(), Some("eu-west-1"));
    assert_eq!(read.stack.as_deref(), Some("two"));
}

#[test]
fn what_is_to_be_filled_in_is_named() {
    let filled = of(r#""JiraBaseUrl=https://acme.atlassian.net AlarmEmail=ops@example.com""#);
    let slash = of(r#""JiraBaseUrl=https://acme.atlassian.net/""#);
    for (samconfig, named, word, what, advice) in [
        (Ok(filled.clone()), true, "ok", "filled in", ""),
        (Ok(filled), false, "ok", "filled in", ""),
        (
            Ok(example("prod")),
            true,
            "wrong",
            "https://SITE.atlassian.net, AlarmEmail=",
            "fill it in",
        ),
        (
            Ok(example("default")),
            false,
            "hint",
            "SITE",
            "sam deploy --guided asks",
        ),
        (
            Ok(of(r#""Stage=dev""#)),
            true,
            "wrong",
            "JiraBaseUrl",
            "fill it in",
        ),
        (
            Ok(slash),
            false,
            "wrong",
            "the template refuses",
            "without a slash",
        ),
        (
            Err(NoSamconfig::Missing),
            false,
            "hint",
            "not in this folder",
            "sam deploy --guided",
        ),
        (
            Err(NoSamconfig::Missing),
            true,
            "wrong",
            "not in this folder",
            "cp samconfig.example",
        ),
        (
            Err(NoSamconfig::NoSection("live".to_owned())),
            true,
            "wrong",
            "[live.deploy.parameters]",
            "samconfig.example.toml",
        ),
        (
            Err(NoSamconfig::Unreadable("expected a key".to_owned())),
            false,
            "wrong",
            "expected a key",
            "",
        ),
    ] {
        judged(&judge(&samconfig, named), word, what, advice);
    }
}

fn wanted(config_env: Option<&str>, stack_name: Option<&str>) -> Before {
    Before {
        before: true,
        config_env: config_env.map(str::to_owned),
        stack_name: stack_name.map(str::to_owned),
        ..Before::default()
    }
}

#[test]
fn the_next_command_is_short_where_everything_fits() {
    let next = Next::new(&wanted(None, None), None, None);
    assert_eq!(next.command(), "sam deploy --guided");
    assert_eq!(next.stack, "casement-dev");
    let next = Next::new(&wanted(Some("prod"), None), None, Some(&example("prod")));
    assert_eq!(next.command(), "sam deploy --config-env prod");
    assert_eq!(next.stack, "casement-prod");
    let mut next = Next::new(&wanted(None, Some("mine")), Some("team a"), None);
    next.builds = true;
    next.region("eu-west-1", None);
    assert_eq!(
        next.command(),
        "sam build && sam deploy --guided --stack-name mine --region eu-west-1 --profile 'team a'"
    );
    next.region("eu-west-1", Some("eu-west-1"));
    assert!(!next.command().contains("--region"));
}

#[test]
fn the_next_command_has_every_parameter_where_one_does_not_fit() {
    let mut next = Next::new(&wanted(Some("prod"), None), None, Some(&example("prod")));
    next.set("WhatsappWebhookConcurrency", Some("0".to_owned()));
    next.set("JiraWebhookConcurrency", Some("0".to_owned()));
    next.set("Ingress", None);
    assert_eq!(
        next.command(),
        "sam deploy --config-env prod --parameter-overrides \
         JiraBaseUrl=https://SITE.atlassian.net AlarmEmail=YOU@EXAMPLE.COM Stage=prod \
         LogRetentionDays=90 JiraWebhookConcurrency=0 WhatsappWebhookConcurrency=0"
    );
    // Where SAM asks, it is not given what is to be filled in.
    let mut next = Next::new(&wanted(None, None), None, Some(&example("default")));
    next.set("Ingress", Some("HttpApi".to_owned()));
    assert_eq!(
        next.command(),
        "sam deploy --guided --parameter-overrides Stage=dev Ingress=HttpApi"
    );
    let strange = of(r#"'A="it is" B="$x"'"#);
    let mut next = Next::new(&wanted(None, None), None, Some(&strange));
    next.set("Ingress", Some("HttpApi".to_owned()));
    assert!(
        next.command().contains(r#"'A="it is"' 'B="$x"' Ingress"#),
        "{}",
        next.command()
    );
}
