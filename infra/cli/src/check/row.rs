//! A row of the report.

use std::fmt::Display;

use serde::Serialize;

use crate::Problem;

/// The judgement of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// The setup is right.
    Ok {
        /// The finding.
        detail: String,
    },
    /// Someone has to act.
    Wrong {
        /// What is wrong.
        detail: String,
        /// What to do.
        fix: String,
    },
    /// The setup works, but could do more.
    Hint {
        /// What is missing.
        detail: String,
        /// How to get it.
        fix: String,
    },
    /// The state cannot be determined.
    Unknown {
        /// Why not.
        detail: String,
    },
}

impl Verdict {
    pub(crate) fn ok(detail: impl Display) -> Self {
        Self::Ok {
            detail: detail.to_string(),
        }
    }

    pub(crate) fn wrong(detail: impl Display, fix: impl Display) -> Self {
        Self::Wrong {
            detail: detail.to_string(),
            fix: fix.to_string(),
        }
    }

    /// What is wrong, with the problem's own advice if it has one.
    pub(crate) fn of(problem: &Problem, otherwise: &str) -> Self {
        match problem {
            Problem::Advised { what, advice } => Self::wrong(what, advice),
            other => Self::wrong(other, otherwise),
        }
    }

    pub(crate) fn hint(detail: impl Display, fix: impl Display) -> Self {
        Self::Hint {
            detail: detail.to_string(),
            fix: fix.to_string(),
        }
    }

    pub(crate) fn unknown(detail: impl Display) -> Self {
        Self::Unknown {
            detail: detail.to_string(),
        }
    }

    /// Returns this verdict if it is wrong, and `other` otherwise.
    pub(crate) fn or(self, other: Self) -> Self {
        match self {
            Self::Wrong { .. } => self,
            _ => other,
        }
    }

    /// Returns the verdict of a row that depends on another row.
    pub(crate) fn waits_for(row: &str) -> Self {
        Self::unknown(format!("looked at when the row \"{row}\" is right"))
    }
}

/// A checked part of the setup with its verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Row {
    pub what: &'static str,
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl Row {
    pub(crate) fn new(what: &'static str, verdict: Verdict) -> Self {
        Self { what, verdict }
    }

    pub(crate) fn is_wrong(&self) -> bool {
        matches!(self.verdict, Verdict::Wrong { .. })
    }

    /// Formats the row for people, with its line break.
    pub(crate) fn line(&self) -> String {
        let what = self.what;
        match &self.verdict {
            Verdict::Ok { detail } => format!("ok     {what:<20} {detail}\n"),
            Verdict::Unknown { detail } => format!("?      {what:<20} {detail}\n"),
            Verdict::Hint { detail, fix } => {
                format!("hint   {what:<20} {detail}\n{:28}-> {fix}\n", "")
            }
            Verdict::Wrong { detail, fix } => {
                format!("WRONG  {what:<20} {detail}\n{:28}-> {fix}\n", "")
            }
        }
    }
}
