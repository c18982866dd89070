//! Links, which WhatsApp can only show as addresses.

use std::borrow::Cow;

use super::address::{addresses, has_prefix, is_internal, is_web};
use super::line::Run;
use super::tree::Span;

/// The spans with their links written out: `the guide (https://…)`, or the address alone where it
/// is the text. A link that is of no use to a customer leaves its text behind.
pub(super) fn written_out(spans: &[Span], site: Option<&str>) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut gap = None;
    for linked in spans.chunk_by(|one, next| one.link == next.link) {
        let target = linked[0]
            .link
            .as_deref()
            .and_then(|href| target(href, site));
        let text: String = linked.iter().map(|span| &*span.text).collect();
        match target {
            Some(target) if is_its_own_text(&text, target) => {
                let (before, after) = margins(&text);
                runs.push(Run::plain(before));
                runs.push(Run::new(target, linked[0].style));
                runs.push(Run::plain(after));
            }
            Some(target) => {
                let (_, after) = margins(&text);
                runs.extend(linked.iter().map(|span| shown(span, site)));
                trim_end(&mut runs, after.len());
                runs.push(Run::plain(&format!(" ({target}){after}")));
            }
            // The text would be the address that is not to be shown.
            None if is_own_web_address(&text, linked[0].link.as_deref()) => gap = Some(runs.len()),
            None => runs.extend(linked.iter().map(|span| shown(span, site))),
        }
        if let Some(at) = gap.filter(|at| *at < runs.len()) {
            close_gap(&mut runs, at);
            gap = None;
        }
    }
    runs
}

/// Takes one of the two spaces around what is gone.
fn close_gap(runs: &mut [Run], at: usize) {
    let (before, after) = runs.split_at_mut(at);
    let ends = before.last().is_none_or(|run| run.text.ends_with(' '));
    if let Some(rest) = after.first_mut()
        && ends
        && rest.text.starts_with(' ')
    {
        rest.text.remove(0);
    }
}

fn is_own_web_address(text: &str, href: Option<&str>) -> bool {
    href.is_some_and(|href| is_web(href) && is_its_own_text(text, href))
}

/// What a customer is shown of an address. `None`: nothing.
fn target<'a>(href: &'a str, site: Option<&str>) -> Option<&'a str> {
    let href = href.trim();
    if is_web(href) {
        let internal = site.is_some_and(|site| is_internal(href, site));
        return (!internal).then_some(href);
    }
    let bare = ["mailto:", "tel:"]
        .into_iter()
        .find_map(|scheme| has_prefix(href, scheme).then(|| &href[scheme.len()..]))?;
    let bare = bare.split('?').next().unwrap_or_default();
    (!bare.is_empty()).then_some(bare)
}

/// Whether an address tells all that its text does.
fn is_its_own_text(text: &str, target: &str) -> bool {
    fn core(address: &str) -> &str {
        let address = address.trim();
        let address = address
            .split_once("://")
            .map_or(address, |(_, address)| address);
        address.trim_end_matches('/')
    }
    text.trim().is_empty() || core(text) == core(target)
}

/// The white space around a text.
fn margins(text: &str) -> (&str, &str) {
    let before = text.len() - text.trim_start().len();
    if before == text.len() {
        return (text, "");
    }
    (&text[..before], &text[text.trim_end().len()..])
}

/// Takes `count` bytes of white space off the end.
fn trim_end(runs: &mut [Run], mut count: usize) {
    for run in runs.iter_mut().rev() {
        let here = count.min(run.text.len());
        run.text.truncate(run.text.len() - here);
        count -= here;
        if count == 0 {
            break;
        }
    }
}

fn shown(span: &Span, site: Option<&str>) -> Run {
    let text = match site {
        Some(site) if !span.style.code => without_internal(&span.text, site),
        _ => Cow::Borrowed(&*span.text),
    };
    Run::new(&text, span.style)
}

/// WhatsApp makes a link of every address, so one that is only typed counts as a link, too.
fn without_internal<'a>(text: &'a str, site: &str) -> Cow<'a, str> {
    let mut internal = addresses(text)
        .into_iter()
        .filter(|at| is_internal(&text[at.clone()], site))
        .peekable();
    if internal.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut from = 0;
    for at in internal {
        kept.push_str(&text[from..at.start]);
        let gap = kept.is_empty() || kept.ends_with(char::is_whitespace);
        from = at.end;
        if gap && text[from..].starts_with(' ') {
            from += 1;
        }
    }
    kept.push_str(&text[from..]);
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(spans: &[(&str, Option<&str>)], site: Option<&str>) -> String {
        let spans: Vec<Span> = spans
            .iter()
            .map(|(text, link)| Span::new(text).linked(link.map(str::to_owned)))
            .collect();
        let runs = written_out(&spans, site);
        runs.into_iter().map(|run| run.text).collect()
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
            assert_eq!(written(&[(text, Some(href))], None), expected, "{text:?}");
        }
    }

    #[test]
    fn a_link_of_several_looks_has_one_address() {
        let href = Some("https://a.example");
        assert_eq!(
            written(&[("our ", href), ("guide", href), (" helps", None)], None),
            "our guide (https://a.example) helps"
        );
    }

    #[test]
    fn the_inside_of_the_site_stays_inside() {
        let site = Some("help.example");
        let internal = "https://help.example/browse/AB-1";
        let portal = "https://help.example/servicedesk/customer/portal/1/AB-1";
        for (text, link, expected) in [
            ("AB-1", Some(internal), "AB-1".to_owned()),
            (internal, Some(internal), String::new()),
            ("help.example/browse/AB-1", Some(internal), String::new()),
            (portal, Some(portal), portal.to_owned()),
            ("portal", Some(portal), format!("portal ({portal})")),
            (
                "see https://help.example/browse/AB-1 please",
                None,
                "see please".to_owned(),
            ),
        ] {
            assert_eq!(written(&[(text, link)], site), expected, "{text:?}");
            assert!(written(&[(text, link)], None).contains(link.unwrap_or(internal)));
        }
    }
}
