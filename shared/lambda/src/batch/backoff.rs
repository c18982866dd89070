//! How long a message stays away.

use std::time::Duration;

use casement_core::fate::Pace;

/// The longest that a message can be sent away.
///
/// SQS counts its 12 hours from the receipt (SQS API reference, `ChangeMessageVisibility`) and
/// refuses more, so the time that a function may have had the message is taken off.
pub const LONGEST_WAIT: Duration = Duration::from_secs(43_200 - 900);

/// Where the wait begins, how it grows and where it ends.
struct Growth {
    first: Duration,
    /// By which power of two it grows with each receive.
    doublings: u32,
    longest: Duration,
}

const USUAL: Growth = Growth {
    first: Duration::from_secs(5),
    doublings: 1,
    longest: Duration::from_secs(900),
};

/// 4^X.
const STEEP: Growth = Growth {
    first: Duration::from_secs(1),
    doublings: 2,
    longest: Duration::from_secs(900),
};

const PAUSED: Growth = Growth {
    first: Duration::from_secs(60),
    doublings: 1,
    longest: Duration::from_secs(1_800),
};

/// How long a message waits that was received `receives` times and asks for `after`, or to be
/// kept away at `pace`.
pub(super) fn wait(receives: u32, after: Option<Duration>, pace: Pace) -> Duration {
    let random = fastrand::f64();
    let wait = match (after, pace) {
        (Some(after), _) => after,
        (None, Pace::Usual) => jittered(backoff(&USUAL, receives), random),
        (None, Pace::Steep) => jittered(backoff(&STEEP, receives), random),
        (None, Pace::Paused) => jittered(backoff(&PAUSED, receives), random),
        // A short wish, repeated, would use up the receives within minutes.
        (None, Pace::NotBefore(earliest)) => {
            let earliest = earliest.to_std().unwrap_or_default();
            earliest.max(jittered(backoff(&USUAL, receives), random))
        }
    };
    wait.min(LONGEST_WAIT)
}

fn backoff(growth: &Growth, receives: u32) -> Duration {
    let doublings = receives.saturating_sub(1).min(16) * growth.doublings;
    let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
    growth.first.saturating_mul(factor).min(growth.longest)
}

/// Half of it fixed, half random ("equal jitter"): messages that failed together do not come
/// back together, and none comes back at once.
fn jittered(backoff: Duration, random: f64) -> Duration {
    let half = backoff / 2;
    half + half.mul_f64(random)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// `maxReceiveCount` of every queue in `template.yaml`.
    const RECEIVES: u32 = 40;

    #[test]
    fn it_grows_up_to_its_longest() {
        for (pace, growth, expected) in [
            (
                Pace::Usual,
                USUAL,
                [(0, 5), (1, 5), (2, 10), (3, 20), (8, 640), (9, 900)],
            ),
            (
                Pace::Steep,
                STEEP,
                [(0, 1), (1, 1), (2, 4), (3, 16), (5, 256), (6, 900)],
            ),
            (
                Pace::Paused,
                PAUSED,
                [(0, 60), (1, 60), (2, 120), (5, 960), (6, 1_800), (9, 1_800)],
            ),
        ] {
            let longest = growth.longest.as_secs();
            let far = [(17, longest), (40, longest), (u32::MAX, longest)];
            for (receives, seconds) in expected.into_iter().chain(far) {
                let backoff = backoff(&growth, receives);
                assert_eq!(backoff.as_secs(), seconds, "{pace:?} {receives}");
                for _ in 0..20 {
                    let wait = wait(receives, None, pace);
                    assert!(wait >= backoff / 2 && wait <= backoff, "{pace:?} {wait:?}");
                }
            }
        }
        assert_eq!(jittered(Duration::from_secs(10), 0.5).as_millis(), 7_500);
    }

    #[test]
    fn a_wish_wins_within_what_sqs_allows() {
        for (wish, seconds) in [(0, 0), (7, 7), (3_600, 3_600), (43_200, 42_300)] {
            let waited = wait(9, Some(Duration::from_secs(wish)), Pace::Steep);
            assert_eq!(waited.as_secs(), seconds, "{wish}");
        }
    }

    #[test]
    fn what_the_other_side_asks_for_is_the_least() {
        for (receives, earliest, least, most) in [
            (1, 30, 30, 30),
            (9, 1, 450, 900),
            (1, 43_200, 42_300, 42_300),
            (1, -7, 2, 5),
        ] {
            let pace = Pace::NotBefore(TimeDelta::seconds(earliest));
            let waited = wait(receives, None, pace).as_secs();
            assert!((least..=most).contains(&waited), "{earliest}: {waited}");
        }
    }

    /// Even at its shortest each pace outlasts an outage of four hours, and a token that expires
    /// in the evening waits for somebody to come in.
    #[test]
    fn the_receives_of_a_queue_outlast_an_outage() {
        for (growth, hours) in [(USUAL, 4), (STEEP, 4), (PAUSED, 8)] {
            let waits = (1..RECEIVES).map(|receives| jittered(backoff(&growth, receives), 0.0));
            let shortest: Duration = waits.sum();
            assert!(
                shortest > Duration::from_secs(hours * 3_600),
                "{shortest:?}"
            );
        }
    }
}
