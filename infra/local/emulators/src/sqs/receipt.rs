//! Receipt handles, which name one receive of one message of one queue.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::SqsError;

/// One receive of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    pub(super) sequence_number: u64,
    /// The message's receive count, including this receive.
    pub(super) receive_count: u32,
}

impl Receipt {
    /// Returns the handle that the consumer gets.
    pub(super) fn to_handle(self, queue: &str) -> String {
        let Self {
            sequence_number,
            receive_count,
        } = self;
        URL_SAFE_NO_PAD.encode(format!("{queue} {sequence_number} {receive_count}"))
    }

    /// Parses a handle that `queue` issued.
    pub(super) fn from_handle(handle: &str, queue: &str) -> Result<Self, SqsError> {
        if handle.is_empty() {
            return Err(SqsError::MissingParameter("ReceiptHandle"));
        }
        decode(handle, queue).ok_or_else(|| SqsError::ReceiptHandleIsInvalid(handle.to_owned()))
    }
}

fn decode(handle: &str, queue: &str) -> Option<Receipt> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(handle).ok()?).ok()?;
    let mut parts = text.split(' ');
    if parts.next()? != queue {
        return None;
    }
    let receipt = Receipt {
        sequence_number: parts.next()?.parse().ok()?,
        receive_count: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(receipt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_good_for_its_own_queue_only() {
        let receipt = Receipt {
            sequence_number: 7,
            receive_count: 2,
        };
        let handle = receipt.to_handle("work");
        assert_eq!(Receipt::from_handle(&handle, "work"), Ok(receipt));
        for (handle, queue) in [
            (handle.as_str(), "other"),
            ("garbage", "work"),
            ("", "work"),
        ] {
            assert!(Receipt::from_handle(handle, queue).is_err(), "{handle}");
        }
    }
}
