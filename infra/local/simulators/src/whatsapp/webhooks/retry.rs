//! Meta's rules for repeating a webhook.

use chrono::TimeDelta;

use crate::webhook::{Try, Verdict};

/// How long Meta keeps trying.
const LONGEST: TimeDelta = TimeDelta::days(7);

/// The wait before the second repeat. It doubles with each repeat after that.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(15);

/// The longest wait between two repeats.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(12);

/// Decides what follows an attempt. Only 200 counts as accepted. The first repeat is immediate;
/// later ones follow after growing waits, for seven days.
///
/// Source: Meta, "Webhooks" overview and "Throughput" (7 days, exponential backoff). The waits
/// themselves are not documented.
pub(crate) fn policy(attempt: &Try<'_>) -> Verdict {
    if attempt.outcome.status() == Some(200) {
        return Verdict::Delivered;
    }
    let wait = match attempt.number {
        0 => TimeDelta::zero(),
        // 2^12 times the first wait already exceeds the longest.
        repeat => (FIRST_WAIT * (1 << (repeat - 1).min(12))).min(LONGEST_WAIT),
    };
    if attempt.age + wait > LONGEST {
        Verdict::Dropped
    } else {
        Verdict::Again(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::Outcome;

    fn after(number: u32, age: TimeDelta, outcome: &Outcome) -> Verdict {
        policy(&Try {
            number,
            age,
            outcome,
            chance: 0.5,
        })
    }

    fn answered(status: u16) -> Outcome {
        Outcome::Answered {
            status,
            body: String::new(),
        }
    }

    #[test]
    fn only_200_is_taken() {
        let age = TimeDelta::zero();
        assert_eq!(after(0, age, &answered(200)), Verdict::Delivered);
        for outcome in [
            answered(204),
            answered(302),
            answered(401),
            answered(500),
            Outcome::TimedOut,
            Outcome::Unreachable,
        ] {
            let at_once = Verdict::Again(TimeDelta::zero());
            assert_eq!(after(0, age, &outcome), at_once, "{outcome:?}");
        }
    }

    #[test]
    fn waits_grow_and_end_after_seven_days() {
        let mut age = TimeDelta::zero();
        let mut waits = Vec::new();
        for number in 0.. {
            match after(number, age, &Outcome::TimedOut) {
                Verdict::Again(wait) => {
                    age += wait;
                    waits.push(wait.num_seconds());
                }
                verdict => {
                    assert_eq!(verdict, Verdict::Dropped);
                    break;
                }
            }
        }
        assert_eq!(&waits[..5], &[0, 15, 30, 60, 120]);
        assert!(waits.is_sorted());
        assert!(age > TimeDelta::days(6) && age <= TimeDelta::days(7));
    }
}
