//! Tables of judgements.

use std::collections::BTreeMap;

use super::judged;
use crate::before::account::Decision;
use crate::before::identity::{self, Caller, Kind};
use crate::before::permissions::{self, NotAsked};
use crate::before::quota::{self, Quota, Reserved};
use crate::before::samconfig::Samconfig;
use crate::before::stack::{self, Stack};
use crate::before::{alarms, graph_version, region, tools};

#[test]
fn callers_are_read_from_their_arns() {
    for (arn, kind, account) in [
        ("arn:aws:iam::123456789012:root", Kind::Root, "123456789012"),
        (
            "arn:aws:iam::123456789012:user/team/ada",
            Kind::User,
            "123456789012",
        ),
        (
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123/ada@example.com",
            Kind::Role("AWSReservedSSO_Admin_0123".to_owned()),
            "123456789012",
        ),
        (
            "arn:aws-us-gov:sts::123456789012:assumed-role/deploy/github",
            Kind::Role("deploy".to_owned()),
            "123456789012",
        ),
        (
            "arn:aws:sts::123456789012:federated-user/ada",
            Kind::Federated,
            "123456789012",
        ),
    ] {
        let caller = Caller::of_arn(arn).unwrap();
        assert_eq!(
            (caller.kind, caller.account.as_str()),
            (kind, account),
            "{arn}"
        );
    }
    let role = Caller::of_arn("arn:aws-cn:sts::1:assumed-role/deploy/x").unwrap();
    assert_eq!(role.plain_role("deploy"), "arn:aws-cn:iam::1:role/deploy");
    assert_eq!(Caller::of_arn(""), None);
    assert_eq!(Caller::of_arn("arn:aws:sts::1:assumed-role/deploy"), None);
}

#[test]
fn credentials() {
    let caller = |arn: &str| Ok(Caller::of_arn(arn).unwrap());
    let failed = |code: &str| Err(code.to_owned());
    for (caller, word, what, advice) in [
        (
            caller("arn:aws:iam::1:user/ada"),
            "ok",
            "account 1, as a user",
            "",
        ),
        (
            caller("arn:aws:sts::1:assumed-role/x/y"),
            "ok",
            "with a role",
            "",
        ),
        (
            caller("arn:aws:iam::1:root"),
            "hint",
            "root",
            "IAM Identity Center",
        ),
        (
            failed("ExpiredToken"),
            "wrong",
            "ExpiredToken",
            "log in again",
        ),
        (
            failed("InvalidClientTokenId"),
            "wrong",
            "InvalidClientTokenId",
            "log in again",
        ),
        (
            failed("SignatureDoesNotMatch"),
            "wrong",
            "refuses them",
            "clock",
        ),
        (failed("no connection"), "wrong", "no connection", "network"),
    ] {
        judged(&identity::judge(&caller), word, what, advice);
    }
    // A person's name is nobody's business.
    let verdict = identity::judge(&caller("arn:aws:iam::1:user/ada"));
    assert!(!format!("{verdict:?}").contains("ada"));
}

#[test]
fn regions() {
    for (region, ingress, word, what, fitting) in [
        ("eu-central-1", None, "ok", "eu-central-1", None),
        (
            "eu-central-1",
            Some("FunctionUrl"),
            "ok",
            "eu-central-1",
            None,
        ),
        (
            "eu-central-2",
            None,
            "ok",
            "no function URLs: Ingress=HttpApi",
            None,
        ),
        (
            "eu-central-2",
            Some("HttpApi"),
            "ok",
            "no function URLs",
            None,
        ),
        (
            "il-central-1",
            Some("FunctionUrl"),
            "wrong",
            "Ingress=FunctionUrl",
            Some("HttpApi"),
        ),
        (
            "mx-central-1",
            Some("Both"),
            "wrong",
            "Ingress=Both",
            Some("HttpApi"),
        ),
    ] {
        let (verdict, fits) = region::judge(region, ingress);
        judged(&verdict, word, what, "");
        assert_eq!(fits.as_deref(), fitting, "{region}");
    }
    judged(&region::judge_sam("eu-west-1", None), "ok", "eu-west-1", "");
    judged(
        &region::judge_sam("eu-west-1", Some("eu-west-1")),
        "ok",
        "eu-west-1",
        "",
    );
    let elsewhere = region::judge_sam("eu-west-1", Some("us-east-1"));
    judged(
        &elsewhere,
        "wrong",
        "SAM would deploy to us-east-1",
        "AWS_DEFAULT_REGION",
    );
}

#[test]
fn quotas() {
    let none = Reserved::default();
    let recommended = Reserved::RECOMMENDED;
    let of = |whatsapp, jira| Reserved { whatsapp, jira };
    for (at_once, unreserved, already, wanted, word, what, fitting) in [
        // An account of yesterday.
        (10, 10, none, none, "hint", "alone fits", None),
        (
            10,
            10,
            none,
            recommended,
            "wrong",
            "must stay so",
            Some(none),
        ),
        (
            100,
            100,
            none,
            of(1, 0),
            "wrong",
            "must stay so",
            Some(none),
        ),
        (
            110,
            110,
            none,
            of(50, 20),
            "wrong",
            "must stay so",
            Some(of(8, 2)),
        ),
        (
            102,
            102,
            none,
            of(50, 20),
            "wrong",
            "must stay so",
            Some(of(1, 1)),
        ),
        (
            169,
            169,
            none,
            recommended,
            "wrong",
            "must stay so",
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
            "must stay so",
            Some(recommended),
        ),
        // Other functions have reserved nearly everything.
        (1000, 101, none, none, "hint", "alone fits", None),
        // What the stack has reserved already is not in its way.
        (170, 100, recommended, recommended, "ok", "fits", None),
        (
            170,
            100,
            recommended,
            of(60, 20),
            "wrong",
            "must stay so",
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
fn versions_of_the_graph_api() {
    for (version, word, fitting) in [
        (None, "ok", None),
        (Some(graph_version::DEFAULT), "ok", None),
        (Some("v21.0"), "hint", Some(graph_version::DEFAULT)),
        (Some("v9.0"), "hint", Some(graph_version::DEFAULT)),
        (Some("v99.0"), "ok", None),
        (Some("26"), "wrong", Some(graph_version::DEFAULT)),
    ] {
        let (row, fits) = graph_version::judge(version);
        judged(&row.verdict, word, "", "");
        assert_eq!(fits.as_deref(), fitting, "{version:?}");
    }
}

#[test]
fn somebody_is_told_of_alarms() {
    let with = |name: &str, value: &str| {
        Some(Samconfig {
            parameters: vec![(name.to_owned(), value.to_owned())],
            ..Samconfig::default()
        })
    };
    for (samconfig, word) in [
        (None, "hint"),
        (with("AlarmEmail", "YOU@EXAMPLE.COM"), "hint"),
        (with("AlarmEmail", ""), "hint"),
        (with("AlarmEmail", "ops@example.com"), "ok"),
        (with("AlarmTopicArn", "arn:aws:sns:eu-west-1:1:ops"), "ok"),
    ] {
        judged(&alarms::row(samconfig.as_ref()).verdict, word, "", "");
    }
}

#[test]
fn tools() {
    for (verdict, word, what, advice) in [
        (
            tools::judge_sam(None),
            "wrong",
            "not there",
            "uv tool install aws-sam-cli",
        ),
        (
            tools::judge_sam(Some("SAM CLI, version 1.170.0")),
            "ok",
            "1.170.0",
            "",
        ),
        (
            tools::judge_sam(Some("SAM CLI, version 1.171.2")),
            "ok",
            "1.171.2",
            "",
        ),
        (
            tools::judge_sam(Some("SAM CLI, version 1.99.0")),
            "hint",
            "older than",
            "upgrade",
        ),
        (tools::judge_aws(None), "hint", "not there", "--profile"),
        (
            tools::judge_aws(Some("aws-cli/2.31.5 Python/3.13.7 Linux/6.1")),
            "ok",
            "2.31.5",
            "",
        ),
        (
            tools::judge_rust(None, false),
            "wrong",
            "not there",
            "rustup.rs",
        ),
        (
            tools::judge_rust(Some("cargo 1.80.0 (376290515 2024-07-16)"), true),
            "wrong",
            "older",
            "rustup update",
        ),
        (
            tools::judge_rust(Some("cargo 9.0.0 (x 2030-01-01)"), false),
            "wrong",
            "aarch64",
            "target add",
        ),
        (
            tools::judge_rust(Some("cargo 9.0.0 (x 2030-01-01)"), true),
            "ok",
            "9.0.0",
            "",
        ),
        (
            tools::judge_cargo_lambda(Some("cargo-lambda 1.9.2 (5c1f9f0 2026-01-01Z)")),
            "ok",
            "1.9.2",
            "",
        ),
        (
            tools::judge_cargo_lambda(None),
            "wrong",
            "not there",
            "cargo-lambda",
        ),
        (
            tools::judge_zig(None),
            "wrong",
            "not there",
            "CARGO_ZIGBUILD_PYTHON_PATH",
        ),
        (tools::judge_zig(Some("0.15.1")), "ok", "0.15.1", ""),
    ] {
        judged(&verdict, word, what, advice);
    }
}
