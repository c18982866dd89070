use super::*;

fn identity(bsuid: Option<&str>, phone: Option<&str>) -> CustomerIdentity {
    CustomerIdentity::new(bsuid.map(Bsuid::new), phone.map(PhoneNumber::new)).unwrap()
}

#[test]
fn a_phone_number_wins_over_a_bsuid_when_sending() {
    assert_eq!(
        identity(Some("DE.1"), Some("4915112345678")).recipient(),
        Some(Recipient::Phone(PhoneNumber::new("4915112345678")))
    );
    assert_eq!(
        identity(Some("DE.1"), None).recipient(),
        Some(Recipient::Bsuid(Bsuid::new("DE.1")))
    );
    let parent = identity(Some("DE.ENT.1aB"), None);
    assert!(parent.recipient().is_some());
    for malformed in [
        "",
        "1",
        "DE.",
        "de.1",
        "DEU.1",
        "[<A_PHONE_NUMBER>]",
        "DE.1 2",
    ] {
        let nowhere = identity(Some(malformed), None).recipient();
        assert_eq!(nowhere, None, "{malformed}");
    }
}

#[test]
fn known_identifiers_are_kept_and_gaps_are_filled() {
    let known = identity(None, Some("1"));
    let newer = identity(Some("DE.1"), Some("2"));
    assert_eq!(
        known.completed_by(&newer),
        identity(Some("DE.1"), Some("1"))
    );
}

#[test]
fn a_shared_number_leads_to_the_customer_and_nothing_is_sent_there() {
    let (number, another) = (PhoneNumber::new("491"), PhoneNumber::new("492"));
    let known = identity(Some("DE.1"), None);
    let shared = known.clone().sharing(number.clone());
    assert!(shared.has("DE.1") && shared.has("491"));
    assert_eq!((shared.phone(), shared.number()), (None, Some(&number)));
    assert_eq!(shared.recipient(), known.recipient());
    assert_eq!(shared.display(), "DE.1");
    let stored = serde_json::to_string(&shared).unwrap();
    let read: CustomerIdentity = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, shared);

    let both = identity(Some("DE.1"), Some("491"));
    for (case, now, expected) in [
        (
            "shared again",
            shared.clone().sharing(number.clone()),
            &shared,
        ),
        (
            "it writes",
            shared.completed_by(&identity(None, Some("491"))),
            &both,
        ),
        ("it writes with the id", shared.now_at(&number), &both),
        ("known before", both.clone().sharing(number.clone()), &both),
        (
            "another one",
            shared.clone().sharing(another.clone()),
            &known.clone().sharing(another.clone()),
        ),
        (
            "messages come from another one",
            shared.now_at(&another),
            &identity(Some("DE.1"), Some("492")),
        ),
    ] {
        assert_eq!(&now, expected, "{case}");
    }
    let without = |id: &str| shared.without(&[id.to_owned()]);
    assert_eq!(without("491"), Some(known));
    assert_eq!(without("DE.1"), None);
}

#[test]
fn a_number_may_have_two_spellings() {
    let typed = CustomerIdentity::of_phone(PhoneNumber::new("5511912345678"));
    let both = typed.written_as(PhoneNumber::new("551112345678"));
    assert!(both.has("5511912345678") && both.has("551112345678"));
    let to = Some(Recipient::Phone(PhoneNumber::new("551112345678")));
    assert_eq!(both.recipient(), to);
    let again = both.clone().written_as(PhoneNumber::new("551112345678"));
    assert_eq!(again, both);
    let stored = serde_json::to_string(&both).unwrap();
    assert_eq!(
        serde_json::from_str::<CustomerIdentity>(&stored).unwrap(),
        both
    );
}

#[test]
fn two_bsuids_are_two_customers() {
    for (one, other, expected) in [
        ((Some("DE.1"), Some("1")), (Some("DE.2"), Some("1")), true),
        ((Some("DE.1"), Some("1")), (Some("DE.1"), Some("2")), false),
        ((Some("DE.1"), None), (None, Some("1")), false),
    ] {
        let (one, other) = (identity(one.0, one.1), identity(other.0, other.1));
        assert_eq!(one.contradicts(&other), expected, "{one:?} {other:?}");
    }
    let both = identity(Some("DE.1"), Some("1"));
    let rest = both.without(&["1".to_owned()]);
    assert_eq!(rest, Some(identity(Some("DE.1"), None)));
    assert_eq!(rest.unwrap().without(&["DE.1".to_owned()]), None);
}

#[test]
fn debug_output_names_nobody() {
    let key = ConversationKey::new(&PhoneNumberId::new("1065"), "4915112345678");
    let text = format!(
        "{key:?} {:?}",
        identity(Some("DE.77"), Some("4915112345678"))
    );
    assert!(!text.contains("49151") && !text.contains("DE.77"), "{text}");
}
