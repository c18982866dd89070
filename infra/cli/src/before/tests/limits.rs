//! What the account allows: quotas, permissions, and stacks that are in the way.

use std::collections::BTreeMap;

use super::judged;
use crate::before::account::Decision;
use crate::before::permissions::{self, NotAsked};
use crate::before::quota::{self, Quota, Reserved};
use crate::before::stack::{self, Stack};

#[test]
fn quotas() {
    let none = Reserved::default();
    let recommended = Reserved::RECOMMENDED;
    let of = |whatsapp, jira| Reserved { whatsapp, jira };
    for (at_once, unreserved, already, wanted, word, what, fitting) in [
        // An account of yesterday.
        (10, 10, none, none, "hint", "fits, the default", None),
        (
            10,
            10,
            none,
            recommended,
            "wrong",
            "must stay unreserved",
            Some(none),
        ),
        (
            100,
            100,
            none,
            of(1, 0),
            "wrong",
            "must stay unreserved",
            Some(none),
        ),
        (
            110,
            110,
            none,
            of(50, 20),
            "wrong",
            "must stay unreserved",
            Some(of(8, 2)),
        ),
        (
            102,
            102,
            none,
            of(50, 20),
            "wrong",
            "must stay unreserved",
            Some(of(1, 1)),
        ),
        (
            169,
            169,
            none,
            recommended,
            "wrong",
            "must stay unreserved",
            Some(of(50, 19)),
        ),
        (170, 170, none, recommended, "ok", "fits", None),
        (
            1000,
            1000,
            none,
            none,
            "ok",
            "up to WhatsappWebhookConcurrency=50",
            None,
        ),
        (
            1000,
            1000,
            none,
            of(500, 500),
            "wrong",
            "must stay unreserved",
            Some(recommended),
        ),
        // Other functions have reserved nearly everything.
        (1000, 101, none, none, "hint", "fits, the default", None),
        // What the stack has reserved already is not in its way.
        (170, 100, recommended, recommended, "ok", "fits", None),
        (
            170,
            100,
            recommended,
            of(60, 20),
            "wrong",
            "must stay unreserved",
            Some(recommended),
        ),
    ] {
        let facts = Ok(Quota {
            at_once,
            unreserved,
        });
        let (verdict, fits) = quota::judge(&facts, already, wanted);
        judged(&verdict, word, what, "");
        assert_eq!(fits, fitting, "{at_once} {unreserved} {wanted}");
    }
    let new = Ok(Quota {
        at_once: 10,
        unreserved: 10,
    });
    let (verdict, _) = quota::judge(&new, none, recommended);
    judged(
        &verdict,
        "wrong",
        "WhatsappWebhookConcurrency=50 JiraWebhookConcurrency=20 does not fit",
        "use WhatsappWebhookConcurrency=0 JiraWebhookConcurrency=0, and ask for 1,000",
    );
    let (verdict, fits) = quota::judge(&Err("AccessDeniedException".to_owned()), none, none);
    judged(
        &verdict,
        "unknown",
        "lambda:GetAccountSettings is not allowed",
        "",
    );
    assert_eq!(fits, None);
}

#[test]
fn earlier_stacks() {
    let of = |status: &str| {
        Ok(Some(Stack {
            status: status.to_owned(),
            ..Stack::default()
        }))
    };
    for (stack, word, what, advice) in [
        (Ok(None), "ok", "casement-dev is not there yet", ""),
        (of("CREATE_COMPLETE"), "ok", "it will be updated", ""),
        (
            of("UPDATE_ROLLBACK_COMPLETE"),
            "ok",
            "it will be updated",
            "",
        ),
        (of("REVIEW_IN_PROGRESS"), "ok", "REVIEW_IN_PROGRESS", ""),
        (
            of("ROLLBACK_COMPLETE"),
            "wrong",
            "ROLLBACK_COMPLETE",
            "delete-stack",
        ),
        (
            of("ROLLBACK_FAILED"),
            "wrong",
            "ROLLBACK_FAILED",
            "delete-stack",
        ),
        (
            of("CREATE_FAILED"),
            "wrong",
            "CREATE_FAILED",
            "delete-stack",
        ),
        (
            of("DELETE_FAILED"),
            "wrong",
            "DELETE_FAILED",
            "delete-stack",
        ),
        (
            of("UPDATE_ROLLBACK_FAILED"),
            "wrong",
            "FAILED",
            "continue-update-rollback",
        ),
        (of("UPDATE_IN_PROGRESS"), "wrong", "IN_PROGRESS", "wait"),
        (of("DELETE_IN_PROGRESS"), "wrong", "IN_PROGRESS", "wait"),
        (
            Err("AccessDenied".to_owned()),
            "unknown",
            "DescribeStacks is not allowed",
            "",
        ),
        (Err("timeout".to_owned()), "wrong", "timeout", "network"),
    ] {
        judged(&stack::judge("casement-dev", &stack), word, what, advice);
    }
    let parameters = BTreeMap::from([("WhatsappWebhookConcurrency".to_owned(), "50".to_owned())]);
    for (status, whatsapp) in [("UPDATE_COMPLETE", 50), ("ROLLBACK_COMPLETE", 0)] {
        let stack = Stack {
            status: status.to_owned(),
            parameters: parameters.clone(),
        };
        assert_eq!(
            stack::reserved(&Ok(Some(stack))).whatsapp,
            whatsapp,
            "{status}"
        );
    }
}

fn decision(action: &str, allowed: bool, conditional: bool) -> Decision {
    Decision {
        action: action.to_owned(),
        allowed,
        conditional,
        on: Vec::new(),
    }
}

#[test]
fn permissions() {
    let all = vec![
        decision("sqs:CreateQueue", true, false),
        decision("sqs:TagQueue", false, false),
        decision("iam:CreateRole", false, false),
        decision("iam:PassRole", false, false),
    ];
    let open = vec![
        decision("sqs:CreateQueue", true, true),
        decision("sqs:TagQueue", false, true),
    ];
    let failed = |code: &str| Err(NotAsked::Failed(code.to_owned()));
    for (allowed, word, what, advice) in [
        (
            Ok(vec![decision("sqs:TagQueue", true, false)]),
            "ok",
            "all 1 actions",
            "",
        ),
        (
            Ok(all),
            "wrong",
            "3 of 4 actions are not allowed: iam:*, sqs:TagQueue",
            "operations.md",
        ),
        (
            Ok(open),
            "unknown",
            "1 of 2 actions depend on conditions",
            "",
        ),
        (Err(NotAsked::Root), "ok", "root", ""),
        (Err(NotAsked::Federated), "unknown", "operations.md", ""),
        (
            failed("AccessDenied"),
            "unknown",
            "SimulatePrincipalPolicy is not allowed",
            "",
        ),
        (failed("NoSuchEntity"), "unknown", "this identity", ""),
        (failed("timeout"), "wrong", "timeout", "network"),
    ] {
        judged(&permissions::judge(&allowed), word, what, advice);
    }
}

#[test]
fn actions_are_grouped_by_what_they_are_refused_on() {
    let all = ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:TagQueue"];
    let refused = all.map(|action| Decision {
        on: vec![if action == "sqs:TagQueue" { "b" } else { "a" }.to_owned()],
        ..decision(action, false, false)
    });
    let told = "sqs:CreateQueue, sqs:DeleteQueue (on a), sqs:TagQueue (on b)";
    let verdict = permissions::judge(&Ok(refused.to_vec()));
    judged(&verdict, "wrong", told, "operations.md");
}

#[test]
fn an_action_is_allowed_if_it_is_on_every_resource() {
    let of =
        |allowed: bool, conditional: bool| vec![decision("sqs:TagQueue", allowed, conditional)];
    let on = |resource: &str, decisions| (decisions, resource.to_owned());
    let told = "1 of 1 actions are not allowed: sqs:TagQueue";
    for (each, word, what) in [
        (
            vec![on("a", of(true, false)), on("b", of(true, false))],
            "ok",
            "all 1 actions",
        ),
        (vec![on("a", of(false, false))], "wrong", told),
        (
            vec![on("a", of(true, false)), on("b", of(false, false))],
            "wrong",
            "sqs:TagQueue (on b)",
        ),
        (
            vec![on("a", of(false, true)), on("b", of(false, false))],
            "wrong",
            told,
        ),
        (
            vec![on("a", of(false, true)), on("b", of(true, false))],
            "unknown",
            "sqs:TagQueue (on a)",
        ),
    ] {
        let allowed = Ok(permissions::joined(each));
        let advice = if word == "wrong" { "operations.md" } else { "" };
        judged(&permissions::judge(&allowed), word, what, advice);
    }
}
