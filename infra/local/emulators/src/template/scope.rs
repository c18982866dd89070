//! Intrinsic functions: the values of `!Ref`, `!GetAtt`, `!Sub`, `!If` and `!Join`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Surroundings;
use super::document::{Document, Resource};
use super::error::{Fault, TemplateError};

/// The value of `AWS::StackName`.
pub(super) const STACK_NAME: &str = "casement-local";

/// The values of the names in a template.
pub(super) struct Scope<'a> {
    pub(super) surroundings: &'a Surroundings,
    parameters: BTreeMap<String, Value>,
    conditions: BTreeMap<String, Value>,
    /// Every declared resource. Only some have a known physical form.
    declared: Vec<String>,
    known: BTreeMap<String, Known>,
}

/// The values of `!Ref` and `!GetAtt` for a resource.
pub(super) struct Known {
    pub(super) reference: String,
    pub(super) attributes: BTreeMap<&'static str, String>,
}

impl<'a> Scope<'a> {
    /// Reads parameters (their given values, else their defaults) and conditions.
    pub(super) fn new(
        template: &Document,
        surroundings: &'a Surroundings,
    ) -> Result<Self, TemplateError> {
        let mut parameters = BTreeMap::new();
        for (name, declaration) in template.section("Parameters") {
            let value = match surroundings.parameters.get(name) {
                Some(given) => json!(given),
                None => declaration
                    .get("Default")
                    .cloned()
                    .ok_or_else(|| TemplateError::MissingParameter(name.clone()))?,
            };
            parameters.insert(name.clone(), value);
        }
        if let Some(unknown) = surroundings
            .parameters
            .keys()
            .find(|name| !parameters.contains_key(*name))
        {
            return Err(TemplateError::UnknownParameter(unknown.clone()));
        }
        Ok(Self {
            surroundings,
            parameters,
            conditions: template
                .section("Conditions")
                .map(|(name, rule)| (name.clone(), rule.clone()))
                .collect(),
            declared: template
                .section("Resources")
                .map(|(logical_id, _)| logical_id.clone())
                .collect(),
            known: BTreeMap::new(),
        })
    }

    /// Sets the values for a resource's logical id.
    pub(super) fn register(&mut self, logical_id: &str, known: Known) {
        self.known.insert(logical_id.to_owned(), known);
    }

    /// Returns whether the resource exists under the template's conditions.
    pub(super) fn exists(&self, resource: &Resource<'_>) -> Result<bool, Fault> {
        match resource.condition() {
            None => Ok(true),
            Some(name) => self.condition(name).map_err(|f| f.within("Condition")),
        }
    }

    /// Returns the named properties with everything resolved. Leaves out absent properties and
    /// those that resolve to `AWS::NoValue`.
    pub(super) fn resolve_named(
        &self,
        properties: &Map<String, Value>,
        names: &[&str],
    ) -> Result<Value, Fault> {
        let mut resolved = Map::new();
        for name in names {
            if let Some(value) = properties.get(*name)
                && let Some(value) = self.resolve(value).map_err(|f| f.within(*name))?
            {
                resolved.insert((*name).to_owned(), value);
            }
        }
        Ok(Value::Object(resolved))
    }

    /// Resolves everything in a value. Returns `None` for `AWS::NoValue`.
    fn resolve(&self, value: &Value) -> Result<Option<Value>, Fault> {
        match value {
            Value::Object(entries) => {
                if let Some((function, argument)) = call(entries) {
                    return self.apply(function, argument);
                }
                let mut resolved = Map::new();
                for (key, entry) in entries {
                    if let Some(entry) = self.resolve(entry).map_err(|f| f.within(key))? {
                        resolved.insert(key.clone(), entry);
                    }
                }
                Ok(Some(Value::Object(resolved)))
            }
            Value::Array(items) => {
                let mut resolved = Vec::new();
                for (n, item) in items.iter().enumerate() {
                    resolved.extend(self.resolve(item).map_err(|f| f.within(n.to_string()))?);
                }
                Ok(Some(Value::Array(resolved)))
            }
            scalar => Ok(Some(scalar.clone())),
        }
    }

    fn apply(&self, function: &str, argument: &Value) -> Result<Option<Value>, Fault> {
        match (function, argument) {
            ("Ref", Value::String(name)) if name == "AWS::NoValue" => Ok(None),
            ("Ref", Value::String(name)) => self.reference(name).map(Some),
            ("Fn::GetAtt", Value::Array(path)) => match path.as_slice() {
                [Value::String(resource), Value::String(attribute)] => {
                    self.attribute(resource, attribute).map(Some)
                }
                _ => Err(Fault::new("!GetAtt needs a resource and an attribute")),
            },
            ("Fn::Sub", Value::String(text)) => self.substitute(text, &Map::new()).map(Some),
            ("Fn::Sub", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(text), Value::Object(names)] => {
                    self.substitute(text, names).map(Some)
                }
                _ => Err(Fault::new("!Sub needs a text and a mapping")),
            },
            ("Fn::If", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(name), yes, no] => {
                    self.resolve(if self.condition(name)? { yes } else { no })
                }
                _ => Err(Fault::new("!If needs a condition and two values")),
            },
            ("Fn::Join", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(separator), Value::Array(items)] => {
                    self.join(separator, items).map(Some)
                }
                _ => Err(Fault::new("!Join needs a separator and a list")),
            },
            _ => Err(Fault::new(format!(
                "{function} with this argument is not understood by the local stack"
            ))),
        }
    }

    fn reference(&self, name: &str) -> Result<Value, Fault> {
        let pseudo = match name {
            "AWS::Region" => Some(self.surroundings.region.as_str()),
            "AWS::AccountId" => Some(self.surroundings.account.as_str()),
            "AWS::Partition" => Some("aws"),
            "AWS::URLSuffix" => Some("amazonaws.com"),
            "AWS::StackName" => Some(STACK_NAME),
            _ => None,
        };
        if let Some(text) = pseudo {
            return Ok(json!(text));
        }
        if let Some(value) = self.parameters.get(name) {
            return Ok(value.clone());
        }
        if let Some(known) = self.known.get(name) {
            return Ok(json!(known.reference));
        }
        // Only resources that the local stack runs have a physical name. Others keep their logical
        // id.
        if self.declared.iter().any(|declared| declared == name) {
            return Ok(json!(name));
        }
        Err(Fault::new(format!("!Ref to {name}, which does not exist")))
    }

    fn attribute(&self, resource: &str, attribute: &str) -> Result<Value, Fault> {
        self.known
            .get(resource)
            .and_then(|known| known.attributes.get(attribute))
            .map(|text| json!(text))
            .ok_or_else(|| {
                Fault::new(format!(
                    "!GetAtt {resource}.{attribute} is not known to the local stack"
                ))
            })
    }

    fn substitute(&self, text: &str, names: &Map<String, Value>) -> Result<Value, Fault> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, tail) = after
                .split_once('}')
                .ok_or_else(|| Fault::new("!Sub has ${ without }"))?;
            out.push_str(before);
            if let Some(literal) = name.strip_prefix('!') {
                out.push_str("${");
                out.push_str(literal);
                out.push('}');
            } else {
                let value = match (names.get(name), name.split_once('.')) {
                    (Some(value), _) => self.resolve(value)?.unwrap_or_default(),
                    (None, Some((resource, attribute))) => self.attribute(resource, attribute)?,
                    (None, None) => self.reference(name)?,
                };
                out.push_str(&text_of(&value)?);
            }
            rest = tail;
        }
        out.push_str(rest);
        Ok(json!(out))
    }

    fn join(&self, separator: &str, items: &[Value]) -> Result<Value, Fault> {
        let mut texts = Vec::new();
        for item in items {
            if let Some(item) = self.resolve(item)? {
                texts.push(text_of(&item)?);
            }
        }
        Ok(json!(texts.join(separator)))
    }

    fn condition(&self, name: &str) -> Result<bool, Fault> {
        let rule = self
            .conditions
            .get(name)
            .ok_or_else(|| Fault::new(format!("there is no condition {name}")))?;
        self.holds(rule)
    }

    fn holds(&self, rule: &Value) -> Result<bool, Fault> {
        let unclear = || Fault::new(format!("the condition {rule} is not understood"));
        let (function, argument) = rule.as_object().and_then(call).ok_or_else(unclear)?;
        match (function, argument) {
            ("Condition", Value::String(name)) => self.condition(name),
            ("Fn::Equals", Value::Array(sides)) if sides.len() == 2 => {
                let mut texts = Vec::new();
                for side in sides {
                    texts.push(text_of(&self.resolve(side)?.unwrap_or_default())?);
                }
                Ok(texts[0] == texts[1])
            }
            ("Fn::Not", Value::Array(rules)) if rules.len() == 1 => Ok(!self.holds(&rules[0])?),
            ("Fn::And", Value::Array(rules)) => rules
                .iter()
                .try_fold(true, |all, rule| Ok(self.holds(rule)? && all)),
            ("Fn::Or", Value::Array(rules)) => rules
                .iter()
                .try_fold(false, |any, rule| Ok(self.holds(rule)? || any)),
            _ => Err(unclear()),
        }
    }
}

/// Returns the name and argument of an intrinsic function, if this is one.
fn call(entries: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = entries.iter().next().filter(|_| entries.len() == 1)?;
    let is_function =
        name == "Ref" || name.starts_with("Fn::") || (name == "Condition" && argument.is_string());
    is_function.then_some((name.as_str(), argument))
}

/// Formats a scalar as `CloudFormation` writes it into text.
pub(super) fn text_of(value: &Value) -> Result<String, Fault> {
    match value {
        Value::String(s) => Ok(s.clone()),
        Value::Number(n) => Ok(n.to_string()),
        Value::Bool(b) => Ok(b.to_string()),
        Value::Null => Ok(String::new()),
        Value::Array(_) | Value::Object(_) => Err(Fault::new("a text or a number is expected")),
    }
}
