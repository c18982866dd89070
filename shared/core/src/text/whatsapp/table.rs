//! Tables, which become a line a row.

use super::layout::{code_in_text, lay_out};
use super::line::{Body, Line, Run, is_blank};
use super::tree::Block;

/// A line for each row with something in it, its cells between `|`.
pub(super) fn lines(rows: &[Vec<Vec<Block>>], site: Option<&str>) -> Vec<Line> {
    let lines = rows.iter().map(|cells| {
        let cells: Vec<_> = cells.iter().map(|cell| runs_of(cell, site)).collect();
        let is_empty = cells.iter().flatten().all(|run| is_blank(&run.text));
        (!is_empty).then(|| Line::new(Body::Text(joined(cells, " | "))))
    });
    lines.flatten().collect()
}

/// A cell on one line.
fn runs_of(cell: &[Block], site: Option<&str>) -> Vec<Run> {
    let lines = lay_out(cell, site).into_iter().filter_map(code_in_text);
    let lines = lines.map(|line| match line.body {
        Body::Text(mut runs) => {
            runs.insert(0, Run::plain(&line.marker));
            runs
        }
        Body::Code(text) => vec![Run::plain(&text)],
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
