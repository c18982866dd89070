//! What people look at requests with: custom fields on screens, filters, dashboards.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The screen on which fields are edited, also through the API.
pub(crate) const EDIT_SCREEN: u64 = 10_021;

/// The screen that shows an issue, and on which one is created.
pub(crate) const OTHER_SCREEN: u64 = 10_020;

/// The first id of what is made here; all have one row of ids.
const FIRST_ID: u64 = 10_100;

/// What was made through the API.
#[derive(Debug, Default)]
pub(crate) struct Views {
    made: u64,
    pub fields: Vec<MadeField>,
    pub filters: Vec<Filter>,
    pub dashboards: Vec<Dashboard>,
    /// The fields on the only tab of each screen, besides those that were there from the start.
    screens: BTreeMap<u64, BTreeSet<String>>,
}

/// A custom field.
#[derive(Clone, Debug)]
pub(crate) struct MadeField {
    pub id: String,
    pub name: String,
    pub description: String,
    pub kind: Kind,
    /// The projects of each context; empty for all projects.
    pub contexts: Vec<Context>,
}

#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub id: u64,
    pub name: String,
    pub projects: Vec<String>,
}

/// A type of custom fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    DateTime,
    Number,
    Text,
}

impl Kind {
    /// Returns the type with this name (Atlassian, "Create custom field").
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = name.strip_prefix("com.atlassian.jira.plugin.system.customfieldtypes:")?;
        match name {
            "datetime" => Some(Self::DateTime),
            "float" => Some(Self::Number),
            "textfield" => Some(Self::Text),
            _ => None,
        }
    }

    /// Returns the last part of the type's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::DateTime => "datetime",
            Self::Number => "float",
            Self::Text => "textfield",
        }
    }

    /// Returns the type of the values.
    pub(crate) fn schema(self) -> &'static str {
        match self {
            Self::DateTime => "datetime",
            Self::Number => "number",
            Self::Text => "string",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub id: u64,
    pub name: String,
    pub description: String,
    pub jql: String,
    /// The projects it is shared with.
    pub projects: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Dashboard {
    pub id: u64,
    pub name: String,
    pub description: String,
    pub projects: Vec<String>,
    pub gadgets: Vec<Gadget>,
}

/// A part of a dashboard.
#[derive(Clone, Debug)]
pub(crate) struct Gadget {
    pub id: u64,
    pub title: String,
    pub uri: String,
    pub color: String,
    pub column: u64,
    pub row: u64,
    /// The properties by key. `config` says what the gadget shows.
    pub properties: BTreeMap<String, Value>,
}

impl Views {
    pub(crate) fn next_id(&mut self) -> u64 {
        self.made += 1;
        FIRST_ID + self.made
    }

    pub(crate) fn field(&self, id: &str) -> Option<&MadeField> {
        self.fields.iter().find(|field| field.id == id)
    }

    pub(crate) fn filter(&self, id: &str) -> Option<&Filter> {
        let id: u64 = id.parse().ok()?;
        self.filters.iter().find(|filter| filter.id == id)
    }

    pub(crate) fn dashboard_mut(&mut self, id: u64) -> Option<&mut Dashboard> {
        self.dashboards.iter_mut().find(|board| board.id == id)
    }

    /// Returns the fields that were put on a screen, or `None` if there is no such screen.
    pub(crate) fn on_screen(&mut self, screen: u64) -> Option<&mut BTreeSet<String>> {
        let is_known = [EDIT_SCREEN, OTHER_SCREEN].contains(&screen);
        is_known.then(|| self.screens.entry(screen).or_default())
    }

    /// Returns the fields that can be edited in the project: they are on its screen and have a
    /// context there.
    pub(crate) fn editable(&self, project: &str) -> BTreeMap<String, Kind> {
        let shown = self.screens.get(&EDIT_SCREEN);
        let applies = |field: &&MadeField| {
            let mut contexts = field.contexts.iter();
            contexts.any(|it| it.projects.is_empty() || it.projects.iter().any(|id| id == project))
        };
        let is_shown = |field: &&MadeField| shown.is_some_and(|shown| shown.contains(&field.id));
        let fields = self.fields.iter().filter(is_shown).filter(applies);
        fields.map(|field| (field.id.clone(), field.kind)).collect()
    }
}
