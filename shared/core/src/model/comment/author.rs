//! The authors of comments, and what each may do.
//!
//! | author | public comments go to WhatsApp | and end the customer's wait | notes are commands |
//! |---|---|---|---|
//! | an agent | yes | yes | yes |
//! | a rule or an app | yes | unless it is a notice ([`is_notice`](crate::decide::rule_message::is_notice)) | yes |
//! | a portal customer | no, and the agents are told | no | no |
//! | Casement itself | no | no | no |

use super::Comment;
use crate::model::identity::AccountId;

/// The kind of account that the author of a comment has, according to Jira (Jira Cloud REST API v3,
/// `User`: `accountType`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountType {
    /// A person on the site: `atlassian`, or not given.
    #[default]
    Person,
    /// A program: `app`. Automation has such an account.
    App,
    /// A portal customer: `customer`, or any unknown kind.
    Customer,
}

impl AccountType {
    /// Reads Jira's word. An unknown word counts as a customer, who does not speak for the
    /// business.
    #[must_use]
    pub fn of(word: Option<&str>) -> Self {
        match word {
            None | Some("atlassian") => Self::Person,
            Some("app") => Self::App,
            Some(_) => Self::Customer,
        }
    }
}

/// The author of a comment, from the customer's point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// A person with an account on the site.
    Agent,
    /// An Automation rule, or another app.
    App,
    /// Somebody who only has the portal, such as a colleague of the customer or another
    /// participant.
    PortalCustomer,
    /// Casement.
    Ourselves,
}

/// The permissions of an author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Public comments speak for the business: they go to WhatsApp.
    pub speaks: bool,
    /// Internal notes that begin with a slash are carried out.
    pub commands: bool,
    /// The agents are told that a public comment is not sent.
    pub told: bool,
}

impl Author {
    /// Returns the row of the table above.
    #[must_use]
    pub fn rule(self) -> Rule {
        let (speaks, commands, told) = match self {
            Self::Agent | Self::App => (true, true, false),
            Self::PortalCustomer => (false, false, true),
            Self::Ourselves => (false, false, false),
        };
        Rule {
            speaks,
            commands,
            told,
        }
    }
}

impl Comment {
    /// Identifies the author. `own_account` is the account that Casement writes with.
    #[must_use]
    pub fn written_by(&self, own_account: &AccountId) -> Author {
        if self.author == *own_account || self.written_by_us {
            return Author::Ourselves;
        }
        match self.account_type {
            AccountType::Person => Author::Agent,
            AccountType::App => Author::App,
            AccountType::Customer => Author::PortalCustomer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::reply::tests::comment;

    #[test]
    fn each_author_has_a_rule() {
        let own = AccountId::new("own");
        for (word, author, ours, expected, speaks, commands) in [
            (Some("atlassian"), "a", false, Author::Agent, true, true),
            (None, "a", false, Author::Agent, true, true),
            (Some("app"), "a", false, Author::App, true, true),
            (
                Some("customer"),
                "a",
                false,
                Author::PortalCustomer,
                false,
                false,
            ),
            (
                Some("unknown"),
                "a",
                false,
                Author::PortalCustomer,
                false,
                false,
            ),
            (Some(""), "a", false, Author::PortalCustomer, false, false),
            (
                Some("atlassian"),
                "own",
                false,
                Author::Ourselves,
                false,
                false,
            ),
            (Some("app"), "own", false, Author::Ourselves, false, false),
            (Some("customer"), "a", true, Author::Ourselves, false, false),
        ] {
            let comment = Comment {
                author: AccountId::new(author),
                account_type: AccountType::of(word),
                written_by_us: ours,
                ..comment()
            };
            let written_by = comment.written_by(&own);
            assert_eq!(written_by, expected, "{word:?} {author}");
            let rule = written_by.rule();
            assert_eq!((rule.speaks, rule.commands), (speaks, commands), "{word:?}");
            assert_eq!(rule.told, expected == Author::PortalCustomer, "{word:?}");
        }
    }
}
