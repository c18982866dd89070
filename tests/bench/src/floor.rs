//! Compares the unavoidable work, the signature over the bytes and one pass of the parser, with the
//! work of the webhook's own code. All of it runs in this process, without runtime and network.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use casement_core::model::queue::{InboundQueueMessage, encode};
use casement_whatsapp::signature::verify;
use casement_whatsapp::webhook::parse;
use chrono::Utc;
use report::{Section, short};
use secrecy::SecretString;
use serde::de::IgnoredAny;

use crate::bodies::{self, Shape};
use crate::process::on_cpu;
use crate::statistics::median;
use crate::surroundings::APP_SECRET;

/// A large batch of ordinary texts.
pub(crate) const MEGABYTE: Shape = Shape {
    name: "batch of 1 MB, 1,000 texts",
    messages: 1_000,
    text: 760,
};

/// The medians for one shape, in microseconds of CPU.
pub(crate) struct Parts {
    shape: Shape,
    bytes: usize,
    /// HMAC-SHA256 over the body.
    hmac_us: f64,
    /// HMAC and a parser pass that discards the values.
    pub(crate) floor_us: f64,
    /// Our verification and parsing.
    parse_us: f64,
    /// Our verification and parsing, and the encoding of every message for the queue.
    all_us: f64,
}

impl Parts {
    /// Returns the ratio of our total to the signature alone.
    pub(crate) fn of_hmac(&self) -> f64 {
        self.all_us / self.hmac_us
    }
}

/// Measures a shape `runs` times, in turns.
pub(crate) fn measured(runs: usize, shape: Shape) -> Parts {
    let body = bodies::whatsapp(shape, 0);
    let signature = format!("sha256={}", bodies::signature(APP_SECRET, body.as_bytes()));
    let secrets = [SecretString::from(APP_SECRET)];
    let parsed = || {
        let verified = verify(body.as_bytes(), Some(&signature), &secrets).unwrap();
        parse(verified, Utc::now()).unwrap()
    };
    let tasks: [&dyn Fn(); 4] = [
        &|| {
            black_box(bodies::signature(APP_SECRET, body.as_bytes()));
        },
        &|| {
            black_box(bodies::signature(APP_SECRET, body.as_bytes()));
            black_box(serde_json::from_str::<IgnoredAny>(&body).unwrap());
        },
        &|| {
            black_box(parsed());
        },
        &|| {
            for message in parsed().messages {
                black_box(
                    encode(&InboundQueueMessage::CustomerMessage(Box::new(message))).unwrap(),
                );
            }
        },
    ];
    // The repeats are enough for the clock's resolution.
    let repeats = (2_000_000 / body.len()).clamp(2, 200);
    let mut values = [const { Vec::new() }; 4];
    for _ in 0..runs {
        for (task, values) in tasks.iter().zip(&mut values) {
            let before = cpu();
            (0..repeats).for_each(|_| task());
            values.push((cpu() - before).as_secs_f64() * 1e6 / repeats as f64);
        }
    }
    let [hmac_us, floor_us, parse_us, all_us] = values.map(|values| median(&values));
    Parts {
        shape,
        bytes: body.len(),
        hmac_us,
        floor_us,
        parse_us,
        all_us,
    }
}

/// Returns the CPU time of this thread.
fn cpu() -> Duration {
    // The kernel completes the count when the thread is descheduled.
    std::thread::sleep(Duration::from_micros(1));
    on_cpu(Path::new("/proc/thread-self")).unwrap()
}

/// Adds the table of parts.
pub(crate) fn report(section: &mut Section, runs: usize, parts: [&Parts; 4]) {
    section.say(&format!(
        "The webhook's own code alone, without event, runtime and SQS, medians of {runs} in microseconds of CPU:"
    ));
    let rows = parts.map(|parts| {
        vec![
            format!("{} ({} bytes)", parts.shape.name, parts.bytes),
            short(parts.hmac_us),
            short(parts.floor_us),
            short(parts.parse_us),
            short(parts.all_us),
            short(parts.of_hmac()),
            short(parts.all_us / parts.floor_us),
        ]
    });
    let head = [
        "",
        "HMAC",
        "HMAC and parse (floor)",
        "ours: verify, parse",
        "ours: verify, parse, split",
        "of HMAC",
        "of floor",
    ];
    section.table(&head, &rows);
}
