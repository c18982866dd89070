//! A long run: many customers, random faults of every kind, and an audit at the end.

mod plan;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::audit::{Journals, Verdict, audit};
use crate::weather::Weather;
use crate::world::{Done, Trouble, World};

use plan::{Comment, Event, Round, rounds};
pub(crate) use plan::{Size, phone, token};

/// Windows end, agents are warned, customers are asked and notified, as by default. Nothing that is
/// held expires within the run.
const SETTINGS: &str = "[[number]]\nphone_number_id = \"106540352242922\"\nservice_desk_id = \"1\"\n\
    request_type_id = \"10\"\nbusiness_account_id = \"102290129340398\"\n\
    time_zone = \"Europe/Berlin\"\nhold_for = \"90d\"\nautomation_limit = 20\n";

/// The lag of Jira's search.
const SEARCH_LAG_MS: u32 = 120_000;

/// The most events under way at once.
const AT_ONCE: usize = 12;

/// The rate of silent faults relative to the others. Each costs five seconds of waiting, so they
/// are rarer.
const SILENT_SHARE: f64 = 0.1;

/// The outcome of a run.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    size: Size,
    hits: u64,
    calls: u64,
    took: Duration,
    verdict: Verdict,
}

/// The current state of a run.
struct Run {
    world: Arc<World>,
    /// The known requests by customer.
    keys: BTreeMap<usize, String>,
    /// The request and id of each comment, by token.
    comments: BTreeMap<String, (String, String)>,
    /// Events that could not happen yet, because there is no request for them.
    postponed: Vec<Event>,
}

/// Runs and judges a soak.
///
/// # Errors
/// The stack could not be driven.
pub(crate) async fn run(size: Size, fault_rate: f64) -> Done<Report> {
    let began = Instant::now();
    let world = Arc::new(World::start_for_long().await);
    world.begin(SETTINGS).await?;
    let mut run = Run {
        world: Arc::clone(&world),
        keys: BTreeMap::new(),
        comments: BTreeMap::new(),
        postponed: Vec::new(),
    };
    bad_weather(&world, fault_rate).await?;
    let (rounds, last) = rounds(size);
    let count = rounds.len();
    for (number, round) in rounds.into_iter().enumerate() {
        run.round(round).await?;
        if number % 10 == 9 {
            let seconds = began.elapsed().as_secs();
            eprintln!("round {} of {count}, {seconds} s", number + 1);
        }
    }
    let hits = hits(&world).await?;
    run.finish(last).await?;
    let state = world.get("/api/state").await?;
    let by_service = state["calls"].as_object().into_iter().flatten();
    let calls = by_service.filter_map(|(_, count)| count.as_u64()).sum();
    let journals = journals(&world).await?;
    let verdict = audit(&journals);
    if !verdict.is_right() {
        keep(&journals, &world).await?;
    }
    Ok(Report {
        size,
        hits,
        calls,
        took: began.elapsed(),
        verdict,
    })
}

impl Report {
    /// Returns whether no fault was found.
    pub(crate) fn is_right(&self) -> bool {
        self.verdict.is_right()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            size:
                Size {
                    seed,
                    customers,
                    messages,
                    ..
                },
            hits,
            calls,
            took,
            verdict,
        } = self;
        writeln!(
            f,
            "Seed {seed}: {customers} customers, {messages} messages; {hits} faults hit {calls} calls; {} s.\n",
            took.as_secs()
        )?;
        verdict.fmt(f)
    }
}

/// Saves the judged records, to find out what went wrong.
pub(crate) async fn keep(journals: &Journals, world: &World) -> Done {
    let kept = json!({
        "chats": journals.chats,
        "requests": journals.requests,
        "from_whatsapp": journals.from_whatsapp,
        "from_jira": journals.from_jira,
        "state": world.get("/api/state").await?,
        "calls": world.get("/api/calls").await?,
        "logs": world.get("/api/logs").await?,
    });
    let file = std::env::temp_dir().join("casement-faults-journals.json");
    let written = std::fs::write(&file, kept.to_string());
    let failed = |error| Trouble::Unexpected(format!("{}: {error}", file.display()));
    written.map_err(failed)?;
    eprintln!("the journals are in {}", file.display());
    Ok(())
}

/// Makes each kind of fault hit its share of all calls.
async fn bad_weather(world: &World, fault_rate: f64) -> Done {
    // Three refusals in a row occur by chance.
    let kinds: Vec<_> = Weather::of_single_calls().collect();
    // Jira's search lags, but a lost answer to an opening is still discovered.
    let options = json!({"search_lag_ms": SEARCH_LAG_MS});
    world.post("/api/jira/options", options).await?;
    let share = fault_rate / kinds.len() as f64;
    for kind in kinds {
        let mut fault = kind.fault();
        let rate = if kind == Weather::Silent {
            share * SILENT_SHARE
        } else {
            share
        };
        fault["count"] = Value::Null;
        fault["rate"] = json!(rate);
        world.post("/api/faults", fault).await?;
    }
    Ok(())
}

async fn hits(world: &World) -> Done<u64> {
    let faults = world.get("/api/faults").await?;
    let faults = faults.as_array().into_iter().flatten();
    Ok(faults.filter_map(|fault| fault["hit"].as_u64()).sum())
}

impl Run {
    async fn round(&mut self, round: Round) -> Done {
        let world = Arc::clone(&self.world);
        let statuses = if round.shuffled {
            "shuffled"
        } else {
            "ordered"
        };
        let options = json!({"duplicates": round.duplicates, "statuses": statuses});
        world.post("/api/whatsapp/options", options).await?;
        let options = json!({"duplicates": round.duplicates, "hidden_issues": round.hidden});
        world.post("/api/jira/options", options).await?;
        let mut events = std::mem::take(&mut self.postponed);
        events.extend(round.events);
        self.happen(events).await?;
        if round.settled {
            return world.settle().await;
        }
        world.quiet().await?;
        // Messages that wait for their time come between the rounds, as the clock moves on.
        world.advance(round.pause).await
    }

    /// Runs events at the same time.
    async fn happen(&mut self, events: Vec<Event>) -> Done {
        let mut under_way = JoinSet::new();
        for event in events {
            let world = Arc::clone(&self.world);
            if under_way.len() >= AT_ONCE {
                self.note(under_way.join_next().await)?;
            }
            match event {
                Event::Writes {
                    phone,
                    user_id,
                    text,
                } => {
                    under_way.spawn(async move {
                        world.writes_as(&phone, &user_id, &text).await?;
                        Ok(None)
                    });
                }
                Event::Moves { from, to } => world.moves(&from, &to).await?,
                Event::Stops { phone } => {
                    world.writes(&phone, "STOP").await?;
                    world
                        .started(&phone, world.now().await? - TimeDelta::minutes(1))
                        .await?;
                }
                Event::HandsOver { phone, to } => {
                    let path = format!("/api/customers/{phone}/handover");
                    world.post(&path, json!({"to": to})).await?;
                }
                Event::Echoes { phone, by, text } => {
                    let path = format!("/api/customers/{phone}/echo");
                    world.post(&path, json!({"by": by, "text": text})).await?;
                }
                Event::Calls { phone, answered } => {
                    let path = format!("/api/customers/{phone}/call");
                    world.post(&path, json!({"answered": answered})).await?;
                }
                Event::AllComesAgain => world.all_comes_again().await?,
                Event::Comments {
                    customer,
                    ref text,
                    how,
                } => match self.key(customer).await? {
                    Some(key) => {
                        let text = text.clone();
                        under_way.spawn(async move {
                            let token = text.split(' ').next().unwrap_or_default().to_owned();
                            let id = world.comments(&key, comment(&text, how)).await?;
                            Ok(Some((token, (key, id))))
                        });
                    }
                    None => self.postponed.push(event),
                },
                Event::Edits {
                    customer: _,
                    ref token,
                } => {
                    if let Some((key, id)) = self.comments.get(token) {
                        let path = format!("/api/requests/{key}/comments/{id}");
                        let text = json!({"text": format!("{token} (edited) it comes on Monday")});
                        under_way.spawn(async move {
                            world.api(reqwest::Method::PUT, &path, text).await?;
                            Ok(None)
                        });
                    }
                }
            }
        }
        while let Some(done) = under_way.join_next().await {
            self.note(Some(done))?;
        }
        Ok(())
    }

    fn note(
        &mut self,
        done: Option<Result<Done<Option<Written>>, tokio::task::JoinError>>,
    ) -> Done {
        let done = done.unwrap_or(Ok(Ok(None)));
        let ended = |error| Trouble::Unexpected(format!("an event has ended: {error}"));
        if let Some((token, written)) = done.map_err(ended)?? {
            self.comments.insert(token, written);
        }
        Ok(())
    }

    /// Returns the key of a customer's request, if there is one yet.
    async fn key(&mut self, customer: usize) -> Done<Option<String>> {
        if !self.keys.contains_key(&customer) {
            let requests = self.world.get("/api/requests").await?;
            for request in requests.as_array().into_iter().flatten() {
                let comments = request["comments"].as_array().into_iter().flatten();
                let texts = comments.filter_map(|comment| comment["text"].as_str());
                let number = texts.filter_map(plan::customer_in).next();
                if let (Some(number), Some(key)) = (number, request["key"].as_str()) {
                    self.keys.insert(number, key.to_owned());
                }
            }
        }
        Ok(self.keys.get(&customer).cloned())
    }

    /// Switches off all faults and runs until nothing is left to do: customers with a held reply
    /// write again. Then repeats all webhooks once.
    async fn finish(&mut self, last: Vec<Event>) -> Done {
        let world = Arc::clone(&self.world);
        world
            .api(reqwest::Method::DELETE, "/api/faults", Value::Null)
            .await?;
        let options = json!({"hidden_issues": false, "search_lag_ms": 0});
        world.post("/api/jira/options", options).await?;
        world.settle().await?;
        let postponed = std::mem::take(&mut self.postponed);
        self.happen(postponed).await?;
        world.settle().await?;
        self.happen(last).await?;
        world.settle().await?;
        world.finish().await?;
        world.all_comes_again().await?;
        world.settle().await
    }
}

/// A comment's token, and its request and id.
type Written = (String, (String, String));

fn comment(text: &str, how: Comment) -> Value {
    let (public, author) = match how {
        Comment::Public | Comment::Restricted => (true, "agent"),
        Comment::Automation => (true, "automation"),
        Comment::Internal => (false, "agent"),
        Comment::PortalCustomer => (true, "customer"),
    };
    let mut comment = json!({"text": text, "public": public, "author": author});
    if how == Comment::Restricted {
        comment["visibility"] = json!({"type": "role", "value": "Administrators"});
    }
    comment
}

/// Returns the simulators' records.
pub(crate) async fn journals(world: &World) -> Done<Journals> {
    let mut chats = BTreeMap::new();
    let customers = world.get("/api/customers").await?;
    for customer in customers.as_array().into_iter().flatten() {
        let phone = customer["customer"].as_str().unwrap_or_default();
        chats.insert(phone.to_owned(), world.chat(phone).await?);
    }
    let list = |value: Value| match value {
        Value::Array(items) => items,
        _ => Vec::new(),
    };
    Ok(Journals {
        chats,
        requests: list(world.get("/api/requests").await?),
        from_whatsapp: list(world.get("/api/webhooks/whatsapp").await?),
        from_jira: list(world.get("/api/webhooks/jira").await?),
        dead_letters: list(world.get("/api/state").await?["dead_letters"].take()),
    })
}
