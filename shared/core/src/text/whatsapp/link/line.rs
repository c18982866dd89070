//! A line with its links written out. Neighbouring pieces must not merge.

use super::super::LeftOut;
use super::super::address::{address_len, addresses};
use super::super::tree::{Source, Span, Style};
use crate::text::Site;

/// The way a piece of a line relates to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// Text as typed: pieces that the author joined stay joined.
    Typed,
    Chip,
    /// A word of its own.
    Word,
    /// An address, which is a word of its own and may absorb the characters after it.
    Address,
    /// The bracket after an address, which stays next to it.
    Closing,
}

impl Joint {
    pub(super) fn of(source: Source) -> Self {
        match source {
            Source::Typed => Self::Typed,
            Source::Mention | Source::Chip => Self::Chip,
            Source::Apart | Source::Card => Self::Word,
        }
    }

    fn is_word(self) -> bool {
        matches!(self, Self::Word | Self::Address)
    }
}

/// The pieces of a line so far.
pub(super) struct Linked<'a> {
    pub(super) site: Option<&'a Site>,
    pub(super) left_out: &'a mut Vec<LeftOut>,
    pieces: Vec<(Span, Joint)>,
    /// Whether something was left out here.
    gap: bool,
}

impl<'a> Linked<'a> {
    pub(super) fn new(site: Option<&'a Site>, left_out: &'a mut Vec<LeftOut>) -> Self {
        Self {
            site,
            left_out,
            pieces: Vec::new(),
            gap: false,
        }
    }

    pub(super) fn push(&mut self, text: &str, style: Style, joint: Joint) {
        if text.is_empty() {
            return;
        }
        let text = if std::mem::take(&mut self.gap) {
            self.close_gap(text)
        } else {
            text
        };
        let span = Span {
            text: text.to_owned(),
            style,
            link: None,
            source: Source::Typed,
        };
        self.pieces.push((span, joint));
    }

    /// Adds the target of the preceding text: ` (https://…)`.
    pub(super) fn bracketed(&mut self, target: &str, joint: Joint) {
        let plain = Style::default();
        self.push(" (", plain, Joint::Typed);
        self.push(target, plain, joint);
        self.push(")", plain, Joint::Closing);
    }

    /// Removes white space from the end.
    pub(super) fn take_off(&mut self, space: &str) {
        let mut count = space.len();
        for (span, _) in self.pieces.iter_mut().rev() {
            let here = count.min(span.text.len());
            span.text.truncate(span.text.len() - here);
            count -= here;
            if count == 0 {
                break;
            }
        }
    }

    /// Marks the place of something that is left out.
    pub(super) fn gap(&mut self) {
        self.gap = true;
    }

    /// Removes one of the two spaces around a gap, or the space before a punctuation mark. Returns
    /// the rest of `next`.
    fn close_gap<'t>(&mut self, next: &'t str) -> &'t str {
        let last = self.pieces.iter_mut().rev().map(|(span, _)| &mut span.text);
        let mut last = last.skip_while(|text| text.is_empty());
        match last.next() {
            None => next.strip_prefix(' ').unwrap_or(next),
            Some(before) if before.ends_with(char::is_whitespace) => {
                if next.starts_with(['.', ',', ';', ':', '!', '?', ')']) && before.ends_with(' ') {
                    before.pop();
                }
                next.strip_prefix(' ').unwrap_or(next)
            }
            Some(_) => next,
        }
    }

    /// Returns the line, with a space wherever two neighbours would be read as one.
    pub(super) fn into_spans(self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut tail = String::new();
        for (at, (span, joint)) in self.pieces.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| self.pieces[at].1);
            if let Some(before) = before
                && grow_together(&tail, before, *joint, &self.pieces[at..])
            {
                spans.push(Span::new(" "));
                tail.clear();
            }
            tail.push_str(&span.text);
            if let Some((end, space)) = tail.char_indices().rfind(|(_, c)| c.is_whitespace()) {
                tail.drain(..end + space.len_utf8());
            }
            spans.push(span.clone());
        }
        spans
    }
}

/// Returns whether the text ending with `tail` and the text after it would be read as one. `tail`
/// has no white space.
fn grow_together(tail: &str, before: Joint, joint: Joint, rest: &[(Span, Joint)]) -> bool {
    if joint == Joint::Closing || (before == Joint::Typed && joint == Joint::Typed) {
        return false;
    }
    let last = tail.chars().next_back();
    let next = rest.iter().find_map(|(span, _)| span.text.chars().next());
    let (Some(last), Some(next)) = (last, next) else {
        return false;
    };
    if next.is_whitespace() {
        return false;
    }
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    if (before.is_word() || joint.is_word()) && is_letter(last) && (is_letter(next) || next == '+')
    {
        return true;
    }
    let Some(address) = addresses(tail).pop() else {
        return false;
    };
    if matches!(next, '[' | '(') && joint != Joint::Typed {
        return true;
    }
    let address = &tail[address.start..];
    let followed = rest.iter().fold(address.to_owned(), |all, (span, _)| {
        if all[address.len()..].contains(char::is_whitespace) {
            all
        } else {
            all + &span.text
        }
    });
    address_len(&followed) > address.len()
}
