//! Why a command failed.

use std::process::ExitCode;

/// A failure, as a sentence that says what to do. Contains no secret and no message text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A fault in the command line or in a file that it names, for the user to correct.
    #[error("{0}")]
    Usage(String),
    /// A failure outside the command.
    #[error("{0}")]
    Failed(String),
    /// The same, where it is known what to do.
    #[error("{what}; {advice}")]
    Advised { what: String, advice: String },
}

impl Problem {
    /// Returns 2 if the command line or a file has to change, else 1.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Usage(_) => 2,
            Self::Failed(_) | Self::Advised { .. } => 1,
        })
    }

    pub(crate) fn advised(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Advised {
            what: what.into(),
            advice: advice.into(),
        }
    }

    /// Converts the code of a failed AWS call, for `map_err`.
    pub(crate) fn aws(doing: &str, code: &str) -> Self {
        Self::advised(format!("{doing}: {code}"), Self::advice_for(code))
    }

    /// Says what to do about the code of a failed AWS call.
    pub(crate) fn advice_for(code: &str) -> &'static str {
        match code {
            "ExpiredTokenException"
            | "ExpiredToken"
            | "UnrecognizedClientException"
            | "InvalidClientTokenId" => {
                "the AWS credentials are wrong or have ended: log in again (aws sso login) and \
                 export them anew, or give --profile"
            }
            "AccessDeniedException" | "AccessDenied" | "AWS.SimpleQueueService.AccessDenied" => {
                "the AWS account that you use may not do this: use a role that may"
            }
            "ResourceNotFoundException"
            | "AWS.SimpleQueueService.NonExistentQueue"
            | "QueueDoesNotExist" => {
                "there is nothing of that name in this account and region: check AWS_REGION and \
                 --outputs"
            }
            "no connection" | "timeout" => "AWS does not answer: check the network and AWS_REGION",
            // Not AWS's codes, but ours for answers without one.
            "no error code" | "unreadable answer" => {
                "something between here and AWS may have answered: look for a proxy, and at \
                 AWS_ENDPOINT_URL"
            }
            _ => "see the code in AWS's documentation",
        }
    }
}
