//! Tables, which become one line per row.

use super::line::{Body, Line};
use super::style::Run;
use crate::text::is_blank;

/// Joins the cells of a row, each given by its lines, with `|` between them. A row that begins with
/// a list entry is marked like one. Returns `None` if the row is empty.
pub(super) fn row(cells: impl Iterator<Item = impl Iterator<Item = Line>>) -> Option<Line> {
    let mut cells: Vec<_> = cells.map(in_one_line).collect();
    if cells.iter().flatten().all(|run| is_blank(&run.text)) {
        return None;
    }
    let first = cells.first_mut().filter(|first| !first.is_empty());
    let marker = first.map(|first| first.remove(0).text);
    let line = Line::new(Body::Text(joined(cells, " | ")));
    Some(Line {
        marker: marker.unwrap_or_default(),
        ..line
    })
}

/// Returns a cell on one line. The first run is its marker.
fn in_one_line(lines: impl Iterator<Item = Line>) -> Vec<Run> {
    let lines = lines.map(|line| match line.body {
        Body::Text(mut runs) => {
            runs.insert(0, Run::plain(&line.marker));
            runs
        }
        Body::Code(text) => vec![Run::plain(&line.marker), Run::plain(&text)],
    });
    joined(lines, " ")
}

fn joined(parts: impl IntoIterator<Item = Vec<Run>>, separator: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    for (index, mut part) in parts.into_iter().enumerate() {
        if index > 0 {
            runs.push(Run::plain(separator));
        }
        runs.append(&mut part);
    }
    runs
}
