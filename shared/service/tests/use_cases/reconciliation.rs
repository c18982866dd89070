use casement_core::model::comment::AccountType;
use casement_core::model::fate::{Absence, CallFailure, Side};
use casement_core::model::identity::AccountId;
use casement_core::model::queue::OutboundQueueMessage;
use chrono::Duration;

use casement_core::model::identity::IssueId;
use casement_service::Reconciled;
use casement_service::ports::Links;
use casement_testkit::{Call, OWN, World, at, key, rewrite};

/// The pages that one run reads.
const PAGES: usize = 10;

/// Makes a world in which a customer has written, and Jira was searched once at second 0.
async fn world() -> World {
    let world = World::new();
    world.customer_writes("1", "My order is late", at(0)).await;
    let nothing = world.reconciliation().run().await.unwrap();
    assert_eq!(nothing, Reconciled::default());
    assert_eq!(world.calls(Call::Search), 0, "the first run sets a mark");
    world
}

async fn found_at(world: &World, seconds: i64) -> usize {
    world.set_now(at(seconds));
    world.reconciliation().run().await.unwrap().found
}

async fn deliver_all(world: &World) {
    for message in world.outbound_queue() {
        world.carry_out(&message).await.unwrap();
    }
}

#[tokio::test]
async fn a_comment_whose_webhook_was_lost_is_sent_once() {
    let world = world().await;
    let _lost = world.agent_writes("1", "It arrives tomorrow", at(60));
    assert_eq!(found_at(&world, 299).await, 0, "not every minute");
    assert_eq!(world.calls(Call::Search), 0);
    assert_eq!(found_at(&world, 300).await, 1);
    deliver_all(&world).await;
    assert_eq!(world.sent(), ["It arrives tomorrow"]);
    // The comment is within the overlap.
    assert_eq!(found_at(&world, 600).await, 0);
    assert_eq!(found_at(&world, 900).await, 0);
    deliver_all(&world).await;
    assert_eq!(world.sent().len(), 1);
    assert_eq!(world.calls(Call::Search), 3);
}

#[tokio::test]
async fn what_is_known_is_left_alone() {
    let world = world().await;
    world
        .agent_answers("1", "It arrives tomorrow", at(60))
        .await
        .unwrap();
    world.comment("2", "between us", at(61), |c| c.jsd_public = Some(false));
    world.comment("3", "for admins", at(61), |c| c.restricted = true);
    world.comment("4", "by us", at(61), |c| c.written_by_us = true);
    world.comment("5", "by us", at(61), |c| c.author = AccountId::new(OWN));
    assert_eq!(found_at(&world, 300).await, 0);
}

#[tokio::test]
async fn a_held_reply_is_known() {
    let world = world().await;
    let late = world.agent_writes("1", "At last", at(90_000));
    world.set_now(at(90_000));
    world.carry_out(&late).await.unwrap();
    assert_eq!(world.held_count(), 1);
    assert_eq!(found_at(&world, 90_060).await, 0);
}

#[tokio::test]
async fn an_edit_that_was_missed_is_told() {
    let world = world().await;
    world
        .agent_answers("1", "It arrives tomorow", at(60))
        .await
        .unwrap();
    let _lost = world.edit_comment("1", at(120), |c| {
        rewrite(c, "It arrives tomorrow");
    });
    assert_eq!(found_at(&world, 300).await, 1);
    assert!(matches!(
        &world.outbound_queue()[..],
        [OutboundQueueMessage::CommentEdited(_)]
    ));
    deliver_all(&world).await;
    let notes = world.notes();
    assert!(notes.concat().contains("still sees the earlier text"));
}

#[tokio::test]
async fn a_failure_leaves_the_cursor() {
    let world = world().await;
    let _lost = world.agent_writes("1", "It arrives tomorrow", at(60));
    world.refuse(Call::Search, CallFailure::Unreachable(Side::Jira));
    world.set_now(at(90_000));
    assert!(world.reconciliation().run().await.is_err());
    world.allow(Call::Search);
    assert_eq!(found_at(&world, 90_060).await, 1);
}

#[tokio::test]
async fn an_issue_that_cannot_be_read_holds_up_nothing() {
    let world = world().await;
    let _lost = world.agent_writes("1", "It arrives tomorrow", at(60));
    world.update_issue("2", at(70));
    world.delete_request("2");
    let unreadable = IssueId::new("2");
    world.link_issue(&unreadable, &key()).await.unwrap();
    assert_eq!(found_at(&world, 300).await, 1);
}

#[tokio::test]
async fn more_than_one_run_takes_is_found_by_the_next() {
    let world = world().await;
    for seconds in (0..).take(PAGES) {
        world.update_issue(&format!("foreign-{seconds}"), at(seconds));
    }
    let _lost = world.agent_writes("1", "It arrives tomorrow", at(200));
    world.set_now(at(300));
    let first = world.reconciliation().run().await.unwrap();
    assert_eq!((first.found, first.unfinished), (0, true));
    world.set_now(at(300) + Duration::minutes(5));
    let second = world.reconciliation().run().await.unwrap();
    assert_eq!((second.found, second.unfinished), (1, false));
}

#[tokio::test]
async fn an_issue_that_jira_does_not_show_for_now_is_looked_at_again() {
    for absence in [Absence::Hidden, Absence::Unclear] {
        let world = world().await;
        let _lost = world.agent_writes("1", "It arrives tomorrow", at(60));
        world.hide_request("1", absence);
        for now in [300, 900, 6 * 3_600] {
            assert_eq!(found_at(&world, now).await, 0);
        }
        world.show_requests();
        assert_eq!(found_at(&world, 6 * 3_600 + 300).await, 1, "{absence}");
        deliver_all(&world).await;
        assert_eq!(world.sent(), ["It arrives tomorrow"]);
    }
}

/// Writes an internal note whose webhook is lost.
fn noted(world: &World, id: &str, words: &str, seconds: i64) {
    let _lost = world.agent_notes(id, words, at(seconds));
}

#[tokio::test]
async fn a_command_whose_webhook_was_lost_is_carried_out_once() {
    let world = world().await;
    world.set_settings("business_account_id = \"1022\"\n");
    world.approve("order_update", "en_US", "It comes on {{1}}");
    noted(&world, "1", "/template order_update en_US \"Monday\"", 60);
    noted(&world, "2", "/window", 61);
    noted(&world, "3", "/cancel", 62);
    noted(&world, "4", "/windw", 63);
    noted(&world, "5", "/template order_update en_US", 64);
    noted(&world, "6", "between us", 65);
    assert_eq!(found_at(&world, 300).await, 5);
    deliver_all(&world).await;
    assert_eq!(world.sent(), ["order_update: It comes on Monday"]);
    assert_eq!(world.notes().len(), 5, "{:?}", world.notes());
    assert_eq!(found_at(&world, 600).await, 0, "the ledger knows them");
    let _lost = world.edit_comment("5", at(700), |comment| {
        rewrite(comment, "/template order_update en_US \"Friday\"");
    });
    assert_eq!(found_at(&world, 900).await, 1, "a correction");
}

#[tokio::test]
async fn whoever_may_give_no_command_is_not_found() {
    let world = world().await;
    world.comment("1", "/window", at(60), |comment| {
        comment.jsd_public = Some(false);
        comment.account_type = AccountType::Customer;
    });
    world.comment("2", "/window", at(60), |comment| {
        comment.jsd_public = Some(false);
        comment.written_by_us = true;
    });
    assert_eq!(found_at(&world, 300).await, 0);
}

#[tokio::test]
async fn a_template_that_begins_a_conversation_is_found_where_there_is_a_phone_number() {
    let world = world().await;
    world.set_settings("business_account_id = \"1022\"\nphone_field = \"customfield_10050\"\n");
    let elsewhere = IssueId::new("7");
    world.comment_on(&elsewhere, "1", "/template order_update", at(60), |note| {
        note.jsd_public = Some(false);
    });
    world.comment_on(&elsewhere, "2", "/window", at(61), |note| {
        note.jsd_public = Some(false);
    });
    assert_eq!(found_at(&world, 300).await, 0, "nobody to send it to");
    world.update_issue_with_phone("7", at(62));
    assert_eq!(found_at(&world, 600).await, 1, "the template alone");
}
