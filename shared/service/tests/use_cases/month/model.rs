//! What should happen, without timers, queues or due times: every minute is looked at.

use super::script::{END, Input, Script, is_quiet};
use super::{Event, Log};

const DAY: u32 = 24 * 60;

#[derive(Default)]
struct Customer {
    wrote: Option<u32>,
    /// Since when the customer waits.
    waits_since: Option<u32>,
    questions: u32,
    is_done: bool,
    is_opted_out: bool,
    /// Whether an Automation rule writes at each of the customer's messages.
    has_rule: bool,
    /// When the rule last wrote, since the wait began or ended.
    told: Option<u32>,
    /// The replies that wait, and since when.
    held: Vec<(u32, u32)>,
}

/// The log that follows from the script.
pub(super) fn of(script: &Script, has_rule: bool) -> Log {
    let mut customer = Customer {
        has_rule,
        ..Customer::default()
    };
    let mut log = Log::new();
    let mut inputs = script.iter().peekable();
    for minute in 0..END {
        while let Some((_, input)) = inputs.next_if(|(at, _)| *at == minute) {
            customer.does(minute, *input, &mut log);
        }
        customer.waits(minute, &mut log);
    }
    log
}

impl Customer {
    fn does(&mut self, minute: u32, input: Input, log: &mut Log) {
        match input {
            Input::Writes { thanks } => {
                self.wrote = Some(minute);
                let needs_an_answer = !(thanks && self.is_done);
                if needs_an_answer {
                    self.is_done = false;
                }
                if needs_an_answer && self.waits_since.is_none() {
                    self.waits_since = Some(minute);
                    self.told = None;
                }
                let waiting_replies: Vec<_> = self.held.drain(..).collect();
                for (reply, _) in waiting_replies {
                    log.push((minute, Event::Released(reply)));
                    self.is_answered();
                }
                let lately = |told| self.waits_since.is_some() || minute < told + 60;
                if self.has_rule && !self.is_opted_out && !self.told.is_some_and(lately) {
                    log.push((minute, Event::Rule));
                    self.told = Some(minute);
                }
            }
            Input::Answers(reply) => {
                let is_open = self.wrote.is_some_and(|wrote| minute + 1 < wrote + DAY);
                if is_open {
                    log.push((minute, Event::Sent(reply)));
                } else {
                    log.push((minute, Event::Held(reply)));
                    self.held.push((reply, minute));
                }
                self.is_answered();
            }
            Input::IsDone => self.is_done = true,
            Input::OptsOut => self.is_opted_out = true,
        }
    }

    fn is_answered(&mut self) {
        self.waits_since = None;
        self.questions = 0;
        self.told = None;
    }

    fn waits(&mut self, minute: u32, log: &mut Log) {
        if let (Some(since), Some(wrote)) = (self.waits_since, self.wrote) {
            let closes = wrote + DAY;
            let mut happens = Vec::new();
            if minute == since + 30 && !self.is_opted_out && self.told.is_none() {
                happens.push(Event::Notice);
            }
            if Some(minute) == asks_at(closes) && self.questions < 2 && !self.is_opted_out {
                happens.push(Event::Question);
            }
            if minute + 4 * 60 == closes {
                happens.push(Event::Warning);
            }
            for event in happens {
                // Nobody waits for an answer to what is done.
                if self.is_done {
                    self.is_answered();
                    break;
                }
                self.questions += u32::from(event == Event::Question);
                log.push((minute, event));
            }
        }
        self.held.retain(|(reply, since)| {
            let is_over = minute == since + 14 * DAY;
            if is_over {
                log.push((minute, Event::Expired(*reply)));
            }
            !is_over
        });
    }
}

/// When the question comes for a window that closes then.
fn asks_at(closes: u32) -> Option<u32> {
    let mut minute = closes - 2 * 60;
    if !is_quiet(minute) {
        return Some(minute);
    }
    while is_quiet(minute - 1) {
        minute -= 1;
    }
    minute -= 5;
    (closes - minute <= 12 * 60).then_some(minute)
}
