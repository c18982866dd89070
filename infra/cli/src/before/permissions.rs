//! What the deploying person may do, as IAM's simulator says it.

use std::collections::BTreeMap;

use super::account::{Account, Decision};
use super::identity::{Caller, Kind};
use super::needed::NEEDED;
use super::unanswered;
use crate::check::Verdict;

/// What is known of the permissions.
pub(super) type Allowed = Result<Vec<Decision>, NotAsked>;

/// Why nothing is known of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotAsked {
    /// IAM has no policies for the root user, who may do everything.
    Root,
    /// IAM has no policies for a federated user.
    Federated,
    /// The call failed with this code.
    Failed(String),
}

/// Asks the simulator about every action, for the resources of a stack of this name.
pub(super) async fn allowed(
    account: &Account,
    caller: &Caller,
    region: &str,
    stack: &str,
) -> Allowed {
    let identity = match &caller.kind {
        Kind::Root => return Err(NotAsked::Root),
        Kind::Federated => return Err(NotAsked::Federated),
        Kind::User => caller.arn.clone(),
        // The role's path is not part of a session's ARN.
        Kind::Role(name) => match account.role(name).await {
            Ok(arn) => arn,
            Err(_) => caller.plain_role(name),
        },
    };
    let context = [
        ("aws:RequestedRegion", region),
        ("iam:PassedToService", "lambda.amazonaws.com"),
    ];
    let mut decisions = Vec::new();
    for needed in NEEDED {
        let mut each = Vec::new();
        let of_account = |resource: &str| {
            resource
                .replace("PARTITION", &caller.partition)
                .replace("REGION", region)
                .replace("ACCOUNT", &caller.account)
                .replace("STACK", stack)
        };
        for resource in needed.resources {
            let asked = of_account(resource);
            let answer = account.simulate(&identity, needed.actions, &asked, &context);
            let answer = answer.await.map_err(NotAsked::Failed)?;
            each.push((answer, of_account(&pattern(resource))));
        }
        decisions.extend(joined(each));
    }
    Ok(decisions)
}

/// Writes a resource as a policy names it: zeros stand for what AWS makes up.
fn pattern(resource: &str) -> String {
    let made_up = [
        "00000000-0000-0000-0000-000000000000",
        "000000000000-000000",
        "000000000000",
    ];
    let mut pattern = resource.to_owned();
    for zeros in made_up {
        pattern = pattern.replace(zeros, "*");
    }
    pattern
}

/// Joins what is said of each resource: an action is allowed if it is on all of them. Where it is on
/// some, the others are named.
pub(super) fn joined(each: Vec<(Vec<Decision>, String)>) -> Vec<Decision> {
    let resources = each.len();
    let mut joined: Vec<Decision> = Vec::new();
    for (decisions, resource) in each {
        for mut one in decisions {
            if !one.allowed {
                one.on.push(resource.clone());
            }
            match joined.iter_mut().find(|known| known.action == one.action) {
                None => joined.push(one),
                Some(known) if !one.allowed => {
                    known.conditional = one.conditional && (known.allowed || known.conditional);
                    known.allowed = false;
                    known.on.extend(one.on);
                }
                Some(_) => {}
            }
        }
    }
    for one in &mut joined {
        if one.on.len() == resources {
            one.on.clear();
        }
    }
    joined
}

pub(super) fn judge(allowed: &Allowed) -> Verdict {
    const SEE: &str = "infra/guide/operations.md has what is needed";
    let decisions = match allowed {
        Ok(decisions) => decisions,
        Err(NotAsked::Root) => return Verdict::ok("the root user may do everything"),
        Err(NotAsked::Federated) => {
            return Verdict::unknown(format!("IAM cannot say it of a federated user: {SEE}"));
        }
        Err(NotAsked::Failed(code)) if matches!(code.as_str(), "NoSuchEntity" | "InvalidInput") => {
            return Verdict::unknown(format!("IAM does not say it of this identity: {SEE}"));
        }
        Err(NotAsked::Failed(code)) => {
            return match unanswered("iam:SimulatePrincipalPolicy", code) {
                Verdict::Unknown { detail } => Verdict::unknown(format!("{detail}: {SEE}")),
                other => other,
            };
        }
    };
    let denied = |conditional: bool| {
        let denied = decisions.iter().filter(|one| !one.allowed);
        denied.filter(move |one| one.conditional == conditional)
    };
    let (refused, open) = (denied(false).count(), denied(true).count());
    match (refused, open) {
        (0, 0) => Verdict::ok(format!("all {} actions are allowed", decisions.len())),
        (0, open) => Verdict::unknown(format!(
            "{open} of {} actions depend on conditions that only the deployment meets: {}",
            decisions.len(),
            told(decisions, denied(true))
        )),
        (refused, _) => Verdict::wrong(
            format!(
                "{refused} of {} actions are not allowed: {}",
                decisions.len(),
                told(decisions, denied(false))
            ),
            format!("let this identity do them; {SEE}"),
        ),
    }
}

/// Names actions. Those of a service of which none is allowed become `service:*`.
fn told<'a>(all: &[Decision], some: impl Iterator<Item = &'a Decision>) -> String {
    let service = |action: &str| action.split(':').next().unwrap_or_default().to_owned();
    let mut by_service: BTreeMap<(String, &[String]), Vec<&str>> = BTreeMap::new();
    for one in some {
        let group = (service(&one.action), one.on.as_slice());
        by_service.entry(group).or_default().push(&one.action);
    }
    let words = by_service.iter().map(|((name, on), actions)| {
        let of_service = all.iter().filter(|one| service(&one.action) == *name);
        let actions = if actions.len() > 1 && actions.len() == of_service.count() {
            format!("{name}:*")
        } else {
            actions.join(", ")
        };
        if on.is_empty() {
            actions
        } else {
            format!("{actions} (on {})", on.join(" and "))
        }
    });
    words.collect::<Vec<_>>().join(", ")
}
