//! The people and programs on the site.

use serde::{Deserialize, Serialize};

/// Somebody who acts in Jira.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// The service account that Casement itself uses.
    Bridge,
    /// A person with a licence.
    Agent,
    /// Automation for Jira.
    Automation,
    /// A person with access to the portal only.
    Customer,
}

impl Account {
    pub(crate) const ALL: [Self; 4] = [Self::Bridge, Self::Agent, Self::Automation, Self::Customer];

    /// Returns the account id, in the form that its kind has on a real site.
    #[must_use]
    pub fn account_id(self) -> &'static str {
        match self {
            Self::Bridge => "712020:5d1c8c6e-0f0b-4c47-9a53-c0ffee000001",
            Self::Agent => "712020:9b3f2f1a-6c1d-4c55-8d1e-c0ffee000002",
            Self::Automation => "557058:f58131cb-b67d-43c7-b30d-6b58d40bd077",
            Self::Customer => {
                "qm:6f1a2b3c-4d5e-4f60-8a7b-c0ffee000003:2b9c1d3e-5f70-4a81-9b2c-c0ffee000004"
            }
        }
    }

    /// Returns the name that others see.
    #[must_use]
    pub fn display_name(self) -> &'static str {
        match self {
            Self::Bridge => "Casement",
            Self::Agent => "Agent Ada",
            Self::Automation => "Automation for Jira",
            Self::Customer => "Portal customer",
        }
    }

    /// Returns `atlassian`, `app` or `customer`.
    #[must_use]
    pub fn account_type(self) -> &'static str {
        match self {
            Self::Bridge | Self::Agent => "atlassian",
            Self::Automation => "app",
            Self::Customer => "customer",
        }
    }
}
