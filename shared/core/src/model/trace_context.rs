//! The data that goes along with a queue message, so that it can be followed from function to
//! function.

use crate::model::identity::{CommentId, Wamid};
use crate::model::ledger::{OutboundKey, OutboundSource};
use crate::model::status::StatusReport;

/// The message attribute that carries [`TraceContext::correlation_id`] on a queue.
pub const CORRELATION_ID: &str = "correlation_id";

/// The path of a piece of work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceContext {
    /// An id that stands for the customer's message or the agent's comment that began the work, in
    /// the log lines of every function. It names nobody, and is the same when a webhook comes
    /// again.
    pub correlation_id: Option<String>,
    /// The trace that the work belongs to (AWS X-Ray developer guide, "Tracing header").
    pub trace_header: Option<String>,
}

impl TraceContext {
    /// Creates the trace context of work under `id`.
    #[must_use]
    pub fn of(id: impl Into<String>) -> Self {
        Self {
            correlation_id: Some(id.into()),
            trace_header: None,
        }
    }

    /// Creates the trace context of a customer's message.
    #[must_use]
    pub fn of_message(wamid: &Wamid) -> Self {
        Self::of(format!("message:{}", wamid.fingerprint()))
    }

    /// Creates the trace context of a comment.
    #[must_use]
    pub fn of_comment(comment: &CommentId) -> Self {
        Self::of(OutboundSource::Comment(comment.clone()).to_string())
    }

    /// Creates the trace context of a report: that of the comment or the notice it is about.
    #[must_use]
    pub fn of_report(report: &StatusReport) -> Self {
        let key = report.callback.as_deref().map(str::parse::<OutboundKey>);
        match key {
            Some(Ok(OutboundKey {
                source: OutboundSource::Template(note),
                ..
            })) => Self::of_comment(&note),
            Some(Ok(key)) => Self::of(key.source.to_string()),
            _ => Self::of_message(&report.wamid),
        }
    }

    /// Adds the trace to the trace context.
    #[must_use]
    pub fn traced(self, trace_header: Option<String>) -> Self {
        Self {
            trace_header,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::status::Delivery;

    fn report(callback: Option<&str>) -> StatusReport {
        StatusReport {
            phone_number_id: None,
            wamid: Wamid::new("wamid.HBgM49151"),
            recipient: None,
            callback: callback.map(str::to_owned),
            price: None,
            delivery: Delivery::Sent,
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_report_goes_on_where_the_comment_went_out() {
        let comment = CommentId::new("10100");
        let key = OutboundKey::comment(&comment, 2).to_string();
        let trace_context = TraceContext::of_comment(&comment);
        assert_eq!(TraceContext::of_report(&report(Some(&key))), trace_context);
        let template = OutboundKey::template(&comment).to_string();
        assert_eq!(
            TraceContext::of_report(&report(Some(&template))),
            trace_context
        );
        assert_ne!(
            TraceContext::of_report(&report(Some("not ours"))),
            trace_context
        );
        assert_ne!(TraceContext::of_report(&report(None)), trace_context);
    }

    #[test]
    fn an_id_names_nobody_and_stays_the_same() {
        let wamid = Wamid::new("wamid.HBgM49151");
        let trace_context = TraceContext::of_message(&wamid);
        assert_eq!(trace_context, TraceContext::of_message(&wamid));
        let id = trace_context.correlation_id.unwrap();
        assert!(!id.contains("49151") && !id.contains("wamid"), "{id}");
    }
}
