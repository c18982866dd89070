//! Several messages with one id in one body.

use std::collections::HashMap;

use casement_core::identity::Wamid;
use casement_core::inbound::InboundMessage;

/// The messages of one body, each once.
///
/// Ids are said to be unique, but bodies have been seen in which two changes carry one id and
/// different words. Downstream the id alone decides what is a repetition, so the second of two
/// different messages gets the suffix `#2`, the third `#3`: a `#` is in no id of WhatsApp's. The
/// same body read again gives the same ids.
#[derive(Default)]
pub(super) struct Messages {
    list: Vec<InboundMessage>,
    places: HashMap<Wamid, usize>,
}

impl Messages {
    /// Takes a message. `false`: it says what one with the same id said already, and was dropped.
    pub(super) fn add(&mut self, mut message: InboundMessage) -> bool {
        let original = message.wamid.clone();
        for count in 2.. {
            let Some(same) = self.places.get(&message.wamid) else {
                break;
            };
            if is_repeated(&self.list[*same], &message) {
                return false;
            }
            message.wamid = Wamid::new(format!("{}#{count}", original.as_str()));
        }
        self.places.insert(message.wamid.clone(), self.list.len());
        self.list.push(message);
        true
    }

    /// The messages, in the order in which they came.
    pub(super) fn into_list(self) -> Vec<InboundMessage> {
        self.list
    }
}

/// Whether both say the same to the same number. The time does not count, since one that cannot
/// be read is the time of receipt, nor does the name, which comes from another place.
fn is_repeated(one: &InboundMessage, other: &InboundMessage) -> bool {
    one.phone_number_id == other.phone_number_id
        && one.from == other.from
        && one.content == other.content
        && one.context == other.context
}
