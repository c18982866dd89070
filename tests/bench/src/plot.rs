//! Draws bars in SVG, with the numbers beside them.

use std::fmt::Write;

use report::short;

const WIDTH: f64 = 760.0;
const LABELS: f64 = 290.0;
const NUMBERS: f64 = 90.0;
const LINE: f64 = 26.0;
const TOP: f64 = 40.0;

pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) value: f64,
    /// Whether the bar is for Casement.
    pub(crate) ours: bool,
}

/// Draws horizontal bars from 0. The longest one fills the width.
pub(crate) fn bars(title: &str, unit: &str, bars: &[Bar]) -> String {
    let longest = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let height = TOP + LINE * bars.len() as f64 + 8.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"8\" y=\"22\" font-size=\"15\" font-weight=\"bold\" fill=\"#1f2937\">{}</text>\n",
        escaped(title)
    );
    for (place, bar) in bars.iter().enumerate() {
        let y = TOP + LINE * place as f64;
        let length = (WIDTH - LABELS - NUMBERS) * bar.value / longest.max(f64::MIN_POSITIVE);
        let fill = if bar.ours { "#0f766e" } else { "#94a3b8" };
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#1f2937\">{}</text>\
             <rect x=\"{LABELS}\" y=\"{}\" width=\"{:.1}\" height=\"16\" fill=\"{fill}\"/>\
             <text x=\"{:.1}\" y=\"{}\" fill=\"#1f2937\">{} {}</text>",
            LABELS - 8.0,
            y + 13.0,
            escaped(&bar.label),
            y,
            length.max(1.0),
            LABELS + length.max(1.0) + 6.0,
            y + 13.0,
            short(bar.value),
            escaped(unit),
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_takes_the_room() {
        let bar = |label: &str, value| Bar {
            label: label.to_owned(),
            value,
            ours: false,
        };
        let svg = bars("a < b", "ms", &[bar("one", 2.0), bar("two", 4.0)]);
        assert!(svg.contains("a &lt; b"));
        assert!(
            svg.contains("width=\"190.0\"") && svg.contains("width=\"380.0\""),
            "{svg}"
        );
    }
}
