mod beginning;
mod by_rule;
mod joining;

use casement_core::model::attachment::FileForm;
use casement_core::model::identity::BusinessAccountId;
use casement_core::model::status::{StatusReport, TemplateChange};
use casement_core::say::template::Header;

use super::*;
use casement_testkit::number;

const ACCOUNT: &str = "business_account_id = \"1022\"\n";
const BEGINS: &str = "business_account_id = \"1022\"\nphone_field = \"customfield_10050\"\n";

/// Makes a conversation with a closed window, and a template for it.
async fn closed() -> World {
    let world = World::waiting().await;
    world.set_settings(ACCOUNT);
    world.approve("order_update", "en_US", "It comes on {{1}}");
    world.set_now(at(0) + day(2));
    world
}

fn note(world: &World, id: &str, words: &str) -> OutboundQueueMessage {
    let now = world.now();
    world.agent_notes(id, words, now)
}

const RIGHT: &str = "/template order_update en_US \"Monday\"";

#[tokio::test]
async fn a_template_goes_out_once_although_the_window_is_closed() {
    let world = closed().await;
    let command = note(&world, "100", RIGHT);
    for outcome in [Done::TemplateSent, Done::TemplateSent] {
        assert_eq!(world.carry_out(&command).await, Ok(Outcome::Done(outcome)));
    }
    assert_eq!(world.sent(), ["order_update: It comes on Monday"]);
    let [told] = &world.notes()[..] else {
        panic!("{:?}", world.notes())
    };
    assert!(
        told.starts_with("Template sent on WhatsApp: It comes on Monday"),
        "{told}"
    );
    assert!(told.contains("window stays closed"), "{told}");
    assert!(!world.conversation().window_is_open(at(0) + day(2)));
    assert_eq!(world.conversation().awaiting_since, None);
}

#[tokio::test]
async fn a_public_comment_is_no_command() {
    let world = World::waiting().await;
    world.set_settings(ACCOUNT);
    let reply = world.agent_writes("100", RIGHT, at(60));
    let outcome = world.carry_out(&reply).await;
    assert_eq!(outcome, done(Done::CommandInPublic));
    assert!(world.sent().is_empty());
}

#[tokio::test]
async fn mistakes_are_said_and_may_be_corrected() {
    let world = closed().await;
    for (id, words, expected) in [
        ("1", "/template", "the name of the template is missing"),
        (
            "2",
            "/template order_updat en_US",
            "The nearest are: order_update (en_US)",
        ),
        (
            "3",
            "/template order_update de \"x\"",
            "It exists in: en_US",
        ),
        (
            "4",
            "/template order_update en_US",
            "{{1}} in the text is missing",
        ),
    ] {
        let command = note(&world, id, words);
        for _ in 0..2 {
            let outcome = world.carry_out(&command).await;
            assert_eq!(outcome, done(Done::TemplateRefused));
        }
        let notes = world.notes();
        assert!(notes.last().unwrap().contains(expected), "{notes:?}");
    }
    assert_eq!(world.notes().len(), 4, "one note for each mistake");
    assert!(world.notes()[3].contains("/template order_update en_US \"...\""));
    let later = at(30) + day(2);
    let corrected = world.edit_comment("4", later, |comment| {
        casement_testkit::rewrite(comment, RIGHT)
    });
    world.carry_out(&corrected).await.unwrap();
    assert_eq!(world.sent(), ["order_update: It comes on Monday"]);
    let again = world.edit_comment("4", later + Duration::seconds(30), |comment| {
        casement_testkit::rewrite(comment, "/template order_update en_US \"Friday\"");
    });
    assert_eq!(
        world.carry_out(&again).await,
        done(Done::EditedAfterSending)
    );
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test]
async fn a_template_that_was_just_approved_is_found() {
    let world = closed().await;
    world.carry_out(&note(&world, "1", RIGHT)).await.unwrap();
    assert_eq!(world.calls(Call::Templates), 1);
    world.carry_out(&note(&world, "2", RIGHT)).await.unwrap();
    assert_eq!(world.calls(Call::Templates), 1, "the list is kept");
    world.approve("new", "en_US", "New");
    world.set_now(at(1) + day(2));
    world
        .carry_out(&note(&world, "3", "/template new en_US"))
        .await
        .unwrap();
    assert_eq!(world.sent().last().unwrap(), "new: New");
    assert_eq!(world.calls(Call::Templates), 2);
}

#[tokio::test]
async fn metas_word_about_a_template_counts_at_once() {
    let world = closed().await;
    world.carry_out(&note(&world, "1", RIGHT)).await.unwrap();
    world.list_template("order_update", "en_US", "It comes on {{1}}", "PAUSED");
    world.set_now(at(5) + day(2));
    let change = TemplateChange {
        business_account_id: BusinessAccountId::new("1022"),
        name: "order_update".to_owned(),
        language: "en-US".to_owned(),
        event: Some("PAUSED".to_owned()),
        changed_at: Some(at(5) + day(2)),
        category: None,
    };
    let long_ago = TemplateChange {
        changed_at: Some(at(5) + day(1)),
        ..change.clone()
    };
    let foreign = TemplateChange {
        business_account_id: BusinessAccountId::new("1023"),
        ..change.clone()
    };
    for (change, reason) in [
        (&long_ago, Ignored::StaleTemplateChange),
        (&foreign, Ignored::OtherAccount),
    ] {
        let outcome = world.statuses().template_changed(change).await;
        assert_eq!(outcome, Ok(Outcome::Ignored(reason)));
    }
    world.statuses().template_changed(&change).await.unwrap();
    world.set_now(at(6) + day(2));
    world.carry_out(&note(&world, "2", RIGHT)).await.unwrap();
    assert_eq!(world.sent().len(), 1);
    assert!(world.notes().last().unwrap().contains("it is paused"));
}

#[tokio::test]
async fn what_stands_in_the_way_is_waited_for_or_said() {
    let world = closed().await;
    let command = note(&world, "1", RIGHT);
    world.refuse(Call::Templates, CallFailure::Unreachable(Side::Whatsapp));
    world.carry_out(&command).await.unwrap_err();
    world.refuse(Call::Templates, CallFailure::whatsapp(WhatsappCode(190)));
    assert!(world.carry_out(&command).await.unwrap_err().needs_operator);
    world.refuse(Call::Templates, CallFailure::whatsapp(WhatsappCode(200)));
    world.carry_out(&command).await.unwrap();
    assert!(world.notes()[0].contains("whatsapp_business_management"));
    world.allow(Call::Templates);

    let other = note(&world, "2", RIGHT);
    world.lose_answer(Call::Send, false);
    world.carry_out(&other).await.unwrap_err();
    let later = world.carry_out(&other).await.unwrap_err();
    assert_eq!(later.after, Some(GRACE));
    world.set_now(at(0) + day(2) + GRACE);
    world.carry_out(&other).await.unwrap();
    assert_eq!(world.sent().len(), 1);

    let third = note(&world, "3", RIGHT);
    // An intermediary between us and Meta may add a time to retry after.
    let paused = CallFailure::Whatsapp {
        code: WhatsappCode(132_015),
        retry_after: Some(chrono::Duration::seconds(30)),
    };
    world.fail(Call::Send, paused);
    assert_eq!(world.carry_out(&third).await, done(Done::Failed));
    assert_eq!(world.carry_out(&third).await, done(Done::Failed));
    let notes = world.notes();
    assert!(
        notes.last().unwrap().contains("(WhatsApp code 132015)"),
        "{notes:?}"
    );

    world.set_settings("");
    world.carry_out(&note(&world, "4", RIGHT)).await.unwrap();
    assert!(
        world
            .notes()
            .last()
            .unwrap()
            .contains("business_account_id")
    );
}

#[tokio::test]
async fn a_file_fills_the_header() {
    let world = closed().await;
    world.approve("picture", "en", "See");
    world.give_header(Header::File(FileForm::Image));
    world.attach_to_comment("1", "photo.jpg", "image/jpeg", 1000);
    world.attach_to_comment("1", "list.pdf", "application/pdf", 1000);
    for (id, file, expected) in [
        ("1", "photo.jpg", None),
        ("2", "list.pdf", Some("the template wants a picture")),
        (
            "3",
            "none.jpg",
            Some("no attachment of this request has this name"),
        ),
    ] {
        let command = note(&world, id, &format!("/template picture en header={file}"));
        world.carry_out(&command).await.unwrap();
        if let Some(expected) = expected {
            assert!(world.notes().last().unwrap().contains(expected), "{file}");
        }
    }
    assert_eq!(world.sent(), ["picture: [photo.jpg]\nSeemedia-1"]);
    assert_eq!(world.uploaded().len(), 1);
}

#[tokio::test]
async fn a_late_failure_reaches_the_agent() {
    let world = closed().await;
    world.carry_out(&note(&world, "100", RIGHT)).await.unwrap();
    for code in [WhatsappCode(131_026), WhatsappCode::WINDOW_CLOSED] {
        let report = StatusReport {
            phone_number_id: Some(number()),
            wamid: Wamid::new("wamid.out1"),
            recipient: None,
            callback: Some("template:100/0".to_owned()),
            price: None,
            delivery: casement_core::model::status::Delivery::Failed(Some(code)),
            at: at(0) + day(2),
        };
        world
            .statuses()
            .record(&report, Attempt::Another)
            .await
            .unwrap();
    }
    let notes = world.notes();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[1].starts_with("The customer did not get the template."));
    assert_eq!(world.held_count(), 0);
}
