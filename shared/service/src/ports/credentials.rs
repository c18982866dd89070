//! The credentials for Meta and Jira.

use casement_core::model::fate::{CallFailure, Side};
use secrecy::SecretString;

/// The reason why a credential cannot be read. The implementation logs the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsUnavailable {
    /// Another attempt may succeed.
    #[error("the credentials cannot be read now")]
    NotNow,
    /// The credentials are missing or may not be read, until an operator acts.
    #[error("there are no usable credentials")]
    Unusable,
}

impl CredentialsUnavailable {
    /// Returns the failure of a call that could not be made for this reason. Nothing was sent.
    #[must_use]
    pub fn failure(self, side: Side) -> CallFailure {
        match self {
            Self::NotNow => CallFailure::CredentialsLate(side),
            Self::Unusable => CallFailure::NoCredentials(side),
        }
    }
}

/// The credentials for the Cloud API.
pub trait WhatsappCredentials {
    /// Returns the access token to use now. A copy of some minutes is fine.
    ///
    /// # Errors
    /// No token is available. Nothing is sent, and the call ends with
    /// [`CredentialsUnavailable::failure`].
    async fn access_token(&self) -> Result<SecretString, CredentialsUnavailable>;

    /// Reports that Meta has refused the token: the next request reads it again, unless that was
    /// done a moment ago.
    async fn access_token_refused(&self);
}

/// The account with which Casement authenticates to Jira (Atlassian Support, "Manage API tokens"
/// and "Manage service accounts").
#[derive(Clone, Debug)]
pub enum JiraAccount {
    /// Basic authentication. A plain token works only at the site, a scoped one only at the cloud
    /// API.
    ApiToken {
        /// The account's e-mail address.
        email: SecretString,
        /// The API token.
        token: SecretString,
    },
    /// A bearer token: the scoped token of a service account, for the cloud API.
    ServiceToken {
        /// The API token.
        token: SecretString,
    },
    /// An OAuth 2.0 client of a service account, for the cloud API. The client obtains access
    /// tokens that last about an hour.
    OauthClient {
        /// The client's id.
        client_id: SecretString,
        /// The client's secret.
        client_secret: SecretString,
        /// The address that issues access tokens.
        token_url: String,
    },
}

/// The credentials for Jira.
pub trait JiraCredentials {
    /// Returns the account to use now. A copy of some minutes is fine.
    ///
    /// # Errors
    /// No account is available. Nothing is sent, and the call ends with
    /// [`CredentialsUnavailable::failure`].
    async fn account(&self) -> Result<JiraAccount, CredentialsUnavailable>;

    /// Reports that Jira has refused the account: the next request reads it again, unless that was
    /// done a moment ago.
    async fn account_refused(&self);
}
