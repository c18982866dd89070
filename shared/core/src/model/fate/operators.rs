//! Advice for operators about Meta's error codes when Casement checks the setup.

use super::WhatsappCode;

/// Returns advice about a code.
///
/// Returns `None` if the code does not identify the problem, or if its meaning depends on the call.
/// The codes are those of the Cloud API, "Error codes", and of the Graph API, "Handle errors".
#[must_use]
pub fn advise(code: WhatsappCode) -> Option<&'static str> {
    Some(match code.0 {
        190 => {
            "make a token of a system user that never ends (Meta Business Suite > Users > System \
             users) and put it into the secret as whatsapp_access_token"
        }
        0 => {
            "Meta could not tell whose call it was: check whatsapp_access_token and \
             whatsapp_app_secrets in the secret"
        }
        3 | 10 | 131_005 | 200..=299 => {
            "a permission is missing at Meta: give the system user the app and the WhatsApp account \
             with full control, and its token both WhatsApp permissions"
        }
        4 | 17 | 32 | 613 | 80_007 | 130_429 | 131_056 | 133_016 => {
            "too many calls were made within a short time: wait an hour, and try again"
        }
        1 | 2 | 131_000 | 131_016 | 131_057 | 133_004 => {
            "Meta has a fault or is under maintenance: try again later; see metastatus.com"
        }
        368 | 131_031 => {
            "Meta has locked or restricted the business account: settle it with Meta (Business \
             Support Home)"
        }
        130_497 => "the business may not write to this country: see WhatsApp Manager",
        131_042 => {
            "there is a problem with the payments to Meta: see the billing of the WhatsApp account \
             in Meta Business Suite"
        }
        131_037 | 131_045 | 133_010 => {
            "the number is not ready to send (display name, certificate or registration): complete \
             it in WhatsApp Manager"
        }
        131_048 | 131_064 => {
            "Meta limits what the number may send: look at its quality in WhatsApp Manager"
        }
        100 | 33 | 131_008 | 131_009 => {
            "Meta did not understand the request, or does not know what it is about: check the ids, \
             and the stack's parameter GraphApiVersion"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_token_is_for_a_token_that_has_ended_alone() {
        for (codes, expected) in [
            (vec![190], Some("never ends")),
            (vec![0], Some("whose call it was")),
            (
                vec![3, 10, 131_005, 200, 299],
                Some("permission is missing"),
            ),
            (vec![4, 17, 80_007, 130_429], Some("wait an hour")),
            (vec![1, 2, 131_000, 131_016], Some("metastatus.com")),
            (vec![368, 131_031], Some("locked or restricted")),
            (vec![130_497], Some("country")),
            (vec![131_042], Some("payments")),
            (vec![131_045, 133_010], Some("not ready")),
            (vec![131_048], Some("quality")),
            (vec![33, 100, 131_009], Some("did not understand")),
            (vec![300, 999_999, -1], None),
        ] {
            for code in codes {
                let advice = advise(WhatsappCode(code));
                match (advice, expected) {
                    (Some(advice), Some(expected)) => {
                        assert!(advice.contains(expected), "{code}: {advice}");
                        assert_eq!(advice.contains("make a token"), code == 190, "{code}");
                    }
                    (advice, expected) => assert_eq!(advice, expected, "{code}"),
                }
            }
        }
    }
}
