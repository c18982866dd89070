//! Draws the week.

use crate::outcome::Outcome;
use crate::world::{Function, World};

const WIDTH: f64 = 960.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const PANEL: f64 = 130.0;
const GAP: f64 = 46.0;
const TOP: f64 = 34.0;

/// The minutes in one point of a line.
const STEP: usize = 20;

/// A line: its name, its colour, and its height by minute.
struct Line<'a> {
    name: &'static str,
    colour: &'static str,
    at: Box<dyn Fn(usize) -> f64 + 'a>,
}

fn line<'a>(name: &'static str, colour: &'static str, at: impl Fn(usize) -> f64 + 'a) -> Line<'a> {
    Line {
        name,
        colour,
        at: Box::new(at),
    }
}

/// Draws the messages, the inbound queue and the functions of one run over its days, as SVG.
#[must_use]
pub fn week(outcome: &Outcome) -> String {
    let world = &outcome.world;
    let days = outcome.scenario().days as usize;
    let panels = [
        ("customers' messages per second", messages(world)),
        ("messages on the inbound queue", backlog(world)),
        ("functions that run at the same time", concurrency(world)),
    ];
    let height = TOP + panels.len() as f64 * (PANEL + GAP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<title>A simulated week: messages, queue and functions</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    for (number, (title, lines)) in panels.iter().enumerate() {
        let top = TOP + number as f64 * (PANEL + GAP);
        svg += &panel(title, lines, top, days);
    }
    svg + "</svg>\n"
}

fn messages(world: &World) -> Vec<Line<'_>> {
    let counts = &world.counts;
    vec![
        line("written", "#1f6feb", |minute| {
            counts.written.in_minute(minute)
        }),
        line("in Jira", "#d9480f", |minute| {
            counts.in_jira.in_minute(minute)
        }),
    ]
}

fn backlog(world: &World) -> Vec<Line<'_>> {
    let inbound = &world.worker(Function::Inbound).backlog;
    vec![line("waiting or kept away", "#d9480f", |minute| {
        inbound.in_minute(minute).into()
    })]
}

fn concurrency(world: &World) -> Vec<Line<'_>> {
    let colours = ["#d9480f", "#1f6feb", "#2b8a3e", "#7048a8"];
    let functions = Function::ALL.into_iter().zip(colours);
    functions
        .map(|(function, colour)| {
            let worker = world.worker(function);
            line(worker.name, colour, |minute| {
                worker.in_use.in_minute(minute).into()
            })
        })
        .collect()
}

fn panel(title: &str, lines: &[Line<'_>], top: f64, days: usize) -> String {
    let steps = days * 1440 / STEP;
    let drawn: Vec<Vec<f64>> = lines
        .iter()
        .map(|line| {
            let mean = |step: usize| {
                (0..STEP)
                    .map(|minute| (line.at)(step * STEP + minute))
                    .sum::<f64>()
            };
            (0..steps).map(|step| mean(step) / STEP as f64).collect()
        })
        .collect();
    let highest = drawn.iter().flatten().copied().fold(1.0, f64::max);
    let x = |step: usize| LEFT + step as f64 / steps.max(1) as f64 * (WIDTH - LEFT - RIGHT);
    let y = |height: f64| top + PANEL - height / highest * PANEL;
    let mut svg = format!(
        "<text x=\"{LEFT}\" y=\"{}\" font-weight=\"bold\">{title}</text>\n",
        top - 10.0
    );
    let mut right = WIDTH - RIGHT;
    for line in lines.iter().rev() {
        svg += &format!(
            "<text x=\"{right}\" y=\"{}\" text-anchor=\"end\" fill=\"{}\">{}</text>\n",
            top - 10.0,
            line.colour,
            line.name
        );
        right -= line.name.len() as f64 * 6.5 + 16.0;
    }
    for part in [0.0, 0.5, 1.0] {
        let height = highest * part;
        svg += &format!(
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#d0d7de\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#57606a\">{}</text>\n",
            WIDTH - RIGHT,
            LEFT - 6.0,
            y(height) + 4.0,
            short(height),
            y = y(height),
        );
    }
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    for day in 0..days {
        svg += &format!(
            "<text x=\"{:.1}\" y=\"{}\" fill=\"#57606a\">{}</text>\n",
            x(day * 1440 / STEP),
            top + PANEL + 15.0,
            names[day % 7]
        );
    }
    for (line, heights) in lines.iter().zip(&drawn) {
        let points = heights.iter().enumerate();
        let points: Vec<_> = points
            .map(|(step, height)| format!("{:.1},{:.1}", x(step), y(*height)))
            .collect();
        svg += &format!(
            "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\" points=\"{}\"/>\n",
            line.colour,
            points.join(" ")
        );
    }
    svg
}

fn short(number: f64) -> String {
    match number {
        n if n >= 1e6 => format!("{:.1} M", n / 1e6),
        n if n >= 10_000.0 => format!("{:.0} k", n / 1e3),
        n if n >= 10.0 || n == 0.0 => format!("{n:.0}"),
        n => format!("{n:.1}"),
    }
}
