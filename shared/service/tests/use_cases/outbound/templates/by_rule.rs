//! Tests of templates that Automation rules ask for.

use casement_core::model::comment::AccountType;
use casement_core::model::status::{Delivery, TemplateHold};

use super::*;

const KEPT_BACK: Outcome = Outcome::Ignored(Ignored::RuleKeptBack);

fn by_rule(comment: &mut Comment) {
    comment.account_type = AccountType::App;
    comment.public = Some(false);
    comment.jsd_public = Some(false);
}

fn rule_notes(world: &World, id: &str, words: &str) -> OutboundQueueMessage {
    world.comment(id, words, world.now(), by_rule)
}

#[tokio::test]
async fn success_is_quiet_and_the_customer_still_waits() {
    let world = closed().await;
    let command = rule_notes(
        &world,
        "100",
        "/template order_update en_US \"Monday \"9\"\"",
    );
    for _ in 0..2 {
        assert_eq!(world.carry_out(&command).await, done(Done::TemplateSent));
    }
    assert_eq!(world.sent(), ["order_update: It comes on Monday \"9\""]);
    assert_eq!(world.notes(), [""; 0]);
    assert_eq!(world.conversation().awaiting_since, Some(at(0)));
    assert!(world.conversation().rules.sent_at.is_some());
    for delivery in [Delivery::Sent, Delivery::Delivered] {
        let report = StatusReport {
            phone_number_id: Some(number()),
            wamid: Wamid::new("wamid.out1"),
            recipient: None,
            callback: None,
            price: None,
            delivery,
            at: world.now(),
        };
        let recorded = world.statuses().record(&report, Attempt::Another).await;
        assert_eq!(recorded, done(Done::Reported(delivery)));
    }
    assert_eq!(world.shown(), ["100 delivered"]);
}

#[tokio::test]
async fn the_owner_may_count_it_as_an_answer() {
    let world = closed().await;
    world.set_settings(&format!("{ACCOUNT}automation_comments = \"answer\"\n"));
    let command = rule_notes(&world, "100", RIGHT);
    world.carry_out(&command).await.unwrap();
    assert_eq!(world.conversation().awaiting_since, None);
}

#[tokio::test]
async fn a_failure_is_told_once_a_day_for_each_reason() {
    let world = closed().await;
    let empty = "/template order_update en_US \"\"";
    for (id, words, notes) in [
        ("1", empty, 1),
        ("2", empty, 1),
        ("3", "/template order_updat en_US \"x\"", 2),
        ("4", "/template order_update en_US \"open", 3),
        ("5", empty, 3),
    ] {
        let command = rule_notes(&world, id, words);
        let outcome = world.carry_out(&command).await;
        assert_eq!(outcome, done(Done::TemplateRefused), "{words}");
        assert_eq!(world.notes().len(), notes, "{words}: {:?}", world.notes());
    }
    let tomorrow = world.now() + day(1);
    world.set_now(tomorrow);
    let command = rule_notes(&world, "6", empty);
    world.carry_out(&command).await.unwrap();
    assert_eq!(world.notes().len(), 4);
    let refused = CallFailure::whatsapp(WhatsappCode(131_026));
    world.fail(Call::Send, refused);
    let command = rule_notes(&world, "7", RIGHT);
    assert_eq!(world.carry_out(&command).await, done(Done::Failed));
    assert_eq!(world.shown(), ["7 failed"]);
    assert_eq!(world.notes().len(), 5);
    assert_eq!(world.conversation().awaiting_since, Some(at(0)));
}

#[tokio::test]
async fn after_stop_it_is_kept_back_unless_the_owner_says_otherwise() {
    let world = closed().await;
    world.change(|conversation| conversation.opted_out = true);
    for id in ["1", "2"] {
        let command = rule_notes(&world, id, RIGHT);
        assert_eq!(world.carry_out(&command).await, Ok(KEPT_BACK));
    }
    let [note] = &world.notes()[..] else {
        panic!("one note")
    };
    assert!(note.contains("wants no automatic messages"), "{note}");
    let again = comment_created("1", "1");
    let outcome = world.carry_out(&again).await;
    assert_eq!(outcome, ignored(Ignored::AlreadySent), "by the other door");
    assert_eq!((world.notes().len(), world.shown().len()), (1, 0));
    let agents = note_of_agent(&world).await;
    assert_eq!(agents, done(Done::TemplateSent), "agents go on");
    world.set_settings(&format!("{ACCOUNT}automation_after_stop = \"templates\"\n"));
    let command = rule_notes(&world, "4", RIGHT);
    assert_eq!(world.carry_out(&command).await, done(Done::TemplateSent));
    // What was kept back stays so.
    world.change(|conversation| conversation.opted_out = false);
    let again = comment_created("1", "1");
    world.carry_out(&again).await.unwrap();
    assert_eq!(world.sent().len(), 2);
}

async fn note_of_agent(world: &World) -> Result<Outcome, Later> {
    let command = note(world, "3", RIGHT);
    world.carry_out(&command).await
}

#[tokio::test]
async fn a_rule_may_begin_a_conversation() {
    let world = World::new();
    world.set_settings(BEGINS);
    world.approve("order_update", "en_US", "It comes on {{1}}");
    world.has_phone("7", "+49 151 12345678");
    rule_notes(&world, "100", RIGHT);
    let command = comment_created("7", "100");
    assert_eq!(world.carry_out(&command).await, done(Done::TemplateSent));
    assert_eq!(world.sent(), ["order_update: It comes on Monday"]);
    assert_eq!(world.notes(), [""; 0]);
}

#[tokio::test]
async fn a_template_that_was_refused_tells_the_customer_nothing() {
    let world = World::waiting().await;
    world.set_settings(ACCOUNT);
    world.approve("order_update", "en_US", "It comes on {{1}}");
    world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(131_026)));
    let command = rule_notes(&world, "1", RIGHT);
    assert_eq!(world.carry_out(&command).await, done(Done::Failed));
    let conversation = world.conversation();
    assert_eq!(conversation.rules.sent_at, None);
    assert_eq!(conversation.notice_state, NoticeState::Armed);
}

#[tokio::test]
async fn a_template_that_whatsapp_keeps_back_is_told() {
    let world = closed().await;
    world.keep_back(TemplateHold::Paused);
    for id in ["1", "2"] {
        let command = rule_notes(&world, id, RIGHT);
        let outcome = world.carry_out(&command).await;
        assert_eq!(outcome, done(Done::TemplateKeptBack));
    }
    assert_eq!(world.notes().len(), 1, "{:?}", world.notes());
    assert_eq!(world.conversation().rules.sent_at, None);
}

#[tokio::test]
async fn after_stop_a_rule_moves_the_customer_nowhere() {
    let world = World::waiting().await;
    world.set_settings(BEGINS);
    world.approve("order_update", "en_US", "It comes on {{1}}");
    world.change(|conversation| conversation.opted_out = true);
    world.has_phone("7", "+49 151 12345678");
    rule_notes(&world, "100", RIGHT);
    let command = comment_created("7", "100");
    assert_eq!(world.carry_out(&command).await, Ok(KEPT_BACK));
    assert_eq!(world.conversation().issue.unwrap().id, IssueId::new("1"));
    let notes = world.notes();
    assert_eq!(notes.len(), 1, "{notes:?}");
}
