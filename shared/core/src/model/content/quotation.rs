//! What of an earlier message may be shown.

use crate::model::private::Private;

/// What of an earlier message may be shown. Made by [`decide_quotation`](crate::decide::reply::decide_quotation) alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation(Quoted);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Quoted {
    Line(Private<String>),
    Changed,
}

impl Quotation {
    pub(crate) fn line(line: impl Into<Private<String>>) -> Self {
        Self(Quoted::Line(line.into()))
    }

    /// Its first line. `None`: the comment was changed since, and says other words than those that
    /// the customer knows.
    pub(crate) fn as_line(&self) -> Option<&str> {
        match &self.0 {
            Quoted::Line(line) => Some(line),
            Quoted::Changed => None,
        }
    }

    pub(crate) const CHANGED: Self = Self(Quoted::Changed);
}
