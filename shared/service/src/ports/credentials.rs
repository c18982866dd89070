//! What Casement says to Meta and to Jira to be let in.

use secrecy::SecretString;

/// A credential cannot be read. Why is for the implementation to log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the credentials cannot be read")]
pub struct CredentialsUnavailable;

/// What we say to the Cloud API.
pub trait WhatsappCredentials {
    /// The access token to be used now. A copy of some minutes is fine.
    ///
    /// # Errors
    /// There is none to be had. Nothing is sent, and the send counts as
    /// [`CallFailure::Unreachable`](casement_core::fate::CallFailure::Unreachable).
    async fn access_token(&self) -> Result<SecretString, CredentialsUnavailable>;

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
    /// There is none to be had. Nothing is sent, and the call counts as
    /// [`CallFailure::Unreachable`](casement_core::fate::CallFailure::Unreachable).
    async fn account(&self) -> Result<JiraAccount, CredentialsUnavailable>;

    /// Jira has refused the account: read it anew before it is asked for again, unless that was
    /// done a moment ago.
    async fn account_refused(&self);
}
