//! The version of Meta's Graph API that `samconfig.toml` asks for.

use chrono::{DateTime, Utc};

use crate::check::versions::{self, TRIED};
use crate::check::{Row, Verdict};

/// The template's default.
pub(super) const DEFAULT: &str = TRIED;

/// Judges a version at `now`. Also returns the one to take in place of it.
pub(super) fn judge(version: Option<&str>, now: DateTime<Utc>) -> (Row, Option<String>) {
    let row = |verdict| Row::new("GraphApiVersion", verdict);
    let Some(version) = version.filter(|version| *version != DEFAULT) else {
        return (row(Verdict::ok(format!("{DEFAULT}, the default"))), None);
    };
    const LEAVE_OUT: &str = "take GraphApiVersion out of samconfig.toml";
    let verdict = match versions::judge(version, now) {
        Verdict::Hint { detail, .. } => Verdict::hint(detail, LEAVE_OUT),
        Verdict::Wrong { detail, .. } if versions::number(version).is_some() => {
            Verdict::wrong(detail, LEAVE_OUT)
        }
        other => other,
    };
    let newer = match verdict {
        Verdict::Ok { .. } => None,
        _ => Some(DEFAULT.to_owned()),
    };
    (row(verdict), newer)
}
