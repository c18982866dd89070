//! What the numbers were measured on.

use std::fs;

/// The machine in a few words.
pub(crate) fn described() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let of = |name: &str| {
        let line = cpus.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(": "))
            .map_or("unknown", |(_, value)| value.trim())
    };
    let sha = ["sha_ni", "sha2"]
        .iter()
        .find(|flag| cpus.split_whitespace().any(|one| one == **flag));
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes: f64 = memory
        .split_whitespace()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{} cores of {}, {}, {:.0} GB of memory, {} {}, Linux {}",
        std::thread::available_parallelism().map_or(1, usize::from),
        of("model name"),
        sha.map_or_else(
            || "SHA-256 in software".to_owned(),
            |flag| format!("SHA-256 in hardware ({flag})")
        ),
        kilobytes / 1e6,
        std::env::consts::ARCH,
        if cfg!(target_feature = "crt-static") {
            "static"
        } else {
            "glibc"
        },
        kernel.trim(),
    )
}
