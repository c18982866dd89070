//! Every call that functions make in a scenario, hit by every kind of fault.

mod table;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::compare::differences;
use crate::observe::Observation;
use crate::scenario::Scenario;
use crate::weather::Weather;
use crate::world::{Done, Trouble, World};

pub(crate) use table::Table;

/// How often a scenario is run without faults. The run with the fewest calls counts, because a run
/// in which two reports came in two batches has calls that most other runs lack.
const QUIET_RUNS: usize = 3;

/// How often a cell is run until its fault hits something. In a race, a function may make one call
/// fewer.
const TRIES: u32 = 3;

/// The choice of cells to run.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub scenarios: Vec<Scenario>,
    /// The faults to use.
    pub weather: Vec<Weather>,
    /// Whether each call is hit by only one kind of fault, the next call by the next kind.
    pub rotating: bool,
    /// How many stacks run at once.
    pub jobs: usize,
}

/// The call for a fault to hit: the n-th of a function, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Call {
    function: String,
    service: String,
    operation: String,
    number: u64,
    name: String,
}

impl Call {
    fn is_hit_by(&self, weather: Weather) -> bool {
        weather.hits(&self.service, &self.operation)
    }
}

/// One run with a fault.
#[derive(Clone, Debug)]
struct Cell {
    scenario: Scenario,
    call: Call,
    weather: Weather,
    /// How many earlier calls of the function the fault could also hit.
    after_calls: usize,
    expected: Arc<Observation>,
}

/// The outcome of a cell.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub scenario: Scenario,
    pub weather: Weather,
    pub call: String,
    /// Whether the fault has hit a call.
    pub hit: bool,
    /// The differences found.
    pub wrong: Vec<String>,
    pub took: Duration,
}

/// Runs the chosen part of the matrix.
///
/// # Errors
/// A scenario cannot be run even without faults.
pub(crate) async fn run(choice: &Choice) -> Done<Table> {
    let began = Instant::now();
    let mut table = Table::default();
    let mut cells = VecDeque::new();
    let world = World::start().await;
    for (number, scenario) in choice.scenarios.iter().enumerate() {
        let (expected, calls) = fewest_calls(&world, *scenario).await?;
        let wrong = differences(&expected, &expected, false);
        if !wrong.is_empty() {
            let name = scenario.name();
            return Err(Trouble::Unexpected(format!("{name} ends badly: {wrong:?}")));
        }
        table.add(*scenario, calls.len());
        let expected = Arc::new(expected);
        for (index, call) in calls.iter().enumerate() {
            let could = kinds(choice, *scenario, call);
            let before = |weather| {
                let before = calls[..index].iter();
                let of_it = before.filter(|one| one.function == call.function);
                of_it.filter(|one| one.is_hit_by(weather)).count()
            };
            let chosen = chosen(choice, number + index, could).into_iter();
            cells.extend(chosen.map(|weather| Cell {
                scenario: *scenario,
                call: call.clone(),
                weather,
                after_calls: before(weather),
                expected: Arc::clone(&expected),
            }));
        }
    }
    let cells = Arc::new(Mutex::new(cells));
    let first = tokio::spawn(work(Some(world), Arc::clone(&cells)));
    let others = (1..choice.jobs).map(|_| tokio::spawn(work(None, Arc::clone(&cells))));
    for worker in std::iter::once(first).chain(others.collect::<Vec<_>>()) {
        let outcomes = worker.await;
        let ended = |error| Trouble::Unexpected(format!("a worker has ended: {error}"));
        table.take(outcomes.map_err(ended)?);
    }
    table.took = began.elapsed();
    Ok(table)
}

/// Returns the kinds of fault that can hit a call. Lasting faults are only for scenarios that have
/// the time.
fn kinds(choice: &Choice, scenario: Scenario, call: &Call) -> Vec<Weather> {
    let kinds = choice.weather.iter().copied();
    let fits = |kind: &Weather| call.is_hit_by(*kind) && (!kind.lasts() || scenario.has_time());
    kinds.filter(fits).collect()
}

/// Returns the kinds that hit the call with this number.
fn chosen(choice: &Choice, number: usize, kinds: Vec<Weather>) -> Vec<Weather> {
    if choice.rotating && !kinds.is_empty() {
        vec![kinds[number % kinds.len()]]
    } else {
        kinds
    }
}

/// Runs cells until none is left.
async fn work(world: Option<World>, cells: Arc<Mutex<VecDeque<Cell>>>) -> Vec<Outcome> {
    let world = match world {
        Some(world) => world,
        None => World::start().await,
    };
    let mut outcomes = Vec::new();
    loop {
        let next = {
            let mut cells = cells.lock().unwrap_or_else(PoisonError::into_inner);
            cells.pop_front()
        };
        let Some(cell) = next else { return outcomes };
        let outcome = with_fault(&world, &cell).await;
        if !outcome.wrong.is_empty() {
            eprintln!("{}", outcome.described());
            keep_log(&world, &outcome).await;
        }
        outcomes.push(outcome);
    }
}

async fn fewest_calls(world: &World, scenario: Scenario) -> Done<(Observation, Vec<Call>)> {
    let mut fewest = without_faults(world, scenario).await?;
    for _ in 1..QUIET_RUNS {
        let run = without_faults(world, scenario).await?;
        if run.1.len() < fewest.1.len() {
            fewest = run;
        }
    }
    Ok(fewest)
}

async fn without_faults(world: &World, scenario: Scenario) -> Done<(Observation, Vec<Call>)> {
    world.begin(&scenario.settings()).await?;
    scenario.prepare(world).await?;
    let before = world.get("/api/calls").await?;
    let before = before.as_array().map_or(0, Vec::len);
    scenario.act(world).await?;
    let calls = world.get(&format!("/api/calls?since={before}")).await?;
    world.finish().await?;
    Ok((Observation::of(world).await?, numbered(&calls)))
}

/// Returns the calls, each with its number among the calls of its function.
fn numbered(calls: &Value) -> Vec<Call> {
    let mut numbered: Vec<Call> = Vec::new();
    for call in calls.as_array().into_iter().flatten() {
        let function = call["function"].as_str().unwrap_or_default();
        let before = numbered.iter().filter(|one| one.function == function);
        let number = u64::try_from(before.count()).unwrap_or(u64::MAX);
        numbered.push(Call {
            function: function.to_owned(),
            service: call["service"].as_str().unwrap_or_default().to_owned(),
            operation: call["operation"].as_str().unwrap_or_default().to_owned(),
            number,
            name: name_of(call),
        });
    }
    numbered
}

/// Returns the operation of a call, without ids.
fn name_of(call: &Value) -> String {
    let operation = call["operation"].as_str().unwrap_or_default();
    let without_query = operation.split('?').next().unwrap_or_default();
    let segments = without_query.split('/').map(|segment| {
        let is_id = segment.len() > 1 && segment.bytes().any(|byte| byte.is_ascii_digit());
        if is_id { "…" } else { segment }
    });
    let segments: Vec<_> = segments.collect();
    let service = call["service"].as_str().unwrap_or_default();
    format!("{service} {}", segments.join("/"))
}

async fn with_fault(world: &World, cell: &Cell) -> Outcome {
    let began = Instant::now();
    let mut outcome = Outcome {
        scenario: cell.scenario,
        weather: cell.weather,
        call: format!(
            "{} #{} ({})",
            cell.call.function, cell.call.number, cell.call.name
        ),
        hit: false,
        wrong: Vec::new(),
        took: Duration::ZERO,
    };
    for _ in 0..TRIES {
        match attempt(world, cell).await {
            Ok((seen, hit)) => {
                outcome.hit = hit;
                let webhook_is_hit = cell.call.function == "whatsapp-webhook";
                let racing = cell.scenario.is_race(webhook_is_hit);
                outcome.wrong = differences(&cell.expected, &seen, racing);
            }
            Err(trouble) => outcome.wrong = vec![trouble.to_string()],
        }
        if outcome.hit || !outcome.wrong.is_empty() {
            break;
        }
    }
    outcome.took = began.elapsed();
    outcome
}

/// Runs a cell. Returns the final observation, and whether the fault hit anything.
async fn attempt(world: &World, cell: &Cell) -> Done<(Observation, bool)> {
    world.begin(&cell.scenario.settings()).await?;
    cell.scenario.prepare(world).await?;
    let mut fault = cell.weather.fault();
    fault["function"] = json!(cell.call.function);
    fault["after_calls"] = json!(cell.after_calls);
    world.post("/api/faults", fault).await?;
    let lag = json!({"search_lag_ms": cell.weather.search_lag().as_millis()});
    world.post("/api/jira/options", lag).await?;
    cell.scenario.act(world).await?;
    if cell.weather.lasts() {
        world.redrive().await?;
    }
    let faults = world.get("/api/faults").await?;
    world
        .api(Method::DELETE, "/api/faults", Value::Null)
        .await?;
    world.finish().await?;
    let hit = faults[0]["hit"].as_u64() > Some(0);
    Ok((Observation::of(world).await?, hit))
}

/// Saves the functions' log and calls, to find out what went wrong.
async fn keep_log(world: &World, outcome: &Outcome) {
    let mut kept = json!({"cell": outcome.described()});
    for (name, path) in [
        ("logs", "/api/logs"),
        ("calls", "/api/calls"),
        ("state", "/api/state"),
        ("requests", "/api/requests"),
    ] {
        kept[name] = world.get(path).await.unwrap_or_default();
    }
    let call: String = outcome
        .call
        .chars()
        .take_while(|c| *c != ' ')
        .chain(outcome.call.chars().filter(char::is_ascii_digit).take(2))
        .collect();
    let name = format!(
        "casement-faults-{}-{}-{call}.json",
        outcome.scenario.name(),
        outcome.weather.name()
    );
    let file = std::env::temp_dir().join(name);
    match std::fs::write(&file, format!("{kept:#}")) {
        Ok(()) => eprintln!("  see {}", file.display()),
        Err(error) => eprintln!("  {}: {error}", file.display()),
    }
}

impl Outcome {
    /// Describes the cell and its faults.
    pub(crate) fn described(&self) -> String {
        format!(
            "{} {} at {}:\n    {}",
            self.scenario.name(),
            self.weather.name(),
            self.call,
            self.wrong.join("\n    ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_function_and_named_without_ids() {
        let calls = json!([
            {"function": "a", "service": "jira", "operation": "GET /rest/api/3/issue/10001/comment"},
            {"function": "b", "service": "dynamodb", "operation": "PutItem"},
            {"function": "a", "service": "dynamodb", "operation": "GetItem"},
        ]);
        let calls = numbered(&calls);
        let shown: Vec<_> = calls
            .iter()
            .map(|call| (call.function.as_str(), call.number, call.name.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("a", 0, "jira GET /rest/api/3/issue/…/comment"),
                ("b", 0, "dynamodb PutItem"),
                ("a", 1, "dynamodb GetItem"),
            ]
        );
        assert!(calls[0].is_hit_by(Weather::NotFound));
        assert!(!calls[1].is_hit_by(Weather::NotFound));
    }

    #[test]
    fn in_rotation_each_call_has_one_fault() {
        let choice = Choice {
            scenarios: Vec::new(),
            weather: Weather::ALL.to_vec(),
            rotating: true,
            jobs: 1,
        };
        let chosen = |n| chosen(&choice, n, Weather::ALL.to_vec());
        let twice: Vec<_> = (0..2 * Weather::ALL.len()).flat_map(chosen).collect();
        assert_eq!(twice, [Weather::ALL, Weather::ALL].concat());
    }
}
