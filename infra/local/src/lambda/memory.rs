//! The memory use of a process.

/// Returns the process's peak memory in bytes, or `None` if the process has ended or the system
/// does not report it (only Linux does).
pub(super) fn peak(pid: u32) -> Option<u64> {
    // proc_pid_status(5): "VmHWM: Peak resident set size".
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    peak_of(&status)
}

fn peak_of(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_what_linux_says() {
        let status = "Name:\tworker\nVmPeak:\t  200 kB\nVmHWM:\t   12345 kB\nVmRSS:\t  1 kB\n";
        assert_eq!(peak_of(status), Some(12_641_280));
        assert_eq!(peak_of("Name:\tworker\n"), None);
        assert_eq!(peak_of("VmHWM:\tmuch\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_that_lives_has_one() {
        assert!(peak(std::process::id()).is_some_and(|bytes| bytes > 0));
    }
}
