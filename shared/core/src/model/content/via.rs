//! Who a message was for, and who wrote it.

use serde::{Deserialize, Serialize};

use super::InboundContent;
use super::pages::{Pages, label};

/// The way of a message. Several senders may share a business number, and then we are told of the
/// others' conversations as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// From the customer to us.
    #[default]
    Direct,
    /// From the customer to another sender, which holds the conversation (Cloud API, "Standby
    /// webhooks").
    Standby,
    /// From that sender to the customer.
    AgentEcho,
    /// From Meta's agent to the customer, without a word on who holds the conversation (Cloud API,
    /// "`message_echoes`").
    BotEcho,
    /// From somebody who uses the number in the WhatsApp Business app to the customer (Cloud API,
    /// "`smb_message_echoes`").
    AppEcho,
    /// From another sender to the customer; who that is, is not known (Cloud API,
    /// "`message_echoes`").
    OtherEcho,
}

impl Via {
    /// Returns whether the business wrote the message.
    #[must_use]
    pub fn is_echo(self) -> bool {
        !matches!(self, Self::Direct | Self::Standby)
    }

    /// Returns whether the message is to or from Casement.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        *self == Self::Direct
    }

    /// Writes what stands before the content. `true`: nothing follows.
    pub(super) fn write(self, pages: &mut Pages, content: &InboundContent) -> bool {
        let (answers, changes, deletes, who) = match self {
            Self::Direct => return false,
            Self::Standby => {
                pages.ours("[The customer writes to Meta's agent:]");
                return false;
            }
            Self::AgentEcho | Self::BotEcho => (
                "[Meta's agent answered:]",
                "[Meta's agent changed an earlier message. It now says:]",
                "[Meta's agent deleted an earlier message. What is written here stays.]",
                "Meta's agent",
            ),
            Self::AppEcho => (
                "[Answered in the WhatsApp Business app:]",
                "[An earlier message was changed in the WhatsApp Business app. It now says:]",
                "[An earlier message was deleted in the WhatsApp Business app. What is written \
                 here stays.]",
                "Somebody in the WhatsApp Business app",
            ),
            Self::OtherEcho => (
                "[Another sender of this number answered:]",
                "[Another sender of this number changed an earlier message. It now says:]",
                "[Another sender of this number deleted an earlier message. What is written here \
                 stays.]",
                "Another sender of this number",
            ),
        };
        match content {
            InboundContent::Revoke { .. } => pages.ours(deletes),
            InboundContent::Edit { now: Some(_), .. } => {
                pages.ours(changes);
                return false;
            }
            InboundContent::Other { .. }
            | InboundContent::Unsupported(_)
            | InboundContent::Edit { now: None, .. } => pages.ours(&format!(
                "[{who} sent a message of type {}, which is not shown here.]",
                label(content.kind())
            )),
            _ => {
                pages.ours(answers);
                return false;
            }
        }
        true
    }
}
