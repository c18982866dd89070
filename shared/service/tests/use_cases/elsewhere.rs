//! Tests of conversations that another sender holds, and of calls.

use casement_core::model::comment::AccountType;
use casement_core::model::content::{Call as Phone, Handover, InboundContent, InboundMessage, Via};
use casement_core::model::conversation::{Holder, NoticeState};
use casement_core::model::identity::{CommentId, Wamid};
use casement_core::model::ledger::OutboundKey;
use casement_core::model::queue::OutboundQueueMessage;
use casement_core::model::sighting::Sighting;
use casement_core::model::timer::Timer;
use casement_service::ports::{Clock, Sightings};
use casement_service::{Done, Ignored, Outcome};
use casement_testkit::{Call, World, at, identity, text};
use chrono::{DateTime, Utc};

use crate::outbound::notice::ring;
use crate::{done, ignored};

const OURS: &str = "The customer writes to you again.";
const THEIRS: &str = "Another sender, such as Meta's agent, answers the customer.";
const TAKEN: &str = "Your reply takes the conversation over.";

/// A message that is not to us.
fn elsewhere(id: &str, via: Via, sent_at: DateTime<Utc>) -> InboundMessage {
    InboundMessage {
        via,
        ..text(id, id, sent_at)
    }
}

fn handover(to: Holder, at: DateTime<Utc>) -> InboundMessage {
    let summary = Some("Asks for an order".to_owned().into());
    InboundMessage {
        wamid: Wamid::new(format!("handover:{}", at.timestamp())),
        content: InboundContent::Handover(Handover { to, summary }),
        ..text("", "", at)
    }
}

fn call(id: &str, call: Phone, at: DateTime<Utc>) -> InboundMessage {
    InboundMessage {
        wamid: Wamid::new(format!("wacid.{id}")),
        content: InboundContent::Call(call),
        ..text("", "", at)
    }
}

fn count(world: &World, words: &str) -> usize {
    let notes = world.notes().into_iter();
    notes.filter(|note| note.contains(words)).count()
}

#[tokio::test]
async fn both_sides_are_internal_comments_and_the_change_is_told_once() {
    let world = World::waiting().await;
    for (id, via, at) in [
        ("to the agent", Via::Standby, at(10)),
        ("by the agent", Via::AgentEcho, at(12)),
        ("to the agent again", Via::Standby, at(20)),
        ("by the app", Via::AppEcho, at(30)),
    ] {
        let message = elsewhere(id, via, at);
        assert_eq!(world.receive(&message).await, done(Done::Received));
        assert_eq!(world.receive(&message).await, ignored(Ignored::Duplicate));
    }
    assert_eq!(world.said().len(), 1, "customers see none of it");
    for shown in [
        "[The customer writes to Meta's agent:]\n\nto the agent",
        "[Meta's agent answered:]\n\nby the agent",
        "[The customer writes to Meta's agent:]\n\nto the agent again",
        "[Answered in the WhatsApp Business app:]\n\nby the app",
    ] {
        assert!(
            world.notes().iter().any(|note| note == shown),
            "{:?}",
            world.notes()
        );
    }
    assert_eq!(count(&world, THEIRS), 1);
    assert_eq!(world.receipts().len(), 1, "of the message to us alone");
    let seen = world.last_seen(Sighting::AnotherSender).await.unwrap();
    assert_eq!(seen, Some(world.now()));
    world.customer_writes("b", "to us", at(50)).await;
    assert_eq!(count(&world, OURS), 1);
}

#[tokio::test]
async fn nothing_goes_out_by_itself_while_another_sender_holds_the_conversation() {
    let world = World::waiting().await;
    let due = world.delay_queue().remove(0).0;
    world
        .receive(&elsewhere("b", Via::Standby, at(70)))
        .await
        .unwrap();
    assert_eq!(world.conversation().notice_state, NoticeState::Skipped);
    assert_eq!(world.conversation().timers.due_at(Timer::KeepOpen), None);
    world.set_now(at(700));
    assert_eq!(ring(&world).await, ignored(Ignored::Superseded), "{due:?}");
    let stop = InboundMessage {
        via: Via::Standby,
        ..text("c", "STOP", at(710))
    };
    world.receive(&stop).await.unwrap();
    for message in world.take_outbound() {
        assert_eq!(world.carry_out(&message).await, done(Done::OptOutNoted));
    }
    assert!(world.conversation().opted_out);
    let again = InboundMessage {
        via: Via::Standby,
        ..text("d", "START", at(720))
    };
    world.receive(&again).await.unwrap();
    assert_eq!(world.take_outbound().len(), 1);
    let rule = world.comment("1", "We got it", at(730), |comment| {
        comment.account_type = AccountType::App;
    });
    assert_eq!(world.carry_out(&rule).await, ignored(Ignored::RuleKeptBack));
    assert_eq!(count(&world, "the comment would take it over"), 1);
    assert_eq!(world.sent(), [""; 0]);
}

#[tokio::test]
async fn a_notice_that_is_due_is_not_sent_when_somebody_has_answered_elsewhere() {
    for via in [Via::AgentEcho, Via::AppEcho, Via::OtherEcho] {
        let world = World::waiting().await;
        world.set_now(at(600));
        ring(&world).await.unwrap();
        let notice = world.take_outbound().remove(0);
        let echo = elsewhere("b", via, at(600));
        world.receive(&echo).await.unwrap();
        assert_eq!(world.carry_out(&notice).await, ignored(Ignored::Answered));
        assert_eq!(world.sent(), [""; 0]);
        let asked = world.agent_notes("1", "/window", at(610));
        world.carry_out(&asked).await.unwrap();
        assert_eq!(count(&world, "Nobody waits for an answer."), 1);
        assert_eq!(count(&world, "Answered elsewhere on "), 1);
    }
}

#[tokio::test]
async fn a_reply_takes_the_conversation_over_with_one_note() {
    let world = World::waiting().await;
    world.set_settings("typing_indicator = true\n");
    world
        .receive(&elsewhere("b", Via::Standby, at(70)))
        .await
        .unwrap();
    world.set_now(at(80));
    let asked = world.agent_notes("0", "/window", at(80));
    world.carry_out(&asked).await.unwrap();
    assert_eq!(count(&world, "has held the conversation since "), 1);
    let receipts = world.receipts().len();
    let reply = world.agent_writes("1", "I take over", at(81));
    assert_eq!(world.carry_out(&reply).await, done(Done::Sent));
    assert_eq!(world.receipts().len(), receipts, "no typing mark before");
    assert_eq!(world.carry_out(&reply).await, ignored(Ignored::AlreadySent));
    world
        .agent_answers("2", "Here it is", at(82))
        .await
        .unwrap();
    assert_eq!(world.sent(), ["I take over", "Here it is"]);
    assert_eq!(count(&world, TAKEN), 1);
    assert!(!world.conversation().is_held_by_another(at(83)));
    assert_eq!(world.receipts().len(), receipts + 1, "one after it");
    world.customer_writes("c", "Thanks", at(90)).await;
    assert_eq!(count(&world, OURS), 0, "the reply has told it");
}

#[tokio::test]
async fn asking_for_the_number_takes_the_conversation_over_unless_a_rule_asks() {
    let world = World::new();
    let hidden = |id, via, at| InboundMessage {
        from: identity(Some("DE.1"), None),
        ..elsewhere(id, via, at)
    };
    world
        .receive(&hidden("a", Via::Direct, at(0)))
        .await
        .unwrap();
    world
        .receive(&hidden("b", Via::Standby, at(10)))
        .await
        .unwrap();
    world.set_now(at(20));
    let by_rule = world.comment("1", "/phone", at(20), |comment| {
        comment.public = Some(false);
        comment.account_type = AccountType::App;
    });
    assert_eq!(
        world.carry_out(&by_rule).await,
        ignored(Ignored::RuleKeptBack)
    );
    let asked = world.agent_notes("2", "/phone", at(21));
    assert_eq!(world.carry_out(&asked).await, done(Done::AskedForPhone));
    assert_eq!(world.sent().len(), 1);
    assert_eq!(count(&world, TAKEN), 1);
}

#[tokio::test]
async fn a_take_over_is_told_even_if_the_answer_to_the_note_is_lost() {
    let world = World::waiting().await;
    world
        .receive(&elsewhere("b", Via::Standby, at(70)))
        .await
        .unwrap();
    let reply = world.agent_writes("1", "I take over", at(81));
    world.lose_answer(Call::AddComment, true);
    world.carry_out(&reply).await.unwrap_err();
    world.carry_out(&reply).await.unwrap();
    assert_eq!(world.sent(), ["I take over"]);
    assert_eq!(count(&world, TAKEN), 1);
}

#[tokio::test]
async fn a_stranger_gets_a_request_when_the_conversation_comes_to_us() {
    let world = World::new();
    let message = elsewhere("a", Via::Standby, at(0));
    assert_eq!(world.receive(&message).await, ignored(Ignored::Quiet));
    let echo = elsewhere("b", Via::AgentEcho, at(5));
    assert_eq!(world.receive(&echo).await, ignored(Ignored::Quiet));
    assert_eq!(world.requests(), 0);
    world.set_now(at(20));
    let back = handover(Holder::Casement, at(20));
    world.lose_answer(Call::OpenRequest, true);
    world.receive(&back).await.unwrap_err();
    world.set_now(at(60));
    assert_eq!(world.receive(&back).await, done(Done::Received));
    assert_eq!((world.requests(), world.said().len()), (1, 0));
    assert_eq!(
        count(&world, "Meta's agent handed the conversation over."),
        1
    );
    assert_eq!(count(&world, "Asks for an order"), 1);
    let waiting = world.conversation();
    assert_eq!(waiting.awaiting_since, Some(at(20)));
    world
        .agent_answers("1", "Which order?", at(61))
        .await
        .unwrap();
    assert_eq!(world.sent(), ["Which order?"]);
    assert_eq!(count(&world, TAKEN), 0);
}

#[tokio::test]
async fn the_echo_of_a_message_of_ours_is_no_news() {
    let world = World::waiting().await;
    world.agent_answers("1", "Here", at(61)).await.unwrap();
    let sent = world.entry_of(&OutboundKey::comment(&CommentId::new("1"), 0));
    let ours = sent.unwrap().about.wamid.unwrap();
    let echo = InboundMessage {
        wamid: ours.of_echo(),
        ..elsewhere("a", Via::OtherEcho, at(62))
    };
    assert_eq!(world.receive(&echo).await, ignored(Ignored::Own));
    assert_eq!(world.conversation().answered_elsewhere_at, None);
}

#[tokio::test]
async fn an_echo_to_somebody_unknown_leaves_nothing() {
    let world = World::new();
    let echo = elsewhere("a", Via::AppEcho, at(0));
    assert_eq!(world.receive(&echo).await, ignored(Ignored::NoRequest));
    let away = handover(Holder::Another, at(1));
    assert_eq!(world.receive(&away).await, ignored(Ignored::NoRequest));
    assert_eq!(world.requests(), 0);
}

#[tokio::test]
async fn held_replies_go_out_when_the_customer_writes_to_another_sender_or_calls() {
    for (case, message) in [
        ("standby", elsewhere("b", Via::Standby, at(90_000))),
        ("call", call("1", Phone::Ringing, at(90_000))),
    ] {
        let world = World::waiting().await;
        world.set_now(at(89_000));
        world.agent_answers("1", "Late", at(89_000)).await.unwrap();
        assert_eq!(world.held_count(), 1);
        world.set_now(at(90_001));
        world.receive(&message).await.unwrap();
        let released = world.take_outbound();
        let [OutboundQueueMessage::ReleaseHeld(_)] = &released[..] else {
            panic!("{case}: {released:?}")
        };
        let outcome = world.carry_out(&released[0]).await;
        assert_eq!(outcome, done(Done::Released), "{case}");
        assert_eq!(world.sent(), ["Late"], "{case}");
        assert_eq!(
            count(&world, TAKEN),
            usize::from(case == "standby"),
            "{case}"
        );
    }
}

#[tokio::test]
async fn a_missed_call_is_a_request_that_waits_for_an_answer() {
    let world = World::new();
    world.set_settings("time_zone = \"Europe/Berlin\"\n");
    let ringing = call("1#ringing", Phone::Ringing, at(0));
    assert_eq!(world.receive(&ringing).await, ignored(Ignored::Quiet));
    assert!(world.conversation().window_is_open(at(60)));
    let missed = call("1", Phone::Missed, at(0));
    assert_eq!(world.receive(&missed).await, done(Done::Received));
    let said: Vec<_> = world.said().into_iter().map(|(_, said)| said).collect();
    assert_eq!(
        said,
        ["[The customer called at 16:13 and was not answered]"]
    );
    assert_eq!(world.conversation().awaiting_since, Some(at(0)));
    assert!(world.receipts().is_empty(), "a call cannot be read");
    world.set_now(at(30));
    let quoting = world.agent_writes("1", "/reply We call back", at(30));
    assert_eq!(world.carry_out(&quoting).await, done(Done::Sent));
    assert_eq!(world.sent(), ["We call back"]);
    let answered = Phone::Answered { seconds: Some(90) };
    let spoken = call("2", answered, at(100));
    assert_eq!(world.receive(&spoken).await, done(Done::Received));
    assert_eq!(
        world.said()[1].1,
        "[The customer called at 16:15; the call lasted 1 min 30 s]"
    );
    assert_eq!(world.conversation().awaiting_since, None);
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn only_counted_conversations_stay_out_of_the_request() {
    let world = World::waiting().await;
    world.set_settings("standby = \"count\"\n");
    for (id, via, at) in [
        ("to the agent", Via::Standby, at(10)),
        ("by the agent", Via::AgentEcho, at(12)),
        ("by the app", Via::AppEcho, at(30)),
    ] {
        world.receive(&elsewhere(id, via, at)).await.unwrap();
    }
    assert_eq!(count(&world, THEIRS), 1);
    assert_eq!(world.notes().len(), 2, "{:?}", world.notes());
    assert_eq!(count(&world, "by the app"), 1);
    assert_eq!(world.conversation().awaiting_since, None);
    assert_eq!(
        world.receive(&handover(Holder::Another, at(40))).await,
        Ok(Outcome::Ignored(Ignored::Quiet)),
        "known already"
    );
}

#[tokio::test]
async fn a_reply_that_is_looked_at_again_takes_nothing_over() {
    let world = World::waiting().await;
    let reply = world.agent_writes("1", "Here", at(61));
    world.carry_out(&reply).await.unwrap();
    world.set_now(at(100));
    world
        .receive(&elsewhere("b", Via::Standby, at(100)))
        .await
        .unwrap();
    world.set_now(at(110));
    assert_eq!(world.carry_out(&reply).await, ignored(Ignored::AlreadySent));
    assert_eq!(count(&world, TAKEN), 0);
    assert!(world.conversation().is_held_by_another(at(111)));
}

#[tokio::test]
async fn what_others_do_opens_no_request_in_place_of_a_deleted_one() {
    for settings in ["", "standby = \"count\"\n"] {
        let world = World::waiting().await;
        world.set_settings(settings);
        world.agent_answers("1", "Here", at(61)).await.unwrap();
        world.set_now(at(1_000));
        world.delete_request("1");
        for (id, via) in [
            ("b", Via::Standby),
            ("c", Via::AgentEcho),
            ("d", Via::AppEcho),
        ] {
            let message = elsewhere(id, via, at(1_000));
            let outcome = world.receive(&message).await;
            assert!(outcome.is_ok(), "{id} {settings}: {outcome:?}");
        }
        assert_eq!(world.requests(), 1, "{settings}");
    }
}
