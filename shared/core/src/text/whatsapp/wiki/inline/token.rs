//! The pieces of a line of wiki markup.

use super::super::super::address::{address_len, has_prefix, is_web};
use super::super::super::emoji::wiki_emoji;
use super::super::super::tree::Style;
use super::super::super::{MediaRef, MediaSource};
use super::super::notation::{is_escaped, unescaped};

/// A piece of a line.
pub(super) enum Token<'a> {
    Text(&'a str),
    Break,
    /// A tag that only colours, or marks a place.
    Nothing,
    Code(String),
    Address(&'a str),
    /// `[text|href]`. The text is markup.
    Link {
        text: &'a str,
        href: String,
    },
    Mention(Option<String>),
    Emoji(&'static str),
    File(MediaRef),
    /// Markup between two marks.
    Marked {
        text: &'a str,
        mark: TextMark,
    },
    /// `{*}`, which begins or ends a mark even within a word.
    Toggle(TextMark),
}

/// What a mark does to text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TextMark {
    Strong,
    Em,
    Strike,
    /// WhatsApp has no form for it.
    Plain,
}

impl TextMark {
    pub(super) fn is_on(self, style: Style) -> bool {
        match self {
            Self::Strong => style.strong,
            Self::Em => style.em,
            Self::Strike => style.strike,
            Self::Plain => false,
        }
    }

    /// By the characters of the mark. The citation mark has two.
    fn of(markup: &str) -> Option<(&'static str, Self)> {
        [
            ("*", Self::Strong),
            ("_", Self::Em),
            ("-", Self::Strike),
            ("+", Self::Plain),
            ("^", Self::Plain),
            ("~", Self::Plain),
            ("??", Self::Em),
        ]
        .into_iter()
        .find(|(mark, _)| markup.starts_with(mark))
    }
}

/// Takes a line apart.
pub(super) struct Tokens<'a> {
    line: &'a str,
    at: usize,
    /// Marks and links may be within.
    nests: bool,
    /// What was looked for in vain: it is not in the rest of the line either.
    absent: Vec<&'static str>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(line: &'a str, nests: bool) -> Self {
        Self {
            line,
            at: 0,
            nests,
            absent: Vec::new(),
        }
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        while let Some(c) = self.line[self.at..].chars().next() {
            if let Some((token, length)) = self.markup(c) {
                if self.at > start {
                    return Some(Token::Text(&self.line[start..self.at]));
                }
                self.at += length;
                return Some(token);
            }
            self.at += c.len_utf8();
        }
        (self.at > start).then(|| Token::Text(&self.line[start..self.at]))
    }

    /// The markup that begins here, and its length.
    fn markup(&mut self, first: char) -> Option<(Token<'a>, usize)> {
        let rest = &self.line[self.at..];
        match first {
            '\\' => escape(rest),
            '{' => self.code(rest).or_else(|| tag(rest)),
            '[' => self.bracket(rest),
            'h' | 'H' if !self.in_word() && is_web(rest) => {
                let length = address_len(rest);
                Some((Token::Address(&rest[..length]), length))
            }
            ':' | ';' | '(' if !self.in_word() && wiki_emoji(rest).is_some() => {
                wiki_emoji(rest).map(|(emoji, length)| (Token::Emoji(emoji), length))
            }
            '!' => self.picture(rest),
            _ => self.marked(rest),
        }
    }

    fn in_word(&self) -> bool {
        let before = self.line[..self.at].chars().next_back();
        before.is_some_and(char::is_alphanumeric)
    }

    fn code(&mut self, rest: &'a str) -> Option<(Token<'a>, usize)> {
        let inner = rest.strip_prefix("{{")?;
        let end = self.find(inner, "}}", |at| at > 0)?;
        let text = unescaped(&inner[..end]);
        Some((Token::Code(text), end + 4))
    }

    /// `[…]`: a link, a mention or a file, or else just text.
    fn bracket(&mut self, rest: &'a str) -> Option<(Token<'a>, usize)> {
        let inner = &rest[1..];
        let end = self.find(inner, "]", |_| true)?;
        let content = &inner[..end];
        let token = if let Some(name) = content.strip_prefix('~') {
            let is_id = has_prefix(name, "accountid:");
            let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
            is_name.then(|| Token::Mention((!is_id).then(|| unescaped(name))))
        } else if let Some(name) = content.strip_prefix('^') {
            let name = unescaped(name.split('|').next().unwrap_or_default());
            (!name.is_empty()).then(|| file(MediaSource::Attachment(name), None))
        } else if self.nests {
            link(content)
        } else {
            None
        };
        token.map(|token| (token, end + 2))
    }

    /// `!name.png!` or `!name.png|width=640,alt="…"!`
    fn picture(&mut self, rest: &'a str) -> Option<(Token<'a>, usize)> {
        if self.in_word() {
            return None;
        }
        let inner = &rest[1..];
        let end = self.find(inner, "!", |_| true)?;
        let (name, options) = inner[..end].split_once('|').unwrap_or((&inner[..end], ""));
        let source = if is_web(name) {
            MediaSource::Address(name.to_owned())
        } else if is_file_name(name) {
            MediaSource::Attachment(unescaped(name))
        } else {
            return None;
        };
        let alt = options.split_once("alt=\"").map(|(_, alt)| alt);
        let alt = alt.and_then(|alt| alt.split('"').next());
        Some((file(source, alt.map(str::to_owned)), end + 2))
    }

    /// `*text*` and the like: from the beginning of a word to the end of one.
    fn marked(&mut self, rest: &'a str) -> Option<(Token<'a>, usize)> {
        let (sign, mark) = TextMark::of(rest)?;
        let inner = &rest[sign.len()..];
        let begins = !inner.starts_with(char::is_whitespace) && !inner.starts_with(sign);
        if !self.nests || self.in_word() || !begins {
            return None;
        }
        let end = self.find(inner, sign, |at| {
            let before = inner[..at].chars().next_back();
            let after = inner[at + sign.len()..].chars().next();
            let in_braces = before == Some('{') && after == Some('}');
            before.is_some_and(|c| !c.is_whitespace())
                && !after.is_some_and(char::is_alphanumeric)
                && !in_braces
        })?;
        let text = &inner[..end];
        Some((Token::Marked { text, mark }, end + 2 * sign.len()))
    }

    /// Where `sign` is in `inner`, which begins behind the current place.
    fn find(
        &mut self,
        inner: &str,
        sign: &'static str,
        fits: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        if self.absent.contains(&sign) {
            return None;
        }
        let places = inner.match_indices(sign).map(|(at, _)| at);
        let found = places
            .into_iter()
            .find(|at| !is_escaped(inner, *at) && fits(*at));
        if found.is_none() {
            self.absent.push(sign);
        }
        found
    }
}

fn escape(rest: &str) -> Option<(Token<'_>, usize)> {
    let escaped = rest[1..].chars().next()?;
    if escaped == '\\' {
        let breaks = rest[2..].chars().next().is_none_or(char::is_whitespace);
        let token = if breaks {
            Token::Break
        } else {
            Token::Text("\\")
        };
        return Some((token, 2));
    }
    escaped
        .is_ascii_punctuation()
        .then(|| (Token::Text(&rest[1..2]), 2))
}

/// `{color:red}`, `{color}`, `{anchor:x}`, and marks in braces.
fn tag(rest: &str) -> Option<(Token<'_>, usize)> {
    let (tag, _) = rest[1..].split_once('}')?;
    let length = tag.len() + 2;
    if tag == "color" || tag.starts_with("color:") || tag.starts_with("anchor:") {
        return Some((Token::Nothing, length));
    }
    let (sign, mark) = TextMark::of(tag)?;
    (sign == tag).then_some((Token::Toggle(mark), length))
}

fn link(content: &str) -> Option<Token<'_>> {
    let mut parts = content.split('|');
    let text = parts.next()?.trim();
    let href = parts.next().unwrap_or(text).trim();
    let is_target = |start| has_prefix(href, start);
    let leads = is_web(href) || is_target("mailto:") || is_target("tel:");
    // Within the page, the site or the desk. There is nothing like that without a text.
    let leads_inside = text != href && (is_target("#") || is_target("/") || is_target("~"));
    (leads || leads_inside).then(|| Token::Link {
        text,
        href: unescaped(href),
    })
}

fn file<'a>(source: MediaSource, alt: Option<String>) -> Token<'a> {
    Token::File(MediaRef { source, alt })
}

/// Whether it has the form of a file's name, with an extension.
pub(in super::super) fn is_file_name(text: &str) -> bool {
    let extension = text.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_extension =
        (1..=5).contains(&extension.len()) && extension.chars().all(|c| c.is_ascii_alphanumeric());
    is_extension && !text.starts_with(char::is_whitespace)
}
