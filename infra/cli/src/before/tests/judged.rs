//! Tables of judgements.

use super::judged;
use crate::before::identity::{self, Caller, Kind};
use crate::before::samconfig::Samconfig;
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
fn versions_of_the_graph_api() {
    let now = chrono::DateTime::from_timestamp(1_796_000_000, 0).unwrap();
    for (version, word, fitting) in [
        (None, "ok", None),
        (Some(graph_version::DEFAULT), "ok", None),
        (Some("v21.0"), "hint", Some(graph_version::DEFAULT)),
        (Some("v26.0"), "hint", Some(graph_version::DEFAULT)),
        (Some("v9.0"), "wrong", Some(graph_version::DEFAULT)),
        (Some("v99.0"), "ok", None),
        (Some("26"), "wrong", Some(graph_version::DEFAULT)),
    ] {
        let (row, fits) = graph_version::judge(version, now);
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
        (tools::judge_aws(None), "hint", "not there", "profiles"),
        (
            tools::judge_aws(Some("aws-cli/1.45.11 Python/3.11.7 Linux/6.18")),
            "hint",
            "1.45.11 does not hand out",
            "version 2",
        ),
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
