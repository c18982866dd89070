//! Makes what agents look at: fields, filters and a dashboard in Jira.

mod boards;
mod fields;
mod pass;
mod project;
mod words;

use std::process::ExitCode;

use serde_json::{Value, json};

use self::pass::{Pass, Thing};
use self::project::{Project, projects};
use self::words::{FIELDS, View, dashboard_name};
use super::jira::administrator;
use super::may;
use crate::Problem;
use crate::jira::Jira;
use crate::place::Place;
use crate::stored::Table;
use crate::talk::Talk;

/// Looks what is missing, asks, makes it, and says what is left for a person. May be repeated.
///
/// # Errors
/// Jira cannot be reached, or a project of the settings cannot be read.
pub async fn run(place: &Place, talk: &Talk) -> Result<ExitCode, Problem> {
    let (_, base, account) = administrator(place).await?;
    let jira = Jira::enter(place, &base, &account).await?;
    let settings = Table::of(place)?.checked_settings().await?;
    let projects = projects(&jira, &settings).await?;
    let query = [("permissions", "ADMINISTER")];
    let mine = jira.get("rest/api/3/mypermissions", &query).await?;
    let administers = mine["permissions"]["ADMINISTER"]["havePermission"] == true;

    let mut pass = Pass::new(&jira, false, administers);
    let mut fields = over_all(&mut pass, &projects).await;
    if !pass.steps.is_empty() {
        if !may(talk, &pass.steps)? {
            return Ok(ExitCode::FAILURE);
        }
        pass = Pass::new(&jira, true, administers);
        fields = over_all(&mut pass, &projects).await;
    }
    let report = Report::of(pass, &projects, &fields);
    talk.say(&report.text(), &report.json())?;
    Ok(if report.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Goes over all projects, and returns their fields.
async fn over_all(pass: &mut Pass<'_>, projects: &[Project]) -> Vec<[Thing; 3]> {
    let mut all = Vec::new();
    for project in projects {
        pass.by_hand.extend(project.contradictions.iter().cloned());
        let fields = fields::ensure(pass, project).await;
        boards::ensure(pass, project, &fields).await;
        all.push(fields);
    }
    all
}

/// What was made, and what is left.
struct Report {
    made: Vec<String>,
    failed: Vec<String>,
    by_hand: Vec<String>,
    /// The lines for the settings.
    settings: Vec<String>,
    /// The queues that a person may make: the project, the name and the search.
    queues: Vec<(String, &'static str, String)>,
}

impl Report {
    fn of(pass: Pass<'_>, projects: &[Project], fields: &[[Thing; 3]]) -> Self {
        let (mut settings, mut queues) = (Vec::new(), Vec::new());
        for (project, fields) in projects.iter().zip(fields) {
            let ids = fields.clone().map(|field| field.id().map(str::to_owned));
            let to_name = FIELDS.iter().zip(&project.named).zip(&ids);
            let to_name = to_name.filter(|((_, named), _)| named.is_none());
            settings.extend(to_name.filter_map(|((field, _), id)| {
                let id = id.as_ref()?;
                Some(format!("{} = \"{id}\"", field.key))
            }));
            for view in View::ALL {
                if let Some(jql) = view.jql(None, &ids) {
                    queues.push((project.key.clone(), view.title(), jql));
                }
            }
        }
        Self {
            made: pass.steps,
            failed: pass.failed,
            by_hand: pass.by_hand,
            settings,
            queues,
        }
    }

    fn text(&self) -> String {
        let listed = |title: &str, lines: &[String]| match lines {
            [] => String::new(),
            lines => format!("{title}\n  {}\n", lines.join("\n  ")),
        };
        let mut text = if self.made.is_empty() && self.failed.is_empty() {
            "Nothing to do.\n".to_owned()
        } else {
            listed("Done:", &self.made)
        };
        text += &listed("This did not work:", &self.failed);
        text += &listed("By hand:", &self.by_hand);
        text += &listed(
            "In the settings, below [[number]] (casement settings apply):",
            &self.settings,
        );
        let queues = self.queues.iter();
        let queues: Vec<_> = queues
            .map(|(project, title, jql)| format!("{project}, \"{title}\": {jql}"))
            .collect();
        text += &listed(
            "Jira has no call for queues. If you want them too: Queues > New queue, and as JQL",
            &queues,
        );
        let projects = self.queues.iter().map(|(project, ..)| project);
        let mut boards: Vec<_> = projects.map(|project| dashboard_name(project)).collect();
        boards.dedup();
        text + &listed("The dashboard is under Dashboards, by name:", &boards)
    }

    fn json(&self) -> Value {
        let queues = self
            .queues
            .iter()
            .map(|(project, title, jql)| json!({"project": project, "name": title, "jql": jql}));
        json!({
            "done": self.made,
            "failed": self.failed,
            "by_hand": self.by_hand,
            "settings": self.settings,
            "queues": queues.collect::<Vec<_>>(),
        })
    }
}
