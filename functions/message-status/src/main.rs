//! The status queue: brings WhatsApp's reports about our messages into the ledger, and failures to
//! the agent.

use casement_core::model::queue::{StatusQueueMessage, decode};
use casement_lambda::batch::{Record, Returned};
use casement_lambda::{Cloud, Function, Worker, outcome};
use casement_service::{Attempt, Statuses};
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let worker = MessageStatuses(Statuses {
        app: function.app()?,
        outbound: function.outbound_queue()?,
    });
    let queue = function.environment.status_queue()?;
    let runner = function.runner()?;
    function.work(queue, runner, worker).await
}

/// How often a report may arrive before its ledger entry and still be ours. The entry is written
/// before the send, so even once is rare.
const MOST_RECEIVES: u32 = 5;

/// Notes reports.
struct MessageStatuses(Statuses<Cloud>);

impl Worker for MessageStatuses {
    async fn handle(&self, record: &Record) -> Result<(), Returned> {
        let report = match decode(&record.body).map_err(outcome::not_understood)? {
            StatusQueueMessage::Status(report) => report,
            StatusQueueMessage::TemplateChanged(change) => {
                let result = self.0.template_changed(&change).await;
                let account = change.business_account_id.as_str();
                return outcome::report("template_change", account, result);
            }
            StatusQueueMessage::Account(event) => {
                let result = self.0.account_event(&event).await;
                return outcome::report("account_event", event.kind.as_str(), result);
            }
        };
        let attempt = if record.receives >= MOST_RECEIVES {
            Attempt::Last
        } else {
            record.attempt
        };
        let result = self.0.record(&report, attempt).await;
        let about = report.callback.as_deref().unwrap_or_default();
        outcome::report("status", about, result)
    }
}
