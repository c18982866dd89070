//! A share of one core for a process, like Lambda's for a function with little memory.

use std::fs;
use std::path::{Path, PathBuf};

/// Microseconds of CPU in each [`PERIOD_US`]: one twelfth of a core, about the share for 147 MB of
/// memory (Lambda developer guide, "Configure Lambda function memory": 1,769 MB are one vCPU).
const QUOTA_US: u32 = 1_667;
const PERIOD_US: u32 = 20_000;

/// A control group that limits processes to the share. Dropping it removes the group.
pub(crate) struct Quota {
    group: PathBuf,
}

impl Quota {
    /// Makes the group, with version 2 of control groups or else version 1.
    ///
    /// # Errors
    /// Neither version can be written to.
    pub(crate) fn new() -> Result<Self, String> {
        let name = format!("casement-bench-{}", std::process::id());
        let version_2 = (
            Path::new("/sys/fs/cgroup"),
            "cpu.max",
            format!("{QUOTA_US} {PERIOD_US}"),
        );
        let version_1 = (
            Path::new("/sys/fs/cgroup/cpu"),
            "cpu.cfs_quota_us",
            QUOTA_US.to_string(),
        );
        let mut problems = Vec::new();
        for (root, file, value) in [version_2, version_1] {
            let group = root.join(&name);
            let made = fs::create_dir(&group).and_then(|()| {
                // Outside a control group file system, writing would create an ordinary file.
                fs::metadata(group.join(file))?;
                if file == "cpu.cfs_quota_us" {
                    fs::write(group.join("cpu.cfs_period_us"), PERIOD_US.to_string())?;
                }
                fs::write(group.join(file), value)
            });
            match made {
                Ok(()) => return Ok(Self { group }),
                Err(error) => problems.push(format!("{}: {error}", group.display())),
            }
            fs::remove_dir(&group).ok();
        }
        Err(problems.join("; "))
    }

    /// Limits a process to the share from now on.
    pub(crate) fn hold(&self, pid: u32) {
        fs::write(self.group.join("cgroup.procs"), pid.to_string()).unwrap();
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir(&self.group) {
            eprintln!("{}: {error}", self.group.display());
        }
    }
}
