//! The numbers of the business accounts that the settings do not name.

use casement_core::model::identity::PhoneNumberId;
use casement_core::settings::{Served, Settings};

use super::{TokenFacts, text};
use crate::check::Verdict;
use crate::graph::{Graph, GraphFailure};

/// The most pages to read of a list. A longer list would be an error.
const MOST_PAGES: usize = 50;

/// A number of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) struct Listed {
    pub id: PhoneNumberId,
    /// The phone number, as Meta shows it.
    pub shown: String,
}

/// The listed numbers of each business account.
pub(in crate::check) type Accounts = Vec<(String, Result<Vec<Listed>, GraphFailure>)>;

/// Returns the given business account, or else those of the token and of the settings.
pub(super) fn accounts(
    wanted: Option<&str>,
    token: &TokenFacts,
    settings: &Settings,
) -> Vec<String> {
    if let Some(wanted) = wanted {
        return vec![wanted.to_owned()];
    }
    let mut accounts = token.accounts.clone();
    let of_settings = settings.numbers().iter();
    accounts.extend(
        of_settings
            .filter_map(|number| number.business_account_id.as_ref())
            .map(|account| account.as_str().to_owned()),
    );
    accounts.sort();
    accounts.dedup();
    accounts
}

pub(super) async fn listed(graph: &Graph, accounts: &[String]) -> Accounts {
    let mut all = Vec::new();
    for account in accounts {
        all.push((account.clone(), of_account(graph, account).await));
    }
    all
}

/// Lists an account's numbers, page by page (Meta, "WhatsApp Business Account > Phone Numbers").
async fn of_account(graph: &Graph, account: &str) -> Result<Vec<Listed>, GraphFailure> {
    let path = format!("{account}/phone_numbers");
    let (mut numbers, mut after) = (Vec::new(), String::new());
    for _ in 0..MOST_PAGES {
        let mut query = vec![("fields", "id,display_phone_number"), ("limit", "100")];
        if !after.is_empty() {
            query.push(("after", &after));
        }
        let page = graph.get(&path, &query).await?;
        let data = page["data"].as_array().into_iter().flatten();
        numbers.extend(data.map(|number| Listed {
            id: PhoneNumberId::new(text(&number["id"])),
            shown: text(&number["display_phone_number"]),
        }));
        let cursor = text(&page["paging"]["cursors"]["after"]);
        if page["paging"]["next"].is_null() || cursor.is_empty() || cursor == after {
            break;
        }
        after = cursor;
    }
    Ok(numbers)
}

pub(in crate::check) fn judge(accounts: &Accounts, settings: &Settings) -> Verdict {
    if accounts.is_empty() {
        return Verdict::unknown(
            "the token does not say which account it is for: give --business-account ID",
        );
    }
    let (mut unknown, mut others) = (Vec::new(), 0);
    for (account, numbers) in accounts {
        let numbers = match numbers {
            Ok(numbers) => numbers,
            Err(failure) => {
                return Verdict::wrong(
                    format!("{account}: {failure}"),
                    "give the system user the WhatsApp account, with full control",
                );
            }
        };
        for number in numbers {
            match settings.served(&number.id) {
                Served::Here(_) => {}
                Served::Elsewhere => others += 1,
                Served::Unknown => {
                    unknown.push(format!("{} ({})", number.id.as_str(), number.shown));
                }
            }
        }
    }
    let listed = |id: &PhoneNumberId| {
        let mut all = accounts
            .iter()
            .flat_map(|(_, numbers)| numbers.iter().flatten());
        all.any(|number| number.id == *id)
    };
    let mistaken = settings.numbers().iter();
    if !unknown.is_empty()
        && mistaken
            .into_iter()
            .any(|one| !listed(&one.phone_number_id))
    {
        return Verdict::unknown(format!(
            "a number of the settings is not in the account, which has {} in neither",
            unknown.join(", ")
        ));
    }
    match (&unknown[..], others) {
        ([], 0) => Verdict::ok("none"),
        ([], others) => Verdict::ok(format!("{others}, in other_numbers")),
        (unknown, _) => Verdict::wrong(
            format!(
                "neither served nor in other_numbers: {}; messages to them wait",
                unknown.join(", ")
            ),
            "give each a [[number]] table, or put its id into other_numbers, and store that: \
             casement settings apply settings.toml",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(others: &str) -> Settings {
        Settings::from_toml(&format!(
            "other_numbers = {others}\n[[number]]\nphone_number_id = \"1\"\nservice_desk_id = \"2\"\n\
             request_type_id = \"3\"\nbusiness_account_id = \"77\"\n"
        ))
        .unwrap()
    }

    fn numbers(ids: &[&str]) -> Result<Vec<Listed>, GraphFailure> {
        let listed = |id: &&str| Listed {
            id: PhoneNumberId::new(*id),
            shown: format!("+49 {id}"),
        };
        Ok(ids.iter().map(listed).collect())
    }

    #[test]
    fn numbers_that_nobody_has_named_are_listed() {
        let of = |account: &str, ids: &[&str]| (account.to_owned(), numbers(ids));
        for (others, accounts, expected) in [
            ("[]", vec![of("77", &["1"])], ("ok", "none")),
            ("[\"2\"]", vec![of("77", &["1", "2"])], ("ok", "1, in")),
            ("[]", vec![of("77", &["1", "2"])], ("wrong", "2 (+49 2)")),
            (
                "[\"2\"]",
                vec![of("77", &["1", "2"]), of("78", &["3", "4"])],
                ("wrong", "3 (+49 3), 4 (+49 4)"),
            ),
            (
                "[]",
                vec![("77".to_owned(), Err(GraphFailure::Refused(200)))],
                ("wrong", "77: "),
            ),
            ("[]", vec![], ("unknown", "--business-account")),
            // The row "WhatsApp number" reports the error.
            ("[]", vec![of("77", &["2"])], ("unknown", "2 (+49 2)")),
        ] {
            let (verdict, detail) = match judge(&accounts, &settings(others)) {
                Verdict::Ok { detail } => ("ok", detail),
                Verdict::Wrong { detail, .. } => ("wrong", detail),
                Verdict::Unknown { detail } => ("unknown", detail),
                Verdict::Hint { detail, .. } => ("hint", detail),
            };
            assert_eq!(verdict, expected.0, "{detail}");
            assert!(detail.contains(expected.1), "{detail}");
        }
    }

    #[test]
    fn accounts_are_those_of_the_token_and_of_the_settings() {
        let token = |accounts: &[&str]| TokenFacts {
            accounts: accounts.iter().map(|id| (*id).to_owned()).collect(),
            ..TokenFacts::default()
        };
        for (wanted, token, expected) in [
            (None, token(&["78", "77"]), vec!["77", "78"]),
            (None, token(&[]), vec!["77"]),
            (Some("9"), token(&["78"]), vec!["9"]),
        ] {
            assert_eq!(accounts(wanted, &token, &settings("[]")), expected);
        }
    }
}
