//! The data that goes along with a queue message, so that it can be followed from function to
//! function.

use crate::model::identity::{CommentId, Wamid};
use crate::model::ledger::{OutboundKey, OutboundSource};
use crate::model::status::StatusReport;

/// The message attribute that carries [`Trail::correlation_id`] on a queue.
pub const CORRELATION_ID: &str = "correlation_id";

/// The path of a piece of work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// An id that stands for the customer's message or the agent's comment that began the work, in
    /// the log lines of every function. It names nobody, and is the same when a webhook comes
    /// again.
    pub correlation_id: Option<String>,
    /// The trace that the work belongs to (AWS X-Ray developer guide, "Tracing header").
    pub trace_header: Option<String>,
}

impl Trail {
    /// Creates the trail of work under `id`.
    #[must_use]
    pub fn of(id: impl Into<String>) -> Self {
        Self {
            correlation_id: Some(id.into()),
            trace_header: None,
        }
    }

    /// Creates the trail of a customer's message.
    #[must_use]
    pub fn of_message(wamid: &Wamid) -> Self {
        Self::of(format!("message:{}", wamid.fingerprint()))
    }

    /// Creates the trail of a comment.
    #[must_use]
    pub fn of_comment(comment: &CommentId) -> Self {
        Self::of(OutboundSource::Comment(comment.clone()).to_string())
    }

    /// Creates the trail of a report: that of the comment or the notice it is about.
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

    /// Adds the trace to the trail.
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
            delivery: Delivery::Sent,
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_report_goes_on_where_the_comment_went_out() {
        let comment = CommentId::new("10100");
        let key = OutboundKey::comment(&comment, 2).to_string();
        let trail = Trail::of_comment(&comment);
        assert_eq!(Trail::of_report(&report(Some(&key))), trail);
        let template = OutboundKey::template(&comment).to_string();
        assert_eq!(Trail::of_report(&report(Some(&template))), trail);
        assert_ne!(Trail::of_report(&report(Some("not ours"))), trail);
        assert_ne!(Trail::of_report(&report(None)), trail);
    }

    #[test]
    fn an_id_names_nobody_and_stays_the_same() {
        let wamid = Wamid::new("wamid.HBgM49151");
        let trail = Trail::of_message(&wamid);
        assert_eq!(trail, Trail::of_message(&wamid));
        let id = trail.correlation_id.unwrap();
        assert!(!id.contains("49151") && !id.contains("wamid"), "{id}");
    }
}
