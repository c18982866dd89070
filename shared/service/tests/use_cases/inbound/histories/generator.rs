//! Generates histories, and shrinks them.

use std::fmt;

use chrono::Duration;

use super::play::play;

/// A time in minutes longer than any delay.
const CALM: i64 = 100;

/// An event after some minutes, and the delay of WhatsApp's report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) minutes: i64,
    pub(super) what: What,
    pub(super) late: i64,
    /// The time after which the report is delivered once more, if at all.
    pub(super) again: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A person writes, with number, BSUID or both.
    Write(usize, Shown),
    /// A person moves to another number if it is free. A person's first number is not reported.
    Move(usize, usize, Report),
    /// An agent replies in one of the requests.
    Reply(usize),
    /// An agent sends a template to a number, from a new request.
    Template(usize),
    /// The owner blocks a number.
    Block(usize),
    /// A day goes by, and windows close.
    Day,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Both,
    Number,
    Bsuid,
}

/// The kind of report that WhatsApp makes of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Report {
    Number,
    Both,
    Separately,
}

#[derive(Clone, Debug)]
pub(super) struct History {
    /// The time for which a number lies idle.
    pub(super) idle: Duration,
    pub(super) steps: Vec<Step>,
}

/// Knuth's MMIX generator; the high bits are the random ones.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn index(&mut self, limit: u64) -> usize {
        usize::try_from(self.below(limit)).unwrap()
    }

    fn minutes(&mut self, limit: u64) -> i64 {
        i64::try_from(self.below(limit)).unwrap()
    }
}

impl History {
    pub(super) fn of_seed(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        random.below(2);
        let idle = if seed.is_multiple_of(2) { CALM } else { 20 };
        let length = 4 + random.below(20);
        let steps = (0..length).map(|_| step(&mut random)).collect();
        Self {
            idle: Duration::minutes(idle),
            steps,
        }
    }
}

fn step(random: &mut Random) -> Step {
    let who = random.index(2);
    let what = match random.below(20) {
        0..8 => What::Write(
            who,
            [Shown::Both, Shown::Number, Shown::Bsuid][random.index(3)],
        ),
        8..14 => {
            let report = [Report::Number, Report::Both, Report::Separately][random.index(3)];
            What::Move(who, random.index(3), report)
        }
        14..17 => What::Reply(random.index(6)),
        17 => What::Template(random.index(3)),
        18 if random.below(4) == 0 => What::Block(random.index(3)),
        18 => What::Reply(random.index(6)),
        _ => What::Day,
    };
    let is_late = random.below(2) == 0;
    Step {
        minutes: 1 + random.minutes(45),
        what,
        late: if is_late { random.minutes(90) } else { 0 },
        again: (random.below(5) == 0).then(|| random.minutes(90)),
    }
}

/// Shrinks the history to the steps that it needs to fail.
pub(super) async fn shrunk(mut history: History) -> History {
    loop {
        let before = history.steps.clone();
        for index in (0..history.steps.len()).rev() {
            let mut fewer = history.clone();
            fewer.steps.remove(index);
            if play(&fewer).await.is_err() {
                history = fewer;
            }
        }
        for index in 0..history.steps.len() {
            for easier in [
                Step {
                    again: None,
                    ..history.steps[index]
                },
                Step {
                    late: 0,
                    ..history.steps[index]
                },
                Step {
                    minutes: 1,
                    ..history.steps[index]
                },
            ] {
                let mut simpler = history.clone();
                simpler.steps[index] = easier;
                if play(&simpler).await.is_err() {
                    history = simpler;
                }
            }
        }
        if history.steps == before {
            return history;
        }
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut now = 0;
        writeln!(
            f,
            "  numbers lie idle for {} minutes",
            self.idle.num_minutes()
        )?;
        for step in &self.steps {
            now += step.minutes;
            write!(f, "  at {now:>4}: {:?}", step.what)?;
            if step.late > 0 {
                write!(f, ", {} late", step.late)?;
            }
            if let Some(again) = step.again {
                write!(f, ", again {again} later")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
