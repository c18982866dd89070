//! The credentials for Meta and Jira, from their secret.

use std::sync::Arc;

use casement_service::ports::{
    Clock, CredentialsUnavailable, JiraAccount, JiraCredentials, WhatsappCredentials,
};
use secrecy::SecretString;

use super::{Credentials, Secrets};

impl<C: Clock> WhatsappCredentials for Secrets<Credentials, C> {
    async fn access_token(&self) -> Result<SecretString, CredentialsUnavailable> {
        Ok(self.values().await?.whatsapp_access_token.clone())
    }

    async fn access_token_refused(&self) {
        self.read_anew("Meta").await;
    }
}

impl<C: Clock> JiraCredentials for Secrets<Credentials, C> {
    async fn account(&self) -> Result<JiraAccount, CredentialsUnavailable> {
        Ok(self.values().await?.jira_account.clone())
    }

    async fn account_refused(&self) {
        self.read_anew("Jira").await;
    }
}

impl<C: Clock> Secrets<Credentials, C> {
    async fn values(&self) -> Result<Arc<Credentials>, CredentialsUnavailable> {
        self.current().await.map_err(|failure| {
            if failure.needs_operator() {
                tracing::error!(%failure, "there are no credentials");
                CredentialsUnavailable::Unusable
            } else {
                tracing::warn!(%failure, "there are no credentials now");
                CredentialsUnavailable::NotNow
            }
        })
    }

    async fn read_anew(&self, refused_by: &str) {
        if let Err(failure) = self.refresh().await {
            tracing::error!(%failure, refused_by, "refused credentials cannot be read anew");
        }
    }
}
