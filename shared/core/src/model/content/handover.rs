//! Changes of the sender that holds a conversation.

use serde::{Deserialize, Serialize};

use super::pages::Pages;
use crate::model::conversation::Holder;
use crate::model::private::Private;

/// Meta's report that a conversation changed hands (Cloud API, "`messaging_handovers` webhook").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Who holds the conversation now.
    pub to: Holder,
    /// What the former holder says of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Private<String>>,
}

impl Handover {
    /// Returns the title of a request that opens with it.
    pub(super) fn first_line(&self) -> &'static str {
        match self.to {
            Holder::Casement => "Handed over by Meta's agent",
            Holder::Another => "Taken over by another sender",
        }
    }

    pub(super) fn write(&self, pages: &mut Pages) {
        pages.ours(match self.to {
            Holder::Casement => {
                "[Meta's agent handed the conversation over. The customer waits for your answer.]"
            }
            Holder::Another => {
                "[Another sender, such as Meta's agent, has taken the conversation over. Casement \
                 sends nothing by itself meanwhile. A public comment here takes it back.]"
            }
        });
        if let Some(summary) = &self.summary {
            pages.ours("[The agent's summary:]");
            pages.text(summary);
        }
    }
}
