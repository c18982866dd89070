//! What happens after a comment is edited or deleted.
//!
//! A message on WhatsApp cannot be changed or taken back. What the customer has stays, and the
//! agent is told. What the customer does not have yet follows the comment.

use chrono::{DateTime, Duration, Utc};

use crate::decide::freshness::Happening;
use crate::decide::reply::ReplyDecision;
use crate::model::comment::Comment;
use crate::model::ledger::{ClaimDecision, GRACE, SentEntry, decide_claim};

/// The decision about an edited comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditDecision {
    /// Continue as with a comment that was never edited.
    AsWritten,
    /// Continue as with a comment that was never edited: it was saved again, but the customer has
    /// all that it says.
    SavedAgain,
    /// Send nothing more and tell the agent: the customer has a text that differs from the comment,
    /// or one that should no longer be seen.
    TellOutdated,
    /// Send nothing and tell the agent: the comment is so old that the ledger may have forgotten
    /// whether it was sent.
    TellTooLate,
    /// Withdraw the held comment: it is no longer for the customer.
    Withdraw,
    /// Decide again after this long, when it is known whether the comment was sent.
    Wait(Duration),
}

/// The decision about a deleted comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionDecision {
    /// Do nothing: the customer never had the comment and never will.
    Nothing,
    /// Tell the agent: the customer has the comment.
    TellSent,
    /// Withdraw the held comment.
    Withdraw,
    /// Decide again after this long, when it is known whether the comment was sent.
    Wait(Duration),
}

/// Decides about an edited comment. `reply` is the decision just made for it, `first_part` the
/// ledger entry of its first message, and `held` whether it waits for the window.
#[must_use]
pub fn decide_edit(
    comment: &Comment,
    reply: &ReplyDecision,
    first_part: Option<&SentEntry>,
    held: bool,
    now: DateTime<Utc>,
) -> EditDecision {
    if let Some(sent) = first_part.filter(|entry| entry.reached_the_customer()) {
        let read = sent.about.read.as_ref();
        if read.is_some_and(|read| comment.updated <= read.updated) {
            return EditDecision::AsWritten;
        }
        // Apps and rules save comments without changing them.
        let says_the_same = read.is_some_and(|read| read.digest == comment.digest());
        let is_hidden = matches!(reply, ReplyDecision::Ignore(_));
        return if says_the_same && !is_hidden {
            EditDecision::SavedAgain
        } else {
            EditDecision::TellOutdated
        };
    }
    if !reply.is_for_the_customer() {
        return match wait_for_proof(first_part, now) {
            Some(left) => EditDecision::Wait(left),
            None if held => EditDecision::Withdraw,
            None => EditDecision::AsWritten,
        };
    }
    let forgotten = first_part.is_none() && Happening::Comment.is_stale(comment.created, now);
    if forgotten && !held {
        EditDecision::TellTooLate
    } else {
        EditDecision::AsWritten
    }
}

/// Decides about a comment that Jira no longer has. The parameters are those of [`decide_edit`].
#[must_use]
pub fn decide_deletion(
    first_part: Option<&SentEntry>,
    held: bool,
    now: DateTime<Utc>,
) -> DeletionDecision {
    if first_part.is_some_and(SentEntry::reached_the_customer) {
        return DeletionDecision::TellSent;
    }
    match wait_for_proof(first_part, now) {
        Some(left) => DeletionDecision::Wait(left),
        None if held => DeletionDecision::Withdraw,
        None => DeletionDecision::Nothing,
    }
}

/// Returns how long a send may still turn out to have happened.
fn wait_for_proof(first_part: Option<&SentEntry>, now: DateTime<Utc>) -> Option<Duration> {
    match decide_claim(&first_part?.claim, GRACE, now) {
        ClaimDecision::Wait(left) => Some(left),
        ClaimDecision::Proceed | ClaimDecision::Settled => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::reply::tests::comment as sent_comment;
    use crate::decide::reply::{IgnoreReason, Sending};
    use crate::model::fate::WhatsappCode;
    use crate::model::identity::{PhoneNumber, Recipient};
    use crate::model::ledger::tests::unsent;
    use crate::model::ledger::{CommentVersion, KEPT_OUTBOUND, LedgerEntry, SentMessage};
    use crate::model::status::Delivery;

    const HELD: bool = true;
    const FREE: bool = false;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    /// Written at 0, edited at 100.
    fn comment() -> Comment {
        Comment {
            updated: at(100),
            ..sent_comment()
        }
    }

    fn with_another_text() -> Comment {
        Comment {
            body: serde_json::json!("another text").into(),
            ..comment()
        }
    }

    fn claimed(read: Option<CommentVersion>) -> SentEntry {
        let message = SentMessage { read, ..unsent() };
        LedgerEntry::claimed(message, at(0))
    }

    /// Creates the entry of the comment as it was read at a time, with another text.
    fn read_at(seconds: i64) -> SentEntry {
        claimed(Some(CommentVersion {
            updated: at(seconds),
            digest: with_another_text().digest(),
        }))
    }

    fn failed() -> SentEntry {
        let failed = Delivery::Failed(Some(WhatsappCode(131_026)));
        read_at(0).reported(failed, at(0)).settled()
    }

    fn hold() -> ReplyDecision {
        ReplyDecision::Hold(Sending {
            recipient: Recipient::Phone(PhoneNumber::new("4915112345678")),
            in_answer_to: None,
            parts: vec!["Hello".to_owned()].into(),
            files: Vec::new().into(),
            left_out: Vec::new(),
            by_rule: false,
        })
    }

    const INTERNAL: ReplyDecision = ReplyDecision::Ignore(IgnoreReason::NotPublic);

    fn edit(
        reply: &ReplyDecision,
        first_part: Option<SentEntry>,
        held: bool,
        now: i64,
    ) -> EditDecision {
        decide_edit(&comment(), reply, first_part.as_ref(), held, at(now))
    }

    #[test]
    fn an_edit_of_what_was_not_sent_is_like_a_new_comment() {
        for first_part in [
            None,
            Some(read_at(0).released(at(50))),
            Some(read_at(0).unresolved(at(50))),
            Some(failed()),
            Some(read_at(0).cancelled()),
        ] {
            for reply in [hold(), INTERNAL, ReplyDecision::NothingToSend] {
                let decided = edit(&reply, first_part.clone(), FREE, 50 + GRACE.num_seconds());
                assert_eq!(decided, EditDecision::AsWritten, "{first_part:?} {reply:?}");
            }
        }
    }

    #[test]
    fn an_edit_of_what_was_sent_is_said_unless_it_was_sent_with_it() {
        for reply in [hold(), INTERNAL, ReplyDecision::NothingToSend] {
            for (sent, expected) in [
                (read_at(0), EditDecision::TellOutdated),
                (read_at(100), EditDecision::AsWritten),
                (read_at(101), EditDecision::AsWritten),
                (claimed(None), EditDecision::TellOutdated),
            ] {
                let sent = Some(sent.settled());
                assert_eq!(edit(&reply, sent.clone(), FREE, 200), expected, "{sent:?}");
            }
        }
    }

    #[test]
    fn what_is_saved_again_with_the_same_words_is_not_called_changed() {
        let another = with_another_text();
        for (said, reply, expected) in [
            (comment(), hold(), EditDecision::SavedAgain),
            (
                comment(),
                ReplyDecision::NothingToSend,
                EditDecision::SavedAgain,
            ),
            (comment(), INTERNAL, EditDecision::TellOutdated),
            (another.clone(), hold(), EditDecision::TellOutdated),
            (another, INTERNAL, EditDecision::TellOutdated),
        ] {
            let sent = claimed(Some(CommentVersion {
                updated: at(0),
                digest: said.digest(),
            }));
            let sent = sent.settled();
            assert_eq!(edit(&reply, Some(sent), FREE, 200), expected, "{reply:?}");
        }
    }

    #[test]
    fn a_held_reply_that_is_no_longer_for_the_customer_is_withdrawn() {
        let released = Some(read_at(0).released(at(50)));
        for first_part in [None, released] {
            for (reply, expected) in [
                (INTERNAL, EditDecision::Withdraw),
                (ReplyDecision::NothingToSend, EditDecision::Withdraw),
                (hold(), EditDecision::AsWritten),
            ] {
                assert_eq!(edit(&reply, first_part.clone(), HELD, 200), expected);
            }
        }
    }

    #[test]
    fn what_the_ledger_may_have_forgotten_is_not_sent() {
        let then = KEPT_OUTBOUND.num_seconds();
        for (first_part, held, now, expected) in [
            (None, FREE, then, EditDecision::TellTooLate),
            (None, FREE, then - 1, EditDecision::AsWritten),
            (None, HELD, then, EditDecision::AsWritten),
            (
                Some(read_at(0).released(at(50))),
                FREE,
                then,
                EditDecision::AsWritten,
            ),
        ] {
            assert_eq!(edit(&hold(), first_part, held, now), expected);
        }
        assert_eq!(edit(&INTERNAL, None, FREE, then), EditDecision::AsWritten);
    }

    #[test]
    fn an_open_question_is_waited_for() {
        let left = GRACE - Duration::seconds(10);
        let unresolved = read_at(0).unresolved(at(50));
        for held in [HELD, FREE] {
            assert_eq!(
                edit(&INTERNAL, Some(unresolved.clone()), held, 60),
                EditDecision::Wait(left)
            );
            assert_eq!(
                decide_deletion(Some(&unresolved), held, at(60)),
                DeletionDecision::Wait(left)
            );
        }
    }

    #[test]
    fn a_deletion_is_said_where_the_customer_has_the_text() {
        for (first_part, free, held) in [
            (None, DeletionDecision::Nothing, DeletionDecision::Withdraw),
            (
                Some(read_at(0).released(at(50))),
                DeletionDecision::Nothing,
                DeletionDecision::Withdraw,
            ),
            (
                Some(failed()),
                DeletionDecision::Nothing,
                DeletionDecision::Withdraw,
            ),
            (
                Some(read_at(0).settled()),
                DeletionDecision::TellSent,
                DeletionDecision::TellSent,
            ),
        ] {
            let decide = |held| decide_deletion(first_part.as_ref(), held, at(9_999));
            assert_eq!((decide(FREE), decide(HELD)), (free, held), "{first_part:?}");
        }
    }
}
