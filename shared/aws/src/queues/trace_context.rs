//! The trace context that every message carries from the work that sent it.

use std::future::Future;

use aws_sdk_sqs::types::{
    MessageAttributeValue, MessageSystemAttributeNameForSends, MessageSystemAttributeValue,
};
use casement_core::model::trace_context::{CORRELATION_ID, TraceContext};
use casement_service::{BackendFailure, QueueFailure};

const TEXT: &str = "String";

tokio::task_local! {
    static CURRENT: TraceContext;
}

/// Does `work`. Every message that it sends continues `trace_context`, unless it has its own.
pub async fn follow<W: Future>(trace_context: TraceContext, work: W) -> W::Output {
    CURRENT.scope(trace_context, work).await
}

/// Returns the trace context of the current work.
pub(super) fn current() -> TraceContext {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Makes the attribute for the correlation id.
pub(super) fn correlation(
    trace_context: &TraceContext,
) -> Result<Option<(String, MessageAttributeValue)>, QueueFailure> {
    let Some(id) = &trace_context.correlation_id else {
        return Ok(None);
    };
    let value = MessageAttributeValue::builder()
        .data_type(TEXT)
        .string_value(id)
        .build()
        .map_err(|_| not_built())?;
    Ok(Some((CORRELATION_ID.to_owned(), value)))
}

/// Makes the system attribute for the trace.
pub(super) fn trace(
    trace_context: &TraceContext,
) -> Result<
    Option<(
        MessageSystemAttributeNameForSends,
        MessageSystemAttributeValue,
    )>,
    QueueFailure,
> {
    let Some(header) = &trace_context.trace_header else {
        return Ok(None);
    };
    let value = MessageSystemAttributeValue::builder()
        .data_type(TEXT)
        .string_value(header)
        .build()
        .map_err(|_| not_built())?;
    let name = MessageSystemAttributeNameForSends::AwsTraceHeader;
    Ok(Some((name, value)))
}

/// Returns how many bytes the trace context adds to a message. System attributes do not count (SQS
/// developer guide, "Message metadata").
pub(super) fn size(trace_context: &TraceContext) -> usize {
    let id = trace_context.correlation_id.as_ref();
    id.map_or(0, |id| CORRELATION_ID.len() + TEXT.len() + id.len())
}

fn not_built() -> QueueFailure {
    QueueFailure(BackendFailure::Unreadable("attribute not built"))
}
