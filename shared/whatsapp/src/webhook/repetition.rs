//! Repeated ids within one body.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use casement_core::model::content::InboundMessage;
use casement_core::model::identity::Wamid;

/// The messages of one body, each once.
///
/// Ids should be unique, but bodies have been seen in which two changes carry one id and different
/// words. Downstream the id alone decides what is a repetition, so the second of two different
/// messages gets the suffix `#2`, the third `#3`. No id has a `#` of its own. Reading the same body
/// again gives the same ids.
#[derive(Default)]
pub(super) struct Messages {
    list: Vec<InboundMessage>,
    under: HashMap<Wamid, Under>,
}

/// The messages with one id.
struct Under {
    /// The place of the first message.
    first: usize,
    /// The contents of the messages, once there are several: a body may have thousands with one id,
    /// and comparing each with each would take minutes.
    said: HashSet<String>,
}

impl Messages {
    /// Adds a message. Returns `false` and drops it if one with the same id and content is there
    /// already.
    pub(super) fn add(&mut self, mut message: InboundMessage) -> bool {
        match self.under.entry(message.wamid.clone()) {
            Entry::Vacant(place) => {
                let first = self.list.len();
                let said = HashSet::new();
                place.insert(Under { first, said });
            }
            Entry::Occupied(place) => {
                let Under { first, said } = place.into_mut();
                if said.is_empty() {
                    said.insert(said_by(&self.list[*first]));
                }
                if !said.insert(said_by(&message)) {
                    return false;
                }
                let count = said.len();
                message.wamid = Wamid::new(format!("{}#{count}", message.wamid.as_str()));
            }
        }
        self.list.push(message);
        true
    }

    /// Returns the messages in the order in which they came.
    pub(super) fn into_list(self) -> Vec<InboundMessage> {
        self.list
    }
}

/// Returns the content of a message and its number, for comparison. The time is left out, because
/// the time of receipt replaces one that cannot be read; so is the name, which comes from another
/// place.
fn said_by(message: &InboundMessage) -> String {
    let InboundMessage {
        phone_number_id,
        from,
        via,
        content,
        context,
        ..
    } = message;
    serde_json::json!([phone_number_id, from, via, content, context]).to_string()
}
