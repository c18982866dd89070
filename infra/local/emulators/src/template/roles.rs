//! `AWS::IAM::Role`: the actions that a function may call.

use std::collections::BTreeSet;

use serde_json::Value;

use super::document::Document;
use super::error::Fault;

const KIND: &str = "AWS::IAM::Role";
const POLICY: &str = "AWS::IAM::Policy";

/// Returns the actions allowed by the role that `reference`, a `!GetAtt` of its ARN, names, and by
/// the policies of this template that are attached to it. Ignores the resources they are limited
/// to, and statements behind an `!If`.
pub(super) fn allowed(template: &Document, reference: &Value) -> Result<BTreeSet<String>, Fault> {
    let logical_id = reference["Fn::GetAtt"][0]
        .as_str()
        .ok_or_else(|| Fault::new("!GetAtt of a role's Arn is expected"))?;
    let role = template
        .resources(KIND)
        .find(|role| role.logical_id == logical_id)
        .ok_or_else(|| Fault::new(format!("{logical_id} is no {KIND} of this template")))?;
    let properties = role.properties()?;
    let own = properties.get("Policies").and_then(Value::as_array);
    let mut documents: Vec<_> = own
        .into_iter()
        .flatten()
        .map(|policy| policy["PolicyDocument"].clone())
        .collect();
    for policy in template.resources(POLICY) {
        let properties = policy.properties()?;
        let roles = properties.get("Roles").and_then(Value::as_array);
        let mut roles = roles.into_iter().flatten();
        if roles.any(|attached| attached["Ref"] == logical_id) {
            documents.extend(properties.get("PolicyDocument").cloned());
        }
    }
    let statements = documents
        .iter()
        .filter_map(|document| document["Statement"].as_array())
        .flatten()
        .filter(|statement| statement["Effect"] == "Allow");
    let actions = statements.flat_map(|statement| match &statement["Action"] {
        Value::Array(actions) => actions.as_slice(),
        action => std::slice::from_ref(action),
    });
    Ok(actions
        .filter_map(|action| action.as_str().map(str::to_owned))
        .collect())
}
