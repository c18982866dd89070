//! The contracts themselves: requests that break them are found, requests that keep to them are
//! not, and what is listed as an error of a document is still one.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod requests;

use casement_tests::contracts::errata;

#[test]
fn listed_errors_are_still_published() {
    for erratum in errata() {
        let Some(document) = erratum.source.published() else {
            return;
        };
        let place = format!("{} at {}", erratum.operation, erratum.pointer);
        assert!(erratum.is_in(&document), "no longer an error: {place}");
        assert_ne!(document.pointer(erratum.pointer), Some(&erratum.right));
        assert!(!erratum.reason.is_empty(), "{place}");
    }
}
