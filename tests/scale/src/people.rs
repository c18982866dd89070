//! The behaviour of customers and agents.
//!
//! A customer has a question, in a talk of a few turns. A turn is a burst of messages and the
//! agents' answer. The numbers and intervals are assumptions, as the record says.

use casement_core::settings::NumberSettings;
use chrono::Duration;
use fastrand::Rng;

use crate::calendar::Millis;
use crate::customer::time;
use crate::world::{Content, Happening, World};

const SECOND: f64 = 1_000.0;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;

/// Weights by the hour, in the owner's time zone: two peaks, before noon and in the evening.
const HOURS: [f64; 24] = [
    0.30, 0.20, 0.13, 0.10, 0.10, 0.15, 0.35, 0.70, 1.20, 1.60, 1.75, 1.70, 1.50, 1.45, 1.45, 1.45,
    1.50, 1.60, 1.70, 1.75, 1.60, 1.20, 0.80, 0.50,
];

/// Weights by the day, from Monday on.
const DAYS: [f64; 7] = [1.12, 1.06, 1.03, 1.02, 1.00, 0.90, 0.87];

/// The shares of talks with one, two, three and four turns.
const TURNS: [f64; 4] = [0.35, 0.30, 0.20, 0.15];

/// The shares of turns with one, two and three messages.
const BURST: [f64; 3] = [0.60, 0.30, 0.10];

/// The share of talks that end with thanks.
const THANKS: f64 = 0.3;

/// The share of answers in two comments.
const TWO_COMMENTS: f64 = 0.5;

/// The share of talks that end with the request done.
const DONE: f64 = 0.8;

/// The share of answers that take a day or two.
const LATE: f64 = 0.004;

/// Returns the average number of customers' messages in a talk.
pub(crate) fn messages_of_a_talk() -> f64 {
    mean(&TURNS) * mean(&BURST) + THANKS
}

/// Returns how busy this minute of the week is, relative to the average.
pub(crate) fn weight(minute: u32) -> f64 {
    let of_day = f64::from(minute % 1440) / 60.0;
    let hour = of_day as usize;
    let within = of_day.fract();
    let shape = HOURS[hour] * (1.0 - within) + HOURS[(hour + 1) % 24] * within;
    let day = DAYS[(minute / 1440 % 7) as usize];
    let all: f64 = HOURS.iter().sum::<f64>() / 24.0 * DAYS.iter().sum::<f64>() / 7.0;
    shape * day / all
}

fn mean(weights: &[f64]) -> f64 {
    let counts = (1..).map(f64::from);
    weights
        .iter()
        .zip(counts)
        .map(|(weight, count)| weight * count)
        .sum()
}

fn one_of(rng: &mut Rng, weights: &[f64]) -> u8 {
    let mut left = rng.f64();
    for (count, weight) in (1..).zip(weights) {
        left -= weight;
        if left < 0.0 {
            return count;
        }
    }
    1
}

/// Draws an exponentially distributed duration in milliseconds.
fn about(rng: &mut Rng, mean: f64) -> Millis {
    (-mean * (1.0 - rng.f64()).ln()) as Millis
}

fn between(rng: &mut Rng, least: f64, most: f64) -> Millis {
    (least + (most - least) * rng.f64()) as Millis
}

/// Draws a Poisson-distributed count.
pub(crate) fn poisson(rng: &mut Rng, expected: f64) -> u32 {
    if expected > 50.0 {
        // The sum of twelve uniform numbers is close enough to a normal one.
        let normal: f64 = (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0;
        return (expected + expected.sqrt() * normal).round().max(0.0) as u32;
    }
    let (mut count, mut product) = (0, rng.f64());
    while product > (-expected).exp() {
        product *= rng.f64();
        count += 1;
    }
    count
}

/// Returns the time at which agents answer a message that came at `now`.
fn answers_at(rng: &mut Rng, settings: &NumberSettings, now: Millis) -> Millis {
    if rng.f64() < LATE {
        return now + between(rng, 20.0 * HOUR, 40.0 * HOUR);
    }
    let soon = now + 20_000 + about(rng, 8.0 * MINUTE);
    if settings.hours.is_open(time(soon)) {
        return soon;
    }
    let opening = settings.hours.next_opening(time(soon));
    let wait = opening.map(|opening| opening.to_utc() - time(soon));
    let wait = wait.unwrap_or(Duration::zero()).num_milliseconds();
    // Agents work off the night's messages in the first hours.
    soon + wait as Millis + about(rng, 45.0 * MINUTE)
}

impl World {
    /// Plans the talks that begin in this minute.
    pub(crate) fn talks_begin(&mut self, now: Millis) {
        let per_minute = self.scenario.messages_per_day / messages_of_a_talk() / 1440.0;
        let talks = poisson(&mut self.rng, per_minute * weight(now / 60_000));
        for _ in 0..talks {
            // Some customers write far more often than others.
            let place = self.rng.f64().powf(1.3) * f64::from(self.scenario.customers);
            let customer = (place as u32).min(self.scenario.customers - 1);
            let at = now + self.rng.u32(..60_000);
            self.calendar.plan(at, Happening::HasAQuestion(customer));
        }
    }

    pub(crate) fn has_a_question(&mut self, customer: u32, now: Millis) {
        let turns = one_of(&mut self.rng, &TURNS);
        let state = self.customer(customer);
        let is_talking = state.turns > 0 || state.burst > 0 || state.is_being_answered;
        state.turns = state.turns.saturating_add(turns);
        if !is_talking {
            self.writes(customer, now);
        }
    }

    pub(crate) fn writes(&mut self, customer: u32, now: Millis) {
        if now >= self.end {
            return;
        }
        let burst = one_of(&mut self.rng, &BURST);
        let state = self.customer(customer);
        if state.burst == 0 {
            state.burst = burst;
        }
        state.burst -= 1;
        let goes_on = state.burst > 0;
        self.post_message(customer, Content::Question, now);
        if goes_on {
            let next = now + between(&mut self.rng, 3.0 * SECOND, 20.0 * SECOND);
            self.calendar.plan(next, Happening::Writes(customer));
            return;
        }
        let state = self.customer(customer);
        state.turns = state.turns.saturating_sub(1);
        if !std::mem::replace(&mut state.is_being_answered, true) {
            let at = answers_at(&mut self.rng, &self.settings, now);
            let twice = self.rng.f64() < TWO_COMMENTS;
            self.calendar.plan(at, Happening::Answers(customer, twice));
        }
    }

    pub(crate) fn answers(&mut self, customer: u32, twice: bool, now: Millis) {
        let state = self.customer(customer);
        if state.in_jira < state.taken || state.in_jira == 0 {
            // Agents cannot answer a message that they do not see yet.
            let at = now + between(&mut self.rng, MINUTE, 2.0 * MINUTE);
            self.calendar.plan(at, Happening::Answers(customer, twice));
            return;
        }
        self.post_reply(customer, now);
        if twice {
            let at = now + between(&mut self.rng, 5.0 * SECOND, 30.0 * SECOND);
            self.calendar.plan(at, Happening::Answers(customer, false));
            return;
        }
        let state = self.customer(customer);
        state.is_being_answered = false;
        if state.turns > 0 {
            let at = now + 20_000 + about(&mut self.rng, 3.0 * MINUTE);
            self.calendar.plan(at, Happening::Writes(customer));
            return;
        }
        if self.rng.f64() < DONE {
            let at = now + between(&mut self.rng, MINUTE, 30.0 * MINUTE);
            self.calendar.plan(at, Happening::IsDone(customer));
        }
        if self.rng.f64() < THANKS {
            let at = now + between(&mut self.rng, 10.0 * SECOND, 2.0 * MINUTE);
            self.calendar.plan(at, Happening::SaysThanks(customer));
        }
    }

    pub(crate) fn is_done(&mut self, customer: u32, now: Millis) {
        let state = self.customer(customer);
        if !state.is_being_answered
            && state.turns == 0
            && let Some(request) = self.request_of(customer)
        {
            self.product.resolve(request.as_str(), time(now));
        }
    }

    pub(crate) fn says_thanks(&mut self, customer: u32, now: Millis) {
        if now < self.end {
            self.post_message(customer, Content::Thanks, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_as_busy_as_it_is_said_to_be() {
        let week = 7 * 1440;
        let mean = (0..week).map(weight).sum::<f64>() / f64::from(week);
        assert!((mean - 1.0).abs() < 1e-6, "{mean}");
        let peak = (0..week).map(weight).fold(0.0, f64::max);
        assert!((1.7..2.0).contains(&peak), "{peak}");
    }

    #[test]
    fn chance_keeps_to_its_means() {
        let mut rng = Rng::with_seed(1);
        for expected in [0.2, 5.0, 900.0] {
            let all: u32 = (0..10_000).map(|_| poisson(&mut rng, expected)).sum();
            let mean = f64::from(all) / 10_000.0;
            assert!((mean / expected - 1.0).abs() < 0.05, "{expected} {mean}");
        }
        let turns: u32 = (0..10_000)
            .map(|_| u32::from(one_of(&mut rng, &TURNS)))
            .sum();
        assert!((f64::from(turns) / 10_000.0 - mean(&TURNS)).abs() < 0.05);
        let length = (0..10_000)
            .map(|_| f64::from(about(&mut rng, MINUTE)))
            .sum::<f64>();
        assert!((length / 10_000.0 / MINUTE - 1.0).abs() < 0.05);
    }
}
