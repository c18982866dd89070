//! Message templates of the business account.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::whatsapp::options::{Options, TemplateDefinition};

/// The account's templates before anybody changes them.
const BUILT_IN: &str = include_str!("built_in.json");

/// A template as Meta lists it.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub name: String,
    pub language: String,
    pub status: String,
    pub category: String,
    /// The components as the list shows them.
    pub components: Value,
}

/// Statuses or categories that were changed through the control API, by name and language.
pub(crate) type Changed = BTreeMap<(String, String), String>;

/// Returns the templates of the options, or else the built-in ones.
pub(crate) fn all(options: &Options, statuses: &Changed, categories: &Changed) -> Vec<Listed> {
    let mut all: Vec<Listed> = match &options.templates {
        Some(definitions) => definitions.iter().map(of_definition).collect(),
        None => built_in(),
    };
    for template in &mut all {
        let key = (template.name.clone(), template.language.clone());
        if let Some(status) = statuses.get(&key) {
            template.status.clone_from(status);
        }
        if let Some(category) = categories.get(&key) {
            template.category.clone_from(category);
        }
    }
    all
}

fn built_in() -> Vec<Listed> {
    // The file is our own. If it cannot be read, the account appears to have no templates.
    let listed: Vec<Value> = serde_json::from_str(BUILT_IN).unwrap_or_default();
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    listed
        .iter()
        .map(|item| Listed {
            name: text(item, "name"),
            language: text(item, "language"),
            status: text(item, "status"),
            category: text(item, "category"),
            components: item["components"].clone(),
        })
        .collect()
}

fn of_definition(definition: &TemplateDefinition) -> Listed {
    let mut components = vec![json!({"type": "BODY", "text": definition.body})];
    if !definition.buttons.is_empty() {
        let buttons = definition.buttons.iter();
        let buttons: Vec<Value> = buttons
            .map(|text| json!({"type": "QUICK_REPLY", "text": text}))
            .collect();
        components.push(json!({"type": "BUTTONS", "buttons": buttons}));
    }
    Listed {
        name: definition.name.clone(),
        language: definition.language.clone(),
        status: definition.status.clone(),
        category: definition.category.clone(),
        components: json!(components),
    }
}

impl Listed {
    pub(crate) fn component(&self, kind: &str) -> Option<&Value> {
        let components = self.components.as_array()?;
        components
            .iter()
            .find(|component| component["type"] == kind)
    }

    pub(crate) fn buttons(&self) -> impl Iterator<Item = &Value> {
        let buttons = self.component("BUTTONS").map(|part| &part["buttons"]);
        buttons.and_then(Value::as_array).into_iter().flatten()
    }
}
