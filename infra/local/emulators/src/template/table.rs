//! `AWS::DynamoDB::Table`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::document::{Document, Resource};
use super::error::{Fault, TemplateError};
use super::queues::kebab_case;
use super::scope::{Known, STACK_NAME, Scope, text_of};
use super::{AttributeDefinition, Index, KeyElement, Table};

const KIND: &str = "AWS::DynamoDB::Table";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    attribute_definitions: Vec<AttributeDefinition>,
    key_schema: Vec<KeyElement>,
    #[serde(default)]
    global_secondary_indexes: Vec<Index>,
    time_to_live_specification: Option<TimeToLive>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TimeToLive {
    attribute_name: String,
    enabled: bool,
}

/// Gives the table its physical name, so that other resources can refer to it.
pub(super) fn register(template: &Document, scope: &mut Scope<'_>) -> Result<(), TemplateError> {
    let table = the_table(template)?;
    let name = name(&table, scope).map_err(|f| f.of(table.logical_id))?;
    let at = scope.surroundings;
    let arn = format!("arn:aws:dynamodb:{}:{}:table/{name}", at.region, at.account);
    let known = Known {
        reference: name,
        attributes: BTreeMap::from([("Arn", arn)]),
    };
    scope.register(table.logical_id, known);
    Ok(())
}

pub(super) fn read(template: &Document, scope: &Scope<'_>) -> Result<Table, TemplateError> {
    let table = the_table(template)?;
    read_one(&table, scope).map_err(|f| f.of(table.logical_id))
}

fn read_one(resource: &Resource<'_>, scope: &Scope<'_>) -> Result<Table, Fault> {
    let resolved = scope.resolve_named(
        &resource.properties()?,
        &[
            "AttributeDefinitions",
            "KeySchema",
            "GlobalSecondaryIndexes",
            "TimeToLiveSpecification",
        ],
    )?;
    let properties: Properties = serde_path_to_error::deserialize(resolved)?;
    Ok(Table {
        name: name(resource, scope)?,
        attribute_definitions: properties.attribute_definitions,
        key_schema: properties.key_schema,
        indexes: properties.global_secondary_indexes,
        ttl_attribute: properties
            .time_to_live_specification
            .filter(|ttl| ttl.enabled)
            .map(|ttl| ttl.attribute_name),
    })
}

fn name(resource: &Resource<'_>, scope: &Scope<'_>) -> Result<String, Fault> {
    let properties = scope.resolve_named(&resource.properties()?, &["TableName"])?;
    match properties.get("TableName") {
        Some(name) => text_of(name).map_err(|f| f.within("TableName")),
        None => Ok(format!("{STACK_NAME}-{}", kebab_case(resource.logical_id))),
    }
}

fn the_table(template: &Document) -> Result<Resource<'_>, TemplateError> {
    let mut tables = template.resources(KIND);
    match (tables.next(), tables.next()) {
        (Some(table), None) => Ok(table),
        (None, _) => Err(TemplateError::Shape(format!("no {KIND}"))),
        (Some(_), Some(second)) => Err(TemplateError::Shape(format!(
            "one table expected, {} is another",
            second.logical_id
        ))),
    }
}
