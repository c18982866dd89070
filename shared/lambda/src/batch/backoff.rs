//! Computes how long a failed message waits.

use std::time::Duration;

use casement_core::decide::backoff::backoff;
use casement_core::model::fate::Pace;

/// The longest wait for a message.
///
/// SQS counts its 12 hours from the receipt (SQS API reference, `ChangeMessageVisibility`) and
/// refuses more, so this subtracts the time for which a function may have held the message.
pub const LONGEST_WAIT: Duration = Duration::from_secs(43_200 - 900);

/// Returns how long a message waits after `receives` receives: for `after` if it asks for that,
/// otherwise at `pace`.
pub(super) fn wait(receives: u32, after: Option<Duration>, pace: Pace) -> Duration {
    let wait = after.unwrap_or_else(|| backoff(pace, receives, fastrand::f64()));
    wait.min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_wish_wins_within_what_sqs_allows() {
        for (wish, seconds) in [(0, 0), (7, 7), (3_600, 3_600), (43_200, 42_300)] {
            let waited = wait(9, Some(Duration::from_secs(wish)), Pace::Steep);
            assert_eq!(waited.as_secs(), seconds, "{wish}");
        }
        let pace = Pace::NotBefore(TimeDelta::seconds(43_200));
        assert_eq!(wait(1, None, pace), LONGEST_WAIT);
    }

    #[test]
    fn what_failed_together_does_not_come_back_together() {
        let waits: Vec<_> = (0..20).map(|_| wait(9, None, Pace::Usual)).collect();
        assert!(
            waits
                .iter()
                .all(|wait| (450..=900).contains(&wait.as_secs()))
        );
        assert!(waits.iter().any(|wait| *wait != waits[0]));
    }
}
