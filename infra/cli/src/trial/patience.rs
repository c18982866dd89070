//! How long to wait for what Jira does after it has answered.

use std::time::Duration;

/// How often to look again. SLAs and rules take some seconds on a real site, and nothing tells when
/// they are through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// The time between two looks.
    pub every: Duration,
    /// After so many looks without a change, none is expected.
    pub quiet: u32,
    /// The most looks after the first.
    pub most: u32,
}

impl Patience {
    /// Ten seconds without a change, and half a minute at most.
    pub(super) const SITE: Self = Self {
        every: Duration::from_secs(2),
        quiet: 5,
        most: 15,
    };

    /// The local stack's Jira has done everything when it answers.
    pub(super) const LOCAL: Self = Self {
        every: Duration::ZERO,
        quiet: 0,
        most: 0,
    };

    /// Looks until nothing changes any more.
    pub(super) async fn settled<T: PartialEq>(self, look: impl AsyncFn() -> T) -> T {
        let mut last = look().await;
        let mut quiet = 0;
        for _ in 0..self.most {
            if quiet == self.quiet {
                break;
            }
            tokio::time::sleep(self.every).await;
            let now = look().await;
            quiet = if now == last { quiet + 1 } else { 0 };
            last = now;
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn it_looks_until_nothing_changes_and_not_for_ever() {
        let at_once = Patience {
            every: Duration::ZERO,
            ..Patience::SITE
        };
        for (patience, changes, looks) in [
            (at_once, 0, 6),
            // A rule that is carried out after a while.
            (at_once, 4, 10),
            (at_once, 1_000, 16),
            (Patience::LOCAL, 1_000, 1),
        ] {
            let looked = Cell::new(0);
            let seen = patience
                .settled(async || {
                    looked.set(looked.get() + 1);
                    (looked.get() - 1).min(changes)
                })
                .await;
            assert_eq!(looked.get(), looks, "{changes}");
            assert_eq!(seen, changes.min(looks - 1), "{changes}");
        }
    }
}
