//! Tests of a customer's answer to the question for the phone number.

mod meeting;
mod race;

use casement_core::decide::fields::FieldValue;
use casement_core::model::content::{ContactCard, InboundContent};
use casement_core::model::identity::{PhoneNumber, Recipient};

use super::*;

const BSUID: &str = "DE.77";
const PHONE: &str = "4915112345678";
const FIELD: &str = "phone_field = \"customfield_10050\"\n";

const BY_BSUID: Identifiers = (Some(BSUID), None);
const BOTH: Identifiers = (Some(BSUID), Some(PHONE));
const BY_PHONE: Identifiers = (None, Some(PHONE));

/// Makes a customer without a phone number, who has request 1 and was asked.
async fn was_asked() -> World {
    let world = World::new();
    world.set_settings(FIELD);
    began(&world).await;
    world
}

async fn began(world: &World) {
    world
        .receive(&text_from("a", BY_BSUID, at(0)))
        .await
        .unwrap();
    asks(world).await;
}

async fn asks(world: &World) {
    let now = world.now();
    let issue = of(world, BSUID).issue.unwrap().id;
    let command = world.comment_on(&issue, "100", "/phone", now, |comment| {
        comment.public = Some(false);
    });
    assert_eq!(world.carry_out(&command).await, done(Done::AskedForPhone));
}

fn of(world: &World, customer: &str) -> Conversation {
    let key = ConversationKey::new(&number(), customer);
    world.stored(&key).unwrap()
}

fn card(own: bool, phone: &str) -> ContactCard {
    ContactCard {
        phones: vec![format!("+{phone}")],
        own_number: own.then(|| PhoneNumber::new(phone)),
        ..ContactCard::default()
    }
}

/// Makes the message with which the customer shares a number, in answer to the question.
fn shares(id: &str, own: bool, phone: &str, sent: i64) -> InboundMessage {
    let mut message = text_from(id, BY_BSUID, at(sent));
    message.content = InboundContent::Contacts {
        cards: vec![card(own, phone)],
    };
    message.context.reply_to = Some(question());
    message
}

fn question() -> Wamid {
    Wamid::new("wamid.out1")
}

fn notes_with(world: &World, words: &str) -> usize {
    let notes = world.notes().into_iter();
    notes.filter(|note| note.contains(words)).count()
}

fn written(world: &World) -> Vec<(String, String)> {
    let writes = world.written_fields().into_iter();
    let texts = writes.flat_map(|(issue, fields)| {
        fields
            .into_iter()
            .filter_map(move |(_, value)| match value {
                FieldValue::Text(text) => Some((issue.clone(), text.get().clone())),
                _ => None,
            })
    });
    texts.collect()
}

const SHARED: &str = "The customer shared a phone number";
const IN_REQUEST: &str = "The customer shared a phone number: it is now in the request.";

#[tokio::test]
async fn the_own_number_is_shown_and_leads_to_the_conversation() {
    let world = was_asked().await;
    let answer = shares("b", true, PHONE, 60);
    world.receive(&answer).await.unwrap();
    assert_eq!(world.receive(&answer).await, ignored(Ignored::Duplicate));
    assert_eq!(written(&world), [said("1", "+4915112345678")]);
    assert_eq!(notes_with(&world, IN_REQUEST), 1, "{:?}", world.notes());
    assert_eq!(notes_with(&world, PHONE), 0, "the number is masked");
    let known = of(&world, BSUID);
    assert_eq!(known.identity.number(), Some(&PhoneNumber::new(PHONE)));
    let to = Some(Recipient::Bsuid(
        casement_core::model::identity::Bsuid::new(BSUID),
    ));
    assert_eq!(known.identity.recipient(), to, "until it writes");

    world
        .receive(&text_from("c", BY_PHONE, at(70)))
        .await
        .unwrap();
    world.receive(&text_from("d", BOTH, at(80))).await.unwrap();
    assert_eq!((world.requests(), world.conversations()), (1, 1));
    assert_eq!(world.said().len(), 4);
    let known = of(&world, BSUID);
    assert_eq!(known.identity, identity(Some(BSUID), Some(PHONE)));
}

#[tokio::test]
async fn a_field_that_the_owner_does_not_have_is_said() {
    let world = World::new();
    began(&world).await;
    world.receive(&shares("b", true, PHONE, 60)).await.unwrap();
    assert_eq!(written(&world), []);
    assert_eq!(notes_with(&world, "(phone_field)"), 1);
}

#[tokio::test]
async fn what_an_agent_wrote_into_the_field_stays() {
    for (field, writes, note) in [
        ("0151 999", 0, "has another value, which stays"),
        ("+49 151 1234 5678", 0, IN_REQUEST),
    ] {
        let world = was_asked().await;
        world.has_phone("1", field);
        world.receive(&shares("b", true, PHONE, 60)).await.unwrap();
        assert_eq!(written(&world).len(), writes, "{field}");
        assert_eq!(notes_with(&world, note), 1, "{field}");
    }
}

#[tokio::test]
async fn a_number_that_was_shared_later_takes_the_place_of_the_first() {
    let world = was_asked().await;
    let other = "4915187654321";
    for (id, phone, sent) in [("b", PHONE, 60), ("c", other, 70)] {
        world.receive(&shares(id, true, phone, sent)).await.unwrap();
    }
    let shown = [said("1", "+4915112345678"), said("1", "+4915187654321")];
    assert_eq!(written(&world), shown);
    let known = of(&world, BSUID).identity;
    assert!(known.has(other) && !known.has(PHONE));
    world
        .receive(&text_from("d", (None, Some(PHONE)), at(80)))
        .await
        .unwrap();
    assert_eq!(world.conversations(), 2, "the first number is anybody's");
}

#[tokio::test]
async fn every_other_card_is_only_shown() {
    let words = InboundContent::Text {
        body: "+4915112345678".to_owned(),
    };
    let two = InboundContent::Contacts {
        cards: vec![card(true, PHONE), card(true, "4915187654321")],
    };
    let edit = InboundContent::Edit {
        of: Some(Wamid::new("wamid.a")),
        now: Some(Box::new(shares("b", true, PHONE, 60).content)),
    };
    for (case, content, reply_to, was_asked) in [
        (
            "somebody else's",
            shares("b", false, PHONE, 60).content,
            true,
            true,
        ),
        (
            "never asked",
            shares("b", true, PHONE, 60).content,
            true,
            false,
        ),
        ("two cards", two, true, true),
        ("words", words, true, true),
        ("an edit", edit, true, true),
        (
            "an answer to a reply",
            shares("b", true, PHONE, 60).content,
            false,
            true,
        ),
    ] {
        let world = World::new();
        world.set_settings(FIELD);
        world
            .receive(&text_from("a", BY_BSUID, at(0)))
            .await
            .unwrap();
        if was_asked {
            asks(&world).await;
        }
        world.agent_answers("101", "Hello", at(30)).await.unwrap();
        let message = InboundMessage {
            content,
            ..shares("b", true, PHONE, 60)
        };
        let mut message = message;
        if !reply_to {
            message.context.reply_to = Some(Wamid::new("wamid.out2"));
        }
        world.receive(&message).await.unwrap();
        assert_eq!(written(&world), [], "{case}");
        assert_eq!(notes_with(&world, SHARED), 0, "{case}");
        assert!(!of(&world, BSUID).identity.has(PHONE), "{case}");
        assert_eq!(world.said().len(), 2, "{case}: it is shown");
        world
            .receive(&text_from("z", BY_PHONE, at(90)))
            .await
            .unwrap();
        assert_eq!(world.conversations(), 2, "{case}");
    }
}

/// Meta's example of an answer names no message.
#[tokio::test]
async fn an_answer_need_not_name_the_question() {
    for reply_to in [None, Some(Wamid::new("wamid.not-in-the-ledger"))] {
        let world = was_asked().await;
        let mut answer = shares("b", true, PHONE, 60);
        answer.context.reply_to = reply_to;
        world.receive(&answer).await.unwrap();
        assert_eq!(written(&world).len(), 1);
    }
}

#[tokio::test]
async fn a_number_of_another_customer_is_never_taken() {
    for is_open in [true, false] {
        let world = World::new();
        world.set_settings(FIELD);
        let (ben, sent) = ((Some("DE.99"), Some(PHONE)), at(-100));
        world.receive(&text_from("ben", ben, sent)).await.unwrap();
        world
            .receive(&text_from("a", BY_BSUID, at(0)))
            .await
            .unwrap();
        asks(&world).await;
        if !is_open {
            world.resolve("1", at(10));
        }
        let before = (of(&world, "DE.99"), of(&world, BSUID).identity);
        world.receive(&shares("b", true, PHONE, 60)).await.unwrap();
        assert_eq!(written(&world), []);
        let foreign = "The customer shared a phone number of another customer.";
        assert_eq!(notes_with(&world, foreign), 1);
        assert_eq!(notes_with(&world, "in SUP-1"), 1);
        assert_eq!((of(&world, "DE.99"), of(&world, BSUID).identity), before);
        assert_eq!(world.related().len(), 0);
        world.receive(&text_from("c", ben, at(70))).await.unwrap();
        assert_eq!(world.said().pop().unwrap(), said("1", "c"));
    }
}

/// The true owner of a number shows up after somebody else has shared it.
#[tokio::test]
async fn the_true_owner_of_a_shared_number_is_not_the_sharer() {
    let world = was_asked().await;
    world.receive(&shares("b", true, PHONE, 60)).await.unwrap();
    let ben = (Some("DE.99"), Some(PHONE));
    world.receive(&text_from("c", ben, at(70))).await.unwrap();
    assert_eq!((world.requests(), world.conversations()), (2, 2));
    assert_eq!(world.said().last().unwrap(), &said("2", "c"));
    assert!(!of(&world, BSUID).identity.has(PHONE));
    let reply = world.agent_writes("102", "for Ana", world.now());
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.recipients().last().unwrap(), BSUID);
}

#[tokio::test]
async fn a_customer_who_writes_from_another_number_keeps_it() {
    let world = was_asked().await;
    let other = (Some(BSUID), Some("4915187654321"));
    world.receive(&text_from("b", other, at(30))).await.unwrap();
    world.receive(&shares("c", true, PHONE, 60)).await.unwrap();
    assert_eq!(written(&world), []);
    assert_eq!(
        notes_with(&world, "The customer shared another phone number."),
        1
    );
    assert!(!of(&world, BSUID).identity.has(PHONE));
}

#[tokio::test]
async fn jira_may_not_take_the_field_for_now_or_ever() {
    let world = was_asked().await;
    world.refuse_field("customfield_10050");
    world.receive(&shares("b", true, PHONE, 60)).await.unwrap();
    assert_eq!(notes_with(&world, "Jira did not take it"), 1);
    assert!(
        of(&world, BSUID).identity.has(PHONE),
        "it leads here all the same"
    );

    let world = was_asked().await;
    world.refuse(Call::SetFields, BUSY);
    let answer = shares("b", true, PHONE, 60);
    world.receive(&answer).await.unwrap_err();
    assert_eq!(notes_with(&world, SHARED), 0);
    world.allow(Call::SetFields);
    world.receive(&answer).await.unwrap();
    assert_eq!(notes_with(&world, IN_REQUEST), 1);

    let world = was_asked().await;
    world.refuse(Call::SetFields, BUSY);
    let mut attempts = 0;
    while world.receive(&answer).await.is_err() {
        attempts += 1;
    }
    assert_eq!(attempts, 5, "the customer's next messages wait behind it");
    assert_eq!(notes_with(&world, "Jira did not take it"), 1);
}

#[tokio::test]
async fn a_blocked_number_is_not_let_in_by_sharing_it() {
    let world = was_asked().await;
    let blocked = format!("{FIELD}blocked = [\"{PHONE}\"]\n");
    world.set_settings(&blocked);
    world.receive(&shares("b", true, PHONE, 60)).await.unwrap();
    let before = world.said();
    world
        .receive(&text_from("c", BY_BSUID, at(70)))
        .await
        .unwrap();
    assert_eq!(world.said(), before, "the number is the customer's");
}
