//! The time.

use std::path::{Path, PathBuf};

use casement_service::ports::Clock;
use chrono::{DateTime, Duration, Utc};

/// The variable that names the offset file.
pub const CLOCK_FILE: &str = "CASEMENT_CLOCK_FILE";

/// The machine's clock, or the local stack's.
///
/// The local stack lets its user move the time. It writes the offset of its clock from the
/// machine's, in whole milliseconds, into the file that `CASEMENT_CLOCK_FILE` names. The functions
/// read that file whenever they need the time. On AWS the variable is not set.
#[derive(Clone, Debug, Default)]
pub struct LambdaClock {
    offset_file: Option<PathBuf>,
}

impl LambdaClock {
    /// Makes a clock that follows the offset in this file, if given: the value of [`CLOCK_FILE`].
    #[must_use]
    pub fn new(offset_file: Option<String>) -> Self {
        Self {
            offset_file: offset_file.map(PathBuf::from),
        }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let offset = self.offset_file.as_deref().and_then(read_offset);
        let now = Utc::now();
        offset
            .and_then(|offset| now.checked_add_signed(offset))
            .unwrap_or(now)
    }
}

impl Clock for LambdaClock {
    fn now(&self) -> DateTime<Utc> {
        Self::now(self)
    }
}

/// Returns `None` if the file does not exist or has no number: nobody has moved the clock.
fn read_offset(file: &Path) -> Option<Duration> {
    let text = std::fs::read_to_string(file).ok()?;
    Duration::try_milliseconds(text.trim().parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_read_anew_each_time() {
        let file = std::env::temp_dir().join(format!("casement-clock-{}", std::process::id()));
        let clock = LambdaClock::new(Some(file.to_string_lossy().into_owned()));
        for (content, ahead) in [
            (None, 0),
            (Some("90000000"), 90_000_000),
            (Some("-5000\n"), -5_000),
            (Some("soon"), 0),
            (Some("9223372036854775807"), 0),
        ] {
            if let Some(content) = content {
                std::fs::write(&file, content).unwrap();
            }
            let ahead = Duration::milliseconds(ahead);
            let before = Utc::now() + ahead;
            let now = clock.now();
            assert!(before <= now && now <= Utc::now() + ahead, "{content:?}");
        }
        std::fs::remove_file(&file).unwrap();
    }
}
