//! Changes of a customer's phone number or BSUID.

use chrono::{DateTime, Utc};

use crate::model::conversation::{Conversation, WRITTEN_BEFORE};
use crate::model::identity::{ConversationKey, CustomerIdentity, IdentityChange, PhoneNumber};
use crate::model::private::Private;
use crate::say::notes::Note;

/// The plan for a conversation whose customer has changed identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePlan {
    /// The conversation to save.
    pub conversation: Conversation,
    /// The note for its request.
    pub note: Note,
}

/// Decides how the conversation of the former identity changes.
///
/// It keeps its key and its window. A former identifier is not kept beside a new one: a BSUID ends
/// with its phone number, and a phone number is reassigned to someone else. Idempotent.
#[must_use]
pub fn decide_identity_change(
    mut conversation: Conversation,
    change: &IdentityChange,
) -> ChangePlan {
    let known = conversation.identity.clone();
    let is_the_rest = conversation.moved_at.is_some()
        && !change.former.identifiers().any(|id| known.has(id))
        && !known.contradicts(&change.new);
    let new = if is_the_rest {
        // Two reports of the same change: one for the number, one for the BSUID.
        known.completed_by(&change.new)
    } else {
        change.new.clone()
    };
    let at = change.changed_at;
    conversation = conversation.moved(&new, at);
    for former in change.former.identifiers().filter(|id| !new.has(id)) {
        conversation = conversation.having_had_until(former, at);
    }
    conversation.moved_at = conversation.moved_at.max(Some(at));
    ChangePlan {
        note: Note::IdentityChanged {
            now: new.display().into(),
            before: change
                .former
                .phone()
                .map(PhoneNumber::masked)
                .map(Private::from),
        },
        conversation,
    }
}

/// Begins a conversation with a change, for a customer who is not known yet.
///
/// Messages from before the change may arrive after it, and must not be answered at the former
/// identity. The conversation has no request and no window.
#[must_use]
pub fn begun_with(key: ConversationKey, change: &IdentityChange) -> Conversation {
    let new = Conversation::new(key, change.former.clone());
    decide_identity_change(new, change).conversation
}

/// Returns a conversation that has moved on since the change, with what the change says about the
/// past. `conversation` may be that of the former identifiers or of the new ones.
#[must_use]
pub fn remembering(mut conversation: Conversation, change: &IdentityChange) -> Conversation {
    let at = change.changed_at;
    for former in change.former.identifiers() {
        if !change.new.has(former) && !conversation.identity.has(former) {
            conversation = conversation.having_had_until(former, at);
        }
    }
    let Some(moved) = conversation.moved_at.filter(|moved| *moved > at) else {
        return conversation;
    };
    for new in change.new.identifiers() {
        if !conversation.belongs_to(new, Some(at)) && !conversation.identity.has(new) {
            conversation = conversation.having_had(new, Some(at), moved);
        }
    }
    conversation
}

/// Returns whether `other`, which a new identifier leads to, belongs to the customer who has
/// changed and not to a former owner of that identifier.
#[must_use]
pub fn is_of_the_same(other: &Conversation, change: &IdentityChange) -> bool {
    let soonest = change.changed_at - WRITTEN_BEFORE;
    let by_bsuid = (change.new.bsuid()).is_some_and(|new| other.identity.bsuid() == Some(new));
    let had_later = |id: &str| !other.identity.has(id);
    let moved_here = |id: &str| (other.has_had_since(id)).is_some_and(|since| since >= soonest);
    let by_tenure = (change.new.identifiers())
        .filter(|id| other.belongs_to(id, Some(change.changed_at)))
        .any(|id| had_later(id) || moved_here(id));
    let heard = other.last_inbound_at;
    let by_message = heard.map_or(other.moved_at.is_none(), |heard| heard >= soonest);
    by_bsuid || by_tenure || by_message
}

/// Returns a former owner's conversation without the identifiers that the customer has now.
#[must_use]
pub fn dispossessed(other: Conversation, change: &IdentityChange) -> Conversation {
    let new: Vec<_> = change.new.identifiers().map(str::to_owned).collect();
    let left = other.identity.without(&new);
    let left = left.unwrap_or_else(CustomerIdentity::gone);
    other.known_as(left, change.changed_at)
}

/// Returns whether the change is obsolete because the conversation has moved on since: the customer
/// has written from the former number or BSUID, or has changed again.
#[must_use]
pub fn is_overtaken(conversation: &Conversation, change: &IdentityChange) -> bool {
    let identity = &conversation.identity;
    if *identity == change.new {
        return false;
    }
    let has = |wanted: &str| identity.identifiers().any(|own| own == wanted);
    let given_up = |former: &&str| change.new.identifiers().all(|new| new != *former);
    let still_former = change.former.identifiers().filter(given_up).any(has);
    let is_later = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at > change.changed_at);
    is_later(conversation.moved_at) || (still_former && is_later(conversation.last_inbound_at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::identity::Bsuid;
    use crate::model::identity::PhoneNumberId;
    use crate::model::identity::Wamid;

    fn identity(bsuid: Option<&str>, phone: Option<&str>) -> CustomerIdentity {
        CustomerIdentity::new(bsuid.map(Bsuid::new), phone.map(PhoneNumber::new)).unwrap()
    }

    #[test]
    fn the_conversation_keeps_its_key_and_gets_the_new_identifiers() {
        for (case, former, new, before) in [
            (
                "number",
                (None, Some("4915112345678")),
                (None, Some("4915187654321")),
                Some("…678"),
            ),
            (
                "both",
                (Some("DE.1"), Some("4915112345678")),
                (Some("DE.2"), Some("4915187654321")),
                Some("…678"),
            ),
            ("BSUID", (Some("DE.1"), None), (Some("DE.2"), None), None),
            ("short", (None, Some("12")), (None, Some("13")), Some("…12")),
        ] {
            let number = PhoneNumberId::new("1065");
            let change = IdentityChange {
                phone_number_id: number,
                wamid: Wamid::new("wamid.S"),
                former: identity(former.0, former.1),
                new: identity(new.0, new.1),
                changed_at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
            };
            let key = change.former_key();
            let known = Conversation::new(key.clone(), change.former.clone());
            let plan = decide_identity_change(known, &change);
            assert_eq!(plan.conversation.key, key, "{case}");
            assert_eq!(plan.conversation.identity, change.new, "{case}");
            assert_eq!(plan.conversation.window_expires_at, None, "{case}");
            let Note::IdentityChanged {
                now,
                before: hidden,
            } = &plan.note
            else {
                panic!("{case}")
            };
            assert_eq!(now.get(), &change.new.display(), "{case}");
            assert_eq!(hidden.as_deref(), before, "{case}");
            let again = decide_identity_change(plan.conversation.clone(), &change);
            assert_eq!(again, plan, "{case}");
        }
    }

    #[test]
    fn what_came_later_is_not_undone() {
        let at = |second: i64| DateTime::from_timestamp(1_790_000_000 + second, 0).unwrap();
        let (a, b, c) = (Some("491"), Some("492"), Some("493"));
        let change = IdentityChange {
            phone_number_id: PhoneNumberId::new("1065"),
            wamid: Wamid::new("wamid.S"),
            former: identity(None, a),
            new: identity(None, b),
            changed_at: at(10),
        };
        for (case, has, last_inbound, moved, expected) in [
            ("before", a, Some(9), None, false),
            ("in the same second", a, Some(10), None, false),
            (
                "written from the former number since",
                a,
                Some(11),
                None,
                true,
            ),
            ("never written", a, None, None, false),
            ("moved already", b, Some(99), Some(10), false),
            ("moved on", c, Some(9), Some(20), true),
            ("moved back", a, Some(9), Some(20), true),
            ("moved here before", a, Some(5), Some(5), false),
            (
                "written from the new number since",
                c,
                Some(99),
                Some(5),
                false,
            ),
        ] {
            let known = Conversation {
                last_inbound_at: last_inbound.map(at),
                moved_at: moved.map(at),
                ..Conversation::new(change.former_key(), identity(None, has))
            };
            assert_eq!(is_overtaken(&known, &change), expected, "{case}");
        }
        // The phone number is the same, and only the BSUID was given up.
        let change = IdentityChange {
            former: identity(Some("DE.1"), a),
            new: identity(Some("DE.2"), a),
            ..change
        };
        for (has, expected) in [("DE.1", true), ("DE.2", false)] {
            let known = Conversation {
                last_inbound_at: Some(at(11)),
                ..Conversation::new(change.former_key(), identity(Some(has), a))
            };
            assert_eq!(is_overtaken(&known, &change), expected, "{has}");
        }
    }
}
