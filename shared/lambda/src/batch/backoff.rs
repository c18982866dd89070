//! How long a message stays away.

use std::time::Duration;

/// The longest that a message can be sent away.
///
/// SQS counts its 12 hours from the receipt (SQS API reference, `ChangeMessageVisibility`) and
/// refuses more, so the time that a function may have had the message is taken off.
pub const LONGEST_WAIT: Duration = Duration::from_secs(43_200 - 900);

const FIRST: Duration = Duration::from_secs(5);
const LONGEST_BACKOFF: Duration = Duration::from_secs(900);

/// How long a message waits that was received `receives` times and asks for `after`.
pub(super) fn wait(receives: u32, after: Option<Duration>) -> Duration {
    after.map_or_else(
        || jittered(backoff(receives), fastrand::f64()),
        |after| after.min(LONGEST_WAIT),
    )
}

/// Doubles with every receive, up to a quarter of an hour.
fn backoff(receives: u32) -> Duration {
    let doublings = receives.saturating_sub(1).min(16);
    (FIRST * (1 << doublings)).min(LONGEST_BACKOFF)
}

/// Half of it fixed, half random ("equal jitter"): messages that failed together do not come
/// back together, and none comes back at once.
fn jittered(backoff: Duration, random: f64) -> Duration {
    let half = backoff / 2;
    half + half.mul_f64(random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_a_quarter_of_an_hour() {
        for (receives, seconds) in [
            (0, 5),
            (1, 5),
            (2, 10),
            (3, 20),
            (8, 640),
            (9, 900),
            (40, 900),
            (u32::MAX, 900),
        ] {
            assert_eq!(backoff(receives).as_secs(), seconds, "{receives}");
            for _ in 0..20 {
                let wait = wait(receives, None);
                assert!(wait >= backoff(receives) / 2 && wait <= backoff(receives));
            }
        }
        assert_eq!(jittered(Duration::from_secs(10), 0.5).as_millis(), 7_500);
    }

    #[test]
    fn a_wish_wins_within_what_sqs_allows() {
        for (wish, seconds) in [(0, 0), (7, 7), (3_600, 3_600), (43_200, 42_300)] {
            let waited = wait(9, Some(Duration::from_secs(wish)));
            assert_eq!(waited.as_secs(), seconds, "{wish}");
        }
    }

    /// The redrive policy allows 40 receives: even at its shortest the backoff outlasts an
    /// outage of four hours.
    #[test]
    fn forty_receives_outlast_four_hours() {
        let shortest: Duration = (1..40).map(|n| jittered(backoff(n), 0.0)).sum();
        assert!(shortest > Duration::from_secs(4 * 3_600), "{shortest:?}");
    }
}
