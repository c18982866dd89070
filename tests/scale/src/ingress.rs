//! The ways in: webhooks of Meta and Jira, which are repeated when refused.

use crate::calendar::Millis;
use crate::customer::{comment, time};
use crate::world::{Content, Function, Happening, Post, Task, World};

/// One in this many webhooks is repeated although it was accepted.
const REPEATED: u32 = 500;

/// The number of times that Jira repeats a webhook, 5 to 15 minutes apart.
const JIRA_REPEATS: u8 = 5;

impl World {
    pub(crate) fn post_message(&mut self, customer: u32, content: Content, now: Millis) {
        self.counts.written.add(now, 1);
        self.counts.posting += 1;
        self.posted(Post::Message(customer, content, now), 0, now);
    }

    /// Writes an agent's comment on the customer's request.
    pub(crate) fn post_reply(&mut self, customer: u32, now: Millis) {
        let Some(issue) = self.request_of(customer) else {
            return;
        };
        self.counts.replies += 1;
        self.counts.posting += 1;
        let state = self.customer(customer);
        state.replies += 1;
        let id = comment(customer, state.replies);
        let written =
            self.product
                .comment_on(&issue, &id, "It arrives tomorrow.", time(now), |_| ());
        self.posted(Post::Reply(written, now), 0, now);
    }

    /// Delivers Jira's webhook about our own comment, which the function recognises by its author.
    pub(crate) fn post_echo(&mut self, now: Millis) {
        self.counts.jira_webhooks += 1;
        self.jira_route.lets_through(now);
    }

    pub(crate) fn posted(&mut self, post: Post, times: u8, now: Millis) {
        let again = if matches!(post, Post::Reply(..)) {
            self.counts.jira_webhooks += 1;
            let is_through = self.jira_route.lets_through(now);
            (!is_through).then(|| now + self.rng.u32(300_000..900_000))
        } else {
            self.counts.whatsapp_webhooks += 1;
            let is_through = self.whatsapp_route.lets_through(now);
            // Meta repeats for seven days, at first after seconds.
            let wait = 2_000_u32.saturating_mul(1 << times.min(10)).min(1_800_000);
            (!is_through).then(|| now + self.rng.u32(wait / 2..wait))
        };
        let Some(again) = again else {
            return self.is_taken(post, now);
        };
        if times == JIRA_REPEATS && matches!(post, Post::Reply(..)) {
            // The search will find the comment.
            self.counts.posting -= 1;
            self.counts.webhooks_lost += 1;
            return;
        }
        let posted = Happening::Posted(post, times.saturating_add(1));
        self.calendar.plan(again, posted);
    }

    /// Puts on a queue what a webhook says.
    fn is_taken(&mut self, post: Post, now: Millis) {
        match post {
            Post::Message(customer, content, written) => {
                self.counts.posting -= 1;
                let state = self.customer(customer);
                state.taken += 1;
                let task = Task::Message {
                    customer,
                    number: state.taken,
                    content,
                    is_repeated: false,
                };
                if self.rng.u32(..REPEATED) == 0 {
                    // SQS no longer knows the deduplication id by then.
                    let again = now + self.rng.u32(360_000..3_600_000);
                    let post = Post::Again(customer, self.customer(customer).taken, content);
                    self.calendar.plan(again, Happening::Posted(post, 0));
                }
                self.services.meta.borrow_mut().is_used(now);
                self.hands_on(Function::Inbound, task, written, now);
            }
            Post::Again(customer, number, content) => {
                let task = Task::Message {
                    customer,
                    number,
                    content,
                    is_repeated: true,
                };
                self.hands_on(Function::Inbound, task, now, now);
            }
            Post::Report(message, news) => {
                let task = Task::Report(message, news, now);
                self.hands_on(Function::Status, task, now, now);
            }
            Post::Reply(message, written) => {
                self.counts.posting -= 1;
                self.hands_on(Function::Outbound, Task::Outbound(message), written, now);
            }
        }
    }

    fn hands_on(&mut self, function: Function, task: Task, since: Millis, now: Millis) {
        self.services.calls_sqs(function.is_fifo(), 1);
        self.send(function, task, since, now);
    }
}
