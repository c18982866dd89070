//! Sends automatic messages, each once, with a note about it.

pub(crate) mod delay_notice;
pub(crate) mod keep_open;
pub(crate) mod lost_file;
pub(crate) mod opt_out;

use casement_core::model::conversation::Conversation;
use casement_core::model::fate::WhatsappCode;
use casement_core::model::identity::{ConversationKey, IssueId, Recipient};
use casement_core::model::ledger::{OutboundKey, SentEntry, SentMessage};
use casement_core::say::notes::Note;
use casement_core::settings::{NumberSettings, Served};

use crate::app::{App, Outbound, Ports};
use crate::delivery;
use crate::event::Event;
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::outcome::Ignored;
use crate::ports::*;
use crate::sending::{self, Sent, WhenClosed, send_once};

/// A message that no agent has written.
pub(crate) struct Automatic<'a> {
    pub(crate) conversation: &'a ConversationKey,
    /// The key under which the message is sent once.
    pub(crate) key: OutboundKey,
    pub(crate) recipient: &'a Recipient,
    /// The request that keeps the record.
    pub(crate) issue: &'a IssueId,
    pub(crate) message: OutgoingMessage<'a>,
    /// The note to the agents.
    pub(crate) note: Note,
}

/// Returns the conversation with the settings of its number, or the reason why nobody is told. The
/// message of a number that is not served here is dropped: it would be out of date by the time the
/// number is served again, and an agent's reply must not wait behind it.
async fn served<P: Ports>(
    app: &App<P>,
    conversation: Option<Conversation>,
) -> Result<Result<(Conversation, NumberSettings), Ignored>, Failure> {
    let Some(conversation) = conversation else {
        return Ok(Err(Ignored::NoConversation));
    };
    let settings = app.settings.current().await?;
    let number = &conversation.key.phone_number_id;
    Ok(match settings.served(number) {
        Served::Here(settings) => Ok((conversation, settings.clone())),
        Served::Elsewhere => Err(Ignored::OtherNumber),
        Served::Unknown => {
            Event::UnknownNumber(number.clone()).count();
            Err(Ignored::UnknownNumber)
        }
    })
}

impl Automatic<'_> {
    /// Sends the message, if no earlier attempt has, and leaves the note. `false`: WhatsApp has
    /// refused the message, now or before. The agents are told, unless the cause is the closed
    /// window.
    pub(crate) async fn send<P: Ports>(self, outbound: &Outbound<P>) -> Result<bool, Failure> {
        let app = &outbound.app;
        let first = SentMessage::new(self.conversation, self.issue);
        let send = async |_: &mut SentEntry| {
            let number = &self.conversation.phone_number_id;
            let callback = self.key.to_string();
            let (to, content) = (self.recipient, self.message);
            let sent = outbound.whatsapp.send(number, to, content, &callback).await;
            Ok(sent.map(AcceptedTemplate::from))
        };
        let sent = send_once(app, &self.key, first, WhenClosed::Refuse, send).await?;
        let source = &self.key.source;
        match sent.0 {
            Sent::Accepted(accepted) => {
                let (issue, about) = (self.issue, source.to_string());
                let left =
                    note::leave(&app.jira, issue, &self.note, about, Attempted::Maybe).await?;
                sending::remember_note(app, &accepted.wamid, &self.note, left).await?;
                Ok(true)
            }
            Sent::Refused(code) => {
                if code != Some(WhatsappCode::WINDOW_CLOSED) {
                    delivery::tell_of_failure(app, self.issue, source, code).await?;
                }
                Ok(false)
            }
            Sent::WindowClosed | Sent::TakenBack => Ok(false),
        }
    }
}
