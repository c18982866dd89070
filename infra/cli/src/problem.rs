//! Why a command failed.

use std::process::ExitCode;

/// A failure, as a sentence that says what to do. Carries no secret and no text of a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The command line or a file that it names: change it and try again.
    #[error("{0}")]
    Usage(String),
    /// Something outside did not work.
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

    /// For `map_err` on calls to AWS.
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
