//! The part of an earlier message that may be shown.

use crate::model::private::Private;

/// The part of an earlier message that may be shown. Only
/// [`decide_quotation`](crate::decide::reply::decide_quotation) makes one.
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

    /// Returns the first line. `None` if the comment has changed since, so that its words are not
    /// those that the customer knows.
    pub(crate) fn as_line(&self) -> Option<&str> {
        match &self.0 {
            Quoted::Line(line) => Some(line),
            Quoted::Changed => None,
        }
    }

    pub(crate) const CHANGED: Self = Self(Quoted::Changed);
}
