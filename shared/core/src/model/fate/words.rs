//! The reasons why WhatsApp did not deliver a message, in words for the agent.

use super::WhatsappCode;

/// Explains what happened, who acts and what comes next. Never empty. The codes are those of the
/// Cloud API, "Error codes".
#[must_use]
pub fn explain(code: Option<WhatsappCode>) -> &'static str {
    let Some(code) = code else {
        return "WhatsApp gave no reason that we know. If it happens again, please tell the operators.";
    };
    to_the_agent(code)
        .or_else(|| to_the_operators(code))
        .unwrap_or("WhatsApp gave no reason that we know. Please tell the operators the code.")
}

/// Explains the codes that the agent can act on.
fn to_the_agent(code: WhatsappCode) -> Option<&'static str> {
    Some(match code.0 {
        131_047 => {
            "More than 24 hours have passed since the customer's last message. Please wait until \
             the customer writes again, or reach the customer another way."
        }
        131_056 => {
            "Too many messages went to this customer within a short time, and WhatsApp dropped \
             this one. Please write it again as a new public comment."
        }
        130_429 | 133_016 | 4 | 80_007 => {
            "Too many messages went out within a short time, and WhatsApp dropped this one. Please \
             write it again as a new public comment; if it happens often, tell the operators."
        }
        1 | 2 | 131_000 | 131_016 | 131_057 | 133_004 => {
            "WhatsApp had a fault or was under maintenance and lost the message. Please write it \
             again as a new public comment."
        }
        131_026 => {
            "WhatsApp cannot deliver to this customer: the number may not be on WhatsApp, may have \
             blocked us, or runs an old version. Please reach the customer another way."
        }
        131_049 => {
            "WhatsApp limits how many messages of this kind a customer gets, and withheld this \
             one. Please try again tomorrow, or reach the customer another way."
        }
        131_050 => {
            "The customer has opted out of messages of this kind. Please reach the customer \
             another way."
        }
        130_472 => {
            "WhatsApp withholds messages of this kind from this customer as part of an experiment \
             of its own. Please reach the customer another way."
        }
        131_021 => {
            "The message was addressed to our own number. Please check the customer's number."
        }
        131_062 => {
            "WhatsApp needs the customer's phone number for this message and we do not know it. \
             Please ask the customer for it."
        }
        137_000 => {
            "The customer's WhatsApp account has changed, perhaps with the phone. Please make sure \
             that you still talk to the same person, and write again as a new public comment."
        }
        131_051 | 131_053 => {
            "WhatsApp could not take the file: it may be damaged, or not what its name says. Please \
             send it in another form."
        }
        131_052 => {
            "WhatsApp could not fetch the file. Please attach it again in a new public comment."
        }
        135_000 => {
            "WhatsApp could not handle this message and does not say why. Please write it again in \
             other words; if that fails too, tell the operators the code."
        }
        132_000 | 132_005 | 132_012 => {
            "What was filled into the template does not fit it: the number, the form or the length \
             of the values. Please check them and send the template again."
        }
        132_001 => {
            "There is no approved template of this name in this language. Please check both; a new \
             template takes Meta's approval first."
        }
        _ => return None,
    })
}

/// Explains the codes that an operator has to fix.
fn to_the_operators(code: WhatsappCode) -> Option<&'static str> {
    Some(match code.0 {
        131_030 => {
            "The business number is a test number and may write to registered recipients only. \
             Please ask the operators to register this one or to use a live number."
        }
        0 | 190 => {
            "WhatsApp no longer accepts our access token. The operators have to renew it. Please \
             write again afterwards, or reach the customer another way."
        }
        3 | 10 | 131_005 | 200..=299 => {
            "Casement lacks a permission at Meta. The operators have to grant it. Please write \
             again afterwards, or reach the customer another way."
        }
        368 | 131_031 => {
            "Meta has locked or restricted the business account. The operators have to settle that \
             with Meta. Until then please reach the customer another way."
        }
        130_497 => {
            "Our business may not write to customers in this country on WhatsApp. Please reach the \
             customer another way, and tell the operators."
        }
        131_048 | 131_064 => {
            "Meta limits what our number may send, since too many of its messages were blocked, \
             reported or against the rules. The operators have to look at the number's quality. \
             Until then please reach the customer another way."
        }
        131_042 => {
            "There is a problem with our payments to Meta. The operators have to settle it. Please \
             write again afterwards, or reach the customer another way."
        }
        131_037 | 131_045 | 133_010 => {
            "Our number is not ready to send: its display name, its certificate or its \
             registration is missing. The operators have to complete it at Meta. Please write \
             again afterwards, or reach the customer another way."
        }
        100 | 131_008 | 131_009 | 33 => {
            "WhatsApp did not understand our request. This is a fault of Casement or of its \
             settings; please tell the operators the code."
        }
        132_007 => {
            "The template breaks a rule of WhatsApp. The operators have to change it and have it \
             approved again. Until then please use another one."
        }
        132_015 | 132_016 => {
            "WhatsApp has paused or disabled the template because of its quality. The operators \
             have to improve it. Until then please use another one."
        }
        132_068 | 132_069 => {
            "WhatsApp has blocked or slowed down the form in the template. The operators have to \
             repair it. Until then please use another template."
        }
        132_000..=132_999 => "WhatsApp refused the template. Please tell the operators the code.",
        _ => return None,
    })
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
                vec![130_429, 133_016, 4, 80_007],
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
                // The words ask somebody to do something, or name the operators.
                assert!(
                    words.contains("lease") || words.contains("operators"),
                    "{code}: {words}"
                );
            }
        }
        assert!(explain(None).contains("no reason that we know"));
        assert!(!explain(None).contains("code"), "there is none");
    }
}
