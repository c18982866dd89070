use chrono::{DateTime, Duration, Utc};

use super::*;
use crate::model::identity::{Bsuid, CustomerIdentity, IssueId, PhoneNumberId, Wamid};
use crate::model::timer::Timer;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn request(id: &str) -> IssueRef {
    IssueRef {
        id: IssueId::new(id),
        key: format!("SUP-{id}"),
    }
}

fn of(bsuid: Option<&str>, phone: &str) -> Conversation {
    let identity = CustomerIdentity::new(bsuid.map(Bsuid::new), Some(PhoneNumber::new(phone)));
    let key = ConversationKey::new(&PhoneNumberId::new("1065"), phone);
    Conversation::new(key, identity.unwrap())
}

#[test]
fn a_number_that_went_to_somebody_else_joins_nothing() {
    let phone = PhoneNumber::new("551112345678");
    let typed = "5511912345678";
    for (one, other, expected) in [
        (of(None, typed), of(None, "551112345678"), true),
        (of(None, typed), of(Some("BR.1"), "551112345678"), true),
        (
            of(Some("BR.1"), typed),
            of(Some("BR.1"), "551112345678"),
            true,
        ),
        (
            of(Some("BR.2"), typed),
            of(Some("BR.1"), "551112345678"),
            false,
        ),
        (of(None, typed), of(None, "4915112345678"), false),
    ] {
        assert_eq!(is_same_customer(&one, &other, &phone), expected);
    }
}

#[test]
fn a_number_whose_conversation_is_joined_is_written_to() {
    let number = PhoneNumber::new("4915112345678");
    let bsuid = CustomerIdentity::new(Some(Bsuid::new("DE.1")), None).unwrap();
    let key = ConversationKey::new(&PhoneNumberId::new("1065"), "DE.1");
    let mut kept = Conversation::new(key, bsuid.sharing(number.clone())).in_request(request("1"));
    kept.phone_asked_at = Some(at(5));
    let left = of(None, number.as_str()).in_request(request("7"));
    let both = joined(kept.clone(), &left, &request("1"));
    assert_eq!(both.identity.phone(), Some(&number));
    assert_eq!(both.issue, Some(request("1")));
    assert_eq!(both.phone_asked_at, Some(at(5)));
    assert_eq!(joined(both.clone(), &left, &request("1")), both);
}

#[test]
fn the_kept_conversation_knows_both_spellings_and_the_left_one_the_way() {
    let mut kept = of(Some("BR.1"), "551112345678").in_request(request("1"));
    kept.awaiting_since = Some(at(50));
    kept.window_expires_at = Some(at(100));
    let mut left = of(None, "5511912345678").in_request(request("7"));
    left.opted_out = true;
    left.opted_by = Some(Wamid::new("wamid.S"));
    left.awaiting_since = Some(at(10));
    left.last_inbound_at = Some(at(10));
    left.last_inbound_wamid = Some(Wamid::new("wamid.S"));
    left.window_expires_at = Some(at(90));
    left.timers.set(Timer::HoldExpiry, at(900));
    let both = joined(kept.clone(), &left, &request("7"));
    let known: Vec<_> = both.identity.identifiers().collect();
    assert_eq!(known, ["BR.1", "551112345678", "5511912345678"]);
    assert_eq!(both.key, kept.key);
    assert_eq!(both.issue, Some(request("7")));
    assert!(both.opted_out);
    assert_eq!(both.opted_by, left.opted_by);
    assert_eq!(both.awaiting_since, Some(at(10)));
    assert_eq!(both.window_expires_at, Some(at(100)));
    assert_eq!(both.last_inbound_wamid, left.last_inbound_wamid);
    // Idempotent.
    assert_eq!(joined(both.clone(), &left, &request("7")), both);

    let rest = given_over(left, &kept.key);
    assert_eq!(rest.joined, Some(kept.key));
    assert_eq!(rest.issue, None);
    assert_eq!(rest.awaiting_since, None);
    assert_eq!(rest.timers.next(), None);
    assert!(!rest.window_is_open(at(0)));
    assert_eq!(rest.forget_after(), Some(at(10) + Duration::days(365)));
}

#[test]
fn an_opt_out_of_the_kept_conversation_stays() {
    let mut kept = of(None, "551112345678");
    kept.opted_out = true;
    kept.opted_by = Some(Wamid::new("wamid.K"));
    let both = joined(kept, &of(None, "5511912345678"), &request("7"));
    assert!(both.opted_out);
    assert_eq!(both.opted_by, Some(Wamid::new("wamid.K")));
}
