//! The use cases, played through a month.

use casement_core::model::comment::AccountType;
use casement_service::ports::HeldReplies;
use casement_testkit::{World, comment_created, key};
use chrono::{DateTime, Duration, Utc};

use super::script::{Chance, END, Input, Script};
use super::{Event, Log};

const SETTINGS: &str = r#"
[[number]]
phone_number_id = "1065"
service_desk_id = "1"
request_type_id = "10"
delay_after = "30m"
quiet_hours = "21:00-08:00"
"#;

/// What a rule writes.
const RULE: &str = "We got your message";

struct Player {
    world: World,
    /// The customer's request.
    request: Option<String>,
    /// The number of messages on the phone that are in the log.
    seen: usize,
    /// The minute in which the next timer rings.
    rings_in: Option<u32>,
    /// The replies that are held.
    held: Vec<u32>,
    /// Whether an Automation rule writes at each of the customer's messages.
    has_rule: bool,
    log: Log,
}

/// A month of one customer: what people did, and what came of it.
pub(super) async fn month(customer: u64, has_rule: bool) -> (Script, Log) {
    let mut chance = Chance::new(customer + 1);
    let mut player = Player::new(has_rule);
    let mut script = Script::new();
    let (mut replies, mut tap) = (0, None);
    // How often this one writes, and how well this one's agents answer.
    let (writes, answers) = (300 + chance.below(4000), 20 + chance.below(2500));
    let leaves = chance.below(2 * END);
    for minute in 0..END {
        let answer = Input::Answers(replies);
        let works = (8..18).contains(&(minute / 60 % 24));
        let thanks = chance.one_in(6);
        let input = if tap == Some(minute) {
            Some(Input::Writes { thanks: false })
        } else if minute < leaves && chance.one_in(writes) {
            Some(Input::Writes { thanks })
        } else if works && player.request.is_some() && chance.one_in(answers) {
            replies += 1;
            Some(answer)
        } else if works && player.request.is_some() && chance.one_in(6000) {
            Some(Input::IsDone)
        } else if player.request.is_some() && chance.one_in(150_000) {
            Some(Input::OptsOut)
        } else {
            None
        };
        if let Some(input) = input {
            script.push((minute, input));
            player.world.set_now(at(minute));
            player.happens(minute, input).await;
        }
        let before = player.log.len();
        if player.rings_in.is_some_and(|due| due <= minute) {
            player.rings(minute).await;
        }
        let is_asked = player.log[before..].contains(&(minute, Event::Question));
        if is_asked && chance.one_in(2) {
            tap = Some(minute + 1 + chance.below(200));
        }
    }
    (script, player.log)
}

fn at(minute: u32) -> DateTime<Utc> {
    // A Sunday, at midnight.
    DateTime::from_timestamp(1_793_491_200, 0).unwrap() + Duration::minutes(minute.into())
}

impl Player {
    fn new(has_rule: bool) -> Self {
        let world = World::new();
        world.set_document(SETTINGS);
        world.set_transitions(&[("5", false)]);
        Self {
            world,
            request: None,
            seen: 0,
            rings_in: None,
            held: Vec::new(),
            has_rule,
            log: Log::new(),
        }
    }

    async fn happens(&mut self, minute: u32, input: Input) {
        let (world, now) = (&self.world, at(minute));
        match input {
            Input::Writes { thanks } => {
                let body = if thanks { "Thank you!" } else { "Where is it?" };
                world.customer_writes(&minute.to_string(), body, now).await;
            }
            Input::Answers(reply) => {
                let id = reply.to_string();
                world.agent_writes(&id, &id, now);
                let written = comment_created(self.request.as_deref().unwrap(), &id);
                world.carry_out(&written).await.unwrap();
            }
            Input::IsDone => world.resolve(self.request.as_deref().unwrap(), now),
            Input::OptsOut => world.change(|conversation| conversation.opted_out = true),
        }
        let mut outcomes = self.world.carry_out_all().await;
        if self.has_rule && matches!(input, Input::Writes { .. }) {
            outcomes.extend(self.rule_writes(minute).await);
        }
        self.note(minute, &outcomes).await;
    }

    async fn rule_writes(&self, minute: u32) -> Vec<&'static str> {
        let issue = self.world.stored(&key()).and_then(|known| known.issue);
        let issue = issue.unwrap().id;
        let id = format!("rule-{minute}");
        self.world.comment(&id, RULE, at(minute), |comment| {
            comment.account_type = AccountType::App;
        });
        let written = comment_created(issue.as_str(), &id);
        self.world.carry_out(&written).await.unwrap();
        self.world.carry_out_all().await
    }

    /// Lets the timers of this minute ring.
    async fn rings(&mut self, minute: u32) {
        self.world.set_now(at(minute));
        let until = at(minute) + Duration::seconds(1);
        let outcomes = self.world.pass(until).await;
        self.note(minute, &outcomes).await;
    }

    /// Notes what has happened since.
    async fn note(&mut self, minute: u32, outcomes: &[&str]) {
        let due_in = |due_at: DateTime<Utc>| (due_at - at(0)).num_minutes().try_into().unwrap();
        self.rings_in = self.world.next_timer().map(due_in);
        let known = self.world.stored(&key());
        let issue = known.and_then(|known| known.issue);
        self.request = issue.map(|issue| issue.id.as_str().to_owned());
        let held = self.world.held(&key()).await.unwrap();
        let held = held.iter().map(|reply| reply.comment_id.as_str());
        let held: Vec<u32> = held.map(|id| id.parse().unwrap()).collect();
        let texts = self.world.sent().split_off(self.seen);
        self.seen += texts.len();
        let sent: Vec<u32> = texts.iter().filter_map(|text| text.parse().ok()).collect();

        let was_held = |reply: &u32| self.held.contains(reply);
        let by_rule = texts.iter().filter(|text| *text == RULE);
        let mut events = Vec::new();
        events.extend(sent.iter().map(|reply| match was_held(reply) {
            true => Event::Released(*reply),
            false => Event::Sent(*reply),
        }));
        let begin = held.iter().filter(|reply| !was_held(reply));
        events.extend(begin.map(|reply| Event::Held(*reply)));
        events.extend(outcomes.iter().filter_map(|outcome| match *outcome {
            "notice_sent" => Some(Event::Notice),
            "asked_to_keep_open" => Some(Event::Question),
            "agents_alerted" => Some(Event::Warning),
            _ => None,
        }));
        events.extend(by_rule.map(|_| Event::Rule));
        let end = self.held.iter().filter(|reply| !held.contains(reply));
        let expired = end.filter(|reply| !sent.contains(reply));
        events.extend(expired.map(|reply| Event::Expired(*reply)));
        self.log
            .extend(events.into_iter().map(|event| (minute, event)));
        self.held = held;
    }
}
