//! The version of Meta's Graph API that `samconfig.toml` asks for.

use crate::check::{Row, Verdict};

/// The template's default.
pub(super) const DEFAULT: &str = "v26.0";

/// Judges a version. Also returns the one to take in place of it.
pub(super) fn judge(version: Option<&str>) -> (Row, Option<String>) {
    let row = |verdict| Row::new("GraphApiVersion", verdict);
    let Some(version) = version.filter(|version| *version != DEFAULT) else {
        return (row(Verdict::ok(format!("{DEFAULT}, the default"))), None);
    };
    let Some(number) = number(version) else {
        let wrong = Verdict::wrong(
            format!("{version} is no version"),
            format!("write it as {DEFAULT}, or leave it out"),
        );
        return (row(wrong), Some(DEFAULT.to_owned()));
    };
    if Some(number) < self::number(DEFAULT) {
        let old = Verdict::hint(
            format!("{version} is older than the default {DEFAULT}, and Meta retires versions"),
            "take GraphApiVersion out of samconfig.toml",
        );
        return (row(old), Some(DEFAULT.to_owned()));
    }
    (row(Verdict::ok(version)), None)
}

fn number(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.strip_prefix('v')?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
