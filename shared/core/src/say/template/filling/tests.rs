use super::*;
use crate::say::template::samples::{plain, template};
use crate::say::template::{Usage, Wording};

fn wording(text: &str, examples: &[&str]) -> Wording {
    Wording::new(text, examples.iter().map(|one| (*one).to_owned()).collect())
}

fn numbered() -> Template {
    Template {
        header: Some(Header::Text(wording("Order {{1}}", &["4711"]))),
        body: wording("Hello {{1}}, it comes on {{2}}.", &["Ana", "Monday"]),
        footer: Some("The shop".to_owned()),
        buttons: vec![
            plain("Thanks"),
            Button::Url {
                text: "Track".to_owned(),
                url: wording("https://t.example/{{1}}", &["a1"]),
            },
            Button::CouponCode {
                text: "Copy".to_owned(),
                example: Some("WINTER".to_owned()),
            },
        ],
        ..template("order", "en_US", "")
    }
}

fn named() -> Template {
    Template {
        header: Some(Header::Text(wording("For {{customer}}", &[]))),
        body: wording("{{order}} comes on {{day}}.", &["4711", "Monday"]),
        ..template("named", "de", "")
    }
}

fn with_picture() -> Template {
    Template {
        header: Some(Header::File(FileForm::Image)),
        ..template("picture", "en", "See {{1}}")
    }
}

/// Returns the text that is shown, or all problems.
fn filled(template: &Template, values: &str) -> Result<String, Vec<String>> {
    let note = format!("/template {} {} {values}", template.name, template.language);
    let call = TemplateCall::read(&note).unwrap().unwrap();
    let told = |problems: Vec<ParameterProblem>| {
        let problems = problems.iter();
        problems.map(ToString::to_string).collect()
    };
    fill(template, &call)
        .map(|filled| filled.text)
        .map_err(told)
}

#[test]
fn values_find_their_places() {
    let order = "Order 9\nHello Ana, it comes on Monday.\nThe shop\n[Thanks] [Track] [Copy]";
    for (template, values, expected) in [
        (template("hello", "en", "Hi"), "", "Hi"),
        (numbered(), r#"9 Ana Monday t1 SALE"#, order),
        (
            numbered(),
            r#"header=9 button3=SALE button2=t1 "Ana" "Monday""#,
            order,
        ),
        (numbered(), r#"header=9 2=Monday Ana t1 SALE"#, order),
        (
            named(),
            r#"day="Monday" order=9 customer="Ana Lima""#,
            "For Ana Lima\n9 comes on Monday.",
        ),
        (
            named(),
            r#"header=Ana Order=9 day=Monday"#,
            "For Ana\n9 comes on Monday.",
        ),
        (named(), "Ana 9 Monday", "For Ana\n9 comes on Monday."),
        (with_picture(), "this header=a.jpg", "[a.jpg]\nSee this"),
    ] {
        assert_eq!(
            filled(&template, values),
            Ok(expected.to_owned()),
            "{values}"
        );
    }
}

#[test]
fn everything_that_is_wrong_is_said() {
    let location = Template {
        unsupported: Some("a location in the header".to_owned()),
        ..template("place", "en", "Here")
    };
    for (template, values, expected) in [
        (
            template("hello", "en", "Hi"),
            "a",
            vec!["1 values are given without a key, and there are places for 0"],
        ),
        (
            numbered(),
            "9 Ana",
            vec![
                "the value of {{2}} in the text is missing",
                "the value of the end of the address of the button \"Track\" is missing",
                "the value of the code of the button \"Copy\" is missing",
            ],
        ),
        (
            numbered(),
            "9 Ana Monday t1 SALE more button1=x",
            vec![
                "the template has no parameter button1",
                "6 values are given without a key, and there are places for 5",
            ],
        ),
        (
            named(),
            "customer=Ana order=9 date=Monday",
            vec![
                "the template has no parameter date",
                "the value of {{day}} in the text is missing",
            ],
        ),
        (
            named(),
            "customer=\"\" order=\"a\nb\" day=\"a     b\"",
            vec![
                "the value of customer is empty",
                "the value of order has a line break, a tab or more than four spaces in a row, which WhatsApp does not take",
                "the value of day has a line break, a tab or more than four spaces in a row, which WhatsApp does not take",
            ],
        ),
        (
            with_picture(),
            "this",
            vec![
                "the file of the header is missing: attach a JPEG or PNG picture to this note or to the request and write header=NAME-OF-THE-FILE",
            ],
        ),
        (
            template("hello", "en", "Hi"),
            "header=a.jpg",
            vec!["the template has no parameter header"],
        ),
        (
            location,
            "",
            vec!["templates with a location in the header cannot be sent from Jira"],
        ),
    ] {
        let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(filled(&template, values), Err(expected), "{values}");
    }
}

#[test]
fn values_keep_the_names_that_meta_wants() {
    let call = TemplateCall::read("/template named de Ana 9 Monday");
    let sent = fill(&named(), &call.unwrap().unwrap()).unwrap();
    let names: Vec<_> = sent.body.iter().map(|one| one.name.as_deref()).collect();
    assert_eq!(names, [Some("order"), Some("day")]);
    let call = TemplateCall::read("/template order en_US 9 Ana Monday t1 SALE");
    let sent = fill(&numbered(), &call.unwrap().unwrap()).unwrap();
    assert!(sent.body.iter().all(|one| one.name.is_none()));
    let buttons: Vec<usize> = sent.buttons.iter().map(|one| one.index).collect();
    assert_eq!(buttons, [1, 2]);
}

#[test]
fn the_example_line_is_right() {
    for (template, parameters, example) in [
        (template("hello", "en", "Hi"), 0, "/template hello en"),
        (
            numbered(),
            5,
            r#"/template order en_US "4711" "Ana" "Monday" "a1" "WINTER""#,
        ),
        (
            named(),
            3,
            r#"/template named de customer="..." order="4711" day="Monday""#,
        ),
        (
            with_picture(),
            2,
            r#"/template picture en "..." header=photo.jpg"#,
        ),
    ] {
        let usage = Usage::of(&template);
        assert_eq!(usage.example, example);
        assert_eq!(usage.parameters.len(), parameters, "{usage:?}");
        let call = TemplateCall::read(&usage.example).unwrap().unwrap();
        assert!(fill(&template, &call).is_ok(), "{example}");
    }
}
