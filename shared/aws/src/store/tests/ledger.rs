use casement_core::model::fate::WhatsappCode;
use casement_core::model::identity::CommentId;
use casement_core::model::ledger::{
    LEASE, LedgerEntry, LedgerKey, LedgerState, OutboundKey, OutboundSource,
};
use casement_core::model::status::Delivery;
use casement_service::ports::{Ledger, Saved};

use super::*;
use crate::keys;

fn by_wamid() -> LedgerKey {
    LedgerKey::Message(Wamid::new("wamid.A=="))
}

fn outbound(part: u32) -> LedgerKey {
    LedgerKey::Outbound(OutboundKey::comment(&CommentId::new("10100"), part))
}

fn written(mut entry: LedgerEntry) -> LedgerEntry {
    entry.version += 1;
    entry
}

#[tokio::test]
async fn an_entry_is_created_once() {
    let store = store().await;
    let first = LedgerEntry::claimed(at(0));
    assert_eq!(store.entry(&by_wamid()).await, Ok(None));
    assert_eq!(store.create(&by_wamid(), &first).await, Ok(None));
    let second = LedgerEntry::claimed(at(5));
    let existing = store.create(&by_wamid(), &second).await;
    assert_eq!(existing, Ok(Some(written(first.clone()))));
    assert_eq!(store.entry(&by_wamid()).await, Ok(Some(written(first))));
    // Other keys are other entries.
    assert_eq!(store.create(&outbound(0), &second).await, Ok(None));
    assert_eq!(store.create(&outbound(1), &second).await, Ok(None));
}

#[tokio::test]
async fn only_the_first_of_two_updates_is_written() {
    let store = store().await;
    let first = LedgerEntry::claimed(at(0));
    store.create(&by_wamid(), &first).await.unwrap();
    let read = written(first);
    let mine = read.clone().reclaimed(at(70));
    assert_eq!(store.update(&by_wamid(), &mine).await, Ok(Saved::Yes));
    let theirs = read.settled();
    assert_eq!(
        store.update(&by_wamid(), &theirs).await,
        Ok(Saved::Conflict)
    );
    let entry = store.entry(&by_wamid()).await;
    assert_eq!(entry, Ok(Some(written(mine))));
    assert_eq!(
        store.update(&outbound(0), &theirs).await,
        Ok(Saved::Conflict)
    );
}

#[tokio::test]
async fn every_entry_comes_back_as_it_was() {
    let store = store().await;
    let plain = LedgerEntry::claimed(at(0));
    let full = LedgerEntry {
        comments: vec![CommentId::new("1"), CommentId::new("2")],
        wamid: Some(Wamid::new("wamid.B==")),
        conversation: Some(key("a#b")),
        issue_id: Some(IssueId::new("10001")),
        source_created: Some(at(-5)),
        source_updated: Some(at(-4) + chrono::Duration::milliseconds(250)),
        refused: vec![Wamid::new("wamid.C==")],
        delivery_at: Some(at(9)),
        parts: 3,
        taken_back: true,
        ..plain.clone()
    };
    let states = [
        LedgerState::Working,
        LedgerState::Released,
        LedgerState::Unresolved,
        LedgerState::Settled,
    ];
    let deliveries = [
        Delivery::Sent,
        Delivery::Failed(None),
        Delivery::Failed(Some(WhatsappCode(131_026))),
        Delivery::Delivered,
        Delivery::Read,
    ];
    let with_states = states.map(|state| LedgerEntry {
        state,
        ..full.clone()
    });
    let with_deliveries = deliveries.map(|delivery| LedgerEntry {
        delivery: Some(delivery),
        ..plain.clone()
    });
    for (part, entry) in (0..).zip(with_states.into_iter().chain(with_deliveries)) {
        store.create(&outbound(part), &entry).await.unwrap();
        let read = store.entry(&outbound(part)).await;
        assert_eq!(read, Ok(Some(written(entry))));
    }
}

#[tokio::test]
async fn entries_are_kept_from_their_last_claim_on() {
    let store = store().await;
    let entry = LedgerEntry::claimed(at(0));
    let claimed_until = (at(0) + LEASE).timestamp();
    for (key, kept) in [(by_wamid(), 30), (outbound(0), 90)] {
        store.create(&key, &entry).await.unwrap();
        let item = stored(&store, keys::ledger(&key)).await;
        assert_eq!(number(&item, "expires_at"), claimed_until + days(kept));
    }
}

#[tokio::test]
async fn the_parts_of_a_comment_are_found_together() {
    let store = store().await;
    let entry = LedgerEntry::claimed(at(0));
    let another = LedgerKey::Outbound(OutboundKey::comment(&CommentId::new("101"), 0));
    let note = LedgerKey::Note("failed:comment:10100".to_owned());
    for key in [outbound(0), outbound(2), outbound(10), another, note] {
        store.create(&key, &entry).await.unwrap();
    }
    let comment = OutboundSource::Comment(CommentId::new("10100"));
    let parts = store.parts(&comment).await.unwrap();
    assert_eq!(parts.keys().collect::<Vec<_>>(), [&0, &2, &10]);
    assert_eq!(parts[&2], written(entry));
    let unknown = OutboundSource::Comment(CommentId::new("1"));
    assert!(store.parts(&unknown).await.unwrap().is_empty());
}
