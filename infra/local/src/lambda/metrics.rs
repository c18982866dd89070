//! Sums of the metrics that functions print in CloudWatch's embedded metric format.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One metric under one set of dimensions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricSum {
    /// The CloudWatch namespace.
    pub namespace: String,
    pub name: String,
    /// The unit in which the metric was reported.
    pub unit: String,
    /// The names and values of the dimensions.
    pub dimensions: BTreeMap<String, String>,
    /// The sum of all values.
    pub sum: f64,
    /// The number of values.
    pub count: u64,
}

/// Metrics by namespace, name and dimensions.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    sums: BTreeMap<Key, (f64, u64)>,
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Key {
    namespace: String,
    name: String,
    unit: String,
    dimensions: BTreeMap<String, String>,
}

// CloudWatch user guide, "Specification: Embedded metric format".
#[derive(Deserialize)]
struct Document {
    #[serde(rename = "_aws")]
    metadata: Metadata,
    #[serde(flatten)]
    members: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    cloud_watch_metrics: Vec<Directive>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: String,
    #[serde(default)]
    dimensions: Vec<Vec<String>>,
    metrics: Vec<Definition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: String,
    #[serde(default = "no_unit")]
    unit: String,
}

fn no_unit() -> String {
    "None".to_owned()
}

impl Metrics {
    /// Adds the metrics of an output line. Returns whether the line had any; other lines change
    /// nothing.
    pub(super) fn add_line(&mut self, line: &str) -> bool {
        if !line.starts_with('{') || !line.contains("\"_aws\"") {
            return false;
        }
        let Ok(document) = serde_json::from_str::<Document>(line) else {
            return false;
        };
        for directive in &document.metadata.cloud_watch_metrics {
            for definition in &directive.metrics {
                let values = numbers(document.members.get(&definition.name));
                for names in dimension_sets(directive) {
                    let key = Key {
                        namespace: directive.namespace.clone(),
                        name: definition.name.clone(),
                        unit: definition.unit.clone(),
                        dimensions: named_values(names, &document.members),
                    };
                    let (sum, count) = self.sums.entry(key).or_default();
                    *sum += values.iter().sum::<f64>();
                    *count += values.len() as u64;
                }
            }
        }
        true
    }

    /// Returns all sums, sorted by name.
    pub(super) fn sums(&self) -> Vec<MetricSum> {
        self.sums
            .iter()
            .map(|(key, (sum, count))| MetricSum {
                namespace: key.namespace.clone(),
                name: key.name.clone(),
                unit: key.unit.clone(),
                dimensions: key.dimensions.clone(),
                sum: *sum,
                count: *count,
            })
            .collect()
    }
}

// A directive without dimensions reports the metric once, without any.
fn dimension_sets(directive: &Directive) -> Vec<&[String]> {
    if directive.dimensions.is_empty() {
        return vec![&[]];
    }
    directive.dimensions.iter().map(Vec::as_slice).collect()
}

fn named_values(names: &[String], members: &Map<String, Value>) -> BTreeMap<String, String> {
    names
        .iter()
        .filter_map(|name| {
            let value = members.get(name)?;
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            Some((name.clone(), text))
        })
        .collect()
}

// A metric's value is a number or a list of numbers.
fn numbers(value: Option<&Value>) -> Vec<f64> {
    match value {
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_f64).collect(),
        Some(value) => value.as_f64().into_iter().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, value: &str, stack: &str) -> String {
        format!(
            r#"{{"_aws":{{"Timestamp":1,"CloudWatchMetrics":[{{"Namespace":"Casement","Dimensions":[["Stack"]],"Metrics":[{{"Name":"{name}","Unit":"Count"}}]}}]}},"Stack":"{stack}","{name}":{value}}}"#
        )
    }

    #[test]
    fn values_are_summed_by_name_and_dimensions() {
        let mut metrics = Metrics::default();
        for (line, has_metrics) in [
            (line("Sent", "1", "one"), true),
            (line("Sent", "[2, 3]", "one"), true),
            (line("Sent", "1", "other"), true),
            (line("Held", "4", "one"), true),
            ("not a metric".to_owned(), false),
            (r#"{"_aws":"broken"}"#.to_owned(), false),
        ] {
            assert_eq!(metrics.add_line(&line), has_metrics, "{line}");
        }
        let sums: Vec<_> = metrics
            .sums()
            .into_iter()
            .map(|sum| {
                (
                    sum.name,
                    sum.dimensions["Stack"].clone(),
                    sum.sum,
                    sum.count,
                )
            })
            .collect();
        assert_eq!(
            sums,
            [
                ("Held".to_owned(), "one".to_owned(), 4.0, 1),
                ("Sent".to_owned(), "one".to_owned(), 6.0, 3),
                ("Sent".to_owned(), "other".to_owned(), 1.0, 1),
            ]
        );
    }

    #[test]
    fn a_metric_without_dimensions_counts_once() {
        let mut metrics = Metrics::default();
        metrics.add_line(
            r#"{"_aws":{"CloudWatchMetrics":[{"Namespace":"C","Metrics":[{"Name":"N"}]}]},"N":5}"#,
        );
        assert_eq!(metrics.sums()[0].sum, 5.0);
        assert_eq!(metrics.sums()[0].unit, "None");
    }
}
