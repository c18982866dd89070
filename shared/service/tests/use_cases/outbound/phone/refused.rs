//! Questions that WhatsApp refuses or leaves open, and edits of the command.

use super::*;

#[tokio::test]
async fn a_lost_answer_is_not_asked_twice() {
    let world = nameless().await;
    let command = note(&world, "100", "/phone");
    world.lose_answer(Call::Send, true);
    world.carry_out(&command).await.unwrap_err();
    let later = world.carry_out(&command).await.unwrap_err();
    assert_eq!(later.after, Some(GRACE));
    let report = StatusReport {
        phone_number_id: Some(number()),
        wamid: Wamid::new("wamid.out1"),
        recipient: None,
        callback: Some("phone:100/0".to_owned()),
        delivery: Delivery::Delivered,
        price: None,
        at: at(61),
    };
    let statuses = world.statuses();
    statuses.record(&report, Attempt::Another).await.unwrap();
    assert_eq!(world.carry_out(&command).await, done(Done::AskedForPhone));
    assert_eq!(world.sent(), [QUESTION]);
    assert_eq!(notes(&world).len(), 1);
}

#[tokio::test]
async fn what_whatsapp_refuses_is_said() {
    for (code, expected) in [
        (131_062, "Please ask for the number in a public comment."),
        (131_051, "Please ask for the number in a public comment."),
        (131_026, "(WhatsApp code 131026)"),
        (131_047, "More than 24 hours"),
    ] {
        let world = nameless().await;
        let command = note(&world, "100", "/phone");
        world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(code)));
        for _ in 0..2 {
            assert_eq!(world.carry_out(&command).await, done(Done::Failed));
        }
        let [told] = &notes(&world)[..] else {
            panic!("{:?}", notes(&world))
        };
        let heading = "The customer did not get the question for the phone number.";
        assert!(
            told.starts_with(heading) && told.contains(expected),
            "{told}"
        );
        let conversation = conversation(&world);
        assert_eq!(conversation.window_is_open(at(61)), code != 131_047);
        assert!(conversation.awaiting_since.is_some(), "{code}");
        assert_eq!(world.sent().len(), 0);
    }
}

#[tokio::test]
async fn what_whatsapp_refuses_later_is_said_and_not_repeated() {
    for code in [131_026, 131_047] {
        let world = nameless().await;
        let command = note(&world, "100", "/phone");
        world.carry_out(&command).await.unwrap();
        let report = StatusReport {
            phone_number_id: Some(number()),
            wamid: Wamid::new("wamid.out1"),
            recipient: None,
            callback: None,
            delivery: Delivery::Failed(Some(WhatsappCode(code))),
            price: None,
            at: at(61),
        };
        for _ in 0..2 {
            let statuses = world.statuses();
            statuses.record(&report, Attempt::Another).await.unwrap();
        }
        world.carry_out(&command).await.unwrap();
        let told = notes(&world);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[1].starts_with("The customer did not get the question"));
        assert_eq!(world.sent().len(), 1);
        let conversation = conversation(&world);
        assert_eq!(conversation.window_is_open(at(62)), code != 131_047);
    }
}

#[tokio::test]
async fn an_edit_after_the_question_is_not_carried_out() {
    let world = nameless().await;
    let command = note(&world, "100", "/phone");
    world.carry_out(&command).await.unwrap();
    let saved = world.edit_comment("100", at(70), |_| ());
    assert_eq!(world.carry_out(&saved).await, done(Done::AskedForPhone));
    let edited = world.edit_comment("100", at(80), |comment| rewrite(comment, "/phone!"));
    for _ in 0..2 {
        world.carry_out(&edited).await.unwrap();
    }
    assert_eq!(world.sent().len(), 1);
    let told = notes(&world);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].starts_with("The change was not carried out."));
}

#[tokio::test]
async fn a_corrected_command_is_carried_out() {
    let world = nameless().await;
    world
        .carry_out(&note(&world, "100", "/phon"))
        .await
        .unwrap();
    let edited = world.edit_comment("100", at(80), |comment| rewrite(comment, "/phone"));
    assert_eq!(world.carry_out(&edited).await, done(Done::AskedForPhone));
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test]
async fn a_number_that_comes_in_between_ends_the_question() {
    let world = nameless().await;
    let command = note(&world, "100", "/phone");
    world.lose_answer(Call::Send, false);
    world.carry_out(&command).await.unwrap_err();
    let with_number = InboundMessage {
        from: identity(Some(BSUID), Some("4915112345678")),
        ..text("b", "my number shows now", at(61))
    };
    world.receive(&with_number).await.unwrap();
    world.set_now(at(60) + GRACE);
    assert_eq!(world.carry_out(&command).await, done(Done::PhoneNotAsked));
    assert_eq!(world.sent().len(), 0);
    let known = conversation(&world).identity;
    assert_eq!(known.phone(), Some(&PhoneNumber::new("4915112345678")));
}
