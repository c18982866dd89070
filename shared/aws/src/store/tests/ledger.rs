use std::collections::BTreeSet;

use casement_core::model::digest::Digest;
use casement_core::model::fate::WhatsappCode;
use casement_core::model::identity::{CommentId, MediaId};
use casement_core::model::ledger::{
    CommentVersion, InternalNote, KnownMessage, LEASE, LedgerEntry, LedgerState, NoteKey,
    OutboundKey, OutboundSource, ReceivedMessage, SentMessage, SentReference, Subject,
};
use casement_core::model::status::{Delivery, TemplateHold};
use casement_service::ports::{Ledger, Saved};

use super::*;
use crate::keys;

fn by_wamid() -> Wamid {
    Wamid::new("wamid.A==")
}

fn received() -> KnownMessage {
    KnownMessage::Received(ReceivedMessage::default())
}

fn outbound(part: u32) -> OutboundKey {
    OutboundKey::comment(&CommentId::new("10100"), part)
}

fn unsent() -> SentMessage {
    SentMessage::new(&key("a#b"), &IssueId::new("10001"))
}

fn note() -> (NoteKey, InternalNote) {
    let issue_id = IssueId::new("10001");
    let key = NoteKey("failed:comment:10100".to_owned());
    (key, InternalNote { issue_id })
}

#[tokio::test]
async fn an_entry_is_created_once() {
    let store = store().await;
    let first = LedgerEntry::claimed(received(), at(0));
    assert_eq!(store.entry(&by_wamid()).await, Ok(None));
    assert_eq!(store.create(&by_wamid(), &first).await, Ok(None));
    let second = LedgerEntry::claimed(received(), at(5));
    let existing = store.create(&by_wamid(), &second).await;
    let first = Ok(Some(first.written()));
    assert_eq!(existing, first);
    assert_eq!(store.entry(&by_wamid()).await, first);
    // Other keys are other entries.
    let another = LedgerEntry::claimed(unsent(), at(5));
    assert_eq!(store.create(&outbound(0), &another).await, Ok(None));
    assert_eq!(store.create(&outbound(1), &another).await, Ok(None));
}

#[tokio::test]
async fn only_the_first_of_two_updates_is_written() {
    let store = store().await;
    let first = LedgerEntry::claimed(received(), at(0));
    store.create(&by_wamid(), &first).await.unwrap();
    let read = first.written();
    let mine = read.clone().reclaimed(at(70));
    assert_eq!(store.update(&by_wamid(), &mine).await, Ok(Saved::Yes));
    let theirs = read.settled();
    assert_eq!(
        store.update(&by_wamid(), &theirs).await,
        Ok(Saved::Conflict)
    );
    let entry = store.entry(&by_wamid()).await;
    assert_eq!(entry, Ok(Some(mine.written())));
    let absent = store.update(&Wamid::new("wamid.B=="), &theirs).await;
    assert_eq!(absent, Ok(Saved::Conflict));
}

/// Checks that an entry about `about` is read as it was written, in each state, and that its item
/// has these attributes beside those of every entry.
async fn check_stored<K: Subject>(store: &TestStore, key: &K, about: K::About, attributes: &str) {
    let mut entry = LedgerEntry::claimed(about, at(0));
    assert_eq!(store.create(key, &entry).await, Ok(None));
    for state in [
        LedgerState::Working,
        LedgerState::Released,
        LedgerState::Unresolved,
        LedgerState::Settled,
    ] {
        entry = entry.written();
        entry.claim.state = state;
        assert_eq!(store.update(key, &entry).await, Ok(Saved::Yes));
        let read = store.entry(key).await;
        assert_eq!(read, Ok(Some(entry.clone().written())));
    }
    let mut item = stored(store, keys::ledger(&key.key())).await;
    for of_all in "pk sk expires_at state lease_until attempts begun_at version".split(' ') {
        assert!(item.remove(of_all).is_some(), "{of_all}");
    }
    let names: BTreeSet<_> = item.keys().map(String::as_str).collect();
    assert_eq!(names, attributes.split_whitespace().collect());
}

#[tokio::test]
async fn every_kind_of_entry_comes_back_as_it_was() {
    let store = store().await;
    let digest = Digest::of("1", ["Yes"]);
    let sent = SentMessage {
        source_created: Some(at(-5)),
        read: Some(CommentVersion {
            updated: at(-4) + chrono::Duration::milliseconds(250),
            digest: digest.clone(),
        }),
        parts: 3,
        taken_back: true,
        upload: Some(MediaId::new("7")),
        wamid: Some(Wamid::new("wamid.B==")),
        recipient: Some(PhoneNumber::new("49151")),
        template_hold: Some(TemplateHold::QualityCheck),
        delivery_at: Some(at(9)),
        refused: vec![Wamid::new("wamid.C==")],
        ..unsent()
    };
    let deliveries = [
        Delivery::Sent,
        Delivery::Failed(None),
        Delivery::Failed(Some(WhatsappCode(131_026))),
        Delivery::Delivered,
        Delivery::Read,
    ];
    let with_deliveries = deliveries.map(|delivery| SentMessage {
        delivery: Some(delivery),
        ..unsent()
    });
    let plain = "conversation issue_id parts taken_back";
    for (part, message) in (0..).zip(with_deliveries) {
        check_stored(
            &store,
            &outbound(part),
            message,
            &format!("{plain} delivery"),
        )
        .await;
    }
    check_stored(&store, &outbound(10), unsent(), plain).await;
    let all = "source_created source_updated digest upload wamid recipient template_hold delivery_at refused";
    check_stored(
        &store,
        &outbound(11),
        sent.clone(),
        &format!("{plain} {all}"),
    )
    .await;
    let notice = OutboundKey::notice(&key("a#b"), 1);
    let written = KnownMessage::Received(ReceivedMessage {
        issue_id: Some(IssueId::new("10001")),
        comments: vec![CommentId::new("1"), CommentId::new("2")],
        digest: Some(digest),
    });
    let reply = KnownMessage::Sent(SentReference::new(&outbound(0), &sent));
    let notice = KnownMessage::Sent(SentReference::new(&notice, &unsent()));
    for (wamid, message, attributes) in [
        ("received", received(), ""),
        ("written", written, "issue_id comments digest"),
        (
            "reply",
            reply,
            "outbound conversation issue_id comment source_updated digest",
        ),
        ("notice", notice, "outbound conversation issue_id"),
        ("change", KnownMessage::IdentityChange, ""),
    ] {
        let attributes = format!("kind {attributes}");
        check_stored(&store, &Wamid::new(wamid), message, &attributes).await;
    }
    let (key, note) = note();
    check_stored(&store, &key, note, "issue_id").await;
}

#[tokio::test]
async fn entries_are_kept_from_their_last_claim_on() {
    let store = store().await;
    let claimed_until = (at(0) + LEASE).timestamp();
    let message = LedgerEntry::claimed(received(), at(0));
    store.create(&by_wamid(), &message).await.unwrap();
    let ours = LedgerEntry::claimed(unsent(), at(0));
    store.create(&outbound(0), &ours).await.unwrap();
    for (key, kept) in [(by_wamid().key(), 30), (outbound(0).key(), 90)] {
        let item = stored(&store, keys::ledger(&key)).await;
        assert_eq!(number(&item, "expires_at"), claimed_until + days(kept));
    }
}

#[tokio::test]
async fn the_parts_of_a_comment_are_found_together() {
    let store = store().await;
    let entry = LedgerEntry::claimed(unsent(), at(0));
    let another = OutboundKey::comment(&CommentId::new("101"), 0);
    for key in [outbound(0), outbound(2), outbound(10), another] {
        store.create(&key, &entry).await.unwrap();
    }
    let (key, note) = note();
    let note = LedgerEntry::claimed(note, at(0));
    store.create(&key, &note).await.unwrap();
    let comment = OutboundSource::Comment(CommentId::new("10100"));
    let parts = store.parts(&comment).await.unwrap();
    assert_eq!(parts.keys().collect::<Vec<_>>(), [&0, &2, &10]);
    assert_eq!(parts[&2], entry.written());
    let unknown = OutboundSource::Comment(CommentId::new("1"));
    assert!(store.parts(&unknown).await.unwrap().is_empty());
}
