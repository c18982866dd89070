//! An earlier stack of the same name.

use std::collections::BTreeMap;

use super::quota::Reserved;
use super::unanswered;
use crate::check::Verdict;

/// A stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stack {
    /// Its `StackStatus`, as `DescribeStacks` answers it.
    pub status: String,
    pub parameters: BTreeMap<String, String>,
}

/// Returns what the stack has reserved for the webhooks.
pub(super) fn reserved(stack: &Result<Option<Stack>, String>) -> Reserved {
    match stack {
        Ok(Some(stack)) if !is_dead(&stack.status) => {
            Reserved::read(|name| stack.parameters.get(name).map(String::as_str))
        }
        _ => Reserved::default(),
    }
}

/// Returns whether a stack in this state takes no update.
fn is_dead(status: &str) -> bool {
    matches!(
        status,
        "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" | "DELETE_FAILED"
    )
}

pub(super) fn judge(name: &str, stack: &Result<Option<Stack>, String>) -> Verdict {
    let status = match stack {
        Err(code) => return unanswered("cloudformation:DescribeStacks", code),
        Ok(None) => return Verdict::ok(format!("{name} is not there yet")),
        Ok(Some(stack)) => stack.status.as_str(),
    };
    let told = format!("{name} is there, and {status}");
    match status {
        // What an abandoned first change set leaves; the next one takes its place.
        "REVIEW_IN_PROGRESS" => Verdict::ok(told),
        "UPDATE_ROLLBACK_FAILED" => Verdict::wrong(
            told,
            format!(
                "aws cloudformation continue-update-rollback --stack-name {name}, and wait for its \
                 end"
            ),
        ),
        status if is_dead(status) => Verdict::wrong(
            told,
            format!(
                "a stack in this state takes no update: aws cloudformation delete-stack \
                 --stack-name {name}, and wait for its end"
            ),
        ),
        status if status.ends_with("_IN_PROGRESS") => {
            Verdict::wrong(told, "somebody deploys or deletes it: wait for the end")
        }
        _ => Verdict::ok(format!("{told}: it will be updated")),
    }
}
