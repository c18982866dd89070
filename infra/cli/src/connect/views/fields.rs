//! The custom fields, with their contexts and screens.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::pass::{Pass, Thing, written_id};
use super::project::Project;
use super::words::{FIELDS, Field};

const TYPES: &str = "com.atlassian.jira.plugin.system.customfieldtypes";

/// A screen of a project's requests.
struct Screen {
    id: String,
    /// The tab that a field is put on.
    tab: String,
    fields: BTreeSet<String>,
}

/// Makes the fields of a project, as in [`FIELDS`].
pub(super) async fn ensure(pass: &mut Pass<'_>, project: &Project) -> [Thing; 3] {
    let mut things = [Thing::Missing, Thing::Missing, Thing::Missing];
    let Some(all) = pass.look("the fields", "rest/api/3/field", &[]).await else {
        return things;
    };
    let all = all.as_array().cloned().unwrap_or_default();
    let screens = if project.is_team_managed || !pass.administers {
        Vec::new()
    } else {
        screens_of(pass, project).await.unwrap_or_default()
    };
    let fields = FIELDS.iter().zip(&project.named).zip(&mut things);
    for ((field, named), thing) in fields {
        *thing = match named {
            Some(named) => named_field(pass, field, named, &all),
            None => own_field(pass, project, field, &all).await,
        };
        if *thing == Thing::Missing || project.is_team_managed || !pass.administers {
            continue;
        }
        if let Some(id) = thing.id() {
            give_context(pass, project, field, id).await;
        }
        put_on_screens(pass, project, field, thing.id(), &screens).await;
    }
    things
}

/// Looks at a field that the settings name.
fn named_field(pass: &mut Pass<'_>, field: &Field, named: &str, all: &[Value]) -> Thing {
    let problem = match all.iter().find(|one| one["id"] == named) {
        None => "is no field of the site",
        Some(found) if found["schema"]["type"] != field.schema => "is of another type",
        Some(_) => return Thing::There(named.to_owned()),
    };
    pass.failed.push(format!(
        "{} = \"{named}\" {problem}: casement check says more",
        field.key
    ));
    Thing::Missing
}

/// Finds the field by the name that we give it, or makes it.
async fn own_field(pass: &mut Pass<'_>, project: &Project, field: &Field, all: &[Value]) -> Thing {
    let is_ours = |one: &&Value| {
        let scope = &one["scope"]["project"]["id"];
        one["name"] == field.name
            && one["schema"]["type"] == field.schema
            && one["custom"] == true
            && (scope.is_null() || written_id(scope).as_deref() == Some(project.id.as_str()))
    };
    if let Some(id) = all
        .iter()
        .find(is_ours)
        .and_then(|one| written_id(&one["id"]))
    {
        return Thing::There(id);
    }
    let (name, called) = (field.name, field.called);
    if project.is_team_managed {
        pass.by_hand.push(format!(
            "{} is team-managed, and Jira has no call for its fields. Project settings (space \
             settings) > Request types, each type for WhatsApp: add a field \"{name}\" of the type \
             {called}; then run this again",
            project.key
        ));
        return Thing::Missing;
    }
    if !pass.administers {
        pass.failed.push(format!(
            "make the field \"{name}\": only a Jira administrator may. Set JIRA_SITE, \
             JIRA_ADMIN_EMAIL and JIRA_ADMIN_API_TOKEN; or have a field of the type {called} made \
             and put on the screens of {}, and name it in the settings as {}",
            project.key, field.key
        ));
        return Thing::Missing;
    }
    let body = json!({
        "name": name,
        "description": field.description,
        "type": format!("{TYPES}:{}", field.kind),
        "searcherKey": format!("{TYPES}:{}", field.searcher),
    });
    let step = format!("make the field \"{name}\" ({called})");
    pass.make_thing(step, "rest/api/3/field", body).await
}

/// Makes the field apply to the project, if it does not. Mostly a new field applies everywhere.
async fn give_context(pass: &mut Pass<'_>, project: &Project, field: &Field, id: &str) {
    let path = format!("rest/api/3/field/{id}/context");
    let what = format!("the contexts of \"{}\"", field.name);
    let mapped = format!("{path}/projectmapping");
    let Some(mapped) = pass.list(&what, &mapped, &[]).await else {
        return;
    };
    let applies = mapped.iter().any(|one| {
        one["isGlobalContext"] == true
            || written_id(&one["projectId"]).as_deref() == Some(project.id.as_str())
    });
    if applies {
        return;
    }
    let step = format!("make \"{}\" apply to {}", field.name, project.key);
    let name = format!("Casement {}", project.key);
    let body = json!({"name": name, "projectIds": [project.id], "issueTypeIds": []});
    pass.make(step, Method::POST, &path, body).await;
}

async fn put_on_screens(
    pass: &mut Pass<'_>,
    project: &Project,
    field: &Field,
    id: Option<&str>,
    screens: &[Screen],
) {
    for screen in screens {
        if id.is_some_and(|id| screen.fields.contains(id)) {
            continue;
        }
        let step = format!(
            "put \"{}\" on the screen {} of {}",
            field.name, screen.id, project.key
        );
        let (screen, tab) = (&screen.id, &screen.tab);
        let path = format!("rest/api/3/screens/{screen}/tabs/{tab}/fields");
        pass.make(step, Method::POST, &path, json!({"fieldId": id}))
            .await;
    }
}

/// Returns the screens on which the project's requests are seen and edited. A field that is not on
/// the latter cannot be written through the API.
async fn screens_of(pass: &mut Pass<'_>, project: &Project) -> Option<Vec<Screen>> {
    let what = format!("the screens of {}", project.key);
    let path = "rest/api/3/issuetypescreenscheme/project";
    let schemes = pass
        .list(&what, path, &[("projectId", &project.id)])
        .await?;
    let scheme = &schemes.first()?["issueTypeScreenScheme"]["id"];
    let scheme = written_id(scheme)?;
    let path = "rest/api/3/issuetypescreenscheme/mapping";
    let query = [("issueTypeScreenSchemeId", scheme.as_str())];
    let mapped = pass.list(&what, path, &query).await?;
    let mapped: BTreeSet<String> = mapped
        .iter()
        .filter_map(|one| written_id(&one["screenSchemeId"]))
        .collect();
    let query: Vec<_> = mapped.iter().map(|id| ("id", id.as_str())).collect();
    let schemes = pass.list(&what, "rest/api/3/screenscheme", &query).await?;
    let ids: BTreeSet<String> = schemes
        .iter()
        .flat_map(|scheme| {
            let screens = &scheme["screens"];
            let screen = |name: &str| {
                let own = written_id(&screens[name]);
                own.or_else(|| written_id(&screens["default"]))
            };
            [screen("edit"), screen("view")]
        })
        .flatten()
        .collect();
    let mut all = Vec::new();
    for id in ids {
        all.push(screen(pass, &what, id).await?);
    }
    Some(all)
}

async fn screen(pass: &mut Pass<'_>, what: &str, id: String) -> Option<Screen> {
    let path = format!("rest/api/3/screens/{id}/tabs");
    let tabs = pass.look(what, &path, &[]).await?;
    let tabs = tabs.as_array().into_iter().flatten();
    let tabs: Vec<String> = tabs.filter_map(|tab| written_id(&tab["id"])).collect();
    let mut fields = BTreeSet::new();
    for tab in &tabs {
        let path = format!("{path}/{tab}/fields");
        let on_tab = pass.look(what, &path, &[]).await?;
        let on_tab = on_tab.as_array().into_iter().flatten();
        fields.extend(on_tab.filter_map(|field| written_id(&field["id"])));
    }
    let tab = tabs.into_iter().next()?;
    Some(Screen { id, tab, fields })
}
