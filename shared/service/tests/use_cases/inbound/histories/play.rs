//! Plays a history through the use cases.

use std::collections::{BTreeMap, BTreeSet};

use casement_core::model::identity::IdentityChange;
use casement_core::model::queue::OutboundQueueMessage;

use super::super::*;
use super::generator::{History, Report, Shown, Step, What};
use super::model::{Model, phone};

#[derive(Clone)]
enum Webhook {
    Message(Box<InboundMessage>, usize),
    /// A change, with the time of ownership that ended, if the report says that a number was left.
    Change(Box<IdentityChange>, Option<usize>),
}

struct Player {
    world: World,
    model: Model,
    /// The webhooks on their way, by due time and order.
    on_the_way: BTreeMap<(chrono::DateTime<chrono::Utc>, usize), Webhook>,
    count: usize,
    worked: usize,
    judged: usize,
    /// The request of each reply.
    replies: BTreeMap<String, String>,
    /// The number that each template is for, by request.
    templates: BTreeMap<String, usize>,
    delivered: BTreeSet<String>,
}

/// Plays the history to its end. The error says what was wrong.
pub(super) async fn play(history: &History) -> Result<(), String> {
    let world = World::new();
    world.approve("hello", "en", "Hello");
    let mut player = Player {
        world,
        model: Model::default(),
        on_the_way: BTreeMap::new(),
        count: 0,
        worked: 0,
        judged: 0,
        replies: BTreeMap::new(),
        templates: BTreeMap::new(),
        delivered: BTreeSet::new(),
    };
    player.configure();
    player.model.take(0, 0, at(0));
    for step in &history.steps {
        let now = player.world.now() + Duration::minutes(step.minutes);
        player.deliver_until(now).await?;
        player.step(step, history.idle).await?;
    }
    let end = player.world.now() + Duration::hours(4);
    player.deliver_until(end).await?;
    for request in player.requests() {
        player.reply(&request).await?;
    }
    player.all_there()
}

impl Player {
    fn configure(&self) {
        let blocked = self.model.blocked();
        let blocked: Vec<_> = blocked
            .iter()
            .map(|phone| format!("\"+{phone}\""))
            .collect();
        let blocked = blocked.join(", ");
        self.world.set_settings(&format!(
            "business_account_id = \"1022\"\nphone_field = \"customfield_10050\"\nblocked = [{blocked}]\n"
        ));
    }

    fn requests(&self) -> Vec<String> {
        let said = self.world.said();
        let of_words = said.into_iter().map(|(request, _)| request);
        let all: BTreeSet<_> = of_words.chain(self.templates.keys().cloned()).collect();
        all.into_iter().collect()
    }

    async fn step(&mut self, step: &Step, idle: Duration) -> Result<(), String> {
        let now = self.world.now();
        match step.what {
            What::Write(who, shown) => {
                let Some(owned) = self.model.now_of(who) else {
                    return Ok(());
                };
                let one = &self.model.owned[owned];
                let (bsuid, number) = (one.bsuid, phone(one.number));
                self.count += 1;
                let id = format!("m{}", self.count);
                let mut message = text(&id, &id, now);
                message.from = match shown {
                    Shown::Both => identity(Some(bsuid), Some(number)),
                    Shown::Number => identity(None, Some(number)),
                    Shown::Bsuid => identity(Some(bsuid), None),
                };
                self.model.authors.insert(id, who);
                self.post(step, Webhook::Message(message.into(), owned));
            }
            What::Move(who, to, report) => {
                if !self.model.is_free(to, now, idle) {
                    return Ok(());
                }
                let (Some(former), new) = self.model.take(who, to, now) else {
                    return Ok(());
                };
                let (old, new) = (&self.model.owned[former], &self.model.owned[new]);
                let (old, new) = (
                    (old.bsuid, phone(old.number)),
                    (new.bsuid, phone(new.number)),
                );
                let number = (identity(None, Some(old.1)), identity(None, Some(new.1)));
                let bsuid = (identity(Some(old.0), None), identity(Some(new.0), None));
                let both = (
                    identity(Some(old.0), Some(old.1)),
                    identity(Some(new.0), Some(new.1)),
                );
                let reports = match report {
                    Report::Number => vec![(number, Some(former))],
                    Report::Both => vec![(both, Some(former))],
                    Report::Separately => vec![(number, Some(former)), (bsuid, None)],
                };
                for ((before, after), ended) in reports {
                    self.count += 1;
                    let change = IdentityChange {
                        phone_number_id: number_id(),
                        wamid: Wamid::new(format!("wamid.S{}", self.count)),
                        former: before,
                        new: after,
                        changed_at: now,
                    };
                    self.post(step, Webhook::Change(change.into(), ended));
                }
            }
            What::Reply(nth) => {
                let requests = self.requests();
                if let Some(request) = requests.get(nth % requests.len().max(1)) {
                    self.reply(request).await?;
                }
            }
            What::Template(number) => {
                self.count += 1;
                let request = format!("{}", 1000 + self.count);
                self.world
                    .has_phone(&request, &format!("+{}", phone(number)));
                self.templates.insert(request.clone(), number);
                self.comment(&request, "/template hello en", false).await?;
            }
            What::Block(number) => {
                self.model.block(number);
                self.configure();
            }
            What::Day => {
                self.deliver_until(now + Duration::hours(25)).await?;
            }
        }
        Ok(())
    }

    fn post(&mut self, step: &Step, webhook: Webhook) {
        let due = self.world.now() + Duration::minutes(step.late);
        self.count += 1;
        self.on_the_way.insert((due, self.count), webhook.clone());
        if let Some(again) = step.again {
            self.on_the_way
                .insert((due + Duration::minutes(again), self.count), webhook);
        }
    }

    async fn deliver_until(&mut self, until: chrono::DateTime<chrono::Utc>) -> Result<(), String> {
        while let Some(entry) = self.on_the_way.first_entry()
            && entry.key().0 <= until
        {
            let ((due, _), webhook) = entry.remove_entry();
            self.world.set_now(due.max(self.world.now()));
            self.deliver(&webhook).await?;
        }
        self.world.set_now(until.max(self.world.now()));
        Ok(())
    }

    async fn deliver(&mut self, webhook: &Webhook) -> Result<(), String> {
        match webhook {
            Webhook::Message(message, owned) => {
                self.delivered
                    .insert(message.wamid.as_str().replace("wamid.", ""));
                self.model.heard(*owned);
            }
            Webhook::Change(_, Some(ended)) => self.model.owned[*ended].end_is_known = true,
            Webhook::Change(_, None) => {}
        }
        let mut why = String::new();
        for _ in 0..5 {
            let inbound = self.world.inbound();
            let ended = match webhook {
                Webhook::Message(message, _) => inbound.receive(message, Attempt::Another).await,
                Webhook::Change(change, _) => inbound.change_identity(change).await,
            };
            match ended {
                Ok(_) => return self.work().await,
                Err(later) => why = later.cause,
            }
            self.world.set_now(self.world.now() + Duration::seconds(5));
        }
        Err(format!("it does not end: {why}"))
    }

    /// Carries out the messages that wait for the only sender.
    async fn work(&mut self) -> Result<(), String> {
        while let Some(next) = self.world.outbound_queue().get(self.worked).cloned() {
            self.worked += 1;
            if !matches!(next, OutboundQueueMessage::ReleaseHeld(_)) {
                continue;
            }
            self.carry_out(&next).await?;
        }
        self.judge()
    }

    async fn carry_out(&self, message: &OutboundQueueMessage) -> Result<(), String> {
        for _ in 0..5 {
            if self.world.carry_out(message).await.is_ok() {
                return Ok(());
            }
            self.world.set_now(self.world.now() + Duration::seconds(5));
        }
        Err("the sender does not end".to_owned())
    }

    async fn reply(&mut self, request: &str) -> Result<(), String> {
        self.count += 1;
        let words = format!("r{}", self.count);
        self.replies.insert(words.clone(), request.to_owned());
        self.comment(request, &words, true).await
    }

    async fn comment(&mut self, request: &str, words: &str, public: bool) -> Result<(), String> {
        self.count += 1;
        let id = format!("c{}", self.count);
        self.world.comment(&id, words, self.world.now(), |comment| {
            comment.public = Some(public);
            comment.jsd_public = Some(public);
        });
        let message = comment_created(request, &id);
        let before = self.world.recipients().len();
        self.carry_out(&message).await?;
        if !public {
            let to = self.world.recipients().get(before).cloned();
            let wanted = phone(self.templates[request]);
            if to.as_deref() != Some(wanted) {
                return Err(format!("a template for {wanted} went to {to:?}"));
            }
            self.judged = before + 1;
        }
        self.judge()
    }

    fn authors(&self) -> BTreeMap<String, BTreeSet<usize>> {
        let mut authors: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (request, words) in self.world.said() {
            if let Some(author) = self.model.authors.get(&words) {
                authors.entry(request).or_default().insert(*author);
            }
        }
        authors
    }

    /// Judges the messages sent since, and the authors in each request.
    fn judge(&mut self) -> Result<(), String> {
        let authors = self.authors();
        for (request, all) in &authors {
            if all.len() > 1 && !self.model.is_any_confused() {
                return Err(format!("two people in {request}: {:?}", self.world.said()));
            }
        }
        let sent = self.world.sent();
        let recipients = self.world.recipients();
        for (words, address) in sent.iter().zip(&recipients).skip(self.judged) {
            let request = self.replies.get(words);
            let of = request.and_then(|request| authors.get(request));
            let Some(of) = of.filter(|of| of.len() == 1) else {
                continue;
            };
            for author in of {
                if let Some(wrong) = self.model.is_wrong(*author, address) {
                    let said = self.world.said();
                    return Err(format!(
                        "{words} in {request:?} went wrong: {wrong}; {said:?}"
                    ));
                }
            }
        }
        self.judged = sent.len();
        Ok(())
    }

    fn all_there(&self) -> Result<(), String> {
        let said = self.world.said();
        for id in &self.delivered {
            let count = said.iter().filter(|(_, words)| words == id).count();
            let may_be_missing = self.model.was_ever_blocked(self.model.authors[id]);
            if count > 1 || (count == 0 && !may_be_missing) {
                return Err(format!("{id} is there {count} times: {said:?}"));
            }
        }
        Ok(())
    }
}

fn number_id() -> casement_core::model::identity::PhoneNumberId {
    number()
}
