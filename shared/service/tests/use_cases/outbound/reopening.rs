use super::*;

const SETTINGS: &str = "business_account_id = \"1022\"\n[number.reopening_template]\nname = \"answer_waiting\"\nlanguage = \"en_US\"\n";

const TEMPLATE: &str = "answer_waiting: We have an answer";

/// Makes a conversation whose window is closed.
async fn closed() -> World {
    let world = World::waiting().await;
    world.set_settings(SETTINGS);
    world.approve("answer_waiting", "en_US", "We have an answer");
    world.set_now(at(0) + day(2));
    world
}

async fn held(world: &World, id: &str) {
    let now = world.now();
    assert_eq!(world.agent_answers(id, id, now).await, done(Done::Held));
}

#[tokio::test]
async fn held_replies_are_announced_once_in_each_closed_period() {
    let world = closed().await;
    held(&world, "100").await;
    held(&world, "101").await;
    assert_eq!(world.sent(), [TEMPLATE]);
    let announced = |note: &&String| note.starts_with("The customer was told on WhatsApp");
    assert_eq!(world.notes().iter().filter(announced).count(), 1);

    world.customer_writes("b", "Show it", at(0) + day(2)).await;
    let release = world.outbound_queue().remove(0);
    world.carry_out(&release).await.unwrap();
    assert_eq!(world.sent(), [TEMPLATE, "100", "101"]);
    world.set_now(at(0) + day(4));
    held(&world, "102").await;
    assert_eq!(world.sent()[3..], [TEMPLATE]);
}

#[tokio::test]
async fn no_announcement_is_sent_where_none_is_wanted() {
    let world = closed().await;
    world.set_settings("business_account_id = \"1022\"\n");
    held(&world, "100").await;
    assert!(world.sent().is_empty());
    assert_eq!(world.calls(Call::Templates), 0);

    let world = closed().await;
    world.change(|conversation| conversation.opted_out = true);
    held(&world, "100").await;
    assert!(world.sent().is_empty());
}

#[tokio::test]
async fn a_failure_is_said_and_the_reply_is_still_held() {
    for (fails, expected) in [
        (
            (|world| world.list_template("answer_waiting", "en_US", "x", "PAUSED")) as fn(&World),
            "it is paused",
        ),
        (
            |world| world.list_template("answer_waiting", "en_US", "{{1}}", "APPROVED"),
            "nothing to fill in",
        ),
        (
            |world| world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(190))),
            "code 190",
        ),
        (
            |world| world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(132_001))),
            "code 132001",
        ),
    ] {
        let world = closed().await;
        fails(&world);
        held(&world, "100").await;
        assert_eq!(
            (world.held_count(), world.sent().len()),
            (1, 0),
            "{expected}"
        );
        let notes = world.notes();
        assert!(notes[0].starts_with("Not sent yet"), "{notes:?}");
        assert!(notes[1].contains(expected), "{notes:?}");
        assert!(notes[1].contains("still held"), "{notes:?}");
    }
}

#[tokio::test]
async fn what_has_no_usable_answer_is_tried_again_for_some_minutes() {
    let world = closed().await;
    world.fail(Call::Send, CallFailure::Unreachable(Side::Whatsapp));
    let reply = world.agent_writes("100", "100", at(0) + day(2));
    assert!(world.carry_out(&reply).await.is_err());
    assert_eq!((world.held_count(), world.sent().len()), (1, 0));
    assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    assert_eq!(
        (world.held_count(), world.sent()),
        (1, vec![TEMPLATE.to_owned()])
    );

    // The retries do not last for hours: the release of held replies would wait behind them.
    let world = closed().await;
    world.refuse(Call::Templates, CallFailure::Unreachable(Side::Whatsapp));
    let reply = world.agent_writes("100", "100", at(0) + day(2));
    assert!(world.carry_out(&reply).await.is_err());
    world.set_now(at(0) + day(2) + Duration::minutes(11));
    assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    let notes = world.notes();
    assert!(notes[1].contains("no connection to WhatsApp"), "{notes:?}");
    // The next reply tries again.
    world.allow(Call::Templates);
    held(&world, "101").await;
    assert_eq!(world.sent(), [TEMPLATE]);
}

#[tokio::test]
async fn after_a_lost_answer_nobody_says_that_the_customer_does_not_know() {
    let world = closed().await;
    world.lose_answer(Call::Send, true);
    let reply = world.agent_writes("100", "100", at(0) + day(2));
    assert!(world.carry_out(&reply).await.is_err());
    let conversation = world.conversation();
    let announcement = OutboundKey::reopening(&conversation.key, conversation.closed_period());
    let report = casement_core::model::status::StatusReport {
        phone_number_id: Some(casement_testkit::number()),
        wamid: Wamid::new("wamid.out1"),
        recipient: None,
        callback: Some(announcement.to_string()),
        price: None,
        delivery: casement_core::model::status::Delivery::Delivered,
        at: at(0) + day(2),
    };
    world
        .statuses()
        .record(&report, Attempt::Another)
        .await
        .unwrap();
    assert_eq!(world.carry_out(&reply).await, done(Done::Held));
    assert_eq!(world.sent(), [TEMPLATE]);
    let notes = world.notes();
    assert!(notes[1].starts_with("The customer was told"), "{notes:?}");
}

#[tokio::test]
async fn a_reply_that_meta_gave_back_is_announced_by_the_sender() {
    let world = World::waiting().await;
    world.set_settings(SETTINGS);
    world.approve("answer_waiting", "en_US", "We have an answer");
    world.agent_answers("100", "hi", at(60)).await.unwrap();
    let report = casement_core::model::status::StatusReport {
        phone_number_id: Some(casement_testkit::number()),
        wamid: Wamid::new("wamid.out1"),
        recipient: None,
        callback: Some("comment:100/0".to_owned()),
        price: None,
        delivery: casement_core::model::status::Delivery::Failed(Some(WhatsappCode::WINDOW_CLOSED)),
        at: at(61),
    };
    world
        .statuses()
        .record(&report, Attempt::Another)
        .await
        .unwrap();
    let announce = world.outbound_queue().remove(0);
    for outcome in [
        Outcome::Done(Done::Announced),
        Outcome::Ignored(Ignored::Announced),
    ] {
        assert_eq!(world.carry_out(&announce).await, Ok(outcome));
    }
    assert_eq!(world.sent(), ["hi", TEMPLATE]);
}
