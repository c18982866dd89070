//! Tests of `/phone`: the customer is asked, or the agents read why not.

mod refused;

use casement_core::model::comment::AccountType;
use casement_core::model::content::InboundMessage;
use casement_core::model::identity::{ConversationKey, PhoneNumber};
use casement_core::model::status::{Delivery, StatusReport};
use casement_testkit::{identity, number, rewrite};

use super::*;

const BSUID: &str = "DE.77";

fn says(id: &str, words: &str, after: i64) -> InboundMessage {
    InboundMessage {
        from: identity(Some(BSUID), None),
        ..text(id, words, at(after))
    }
}

fn conversation(world: &World) -> Conversation {
    let key = ConversationKey::new(&number(), BSUID);
    world.stored(&key).unwrap()
}

/// Makes a customer without a phone number, who wrote a minute ago.
async fn nameless() -> World {
    let world = World::new();
    world.receive(&says("a", "hello", 0)).await.unwrap();
    world.set_now(at(60));
    world
}

fn note(world: &World, id: &str, words: &str) -> OutboundQueueMessage {
    let now = world.now();
    world.agent_notes(id, words, now)
}

/// Returns the notes without the one that tells of `/phone`.
fn notes(world: &World) -> Vec<String> {
    let notes = world.notes().into_iter();
    notes
        .filter(|note| !note.starts_with("The customer's phone number is not known."))
        .collect()
}

const QUESTION: &str = "To help you, Ana, we would like to know your phone number. Please tap the \
                        button to share it with us. [phone number]";

#[tokio::test]
async fn a_customer_without_a_number_is_asked_once() {
    let world = nameless().await;
    let command = note(&world, "100", "/phone");
    for _ in 0..2 {
        assert_eq!(world.carry_out(&command).await, done(Done::AskedForPhone));
    }
    assert_eq!(world.sent(), [QUESTION]);
    assert_eq!(world.recipients(), [BSUID]);
    let [told] = &notes(&world)[..] else {
        panic!("{:?}", notes(&world))
    };
    assert!(told.starts_with("The customer was asked for the phone number on WhatsApp: To help"));
    let conversation = conversation(&world);
    assert_eq!(conversation.phone_asked_at, Some(at(60)));
    assert_eq!(conversation.awaiting_since, None, "an agent has spoken");
    // The customer's answer shows what it answers.
    let known = world.entry_of(&Wamid::new("wamid.out1")).unwrap().about;
    assert!(known.comment().is_some());
}

#[tokio::test]
async fn the_question_is_in_the_owners_words() {
    let world = nameless().await;
    let own =
        "[number.texts.de]\nphone_question = \"Ihre Nummer?\"\n[number.languages]\nDE = \"de\"\n";
    world.set_settings(own);
    world
        .carry_out(&note(&world, "100", "/phone"))
        .await
        .unwrap();
    assert_eq!(world.sent(), ["Ihre Nummer? [phone number]"]);
}

#[tokio::test]
async fn a_new_customer_without_a_number_is_named_once() {
    let hints = |world: &World| {
        let notes = world.notes().into_iter();
        notes
            .filter(|note| note.contains("says only /phone"))
            .count()
    };
    let world = nameless().await;
    assert_eq!(hints(&world), 1);
    world.receive(&says("a", "hello", 0)).await.unwrap();
    world.receive(&says("b", "hm", 61)).await.unwrap();
    world.delete_request("1");
    let day = 86_400;
    world.set_now(at(day));
    world.receive(&says("c", "hello?", day)).await.unwrap();
    assert_eq!((world.requests(), hints(&world)), (2, 1));
    assert_eq!(hints(&World::waiting().await), 0, "the number is known");
}

#[tokio::test]
async fn the_note_about_the_number_survives_a_crash() {
    let world = World::new();
    world.lose_answer(Call::AddComment, true);
    world.receive(&says("a", "hello", 0)).await.unwrap_err();
    world.set_now(at(120));
    world.lose_answer(Call::AddComment, true);
    drop(world.receive(&says("a", "hello", 0)).await);
    world.set_now(at(400));
    world.receive(&says("a", "hello", 0)).await.unwrap();
    assert_eq!((world.said().len(), world.notes().len()), (1, 1));
}

#[tokio::test]
async fn a_known_number_is_shown_instead() {
    for (field, filled, expected) in [
        ("", None, "(phone_field)"),
        (PHONE_FIELD, None, "It ends in …678. The request shows it."),
        (
            PHONE_FIELD,
            Some("+49 151 1234 5678"),
            "The request shows it.",
        ),
        (
            PHONE_FIELD,
            Some("ask Ben"),
            "has another value, which stays",
        ),
    ] {
        let world = World::waiting().await;
        world.set_settings(field);
        if let Some(filled) = filled {
            world.has_phone("1", filled);
        }
        let command = note(&world, "100", "/phone");
        assert_eq!(world.carry_out(&command).await, done(Done::PhoneNotAsked));
        assert_eq!(
            world.carry_out(&command).await,
            ignored(Ignored::AlreadySent)
        );
        let [told] = &notes(&world)[..] else {
            panic!("{field}")
        };
        assert!(told.starts_with("The customer was not asked: the phone number is known."));
        assert!(told.contains(expected), "{told}");
        assert_eq!(world.sent().len(), 0);
        let writes = usize::from(!field.is_empty() && filled.is_none());
        assert_eq!(world.written_fields().len(), writes, "{filled:?}");
        assert!(
            world.conversation().awaiting_since.is_some(),
            "nobody spoke"
        );
    }
}

const PHONE_FIELD: &str = "phone_field = \"customfield_10050\"\n";

#[tokio::test]
async fn jira_may_refuse_the_known_number() {
    for failure in [None, Some(CallFailure::Unreachable(Side::Jira))] {
        let world = World::waiting().await;
        world.set_settings(PHONE_FIELD);
        world.refuse_field("customfield_10050");
        if let Some(failure) = failure {
            world.refuse(Call::SetFields, failure);
        }
        world
            .carry_out(&note(&world, "100", "/phone"))
            .await
            .unwrap();
        let told = notes(&world).pop().unwrap();
        assert!(told.contains("Jira did not take it"), "{told}");
    }
}

#[tokio::test]
async fn a_closed_window_is_said_and_nothing_is_sent_later() {
    let world = nameless().await;
    world.set_now(at(0) + day(2));
    let command = note(&world, "100", "/phone");
    for outcome in [done(Done::PhoneNotAsked), ignored(Ignored::AlreadySent)] {
        assert_eq!(world.carry_out(&command).await, outcome);
    }
    let [told] = &notes(&world)[..] else {
        panic!("{:?}", notes(&world))
    };
    assert!(told.contains("Please write /phone again when the customer has written."));
    // Jira reports the note once more after the customer has written.
    let later = 2 * 86_400;
    world.receive(&says("b", "yes?", later)).await.unwrap();
    world.set_now(at(later + 5));
    assert_eq!(
        world.carry_out(&command).await,
        ignored(Ignored::AlreadySent)
    );
    assert_eq!(world.sent().len(), 0);
    assert_eq!(conversation(&world).held_count, 0);
    // An agent who edits the note asks again.
    let again = world.edit_comment("100", at(later + 10), |_| ());
    assert_eq!(world.carry_out(&again).await, done(Done::AskedForPhone));
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test]
async fn nobody_can_be_asked_at_an_id_that_meta_refuses() {
    let world = World::new();
    let odd = InboundMessage {
        from: identity(Some("77"), None),
        ..text("a", "hello", at(0))
    };
    world.receive(&odd).await.unwrap();
    let command = note(&world, "100", "/phone");
    assert_eq!(world.carry_out(&command).await, done(Done::PhoneNotAsked));
    let [told] = &world.notes()[..] else {
        panic!("{:?}", world.notes())
    };
    assert!(told.contains("takes no identifier"), "{told}");
}

#[tokio::test]
async fn a_person_may_ask_after_stop_and_a_rule_may_not() {
    let world = nameless().await;
    world.receive(&says("stop", "STOP", 61)).await.unwrap();
    let by_rule = world.comment("100", "/phone", at(62), |comment| {
        comment.public = Some(false);
        comment.account_type = AccountType::App;
    });
    for _ in 0..2 {
        world.carry_out(&by_rule).await.unwrap();
    }
    assert_eq!(world.sent().len(), 0);
    let kept_back = notes(&world).pop().unwrap();
    assert!(
        kept_back.contains("wants no automatic messages"),
        "{kept_back}"
    );
    let command = note(&world, "101", "/phone");
    assert_eq!(world.carry_out(&command).await, done(Done::AskedForPhone));
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test]
async fn a_rules_question_answers_nobody() {
    let world = nameless().await;
    let by_rule = world.comment("100", "/phone", at(62), |comment| {
        comment.public = Some(false);
        comment.account_type = AccountType::App;
    });
    assert_eq!(world.carry_out(&by_rule).await, done(Done::AskedForPhone));
    assert!(conversation(&world).awaiting_since.is_some());
    // The rule writes again because of the note.
    let again = world.comment("101", "/phone", at(63), |comment| {
        comment.public = Some(false);
        comment.account_type = AccountType::App;
    });
    for message in [&again, &by_rule] {
        world.carry_out(message).await.unwrap();
    }
    assert_eq!(world.sent().len(), 1);
    assert_eq!(notes(&world).len(), 1);
}

#[tokio::test]
async fn a_rule_is_told_once_a_day_why_nobody_is_asked() {
    let world = nameless().await;
    world.set_now(at(0) + day(2));
    for id in ["100", "101", "102"] {
        let by_rule = world.comment(id, "/phone", at(0) + day(2), |comment| {
            comment.public = Some(false);
            comment.account_type = AccountType::App;
        });
        assert_eq!(world.carry_out(&by_rule).await, done(Done::PhoneNotAsked));
    }
    assert_eq!(notes(&world).len(), 1);
}

#[tokio::test]
async fn a_command_that_comes_too_late_is_left_alone() {
    let world = nameless().await;
    let command = note(&world, "100", "/phone");
    world.set_now(at(0) + day(100));
    world.receive(&says("b", "hi", 100 * 86_400)).await.unwrap();
    world.carry_out(&command).await.unwrap();
    assert_eq!(world.sent().len(), 0);
    let told = notes(&world).pop().unwrap();
    assert!(told.contains("too late") || told.contains("old"), "{told}");
}

#[tokio::test]
async fn a_lost_report_of_the_command_is_made_up_for_once() {
    let world = nameless().await;
    let found = async || world.reconciliation().run().await.unwrap().found;
    found().await;
    world.set_now(at(120));
    note(&world, "100", "/phone");
    world.set_now(at(600));
    assert_eq!(found().await, 1);
    for message in world.outbound_queue() {
        world.carry_out(&message).await.unwrap();
    }
    world.set_now(at(1200));
    assert_eq!(found().await, 0);
    assert_eq!(world.sent().len(), 1);
}
