//! `RESULTS.md`: one section for each part, which is replaced when the part runs again.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::machine;

const INTRODUCTION: &str = "# Speed and cost\n\n\
    Written by `cargo run --release -p bench -- all`; each part can be run alone. Every section says when and on what \
    machine it was measured. Contestants take turns within one run, medians are given, and ratios compare what ran side by \
    side: only ratios carry over to another machine. CPU time is user and system time of the whole process by its own \
    clock.";

/// What one part has found out.
pub(crate) struct Section {
    title: &'static str,
    text: String,
}

impl Section {
    /// An empty one.
    pub(crate) fn new(title: &'static str) -> Self {
        let text = format!(
            "*{}, {}.*\n",
            chrono::Utc::now().format("%Y-%m-%d"),
            machine::described()
        );
        Self { title, text }
    }

    /// Adds a paragraph.
    pub(crate) fn say(&mut self, paragraph: &str) {
        write!(self.text, "\n{paragraph}\n").unwrap();
    }

    /// Adds a table. The first column is text, the others are numbers.
    pub(crate) fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
        self.text.push('\n');
        self.text.push_str(&line(&head));
        self.text.push_str("|---|");
        self.text.push_str(&"--:|".repeat(head.len() - 1));
        self.text.push('\n');
        rows.iter().for_each(|row| self.text.push_str(&line(row)));
    }

    /// Adds a picture of `plots`.
    pub(crate) fn plot(&mut self, name: &str, says: &str, svg: &str) {
        let plots = folder().join("plots");
        fs::create_dir_all(&plots).unwrap();
        fs::write(plots.join(name), svg).unwrap();
        write!(self.text, "\n![{says}](plots/{name})\n").unwrap();
    }

    /// Adds what was to be reached, and whether it was.
    pub(crate) fn goals(&mut self, goals: &[Goal]) {
        let rows: Vec<_> = goals.iter().map(Goal::row).collect();
        self.table(&["Goal", "Limit", "Measured", "Reached"], &rows);
    }
}

/// Something to be reached.
pub(crate) struct Goal {
    pub(crate) what: String,
    pub(crate) limit: f64,
    pub(crate) measured: f64,
    /// Whether more is better.
    pub(crate) at_least: bool,
}

impl Goal {
    pub(crate) fn at_most(what: impl Into<String>, limit: f64, measured: f64) -> Self {
        Self {
            what: what.into(),
            limit,
            measured,
            at_least: false,
        }
    }

    pub(crate) fn at_least(what: impl Into<String>, limit: f64, measured: f64) -> Self {
        Self {
            what: what.into(),
            limit,
            measured,
            at_least: true,
        }
    }

    fn row(&self) -> Vec<String> {
        let (word, reached) = if self.at_least {
            ("at least", self.measured >= self.limit)
        } else {
            ("at most", self.measured <= self.limit)
        };
        vec![
            self.what.clone(),
            format!("{word} {}", self.limit),
            crate::statistics::short(self.measured),
            if reached { "yes" } else { "**no**" }.to_owned(),
        ]
    }
}

/// Puts the sections into the report, in place of earlier ones of the same title.
pub(crate) fn publish(sections: Vec<Section>, order: &[&str]) {
    let file = folder().join("RESULTS.md");
    let earlier = fs::read_to_string(&file).unwrap_or_default();
    let mut all: BTreeMap<String, String> = earlier
        .split("\n## ")
        .skip(1)
        .filter_map(|section| section.split_once("\n\n"))
        .map(|(title, text)| (title.to_owned(), text.trim().to_owned()))
        .collect();
    for section in sections {
        println!("\n## {}\n\n{}", section.title, section.text);
        all.insert(section.title.to_owned(), section.text.trim().to_owned());
    }
    let mut report = format!("{INTRODUCTION}\n");
    for (title, text) in order
        .iter()
        .filter_map(|title| Some((title, all.get(*title)?)))
    {
        write!(report, "\n## {title}\n\n{text}\n").unwrap();
    }
    fs::write(file, report).unwrap();
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
