use super::super::tree::Style;
use super::*;

const HELP: Site = Site::at(std::borrow::Cow::Borrowed("help.example"));
const SITE: Option<&Site> = Some(&HELP);
const INTERNAL: &str = "https://help.example/browse/AB-1";
const PAGE: &str = "https://help.example/wiki/spaces/IT/pages/7/COVID-19";
const PORTAL: &str = "https://help.example/servicedesk/customer/portal/1/AB-1";

fn text(text: &str) -> Span {
    Span::new(text)
}

fn link(text: &str, href: &str) -> Span {
    Span::new(text).linked(Some(href.to_owned()))
}

fn card(href: &str) -> Span {
    titled("", href)
}

fn titled(title: &str, href: &str) -> Span {
    Span::card(title, Some(href.to_owned()))
}

fn written(spans: &[Span], site: Option<&Site>) -> (String, Vec<LeftOut>) {
    let mut left_out = Vec::new();
    let spans = written_out(spans, site, &mut left_out);
    (spans.into_iter().map(|span| span.text).collect(), left_out)
}

#[test]
fn a_link_says_where_it_leads() {
    for (text, href, expected) in [
        (
            "the guide",
            "https://a.example/g",
            "the guide (https://a.example/g)",
        ),
        (
            "the guide ",
            "https://a.example/g",
            "the guide (https://a.example/g) ",
        ),
        (
            "https://a.example",
            "https://a.example",
            "https://a.example",
        ),
        ("a.example", "https://a.example/", "https://a.example/"),
        (" ", "https://a.example", " https://a.example"),
        (
            "write us",
            "mailto:us@a.example?subject=x",
            "write us (us@a.example)",
        ),
        ("us@a.example", "mailto:us@a.example", "us@a.example"),
        ("call", "tel:+100", "call (+100)"),
        ("click", "javascript:alert(1)", "click"),
        ("up", "#top", "up"),
        ("", "", ""),
    ] {
        let expected = (expected.to_owned(), vec![]);
        assert_eq!(written(&[link(text, href)], None), expected, "{text:?}");
    }
    let share = link("the share", "file://server/share");
    let expected = ("the share".to_owned(), vec![LeftOut::OtherLink]);
    assert_eq!(written(&[share], None), expected);
}

#[test]
fn a_link_of_several_looks_has_one_address() {
    let href = "https://a.example";
    let spans = [link("our ", href), link("guide", href), text(" helps")];
    assert_eq!(
        written(&spans, None).0,
        "our guide (https://a.example) helps"
    );
}

#[test]
fn an_issue_leaves_its_key() {
    for (spans, expected) in [
        (vec![link("AB-1", INTERNAL)], "AB-1"),
        (vec![link("ab-1: Bent wheel", INTERNAL)], "ab-1: Bent wheel"),
        (vec![link("your request", INTERNAL)], "your request (AB-1)"),
        (vec![link("AB-12", INTERNAL)], "AB-12 (AB-1)"),
        (vec![link(INTERNAL, INTERNAL)], "AB-1"),
        (vec![link("help.example/browse/AB-1", INTERNAL)], "AB-1"),
        (
            vec![text("merged into "), card(INTERNAL), text(", please")],
            "merged into AB-1, please",
        ),
        (vec![titled("Bent wheel", INTERNAL)], "AB-1"),
        (
            vec![text("see https://help.example/browse/ab-1?x=y#z. ok")],
            "see AB-1. ok",
        ),
        (
            vec![text("see help.example/projects/AB/issues/AB-1 ok")],
            "see AB-1 ok",
        ),
        (
            vec![text("see https://help.exam"), text("ple/browse/AB-1 ok")],
            "see AB-1 ok",
        ),
        (vec![card("/browse/AB-1")], "AB-1"),
        (
            vec![card(
                "https://help.example/jira/servicedesk/projects/AB/queues/custom/1/AB-12",
            )],
            "AB-12",
        ),
        (
            vec![card(
                "https://help.example/jira/software/c/projects/AB/boards/3?selectedIssue=AB-12",
            )],
            "AB-12",
        ),
        (
            vec![card(
                "HTTPS://HELP.EXAMPLE:443/browse/ab-12/?focusedCommentId=7",
            )],
            "AB-12",
        ),
        (
            vec![text("now"), card(INTERNAL), card(INTERNAL), text("too")],
            "now AB-1 AB-1 too",
        ),
    ] {
        let expected = (expected.to_owned(), vec![]);
        assert_eq!(written(&spans, SITE), expected);
    }
}

#[test]
fn other_pages_of_the_site_leave_their_title_and_are_counted() {
    for (spans, expected) in [
        (vec![text("See "), card(PAGE), text(".")], "See."),
        (vec![text("See "), card(PAGE), text(" or")], "See or"),
        (vec![card(PAGE), text(" or")], "or"),
        (
            vec![text("See "), titled("Colds", PAGE), text(".")],
            "See Colds.",
        ),
        (vec![link("the rules", PAGE)], "the rules"),
        (vec![link(PAGE, PAGE)], ""),
        (vec![text(&format!("see {PAGE} please"))], "see please"),
        (vec![text("see help.example/jira/ please")], "see please"),
    ] {
        let expected = (expected.to_owned(), vec![LeftOut::InsideLink]);
        assert_eq!(written(&spans, SITE), expected);
    }
    let nothing = Span::card("", None);
    let expected = (String::new(), vec![LeftOut::Content]);
    assert_eq!(written(&[nothing], SITE), expected);
    assert_eq!(
        written(&[Span::card("A film", None)], SITE),
        ("A film".to_owned(), vec![])
    );
}

#[test]
fn the_portal_and_code_stay_and_so_does_everything_where_the_site_is_not_known() {
    let code = Style {
        code: true,
        ..Style::default()
    };
    for (spans, expected) in [
        (vec![link(PORTAL, PORTAL)], PORTAL.to_owned()),
        (vec![card(PORTAL)], PORTAL.to_owned()),
        (vec![link("portal", PORTAL)], format!("portal ({PORTAL})")),
        (vec![text(INTERNAL).styled(code)], INTERNAL.to_owned()),
        (
            vec![text("at help.example.")],
            "at help.example.".to_owned(),
        ),
        (
            vec![text("ana@help.example/x")],
            "ana@help.example/x".to_owned(),
        ),
    ] {
        assert_eq!(written(&spans, SITE), (expected, vec![]));
    }
    for spans in [[link("AB-1", INTERNAL)], [card(INTERNAL)], [text(INTERNAL)]] {
        assert!(written(&spans, None).0.contains(INTERNAL));
    }
}

#[test]
fn an_address_does_not_grow_together_with_its_neighbours() {
    let one = || card("https://a.example/1");
    let chip = |words: &str| text(words).of(Source::Chip);
    for (spans, expected) in [
        (
            vec![text("read"), one(), text("and")],
            "read https://a.example/1 and",
        ),
        (
            vec![one(), card("https://b.example")],
            "https://a.example/1 https://b.example",
        ),
        (
            vec![one(), one()],
            "https://a.example/1 https://a.example/1",
        ),
        (vec![text("("), one(), text(").")], "(https://a.example/1)."),
        (vec![one(), text(". Then")], "https://a.example/1. Then"),
        (vec![one(), text(".Then")], "https://a.example/1 .Then"),
        (
            vec![one(), text("."), text("Then")],
            "https://a.example/1 .Then",
        ),
        (vec![one(), text("?x=1")], "https://a.example/1 ?x=1"),
        (vec![one(), text("。")], "https://a.example/1 。"),
        (vec![one(), text("🙂")], "https://a.example/1 🙂"),
        (vec![one(), text("\nand")], "https://a.example/1\nand"),
        (vec![one(), text(" and")], "https://a.example/1 and"),
        (
            vec![text("("), card("https://a.example/f(x)"), text(")")],
            "(https://a.example/f(x))",
        ),
        (
            vec![link("the guide", "https://a.example/g"), text("and")],
            "the guide (https://a.example/g) and",
        ),
        (
            vec![link("the guide", "https://a.example/g"), text(", and")],
            "the guide (https://a.example/g), and",
        ),
        (
            vec![
                link("https://a.example/g", "https://a.example/g"),
                text("and"),
            ],
            "https://a.example/g and",
        ),
        (vec![one(), chip("[OPEN]")], "https://a.example/1 [OPEN]"),
        (vec![one(), text("שלום")], "https://a.example/1 שלום"),
        (
            vec![text("看"), one(), text("吧")],
            "看 https://a.example/1 吧",
        ),
        (vec![one(), text("#1")], "https://a.example/1 #1"),
        (vec![one(), text("-and")], "https://a.example/1 -and"),
        (
            vec![text("https://a.example/"), chip("@Ana")],
            "https://a.example/ @Ana",
        ),
        (
            vec![text("https://a.ex"), text("ample/g")],
            "https://a.example/g",
        ),
        (
            vec![text("Use"), text("a.pdf").of(Source::Apart), text("now")],
            "Use a.pdf now",
        ),
        (vec![chip("@Ana"), text("s bike")], "@Anas bike"),
        (
            vec![
                link("write", "mailto:us@a.example"),
                text("or"),
                link("", "tel:+100"),
            ],
            "write (us@a.example)or +100",
        ),
    ] {
        assert_eq!(written(&spans, SITE).0, expected);
    }
}
