//! Tests of comments by Automation rules and other apps.

use casement_core::model::comment::AccountType;
use casement_testkit::rewrite;

use super::*;

const KEPT_BACK: Outcome = Outcome::Ignored(Ignored::RuleKeptBack);

const SETTINGS: &str = "[[number]]\nphone_number_id = \"1065\"\nservice_desk_id = \"1\"\n\
                        request_type_id = \"10\"\n";

/// Has a rule write a public comment, and carries it out.
async fn rule_writes(world: &World, id: &str, words: &str, at: DateTime<Utc>) -> Outcome {
    let comment = world.comment(id, words, at, by_rule);
    world.carry_out(&comment).await.unwrap()
}

fn by_rule(comment: &mut Comment) {
    comment.author = AccountId::new("automation");
    comment.account_type = AccountType::App;
}

fn kept_back(world: &World) -> Vec<String> {
    let notes = world.notes().into_iter();
    notes
        .filter(|note| note.starts_with("An automatic comment was not sent"))
        .collect()
}

#[tokio::test]
async fn a_notice_goes_out_and_the_customer_still_waits() {
    let world = World::waiting().await;
    let before = world.conversation();
    let comment = world.comment("1", "We got it", at(60), by_rule);
    assert_eq!(world.carry_out(&comment).await, done(Done::Sent));
    let again = world.carry_out(&comment).await;
    assert_eq!(again, ignored(Ignored::AlreadySent));
    assert_eq!(world.sent(), ["We got it"]);
    let after = world.conversation();
    assert_eq!(after.awaiting_since, before.awaiting_since);
    for timer in [Timer::AgentAlert, Timer::KeepOpen] {
        assert_eq!(after.timers.due_at(timer), before.timers.due_at(timer));
    }
    assert_eq!(after.timers.due_at(Timer::DelayNotice), None);
    world.set_now(at(2_000));
    assert_eq!(ring(&world).await, ignored(Ignored::Superseded));
    let asked = world.agent_notes("2", "/window", at(2_000));
    world.carry_out(&asked).await.unwrap();
    let report = world.notes().pop().unwrap();
    for line in [
        "The customer has waited since ",
        "An automatic comment was sent on ",
        "No delay notice was sent this time.",
        "There is no reply yet.",
    ] {
        assert!(report.contains(line), "{line}: {report}");
    }
    world.agent_answers("3", "Here", at(2_100)).await.unwrap();
    let answered = world.conversation();
    assert_eq!(answered.awaiting_since, None);
    assert!(answered.rules.is_empty());
}

#[tokio::test]
async fn the_owner_may_count_it_as_an_answer() {
    let world = World::waiting().await;
    world.set_document(&format!("{SETTINGS}automation_comments = \"answer\"\n"));
    for id in ["1", "2"] {
        let outcome = rule_writes(&world, id, "We got it", at(60)).await;
        assert_eq!(outcome, Outcome::Done(Done::Sent));
    }
    assert_eq!(world.sent().len(), 2);
    assert_eq!(world.conversation().awaiting_since, None);
}

#[tokio::test]
async fn the_same_words_go_out_once_while_the_customer_waits() {
    let world = World::waiting().await;
    rule_writes(&world, "1", "We got it", at(60)).await;
    world.customer_writes("b", "And?", at(70)).await;
    let repeated = world.comment("2", "We got it", at(71), by_rule);
    for outcome in [KEPT_BACK, Outcome::Ignored(Ignored::AlreadySent)] {
        assert_eq!(world.carry_out(&repeated).await, Ok(outcome));
    }
    assert_eq!(world.sent(), ["We got it"]);
    assert_eq!(kept_back(&world), [""; 0], "no note");
    world.agent_answers("3", "Here", at(80)).await.unwrap();
    world.set_now(at(8_000));
    world.customer_writes("c", "Another", at(8_000)).await;
    rule_writes(&world, "4", "We got it", at(8_001)).await;
    assert_eq!(world.sent(), ["We got it", "Here", "We got it"]);
    let edited = world.edit_comment("2", at(8_100), |comment| rewrite(comment, "New words"));
    let outcome = world.carry_out(&edited).await;
    assert_eq!(outcome, ignored(Ignored::AlreadySent), "kept back for good");
    assert!(world.conversation().awaiting_since.is_some());
}

#[tokio::test]
async fn a_rule_in_a_loop_is_stopped_with_one_note() {
    for (more, limit) in [("", 3), ("automation_limit = 5\n", 5)] {
        let world = World::waiting().await;
        world.set_document(&format!("{SETTINGS}{more}"));
        for number in 0..8 {
            let id = format!("r{number}");
            let outcome = rule_writes(&world, &id, &format!("No. {number}"), at(60 + number)).await;
            assert_eq!(outcome == KEPT_BACK, number >= limit, "{number}");
        }
        assert_eq!(i64::try_from(world.sent().len()), Ok(limit));
        let [note] = &kept_back(&world)[..] else {
            panic!("one note")
        };
        assert!(
            note.contains(&format!("written {limit} comments")),
            "{note}"
        );
        world.agent_answers("a", "Here", at(90)).await.unwrap();
        let outcome = rule_writes(&world, "later", "No. 9", at(91)).await;
        assert_eq!(outcome, Outcome::Done(Done::Sent));
    }
}

#[tokio::test]
async fn nothing_automatic_goes_out_after_stop() {
    let world = World::waiting().await;
    world.customer_writes("b", "STOP", at(10)).await;
    for id in ["1", "2", "3"] {
        assert_eq!(rule_writes(&world, id, id, at(60)).await, KEPT_BACK);
    }
    assert!(world.sent().is_empty());
    let [note] = &kept_back(&world)[..] else {
        panic!("one note")
    };
    assert!(note.contains("wants no automatic messages"), "{note}");
    let outcome = world.agent_answers("4", "It ships", at(70)).await;
    assert_eq!(outcome, done(Done::Sent));
    world.customer_writes("c", "START", at(80)).await;
    let outcome = rule_writes(&world, "5", "5", at(81)).await;
    assert_eq!(outcome, Outcome::Done(Done::Sent));
    world.customer_writes("d", "STOP", at(90)).await;
    rule_writes(&world, "6", "6", at(91)).await;
    assert_eq!(kept_back(&world).len(), 2, "another wish, another note");
}

#[tokio::test]
async fn a_notice_is_held_without_ending_the_wait() {
    let late = at(0) + day(2);
    let world = World::waiting().await;
    world.set_now(late);
    let outcome = rule_writes(&world, "1", "It was shipped", late).await;
    assert_eq!(outcome, Outcome::Done(Done::Held));
    assert_eq!(
        rule_writes(&world, "2", "It was shipped", late).await,
        KEPT_BACK
    );
    let held = world.conversation();
    assert_eq!((held.held_count, held.awaiting_since), (1, Some(at(0))));
    let answered = world.agent_answers("3", "Sorry", late).await;
    assert_eq!(answered, done(Done::Held));
    assert_eq!(world.conversation().awaiting_since, None);

    // The agent's answer is withdrawn: only the notice is left, and the customer waits again.
    world.delete_comment("3");
    let gone = OutboundQueueMessage::CommentDeleted(CommentEvent {
        issue_id: IssueId::new("1"),
        comment_id: CommentId::new("3"),
        author: None,
        door: None,
    });
    assert_eq!(world.carry_out(&gone).await, done(Done::Withdrawn));
    let left = world.conversation();
    assert_eq!((left.held_count, left.awaiting_since), (1, Some(at(0))));

    let again = late + Duration::hours(1);
    world.set_now(again);
    world.customer_writes("b", "hello?", again).await;
    for message in world.outbound_queue() {
        world.carry_out(&message).await.unwrap();
    }
    assert_eq!(world.sent(), ["It was shipped"]);
    let released = world.conversation();
    assert_eq!((released.held_count, world.held_count()), (0, 0));
    assert_eq!(
        released.awaiting_since,
        Some(at(0)),
        "still without an answer"
    );
    assert!(released.rules.sent_at.is_some());
}

#[tokio::test]
async fn a_held_notice_does_not_go_out_after_stop() {
    let late = at(0) + day(2);
    let world = World::waiting().await;
    world.set_now(late);
    rule_writes(&world, "1", "It was shipped", late).await;
    let again = late + Duration::hours(1);
    world.set_now(again);
    world.customer_writes("b", "STOP", again).await;
    for message in world.outbound_queue() {
        world.carry_out(&message).await.unwrap();
    }
    assert_eq!(world.held_count(), 0);
    assert_eq!(kept_back(&world).len(), 1);
    let sent = world.sent();
    assert!(!sent.contains(&"It was shipped".to_owned()), "{sent:?}");
}

#[tokio::test]
async fn a_notice_that_broke_off_is_sent_once() {
    for lost in [Call::Send, Call::ReadComment] {
        let world = World::waiting().await;
        let comment = world.comment("1", "We got it", at(60), by_rule);
        world.fail(lost, CallFailure::whatsapp(WhatsappCode(131_056)));
        world.carry_out(&comment).await.unwrap_err();
        assert_eq!(world.carry_out(&comment).await, done(Done::Sent));
        assert_eq!(world.sent(), ["We got it"]);
        assert_eq!(world.conversation().rules.admitted.len(), 1);
    }
}

#[tokio::test]
async fn a_reply_that_was_taken_back_answers_nobody() {
    let late = at(0) + day(2);
    let world = World::waiting().await;
    world.set_now(late);
    let reply = world.agent_writes("1", "Sorry", late);
    world.carry_out(&reply).await.unwrap();
    let cancel = world.agent_notes("2", "/cancel", late);
    world.carry_out(&cancel).await.unwrap();
    world.customer_writes("b", "hello?", late).await;
    let again = world.carry_out(&reply).await;
    assert_eq!(again, ignored(Ignored::AlreadySent));
    assert_eq!(world.conversation().awaiting_since, Some(at(0)));
}

#[tokio::test]
async fn a_notice_that_was_refused_tells_nothing_however_often_it_comes() {
    let world = World::waiting().await;
    let comment = world.comment("1", "We got it", at(60), by_rule);
    world.fail(Call::Send, CallFailure::whatsapp(WhatsappCode(131_026)));
    assert_eq!(world.carry_out(&comment).await, done(Done::Failed));
    let again = world.carry_out(&comment).await;
    assert_eq!(again, ignored(Ignored::AlreadySent));
    let conversation = world.conversation();
    assert!(
        conversation.rules.is_empty(),
        "the same words may be tried again"
    );
    assert_eq!(conversation.notice_state, NoticeState::Armed);
}

#[tokio::test]
async fn a_loop_while_nobody_waits_is_told_as_such() {
    let world = World::waiting().await;
    for number in 0..5 {
        rule_writes(
            &world,
            &format!("w{number}"),
            &number.to_string(),
            at(60 + number),
        )
        .await;
    }
    world.agent_answers("a", "Here", at(70)).await.unwrap();
    for number in 0..5 {
        rule_writes(
            &world,
            &format!("n{number}"),
            &number.to_string(),
            at(80 + number),
        )
        .await;
    }
    let [waiting, idle] = &kept_back(&world)[..] else {
        panic!("{:?}", kept_back(&world))
    };
    assert!(waiting.contains("until somebody does"), "{waiting}");
    assert!(idle.contains("within an hour"), "{idle}");
}

#[tokio::test]
async fn the_rest_of_a_notice_stays_back_after_stop() {
    let world = World::waiting().await;
    let closing = at(0) + day(1) - Duration::minutes(5);
    world.set_now(closing);
    let long = world.comment("1", &"word ".repeat(1_000), closing, by_rule);
    world.pass_next(Call::Send);
    for _ in 0..2 {
        world.fail(
            Call::Send,
            CallFailure::whatsapp(WhatsappCode::WINDOW_CLOSED),
        );
    }
    world.carry_out(&long).await.unwrap_err();
    assert_eq!(world.carry_out(&long).await, done(Done::Held));
    assert_eq!((world.sent().len(), world.held_count()), (1, 1));
    let later = closing + Duration::hours(1);
    world.set_now(later);
    world.customer_writes("b", "STOP", later).await;
    for message in world.outbound_queue() {
        world.carry_out(&message).await.unwrap();
    }
    assert_eq!(world.held_count(), 0);
    assert_eq!(kept_back(&world).len(), 1);
    assert_eq!(
        world
            .sent()
            .iter()
            .filter(|text| text.contains("(2/"))
            .count(),
        0
    );
}
