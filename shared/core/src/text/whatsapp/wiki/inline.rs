//! What stands within a line.

mod token;

pub(super) use self::token::is_file_name;
use self::token::{TextMark, Token, Tokens};
use super::super::MediaRef;
use super::super::mention::mention;
use super::super::tree::{Span, Style};

/// Marks within marks, deeper than there are marks. The rest stays text.
const DEEPEST_MARK: usize = 8;

/// Reads the lines of a text.
pub(super) struct Inline<'f> {
    files: &'f mut Vec<MediaRef>,
    spans: Vec<Span>,
    depth: usize,
}

impl<'f> Inline<'f> {
    pub(super) fn new(files: &'f mut Vec<MediaRef>) -> Self {
        Self {
            files,
            spans: Vec::new(),
            depth: 0,
        }
    }

    pub(super) fn into_spans(self) -> Vec<Span> {
        self.spans
    }

    pub(super) fn line_break(&mut self) {
        self.spans.push(Span::new("\n"));
    }

    /// Reads one line, which looks like `style` and leads to `link` as a whole.
    pub(super) fn read(&mut self, line: &str, style: Style, link: Option<&str>) {
        let mut style = style;
        let mut tokens = Tokens::new(line, self.depth < DEEPEST_MARK);
        while let Some(token) = tokens.next() {
            match token {
                Token::Text(text) => self.push(text, style, link),
                Token::Break => self.line_break(),
                Token::Nothing => {}
                Token::Code(text) => self.push(
                    &text,
                    Style {
                        code: true,
                        ..style
                    },
                    link,
                ),
                Token::Address(address) => {
                    self.push(address, style, link.or(Some(address)));
                }
                Token::Link { text, href } => self.inner(text, style, Some(&href)),
                Token::Mention(name) => self.push(&mention(name.as_deref()), style, link),
                Token::Emoji(emoji) => self.push(emoji, style, link),
                Token::File(file) => self.files.push(file),
                Token::Marked { text, mark } => self.inner(text, with(style, mark, true), link),
                Token::Toggle(mark) => style = with(style, mark, !mark.is_on(style)),
            }
        }
    }

    fn inner(&mut self, text: &str, style: Style, link: Option<&str>) {
        self.depth += 1;
        self.read(text, style, link);
        self.depth -= 1;
    }

    fn push(&mut self, text: &str, style: Style, link: Option<&str>) {
        let span = Span::new(text).styled(style);
        self.spans.push(span.linked(link.map(str::to_owned)));
    }
}

fn with(style: Style, mark: TextMark, on: bool) -> Style {
    match mark {
        TextMark::Strong => Style {
            strong: on,
            ..style
        },
        TextMark::Em => Style { em: on, ..style },
        TextMark::Strike => Style {
            strike: on,
            ..style
        },
        TextMark::Plain => style,
    }
}
