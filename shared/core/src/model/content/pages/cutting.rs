//! Cutting a text that is too long for one comment.

use unicode_segmentation::UnicodeSegmentation;

use crate::model::adf::{Block, Paragraph};
use crate::text::{is_line_end, is_writable};

/// The places where a text may be cut, best first.
#[derive(Clone, Copy)]
enum Pause {
    Paragraph,
    Line,
    Word,
    Grapheme,
}

const PAUSES: usize = 4;

/// Cuts `text` into pieces that each take at most `limit` characters of a document.
///
/// The pieces have about the same length, so that none holds only a few words. A cut comes after a
/// paragraph, else after a line, else after a word, whichever is near. A cut falls inside a
/// grapheme only if the grapheme alone is too long. Only white space at a cut is lost.
pub(super) fn pieces(text: &str, limit: usize) -> Vec<&str> {
    let frame = Frame::measured();
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    loop {
        let size = frame.size(rest);
        if size <= limit {
            break;
        }
        let wanted = size.div_ceil(size.div_ceil(limit));
        let (piece, tail) = rest.split_at(cut(rest, &frame, wanted, limit));
        pieces.push(piece.trim_end());
        rest = tail.trim_start();
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// Returns the end of the first piece, which should have the size `wanted` and must not exceed
/// `limit`.
fn cut(text: &str, frame: &Frame, wanted: usize, limit: usize) -> usize {
    let (near, far) = (wanted - wanted / 4, limit.min(wanted + wanted / 4));
    // The best place of each kind, with its distance from the wanted place.
    let mut best: [Option<(usize, usize)>; PAUSES] = [None; PAUSES];
    let mut size = Size::of_nothing(frame);
    let mut was_line_end = false;
    for (at, grapheme) in text.grapheme_indices(true) {
        if at > 0 && size.used >= near {
            let pause = match grapheme.chars().next() {
                Some(c) if is_line_end(c) && was_line_end => Pause::Paragraph,
                Some(c) if is_line_end(c) => Pause::Line,
                Some(c) if c.is_whitespace() => Pause::Word,
                _ => Pause::Grapheme,
            };
            let off = size.used.abs_diff(wanted);
            let known = &mut best[pause as usize];
            if known.is_none_or(|(least, _)| off < least) {
                *known = Some((off, at));
            }
        }
        was_line_end = grapheme.starts_with(is_line_end);
        grapheme.chars().for_each(|c| size.add(c));
        if size.used > far {
            break;
        }
    }
    let found = best.into_iter().flatten().next();
    found.map_or_else(|| within_grapheme(text, frame, limit), |(_, at)| at)
}

/// Cuts within a letter that has more marks than a comment can hold.
fn within_grapheme(text: &str, frame: &Frame, limit: usize) -> usize {
    let mut size = Size::of_nothing(frame);
    let mut chars = text.char_indices();
    let end = chars.find(|(at, c)| {
        size.add(*c);
        *at > 0 && size.used > limit
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// The size of a document apart from the characters of its text.
struct Frame {
    /// The size of a paragraph.
    paragraph: usize,
    /// The size of a line that is not empty.
    line: usize,
    /// The size of a line break.
    line_end: usize,
}

impl Frame {
    fn measured() -> Self {
        let size = |text: &str| Block::from(Paragraph::default().text(text)).serialized_len();
        let (paragraph, one) = (size(""), size("a"));
        // A node costs a comma unless it is the first.
        let line = one - paragraph;
        let line_end = size("a\na") - one - line;
        Self {
            paragraph,
            line,
            line_end,
        }
    }

    fn size(&self, text: &str) -> usize {
        let mut size = Size::of_nothing(self);
        text.chars().for_each(|c| size.add(c));
        size.used
    }
}

/// The size of a growing text.
struct Size<'a> {
    frame: &'a Frame,
    used: usize,
    is_in_line: bool,
    /// A line feed after this carriage return belongs to it.
    was_return: bool,
}

impl<'a> Size<'a> {
    fn of_nothing(frame: &'a Frame) -> Self {
        Self {
            frame,
            used: frame.paragraph,
            is_in_line: false,
            was_return: false,
        }
    }

    fn add(&mut self, c: char) {
        let is_one_end = self.was_return && c == '\n';
        self.was_return = c == '\r';
        if is_one_end {
            return;
        }
        if is_line_end(c) {
            self.used += self.frame.line_end;
            self.is_in_line = false;
            return;
        }
        if !is_writable(c) {
            return;
        }
        if !self.is_in_line {
            self.used += self.frame.line;
            self.is_in_line = true;
        }
        self.used += match c {
            '"' | '\\' | '\t' => 2,
            c => c.len_utf16(),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The longest text that a customer can type.
    const LONGEST: usize = 65_536;
    const LIMIT: usize = 28_000;

    fn size(text: &str) -> usize {
        Block::from(Paragraph::default().text(text)).serialized_len()
    }

    fn filled(with: &str) -> String {
        with.chars().cycle().take(LONGEST).collect()
    }

    #[test]
    fn the_longest_text_makes_comments_that_are_full() {
        let sentence = "Das ist ein Satz, wie ihn einer schreibt. ";
        for (text, at_most) in [
            (filled("a"), 3),
            (filled("word "), 3),
            (filled(sentence), 3),
            (filled("漢字"), 3),
            (filled("🚲"), 6),
            (filled("👨‍👩‍👧‍👦"), 5),
            (filled("\"\\"), 5),
            (format!("Hi\n\n{}", &filled("word ")[4..]), 3),
            (format!("{}\n\nBye", &filled("word ")[5..]), 3),
            (filled(&format!("{}\n\n", sentence.repeat(20))), 4),
            (filled(&format!("{sentence}\n")), 6),
            (filled("a\r\n"), 60),
            (filled("a\n"), 61),
            (filled("e\u{301}"), 3),
            (filled(&format!("{}\n", "x".repeat(20_000))), 4),
        ] {
            let pieces = pieces(&text, LIMIT);
            let start: String = text.chars().take(8).collect();
            assert!(pieces.len() <= at_most, "{start:?}: {}", pieces.len());
            let sizes: Vec<usize> = pieces.iter().map(|piece| size(piece)).collect();
            assert!(sizes.iter().all(|size| *size <= LIMIT), "{sizes:?}");
            let least = sizes.iter().min().unwrap();
            let most = sizes.iter().max().unwrap();
            assert!(least * 2 > *most, "{start:?}: {sizes:?}");
            let essence = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(essence(&pieces.concat()), essence(&text));
        }
    }

    #[test]
    fn cuts_are_made_where_the_writer_paused() {
        let line = "x".repeat(300);
        let word = format!("{line} {line}");
        for (text, expected) in [
            (format!("{word}\n\n{word}"), [word.as_str(), &word]),
            (format!("{word}\n{word}"), [&word, &word]),
            (word.clone(), [&line, &line]),
            (format!("\n{line}\u{2028}\u{2028}{line} "), [&line, &line]),
        ] {
            assert_eq!(pieces(&text, size(&text) * 2 / 3), expected);
        }
        assert!(pieces(" \n", 100).is_empty());
        assert_eq!(pieces("one", 1000), ["one"]);
    }

    #[test]
    fn no_grapheme_is_torn_apart_unless_it_is_monstrous() {
        let family = "👨‍👩‍👧‍👦";
        for piece in pieces(&family.repeat(100), 400) {
            assert_eq!(piece.graphemes(true).count() * family.len(), piece.len());
        }
        let zalgo = format!("a{}", "\u{301}".repeat(5_000));
        let pieces = pieces(&zalgo, 400);
        assert_eq!(pieces.concat(), zalgo);
        assert!(pieces.iter().all(|piece| size(piece) <= 400));
    }

    #[test]
    fn sizes_are_those_of_the_document() {
        for text in [
            "",
            "a",
            "a\n\nb",
            "a\r\nb",
            "\"\\\t🚲é",
            "\u{7}a\u{b}b\u{2029}",
        ] {
            let counted = Frame::measured().size(text);
            assert!(counted.abs_diff(size(text)) <= 25, "{text:?} {counted}");
            assert!(counted >= size(text), "{text:?} {counted}");
        }
    }
}
