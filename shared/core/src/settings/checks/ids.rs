//! Checks of Meta's ids: other things that people put in their place, and duplicates.

use toml::Spanned;

use super::NUMBER;
use crate::model::identity::{BusinessAccountId, PhoneNumberId};
use crate::settings::error::Problem;
use crate::settings::value::AccountNumber;

/// Checks the id of a business number. `known` is the message if `others` contain the id.
pub(super) fn new_number<'a>(
    table: &str,
    key: &str,
    id: &Spanned<PhoneNumberId>,
    others: impl IntoIterator<Item = &'a PhoneNumberId>,
    known: &str,
) -> Result<(), Problem> {
    let text = id.get_ref().as_str();
    let problem = |message: &str| Err(Problem::new(table, key, id.span(), message));
    if text.trim().is_empty() {
        return problem("is empty");
    }
    if is_like_a_phone_number(text) {
        return problem(&format!(
            "\"{text}\" is a phone number; write the id that it has at Meta, digits such as \
             \"106540352242922\": WhatsApp Manager shows it"
        ));
    }
    if text.contains(char::is_whitespace) {
        return problem(&format!(
            "\"{text}\" is not a number's id at Meta, digits such as \"106540352242922\": WhatsApp \
             Manager shows it"
        ));
    }
    if others.into_iter().any(|other| other == id.get_ref()) {
        let message = if key == "other_numbers" {
            format!("\"{text}\" {known}")
        } else {
            known.to_owned()
        };
        return problem(&message);
    }
    Ok(())
}

/// Checks that the id of an account is not that of its number.
pub(super) fn account(
    account: Option<Spanned<AccountNumber>>,
    number: &Spanned<PhoneNumberId>,
) -> Result<Option<BusinessAccountId>, Problem> {
    let Some(account) = account else {
        return Ok(None);
    };
    let span = account.span();
    let id = account.into_inner().0;
    if id.as_str() == number.get_ref().as_str() {
        let message =
            "is the number's own id; the account has another one: WhatsApp Manager shows it";
        return Err(Problem::new(NUMBER, "business_account_id", span, message));
    }
    Ok(Some(id))
}

/// Returns whether `text` is a phone number as people write it: `+49 30 123456`, `030/123456`.
/// Digits alone cannot be told from an id; `casement check` asks Meta.
fn is_like_a_phone_number(text: &str) -> bool {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_written = text
        .chars()
        .all(|letter| letter.is_ascii_digit() || "+-()/. \u{a0}".contains(letter));
    is_written && digits >= 3 && (digits < text.chars().count() || text.starts_with('0'))
}
