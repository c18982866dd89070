//! The Region: whether it has what the template may ask for, and whether SAM goes there.

use super::Here;
use super::samconfig::Samconfig;
use crate::check::Verdict;

/// Regions where templates cannot have `AWS::Lambda::Url`: those that Lambda's guide names
/// ("Creating and managing Lambda function URLs"), and those whose published schemas lack it.
const WITHOUT_FUNCTION_URLS: [&str; 15] = [
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "cn-northwest-1",
    "eu-central-2",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "mx-central-1",
    "us-gov-east-1",
    "us-gov-west-1",
];

/// Judges the Region for the way in that is wanted. Also returns the value of `Ingress` that fits
/// in place of it.
pub(super) fn judge(region: &str, ingress: Option<&str>) -> (Verdict, Option<String>) {
    if !WITHOUT_FUNCTION_URLS.contains(&region) {
        return (Verdict::ok(region), None);
    }
    let without = format!("{region} has no function URLs");
    match ingress {
        None | Some("HttpApi") => (Verdict::ok(format!("{without}: Ingress=HttpApi")), None),
        Some(other) => (
            Verdict::wrong(
                format!("{without}, which Ingress={other} needs"),
                "use Ingress=HttpApi; the command below has it",
            ),
            Some("HttpApi".to_owned()),
        ),
    }
}

/// Returns the Region that SAM would take by itself, if that is known. SAM does not read
/// `AWS_REGION`.
pub(super) fn of_sam(here: &Here, samconfig: Option<&Samconfig>) -> Option<String> {
    samconfig
        .and_then(|known| known.region.clone())
        .or_else(|| here.variable("AWS_DEFAULT_REGION"))
}

pub(super) fn judge_sam(region: &str, of_sam: Option<&str>) -> Verdict {
    match of_sam {
        Some(other) if other != region => Verdict::wrong(
            format!("looked at {region}, and SAM would deploy to {other}"),
            "SAM takes region of samconfig.toml, else AWS_DEFAULT_REGION: give both the value of \
             AWS_REGION",
        ),
        _ => Verdict::ok(region),
    }
}
