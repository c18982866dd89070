//! Meta's error codes: what each means for the message, for the agent, and for an operator.
//!
//! The codes are those of the Cloud API, "Error codes", and of the Graph API, "Handle errors".

use super::{Fate, Pace, WhatsappCode};

/// What a code means.
struct Meaning {
    /// What becomes of the message.
    fate: Fate,
    /// What the agent reads: what happened, who acts and what comes next.
    words: &'static str,
    /// What an operator does about it when Casement checks what is set up. `None`: the code says
    /// nothing about that, or it depends on what was asked for.
    advice: Option<&'static str>,
}

impl Meaning {
    const fn new(fate: Fate, words: &'static str) -> Self {
        Self {
            fate,
            words,
            advice: None,
        }
    }

    const fn advising(self, advice: &'static str) -> Self {
        Self {
            advice: Some(advice),
            ..self
        }
    }
}

const FAULT_AT_META: &str = "WhatsApp had a fault or was under maintenance and lost the message. \
                             Please write it again as a new public comment.";

const TOKEN_REFUSED: &str = "WhatsApp no longer accepts our access token. The operators have to \
                             renew it. Please write again afterwards, or reach the customer \
                             another way.";

const WAIT_AN_HOUR: &str =
    "too many calls were made within a short time: wait an hour, and try again";

const SEE_META_STATUS: &str =
    "Meta has a fault or is under maintenance: try again later; see metastatus.com";

/// The table. `None`: the code is not in it.
fn meaning(code: WhatsappCode) -> Option<Meaning> {
    Some(match code.0 {
        // The customer and the window.
        131_047 => Meaning::new(
            Fate::Hold,
            "More than 24 hours have passed since the customer's last message. Please wait until \
             the customer writes again, or reach the customer another way.",
        ),
        131_026 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp cannot deliver to this customer: the number may not be on WhatsApp, may have \
             blocked us, or runs an old version. Please reach the customer another way.",
        ),
        131_049 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp limits how many messages of this kind a customer gets, and withheld this \
             one. Please try again tomorrow, or reach the customer another way.",
        ),
        131_050 => Meaning::new(
            Fate::GiveUp,
            "The customer has opted out of messages of this kind. Please reach the customer \
             another way.",
        ),
        130_472 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp withholds messages of this kind from this customer as part of an experiment \
             of its own. Please reach the customer another way.",
        ),
        131_021 => Meaning::new(
            Fate::GiveUp,
            "The message was addressed to our own number. Please check the customer's number.",
        ),
        131_062 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp needs the customer's phone number for this message and we do not know it. \
             Please ask the customer for it.",
        ),
        137_000 => Meaning::new(
            Fate::GiveUp,
            "The customer's WhatsApp account has changed, perhaps with the phone. Please make sure \
             that you still talk to the same person, and write again as a new public comment.",
        ),
        131_030 => Meaning::new(
            Fate::GiveUp,
            "The business number is a test number and may write to registered recipients only. \
             Please ask the operators to register this one or to use a live number.",
        ),
        // What was sent.
        131_051 | 131_053 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp could not take the file: it may be damaged, or not what its name says. \
             Please send it in another form.",
        ),
        131_052 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp could not fetch the file. Please attach it again in a new public comment.",
        ),
        135_000 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp could not handle this message and does not say why. Please write it again in \
             other words; if that fails too, tell the operators the code.",
        ),
        33 | 100 | 131_008 | 131_009 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp did not understand our request. This is a fault of Casement or of its \
             settings; please tell the operators the code.",
        )
        .advising(
            "Meta did not understand the request, or does not know what it is about: check the \
             ids, and the stack's parameter GraphApiVersion",
        ),
        // Too much at once: to one customer, from one number, by the app, a user or the account.
        131_056 => Meaning::new(
            Fate::Retry(Pace::Steep),
            "Too many messages went to this customer within a short time, and WhatsApp dropped \
             this one. Please write it again as a new public comment.",
        )
        .advising(WAIT_AN_HOUR),
        4 | 17 | 32 | 613 | 80_007 | 130_429 | 133_016 => Meaning::new(
            Fate::Retry(Pace::Steep),
            "Too many messages went out within a short time, and WhatsApp dropped this one. Please \
             write it again as a new public comment; if it happens often, tell the operators.",
        )
        .advising(WAIT_AN_HOUR),
        // Faults and maintenance at Meta.
        1 | 2 | 131_016 | 131_057 | 133_004 => {
            Meaning::new(Fate::Retry(Pace::Usual), FAULT_AT_META).advising(SEE_META_STATUS)
        }
        131_000 => Meaning::new(Fate::Resolve, FAULT_AT_META).advising(SEE_META_STATUS),
        // Credentials, permissions, policy and the account: an operator has to act.
        0 => Meaning::new(Fate::Pause, TOKEN_REFUSED).advising(
            "Meta could not tell whose call it was: check whatsapp_access_token and \
             whatsapp_app_secrets in the secrets",
        ),
        190 => Meaning::new(Fate::Pause, TOKEN_REFUSED).advising(
            "make a token of a system user that never ends (Meta Business Suite > Users > System \
             users), then: casement secret set --only whatsapp_access_token",
        ),
        3 | 10 | 200..=299 | 131_005 => Meaning::new(
            Fate::Pause,
            "Casement lacks a permission at Meta. The operators have to grant it. Please write \
             again afterwards, or reach the customer another way.",
        )
        .advising(
            "a permission is missing at Meta: give the system user the app and the WhatsApp \
             account with full control, and its token both WhatsApp permissions",
        ),
        368 | 131_031 => Meaning::new(
            Fate::Pause,
            "Meta has locked or restricted the business account. The operators have to settle that \
             with Meta. Until then please reach the customer another way.",
        )
        .advising(
            "Meta has locked or restricted the business account: settle it with Meta (Business \
             Support Home)",
        ),
        130_497 => Meaning::new(
            Fate::Pause,
            "Our business may not write to customers in this country on WhatsApp. Please reach the \
             customer another way, and tell the operators.",
        )
        .advising("the business may not write to this country: see WhatsApp Manager"),
        131_042 => Meaning::new(
            Fate::Pause,
            "There is a problem with our payments to Meta. The operators have to settle it. Please \
             write again afterwards, or reach the customer another way.",
        )
        .advising(
            "there is a problem with the payments to Meta: see the billing of the WhatsApp account \
             in Meta Business Suite",
        ),
        131_037 | 131_045 | 133_010 => Meaning::new(
            Fate::Pause,
            "Our number is not ready to send: its display name, its certificate or its \
             registration is missing. The operators have to complete it at Meta. Please write \
             again afterwards, or reach the customer another way.",
        )
        .advising(
            "the number is not ready to send (display name, certificate or registration): complete \
             it in WhatsApp Manager",
        ),
        131_048 | 131_064 => Meaning::new(
            Fate::Pause,
            "Meta limits what our number may send, since too many of its messages were blocked, \
             reported or against the rules. The operators have to look at the number's quality. \
             Until then please reach the customer another way.",
        )
        .advising("Meta limits what the number may send: look at its quality in WhatsApp Manager"),
        // Templates.
        132_000 | 132_005 | 132_012 => Meaning::new(
            Fate::GiveUp,
            "What was filled into the template does not fit it: the number, the form or the length \
             of the values. Please check them and send the template again.",
        ),
        132_001 => Meaning::new(
            Fate::GiveUp,
            "There is no approved template of this name in this language. Please check both; a new \
             template takes Meta's approval first.",
        ),
        132_007 => Meaning::new(
            Fate::GiveUp,
            "The template breaks a rule of WhatsApp. The operators have to change it and have it \
             approved again. Until then please use another one.",
        ),
        132_015 | 132_016 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp has paused or disabled the template because of its quality. The operators \
             have to improve it. Until then please use another one.",
        ),
        132_068 | 132_069 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp has blocked or slowed down the form in the template. The operators have to \
             repair it. Until then please use another template.",
        ),
        132_000..=132_999 => Meaning::new(
            Fate::GiveUp,
            "WhatsApp refused the template. Please tell the operators the code.",
        ),
        _ => return None,
    })
}

/// Decides what a code means for the message. A code that is not in the table is given up: a
/// visible note is better than a message that is tried for hours.
pub(super) fn fate_of(code: WhatsappCode) -> Fate {
    meaning(code).map_or(Fate::GiveUp, |meaning| meaning.fate)
}

/// Explains to the agent why WhatsApp did not deliver a message. Never empty.
#[must_use]
pub fn explain(code: Option<WhatsappCode>) -> &'static str {
    let Some(code) = code else {
        return "WhatsApp gave no reason that we know. If it happens again, please tell the operators.";
    };
    meaning(code).map_or(
        "WhatsApp gave no reason that we know. Please tell the operators the code.",
        |meaning| meaning.words,
    )
}

/// Says what an operator does about a code that Meta answers to a check of the set-up, if the code
/// tells.
#[must_use]
pub fn advise(code: WhatsappCode) -> Option<&'static str> {
    meaning(code)?.advice
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_cloud_api_has_words() {
        for (codes, expected) in [
            (vec![131_047], "More than 24 hours"),
            (vec![131_056], "to this customer within a short time"),
            (
                vec![130_429, 133_016, 4, 17, 32, 613, 80_007],
                "went out within a short time",
            ),
            (
                vec![1, 2, 131_000, 131_016, 131_057, 133_004],
                "under maintenance",
            ),
            (vec![135_000], "in other words"),
            (vec![131_026], "may not be on WhatsApp"),
            (vec![131_049], "try again tomorrow"),
            (vec![131_050], "opted out"),
            (vec![130_472], "experiment"),
            (vec![131_051, 131_053], "in another form"),
            (vec![131_052], "attach it again"),
            (vec![131_062], "ask the customer for it"),
            (vec![131_021], "our own number"),
            (vec![131_030], "test number"),
            (vec![131_037, 131_045, 133_010], "not ready to send"),
            (vec![131_042], "payments"),
            (vec![100, 131_008, 131_009, 33], "did not understand"),
            (vec![132_000, 132_005, 132_012], "does not fit it"),
            (vec![132_001], "no approved template"),
            (vec![132_007], "breaks a rule"),
            (vec![132_008], "refused the template"),
            (vec![132_015, 132_016], "paused or disabled"),
            (vec![132_068, 132_069], "the form in the template"),
            (vec![0, 190], "access token"),
            (vec![3, 10, 131_005, 200, 250, 299], "permission"),
            (vec![368, 131_031], "locked or restricted"),
            (vec![130_497], "in this country"),
            (vec![131_048, 131_064], "number's quality"),
            (vec![137_000], "the same person"),
            (vec![999_999, 300, -1], "no reason that we know"),
        ] {
            for code in codes {
                let words = explain(Some(WhatsappCode(code)));
                assert!(words.contains(expected), "{code}: {words}");
                // Somebody is asked to do something, or the operators have to.
                assert!(
                    words.contains("lease") || words.contains("operators"),
                    "{code}: {words}"
                );
            }
        }
        assert!(explain(None).contains("no reason that we know"));
        assert!(!explain(None).contains("code"), "there is none");
    }

    #[test]
    fn a_new_token_is_for_a_token_that_has_ended_alone() {
        for (codes, expected) in [
            (vec![190], Some("never ends")),
            (vec![0], Some("whose call it was")),
            (
                vec![3, 10, 131_005, 200, 299],
                Some("permission is missing"),
            ),
            (vec![4, 17, 32, 613, 80_007, 130_429], Some("wait an hour")),
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
