//! Links, which WhatsApp can only show as addresses.
//!
//! An address is written out, unless it leads inside the Jira site, which is not for customers.
//! Then an issue leaves its key, and any other page leaves its title or nothing and counts as left
//! out.

mod line;
#[cfg(test)]
mod tests;

use self::line::{Joint, Linked};
use super::LeftOut;
use super::address::{Typed, has_prefix, is_web, issue_key, of_site};
use super::tree::{Source, Span};
use crate::text::Site;

/// Writes out the links of the spans: `the guide (https://…)`, or the address alone if it is the
/// text. For `site` see [`OutboundText::of_body`](super::OutboundText::of_body).
pub(super) fn written_out(
    spans: &[Span],
    site: Option<&Site>,
    left_out: &mut Vec<LeftOut>,
) -> Vec<Span> {
    let mut line = Linked::new(site, left_out);
    for part in spans.chunk_by(belong_together) {
        match part {
            [card] if card.source == Source::Card => line.card(card),
            [first, ..] => match &first.link {
                Some(href) => line.linked(part, href),
                None => line.unlinked(part),
            },
            [] => {}
        }
    }
    line.into_spans()
}

/// Returns whether two spans belong to one link, or to one text without a link. A card stands
/// alone.
fn belong_together(one: &Span, next: &Span) -> bool {
    let is_card = [one, next].iter().any(|span| span.source == Source::Card);
    !is_card && one.link == next.link
}

/// The form in which a customer sees an address.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// This text, in its place.
    Shown(String, Joint),
    /// Nothing: the address is useless outside the site or cannot be followed.
    Hidden(LeftOut),
    /// Nothing, and nothing is missed: a place on the same page, or a script.
    Nothing,
}

impl Target {
    fn of(href: &str, site: Option<&Site>) -> Self {
        let href = href.trim();
        let is_relative = href.starts_with('/') && !href.starts_with("//");
        if is_relative || (is_web(href) && site.is_some_and(|site| site.has_inside(href))) {
            return match issue_key(href) {
                Some(key) => Self::Shown(key, Joint::Word),
                None => Self::Hidden(LeftOut::InsideLink),
            };
        }
        if is_web(href) {
            return Self::Shown(href.to_owned(), Joint::Address);
        }
        let bare = ["mailto:", "tel:"]
            .into_iter()
            .find_map(|scheme| has_prefix(href, scheme).then(|| &href[scheme.len()..]));
        let bare = bare.and_then(|bare| bare.split('?').next());
        if let Some(bare) = bare.filter(|bare| !bare.is_empty()) {
            return Self::Shown(bare.to_owned(), Joint::Word);
        }
        if href.is_empty() || href.starts_with('#') || has_prefix(href, "javascript:") {
            Self::Nothing
        } else {
            Self::Hidden(LeftOut::OtherLink)
        }
    }
}

impl Linked<'_> {
    /// Writes a card, whose only text is a title.
    fn card(&mut self, card: &Span) {
        let target = card.link.as_deref().map(|href| Target::of(href, self.site));
        let hidden = match target {
            Some(Target::Shown(shown, joint)) => return self.push(&shown, card.style, joint),
            Some(Target::Hidden(hidden)) => hidden,
            Some(Target::Nothing) | None => LeftOut::Content,
        };
        // Without an address, the title is everything.
        if card.text.is_empty() || hidden != LeftOut::Content {
            self.left_out.push(hidden);
        }
        if card.text.is_empty() {
            self.gap();
        } else {
            self.push(&card.text, card.style, Joint::Word);
        }
    }

    /// Writes text with a link.
    fn linked(&mut self, spans: &[Span], href: &str) {
        let text: String = spans.iter().map(|span| &*span.text).collect();
        let is_address = is_same_address(&text, href);
        match Target::of(href, self.site) {
            Target::Shown(shown, joint) if is_address || is_same_address(&text, &shown) => {
                let (before, after) = margins(&text);
                let style = spans[0].style;
                self.push(before, style, Joint::Typed);
                self.push(&shown, style, joint);
                self.push(after, style, Joint::Typed);
            }
            // The text already names the issue key.
            Target::Shown(key, Joint::Word) if names(&text, &key) => self.unlinked(spans),
            Target::Shown(shown, joint) => {
                let (_, after) = margins(&text);
                self.unlinked(spans);
                self.take_off(after);
                self.bracketed(&shown, joint);
                self.push(after, spans[0].style, Joint::Typed);
            }
            // The text is the very address that must not be shown.
            Target::Hidden(hidden) if is_address && is_web(href) => {
                self.left_out.push(hidden);
                self.gap();
            }
            Target::Hidden(hidden) => {
                self.left_out.push(hidden);
                self.unlinked(spans);
            }
            Target::Nothing => self.unlinked(spans),
        }
    }

    /// Writes text without a link. WhatsApp turns every address into a link, so a typed address
    /// counts as one.
    fn unlinked(&mut self, spans: &[Span]) {
        let text: String = spans.iter().map(|span| &*span.text).collect();
        let internal = self.site.map(|site| of_site(&text, site));
        let mut internal = internal.unwrap_or_default();
        let mut at = 0;
        for span in spans {
            let here = at..at + span.text.len();
            // Code is not meant to be clicked.
            if span.style.code {
                internal.retain(|typed| typed.at.end <= here.start || typed.at.start >= here.end);
            }
            at = here.end;
        }
        let mut at = 0;
        for span in spans {
            let end = at + span.text.len();
            let joint = Joint::of(span.source);
            for Typed { at: typed, key } in &internal {
                if typed.end <= at || typed.start >= end {
                    continue;
                }
                if typed.start >= at {
                    self.push(&text[at..typed.start], span.style, joint);
                    match key {
                        Some(key) => self.push(key, span.style, Joint::Word),
                        None => {
                            self.left_out.push(LeftOut::InsideLink);
                            self.gap();
                        }
                    }
                }
                at = typed.end.min(end);
            }
            self.push(&text[at..end], span.style, joint);
            at = end;
        }
    }
}

/// Returns whether a text is nothing but the address.
pub(super) fn is_same_address(text: &str, address: &str) -> bool {
    fn core(address: &str) -> &str {
        let address = address.trim();
        let address = address
            .split_once("://")
            .map_or(address, |(_, address)| address);
        address.trim_end_matches('/')
    }
    text.trim().is_empty() || core(text) == core(address)
}

/// Returns whether `text` contains `key` as a word.
fn names(text: &str, key: &str) -> bool {
    let text = text.to_ascii_uppercase();
    text.match_indices(key).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + key.len()..].chars().next();
        ![before, after]
            .into_iter()
            .flatten()
            .any(char::is_alphanumeric)
    })
}

/// Returns the white space around a text.
fn margins(text: &str) -> (&str, &str) {
    let before = text.len() - text.trim_start().len();
    if before == text.len() {
        return (text, "");
    }
    (&text[..before], &text[text.trim_end().len()..])
}
