//! Several messages with one id in one body.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use casement_core::identity::Wamid;
use casement_core::inbound::InboundMessage;

/// The messages of one body, each once.
///
/// Ids are said to be unique, but bodies have been seen in which two changes carry one id and
/// different words. Downstream the id alone decides what is a repetition, so the second of two
/// different messages gets the suffix `#2`, the third `#3`: a `#` is in no id that was read. The
/// same body read again gives the same ids.
#[derive(Default)]
pub(super) struct Messages {
    list: Vec<InboundMessage>,
    under: HashMap<Wamid, Under>,
}

/// What came under one id.
struct Under {
    /// The place of the first message.
    first: usize,
    /// What the messages say, once there are several: a body may have thousands with one id, and
    /// comparing each with each would take minutes.
    said: HashSet<String>,
}

impl Messages {
    /// Takes a message. `false`: it says what one with the same id said already, and was dropped.
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

    /// The messages, in the order in which they came.
    pub(super) fn into_list(self) -> Vec<InboundMessage> {
        self.list
    }
}

/// What a message says, and to which number. The time does not count, since one that cannot be
/// read is the time of receipt, nor does the name, which comes from another place.
fn said_by(message: &InboundMessage) -> String {
    let InboundMessage {
        phone_number_id,
        from,
        content,
        context,
        ..
    } = message;
    serde_json::json!([phone_number_id, from, content, context]).to_string()
}
