//! Handles the messages that Casement sends.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::inspect::{missing, wrong};
use super::outgoing::{self, Outgoing, Recipient};
use crate::lock;
use crate::webhook::Parcel;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::config::PhoneNumber;
use crate::whatsapp::errors::GraphError;
use crate::whatsapp::options::{Holder, Statuses, WindowError};
use crate::whatsapp::state::State;
use crate::whatsapp::state::bucket::{self, Limit};
use crate::whatsapp::state::chat::{self, ChatMessage, Direction, Failure};
use crate::whatsapp::state::pricing::Delivered;
use crate::whatsapp::webhooks::statuses::{StatusNews, news_of_delivery};

/// A message that was accepted.
#[derive(Debug)]
pub(crate) struct Accepted {
    /// The answer to the call.
    pub answer: Value,
    /// The status webhooks, in the order in which they are sent.
    pub statuses: Vec<Parcel>,
    /// Whether the status webhooks are sent before the call is answered.
    pub statuses_first: bool,
}

impl WhatsappSimulator {
    /// Accepts a message.
    ///
    /// # Errors
    /// Meta's answer instead.
    pub(crate) fn accept(
        &self,
        number: &PhoneNumber,
        body: &Value,
    ) -> Result<Accepted, GraphError> {
        let mut state = lock(&self.shared.state);
        let outgoing = outgoing::read(body, number, &state.templates())?;
        let key = match &outgoing.recipient {
            Recipient::Phone { digits, .. } => digits.clone(),
            Recipient::UserId(user_id) => state
                .key_of_user_id(user_id)
                .ok_or_else(|| undeliverable("There is no user with this ID."))?,
        };
        self.check_context(&state, number, &key, body)?;
        let unfit = state.media.check_sent(body, &number.id, self.now())?;
        if let Some(id) = &outgoing.header_media
            && state.media.get(id).is_none()
        {
            return Err(wrong(
                "The file of the header is no media of this business account.",
            ));
        }
        let failure = self.failure(&state, number, &key, &outgoing);
        let mut failure = failure.or(unfit);
        if let Some(error) = &failure
            && error.code == 131_047
            && state.options.window_error == WindowError::Sync
        {
            return Err(error.clone());
        }
        self.take_from_limits(&mut state, number, &key)?;
        if !state.options.refuse_next.is_empty() {
            let code = state.options.refuse_next.remove(0);
            return Err(GraphError::new(code, "The simulator was told to refuse."));
        }
        if failure.is_none() && !state.options.fail_next.is_empty() {
            let code = state.options.fail_next.remove(0);
            failure = Some(GraphError::new(code, "The simulator was told to fail."));
        }
        Ok(self.deliver(&mut state, number, &key, outgoing, body, failure))
    }

    /// Checks that a message answers only a message of the same chat.
    ///
    /// Source: Meta, "Contextual replies"; the code is that of a value that does not fit.
    fn check_context(
        &self,
        state: &State,
        number: &PhoneNumber,
        key: &str,
        body: &Value,
    ) -> Result<(), GraphError> {
        let Some(context) = body.get("context") else {
            return Ok(());
        };
        let wamid = context["message_id"].as_str();
        let wamid = wamid.ok_or_else(|| missing("context['message_id']"))?;
        let is_known = state.customer(key).is_some_and(|customer| {
            let mut chat = customer.chat.iter();
            chat.any(|message| message.wamid == wamid && message.phone_number_id == number.id)
        });
        is_known
            .then_some(())
            .ok_or_else(|| wrong("The context['message_id'] is not a message of this chat"))
    }

    /// Returns why a well-formed message will not reach the phone.
    fn failure(
        &self,
        state: &State,
        number: &PhoneNumber,
        key: &str,
        outgoing: &Outgoing,
    ) -> Option<GraphError> {
        if state.options.undeliverable.iter().any(|phone| phone == key) {
            return Some(undeliverable("The recipient cannot get this message."));
        }
        let open = self.is_open(state, number, key);
        let free = outgoing.kind == "template" || state.options.window_error == WindowError::Off;
        (!open && !free).then(GraphError::window_closed)
    }

    fn is_open(&self, state: &State, number: &PhoneNumber, key: &str) -> bool {
        let window = state.window(&number.id, key);
        window.is_some_and(|end| self.now() < end)
    }

    /// Takes the conversation over from Meta's agent, which is told and Casement is not.
    ///
    /// Source: Meta, "Standby webhooks": by a service message of the sender that stands by. Whether
    /// a typing indicator counts is not documented; here it does, as the worse case.
    fn take_over(&self, state: &mut State, number: &PhoneNumber, key: &str) {
        let now = self.now();
        if self.holder(state, &number.id, key) == Holder::MetaAgent {
            state
                .threads
                .hand_over(&number.id, key, Holder::Casement, now);
        }
    }

    fn take_from_limits(
        &self,
        state: &mut State,
        number: &PhoneNumber,
        key: &str,
    ) -> Result<(), GraphError> {
        let per_second = self.shared.config.messages_per_second.max(1);
        let throughput = Limit {
            burst: per_second,
            interval: TimeDelta::nanoseconds(1_000_000_000 / i64::from(per_second)),
        };
        let now = self.now();
        if !state.throughput(&number.id).take(throughput, now) {
            return Err(GraphError::new(
                130_429,
                "Message failed to send because there were too many messages sent from this \
                 phone number in a short period of time",
            ));
        }
        if !state.pair(&number.id, key).take(bucket::PAIR, now) {
            return Err(GraphError::new(
                131_056,
                "Message failed to send because there were too many messages sent from this \
                 phone number to the same phone number in a short period of time.",
            ));
        }
        Ok(())
    }

    fn deliver(
        &self,
        state: &mut State,
        number: &PhoneNumber,
        key: &str,
        outgoing: Outgoing,
        body: &Value,
        failure: Option<GraphError>,
    ) -> Accepted {
        let now = self.now();
        let media = state.media.shown_in(body);
        let customer = state.customer_mut(key, self.shared.config.seed);
        let by_phone = matches!(outgoing.recipient, Recipient::Phone { .. });
        let contact = match outgoing.recipient {
            Recipient::Phone { input, digits } => json!({"input": input, "wa_id": digits}),
            Recipient::UserId(id) => json!({"input": id, "user_id": id}),
        };
        let message = ChatMessage {
            direction: Direction::Out,
            wamid: self.shared.ids.wamid(customer.wamid_part()),
            kind: outgoing.kind,
            text: outgoing.text,
            timestamp: now.timestamp(),
            status: if failure.is_some() {
                "failed"
            } else {
                "delivered"
            },
            error: failure.as_ref().map(Failure::from),
            template: outgoing.template,
            buttons: outgoing.buttons,
            context_wamid: chat::context_of(body),
            media,
            phone_number_id: number.id.clone(),
            sender: None,
            callback_data: outgoing.callback_data,
            list: body.pointer("/interactive/type") == Some(&json!("list")),
            by_phone,
        };
        customer.chat.push(message.clone());

        let news = match failure {
            Some(error) => vec![StatusNews::Failed(error)],
            None => {
                if message.kind != "template" {
                    self.take_over(state, number, key);
                }
                let sent = Delivered {
                    category: outgoing.category.as_deref(),
                    in_window: self.is_open(state, number, key),
                    now,
                };
                let free = state.options.free_messages;
                let pricing = state.pricing.of_delivery(&number.id, free, sent);
                news_of_delivery(state.options.statuses, &message.kind, &pricing)
            }
        };
        let wamid = message.wamid.clone();
        Accepted {
            answer: json!({
                "messaging_product": "whatsapp",
                "contacts": [contact],
                "messages": [{"id": wamid}],
            }),
            statuses: self.parcels(state, key, &message, &news),
            statuses_first: state.options.statuses == Statuses::BeforeResponse,
        }
    }

    /// Marks a customer's message, and all before it, as read by the business.
    ///
    /// Source: Meta, "Mark messages as read" and "Typing indicators".
    ///
    /// # Errors
    /// No customer sent a message with this id to the number, or there is no such indicator.
    pub(crate) fn mark_read(&self, number: &PhoneNumber, body: &Value) -> Result<(), GraphError> {
        let indicator = &body["typing_indicator"];
        if !indicator.is_null() && indicator["type"] != "text" {
            return Err(wrong("typing_indicator['type'] must be text"));
        }
        let wamid = body["message_id"].as_str().unwrap_or_default();
        let mut state = lock(&self.shared.state);
        let key = state.mark_read(&number.id, wamid);
        let key = key.ok_or_else(|| wrong("The message_id is not a message of a customer"))?;
        if !indicator.is_null() {
            self.take_over(&mut state, number, &key);
        }
        Ok(())
    }
}

fn undeliverable(details: &str) -> GraphError {
    GraphError::new(131_026, details)
}
