//! Configuration from environment variables.

use std::str::FromStr;

/// The environment variables of a function.
///
/// ```
/// use casement_lambda::config::Environment;
///
/// let environment = Environment::from_lookup(|name| {
///     (name == "MAX_RECEIVE_COUNT").then(|| "40".to_owned())
/// });
/// let receives: u32 = environment.parsed("MAX_RECEIVE_COUNT", "a whole number")?;
/// assert_eq!(receives, 40);
/// # Ok::<(), casement_lambda::config::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Environment<L> {
    lookup: L,
}

/// The function cannot start with this configuration. Names the variable, never its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable is missing or empty.
    #[error("environment variable {name} is not set; it must be {purpose}")]
    Missing {
        name: &'static str,
        /// Its purpose.
        purpose: &'static str,
    },
    /// A variable has an unreadable value.
    #[error("environment variable {name} has a wrong value; it must be {purpose}")]
    Invalid {
        name: &'static str,
        /// Its purpose.
        purpose: &'static str,
    },
}

/// Looks up a variable of this process. One that is not Unicode counts as not set.
#[must_use]
fn process_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The variables of the process.
pub type ProcessEnvironment = Environment<fn(&str) -> Option<String>>;

impl ProcessEnvironment {
    /// The environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            lookup: process_variable,
        }
    }
}

impl<L: Fn(&str) -> Option<String>> Environment<L> {
    /// Makes an environment from `lookup`.
    pub fn from_lookup(lookup: L) -> Self {
        Self { lookup }
    }

    /// Returns the value of a variable, or `None` if it is not set or empty.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    /// Returns the value of a variable that the function needs. `purpose` completes the sentence
    /// "it must be".
    ///
    /// # Errors
    /// It is not set or empty.
    pub fn required(
        &self,
        name: &'static str,
        purpose: &'static str,
    ) -> Result<String, ConfigError> {
        self.optional(name)
            .ok_or(ConfigError::Missing { name, purpose })
    }

    /// As [`Environment::required`], for a value of another type than text.
    ///
    /// # Errors
    /// It is not set, empty, or not of its type.
    pub fn parsed<T: FromStr>(
        &self,
        name: &'static str,
        purpose: &'static str,
    ) -> Result<T, ConfigError> {
        let value = self.required(name, purpose)?;
        value
            .parse()
            .map_err(|_| ConfigError::Invalid { name, purpose })
    }
}

/// Casement's own variables, each in one place. `template.yaml` sets them.
impl<L: Fn(&str) -> Option<String>> Environment<L> {
    /// `TABLE_NAME`.
    ///
    /// # Errors
    /// It is not set.
    pub fn table(&self) -> Result<String, ConfigError> {
        self.required("TABLE_NAME", "the name of the DynamoDB table")
    }

    /// `WEBHOOK_SECRET_ID`.
    ///
    /// # Errors
    /// It is not set.
    pub fn webhook_secret(&self) -> Result<String, ConfigError> {
        self.required(
            "WEBHOOK_SECRET_ID",
            "the name or ARN of the webhook secret in Secrets Manager",
        )
    }

    /// `CREDENTIALS_SECRET_ID`.
    ///
    /// # Errors
    /// It is not set.
    pub fn credentials_secret(&self) -> Result<String, ConfigError> {
        self.required(
            "CREDENTIALS_SECRET_ID",
            "the name or ARN of the credentials secret in Secrets Manager",
        )
    }

    /// `FINGERPRINT_KEY_ID`.
    ///
    /// # Errors
    /// It is not set.
    pub fn fingerprint_key(&self) -> Result<String, ConfigError> {
        self.required(
            "FINGERPRINT_KEY_ID",
            "the name or ARN of the fingerprint key in Secrets Manager",
        )
    }

    /// `INBOUND_QUEUE_URL`.
    ///
    /// # Errors
    /// It is not set.
    pub fn inbound_queue(&self) -> Result<String, ConfigError> {
        self.required("INBOUND_QUEUE_URL", "the URL of the inbound queue")
    }

    /// `OUTBOUND_QUEUE_URL`.
    ///
    /// # Errors
    /// It is not set.
    pub fn outbound_queue(&self) -> Result<String, ConfigError> {
        self.required("OUTBOUND_QUEUE_URL", "the URL of the outbound queue")
    }

    /// `STATUS_QUEUE_URL`.
    ///
    /// # Errors
    /// It is not set.
    pub fn status_queue(&self) -> Result<String, ConfigError> {
        self.required("STATUS_QUEUE_URL", "the URL of the status queue")
    }

    /// `DELAY_QUEUE_URL`.
    ///
    /// # Errors
    /// It is not set.
    pub fn delay_queue(&self) -> Result<String, ConfigError> {
        self.required("DELAY_QUEUE_URL", "the URL of the delay queue")
    }

    /// `MAX_RECEIVE_COUNT`: the `maxReceiveCount` of the queue that the function reads.
    ///
    /// # Errors
    /// It is not set, or not a number.
    pub fn max_receive_count(&self) -> Result<u32, ConfigError> {
        self.parsed(
            "MAX_RECEIVE_COUNT",
            "the queue's maxReceiveCount, a whole number",
        )
    }

    /// `JIRA_BASE_URL`.
    ///
    /// # Errors
    /// It is not set.
    pub fn jira_base_url(&self) -> Result<String, ConfigError> {
        self.required(
            "JIRA_BASE_URL",
            "the address of the Jira site, or of its cloud API",
        )
    }

    /// `WHATSAPP_BASE_URL` and `GRAPH_API_VERSION`: the Graph API's address with its version.
    ///
    /// # Errors
    /// One of them is not set.
    pub fn graph_api(&self) -> Result<String, ConfigError> {
        let base = self.required("WHATSAPP_BASE_URL", "the address of the Graph API")?;
        let version = self.required(
            "GRAPH_API_VERSION",
            "the version of the Graph API, such as v27.0",
        )?;
        Ok(format!("{}/{version}", base.trim_end_matches('/')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_wrong_is_named_with_its_purpose() {
        let environment = Environment::from_lookup(|name| match name {
            "TABLE_NAME" => Some("casement".to_owned()),
            "WHATSAPP_BASE_URL" => Some("https://graph.example/".to_owned()),
            "GRAPH_API_VERSION" => Some("v27.0".to_owned()),
            "EMPTY" => Some(String::new()),
            "MAX_RECEIVE_COUNT" => Some("many".to_owned()),
            _ => None,
        });
        assert_eq!(
            environment.required("TABLE_NAME", "the table"),
            Ok("casement".to_owned())
        );
        assert_eq!(environment.optional("EMPTY"), None);
        assert_eq!(
            environment.graph_api().as_deref(),
            Ok("https://graph.example/v27.0")
        );
        for (result, message) in [
            (
                environment.required("WEBHOOK_SECRET_ID", "the secret's ARN"),
                "environment variable WEBHOOK_SECRET_ID is not set; it must be the secret's ARN",
            ),
            (
                environment.required("EMPTY", "something"),
                "environment variable EMPTY is not set; it must be something",
            ),
            (
                environment
                    .parsed::<u32>("MAX_RECEIVE_COUNT", "a whole number")
                    .map(|count| count.to_string()),
                "environment variable MAX_RECEIVE_COUNT has a wrong value; it must be a whole number",
            ),
        ] {
            assert_eq!(result.unwrap_err().to_string(), message);
        }
    }
}
