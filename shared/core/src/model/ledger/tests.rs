use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

#[test]
fn a_claim_is_a_lease() {
    let entry = LedgerEntry::claimed(at(0));
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
            decide_claim(&entry, at(now)),
            expected(jira),
            "{entry:?} {now}"
        );
        assert_eq!(
            decide_send_claim(&entry, at(now)),
            expected(whatsapp),
            "{entry:?} {now}"
        );
    }
    assert_eq!(entry.settles_until(), Some(at(600)));
    let again = entry.clone().released(at(300)).reclaimed(at(400));
    assert_eq!(again.settles_until(), Some(at(600)));
    let done = entry.settled();
    assert_eq!(done.settles_until(), None);
    assert_eq!(decide_claim(&done, at(9_999)), ClaimDecision::Settled);
    assert_eq!(decide_send_claim(&done, at(9_999)), ClaimDecision::Settled);
}

#[test]
fn what_a_report_has_proven_is_not_in_doubt_again() {
    let proven = LedgerEntry::claimed(at(0)).settled();
    assert_eq!(proven.clone().unresolved(at(5)), proven);
    assert_eq!(proven.clone().released(at(5)), proven);
    // Only the report itself can undo it.
    let refused = proven.refused_by_meta(Wamid::new("wamid.1"), at(5));
    assert_eq!(refused.state, LedgerState::Released);
}
