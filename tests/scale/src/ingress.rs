//! The ways in: webhooks of Meta and Jira, which are repeated when refused.

use crate::calendar::Millis;
use crate::world::{Content, Function, Happening, Post, Task, World};

/// One in this many webhooks is repeated although it was accepted.
const REPEATED: u32 = 500;

/// The number of times that Jira repeats a webhook, 5 to 15 minutes apart.
const JIRA_REPEATS: u8 = 5;

impl World {
    pub(crate) fn post_message(&mut self, customer: u32, content: Content, now: Millis) {
        self.counts.written.add(now, 1);
        self.counts.posting += 1;
        self.posted(customer, Post::Message(content, now), 0, now);
    }

    pub(crate) fn post_reply(&mut self, customer: u32, now: Millis) {
        self.counts.replies += 1;
        self.counts.posting += 1;
        self.posted(customer, Post::Reply(now), 0, now);
    }

    /// Delivers Jira's webhook about our own comment, which the function recognises by its author.
    pub(crate) fn post_echo(&mut self, now: Millis) {
        self.counts.jira_webhooks += 1;
        self.jira_route.lets_through(now);
    }

    pub(crate) fn posted(&mut self, customer: u32, post: Post, times: u8, now: Millis) {
        let is_jiras = matches!(post, Post::Reply(_));
        if is_jiras {
            self.counts.jira_webhooks += 1;
            if !self.jira_route.lets_through(now) && times < JIRA_REPEATS {
                let again = now + self.rng.u32(300_000..900_000);
                self.calendar
                    .plan(again, Happening::Posted(customer, post, times + 1));
                return;
            }
            // After the last repetition, the search for lost webhooks finds the comment.
            self.counts.found_by_search += u64::from(times == JIRA_REPEATS);
        } else {
            self.counts.whatsapp_webhooks += 1;
            if !self.whatsapp_route.lets_through(now) {
                // Meta repeats for seven days, at first after seconds.
                let wait = 2_000_u32.saturating_mul(1 << times.min(10)).min(1_800_000);
                let again = now + self.rng.u32(wait / 2..wait);
                self.calendar.plan(
                    again,
                    Happening::Posted(customer, post, times.saturating_add(1)),
                );
                return;
            }
        }
        match post {
            Post::Message(content, written) => {
                self.counts.posting -= 1;
                let state = self.customer(customer);
                state.taken += 1;
                let number = state.taken;
                let task = Task::Message { number, content };
                self.send(Function::Inbound, customer, task, written, now);
                if self.rng.u32(..REPEATED) == 0 {
                    // SQS no longer knows the deduplication id by then.
                    let again = now + self.rng.u32(360_000..3_600_000);
                    self.calendar
                        .plan(again, Happening::Posted(customer, Post::Again(number), 0));
                }
                self.meta.is_used(now);
            }
            Post::Again(number) => {
                self.send(
                    Function::Inbound,
                    customer,
                    Task::Again { number },
                    now,
                    now,
                );
            }
            Post::Report(news) => {
                self.send(Function::Status, customer, Task::Report(news), now, now);
            }
            Post::Reply(written) => {
                self.counts.posting -= 1;
                let state = self.customer(customer);
                state.replies += 1;
                let number = state.replies;
                self.send(
                    Function::Outbound,
                    customer,
                    Task::Reply { number },
                    written,
                    now,
                );
            }
        }
    }
}
