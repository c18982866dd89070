//! Every combination of what Jira can say about a comment: only those that the rule allows are
//! sent.

use chrono::{DateTime, Utc};

use super::tests::comment;
use super::*;
use crate::model::comment::AccountType;
use crate::model::identity::{ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId};

const OWN: &str = "bridge";
const ANSWERS: [Option<bool>; 3] = [Some(true), Some(false), None];
const AUTHORS: [&str; 4] = ["agent", "automation app", "customer", OWN];

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn conversation(window_is_open: bool) -> Conversation {
    let phone = PhoneNumber::new("4915112345678");
    let mut conversation = Conversation::new(
        ConversationKey::new(&PhoneNumberId::new("1065"), phone.as_str()),
        CustomerIdentity::new(None, Some(phone)).unwrap(),
    );
    let hours = if window_is_open { 1 } else { -1 };
    conversation.window_expires_at = Some(now() + chrono::Duration::hours(hours));
    conversation
}

/// Returns every comment that Jira can describe.
fn comments() -> Vec<Comment> {
    let mut all = Vec::new();
    for public in ANSWERS {
        for jsd_public in ANSWERS {
            for author in AUTHORS {
                for (restricted, written_by_us) in
                    [(false, false), (false, true), (true, false), (true, true)]
                {
                    all.push(Comment {
                        author: AccountId::new(author),
                        account_type: match author {
                            "customer" => AccountType::Customer,
                            "automation app" => AccountType::App,
                            _ => AccountType::Person,
                        },
                        public,
                        jsd_public,
                        restricted,
                        written_by_us,
                        ..comment()
                    });
                }
            }
        }
    }
    all
}

#[test]
fn only_what_the_rule_allows_is_sent_or_held() {
    let mut let_through = 0;
    for comment in comments() {
        let allowed = comment.public == Some(true)
            && comment.jsd_public != Some(false)
            && !comment.restricted
            && !["customer", OWN].contains(&comment.author.as_str())
            && !comment.written_by_us;
        let decide = |window_is_open| {
            let conversation = conversation(window_is_open);
            decide_reply(
                &comment,
                &AccountId::new(OWN),
                &conversation,
                &ReplyMode::default(),
                now(),
            )
        };
        let (open, closed) = (decide(true), decide(false));
        let case = (comment.public, comment.jsd_public, comment.restricted);
        let case = (case, comment.author.as_str(), comment.written_by_us);
        assert_eq!(matches!(open, ReplyDecision::Send(_)), allowed, "{case:?}");
        assert_eq!(
            matches!(closed, ReplyDecision::Hold(_)),
            allowed,
            "{case:?}"
        );
        assert!(!matches!(closed, ReplyDecision::Send(_)), "{case:?}");
        let_through += usize::from(allowed);
    }
    // Agents and apps, with `jsdPublic` true or left out.
    assert_eq!(let_through, 4);
}
