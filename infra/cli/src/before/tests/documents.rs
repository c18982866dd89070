//! What documents and templates say, and what this module says.

use std::collections::BTreeSet;

use crate::before::needed::NEEDED;
use crate::before::{graph_version, quota, tokens, tools};

const OPERATIONS: &str = include_str!("../../../../guide/operations.md");
const TEMPLATES: [&str; 10] = [
    include_str!("../../../../../template.yaml"),
    include_str!("../../../../alarms.yaml"),
    include_str!("../../../../budget.yaml"),
    include_str!("../../../../common.yaml"),
    include_str!("../../../../dashboard.yaml"),
    include_str!("../../../../domain.yaml"),
    include_str!("../../../../function-urls.yaml"),
    include_str!("../../../../rollback-alarms.yaml"),
    include_str!("../../../../watch.yaml"),
    include_str!("../../../../../samconfig.example.toml"),
];

/// The words between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn operations_lists_the_actions_that_the_simulator_is_asked_about() {
    let (_, section) = OPERATIONS.split_once("\n## Who may deploy\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut listed = BTreeSet::new();
    for line in section.lines().filter(|line| line.starts_with("| ")) {
        let words = quoted(line).filter(|word| word.contains(':'));
        for word in words {
            assert!(listed.insert(word), "{word} is listed twice");
        }
    }
    let mut asked = BTreeSet::new();
    for action in NEEDED.iter().flat_map(|needed| needed.actions) {
        assert!(asked.insert(*action), "{action} is asked about twice");
    }
    assert_eq!(listed, asked);
}

/// Resources that need a parameter which most deployments leave empty.
const BY_PARAMETER: [&str; 1] = ["Route53"];

#[test]
fn every_kind_of_resource_needs_an_action_of_its_service() {
    let services: BTreeSet<_> = NEEDED
        .iter()
        .flat_map(|needed| needed.actions)
        .filter_map(|action| action.split(':').next())
        .collect();
    let mut seen = BTreeSet::new();
    for line in TEMPLATES.iter().flat_map(|text| text.lines()) {
        let Some(kind) = line.trim().strip_prefix("Type: AWS::") else {
            continue;
        };
        seen.insert(kind.split("::").next().unwrap());
    }
    assert!(seen.len() > 10, "{seen:?}");
    for kind in seen {
        let service = match kind {
            "ApiGatewayV2" => "apigateway".to_owned(),
            // SAM makes functions, an API and deployments of these.
            "Serverless" => "codedeploy".to_owned(),
            other => other.to_lowercase(),
        };
        let optional = BY_PARAMETER.contains(&kind);
        assert!(
            optional || services.contains(service.as_str()),
            "no action for AWS::{kind}"
        );
    }
}

#[test]
fn resources_are_named_as_the_template_names_them() {
    let resources: Vec<_> = NEEDED
        .iter()
        .flat_map(|needed| needed.resources)
        .copied()
        .collect();
    let template = TEMPLATES[0];
    let secret = "    Type: AWS::SecretsManager::Secret";
    let (_, below) = template.split_once("\nResources:\n").unwrap();
    let lines: Vec<_> = below.lines().collect();
    let secrets = lines.windows(2).filter(|pair| pair[1] == secret);
    let names: Vec<_> = secrets
        .map(|pair| pair[0].trim_matches([' ', ':']))
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
    for name in names {
        // CloudFormation begins the name of a secret with what the template calls it.
        let begins = format!(":secret:{name}-");
        assert!(resources.iter().any(|one| one.contains(&begins)), "{name}");
    }
    let (_, transform) = template.split_once("\nTransform: AWS::").unwrap();
    let transform = transform.lines().next().unwrap();
    let ends = format!(":transform/{transform}");
    assert!(resources.iter().any(|one| one.ends_with(&ends)), "{ends}");
    assert!(OPERATIONS.contains(&ends), "{ends}");
}

#[test]
fn the_defaults_are_the_templates() {
    let template = TEMPLATES[0];
    for (parameter, default) in [
        ("GraphApiVersion", graph_version::DEFAULT),
        ("WhatsappBaseUrl", tokens::META),
        (quota::WHATSAPP, "0"),
        (quota::JIRA, "0"),
        ("Ingress", "HttpApi"),
    ] {
        let (_, rest) = template.split_once(&format!("\n  {parameter}:\n")).unwrap();
        let (_, found) = rest.split_once("Default: ").unwrap();
        assert_eq!(found.lines().next().unwrap(), default, "{parameter}");
    }
    let example = TEMPLATES[9];
    let recommended = quota::Reserved::RECOMMENDED.to_string();
    assert!(example.contains(&recommended), "{recommended}");
}

#[test]
fn the_versions_tried_are_those_of_the_checks() {
    let pinned = include_str!("../../../../../.ci/requirements.txt");
    for line in [
        format!("aws-sam-cli=={}\n", tools::TRIED_SAM),
        format!("cargo-lambda=={}\n", tools::TRIED_CARGO_LAMBDA),
    ] {
        assert!(pinned.contains(&line), "{line}");
    }
}
