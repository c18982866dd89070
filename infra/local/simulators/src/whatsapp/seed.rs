//! Chats without webhooks, for a stack with a past.

use chrono::{DateTime, Duration, Utc};

use super::WhatsappSimulator;
use super::state::chat::{ChatMessage, Direction};
use super::state::window::WINDOW;
use crate::lock;

/// The business's view of a chat that was put on a phone.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// The business number.
    pub phone_number_id: String,
    /// The customer's business-scoped user id.
    pub user_id: Option<String>,
    /// The id of the customer's last message.
    pub last_wamid: String,
    /// When the customer's last message was written.
    pub last_at: DateTime<Utc>,
}

impl WhatsappSimulator {
    /// Puts a chat on a customer's phone, without a webhook. Customer and business take turns.
    /// `until` is the time of the last message, and the messages are a minute apart. Returns `None`
    /// if the simulator has no number, or there is no text.
    pub fn seed_chat(
        &self,
        phone: &str,
        name: &str,
        texts: &[String],
        until: DateTime<Utc>,
    ) -> Option<Seeded> {
        let number = self.shared.config.phone_numbers.first()?.id.clone();
        let mut state = lock(&self.shared.state);
        let customer = state.customer_mut(phone, self.shared.config.seed);
        customer.profile_name = name.to_owned();
        let mut last = None;
        for (index, text) in texts.iter().enumerate() {
            let minutes = i64::try_from(texts.len() - 1 - index).unwrap_or(0);
            let at = until - Duration::minutes(minutes);
            let wamid = self.shared.ids.wamid(customer.wamid_part());
            let direction = if index % 2 == 0 {
                last = Some((wamid.clone(), at));
                Direction::In
            } else {
                Direction::Out
            };
            customer.chat.push(ChatMessage {
                direction,
                wamid,
                kind: "text".to_owned(),
                text: text.clone(),
                timestamp: at.timestamp(),
                status: "read",
                error: None,
                template: None,
                buttons: Vec::new(),
                context_wamid: None,
                media: None,
                phone_number_id: number.clone(),
                sender: None,
                callback_data: None,
                list: false,
                by_phone: true,
            });
        }
        let user_id = customer.user_id.clone();
        let (last_wamid, last_at) = last?;
        state.open_window(&number, phone, last_at + WINDOW);
        Some(Seeded {
            phone_number_id: number,
            user_id,
            last_wamid,
            last_at,
        })
    }
}
