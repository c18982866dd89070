//! Tables, which become one line per row.

use super::layout::{code_in_text, lay_out};
use super::line::{Body, Line, Run, is_blank};
use super::tree::Block;

/// Returns a line for each row that is not empty, with `|` between its cells.
pub(super) fn lines(rows: &[Vec<Vec<Block>>]) -> Vec<Line> {
    rows.iter().filter_map(|cells| line(cells)).collect()
}

/// Joins a row. A row that begins with a list entry is marked like one.
fn line(cells: &[Vec<Block>]) -> Option<Line> {
    let mut cells: Vec<_> = cells.iter().map(|cell| in_one_line(cell)).collect();
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
fn in_one_line(cell: &[Block]) -> Vec<Run> {
    let lines = lay_out(cell).into_iter().filter_map(code_in_text);
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
