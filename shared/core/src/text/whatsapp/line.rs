//! The lines of a message.

use super::style::{Run, formatted, without_block};
use crate::text::split::{prefix_within, utf16_len};

/// A line of a message, before it is formatted.
#[derive(Clone)]
pub(super) struct Line {
    /// Whether an empty line goes before it.
    pub(super) apart: bool,
    pub(super) quoted: bool,
    /// The indent in spaces.
    pub(super) indent: usize,
    /// The marker that a list puts in front of it.
    pub(super) marker: String,
    pub(super) body: Body,
}

/// The content of a line.
#[derive(Clone)]
pub(super) enum Body {
    Text(Vec<Run>),
    /// A line of a code block, unchanged.
    Code(String),
}

/// The places where a line may be cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    AtWord,
    AtGrapheme,
}

impl Line {
    pub(super) fn new(body: Body) -> Self {
        Self {
            apart: false,
            quoted: false,
            indent: 0,
            marker: String::new(),
            body,
        }
    }

    pub(super) fn is_code(&self) -> bool {
        matches!(self.body, Body::Code(_))
    }

    /// Returns the line with WhatsApp's formatting, without its line end.
    pub(super) fn formatted(&self) -> String {
        match &self.body {
            Body::Text(runs) => {
                let quote = if self.quoted { "> " } else { "" };
                let indent = " ".repeat(self.indent);
                let mut text = formatted(runs);
                if self.marker.is_empty() {
                    text = without_block(text);
                }
                let line = format!("{quote}{indent}{}{text}", self.marker);
                line.trim_end().to_owned()
            }
            Body::Code(text) => text.clone(),
        }
    }

    /// Cuts the line so that the first piece, formatted, has at most `room` UTF-16 units and as
    /// many of them as possible. Returns `None` if there is no place to cut.
    pub(super) fn cut(&self, room: usize, cut: Cut) -> Option<(Self, Self)> {
        let text = self.text();
        let mut budget = room.min(utf16_len(&text).saturating_sub(1));
        loop {
            let end = cut_within(&text, budget, cut)?;
            let (head, tail) = self.cut_at(end);
            let size = utf16_len(&head.formatted());
            if size <= room {
                return Some((head, tail));
            }
            // The markers take up room: shrink the text in proportion to the excess.
            let less = utf16_len(&text[..end]) * room / size;
            budget = less.min(budget - 1);
        }
    }

    fn text(&self) -> String {
        match &self.body {
            Body::Text(runs) => runs.iter().map(|run| &*run.text).collect(),
            Body::Code(text) => text.clone(),
        }
    }

    fn cut_at(&self, end: usize) -> (Self, Self) {
        let (head, tail) = match &self.body {
            Body::Text(runs) => {
                let (mut head, mut tail) = runs_cut_at(runs, end);
                trim_end(&mut head);
                trim_start(&mut tail);
                (Body::Text(head), Body::Text(tail))
            }
            Body::Code(text) => {
                let (head, tail) = text.split_at(end);
                (Body::Code(head.to_owned()), Body::Code(tail.to_owned()))
            }
        };
        let head = Self {
            body: head,
            ..self.clone()
        };
        let indent = self.indent + if self.marker.is_empty() { 0 } else { 2 };
        let tail = Self {
            quoted: self.quoted,
            indent,
            ..Self::new(tail)
        };
        (head, tail)
    }
}

/// Returns where to cut `text` so that the first piece has at most `budget` UTF-16 units. At a
/// word, neither piece is empty.
fn cut_within(text: &str, budget: usize, cut: Cut) -> Option<usize> {
    if budget == 0 {
        return None;
    }
    let fits = prefix_within(text, budget);
    match cut {
        Cut::AtGrapheme => (fits.len() < text.len()).then_some(fits.len()),
        Cut::AtWord => {
            let spaces = fits.char_indices().filter(|(_, c)| c.is_whitespace());
            let end = spaces.map(|(at, c)| at + c.len_utf8()).next_back()?;
            let (head, tail) = text.split_at(end);
            (!head.trim().is_empty() && !tail.trim().is_empty()).then_some(end)
        }
    }
}

fn runs_cut_at(runs: &[Run], end: usize) -> (Vec<Run>, Vec<Run>) {
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    let mut at = 0;
    for run in runs {
        let here = end.saturating_sub(at).min(run.text.len());
        let (before, after) = run.text.split_at(here);
        at += run.text.len();
        head.push(Run::new(before, run.style));
        tail.push(Run::new(after, run.style));
    }
    (head, tail)
}

/// Removes the white space at the end.
pub(super) fn trim_end(runs: &mut Vec<Run>) {
    while let Some(run) = runs.last_mut() {
        run.text.truncate(run.text.trim_end().len());
        if !run.text.is_empty() {
            break;
        }
        runs.pop();
    }
}

/// Removes the white space at the start.
pub(super) fn trim_start(runs: &mut Vec<Run>) {
    let blank = runs.iter().take_while(|run| run.text.trim().is_empty());
    let blank = blank.count();
    runs.drain(..blank);
    if let Some(run) = runs.first_mut() {
        run.text = run.text.trim_start().to_owned();
    }
}
