//! What Meta reports about a business account and its numbers.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::identity::BusinessAccountId;

/// Meta's report about a business account or one of its numbers, as the status queue carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountEvent {
    /// The WhatsApp Business Account. `None` if the webhook does not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_account_id: Option<BusinessAccountId>,
    pub kind: AccountKind,
    /// Meta's own words for it, such as `TIER_1K`: few, short, and not about a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// The time by WhatsApp's clock.
    #[serde(with = "ts_seconds")]
    pub at: DateTime<Utc>,
}

/// The effect of an event on sending. The order is that of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good news, or a change without effect.
    Info,
    /// Somebody should look at it.
    Warning,
    /// It limits what can be sent, now or soon.
    Limits,
    /// It stops sending.
    Stops,
}

impl Severity {
    /// Returns the word for logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Limits => "limits",
            Self::Stops => "stops",
        }
    }
}

/// Defines the kinds of events: each with its word, its severity, what it means and what to do.
macro_rules! kinds {
    ($($kind:ident $word:literal $severity:ident $meaning:literal $to_do:literal)*) => {
        /// The kind of an event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "each has its meaning")]
        pub enum AccountKind {
            $(#[serde(rename = $word)] $kind,)*
            /// An event that Casement does not know.
            #[serde(other, rename = "other")]
            Other,
        }

        impl AccountKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind,)* Self::Other];

            /// Returns the word for logs and metrics.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)*
                    Self::Other => "other",
                }
            }

            /// Returns the effect on sending.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$kind => Severity::$severity,)*
                    Self::Other => Severity::Warning,
                }
            }

            /// Returns what has happened, in plain words.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$kind => $meaning,)*
                    Self::Other => "Meta reports something that Casement does not know",
                }
            }

            /// Returns what an operator should do. Empty if nothing.
            #[must_use]
            pub fn to_do(self) -> &'static str {
                match self {
                    $(Self::$kind => $to_do,)*
                    Self::Other => "look into WhatsApp Manager > Overview, and into Meta's changelog",
                }
            }
        }
    };
}

kinds! {
    AccountDeleted "account_deleted" Stops
        "the WhatsApp business account was deleted"
        "ask who deleted it in Meta Business Suite; nothing can be sent from its numbers"
    AccountOffboarded "account_offboarded" Stops
        "the number was registered on another device, and the account left the Cloud API"
        "connect the number to the Cloud API again, then: casement connect whatsapp"
    AccountDisabled "account_disabled" Stops
        "Meta has disabled the account"
        "ask for a review in Meta Business Suite > Business support; replies wait and go out after that"
    RepliesRestricted "replies_restricted" Stops
        "Meta has restricted the account: it may not answer customers"
        "read the reason in Meta Business Suite > Business support and ask for a review; replies wait"
    AppRemoved "app_removed" Stops
        "the app was removed from the account"
        "give the app the account again in Meta Business Suite, then: casement connect whatsapp"
    DisableAnnounced "disable_announced" Limits
        "Meta is going to disable the account"
        "ask for a review in Meta Business Suite > Business support before that day"
    TemplatesRestricted "templates_restricted" Limits
        "Meta has restricted the account: templates cannot be sent, or not to everybody"
        "read the reason in Meta Business Suite > Business support; held replies are not announced meanwhile"
    AccountRestricted "account_restricted" Limits
        "Meta has restricted the account"
        "read what is restricted in Meta Business Suite > Business support"
    AccountViolation "account_violation" Limits
        "Meta sees a violation of its policies"
        "read which one in Meta Business Suite > Business support; more of them restrict the account"
    PartnerRemoved "partner_removed" Limits
        "a partner no longer has access to the account"
        "if the token is the partner's, make one of your own: casement secret set --only whatsapp_access_token"
    QualityFlagged "quality_flagged" Limits
        "the quality of a number is low: customers block or report it"
        "see WhatsApp Manager > Phone numbers; send fewer templates, and only ones that customers expect"
    LimitLowered "limit_lowered" Limits
        "the messaging limit was lowered: fewer customers a day can get a template"
        "see WhatsApp Manager > Overview for the limit; replies in an open window are not limited"
    LimitLowest "limit_lowest" Limits
        "the messaging limit is the lowest one: few customers a day can get a template"
        "verify the business, or see WhatsApp Manager > Overview for how to raise it; replies in an open window are not limited"
    NameRejected "name_rejected" Limits
        "Meta has rejected the display name of a number"
        "choose another name in WhatsApp Manager > Phone numbers; a number without an approved name cannot send"
    Payment "payment" Limits
        "something is wrong with the payment of the account"
        "see Meta Business Suite > Billing; without a payment method only the free messages of a month are delivered"
    AlertCritical "alert_critical" Limits
        "Meta raises a critical alert"
        "read it in WhatsApp Manager > Overview"
    ReopeningTemplateToMarketing "reopening_template_to_marketing" Limits
        "Meta is going to make the reopening template a MARKETING template"
        "appeal in WhatsApp Manager > Message templates, or make another template of the category UTILITY \
         and name it in the settings; marketing costs more, and is not delivered to numbers that begin with +1"
    ReopeningTemplateIsMarketing "reopening_template_is_marketing" Limits
        "the reopening template is a MARKETING template now"
        "make another template of the category UTILITY and name it in the settings; \
         marketing costs more, and is not delivered to numbers that begin with +1"
    CallsRestricted "calls_restricted" Warning
        "Meta has restricted the account's calls"
        "nothing, unless you use calls; messages are not affected"
    NumbersRestricted "numbers_restricted" Warning
        "Meta has restricted the account: no number can be added"
        "read the reason in Meta Business Suite > Business support; messages are not affected"
    LimitNotRaised "limit_not_raised" Warning
        "Meta does not raise the messaging limit"
        "see WhatsApp Manager > Overview for what is missing"
    Alert "alert" Warning
        "Meta raises an alert"
        "read it in WhatsApp Manager > Overview"
    PinChanged "pin_changed" Warning
        "the two-step verification PIN of a number was changed or switched off"
        "if it was none of you, change it in WhatsApp Manager > Phone numbers, and look at who has access"
    PinResetRequested "pin_reset_requested" Warning
        "somebody asks to switch off the two-step verification of a number"
        "if it was none of you, keep the PIN, and look at who has access to the account"
    PinReset "pin_reset" Warning
        "the two-step verification of a number was switched off"
        "set a new PIN in WhatsApp Manager > Phone numbers"
    NamePending "name_pending" Info
        "Meta has not decided on the display name of a number yet" ""
    NameApproved "name_approved" Info
        "Meta has approved the display name of a number" ""
    AccountReinstated "account_reinstated" Info
        "the account is no longer disabled" ""
    AccountReconnected "account_reconnected" Info
        "the account is connected again" ""
    QualityUnflagged "quality_unflagged" Info
        "the quality of a number is no longer low" ""
    LimitRaised "limit_raised" Info
        "the messaging limit was raised" ""
    LimitSet "limit_set" Info
        "Meta reports the messaging limit" ""
    ThroughputRaised "throughput_raised" Info
        "a number may send more messages a second" ""
    NumberOnboarded "number_onboarded" Info
        "a number was added to the account" ""
    AlertOver "alert_over" Info
        "an alert of Meta is over, or only informs" ""
    PriceTier "price_tier" Info
        "the account has reached another price tier" ""
    AccountChanged "account_changed" Info
        "the account was changed" ""
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_says_what_it_means_and_what_to_do() {
        let words: BTreeSet<_> = AccountKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(words.len(), AccountKind::ALL.len(), "a word stands twice");
        for kind in AccountKind::ALL {
            let word = kind.as_str();
            assert!(!kind.meaning().is_empty(), "{word}");
            let good = kind.severity() == Severity::Info;
            assert_eq!(kind.to_do().is_empty(), good, "{word}");
            assert!(!kind.to_do().contains("  "), "{word}");
            let written = serde_json::to_value(kind).unwrap();
            assert_eq!(written, word);
            assert_eq!(
                serde_json::from_value::<AccountKind>(written).unwrap(),
                *kind
            );
        }
    }

    #[test]
    fn a_kind_of_a_newer_version_is_another() {
        let kind: AccountKind = serde_json::from_str("\"made_up_later\"").unwrap();
        assert_eq!(kind, AccountKind::Other);
        assert_eq!(kind.severity(), Severity::Warning);
    }

    #[test]
    fn what_stops_is_worse_than_what_limits() {
        let mut all = [
            Severity::Stops,
            Severity::Info,
            Severity::Limits,
            Severity::Warning,
        ];
        all.sort();
        let words = all.map(Severity::as_str);
        assert_eq!(words, ["info", "warning", "limits", "stops"]);
    }
}
