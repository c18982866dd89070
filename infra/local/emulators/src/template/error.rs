//! Errors in a template.

/// Why a template could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The text is not YAML.
    #[error("template: not valid YAML: {0}")]
    Yaml(#[from] saphyr::ScanError),
    /// The text is YAML, but not a template.
    #[error("template: {0}")]
    Shape(String),
    /// A parameter has neither a value nor a default.
    #[error("template: parameter {0} has no default and was given no value")]
    MissingParameter(String),
    /// A value was given for a parameter that the template does not have.
    #[error("template: there is no parameter {0}")]
    UnknownParameter(String),
    /// A property cannot be understood.
    #[error("template: {resource}: {property}: {reason}")]
    Property {
        /// The logical id of the resource.
        resource: String,
        /// The path of the property inside the resource.
        property: String,
        /// What is wrong, in plain words.
        reason: String,
    },
}

/// An error at a place inside a resource. The place grows outwards while the fault travels up.
#[derive(Debug)]
pub(super) struct Fault {
    path: Vec<String>,
    reason: String,
}

impl Fault {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            path: Vec::new(),
            reason: reason.into(),
        }
    }

    /// Returns the same fault, seen from one level further out.
    pub(super) fn within(mut self, key: impl Into<String>) -> Self {
        self.path.push(key.into());
        self
    }

    pub(super) fn of(self, resource: &str) -> TemplateError {
        let path: Vec<_> = self.path.into_iter().rev().collect();
        TemplateError::Property {
            resource: resource.to_owned(),
            property: if path.is_empty() {
                "Properties".to_owned()
            } else {
                path.join(".")
            },
            reason: self.reason,
        }
    }
}

impl<E: std::fmt::Display> From<serde_path_to_error::Error<E>> for Fault {
    fn from(error: serde_path_to_error::Error<E>) -> Self {
        let path = error.path().to_string();
        let fault = Self::new(error.inner().to_string());
        if path == "." {
            fault
        } else {
            fault.within(path)
        }
    }
}
