//! What a message of ours costs, as Meta's reports say it.

use serde::{Deserialize, Serialize};

/// The price class of a message (Cloud API, "Pricing": `pricing` of a status).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub category: PriceCategory,
    /// Whether Meta bills the message when it is delivered.
    pub billable: bool,
}

/// Defines the categories, each with its word at Meta.
macro_rules! categories {
    ($($category:ident $word:literal)*) => {
        /// The category by which Meta bills a message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "each is Meta's word")]
        pub enum PriceCategory {
            $(#[serde(rename = $word)] $category,)*
            /// A category that Casement does not know.
            #[serde(other, rename = "other")]
            Other,
        }

        impl PriceCategory {
            /// Reads Meta's word, in its spellings with `-` and `_`.
            #[must_use]
            pub fn of(word: &str) -> Self {
                match &*word.to_ascii_lowercase().replace('-', "_") {
                    $($word => Self::$category,)*
                    _ => Self::Other,
                }
            }

            /// Returns the word for the metric.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$category => $word,)*
                    Self::Other => "other",
                }
            }
        }
    };
}

categories! {
    Service "service"
    Utility "utility"
    Marketing "marketing"
    MarketingLite "marketing_lite"
    Authentication "authentication"
    AuthenticationInternational "authentication_international"
    ReferralConversion "referral_conversion"
    GeneralPurposeAi "general_purpose_ai"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_few() {
        for (word, expected) in [
            ("service", PriceCategory::Service),
            (
                "authentication-international",
                PriceCategory::AuthenticationInternational,
            ),
            ("MARKETING_LITE", PriceCategory::MarketingLite),
            ("group_service", PriceCategory::Other),
            ("Ana Lima", PriceCategory::Other),
            ("", PriceCategory::Other),
        ] {
            let category = PriceCategory::of(word);
            assert_eq!(category, expected, "{word}");
            let written = serde_json::to_string(&category).unwrap();
            assert_eq!(written, format!("\"{}\"", category.as_str()));
            assert_eq!(
                serde_json::from_str::<PriceCategory>(&written).unwrap(),
                category
            );
        }
        let later: PriceCategory = serde_json::from_str("\"made_up_later\"").unwrap();
        assert_eq!(later, PriceCategory::Other);
    }
}
