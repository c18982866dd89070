use super::*;
use crate::model::identity::{ConversationKey, IssueId, PhoneNumberId};

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
