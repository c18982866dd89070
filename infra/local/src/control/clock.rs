use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use casement_core::settings::Settings;
use chrono::{DateTime, TimeDelta, Utc};
use local_simulators::problem::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{internal, parse, settings};
use crate::stack::Stack;

// Far beyond this, years no longer have four digits.
const LONGEST_MOVE_S: f64 = 100.0 * 366.0 * 86_400.0;

/// A way to move the clock.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    advance_s: Option<f64>,
    set: Option<DateTime<Utc>>,
    reset: Option<bool>,
    to: Option<Moment>,
}

/// A moment that the stack computes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Moment {
    /// The next opening of the business hours in the settings.
    NextOpening,
}

pub(super) async fn show(State(stack): State<Stack>) -> Result<Json<Value>, Problem> {
    let mut shown = stack.clock_view();
    shown["next_opening"] = json!(next_opening(&stack)?);
    Ok(Json(shown))
}

pub(super) async fn change(
    State(stack): State<Stack>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let mut wanted: Move = parse(&body)?;
    if let (Some(Moment::NextOpening), None) = (wanted.to.take(), wanted.set) {
        wanted.set = next_opening(&stack)?;
        if wanted.set.is_none() {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "there is no next opening: by the settings, agents work round the clock",
            ));
        }
    }
    let offset_ms = new_offset_ms(&wanted, stack.clock.offset_ms(), Utc::now())?;
    stack.move_clock(offset_ms).map_err(internal)?;
    Ok(Json(stack.clock_view()))
}

/// Returns when the first of the numbers opens next, after the stack's time.
fn next_opening(stack: &Stack) -> Result<Option<DateTime<Utc>>, Problem> {
    let (document, _) = settings::stored(stack)?;
    let settings = Settings::from_toml(&document).map_err(internal)?;
    let now = stack.clock.now();
    let openings = settings.numbers().iter().map(|number| {
        let hours = &number.hours;
        let closed = hours.closing(now).unwrap_or(now);
        Some(hours.next_opening(closed)?.with_timezone(&Utc))
    });
    Ok(openings.flatten().min())
}

/// Returns the offset after a move. `machine_now` is the time without an offset.
fn new_offset_ms(
    wanted: &Move,
    offset_ms: i64,
    machine_now: DateTime<Utc>,
) -> Result<i64, Problem> {
    match (wanted.advance_s, wanted.set, wanted.reset) {
        (Some(seconds), None, None) if seconds.abs() <= LONGEST_MOVE_S => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "checked against LONGEST_MOVE_S"
            )]
            let milliseconds = (seconds * 1000.0).round() as i64;
            Ok(offset_ms.saturating_add(milliseconds))
        }
        (Some(_), None, None) => Err(Problem::bad_request("advance_s: too far")),
        (None, Some(time), None) => Ok(whole_ms(time - machine_now)),
        (None, None, Some(true)) => Ok(0),
        _ => Err(Problem::bad_request(
            "give one of advance_s (seconds), set (RFC 3339), reset (true) and to (next_opening)",
        )),
    }
}

/// Rounds up to milliseconds, so that the clock is never set to an earlier time than requested.
fn whole_ms(ahead: TimeDelta) -> i64 {
    let milliseconds = ahead.num_milliseconds();
    if TimeDelta::milliseconds(milliseconds) < ahead {
        milliseconds + 1
    } else {
        milliseconds
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_clock_is_moved_in_one_way_at_a_time() {
        let machine_now = "2026-11-22T09:00:00Z".parse().unwrap();
        for (wanted, expected) in [
            (json!({"advance_s": 90_000}), Some(90_001_000)),
            (json!({"advance_s": 0.5}), Some(1_500)),
            (json!({"advance_s": -1}), Some(0)),
            (json!({"advance_s": 1e300}), None),
            (json!({"set": "2026-11-22T10:00:00Z"}), Some(3_600_000)),
            (json!({"set": "2026-11-22T10:00:00+01:00"}), Some(0)),
            (json!({"reset": true}), Some(0)),
            (json!({"reset": false}), None),
            (json!({}), None),
            (json!({"reset": true, "advance_s": 1}), None),
        ] {
            let given: Move = serde_json::from_value(wanted.clone()).unwrap();
            let offset = new_offset_ms(&given, 1_000, machine_now).ok();
            assert_eq!(offset, expected, "{wanted}");
        }
    }

    #[test]
    fn the_clock_never_stands_before_the_time_that_it_is_set_to() {
        for (microseconds, expected) in [
            (1_000, 1),
            (1_001, 2),
            (1, 1),
            (0, 0),
            (-1, 0),
            (-1_000, -1),
            (-1_999, -1),
        ] {
            let ahead = TimeDelta::microseconds(microseconds);
            assert_eq!(whole_ms(ahead), expected, "{microseconds}");
        }
    }
}
