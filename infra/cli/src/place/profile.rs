//! Region and credentials, from the environment and the AWS CLI.

use std::collections::BTreeMap;
use std::process::Stdio;

use casement_aws::client::{AwsEnvironment, MissingVariable};
use serde::Deserialize;

use crate::Problem;
use crate::args::PlaceOptions;

/// Reads Region and credentials from the process and from a profile, if one is given.
///
/// # Errors
/// One of them is missing, or the AWS CLI does not give them.
pub(crate) async fn environment(options: &PlaceOptions) -> Result<AwsEnvironment, Problem> {
    let exported = match profile(options.profile.as_deref(), process) {
        Some(profile) => Some(exported(&profile).await?),
        None => None,
    };
    AwsEnvironment::read(|name| chosen(exported.as_ref(), name, process)).map_err(missing)
}

/// Looks a variable up; an empty one counts as not set.
fn process(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns the profile that is meant. As with AWS's tools, keys in the environment go before
/// `AWS_PROFILE`.
fn profile(given: Option<&str>, process: impl Fn(&str) -> Option<String>) -> Option<String> {
    if given.is_some() || process("AWS_ACCESS_KEY_ID").is_some() {
        return given.map(str::to_owned);
    }
    process("AWS_PROFILE")
}

/// Chooses a variable from the profile, if there is one, or from the process. Credentials of the two
/// are never mixed: AWS refuses the keys of one with the session token of the other. The process's
/// Region goes before the profile's, as with AWS's tools.
fn chosen(
    exported: Option<&BTreeMap<&'static str, String>>,
    name: &str,
    process: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let of_profile = exported.and_then(|exported| exported.get(name).cloned());
    match name {
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN"
            if exported.is_some() =>
        {
            of_profile
        }
        "AWS_REGION" => process(name)
            .or_else(|| process("AWS_DEFAULT_REGION"))
            .or(of_profile),
        _ => process(name),
    }
}

/// The last words of what is said where credentials are missing.
pub(crate) const OR_LOCAL: &str = " For the local stack: --local";

pub(super) fn missing(variable: MissingVariable) -> Problem {
    Problem::Usage(format!(
        "{} is not set. Give --profile NAME or set AWS_PROFILE, or export the credentials of a \
         profile yourself: eval \"$(aws configure export-credentials --profile NAME --format \
         env)\"; export AWS_REGION=$(aws configure get region --profile NAME).{OR_LOCAL}",
        variable.0
    ))
}

/// Reads a profile's credentials, SSO included, from the AWS CLI ("AWS CLI Command Reference",
/// `configure export-credentials`).
async fn exported(profile: &str) -> Result<BTreeMap<&'static str, String>, Problem> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Credentials {
        access_key_id: String,
        secret_access_key: String,
        session_token: Option<String>,
    }
    let command = ["configure", "export-credentials", "--format", "process"];
    let text = aws_cli(&command, profile).await?;
    let credentials: Credentials = serde_json::from_str(&text).map_err(|_| {
        Problem::Failed("aws configure export-credentials wrote no credentials".to_owned())
    })?;
    let mut found = BTreeMap::from([
        ("AWS_ACCESS_KEY_ID", credentials.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key),
    ]);
    found.extend(
        credentials
            .session_token
            .map(|token| ("AWS_SESSION_TOKEN", token)),
    );
    if let Ok(region) = aws_cli(&["configure", "get", "region"], profile).await {
        found.insert("AWS_REGION", region.trim().to_owned());
    }
    Ok(found)
}

async fn aws_cli(arguments: &[&str], profile: &str) -> Result<String, Problem> {
    let output = tokio::process::Command::new("aws")
        .args(arguments)
        .args(["--profile", profile])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .await
        .map_err(|error| {
            Problem::Usage(format!(
                "--profile needs the AWS CLI, and `aws` cannot be started ({error}): install it, or \
                 set AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ))
        })?;
    if !output.status.success() {
        return Err(Problem::Failed(format!(
            "aws {} failed for the profile {profile}: log in first (aws sso login --profile \
             {profile})",
            arguments.join(" ")
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_of_a_profile_and_of_the_process_are_never_mixed() {
        let process = |name: &str| Some(format!("{name} of the process"));
        let keys = BTreeMap::from([
            ("AWS_ACCESS_KEY_ID", "key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ]);
        let chosen = |name: &str| chosen(Some(&keys), name, process);
        assert_eq!(chosen("AWS_ACCESS_KEY_ID").as_deref(), Some("key"));
        assert_eq!(chosen("AWS_SESSION_TOKEN"), None);
        assert_eq!(chosen("AWS_REGION"), process("AWS_REGION"));
        let alone = super::chosen(None, "AWS_SESSION_TOKEN", process);
        assert_eq!(alone, process("AWS_SESSION_TOKEN"));
    }

    #[test]
    fn the_region_is_the_one_that_the_tools_of_aws_take() {
        let of_profile = BTreeMap::from([("AWS_REGION", "profile".to_owned())]);
        for (set, expected) in [
            (&["AWS_REGION", "AWS_DEFAULT_REGION"][..], "AWS_REGION"),
            (&["AWS_DEFAULT_REGION"], "AWS_DEFAULT_REGION"),
            (&[], "profile"),
        ] {
            let process = |name: &str| set.contains(&name).then(|| name.to_owned());
            let found = chosen(Some(&of_profile), "AWS_REGION", process);
            assert_eq!(found.as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_profile_may_be_named_by_the_environment() {
        for (given, set, expected) in [
            (None, &["AWS_PROFILE"][..], Some("AWS_PROFILE")),
            (Some("given"), &["AWS_PROFILE"], Some("given")),
            (Some("given"), &["AWS_ACCESS_KEY_ID"], Some("given")),
            (None, &["AWS_PROFILE", "AWS_ACCESS_KEY_ID"], None),
            (None, &[], None),
        ] {
            let process = |name: &str| set.contains(&name).then(|| name.to_owned());
            assert_eq!(profile(given, process).as_deref(), expected, "{set:?}");
        }
    }
}
