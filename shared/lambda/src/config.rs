//! Configuration from environment variables.

use std::str::FromStr;

/// The environment of a function, which asks it for what it needs.
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

/// A function cannot start with this configuration. Names the variable, never its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable is missing or empty.
    #[error("environment variable {name} is not set; it must be {purpose}")]
    Missing {
        /// Which.
        name: &'static str,
        /// What it is for.
        purpose: &'static str,
    },
    /// A variable has a value that cannot be read.
    #[error("environment variable {name} has a wrong value; it must be {purpose}")]
    Invalid {
        /// Which.
        name: &'static str,
        /// What it is for.
        purpose: &'static str,
    },
}

/// Looks a variable of this process up. One that is not Unicode counts as not set.
#[must_use]
pub fn process_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl Environment<fn(&str) -> Option<String>> {
    /// The environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            lookup: process_variable,
        }
    }
}

impl<L: Fn(&str) -> Option<String>> Environment<L> {
    /// An environment that `lookup` answers for.
    pub fn from_lookup(lookup: L) -> Self {
        Self { lookup }
    }

    /// The value of a variable; `None` when it is not set or empty.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    /// The value of a variable without which the function cannot work. `purpose` completes the
    /// sentence "it must be".
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

    /// As [`Environment::required`], for a value that is not a text.
    ///
    /// # Errors
    /// It is not set, empty, or not of its kind.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_wrong_is_named_with_its_purpose() {
        let environment = Environment::from_lookup(|name| match name {
            "TABLE_NAME" => Some("casement".to_owned()),
            "EMPTY" => Some(String::new()),
            "MAX_RECEIVE_COUNT" => Some("many".to_owned()),
            _ => None,
        });
        assert_eq!(
            environment.required("TABLE_NAME", "the table"),
            Ok("casement".to_owned())
        );
        assert_eq!(environment.optional("EMPTY"), None);
        for (result, message) in [
            (
                environment.required("SECRET_ID", "the secret's ARN"),
                "environment variable SECRET_ID is not set; it must be the secret's ARN",
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
