//! Tests of customers with a new number.

use casement_core::model::identity::{
    Bsuid, IdentityChange, PhoneNumber, PhoneNumberId, Recipient,
};

use super::*;

const FORMER: Identifiers = (Some("DE.1"), Some("4915112345678"));
const NEW: Identifiers = (Some("DE.2"), Some("4915187654321"));

fn change(former: Identifiers, new: Identifiers) -> IdentityChange {
    IdentityChange {
        phone_number_id: number(),
        wamid: Wamid::new("wamid.S"),
        former: identity(former.0, former.1),
        new: identity(new.0, new.1),
        changed_at: at(10),
    }
}

async fn receive(world: &World, id: &str, from: Identifiers) {
    receive_at(world, id, from, 0).await;
}

async fn receive_at(world: &World, id: &str, from: Identifiers, sent: i64) {
    let message = text_from(id, from, at(sent));
    world.receive(&message).await.unwrap();
}

#[tokio::test]
async fn a_conversation_moves_with_its_customer() {
    let to_phone = Recipient::Phone(PhoneNumber::new("4915187654321"));
    let to_bsuid = Recipient::Bsuid(Bsuid::new("DE.2"));
    for (case, before, change, after, recipient) in [
        ("both", FORMER, change(FORMER, NEW), NEW, &to_phone),
        (
            "the number alone",
            (None, FORMER.1),
            change((None, FORMER.1), (None, NEW.1)),
            (None, NEW.1),
            &to_phone,
        ),
        (
            "a new BSUID follows the number",
            FORMER,
            change((None, FORMER.1), (None, NEW.1)),
            NEW,
            &to_phone,
        ),
        (
            "the BSUID alone",
            FORMER,
            change((FORMER.0, None), (NEW.0, None)),
            (NEW.0, None),
            &to_bsuid,
        ),
    ] {
        let world = World::new();
        receive(&world, "a", before).await;
        let window = world.any_conversation().window_expires_at;
        for expected in [
            Outcome::Done(Done::IdentityChanged),
            Outcome::Ignored(Ignored::Duplicate),
        ] {
            let outcome = world.inbound().change_identity(&change).await;
            assert_eq!(outcome, Ok(expected), "{case}");
        }
        let moved = world.any_conversation();
        assert_eq!(
            moved.identity.recipient().as_ref(),
            Some(recipient),
            "{case}"
        );
        assert_eq!(moved.window_expires_at, window, "{case}");
        let notes = world.notes();
        assert_eq!(notes.len(), 1, "{case}: {notes:?}");
        assert!(notes[0].contains("make sure"), "{case}: {notes:?}");
        assert!(!notes[0].contains("4915112345678"), "{case}: {notes:?}");

        receive(&world, "b", after).await;
        assert_eq!(world.said()[1], said("1", "b"), "{case}");
    }
}

#[tokio::test]
async fn a_change_before_the_first_message_opens_nothing_and_is_kept_for_it() {
    for (first, answered_at) in [(FORMER, NEW.1), (NEW, NEW.1), ((FORMER.0, None), NEW.1)] {
        let world = World::new();
        let outcome = world.inbound().change_identity(&change(FORMER, NEW)).await;
        assert_eq!(outcome, done(Done::IdentityKept));
        let kept = world.any_conversation();
        assert_eq!((world.requests(), kept.window_expires_at), (0, None));
        assert_eq!(kept.forget_after(), Some(at(10) + Duration::days(30)));
        receive_at(&world, "a", first, 9).await;
        assert_eq!(world.conversations(), 1, "{first:?}");
        let answered = agent_answers(&world, "1", "101").await;
        assert_eq!(answered.as_deref(), answered_at, "{first:?}");
        // By then the number has another owner.
        receive_at(&world, "b", (None, FORMER.1), 11).await;
        assert_eq!(world.said().last(), Some(&said("2", "b")), "{first:?}");
    }
}

#[tokio::test]
async fn a_change_that_nobody_knew_of_for_too_long_is_left_alone() {
    let world = World::new();
    world.set_now(at(10) + Duration::days(30));
    let outcome = world.inbound().change_identity(&change(FORMER, NEW)).await;
    assert_eq!(outcome, ignored(Ignored::UnknownCustomer));
    assert_eq!(world.conversations(), 0);
}

#[tokio::test]
async fn a_late_message_of_a_former_number_is_answered_where_the_customer_is() {
    // The number led there by an alias: the key is the BSUID.
    let world = World::new();
    receive(&world, "a", FORMER).await;
    let moved = change(FORMER, NEW);
    world.inbound().change_identity(&moved).await.unwrap();
    receive_at(&world, "next", (None, FORMER.1), 60).await;
    for (index, late) in [(None, FORMER.1), FORMER, (FORMER.0, None)]
        .into_iter()
        .enumerate()
    {
        let id = format!("late{index}");
        receive_at(&world, &id, late, 5).await;
        assert_eq!(world.said().last(), Some(&said("1", &id)), "{late:?}");
    }
    let answered = agent_answers(&world, "1", "101").await;
    assert_eq!(answered.as_deref(), NEW.1);
}

#[tokio::test]
async fn a_customer_who_has_written_from_both_keeps_two_conversations() {
    let world = World::new();
    receive(&world, "a", FORMER).await;
    receive(&world, "b", NEW).await;
    let outcome = world.inbound().change_identity(&change(FORMER, NEW)).await;
    assert_eq!(outcome, ignored(Ignored::IdentityConflict));
    receive(&world, "c", NEW).await;
    assert_eq!(world.said()[2], said("2", "c"));
}

#[tokio::test]
async fn the_next_owner_of_the_former_number_is_somebody_else() {
    let world = World::new();
    receive(&world, "a", (None, FORMER.1)).await;
    let change = change((None, FORMER.1), (None, NEW.1));
    world.inbound().change_identity(&change).await.unwrap();
    // Sent before the change, delivered late.
    receive(&world, "b", (None, FORMER.1)).await;
    receive_at(&world, "c", (Some("DE.9"), FORMER.1), 60).await;
    assert_eq!(world.said()[1..], [said("1", "b"), said("2", "c")]);
}

async fn agent_answers(world: &World, request: &str, id: &str) -> Option<String> {
    let before = world.recipients().len();
    world.agent_writes(id, id, at(100));
    let reply = comment_created(request, id);
    world.carry_out(&reply).await.unwrap();
    world.recipients().get(before).cloned()
}

#[tokio::test]
async fn a_former_number_leads_to_nobody_and_then_to_its_next_owner() {
    for (former, next) in [
        ((None, FORMER.1), (None, FORMER.1)),
        ((None, FORMER.1), (Some("DE.9"), FORMER.1)),
        (FORMER, (None, FORMER.1)),
        (FORMER, (Some("DE.9"), FORMER.1)),
    ] {
        let world = World::new();
        receive(&world, "a", former).await;
        let new = (former.0.and(NEW.0), NEW.1);
        let moved = change(former, new);
        world.inbound().change_identity(&moved).await.unwrap();
        receive_at(&world, "b", next, 60).await;
        receive_at(&world, "c", next, 61).await;
        receive_at(&world, "d", new, 62).await;
        let expected = [said("2", "b"), said("2", "c"), said("1", "d")];
        assert_eq!(world.said()[1..], expected, "{former:?} {next:?}");
        assert_eq!(world.requests(), 2);
        let theirs = agent_answers(&world, "2", "201").await;
        assert_eq!(theirs.as_deref(), FORMER.1, "{former:?} {next:?}");
        let own = agent_answers(&world, "1", "101").await;
        assert_eq!(own.as_deref(), NEW.1, "{former:?} {next:?}");
    }
}

#[tokio::test]
async fn a_second_move_takes_nothing_from_the_next_owner() {
    let (a, b, c) = (FORMER.1, NEW.1, Some("4915100000003"));
    let world = World::new();
    receive(&world, "ana", (None, a)).await;
    let moved = change((None, a), (None, b));
    world.inbound().change_identity(&moved).await.unwrap();
    receive_at(&world, "ben", (None, a), 20).await;
    let again = IdentityChange {
        wamid: Wamid::new("wamid.S2"),
        changed_at: at(40),
        ..change((None, b), (None, c))
    };
    world.inbound().change_identity(&again).await.unwrap();
    // Sent before Ana's second move, and delivered after it.
    receive_at(&world, "late", (None, a), 30).await;
    assert_eq!(world.said().last(), Some(&said("2", "late")));
    let answered = agent_answers(&world, "2", "201").await;
    assert_eq!(answered.as_deref(), a);
}

#[tokio::test]
async fn a_template_for_a_former_number_begins_with_its_next_owner() {
    let world = World::new();
    world.set_settings("business_account_id = \"1022\"\nphone_field = \"customfield_10050\"\n");
    world.approve("hello", "en", "Hello");
    receive(&world, "a", (None, FORMER.1)).await;
    let moved = change((None, FORMER.1), (None, NEW.1));
    world.inbound().change_identity(&moved).await.unwrap();
    world.set_now(at(60 * 86_400));
    for (request, phone) in [("7", FORMER.1), ("8", NEW.1), ("9", FORMER.1)] {
        world.has_phone(request, &format!("+{}", phone.unwrap()));
        let now = at(60 * 86_400);
        let id = format!("note{request}");
        world.agent_notes(&id, "/template hello en", now);
        let command = comment_created(request, &id);
        world.carry_out(&command).await.unwrap();
        assert_eq!(world.recipients().last().map(String::as_str), phone);
    }
    assert_eq!(world.conversations(), 2);
    let goes_on: Vec<_> = world
        .notes()
        .into_iter()
        .filter(|note| note.contains("goes on in"))
        .collect();
    assert_eq!(goes_on.len(), 2, "{goes_on:?}");
    receive_at(&world, "b", (None, FORMER.1), 60 * 86_400 + 5).await;
    receive_at(&world, "c", (None, NEW.1), 60 * 86_400 + 6).await;
    assert_eq!(world.said()[1..], [said("9", "b"), said("8", "c")]);
}

#[tokio::test]
async fn who_writes_from_the_new_number_first_is_answered_there_in_both_requests() {
    let world = World::new();
    receive(&world, "a", (None, FORMER.1)).await;
    receive_at(&world, "b", (None, NEW.1), 20).await;
    let moved = change((None, FORMER.1), (None, NEW.1));
    world.inbound().change_identity(&moved).await.unwrap();
    receive_at(&world, "c", (None, FORMER.1), 30).await;
    assert_eq!(world.said()[2], said("3", "c"));
    for (request, id, to) in [
        ("1", "101", NEW.1),
        ("2", "102", NEW.1),
        ("3", "103", FORMER.1),
    ] {
        let answered = agent_answers(&world, request, id).await;
        assert_eq!(answered.as_deref(), to, "{request}");
    }
}

#[tokio::test]
async fn a_held_reply_goes_out_where_the_customer_has_already_written() {
    let world = World::new();
    receive(&world, "a", (None, FORMER.1)).await;
    let late = 2 * 86_400;
    world.set_now(at(late));
    let reply = world.agent_writes("101", "late", at(late));
    let held = world.carry_out(&reply).await;
    assert_eq!(held, done(Done::Held));
    receive_at(&world, "b", (None, NEW.1), late).await;
    let moved = change((None, FORMER.1), (None, NEW.1));
    world.inbound().change_identity(&moved).await.unwrap();
    for message in world.outbound_queue() {
        let outbound = world.outbound();
        outbound
            .carry_out(&message, Attempt::Another)
            .await
            .unwrap();
    }
    assert_eq!(world.sent(), ["late"]);
    assert_eq!(world.recipients(), [NEW.1.unwrap()]);
    assert_eq!(world.held_count(), 0);
}

#[tokio::test]
async fn a_bsuid_at_another_number_is_answered_there() {
    let world = World::new();
    receive(&world, "a", FORMER).await;
    receive_at(&world, "b", (FORMER.0, NEW.1), 20).await;
    // Delivered late, from the former number.
    receive_at(&world, "c", FORMER, 10).await;
    assert_eq!(world.requests(), 1);
    let answered = agent_answers(&world, "1", "101").await;
    assert_eq!(answered.as_deref(), NEW.1);
    receive_at(&world, "d", (None, FORMER.1), 30).await;
    assert_eq!(world.said().last(), Some(&said("2", "d")));
}

#[tokio::test]
async fn a_note_whose_answer_was_lost_is_looked_up_before_it_is_repeated() {
    for written in [true, false] {
        let world = World::new();
        receive(&world, "a", FORMER).await;
        world.lose_answer(Call::AddComment, written);
        let change = change(FORMER, NEW);
        world.inbound().change_identity(&change).await.unwrap_err();
        world.inbound().change_identity(&change).await.unwrap();
        assert_eq!(world.notes().len(), 1, "written: {written}");
    }
}

#[tokio::test]
async fn a_deleted_request_does_not_keep_a_conversation_from_moving() {
    let world = World::new();
    receive(&world, "a", FORMER).await;
    world.delete_request("1");
    let outcome = world.inbound().change_identity(&change(FORMER, NEW)).await;
    assert_eq!(outcome, done(Done::IdentityChanged));
}

#[tokio::test]
async fn a_change_at_an_unknown_number_waits_for_the_settings() {
    let world = World::new();
    for (id, expected) in [
        ("123456123", Ok(Outcome::Ignored(Ignored::OtherNumber))),
        (
            "1066",
            Err(Event::UnknownNumber(PhoneNumberId::new("1066"))),
        ),
    ] {
        let moved = IdentityChange {
            phone_number_id: PhoneNumberId::new(id),
            ..change(FORMER, NEW)
        };
        let ended = world.inbound().change_identity(&moved).await;
        assert_eq!(ended.map_err(|later| later.event), expected, "{id}");
    }
}
