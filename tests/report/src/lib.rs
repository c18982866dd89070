//! Reports in Markdown, of one section for each part, which is replaced when the part runs again.

mod machine;
mod numbers;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

pub use self::numbers::{short, thousands};

/// Where a report is, and how it begins.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// The folder of `RESULTS.md`, and of `plots`.
    pub folder: &'static str,
    /// What stands before the first section.
    pub introduction: &'static str,
    /// The titles, in their order. A section with another title is left out.
    pub order: &'static [&'static str],
}

impl Report {
    /// Puts the sections into the report, in place of earlier ones of the same title.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, sections: Vec<Section>) -> io::Result<()> {
        let folder = Path::new(self.folder);
        let file = folder.join("RESULTS.md");
        let earlier = fs::read_to_string(&file).unwrap_or_default();
        for section in &sections {
            if !section.plots.is_empty() {
                fs::create_dir_all(folder.join("plots"))?;
            }
            for (name, svg) in &section.plots {
                fs::write(folder.join("plots").join(name), svg)?;
            }
        }
        fs::write(file, self.with(&earlier, sections))
    }

    fn with(&self, earlier: &str, sections: Vec<Section>) -> String {
        let mut all: BTreeMap<String, String> = earlier
            .split("\n## ")
            .skip(1)
            .filter_map(|section| section.split_once("\n\n"))
            .map(|(title, text)| (title.to_owned(), text.trim().to_owned()))
            .collect();
        for section in sections {
            all.insert(section.title.to_owned(), section.text.trim().to_owned());
        }
        let mut report = format!("{}\n", self.introduction);
        for (title, text) in self
            .order
            .iter()
            .filter_map(|title| Some((title, all.get(*title)?)))
        {
            report.push_str(&format!("\n## {title}\n\n{text}\n"));
        }
        report
    }
}

/// What one part has found out.
#[derive(Debug)]
pub struct Section {
    title: &'static str,
    text: String,
    /// Name of the file and the picture.
    plots: Vec<(String, String)>,
}

impl Section {
    /// An empty one, which says when and on what machine it was made.
    #[must_use]
    pub fn new(title: &'static str) -> Self {
        let text = format!(
            "*{}, {}.*\n",
            chrono::Utc::now().format("%Y-%m-%d"),
            machine::described()
        );
        let plots = Vec::new();
        Self { title, text, plots }
    }

    /// Adds a paragraph.
    pub fn say(&mut self, paragraph: &str) {
        self.text.push_str(&format!("\n{paragraph}\n"));
    }

    /// Adds a table. The first column is text, the others are numbers.
    pub fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
        self.text.push('\n');
        self.text.push_str(&line(&head));
        self.text.push_str("|---|");
        self.text
            .push_str(&"--:|".repeat(head.len().saturating_sub(1)));
        self.text.push('\n');
        rows.iter().for_each(|row| self.text.push_str(&line(row)));
    }

    /// Adds a picture of `plots`.
    pub fn plot(&mut self, name: &str, says: &str, svg: String) {
        self.plots.push((name.to_owned(), svg));
        self.text.push_str(&format!("\n![{says}](plots/{name})\n"));
    }

    /// Adds what was to be reached, and whether it was.
    pub fn goals(&mut self, goals: &[Goal]) {
        let rows: Vec<_> = goals.iter().map(Goal::row).collect();
        self.table(&["Goal", "Limit", "Measured", "Reached"], &rows);
    }
}

/// Something to be reached.
#[derive(Clone, Debug)]
pub struct Goal {
    what: String,
    limit: f64,
    measured: f64,
    /// Whether more is better.
    at_least: bool,
}

impl Goal {
    /// Less is better.
    #[must_use]
    pub fn at_most(what: impl Into<String>, limit: f64, measured: f64) -> Self {
        Self {
            what: what.into(),
            limit,
            measured,
            at_least: false,
        }
    }

    /// More is better.
    #[must_use]
    pub fn at_least(what: impl Into<String>, limit: f64, measured: f64) -> Self {
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
            short(self.measured),
            if reached { "yes" } else { "**no**" }.to_owned(),
        ]
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n## {}\n\n{}", self.title, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: Report = Report {
        folder: "nowhere",
        introduction: "# Figures",
        order: &["One", "Two"],
    };

    fn section(title: &'static str, text: &str) -> Section {
        Section {
            title,
            text: text.to_owned(),
            plots: Vec::new(),
        }
    }

    #[test]
    fn a_section_replaces_its_predecessor_alone() {
        let first = REPORT.with(
            "",
            vec![section("Two", "old"), section("One", "kept\n\nall")],
        );
        assert_eq!(
            first,
            "# Figures\n\n## One\n\nkept\n\nall\n\n## Two\n\nold\n"
        );
        let second = REPORT.with(&first, vec![section("Two", "new"), section("Three", "?")]);
        assert_eq!(
            second,
            "# Figures\n\n## One\n\nkept\n\nall\n\n## Two\n\nnew\n"
        );
    }

    #[test]
    fn goals_say_whether_they_are_reached() {
        let mut section = section("One", "");
        section.goals(&[
            Goal::at_most("size, MB", 4.0, 3.5),
            Goal::at_least("ratio", 5.0, 4.96),
        ]);
        assert_eq!(
            section.text,
            "\n| Goal | Limit | Measured | Reached |\n|---|--:|--:|--:|\n\
             | size, MB | at most 4 | 3.50 | yes |\n| ratio | at least 5 | 4.96 | **no** |\n"
        );
    }
}
