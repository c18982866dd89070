//! Jira's rules for repeating a webhook.

use std::time::Duration;

use chrono::TimeDelta;

use crate::webhook::{Outcome, Try, Verdict};

/// The most repeats of a webhook.
const REPEATS: u32 = 5;

/// Decides what follows an attempt. Every 2xx is accepted. 408, 409, 425, 429, 5xx, timeouts and
/// failed connections are repeated five times, 5 to 15 minutes apart. Any other answer is final.
///
/// Source: Atlassian, "Webhooks", and the announcement of the retry policy.
pub(crate) fn policy(attempt: &Try<'_>) -> Verdict {
    let again = match attempt.outcome {
        Outcome::Answered { status, .. } => match status {
            200..=299 => return Verdict::Delivered,
            408 | 409 | 425 | 429 | 500..=599 => true,
            _ => false,
        },
        Outcome::TimedOut | Outcome::Unreachable => true,
    };
    if !again || attempt.number >= REPEATS {
        return Verdict::Dropped;
    }
    let extra = Duration::from_secs(10 * 60).mul_f64(attempt.chance);
    let extra = TimeDelta::from_std(extra).unwrap_or_default();
    Verdict::Again(TimeDelta::minutes(5) + extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(number: u32, chance: f64, outcome: &Outcome) -> Verdict {
        policy(&Try {
            number,
            age: TimeDelta::zero(),
            outcome,
            chance,
        })
    }

    #[test]
    fn answers_decide_whether_it_is_repeated() {
        let again = Verdict::Again(TimeDelta::minutes(10));
        let table = [
            (200, Verdict::Delivered),
            (204, Verdict::Delivered),
            (302, Verdict::Dropped),
            (400, Verdict::Dropped),
            (401, Verdict::Dropped),
            (404, Verdict::Dropped),
            (408, again),
            (409, again),
            (425, again),
            (429, again),
            (500, again),
            (503, again),
        ];
        for (status, verdict) in table {
            let outcome = Outcome::Answered {
                status,
                body: String::new(),
            };
            assert_eq!(after(0, 0.5, &outcome), verdict, "{status}");
        }
        assert_eq!(after(0, 0.5, &Outcome::TimedOut), again);
        assert_eq!(after(0, 0.5, &Outcome::Unreachable), again);
    }

    #[test]
    fn five_repeats_5_to_15_minutes_apart() {
        let minutes = |minutes| Verdict::Again(TimeDelta::minutes(minutes));
        assert_eq!(after(0, 0.0, &Outcome::TimedOut), minutes(5));
        assert_eq!(after(4, 1.0, &Outcome::TimedOut), minutes(15));
        assert_eq!(after(5, 0.0, &Outcome::TimedOut), Verdict::Dropped);
    }
}
