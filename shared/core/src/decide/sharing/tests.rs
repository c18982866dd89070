use super::*;
use crate::model::content::{ContactCard, Context, InboundContent};
use crate::model::identity::{
    Bsuid, CommentId, ConversationKey, CustomerIdentity, IssueId, PhoneNumberId, Recipient, Wamid,
};
use crate::model::ledger::{OutboundKey, ReceivedMessage, SentMessage, SentReference};
use crate::model::opened::OpenedRequest;

const BSUID: &str = "DE.1";
const NUMBER: &str = "4915112345678";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn of(bsuid: Option<&str>, phone: Option<&str>) -> Conversation {
    let key = ConversationKey::new(
        &PhoneNumberId::new("1065"),
        bsuid.or(phone).unwrap_or_default(),
    );
    let identity = CustomerIdentity::new(bsuid.map(Bsuid::new), phone.map(PhoneNumber::new));
    Conversation::new(key, identity.unwrap())
}

fn card(own_number: Option<&str>) -> ContactCard {
    ContactCard {
        phones: vec![format!("+{NUMBER}")],
        own_number: own_number.map(PhoneNumber::new),
        ..ContactCard::default()
    }
}

fn message(content: InboundContent) -> InboundMessage {
    InboundMessage {
        phone_number_id: PhoneNumberId::new("1065"),
        wamid: Wamid::new("wamid.A"),
        from: of(Some(BSUID), None).identity,
        via: crate::model::content::Via::Direct,
        profile_name: None,
        sent_at: at(0),
        content,
        context: Context::default(),
    }
}

fn cards(cards: Vec<ContactCard>) -> InboundMessage {
    message(InboundContent::Contacts { cards })
}

fn sent(key: &OutboundKey) -> KnownMessage {
    let conversation = of(Some(BSUID), None);
    let sent = SentMessage::new(&conversation.key, &IssueId::new("1"));
    KnownMessage::Sent(SentReference::new(key, &sent))
}

#[test]
fn only_the_own_number_in_answer_to_our_question_counts() {
    let own = || cards(vec![card(Some(NUMBER))]);
    let comment = CommentId::new("100");
    let question = sent(&OutboundKey::phone(&comment));
    let reply = sent(&OutboundKey::comment(&comment, 0));
    let received = KnownMessage::Received(ReceivedMessage::default());
    let text = InboundContent::Text {
        body: NUMBER.to_owned(),
    };
    for (case, message, was_asked, answered, counts) in [
        ("an answer", own(), true, Some(&question), true),
        ("Meta's example names no message", own(), true, None, true),
        ("never asked", own(), false, None, false),
        (
            "a reply to something else",
            own(),
            true,
            Some(&reply),
            false,
        ),
        (
            "to the customer's own words",
            own(),
            true,
            Some(&received),
            false,
        ),
        (
            "a card of somebody else",
            cards(vec![card(None)]),
            true,
            Some(&question),
            false,
        ),
        (
            "two cards",
            cards(vec![card(Some(NUMBER)), card(None)]),
            true,
            Some(&question),
            false,
        ),
        ("no card", cards(Vec::new()), true, Some(&question), false),
        ("words", message(text), true, Some(&question), false),
    ] {
        let mut conversation = of(Some(BSUID), None);
        if was_asked {
            conversation = asked(conversation, at(0));
        }
        let shared = shared_in(&message, &conversation, answered);
        let expected = counts.then(|| PhoneNumber::new(NUMBER));
        assert_eq!(shared, expected.as_ref(), "{case}");
    }
}

#[test]
fn a_number_is_never_taken_from_another_customer() {
    let number = PhoneNumber::new(NUMBER);
    let unknown = of(Some(BSUID), None);
    let known = of(Some(BSUID), Some(NUMBER));
    let elsewhere = of(Some(BSUID), Some("492"));
    let again = Conversation {
        identity: unknown.identity.clone().sharing(PhoneNumber::new("492")),
        ..unknown.clone()
    };
    let by_phone = of(None, Some(NUMBER));
    let somebody = of(Some("DE.2"), Some(NUMBER));
    let sharer = Conversation {
        identity: of(Some("DE.2"), None).identity.sharing(number.clone()),
        ..of(Some("DE.2"), None)
    };
    let same = of(Some(BSUID), Some(NUMBER));
    for (case, conversation, other, expected) in [
        ("free", &unknown, None, Sharing::Lead),
        ("known", &known, None, Sharing::Lead),
        ("another shared before", &again, None, Sharing::Lead),
        ("writes from another", &elsewhere, None, Sharing::Differs),
        ("closed", &unknown, Some((&by_phone, false)), Sharing::Join),
        ("open", &unknown, Some((&by_phone, true)), Sharing::Apart),
        ("known, closed", &known, Some((&same, false)), Sharing::Join),
        ("known, open", &known, Some((&same, true)), Sharing::Apart),
        (
            "somebody's",
            &unknown,
            Some((&somebody, false)),
            Sharing::Foreign,
        ),
        (
            "somebody's, open",
            &unknown,
            Some((&somebody, true)),
            Sharing::Foreign,
        ),
        (
            "somebody has shared it",
            &unknown,
            Some((&sharer, false)),
            Sharing::Foreign,
        ),
        (
            "writes from another, open",
            &elsewhere,
            Some((&by_phone, true)),
            Sharing::Differs,
        ),
        (
            "writes from another, somebody's",
            &elsewhere,
            Some((&somebody, true)),
            Sharing::Foreign,
        ),
    ] {
        assert_eq!(
            decide_sharing(conversation, &number, other),
            expected,
            "{case}"
        );
    }
}

#[test]
fn a_shared_number_is_the_customers_from_then_on() {
    let number = PhoneNumber::new(NUMBER);
    let before = of(Some(BSUID), None);
    let after = with_number(before.clone(), &number, at(10));
    assert!(after.belongs_to(NUMBER, None) && after.belongs_to(BSUID, None));
    let to = Some(Recipient::Bsuid(Bsuid::new(BSUID)));
    assert_eq!(after.identity.recipient(), to);
    assert_eq!(with_number(after.clone(), &number, at(20)), after);
    let next = with_number(after, &PhoneNumber::new("492"), at(30));
    assert!(next.belongs_to("492", None) && !next.belongs_to(NUMBER, None));
    assert!(next.had(NUMBER, at(20)), "for a message that comes late");
}

#[test]
fn agents_hear_of_the_question_where_a_request_begins_without_a_number() {
    let first = message(InboundContent::Text {
        body: "hello".to_owned(),
    });
    let opened = |by: &str| {
        Some(OpenedRequest {
            issue_id: IssueId::new("1"),
            at: at(0),
            by: by.to_owned(),
            on_trial: false,
            follows: None,
        })
    };
    let own = first.wamid.fingerprint();
    let shared = of(Some(BSUID), None)
        .identity
        .sharing(PhoneNumber::new(NUMBER));
    let shared = Conversation {
        identity: shared,
        ..of(Some(BSUID), None)
    };
    for (case, conversation, opened, expected) in [
        ("by this message", of(Some(BSUID), None), opened(&own), true),
        ("by another one", of(Some(BSUID), None), opened("x"), false),
        ("not opened", of(Some(BSUID), None), None, false),
        (
            "with a number",
            of(Some(BSUID), Some(NUMBER)),
            opened(&own),
            false,
        ),
        ("with a shared number", shared, opened(&own), false),
        (
            "nobody can be asked",
            of(Some("1"), None),
            opened(&own),
            false,
        ),
    ] {
        let conversation = Conversation {
            opened,
            ..conversation
        };
        assert_eq!(may_be_asked_for(&conversation, &first), expected, "{case}");
    }
}
