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
}

impl Problem {
    /// Returns 2 if the command line or a file has to change, else 1.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Usage(_) => 2,
            Self::Failed(_) => 1,
        })
    }

    /// Converts the code of a failed AWS call, for `map_err`.
    pub(crate) fn aws(doing: &str, code: &str) -> Self {
        let advice = match code {
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
            _ => "see the code in AWS's documentation",
        };
        Self::Failed(format!("{doing}: {code}; {advice}"))
    }
}
