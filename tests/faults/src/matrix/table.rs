//! The result of the matrix.

use std::fmt;
use std::time::Duration;

use super::Outcome;
use crate::scenario::Scenario;

/// The outcomes by scenario.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    rows: Vec<(Scenario, usize)>,
    outcomes: Vec<Outcome>,
    pub took: Duration,
}

impl Table {
    /// Adds a scenario with this many calls.
    pub(super) fn add(&mut self, scenario: Scenario, calls: usize) {
        self.rows.push((scenario, calls));
    }

    /// Adds cells that have been run.
    pub(super) fn take(&mut self, outcomes: Vec<Outcome>) {
        self.outcomes.extend(outcomes);
    }

    /// Returns whether every cell whose fault hit went right, and nearly all faults hit. A function
    /// may find two messages in one batch or in two, and makes one call fewer in the first case.
    pub(crate) fn is_right(&self) -> bool {
        let hit = self.outcomes.iter().filter(|one| one.hit).count();
        let is_wrong = |one: &Outcome| !one.wrong.is_empty();
        hit > 0 && hit * 20 >= self.outcomes.len() * 19 && !self.outcomes.iter().any(is_wrong)
    }
}

impl Outcome {
    fn is_right(&self) -> bool {
        self.hit && self.wrong.is_empty()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| Scenario | Calls | Cells | Right | Not hit |")?;
        writeln!(f, "|---|---:|---:|---:|---:|")?;
        let mut sums = [0; 4];
        for (scenario, calls) in &self.rows {
            let of_it = || self.outcomes.iter().filter(|one| one.scenario == *scenario);
            let right = of_it().filter(|one| one.is_right()).count();
            let not_hit = of_it().filter(|one| !one.hit).count();
            let row = [*calls, of_it().count(), right, not_hit];
            let [calls, cells, right, not_hit] = row;
            let name = scenario.name();
            writeln!(f, "| {name} | {calls} | {cells} | {right} | {not_hit} |")?;
            for (sum, number) in sums.iter_mut().zip(row) {
                *sum += number;
            }
        }
        let [calls, cells, right, not_hit] = sums;
        writeln!(f, "| all | {calls} | {cells} | {right} | {not_hit} |")?;
        let working: Duration = self.outcomes.iter().map(|one| one.took).sum();
        let count = u32::try_from(self.outcomes.len())
            .unwrap_or(u32::MAX)
            .max(1);
        writeln!(
            f,
            "\n{right} of {cells} cells are right; {} s, {} ms for a cell.",
            self.took.as_secs(),
            (working / count).as_millis()
        )?;
        for wrong in self.outcomes.iter().filter(|one| !one.is_right()) {
            if !wrong.wrong.is_empty() {
                writeln!(f, "wrong: {}", wrong.described())?;
            } else {
                let (name, weather) = (wrong.scenario.name(), wrong.weather.name());
                writeln!(f, "not hit: {name} {weather} at {}", wrong.call)?;
            }
        }
        Ok(())
    }
}
