//! How long failed work waits before it is retried.

use std::time::Duration;

use crate::model::fate::Pace;

/// The start, the growth and the limit of a wait.
struct Growth {
    first: Duration,
    /// The number of doublings per receive.
    doublings: u32,
    longest: Duration,
}

const USUAL: Growth = Growth {
    first: Duration::from_secs(5),
    doublings: 1,
    longest: Duration::from_secs(900),
};

/// 4^X seconds.
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

/// Returns how long to hide a message at `pace` after it was received `receives` times. `random` is
/// from 0 to 1, and spreads out messages that failed together.
#[must_use]
pub fn backoff(pace: Pace, receives: u32, random: f64) -> Duration {
    let (growth, earliest) = match pace {
        Pace::Usual => (USUAL, Duration::ZERO),
        Pace::Steep => (STEEP, Duration::ZERO),
        Pace::Paused => (PAUSED, Duration::ZERO),
        // Repeating a short requested delay would use up the receives within minutes.
        Pace::NotBefore(earliest) => (USUAL, earliest.to_std().unwrap_or_default()),
    };
    earliest.max(jittered(grown(&growth, receives), random))
}

fn grown(growth: &Growth, receives: u32) -> Duration {
    let doublings = receives.saturating_sub(1).min(16) * growth.doublings;
    let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
    growth.first.saturating_mul(factor).min(growth.longest)
}

/// Makes half of `backoff` random ("equal jitter"): messages that failed together do not come back
/// together, and none comes back at once.
fn jittered(backoff: Duration, random: f64) -> Duration {
    let half = backoff / 2;
    half + half.mul_f64(random)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// `maxReceiveCount` of every queue in `template.yaml`.
    const RECEIVES: u32 = 60;

    #[test]
    fn it_grows_up_to_its_longest() {
        for (pace, longest, expected) in [
            (
                Pace::Usual,
                900,
                [(0, 5), (1, 5), (2, 10), (3, 20), (8, 640), (9, 900)],
            ),
            (
                Pace::Steep,
                900,
                [(0, 1), (1, 1), (2, 4), (3, 16), (5, 256), (6, 900)],
            ),
            (
                Pace::Paused,
                1_800,
                [(0, 60), (1, 60), (2, 120), (5, 960), (6, 1_800), (9, 1_800)],
            ),
        ] {
            let far = [(17, longest), (40, longest), (u32::MAX, longest)];
            for (receives, seconds) in expected.into_iter().chain(far) {
                let whole = Duration::from_secs(seconds);
                assert_eq!(backoff(pace, receives, 1.0), whole, "{pace:?} {receives}");
                assert_eq!(backoff(pace, receives, 0.0), whole / 2, "{pace:?}");
            }
        }
        let some = backoff(Pace::Usual, 2, 0.5);
        assert_eq!(some.as_millis(), 7_500);
    }

    #[test]
    fn what_the_other_side_asks_for_is_the_least() {
        for (receives, earliest, random, seconds) in [
            (1, 30, 0.0, 30),
            (1, 30, 1.0, 30),
            (9, 1, 0.0, 450),
            (9, 1, 1.0, 900),
            (1, 43_200, 0.0, 43_200),
            (2, -7, 1.0, 10),
        ] {
            let pace = Pace::NotBefore(TimeDelta::seconds(earliest));
            let waited = backoff(pace, receives, random).as_secs();
            assert_eq!(waited, seconds, "{earliest}");
        }
    }

    /// Even at its shortest, each pace outlasts an outage of six hours: messages that go to the dead
    /// letters are overtaken by later ones. A token that expires in the evening waits until
    /// somebody comes in.
    #[test]
    fn the_receives_of_a_queue_outlast_an_outage() {
        for (pace, hours) in [(Pace::Usual, 6), (Pace::Steep, 6), (Pace::Paused, 13)] {
            let waits = (1..RECEIVES).map(|receives| backoff(pace, receives, 0.0));
            let shortest: Duration = waits.sum();
            assert!(
                shortest > Duration::from_secs(hours * 3_600),
                "{shortest:?}"
            );
        }
    }
}
