//! SQS's errors, in both forms that clients read.

/// Why SQS refuses a request.
///
/// Names and codes: SQS API reference, "Common errors" and the errors of each operation. The Rust
/// SDK reads the code from the `x-amzn-query-error` header ([`SqsError::query_code`]). Other
/// clients read the shape from the body's `__type` ([`SqsError::shape`]).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SqsError {
    /// There is no queue of that name.
    #[error("The specified queue does not exist.")]
    QueueDoesNotExist,
    /// A queue of that name exists with a different value of the attribute.
    #[error("A queue already exists with the same name and a different value for attribute {0}")]
    QueueNameExists(String),
    /// A required parameter is absent or empty.
    #[error("The request must contain the parameter {0}.")]
    MissingParameter(&'static str),
    /// A parameter has a value that is not allowed.
    #[error("{0}")]
    InvalidParameterValue(String),
    /// The queue has no such attribute.
    #[error("Unknown Attribute {0}.")]
    InvalidAttributeName(String),
    /// A queue attribute has a value that is not allowed.
    #[error("Invalid value for the parameter {attribute}.{}", reason.as_deref().map(|r| format!(" Reason: {r}")).unwrap_or_default())]
    InvalidAttributeValue {
        attribute: String,
        /// What is wrong, if more than that the value is out of range.
        reason: Option<String>,
    },
    /// The body has a character that XML 1.0 does not allow.
    #[error(
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
    )]
    InvalidMessageContents,
    /// The receipt handle was not issued by this queue.
    #[error("The input receipt handle \"{0}\" is not a valid receipt handle.")]
    ReceiptHandleIsInvalid(String),
    /// The message is not in flight, so it has no visibility timeout to change.
    #[error("The message referred to is not in flight.")]
    MessageNotInflight,
    /// The batch has no entries.
    #[error("There should be at least one entry in the request.")]
    EmptyBatchRequest,
    /// The batch has more than ten entries.
    #[error("Maximum number of entries per request are 10. You have sent {0}.")]
    TooManyEntriesInBatchRequest(usize),
    /// Two entries of a batch have the same id.
    #[error("Id {0} repeated.")]
    BatchEntryIdsNotDistinct(String),
    /// The id of an entry contains characters that are not allowed.
    #[error(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
    )]
    InvalidBatchEntryId,
    /// The entries of a batch are too long in total.
    #[error("Batch requests cannot be longer than 1048576 bytes. You have sent {0} bytes.")]
    BatchRequestTooLong(usize),
    /// A queue that a message move task names does not exist.
    #[error("{0}")]
    ResourceNotFound(String),
    /// SQS has no such operation.
    #[error("The action or operation requested is invalid: {0}")]
    UnknownOperation(String),
    /// The request body does not fit the operation.
    #[error("{0}")]
    Serialization(String),
    /// The change could not be written to disk. The request may be repeated.
    #[error("The change could not be stored: {0}")]
    Storage(String),
}

impl SqsError {
    /// Creates the error of a parameter `name` whose `value` is not allowed, for `reason`.
    pub(super) fn parameter(
        name: &str,
        value: impl std::fmt::Display,
        reason: impl std::fmt::Display,
    ) -> Self {
        Self::InvalidParameterValue(format!(
            "Value {value} for parameter {name} is invalid. Reason: {reason}"
        ))
    }

    /// Returns the error's name in the service's model, as in the body's `__type`.
    #[must_use]
    pub fn shape(&self) -> &'static str {
        match self {
            Self::QueueDoesNotExist => "QueueDoesNotExist",
            Self::QueueNameExists(_) => "QueueNameExists",
            Self::MissingParameter(_) => "MissingParameter",
            Self::InvalidParameterValue(_) => "InvalidParameterValue",
            Self::InvalidAttributeName(_) => "InvalidAttributeName",
            Self::InvalidAttributeValue { .. } => "InvalidAttributeValue",
            Self::InvalidMessageContents => "InvalidMessageContents",
            Self::ReceiptHandleIsInvalid(_) => "ReceiptHandleIsInvalid",
            Self::MessageNotInflight => "MessageNotInflight",
            Self::EmptyBatchRequest => "EmptyBatchRequest",
            Self::TooManyEntriesInBatchRequest(_) => "TooManyEntriesInBatchRequest",
            Self::BatchEntryIdsNotDistinct(_) => "BatchEntryIdsNotDistinct",
            Self::InvalidBatchEntryId => "InvalidBatchEntryId",
            Self::BatchRequestTooLong(_) => "BatchRequestTooLong",
            Self::ResourceNotFound(_) => "ResourceNotFoundException",
            Self::UnknownOperation(_) => "UnknownOperationException",
            Self::Serialization(_) => "SerializationException",
            Self::Storage(_) => "InternalFailure",
        }
    }

    /// Returns the error's code from the older query protocol.
    #[must_use]
    pub fn query_code(&self) -> String {
        let shape = self.shape();
        match self {
            Self::QueueDoesNotExist => "AWS.SimpleQueueService.NonExistentQueue".to_owned(),
            Self::QueueNameExists(_) => "QueueAlreadyExists".to_owned(),
            Self::MessageNotInflight
            | Self::EmptyBatchRequest
            | Self::TooManyEntriesInBatchRequest(_)
            | Self::BatchEntryIdsNotDistinct(_)
            | Self::InvalidBatchEntryId
            | Self::BatchRequestTooLong(_) => format!("AWS.SimpleQueueService.{shape}"),
            _ => shape.to_owned(),
        }
    }

    /// Returns whether the sender of the request is at fault rather than the service.
    #[must_use]
    pub fn is_sender_fault(&self) -> bool {
        !matches!(self, Self::Storage(_))
    }
}
