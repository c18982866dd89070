use serde_json::{Value, json};

use super::*;
use crate::model::digest::Digest;
use crate::model::fate::WhatsappCode;
use crate::model::identity::{
    CommentId, ConversationKey, IssueId, MediaId, PhoneNumber, PhoneNumberId,
};
use crate::model::status::TemplateHold;

/// Creates a message of which nothing is sent yet.
pub(crate) fn unsent() -> SentMessage {
    let conversation = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
    SentMessage::new(&conversation, &IssueId::new("10001"))
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

#[test]
fn a_claim_is_a_lease() {
    let entry = LedgerEntry::claimed(unsent(), at(0));
    for (entry, now, jira, whatsapp) in [
        (entry.clone(), 0, Some(120), Some(210)),
        (entry.clone(), 119, Some(1), Some(91)),
        (entry.clone(), 120, None, Some(90)),
        (entry.clone(), 210, None, None),
        (entry.clone().released(at(5)), 5, None, None),
        (entry.clone().unresolved(at(5)), 5, None, Some(90)),
        (entry.clone().unresolved(at(5)), 95, None, None),
    ] {
        let expected = |wait: Option<i64>| {
            wait.map_or(ClaimDecision::Proceed, |s| {
                ClaimDecision::Wait(Duration::seconds(s))
            })
        };
        assert_eq!(
            decide_claim(&entry.claim, Duration::zero(), at(now)),
            expected(jira),
            "{entry:?} {now}"
        );
        assert_eq!(
            decide_claim(&entry.claim, GRACE, at(now)),
            expected(whatsapp),
            "{entry:?} {now}"
        );
    }
    assert_eq!(entry.claim.settles_until(), Some(at(600)));
    let again = entry.clone().released(at(300)).reclaimed(at(400));
    assert_eq!(again.claim.settles_until(), Some(at(600)));
    let done = entry.settled().claim;
    assert_eq!(done.settles_until(), None);
    for grace in [Duration::zero(), GRACE] {
        let decided = decide_claim(&done, grace, at(9_999));
        assert_eq!(decided, ClaimDecision::Settled);
    }
}

#[test]
fn what_a_report_has_proven_is_not_in_doubt_again() {
    let proven = LedgerEntry::claimed(unsent(), at(0)).settled();
    assert_eq!(proven.clone().unresolved(at(5)), proven);
    assert_eq!(proven.clone().released(at(5)), proven);
    // Only the report itself can undo it.
    let refused = proven.refused_by_meta(Wamid::new("wamid.1"), at(5));
    assert_eq!(refused.claim.state, LedgerState::Released);
}

/// Checks that an entry of `key` is stored as `stored`, beside its claim, and read as it was.
fn check_stored<K: Subject>(_key: &K, about: K::About, mut stored: Value) {
    let entry: EntryOf<K> = LedgerEntry::claimed(about, at(0)).written();
    let claim = json!({"state": "working", "lease_until": 1_790_000_120, "attempts": 1,
        "begun_at": 1_790_000_000, "version": 1});
    let members = stored.as_object_mut().unwrap();
    members.extend(claim.as_object().unwrap().clone());
    assert_eq!(serde_json::to_value(&entry).unwrap(), stored);
    assert_eq!(serde_json::from_value::<EntryOf<K>>(stored).unwrap(), entry);
}

#[test]
fn every_kind_of_entry_is_stored_flat_and_read_as_it_was() {
    let (wamid, comment) = (Wamid::new("wamid.1"), CommentId::new("10100"));
    let digest = Digest::of("10100", ["Yes"]);
    let read = CommentVersion {
        updated: at(1),
        digest: digest.clone(),
    };
    let conversation = json!({"phone_number_id": "1065", "customer": "49151"});
    let sent = SentMessage {
        source_created: Some(at(0)),
        read: Some(read),
        parts: 2,
        upload: Some(MediaId::new("7")),
        wamid: Some(wamid.clone()),
        recipient: Some(PhoneNumber::new("49151")),
        template_hold: Some(TemplateHold::Paused),
        delivery: Some(Delivery::Failed(Some(WhatsappCode(131_026)))),
        delivery_at: Some(at(9)),
        refused: vec![Wamid::new("wamid.0")],
        ..unsent()
    };
    let key = OutboundKey::comment(&comment, 0);
    let notice = OutboundKey::notice(&sent.conversation, 1);
    check_stored(
        &key,
        unsent(),
        json!({"conversation": conversation, "issue_id": "10001", "parts": 0, "taken_back": false}),
    );
    check_stored(
        &key,
        sent.clone(),
        json!({"conversation": conversation, "issue_id": "10001", "source_created": 1_790_000_000,
            "source_updated": 1_790_000_001_000_i64, "digest": digest, "parts": 2,
            "taken_back": false, "upload": "7", "wamid": "wamid.1", "recipient": "49151",
            "template_hold": "paused", "delivery": {"failed": 131_026},
            "delivery_at": 1_790_000_009, "refused": ["wamid.0"]}),
    );
    let note = InternalNote {
        issue_id: IssueId::new("10001"),
    };
    let stored = json!({"issue_id": "10001"});
    check_stored(&NoteKey("gone:10100".to_owned()), note, stored);
    for (known, stored) in [
        (
            KnownMessage::Received(ReceivedMessage::default()),
            json!({"kind": "received"}),
        ),
        (
            KnownMessage::Received(ReceivedMessage {
                issue_id: Some(IssueId::new("10001")),
                comments: vec![comment.clone()],
                digest: Some(digest.clone()),
            }),
            json!({"kind": "received", "issue_id": "10001", "comments": ["10100"],
                "digest": digest}),
        ),
        (
            KnownMessage::Sent(SentReference::new(&key, &sent)),
            json!({"kind": "sent", "outbound": "comment:10100/0", "conversation": conversation,
                "issue_id": "10001", "comment": "10100",
                "source_updated": 1_790_000_001_000_i64, "digest": digest}),
        ),
        (
            KnownMessage::Sent(SentReference::new(&notice, &unsent())),
            json!({"kind": "sent", "outbound": notice, "conversation": conversation,
                "issue_id": "10001"}),
        ),
        (
            KnownMessage::IdentityChange,
            json!({"kind": "identity_change"}),
        ),
    ] {
        check_stored(&wamid, known, stored);
    }
}
