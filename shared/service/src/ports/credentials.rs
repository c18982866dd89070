//! What Casement says to Meta and to Jira to be let in.

use casement_core::model::fate::{CallFailure, Side};
use secrecy::SecretString;

/// A credential cannot be read. Why is for the implementation to log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsUnavailable {
    /// Another attempt may go better.
    #[error("the credentials cannot be read now")]
    NotNow,
    /// There are none, or they may not be read, until an operator acts.
    #[error("there are no usable credentials")]
    Unusable,
}

impl CredentialsUnavailable {
    /// How a call ends that could not be made for it. Nothing was sent.
    #[must_use]
    pub fn failure(self, side: Side) -> CallFailure {
        match self {
            Self::NotNow => CallFailure::CredentialsLate(side),
            Self::Unusable => CallFailure::NoCredentials(side),
        }
    }
}

/// What we say to the Cloud API.
pub trait WhatsappCredentials {
    /// The access token to be used now. A copy of some minutes is fine.
    ///
    /// # Errors
    /// There is none to be had. Nothing is sent, and the call ends as
    /// [`CredentialsUnavailable::failure`] says.
    async fn access_token(&self) -> Result<SecretString, CredentialsUnavailable>;

    /// The secret that the callback data of messages is sealed with
    /// ([`casement_core::model::ledger::callback`]). `None`: it is not sealed.
    ///
    /// # Errors
    /// As [`Self::access_token`].
    async fn callback_secret(&self) -> Result<Option<SecretString>, CredentialsUnavailable> {
        Ok(None)
    }

    /// Meta has refused the token: read it anew before it is asked for again, unless that was
    /// done a moment ago.
    async fn access_token_refused(&self);
}

/// How Casement proves to Jira which account it is (Atlassian Support, "Manage API tokens" and
/// "Manage service accounts").
#[derive(Clone, Debug)]
pub enum JiraAccount {
    /// Basic authentication. A plain token works at the site alone, a scoped one at the cloud
    /// API alone.
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
    /// An OAuth 2.0 client of a service account, for the cloud API. It buys access tokens that
    /// last about an hour.
    OauthClient {
        /// The client's id.
        client_id: SecretString,
        /// The client's secret.
        client_secret: SecretString,
        /// Where access tokens are to be had.
        token_url: String,
    },
}

/// What we say to Jira.
pub trait JiraCredentials {
    /// The account to be used now. A copy of some minutes is fine.
    ///
    /// # Errors
    /// There is none to be had. Nothing is sent, and the call ends as
    /// [`CredentialsUnavailable::failure`] says.
    async fn account(&self) -> Result<JiraAccount, CredentialsUnavailable>;

    /// Jira has refused the account: read it anew before it is asked for again, unless that was
    /// done a moment ago.
    async fn account_refused(&self);
}
