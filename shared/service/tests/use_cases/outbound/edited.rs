use casement_core::model::digest::Digest;

use super::*;
use casement_testkit::rewrite;

/// Makes a comment 100 that was sent.
async fn sent() -> World {
    let world = World::waiting().await;
    world.agent_answers("100", "frist", at(60)).await.unwrap();
    world
}

/// Makes a comment 100 that is held.
async fn held() -> World {
    let world = World::waiting().await;
    world.set_now(at(0) + day(2));
    assert_eq!(
        world.agent_answers("100", "late", at(0) + day(2)).await,
        done(Done::Held)
    );
    world
}

const EDITED: &str = "The customer still sees the earlier text.";
const WITHDRAWN: &str = "A held reply was withdrawn.";

fn notes_that_begin(world: &World, begin: &str) -> usize {
    let notes = world.notes();
    notes.iter().filter(|note| note.starts_with(begin)).count()
}

#[tokio::test]
async fn edits_of_a_sent_reply_are_said_once_and_never_sent() {
    let world = sent().await;
    for (after, words) in [
        (70, "first"),
        (80, "First"),
        (90, &"very long ".repeat(900)),
    ] {
        let edit = world.edit_comment("100", at(after), |comment| rewrite(comment, words));
        assert_eq!(world.carry_out(&edit).await, done(Done::EditedAfterSending));
    }
    // The first webhook comes once more, and the comment has further parts by now.
    let again = comment_created("1", "100");
    world.carry_out(&again).await.unwrap();
    assert_eq!(world.sent(), ["frist"]);
    assert_eq!(notes_that_begin(&world, EDITED), 1, "{:?}", world.notes());
}

#[tokio::test]
async fn a_sent_reply_that_is_made_internal_is_said() {
    for change in [
        (|c| c.public = Some(false)) as fn(&mut Comment),
        |c| c.restricted = true,
        |c| rewrite(c, ""),
    ] {
        let world = sent().await;
        let edit = world.edit_comment("100", at(70), change);
        world.carry_out(&edit).await.unwrap();
        assert_eq!(world.notes().len(), 1, "{:?}", world.notes());
        assert_eq!(notes_that_begin(&world, EDITED), 1, "{:?}", world.notes());
    }
}

#[tokio::test]
async fn an_edit_that_was_sent_along_needs_no_word() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "frist", at(50));
    let edit = world.edit_comment("100", at(55), |comment| rewrite(comment, "first"));
    assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
    assert_eq!(world.carry_out(&edit).await, ignored(Ignored::AlreadySent));
    assert_eq!(world.sent(), ["first"]);
    assert!(world.notes().is_empty());
}

#[tokio::test]
async fn an_edit_between_two_attempts_is_sent_along_too() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "frist", at(60));
    world.fail(Call::Send, CallFailure::Unreachable(Side::Whatsapp));
    world.carry_out(&reply).await.unwrap_err();
    let edit = world.edit_comment("100", at(65), |comment| rewrite(comment, "first"));
    world.carry_out(&reply).await.unwrap();
    world.carry_out(&edit).await.unwrap();
    assert_eq!(world.sent(), ["first"]);
    assert!(world.notes().is_empty(), "{:?}", world.notes());
}

#[tokio::test]
async fn an_internal_note_that_is_made_public_is_sent_once() {
    let world = World::waiting().await;
    let note = world.comment("100", "It ships today", at(60), |c| c.public = Some(false));
    world.carry_out(&note).await.unwrap();
    let edit = world.edit_comment("100", at(70), |comment| comment.public = Some(true));
    assert_eq!(world.carry_out(&edit).await, done(Done::Sent));
    world.carry_out(&edit).await.unwrap();
    assert_eq!(world.sent(), ["It ships today"]);
    assert!(world.notes().is_empty());
}

#[tokio::test]
async fn a_held_reply_that_is_made_internal_is_withdrawn_until_it_is_public_again() {
    let world = held().await;
    let later = |seconds| at(seconds) + day(2);
    let edit = world.edit_comment("100", later(10), |comment| comment.public = Some(false));
    assert_eq!(world.carry_out(&edit).await, done(Done::Withdrawn));
    assert_eq!(world.carry_out(&edit).await, ignored(Ignored::NotPublic));
    assert_eq!(
        (world.held_count(), world.conversation().held_count),
        (0, 0)
    );
    assert_eq!(notes_that_begin(&world, WITHDRAWN), 1);
    let edit = world.edit_comment("100", later(20), |comment| comment.public = Some(true));
    assert_eq!(world.carry_out(&edit).await, done(Done::Held));
    assert_eq!(world.conversation().held_count, 1);
}

#[tokio::test]
async fn a_release_sends_nothing_more_of_a_reply_that_was_partly_sent_and_then_edited() {
    let world = held().await;
    let sent = SentMessage {
        read: Some(CommentVersion {
            updated: at(0) + day(2),
            digest: Digest::of("100", []),
        }),
        ..SentMessage::new(&key(), &IssueId::new("1"))
    };
    let first = OutboundKey::comment(&CommentId::new("100"), 0);
    world.put_entry(&first, &LedgerEntry::claimed(sent, at(0)).settled());
    world.edit_comment("100", at(10) + day(2), |comment| {
        rewrite(comment, &"very long ".repeat(900));
    });
    world.customer_writes("b", "hello?", at(20) + day(2)).await;
    world.carry_out(&world.outbound_queue()[0]).await.unwrap();
    assert!(world.sent().is_empty(), "{:?}", world.sent());
    assert_eq!(world.conversation().held_count, 0);
    assert_eq!(notes_that_begin(&world, EDITED), 1);
}

#[tokio::test]
async fn after_a_lost_answer_a_reply_made_internal_waits_for_the_proof() {
    let world = World::waiting().await;
    let reply = world.agent_writes("100", "hi", at(60));
    world.lose_answer(Call::Send, true);
    world.carry_out(&reply).await.unwrap_err();
    let edit = world.edit_comment("100", at(70), |comment| comment.public = Some(false));
    for message in [&reply, &edit] {
        let later = world.carry_out(message).await.unwrap_err();
        assert_eq!(later.after, Some(GRACE));
    }
    let key = OutboundKey::comment(&CommentId::new("100"), 0);
    let proven = world.entry_of(&key).unwrap().settled();
    world.put_entry(&key, &proven);
    world.carry_out(&edit).await.unwrap();
    assert_eq!(notes_that_begin(&world, EDITED), 1);
    assert_eq!(world.sent(), ["hi"]);
}

#[tokio::test]
async fn what_the_ledger_may_have_forgotten_is_not_sent_on_an_edit() {
    let world = World::waiting().await;
    world.agent_writes("100", "ages ago", at(60));
    let now = at(60) + day(90);
    world.set_now(now);
    world.customer_writes("b", "me again", now).await;
    let edit = world.edit_comment("100", now, |comment| rewrite(comment, "ages ago!"));
    for _ in 0..2 {
        assert_eq!(world.carry_out(&edit).await, done(Done::EditedTooLate));
    }
    assert!(world.sent().is_empty());
    assert_eq!(world.notes().len(), 1);
}
