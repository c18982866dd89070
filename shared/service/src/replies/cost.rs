//! Counts what a request has cost in messages. The ledger knows of each message, and the comments
//! lead to it, so nothing has to be counted while messages are sent.

use std::collections::BTreeSet;

use casement_core::decide::command::Command;
use casement_core::model::commands::TEMPLATE;
use casement_core::model::comment::ListedComment;
use casement_core::model::identity::AccountId;
use casement_core::model::ledger::{OutboundKey, OutboundSource};
use casement_core::say::notes::CostReport;

use crate::app::{App, Ports};
use crate::failure::StoreFailure;
use crate::ports::*;

/// The number of comments that Jira lists ([`LatestComments`]). There may be older ones.
const LISTED: usize = 100;

/// Counts the messages that the comments of a request stand for.
pub(super) async fn of<P: Ports>(
    app: &App<P>,
    comments: &[ListedComment],
    own_account: &AccountId,
) -> Result<CostReport, StoreFailure> {
    let mut report = CostReport {
        at_least: comments.len() >= LISTED,
        ..CostReport::default()
    };
    let mut seen = BTreeSet::new();
    for comment in comments {
        let is_ours = comment.written_by_us || comment.author == *own_account;
        // On some sites our notes do not say what they are about.
        report.at_least |= is_ours && !comment.written_by_us;
        let Some(source) = source(comment, is_ours) else {
            continue;
        };
        if seen.insert(source.to_string()) {
            add(app, source, &mut report).await?;
        }
    }
    Ok(report)
}

/// Returns what a comment may have been sent as.
fn source(comment: &ListedComment, is_ours: bool) -> Option<OutboundSource> {
    if is_ours {
        let key: OutboundKey = format!("{}/0", comment.about.as_ref()?).parse().ok()?;
        return Some(key.source);
    }
    let id = &comment.id;
    if !comment.inside {
        return Some(OutboundSource::Comment(id.clone()));
    }
    let is_template = Command::alone_in(&comment.body) == Some(TEMPLATE);
    is_template.then(|| OutboundSource::Template(id.clone()))
}

/// Adds the parts of a message that WhatsApp has accepted.
async fn add<P: Ports>(
    app: &App<P>,
    source: OutboundSource,
    report: &mut CostReport,
) -> Result<(), StoreFailure> {
    let is_template = source.is_template();
    let mut key = OutboundKey { source, part: 0 };
    let mut parts = 1;
    while key.part < parts {
        let Some(entry) = app.store.entry(&key).await? else {
            break;
        };
        parts = parts.max(entry.about.parts);
        if entry.about.wamid.is_some() && entry.reached_the_customer() {
            if is_template {
                report.templates += 1;
            } else {
                report.free_form += 1;
            }
            let billed = entry.about.billed();
            report.billed += usize::from(billed.is_some_and(|price| price.billable));
        }
        key.part += 1;
    }
    Ok(())
}
