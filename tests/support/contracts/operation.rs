//! One published operation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::call::{Call, segments};
use super::document::Source;
use super::schemas::{Compiled, Schema};
use super::values::typed;

const JSON: &str = "application/json";

/// The requests allowed at one path with one method.
pub(super) struct Operation {
    pub(super) source: Source,
    method: String,
    template: String,
    parameters: Vec<Parameter>,
    /// The schemas of bodies by media type.
    bodies: BTreeMap<String, Schema>,
    needs_body: bool,
}

struct Parameter {
    name: String,
    place: String,
    required: bool,
    schema: Schema,
    /// The schema as published, for reading the value.
    published: Value,
}

impl Operation {
    pub(super) fn new(source: Source, method: &str, template: &str) -> Self {
        Self {
            source,
            method: method.to_ascii_uppercase(),
            template: template.to_owned(),
            parameters: Vec::new(),
            bodies: BTreeMap::new(),
            needs_body: false,
        }
    }

    pub(super) fn add_parameter(&mut self, published: &Value, schema: Schema) {
        let text = |name: &str| published[name].as_str().unwrap().to_owned();
        let parameter = Parameter {
            name: text("name"),
            place: text("in"),
            required: published["required"] == true,
            schema,
            published: published["schema"].clone(),
        };
        // The operation's own parameter takes precedence over that of its path.
        let is_other =
            |known: &Parameter| (&known.name, &known.place) != (&parameter.name, &parameter.place);
        self.parameters.retain(is_other);
        self.parameters.push(parameter);
    }

    pub(super) fn add_body(&mut self, media_type: &str, schema: Schema) {
        self.bodies.insert(media_type.to_owned(), schema);
    }

    pub(super) fn require_body(&mut self) {
        self.needs_body = true;
    }

    /// Returns whether method and path are those of this operation, whatever the parameters in the
    /// path.
    pub(super) fn is_asked_by(&self, call: &Call) -> bool {
        let (wanted, given): (Vec<_>, Vec<_>) = (
            segments(&self.template).collect(),
            call.segments().collect(),
        );
        let mut pairs = wanted.iter().zip(&given);
        self.method == call.method
            && wanted.len() == given.len()
            && pairs.all(|(wanted, given)| open_name(wanted).is_some() || wanted == given)
    }

    pub(super) fn literal_segments(&self) -> usize {
        let all = segments(&self.template);
        all.filter(|segment| open_name(segment).is_none()).count()
    }

    /// Returns the faults of a call of this operation.
    pub(super) fn breaches(&self, call: &Call, schemas: &Compiled) -> Vec<String> {
        let mut breaches = self.breaches_in_path(call, schemas);
        breaches.extend(self.breaches_in_query(call, schemas));
        breaches.extend(self.breaches_in_body(call, schemas));
        breaches
    }

    fn breaches_in_path(&self, call: &Call, schemas: &Compiled) -> Vec<String> {
        let pairs = segments(&self.template).zip(call.segments());
        let open = pairs.filter_map(|(wanted, given)| Some((open_name(wanted)?, given)));
        open.flat_map(|(name, given)| match self.parameter(name, "path") {
            Some(parameter) => parameter.mistakes(&[given], schemas),
            None => Vec::new(),
        })
        .collect()
    }

    fn breaches_in_query(&self, call: &Call, schemas: &Compiled) -> Vec<String> {
        let mut given: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, value) in &call.query {
            given.entry(name).or_default().push(value);
        }
        let wanted = self.parameters.iter();
        let missing = wanted
            .filter(|one| one.place == "query" && one.required)
            .filter(|one| !given.contains_key(&*one.name))
            .map(|one| format!("query parameter {} is missing", one.name));
        let wrong = given
            .iter()
            .flat_map(|(name, values)| match self.parameter(name, "query") {
                Some(parameter) => parameter.mistakes(values, schemas),
                None => vec![format!("there is no query parameter {name}")],
            });
        missing.chain(wrong).collect()
    }

    fn breaches_in_body(&self, call: &Call, schemas: &Compiled) -> Vec<String> {
        let Some(kind) = &call.content_type else {
            let missing = self.needs_body.then(|| "the body is missing".to_owned());
            return missing.into_iter().collect();
        };
        let Some(schema) = self.bodies.get(kind) else {
            return vec![format!("there is no body of type {kind}")];
        };
        match &call.body {
            Some(body) => {
                let mut mistakes = schemas.mistakes(*schema, body);
                mistakes.extend(call.mistakes_in_form.iter().cloned());
                mistakes
            }
            None if call.broke_off => Vec::new(),
            None if kind == JSON => vec!["the body was not recorded or is not JSON".to_owned()],
            None => vec!["the form was not recorded".to_owned()],
        }
    }

    fn parameter(&self, name: &str, place: &str) -> Option<&Parameter> {
        let mut all = self.parameters.iter();
        all.find(|one| one.name == name && one.place == place)
    }
}

impl Parameter {
    fn mistakes(&self, given: &[&str], schemas: &Compiled) -> Vec<String> {
        let value = typed(&self.published, given);
        let mistakes = schemas.mistakes(self.schema, &value).into_iter();
        mistakes
            .map(|mistake| format!("{} parameter {}: {mistake}", self.place, self.name))
            .collect()
    }
}

/// Returns the name of a segment that is a parameter.
fn open_name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}
