use chrono::DateTime;

use super::*;
use crate::model::identity::{Bsuid, CustomerIdentity, PhoneNumber};

const A: &str = "4915112345678";
const B: &str = "4915187654321";

fn number() -> PhoneNumberId {
    PhoneNumberId::new("1065")
}

fn of(key: &str, bsuid: Option<&str>, phone: Option<&str>) -> Seen {
    let identity = CustomerIdentity::new(bsuid.map(Bsuid::new), phone.map(PhoneNumber::new));
    let key = ConversationKey::new(&number(), key);
    Seen::Conversation(Box::new(Conversation::new(key, identity.unwrap())))
}

fn told(lead: &Lead) -> String {
    match lead {
        Lead::To(found) => format!("to {}", found.key.customer),
        Lead::Nowhere(free) => format!("free {} {}", free.key.customer, free.is_given_up),
        Lead::Look(Place::Key(key)) => format!("look {}", key.customer),
        Lead::Look(Place::Alias(name)) => format!("look alias {name}"),
    }
}

#[test]
fn an_identifier_leads_where_the_identity_has_it() {
    let moved = || of(A, Some("DE.1"), Some(B));
    let mut taken_over = Conversation::new(
        ConversationKey::new(&number(), A),
        CustomerIdentity::of_phone(PhoneNumber::new(A)),
    );
    taken_over.joined = Some(ConversationKey::new(&number(), B));
    let Seen::Conversation(by) = moved() else {
        unreachable!()
    };
    let taken_over = Seen::TakenOver {
        left: Box::new(taken_over),
        by,
    };
    for (identifier, seen, expected) in [
        (A, vec![], format!("look {A}")),
        (A, vec![of(A, None, Some(A))], format!("to {A}")),
        (A, vec![Seen::Nothing], format!("look alias {A}")),
        (
            A,
            vec![Seen::Nothing, Seen::Nothing],
            format!("free {A} false"),
        ),
        (
            A,
            vec![Seen::Nothing, of("DE.1", Some("DE.1"), Some(A))],
            "to DE.1".to_owned(),
        ),
        // The customer has moved: by the key, and by an alias that was left behind.
        (A, vec![moved()], format!("look alias {A}")),
        (A, vec![moved(), Seen::Nothing], format!("look {A}~2")),
        (
            A,
            vec![Seen::Nothing, of("DE.1", Some("DE.1"), Some(B))],
            format!("look {A}~2"),
        ),
        (
            A,
            vec![moved(), Seen::Nothing, Seen::Nothing],
            format!("look alias {A}~2"),
        ),
        (
            A,
            vec![moved(), Seen::Nothing, Seen::Nothing, Seen::Nothing],
            format!("free {A}~2 true"),
        ),
        (
            A,
            vec![moved(), Seen::Nothing, of("A~2", None, Some(A))],
            "to A~2".to_owned(),
        ),
        (
            A,
            vec![moved(), Seen::Nothing, of("A~2", None, Some("1"))],
            format!("look alias {A}~2"),
        ),
        (
            A,
            vec![
                moved(),
                Seen::Nothing,
                of("A~2", None, Some("1")),
                Seen::Nothing,
            ],
            format!("look {A}~3"),
        ),
        (
            A,
            vec![moved(), of("DE.2", Some("DE.2"), Some(A))],
            "to DE.2".to_owned(),
        ),
        (
            A,
            vec![Seen::Nothing, Seen::Forgotten],
            format!("look {A}~2"),
        ),
        (A, vec![taken_over], format!("look alias {A}")),
        (B, vec![Seen::Nothing, moved()], format!("to {A}")),
    ] {
        let lead = decide_lead(&number(), identifier, None, &seen);
        assert_eq!(told(&lead), expected, "{identifier} {}", seen.len());
    }
}

#[test]
fn what_was_sent_before_a_change_is_still_the_former_owners() {
    let at = |seconds: i64| DateTime::from_timestamp(1_790_000_000 + seconds, 0);
    let Seen::Conversation(moved) = of(A, None, Some(B)) else {
        unreachable!()
    };
    let moved = moved.without_since(A, at(10).unwrap());
    let seen = [Seen::Conversation(Box::new(moved))];
    for (sent_at, expected) in [
        (at(9), format!("to {A}")),
        (at(10), format!("look alias {A}")),
        (None, format!("look alias {A}")),
    ] {
        let lead = decide_lead(&number(), A, sent_at, &seen);
        assert_eq!(told(&lead), expected, "{sent_at:?}");
    }
}

#[test]
fn a_conversation_that_was_taken_over_leads_to_the_other_one() {
    let at = |seconds: i64| DateTime::from_timestamp(1_790_000_000 + seconds, 0);
    let Seen::Conversation(by) = of(B, None, Some(B)) else {
        unreachable!()
    };
    let Seen::Conversation(left) = of(A, None, Some(A)) else {
        unreachable!()
    };
    let left = Box::new(left.without_since(A, at(10).unwrap()));
    let seen = [Seen::TakenOver { left, by }];
    for (identifier, sent_at, expected) in [
        (A, at(9), format!("to {B}")),
        (A, at(10), format!("look alias {A}")),
        (A, None, format!("look alias {A}")),
        (B, None, format!("to {B}")),
    ] {
        let lead = decide_lead(&number(), identifier, sent_at, &seen);
        assert_eq!(told(&lead), expected, "{identifier} {sent_at:?}");
    }
}

#[test]
fn a_later_move_takes_nothing_back_of_a_number_given_up_before() {
    let at = |seconds: i64| DateTime::from_timestamp(1_790_000_000 + seconds, 0);
    let Seen::Conversation(ana) = of(A, None, Some(A)) else {
        unreachable!()
    };
    let to = |phone: &str| CustomerIdentity::of_phone(PhoneNumber::new(phone));
    let moved = ana.moved(&to(B), at(10).unwrap());
    let moved = moved.moved(&to("1"), at(20).unwrap());
    assert!(moved.belongs_to(A, at(9)));
    assert!(!moved.belongs_to(A, at(15)), "it is the next owner's");
    let back = moved.moved(&to(A), at(3000).unwrap());
    assert!(back.belongs_to(A, at(4000)));
    assert!(!back.belongs_to(A, at(15)), "it was the next owner's");
    assert!(back.belongs_to(A, None));
}
