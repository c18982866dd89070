//! The calls, against a stub of AWS.

use casement_aws::client::AwsEnvironment;
use casement_lambda::outbound_http;
use serde_json::json;
use wiremock::matchers::{body_string_contains, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{here, judged};
use crate::Problem;
use crate::args::Before;
use crate::before::next::Next;
use crate::before::samconfig::{Samconfig, parse};
use crate::before::{CREDENTIALS, PERMISSIONS, QUOTA, REGION, STACK, aws_rows};
use crate::check::{Row, Verdict};
use crate::place::OR_LOCAL;

const EXAMPLE: &str = include_str!("../../../../../samconfig.example.toml");

/// A stub that answers every call of a user in a new account.
struct Stub {
    server: MockServer,
}

fn xml(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.to_owned(), "text/xml")
}

fn xml_error(status: u16, code: &str) -> ResponseTemplate {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>\
         <RequestId>1</RequestId></ErrorResponse>"
    );
    ResponseTemplate::new(status).set_body_raw(body, "text/xml")
}

/// An action of a service that takes forms.
async fn action(server: &MockServer, name: &str, answer: ResponseTemplate) {
    Mock::given(method("POST"))
        .and(body_string_contains(format!("Action={name}&")))
        .respond_with(answer)
        .mount(server)
        .await;
}

fn identity(arn: &str) -> ResponseTemplate {
    xml(&format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <GetCallerIdentityResult><Arn>{arn}</Arn><UserId>A</UserId><Account>123456789012</Account>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>"
    ))
}

fn simulated(decision: &str) -> ResponseTemplate {
    xml(&format!(
        "<SimulatePrincipalPolicyResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
         <SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults><member>\
         <EvalActionName>lambda:CreateFunction</EvalActionName><EvalDecision>{decision}</EvalDecision>\
         <MissingContextValues/></member></EvaluationResults></SimulatePrincipalPolicyResult>\
         </SimulatePrincipalPolicyResponse>"
    ))
}

impl Stub {
    /// A quota, and what the other calls are answered unless a test has answered them before.
    async fn start(server: MockServer, at_once: u32) -> Self {
        Mock::given(method("GET"))
            .and(path("/2016-08-19/account-settings"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({
                "AccountLimit": {"TotalCodeSize": 80_530_636_800_u64,
                    "CodeSizeUnzipped": 262_144_000, "CodeSizeZipped": 52_428_800,
                    "ConcurrentExecutions": at_once, "UnreservedConcurrentExecutions": at_once},
                "AccountUsage": {"TotalCodeSize": 0, "FunctionCount": 0}})))
            .mount(&server)
            .await;
        let user = identity("arn:aws:iam::123456789012:user/ada");
        action(&server, "GetCallerIdentity", user).await;
        action(&server, "SimulatePrincipalPolicy", simulated("allowed")).await;
        action(&server, "DescribeStacks", xml_error(400, "ValidationError")).await;
        Self { server }
    }

    async fn rows(&self, region: &str, samconfig: Option<&Samconfig>, next: &mut Next) -> Vec<Row> {
        let url = self.server.uri();
        let environment = AwsEnvironment::read(|name| match name {
            "AWS_REGION" => Some(region.to_owned()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("any".to_owned()),
            _ => None,
        });
        let here = here(&[("AWS_ENDPOINT_URL", &url)]);
        let environment = environment.map_err(|error| Problem::Usage(error.to_string()));
        let http = outbound_http::client().unwrap();
        aws_rows(&here, &http, environment, samconfig, next).await
    }
}

fn next(section: Option<&str>, samconfig: Option<&Samconfig>) -> Next {
    let wanted = Before {
        config_env: section.map(str::to_owned),
        ..Before::default()
    };
    Next::new(&wanted, None, samconfig)
}

#[track_caller]
fn of<'a>(rows: &'a [Row], what: &str) -> &'a Verdict {
    let row = rows.iter().find(|row| row.what == what);
    &row.unwrap_or_else(|| panic!("no row {what}")).verdict
}

#[tokio::test]
async fn a_new_account_reserves_nothing() {
    let stub = Stub::start(MockServer::start().await, 10).await;
    let prod = parse(EXAMPLE, "prod").unwrap();
    let mut next = next(Some("prod"), Some(&prod));
    let rows = stub.rows("eu-central-1", Some(&prod), &mut next).await;
    judged(of(&rows, CREDENTIALS), "ok", "123456789012", "");
    judged(of(&rows, REGION), "ok", "eu-central-1", "");
    judged(
        of(&rows, QUOTA),
        "wrong",
        "10 functions may run at once",
        "use WhatsappWebhookConcurrency=0 JiraWebhookConcurrency=0",
    );
    judged(of(&rows, PERMISSIONS), "ok", "allowed", "");
    judged(of(&rows, STACK), "ok", "casement-prod is not there yet", "");
    let command = next.command();
    assert!(
        command.ends_with("JiraWebhookConcurrency=0 WhatsappWebhookConcurrency=0"),
        "{command}"
    );
    // The defaults fit, and nothing else needs to be said.
    let mut next = self::next(None, None);
    let rows = stub.rows("eu-central-1", None, &mut next).await;
    judged(
        of(&rows, QUOTA),
        "hint",
        "fits, the default",
        "ask for 1,000",
    );
    assert_eq!(next.command(), "sam deploy --guided --region eu-central-1");
    assert!(next.changes().is_empty());
}

#[tokio::test]
async fn a_region_without_function_urls_gets_the_http_api() {
    let stub = Stub::start(MockServer::start().await, 1000).await;
    let text = "[default.deploy.parameters]\nregion = \"eu-central-2\"\n\
                parameter_overrides = \"JiraBaseUrl=https://a.atlassian.net Ingress=Both\"";
    let samconfig = parse(text, "default").unwrap();
    let mut next = next(None, Some(&samconfig));
    let rows = stub.rows("eu-central-2", Some(&samconfig), &mut next).await;
    judged(
        of(&rows, REGION),
        "wrong",
        "Ingress=Both",
        "Ingress=HttpApi",
    );
    judged(of(&rows, QUOTA), "ok", "up to", "");
    assert_eq!(
        next.command(),
        "sam deploy --guided --parameter-overrides JiraBaseUrl=https://a.atlassian.net \
         Ingress=HttpApi"
    );
}

#[tokio::test]
async fn a_simulator_that_may_not_be_asked_is_no_fault() {
    let server = MockServer::start().await;
    let refused = xml_error(403, "AccessDenied");
    action(&server, "SimulatePrincipalPolicy", refused).await;
    let stub = Stub::start(server, 1000).await;
    let rows = stub.rows("eu-central-1", None, &mut next(None, None)).await;
    judged(
        of(&rows, PERMISSIONS),
        "unknown",
        "SimulatePrincipalPolicy is not allowed",
        "",
    );
}

#[tokio::test]
async fn a_denied_action_is_named() {
    let server = MockServer::start().await;
    let denied = simulated("implicitDeny");
    action(&server, "SimulatePrincipalPolicy", denied).await;
    let stub = Stub::start(server, 1000).await;
    let rows = stub.rows("eu-central-1", None, &mut next(None, None)).await;
    judged(
        of(&rows, PERMISSIONS),
        "wrong",
        "not allowed: lambda:",
        "operations.md",
    );
}

/// The simulator takes a role's ARN with its path, and a session's ARN has neither.
#[tokio::test]
async fn the_role_of_a_session_is_simulated() {
    let server = MockServer::start().await;
    let session = "arn:aws:sts::123456789012:assumed-role/deploy/github";
    action(&server, "GetCallerIdentity", identity(session)).await;
    let role = xml(
        "<GetRoleResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetRoleResult><Role>\
         <Path>/ci/</Path><RoleName>deploy</RoleName><RoleId>A</RoleId>\
         <Arn>arn:aws:iam::123456789012:role/ci/deploy</Arn>\
         <CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>",
    );
    action(&server, "GetRole", role).await;
    let stub = Stub::start(server, 1000).await;
    let rows = stub.rows("eu-central-1", None, &mut next(None, None)).await;
    judged(of(&rows, CREDENTIALS), "ok", "with a role", "");
    let simulated = simulated_identities(&stub).await;
    assert!(!simulated.is_empty());
    for identity in simulated {
        assert!(identity.contains("role%2Fci%2Fdeploy"), "{identity}");
    }
}

#[tokio::test]
async fn a_role_that_cannot_be_read_has_no_path() {
    let server = MockServer::start().await;
    let session = "arn:aws:sts::123456789012:assumed-role/deploy/github";
    action(&server, "GetCallerIdentity", identity(session)).await;
    action(&server, "GetRole", xml_error(403, "AccessDenied")).await;
    let stub = Stub::start(server, 1000).await;
    stub.rows("eu-central-1", None, &mut next(None, None)).await;
    for identity in simulated_identities(&stub).await {
        assert!(identity.contains("role%2Fdeploy"), "{identity}");
    }
}

/// The bodies of the calls to the simulator.
async fn simulated_identities(stub: &Stub) -> Vec<String> {
    let requests = stub.server.received_requests().await.unwrap();
    let bodies = requests
        .iter()
        .map(|request| String::from_utf8_lossy(&request.body).into_owned());
    bodies
        .filter(|body| body.contains("Action=SimulatePrincipalPolicy"))
        .collect()
}

#[tokio::test]
async fn a_stack_that_failed_is_in_the_way() {
    let server = MockServer::start().await;
    let failed = xml(
        "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
         <DescribeStacksResult><Stacks><member><StackName>casement-dev</StackName>\
         <CreationTime>2026-01-01T00:00:00Z</CreationTime>\
         <StackStatus>ROLLBACK_COMPLETE</StackStatus></member></Stacks></DescribeStacksResult>\
         </DescribeStacksResponse>",
    );
    action(&server, "DescribeStacks", failed).await;
    let stub = Stub::start(server, 1000).await;
    let rows = stub.rows("eu-central-1", None, &mut next(None, None)).await;
    judged(
        of(&rows, STACK),
        "wrong",
        "ROLLBACK_COMPLETE",
        "delete-stack",
    );
}

#[tokio::test]
async fn without_credentials_nothing_else_is_red() {
    let stub = Stub::start(MockServer::start().await, 1000).await;
    let missing = Err(Problem::Usage(format!("AWS_REGION is not set.{OR_LOCAL}")));
    let mut command = next(None, None);
    let http = outbound_http::client().unwrap();
    let rows = aws_rows(&here(&[]), &http, missing, None, &mut command).await;
    judged(
        of(&rows, CREDENTIALS),
        "wrong",
        "cannot be used",
        "AWS_REGION",
    );
    let Verdict::Wrong { fix, .. } = of(&rows, CREDENTIALS) else {
        panic!("not wrong");
    };
    assert!(!fix.contains("--local"), "{fix}");
    for what in [REGION, QUOTA, PERMISSIONS, STACK] {
        judged(of(&rows, what), "unknown", CREDENTIALS, "");
    }
    assert_eq!(command.command(), "sam deploy --guided");
    // Credentials that AWS refuses.
    let server = MockServer::start().await;
    action(&server, "GetCallerIdentity", xml_error(403, "ExpiredToken")).await;
    let refused = Stub { server };
    let rows = refused.rows("eu-central-1", None, &mut command).await;
    judged(
        of(&rows, CREDENTIALS),
        "wrong",
        "ExpiredToken",
        "log in again",
    );
    for what in [QUOTA, PERMISSIONS, STACK] {
        judged(of(&rows, what), "unknown", CREDENTIALS, "");
    }
    assert_eq!(stub.server.received_requests().await.unwrap().len(), 0);
}
