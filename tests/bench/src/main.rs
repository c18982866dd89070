//! Measures the costs of Casement beside those of a function that does nothing and of the same
//! webhook in Node and Python: `cargo run --release -p bench -- all`.
//!
//! Writes `tests/bench/RESULTS.md`. Linux only, since it reads other processes' clocks and `/proc`.

#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::unwrap_used,
        reason = "a measurement that cannot be made ends the program and says why"
    )
)]

#[cfg(target_os = "linux")]
mod arrivals;
#[cfg(target_os = "linux")]
mod bodies;
#[cfg(target_os = "linux")]
mod callgrind;
#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod cold;
#[cfg(target_os = "linux")]
mod compare;
#[cfg(target_os = "linux")]
mod contestants;
#[cfg(target_os = "linux")]
mod events;
#[cfg(target_os = "linux")]
mod floor;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
mod parts;
#[cfg(target_os = "linux")]
mod peers;
#[cfg(target_os = "linux")]
mod pipeline;
#[cfg(target_os = "linux")]
mod plot;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod quota;
#[cfg(target_os = "linux")]
mod runtime_api;
#[cfg(target_os = "linux")]
mod seed;
#[cfg(target_os = "linux")]
mod size;
#[cfg(target_os = "linux")]
mod stack;
#[cfg(target_os = "linux")]
mod statistics;
#[cfg(target_os = "linux")]
mod surroundings;
#[cfg(target_os = "linux")]
mod webhook;

#[cfg(target_os = "linux")]
fn main() {
    parts::run();
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("the measurements need Linux");
}
