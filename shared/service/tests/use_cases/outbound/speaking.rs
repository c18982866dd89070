//! Tests of who speaks for the business.

use casement_core::model::comment::AccountType;
use casement_core::model::identity::CustomerIdentity;

use super::*;
use casement_testkit::rewrite;

const PORTAL: Outcome = Outcome::Ignored(Ignored::PortalCustomer);

fn portal_customer(comment: &mut Comment) {
    comment.author = AccountId::new("qm:1:2");
    comment.account_type = AccountType::Customer;
}

#[tokio::test]
async fn a_portal_customer_does_not_speak_for_the_business() {
    for (words, days) in [
        ("I am his brother", 0),
        ("/cancel", 0),
        ("late", 2),
        ("", 0),
    ] {
        let world = World::waiting().await;
        world.set_now(at(60) + day(days));
        let before = world.conversation();
        let comment = world.comment("100", words, at(60) + day(days), portal_customer);
        for _ in 0..2 {
            assert_eq!(world.carry_out(&comment).await, Ok(PORTAL), "{words}");
        }
        let edited = world.edit_comment("100", at(90) + day(days), |comment| {
            rewrite(comment, "I am his sister");
        });
        assert_eq!(world.carry_out(&edited).await, Ok(PORTAL), "{words}");
        assert!(world.sent().is_empty(), "{words}");
        assert_eq!(world.conversation(), before, "{words}: the customer waits");
        let notes = world.notes();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].starts_with("Not sent to WhatsApp."), "{notes:?}");
    }
}

#[tokio::test]
async fn what_a_portal_customer_may_not_write_is_no_command() {
    let world = World::waiting().await;
    for words in ["/window", "/cancel", "/template order_update", "/coffee"] {
        let comment = world.comment(words, words, at(60), |comment| {
            portal_customer(comment);
            comment.public = Some(false);
        });
        let outcome = world.carry_out(&comment).await;
        assert_eq!(outcome, ignored(Ignored::NotPublic), "{words}");
    }
    assert!(world.notes().is_empty());
}

#[tokio::test]
async fn an_app_speaks_and_an_agent_answers_after_a_portal_customer() {
    let world = World::waiting().await;
    let portal = world.comment("1", "I am his brother", at(60), portal_customer);
    world.carry_out(&portal).await.unwrap();
    let rule = world.comment("2", "We are on it", at(61), |comment| {
        comment.account_type = AccountType::App;
    });
    world.carry_out(&rule).await.unwrap();
    world
        .agent_answers("3", "It ships today", at(62))
        .await
        .unwrap();
    assert_eq!(world.sent(), ["We are on it", "It ships today"]);
    assert_eq!(world.conversation().awaiting_since, None);
}

#[tokio::test]
async fn a_customer_whose_number_is_somebody_elses_cannot_be_answered() {
    for days in [0, 2] {
        let world = World::waiting().await;
        world.set_now(at(60) + day(days));
        let gone = world.conversation();
        world.put(gone.clone().known_as(CustomerIdentity::gone(), at(30)));
        let comment = world.comment("100", "It comes tomorrow", at(60) + day(days), |_| {});
        for _ in 0..2 {
            let outcome = world.carry_out(&comment).await;
            assert_eq!(outcome, done(Done::NothingToSend));
        }
        assert!(world.sent().is_empty());
        let notes = world.notes();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(
            notes[0].contains("belongs to somebody else now"),
            "{notes:?}"
        );
    }
}
