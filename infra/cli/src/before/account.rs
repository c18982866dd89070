//! What is asked of AWS.

use std::collections::BTreeMap;

use casement_aws::client::AwsEnvironment;
use reqwest::Client;
use roxmltree::Document;
use serde_json::Value;

use super::identity::Caller;
use super::quota::Quota;
use super::signed::{Aws, Service};
use super::stack::Stack;
use super::xml;

const STS: Service = Service {
    name: "sts",
    version: "2011-06-15",
};
const IAM: Service = Service {
    name: "iam",
    version: "2010-05-08",
};
const CLOUDFORMATION: Service = Service {
    name: "cloudformation",
    version: "2010-05-15",
};
const LAMBDA: Service = Service {
    name: "lambda",
    version: "2016-08-19",
};

/// The AWS account that the credentials belong to. Errors of all calls are AWS's error codes.
pub(super) struct Account {
    aws: Aws,
}

/// What the simulator says of one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    pub action: String,
    pub allowed: bool,
    /// A policy asks for a value that only the real call has.
    pub conditional: bool,
    /// The resources on which it is not allowed, if it is on others.
    pub on: Vec<String>,
}

/// An answer that lacks what it must have.
fn unreadable() -> String {
    "unreadable answer".to_owned()
}

fn parsed(answer: &str) -> Result<Document<'_>, String> {
    Document::parse(answer).map_err(|_| unreadable())
}

impl Account {
    /// Prepares the calls. `AWS_ENDPOINT_URL_STS` and the like name other endpoints, else
    /// `AWS_ENDPOINT_URL`.
    pub(super) fn new(
        http: &Client,
        environment: &AwsEnvironment,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let endpoint = |service: &Service| {
            variable(&format!("AWS_ENDPOINT_URL_{}", service.name.to_uppercase()))
                .or_else(|| variable("AWS_ENDPOINT_URL"))
        };
        let services = [STS, IAM, CLOUDFORMATION, LAMBDA];
        let endpoints = services
            .iter()
            .filter_map(|service| Some((service.name, endpoint(service)?)));
        Self {
            aws: Aws::new(http, environment, endpoints.collect()),
        }
    }

    /// Asks whose the credentials are. Everybody may.
    pub(super) async fn caller(&self) -> Result<Caller, String> {
        let answer = self.aws.action(&STS, "GetCallerIdentity", &[]).await?;
        let arn = xml::within(parsed(&answer)?.root(), "Arn");
        arn.as_deref()
            .and_then(Caller::of_arn)
            .ok_or_else(unreadable)
    }

    /// Asks how many functions may run at once.
    pub(super) async fn quota(&self) -> Result<Quota, String> {
        let answer = self.aws.get(&LAMBDA, "account-settings").await?;
        let answer: Value = serde_json::from_str(&answer).map_err(|_| unreadable())?;
        let limit = |key: &str| answer["AccountLimit"][key].as_i64();
        let at_once = limit("ConcurrentExecutions").ok_or_else(unreadable)?;
        Ok(Quota {
            at_once,
            unreserved: limit("UnreservedConcurrentExecutions").unwrap_or(at_once),
        })
    }

    /// Looks the stack up. `None`: there is no stack of that name.
    pub(super) async fn stack(&self, name: &str) -> Result<Option<Stack>, String> {
        let asked = [("StackName".to_owned(), name.to_owned())];
        let answer = match self
            .aws
            .action(&CLOUDFORMATION, "DescribeStacks", &asked)
            .await
        {
            // CloudFormation's word for a name that it does not know.
            Err(code) if code == "ValidationError" => return Ok(None),
            other => other?,
        };
        let answer = parsed(&answer)?;
        let Some(status) = xml::within(answer.root(), "StackStatus") else {
            return Ok(None);
        };
        let parameters = xml::members_within(answer.root(), "Parameters").into_iter();
        let parameters = parameters.filter_map(|parameter| {
            let name = xml::child(parameter, "ParameterKey")?;
            Some((name, xml::child(parameter, "ParameterValue")?))
        });
        Ok(Some(Stack {
            status,
            parameters: parameters.collect::<BTreeMap<_, _>>(),
        }))
    }

    /// Returns a role's ARN with its path, which the ARN of a session lacks.
    pub(super) async fn role(&self, name: &str) -> Result<String, String> {
        let asked = [("RoleName".to_owned(), name.to_owned())];
        let answer = self.aws.action(&IAM, "GetRole", &asked).await?;
        xml::within(parsed(&answer)?.root(), "Arn").ok_or_else(unreadable)
    }

    /// Asks IAM's simulator what the identity may do with a resource.
    pub(super) async fn simulate(
        &self,
        identity: &str,
        actions: &[&str],
        resource: &str,
        context: &[(&str, &str)],
    ) -> Result<Vec<Decision>, String> {
        let mut asked = vec![
            ("PolicySourceArn".to_owned(), identity.to_owned()),
            ("ResourceArns.member.1".to_owned(), resource.to_owned()),
            ("MaxItems".to_owned(), "1000".to_owned()),
        ];
        for (number, action) in (1..).zip(actions) {
            asked.push((format!("ActionNames.member.{number}"), (*action).to_owned()));
        }
        for (number, (key, value)) in (1..).zip(context) {
            let part = |part: &str| format!("ContextEntries.member.{number}.{part}");
            asked.push((part("ContextKeyName"), (*key).to_owned()));
            asked.push((part("ContextKeyType"), "string".to_owned()));
            asked.push((part("ContextKeyValues.member.1"), (*value).to_owned()));
        }
        let answer = self.aws.action(&IAM, "SimulatePrincipalPolicy", &asked);
        let answer = answer.await?;
        let answer = parsed(&answer)?;
        let results = xml::members_within(answer.root(), "EvaluationResults").into_iter();
        results
            .map(|result| {
                Some(Decision {
                    action: xml::child(result, "EvalActionName")?,
                    allowed: xml::child(result, "EvalDecision")? == "allowed",
                    conditional: !xml::members(result, "MissingContextValues").is_empty(),
                    on: Vec::new(),
                })
            })
            .collect::<Option<_>>()
            .ok_or_else(unreadable)
    }
}
