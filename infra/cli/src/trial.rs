//! `casement try jira`: opens a request, writes to it as Casement does, and says what SLAs and rules
//! make of it.
//!
//! Nothing goes to WhatsApp: the request belongs to no conversation, and every comment has
//! Casement's own mark.

mod judge;
mod patience;
mod reading;

use std::process::ExitCode;

use casement_core::decide::inbound::NewRequest;
use casement_core::model::adf::Document;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::IssueRef;
use casement_core::settings::{NumberSettings, Settings};
use casement_jira::client::JiraCloud;
use casement_service::ports::{
    CommentDraft, Comments, CredentialsUnavailable, JiraAccount, JiraCredentials, Marker, Requests,
};
use serde::Serialize;
use serde_json::json;

use self::judge::{NoReply, Readings, judge};
use self::patience::Patience;
use self::reading::Reading;
use crate::Problem;
use crate::check::{Row, Verdict};
use crate::connect::jira::{Whose, administrator};
use crate::jira::Jira;
use crate::place::Place;
use crate::stored::Table;
use crate::talk::{Talk, counted};

const SUMMARY: &str = "Casement trial, please ignore";
const WORDS: &str = "Casement trial: these are a customer's words. Nothing goes to WhatsApp.";
const REPLY: &str = "Casement trial: this is an agent's reply. Nothing goes to WhatsApp.";
const MORE: &str = "Casement trial: the customer writes again. Nothing goes to WhatsApp.";

/// Asks, tries every request form of the settings, and says what the site made of it. The exit code
/// is 1 if a row needs action.
///
/// # Errors
/// Jira cannot be reached, or a service desk of the settings cannot be read.
pub async fn run(place: &Place, talk: &Talk) -> Result<ExitCode, Problem> {
    let settings = Table::of(place)?.checked_settings().await?;
    let base = place.name("JiraBaseUrl")?;
    let account = place.credentials().await?.jira_account.clone();
    let jira = Jira::enter(place, &base, &account).await?;
    let forms = forms(&jira, &settings).await?;
    let named: Vec<_> = forms.iter().map(Form::name).collect();
    let question = format!(
        "This opens a request \"{SUMMARY}\" ({}), writes comments and closes it. Nothing goes to \
         WhatsApp.",
        named.join("; ")
    );
    if !talk.confirm(&question)? {
        return Ok(ExitCode::FAILURE);
    }
    let progress = talk.spinner("waiting for Jira's rules");
    let site = Site {
        agent: agent(place, &jira).await?,
        cloud: cloud(place, &base, account)?,
        jira,
        patience: if place.local.is_some() {
            Patience::LOCAL
        } else {
            Patience::SITE
        },
    };
    let mut trials = Vec::new();
    for form in forms {
        trials.push(site.attempt(form).await);
        progress.inc(1);
    }
    progress.finish_and_clear();
    report(talk, &trials)
}

/// A request form of the settings.
struct Form {
    project: String,
    number: NumberSettings,
}

impl Form {
    fn name(&self) -> String {
        let (project, kind) = (&self.project, &self.number.request_type_id);
        format!("{project}, request type {kind}")
    }

    fn request(&self) -> NewRequest {
        NewRequest {
            service_desk_id: self.number.service_desk_id.clone(),
            request_type_id: self.number.request_type_id.clone(),
            summary: SUMMARY.to_owned().into(),
            reference_field: self.number.reference_field.clone(),
            reference: String::new(),
            reference_text: SUMMARY.to_owned(),
            more_fields: Vec::new(),
        }
    }
}

/// Returns the forms of all numbers, each once.
async fn forms(jira: &Jira, settings: &Settings) -> Result<Vec<Form>, Problem> {
    let mut forms: Vec<Form> = Vec::new();
    for number in settings.numbers() {
        let form =
            |one: &NumberSettings| (one.service_desk_id.clone(), one.request_type_id.clone());
        if forms
            .iter()
            .any(|known| form(&known.number) == form(number))
        {
            continue;
        }
        let path = format!("rest/servicedeskapi/servicedesk/{}", number.service_desk_id);
        let desk = jira.get(&path, &[]).await?;
        forms.push(Form {
            project: desk["projectKey"].as_str().unwrap_or_default().to_owned(),
            number: number.clone(),
        });
    }
    Ok(forms)
}

/// One account, for the whole trial.
#[derive(Debug)]
struct One(JiraAccount);

impl JiraCredentials for One {
    async fn account(&self) -> Result<JiraAccount, CredentialsUnavailable> {
        Ok(self.0.clone())
    }

    async fn account_refused(&self) {}
}

/// Returns the client that the functions use.
fn cloud(place: &Place, base: &str, account: JiraAccount) -> Result<JiraCloud<One>, Problem> {
    let cloud = JiraCloud::new(place.http.clone(), base, One(account));
    cloud.map_err(|error| Problem::Usage(error.to_string()))
}

/// Returns the client of the agent whom the environment names.
async fn agent(place: &Place, jira: &Jira) -> Result<Result<JiraCloud<One>, NoReply>, Problem> {
    let (whose, base, account) = administrator(place).await?;
    if whose == Whose::Casement {
        return Ok(Err(NoReply::Nobody));
    }
    let entered = Jira::enter(place, &base, &account).await;
    let theirs = match &entered {
        Ok(entered) => entered.get("rest/api/3/myself", &[]).await,
        Err(failure) => Err(*failure),
    };
    let theirs = match theirs {
        Ok(theirs) => theirs,
        Err(failure) => return Ok(Err(NoReply::Failed(failure.to_string()))),
    };
    let ours = jira.get("rest/api/3/myself", &[]).await?;
    if ours["accountId"] == theirs["accountId"] {
        return Ok(Err(NoReply::Ourselves));
    }
    cloud(place, &base, account).map(Ok)
}

/// The site, and who writes there.
struct Site {
    /// Reads.
    jira: Jira,
    /// Writes as the functions do.
    cloud: JiraCloud<One>,
    agent: Result<JiraCloud<One>, NoReply>,
    patience: Patience,
}

/// What came of a form.
#[derive(Debug, Serialize)]
struct Trial {
    form: String,
    /// The key of the request, if one was opened.
    request: Option<String>,
    rows: Vec<Row>,
}

impl Site {
    async fn attempt(&self, form: Form) -> Trial {
        let name = form.name();
        let issue = match self.cloud.open(&form.request()).await {
            Ok(issue) => issue,
            Err(failure) => {
                let verdict = Verdict::wrong(
                    format!("it could not be opened: {failure}"),
                    "casement check, rows Jira permissions and request form, says what is wrong",
                );
                return Trial {
                    form: name,
                    request: None,
                    rows: vec![Row::new("request", verdict)],
                };
            }
        };
        let mut rows = match self.play(&issue).await {
            Ok(readings) => judge(&readings),
            Err(failure) => vec![Row::new(
                "customer's words",
                Verdict::wrong(
                    format!("they could not be written: {failure}"),
                    "casement check, row Jira permissions, says what is wrong",
                ),
            )],
        };
        rows.push(Row::new("closing", self.close(&issue).await));
        Trial {
            form: name,
            request: Some(issue.key),
            rows,
        }
    }

    /// Writes and reads in turn.
    ///
    /// # Errors
    /// The customer's words cannot be written.
    async fn play(&self, issue: &IssueRef) -> Result<Readings, CallFailure> {
        let opened = self.read(issue).await;
        write(&self.cloud, issue, WORDS).await?;
        let words = self.read(issue).await;
        let (reply, more) = match &self.agent {
            Err(reason) => (Err(reason.clone()), None),
            Ok(agent) => match write(agent, issue, REPLY).await {
                Err(failure) => (Err(NoReply::Failed(failure.to_string())), None),
                Ok(()) => {
                    let reply = self.read(issue).await;
                    write(&self.cloud, issue, MORE).await?;
                    (Ok(reply), Some(self.read(issue).await))
                }
            },
        };
        let path = format!("rest/servicedeskapi/request/{}/notification", issue.key);
        let subscribed = self.jira.get(&path, &[]).await;
        Ok(Readings {
            opened,
            words,
            reply,
            more,
            subscribed: subscribed.map(|told| told["subscribed"] == true),
        })
    }

    async fn read(&self, issue: &IssueRef) -> Reading {
        let look = async || Reading::of(&self.jira, &issue.key).await;
        self.patience.settled(look).await
    }

    async fn close(&self, issue: &IssueRef) -> Verdict {
        let by_hand = "close or delete it by hand";
        let key = &issue.key;
        let done = match self.cloud.transitions(&issue.id).await {
            Ok(all) => all.into_iter().find(|way| way.leads_to_done),
            Err(failure) => return Verdict::hint(format!("{key} stays open: {failure}"), by_hand),
        };
        let Some(done) = done else {
            let detail = format!("{key} stays open: no transition leads to a done status");
            return Verdict::hint(detail, by_hand);
        };
        match self.cloud.transition(&issue.id, &done).await {
            Ok(()) => Verdict::ok(format!("{key} is closed")),
            Err(failure) => Verdict::hint(format!("{key} stays open: {failure}"), by_hand),
        }
    }
}

/// Writes a public comment with Casement's mark, so that it is never sent.
async fn write(cloud: &JiraCloud<One>, issue: &IssueRef, text: &str) -> Result<(), CallFailure> {
    let draft = CommentDraft {
        body: Document::literal(text),
        public: true,
        marker: Marker::Note("trial".to_owned()),
    };
    cloud.add(&issue.id, &draft).await.map(drop)
}

fn report(talk: &Talk, trials: &[Trial]) -> Result<ExitCode, Problem> {
    let rows = || trials.iter().flat_map(|trial| &trial.rows);
    let wrong = rows().filter(|row| row.is_wrong()).count();
    let mut text = String::new();
    for trial in trials {
        let request = trial.request.as_deref().unwrap_or("no request");
        text += &format!("{}: {request}\n", trial.form);
        text.extend(trial.rows.iter().map(Row::line));
    }
    text += &match wrong {
        0 => "Nothing to do.".to_owned(),
        some => format!("{} to do.", counted(some, "thing", "things")),
    };
    talk.say(&text, &json!({"ok": wrong == 0, "trials": trials}))?;
    Ok(ExitCode::from(u8::from(wrong > 0)))
}
