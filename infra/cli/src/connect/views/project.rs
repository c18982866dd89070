//! The projects in which requests are opened, and the fields that their numbers' settings name.

use casement_core::settings::{NumberSettings, Settings};
use serde_json::Value;

use super::pass::written_id;
use super::words::FIELDS;
use crate::Problem;
use crate::jira::Jira;

/// A project with one or several WhatsApp numbers.
pub(super) struct Project {
    pub id: String,
    pub key: String,
    /// Whether it is team-managed: it has no screens and its own fields.
    pub is_team_managed: bool,
    /// The fields that the settings name, as in [`FIELDS`].
    pub named: [Option<String>; 3],
    /// What the settings of its numbers contradict each other in.
    pub contradictions: Vec<String>,
}

/// Returns the projects of the settings.
pub(super) async fn projects(jira: &Jira, settings: &Settings) -> Result<Vec<Project>, Problem> {
    let mut projects: Vec<Project> = Vec::new();
    for number in settings.numbers() {
        let path = format!("rest/servicedeskapi/servicedesk/{}", number.service_desk_id);
        let desk = jira.get(&path, &[]).await?;
        let key = desk["projectKey"].as_str().unwrap_or_default();
        match projects.iter_mut().find(|project| project.key == key) {
            Some(known) => known.adopt(fields_of(number)),
            None => {
                let found = jira.get(&format!("rest/api/3/project/{key}"), &[]).await?;
                projects.push(Project::new(key, &found, fields_of(number)));
            }
        }
    }
    Ok(projects)
}

fn fields_of(number: &NumberSettings) -> [Option<String>; 3] {
    [
        number.window_field.clone(),
        number.waiting_field.clone(),
        number.held_field.clone(),
    ]
}

impl Project {
    fn new(key: &str, found: &Value, named: [Option<String>; 3]) -> Self {
        Self {
            id: written_id(&found["id"]).unwrap_or_default(),
            key: key.to_owned(),
            is_team_managed: found["simplified"] == true || found["style"] == "next-gen",
            named,
            contradictions: Vec::new(),
        }
    }

    /// Takes up the fields of another number of the project.
    fn adopt(&mut self, fields: [Option<String>; 3]) {
        for ((field, ours), theirs) in FIELDS.iter().zip(&mut self.named).zip(fields) {
            match (&ours, theirs) {
                (Some(ours), Some(theirs)) if *ours != theirs => {
                    self.contradictions.push(format!(
                        "{}: its numbers name two fields as {}: {ours} and {theirs}. The filters \
                         look at the first",
                        self.key, field.key
                    ));
                }
                (None, Some(theirs)) => *ours = Some(theirs),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_numbers_of_a_project_share_its_fields() {
        let some = |id: &str| Some(id.to_owned());
        let found = json!({"id": "10000", "simplified": false, "style": "classic"});
        let mut project = Project::new("SUP", &found, [some("a"), None, None]);
        project.adopt([some("a"), some("b"), None]);
        assert!(project.contradictions.is_empty() && !project.is_team_managed);
        project.adopt([some("c"), some("b"), None]);
        assert_eq!(project.named, [some("a"), some("b"), None]);
        assert_eq!(project.contradictions.len(), 1);
        let theirs = json!({"id": "10001", "simplified": true, "style": "next-gen"});
        let theirs = Project::new("T", &theirs, [None, None, None]);
        assert!(theirs.is_team_managed);
    }
}
