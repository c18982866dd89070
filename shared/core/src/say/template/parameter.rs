//! Values for a template, and problems with them.

use crate::model::attachment::FileForm;
use crate::model::private::Private;

/// A value in a text.
#[derive(Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The variable's name. `None` if the template numbers its variables.
    pub name: Option<String>,
    pub text: String,
}

/// A problem with the values. The error messages are for agents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterProblem {
    /// A value is missing.
    #[error("the value of {0} is missing")]
    Missing(String),
    /// The template has no such key.
    #[error("the template has no parameter {}", .0.get())]
    Unknown(Private<String>),
    /// There are more values than places.
    #[error("{given} values are given without a key, and there are places for {taken}")]
    TooMany {
        /// The number of values given.
        given: usize,
        /// The number of values with a place.
        taken: usize,
    },
    /// A value is empty.
    #[error("the value of {0} is empty")]
    Empty(String),
    /// A value has white space that Meta refuses.
    #[error(
        "the value of {0} has a line break, a tab or more than four spaces in a row, which \
         WhatsApp does not take"
    )]
    Spaces(String),
    /// The file of the header is missing.
    #[error(
        "the file of the header is missing: attach {} to this note or to the request and write \
         header=NAME-OF-THE-FILE",
        file_word(*.0)
    )]
    NoFile(FileForm),
    /// Casement cannot fill in this template.
    #[error("templates with {0} cannot be sent from Jira")]
    Unsupported(String),
}

pub(super) fn file_word(form: FileForm) -> &'static str {
    match form {
        FileForm::Image => "a JPEG or PNG picture",
        FileForm::Video => "an MP4 or 3GP video",
        _ => "a document",
    }
}
