//! `casement check --before`: one row for each thing that a deployment needs, before there is one.
//!
//! Modules fetch facts, and pure functions beside them judge the facts. What does not fit is put
//! right in the command that the report ends with.

mod account;
mod alarms;
mod graph_version;
mod identity;
mod needed;
mod next;
mod permissions;
mod quota;
mod region;
mod samconfig;
mod signed;
mod stack;
#[cfg(test)]
mod tests;
mod tokens;
mod tools;
mod xml;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use casement_aws::client::AwsEnvironment;
use casement_core::settings::Settings;
use casement_lambda::outbound_http;
use reqwest::Client;
use serde_json::json;

use self::account::Account;
use self::next::Next;
use self::quota::Reserved;
use self::samconfig::Samconfig;
use crate::Problem;
use crate::args::{Before, PlaceOptions};
use crate::check::{Row, Verdict};
use crate::file::text_of;
use crate::place;
use crate::talk::{Talk, counted};

/// The stack of samconfig.example.toml's first section.
const DEFAULT_STACK: &str = "casement-dev";

const CREDENTIALS: &str = "AWS credentials";
const REGION: &str = "Region";
const QUOTA: &str = "Lambda quota";
const PERMISSIONS: &str = "permissions";
const STACK: &str = "stack";

/// Finds the value of a variable.
type Lookup = dyn Fn(&str) -> Option<String>;

/// Where the command runs.
struct Here {
    /// The folder with the template and `samconfig.toml`.
    folder: PathBuf,
    /// Looks a variable up; an empty one counts as not set.
    variable: Box<Lookup>,
}

impl Here {
    fn new(folder: &Path, lookup: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self {
            folder: folder.to_owned(),
            variable: Box::new(move |name| lookup(name).filter(|value| !value.is_empty())),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        (self.variable)(name)
    }

    /// Returns whether this is the source, from which the functions are built.
    fn is_source(&self) -> bool {
        self.folder.join("Cargo.toml").is_file()
    }
}

/// Prints all rows and the command to type next. The exit code is 1 if a row needs action.
///
/// # Errors
/// `--local` is given, or the answer cannot be printed.
pub(crate) async fn run(
    talk: &Talk,
    options: &PlaceOptions,
    wanted: &Before,
) -> Result<ExitCode, Problem> {
    if options.local.is_some() {
        return Err(Problem::Usage(
            "--before looks at an AWS account, which the local stack does not need: casement check \
             --local"
                .to_owned(),
        ));
    }
    let here = Here::new(Path::new("."), |name| std::env::var(name).ok());
    let http = outbound_http::client()
        .map_err(|error| Problem::Failed(format!("no HTTP client: {error}")))?;
    let progress = talk.spinner("looking");
    let samconfig = samconfig::read(&here.folder, wanted.config_env.as_deref());
    let known = samconfig.as_ref().ok();
    let mut next = Next::new(wanted, options.profile.as_deref(), known);
    next.builds = wanted.from_source || here.is_source();
    let mut rows = tools::rows(&here, next.builds).await;
    rows.push(Row::new(
        "samconfig.toml",
        samconfig::judge(&samconfig, wanted.config_env.is_some()),
    ));
    progress.inc(1);
    let environment = place::environment(options).await;
    rows.extend(aws_rows(&here, &http, environment, known, &mut next).await);
    progress.inc(1);
    let parameter = |name: &str| known.and_then(|known| known.parameter(name));
    let (row, newer) = graph_version::judge(parameter("GraphApiVersion"), chrono::Utc::now());
    rows.push(row);
    next.set("GraphApiVersion", newer);
    rows.push(alarms::row(known));
    if let Some(file) = &wanted.settings {
        rows.push(settings_row(file));
    }
    rows.extend(tokens::rows(&here, &http, known).await);
    progress.finish_and_clear();
    report(talk, &rows, &next)
}

fn report(talk: &Talk, rows: &[Row], next: &Next) -> Result<ExitCode, Problem> {
    let wrong = rows.iter().filter(|row| row.is_wrong()).count();
    let mut text = rows.iter().map(Row::line).collect::<String>();
    let command = next.command();
    text.push_str(&match wrong {
        0 => format!("Nothing to do. Type next:\n  {command}"),
        some => format!(
            "{} to do. After that, type:\n  {command}",
            counted(some, "thing", "things")
        ),
    });
    let value = json!({
        "ok": wrong == 0, "rows": rows, "next": command, "parameters": next.changes(),
    });
    talk.say(&text, &value)?;
    Ok(ExitCode::from(u8::from(wrong > 0)))
}

/// Looks at the account. What does not fit in the section of `samconfig.toml` goes to `next`.
async fn aws_rows(
    here: &Here,
    http: &Client,
    environment: Result<AwsEnvironment, Problem>,
    samconfig: Option<&Samconfig>,
    next: &mut Next,
) -> Vec<Row> {
    let environment = match environment {
        Ok(environment) => environment,
        Err(problem) => {
            let advice = problem.to_string();
            let advice = advice.strip_suffix(place::OR_LOCAL).unwrap_or(&advice);
            let missing = Verdict::wrong("cannot be used", advice);
            let waiting = [REGION, QUOTA, PERMISSIONS, STACK];
            let mut rows = vec![Row::new(CREDENTIALS, missing)];
            rows.extend(waiting.map(|what| Row::new(what, Verdict::waits_for(CREDENTIALS))));
            return rows;
        }
    };
    let region = &environment.region;
    let account = Account::new(http, &environment, &|name| here.variable(name));
    let caller = account.caller().await;
    let mut rows = vec![Row::new(CREDENTIALS, identity::judge(&caller))];
    let ingress = samconfig.and_then(|known| known.parameter("Ingress"));
    let (row, fitting) = region::judge(region, ingress);
    let elsewhere = region::of_sam(here, samconfig);
    rows.push(Row::new(
        REGION,
        region::judge_sam(region, elsewhere.as_deref()).or(row),
    ));
    next.set("Ingress", fitting);
    next.region(region, elsewhere.as_deref());
    let Ok(caller) = caller else {
        let waiting = [QUOTA, PERMISSIONS, STACK];
        rows.extend(waiting.map(|what| Row::new(what, Verdict::waits_for(CREDENTIALS))));
        return rows;
    };
    let stack = account.stack(&next.stack).await;
    let already = stack::reserved(&stack);
    let wanted = samconfig.map_or_else(Reserved::default, Reserved::of_samconfig);
    let (quota, fitting) = quota::judge(&account.quota().await, already, wanted);
    rows.push(Row::new(QUOTA, quota));
    if let Some(fitting) = fitting {
        next.set(quota::WHATSAPP, Some(fitting.whatsapp.to_string()));
        next.set(quota::JIRA, Some(fitting.jira.to_string()));
    }
    let allowed = permissions::allowed(&account, &caller, region, &next.stack).await;
    rows.push(Row::new(PERMISSIONS, permissions::judge(&allowed)));
    rows.push(Row::new(STACK, stack::judge(&next.stack, &stack)));
    rows
}

/// Says why a call gave no facts. A call that is not allowed says nothing about the deployment.
fn unanswered(call: &str, code: &str) -> Verdict {
    if matches!(code, "AccessDenied" | "AccessDeniedException") {
        return Verdict::unknown(format!("{call} is not allowed to you"));
    }
    Verdict::wrong(format!("{call}: {code}"), Problem::advice_for(code))
}

fn settings_row(file: &Path) -> Row {
    let settings = text_of(file)
        .and_then(|text| Settings::from_toml(&text).map_err(|error| error.to_string()));
    let verdict = match settings {
        Ok(settings) => {
            let numbers = counted(settings.numbers().len(), "number", "numbers");
            Verdict::ok(format!("valid, {numbers}"))
        }
        Err(why) => Verdict::wrong(
            format!("{}: {why}", file.display()),
            "put it right; infra/guide/settings.md explains every key",
        ),
    };
    Row::new("settings", verdict)
}
