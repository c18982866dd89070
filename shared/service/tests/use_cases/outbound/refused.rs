//! Tests of automatic messages that WhatsApp refuses: no attempt says that the customer has one.

use casement_core::model::opt_out::OptOut;
use casement_core::model::status::{Delivery, StatusReport, TemplateHold};

use casement_core::model::queue::{ConversationTask, OptOutTask, WaitTask, WindowTask};

use super::*;

const CODE: WhatsappCode = WhatsappCode(131_026);

const REOPENING: &str = "business_account_id = \"1022\"\n[number.reopening_template]\nname = \"answer_waiting\"\nlanguage = \"en_US\"\n";

/// Phrases that claim that the customer was told.
const CLAIMS: [&str; 6] = [
    "sent on WhatsApp",
    "was asked on WhatsApp",
    "was told on WhatsApp",
    "Confirmed on WhatsApp",
    "Please wait",
    "did not arrive",
];

/// Makes each automatic message, due in a world of its own, with its key.
async fn all() -> Vec<(World, OutboundQueueMessage, OutboundKey)> {
    let issue_id = || IssueId::new("1");
    let mut all = Vec::new();
    let world = World::waiting().await;
    world.set_now(at(600));
    ring(&world).await.unwrap();
    let notice = world.outbound_queue().remove(0);
    all.push((world, notice, OutboundKey::notice(&key(), 1)));

    let world = World::waiting().await;
    let window_ends = world.conversation().window_expires_at.unwrap();
    world.set_now(window_ends - Duration::hours(2));
    world.set_settings("quiet_hours = \"none\"\n");
    let keep_open = OutboundQueueMessage::KeepOpen(WindowTask {
        conversation: key(),
        window_ends,
        issue_id: issue_id(),
    });
    all.push((
        world,
        keep_open,
        OutboundKey::keep_open(&key(), window_ends),
    ));

    let lost = OutboundQueueMessage::LostFile(WaitTask {
        conversation: key(),
        generation: 1,
        issue_id: issue_id(),
    });
    all.push((
        World::waiting().await,
        lost,
        OutboundKey::lost_file(&key(), 1),
    ));

    for opt_out in [OptOut::Stop, OptOut::Start] {
        let confirm = OutboundQueueMessage::ConfirmOptOut(OptOutTask {
            conversation: key(),
            opt_out,
            occasion: "ab12".to_owned(),
            issue_id: issue_id(),
        });
        all.push((
            World::waiting().await,
            confirm,
            OutboundKey::opt_out("ab12"),
        ));
    }

    let world = World::waiting().await;
    world.set_settings(REOPENING);
    world.approve("answer_waiting", "en_US", "We have an answer");
    world.set_now(at(0) + day(2));
    let reply = world.agent_writes("100", "late", at(0) + day(2));
    world.set_settings("");
    world.carry_out(&reply).await.unwrap();
    world.set_settings(REOPENING);
    let ended = world.conversation().closed_period();
    let announce = OutboundQueueMessage::AnnounceHeld(ConversationTask {
        conversation: key(),
        issue_id: issue_id(),
    });
    all.push((world, announce, OutboundKey::reopening(&key(), ended)));
    all
}

fn entry(world: &World, key: &OutboundKey) -> SentEntry {
    world.entry_of(key).unwrap()
}

/// Returns the notes that claim that the customer has the message.
fn claims(world: &World) -> Vec<String> {
    let claims = |note: &String| CLAIMS.iter().any(|claim| note.contains(claim));
    world.notes().into_iter().filter(claims).collect()
}

#[tokio::test]
async fn a_refusal_is_put_down_with_its_code_and_no_attempt_takes_it_for_sent() {
    for (world, message, key) in all().await {
        world.fail(Call::Send, CallFailure::whatsapp(CODE));
        for attempt in 0..3 {
            // The second of two may be another message of the same wait.
            world.carry_out(&message).await.unwrap();
            assert_eq!(claims(&world), [""; 0], "{message:?}, attempt {attempt}");
            assert!(world.sent().is_empty(), "{message:?}");
        }
        let refused = entry(&world, &key);
        assert_eq!(refused.about.delivery, Some(Delivery::Failed(Some(CODE))));
        assert!(!refused.reached_the_customer());
        let with_code = world.notes();
        let with_code = with_code.iter().filter(|note| note.contains("131026"));
        assert_eq!(with_code.count(), 1, "{message:?}: {:?}", world.notes());
    }
}

#[tokio::test]
async fn what_jira_did_not_take_about_a_refusal_is_said_by_the_next_attempt() {
    for (world, message, _) in all().await {
        world.fail(Call::Send, CallFailure::whatsapp(CODE));
        world.fail(Call::AddComment, CallFailure::Unreachable(Side::Jira));
        world.carry_out(&message).await.unwrap_err();
        world.carry_out(&message).await.unwrap();
        assert_eq!(claims(&world), [""; 0], "{message:?}");
        let with_code = world.notes();
        let with_code = with_code.iter().filter(|note| note.contains("131026"));
        assert_eq!(with_code.count(), 1, "{message:?}: {:?}", world.notes());
    }
}

#[tokio::test]
async fn what_is_refused_for_the_window_is_not_taken_for_sent_either() {
    for (world, message, key) in all().await {
        let closed = WhatsappCode::WINDOW_CLOSED;
        world.fail(Call::Send, CallFailure::whatsapp(closed));
        for _ in 0..2 {
            world.carry_out(&message).await.unwrap();
            assert_eq!(claims(&world), [""; 0], "{message:?}");
        }
        let refused = entry(&world, &key);
        assert_eq!(refused.about.delivery, Some(Delivery::Failed(Some(closed))));
    }
}

#[tokio::test]
async fn what_was_sent_is_said_by_the_next_attempt_if_need_be() {
    for (world, message, key) in all().await {
        world.fail(Call::AddComment, CallFailure::Unreachable(Side::Jira));
        world.carry_out(&message).await.unwrap_err();
        world.carry_out(&message).await.unwrap();
        assert_eq!(world.sent().len(), 1, "{message:?}");
        assert_eq!(claims(&world).len(), 1, "{message:?}: {:?}", world.notes());
        let wamid = entry(&world, &key).about.wamid.unwrap();
        let KnownMessage::Sent(known) = world.entry_of(&wamid).unwrap().about else {
            panic!("a message of ours")
        };
        assert_eq!(known.outbound, key);
        assert!(known.comment.is_some(), "its note");
    }
}

#[tokio::test]
async fn a_refusal_at_once_and_one_that_is_reported_leave_one_note() {
    let (world, message, key) = all().await.remove(0);
    world.fail(Call::Send, CallFailure::whatsapp(CODE));
    world.carry_out(&message).await.unwrap();
    let report = StatusReport {
        phone_number_id: None,
        wamid: Wamid::new("wamid.out1"),
        recipient: None,
        callback: Some(key.to_string()),
        price: None,
        delivery: Delivery::Failed(Some(CODE)),
        at: world.now(),
    };
    let statuses = world.statuses();
    statuses.record(&report, Attempt::Another).await.unwrap();
    assert_eq!(world.notes().len(), 1, "{:?}", world.notes());
}

#[tokio::test]
async fn a_template_that_whatsapp_keeps_back_is_not_said_to_be_sent() {
    for (hold, expected) in [
        (TemplateHold::QualityCheck, "holds it back"),
        (TemplateHold::Paused, "has paused this template"),
    ] {
        let (world, announce, _) = all().await.pop().unwrap();
        world.keep_back(hold);
        world.carry_out(&announce).await.unwrap();
        let note = world.notes().pop().unwrap();
        assert!(
            note.contains(expected) && claims(&world).is_empty(),
            "{note}"
        );

        let world = World::waiting().await;
        world.set_settings("business_account_id = \"1022\"\n");
        world.approve("order_update", "en_US", "It comes on Monday");
        world.keep_back(hold);
        let command = world.agent_notes("100", "/template order_update en_US", at(60));
        // The note also comes when the first attempt ended before it.
        world.fail(Call::AddComment, CallFailure::Unreachable(Side::Jira));
        world.carry_out(&command).await.unwrap_err();
        let outcome = world.carry_out(&command).await;
        assert_eq!(outcome, done(Done::TemplateKeptBack));
        let [note] = &world.notes()[..] else {
            panic!("{:?}", world.notes())
        };
        assert!(note.contains(expected), "{note}");
        assert!(
            note.starts_with("WhatsApp has not sent the template yet: "),
            "{note}"
        );
    }
}
