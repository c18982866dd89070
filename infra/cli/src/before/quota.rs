//! How many functions may run at once, and how much of that can be reserved for the webhooks.

use super::samconfig::Samconfig;
use super::unanswered;
use crate::check::Verdict;

pub(super) const WHATSAPP: &str = "WhatsappWebhookConcurrency";
pub(super) const JIRA: &str = "JiraWebhookConcurrency";

/// What AWS keeps unreserved (Lambda developer guide, "Configuring reserved concurrency").
const STAYS_UNRESERVED: i64 = 100;

const ASK_FOR_MORE: &str = "ask for 1,000 under Service Quotas > AWS Lambda > Concurrent executions before customers write";

/// What `GetAccountSettings` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quota {
    /// How many functions may run at once.
    pub at_once: i64,
    /// How much of that no function has reserved.
    pub unreserved: i64,
}

/// What the webhooks reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reserved {
    pub whatsapp: i64,
    pub jira: i64,
}

impl Reserved {
    /// The values that samconfig.example.toml has for the stage prod.
    pub(super) const RECOMMENDED: Self = Self {
        whatsapp: 50,
        jira: 20,
    };

    pub(super) fn of_samconfig(samconfig: &Samconfig) -> Self {
        Self::read(|name| samconfig.parameter(name))
    }

    /// Reads both parameters. What is not given or no number reserves nothing.
    pub(super) fn read<'a>(parameter: impl Fn(&str) -> Option<&'a str>) -> Self {
        let number = |name| parameter(name).and_then(|value| value.parse().ok());
        Self {
            whatsapp: number(WHATSAPP).unwrap_or(0),
            jira: number(JIRA).unwrap_or(0),
        }
    }

    fn total(self) -> i64 {
        self.whatsapp.saturating_add(self.jira)
    }

    /// Returns the largest values up to the recommended ones that fit.
    fn fitting(room: i64) -> Self {
        let most = Self::RECOMMENDED;
        if room >= most.total() {
            return most;
        }
        if room < 2 {
            return Self::default();
        }
        let jira = (room * most.jira / most.total()).max(1);
        Self {
            whatsapp: room - jira,
            jira,
        }
    }
}

impl std::fmt::Display for Reserved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{WHATSAPP}={} {JIRA}={}", self.whatsapp, self.jira)
    }
}

/// Judges the quota. `already` is what the stack reserves today, and `wanted` what it is to reserve.
/// Also returns the values that fit in place of `wanted`.
pub(super) fn judge(
    quota: &Result<Quota, String>,
    already: Reserved,
    wanted: Reserved,
) -> (Verdict, Option<Reserved>) {
    let quota = match quota {
        Ok(quota) => quota,
        Err(code) => return (unanswered("lambda:GetAccountSettings", code), None),
    };
    let at_once = quota.at_once;
    let room = quota.unreserved + already.total() - STAYS_UNRESERVED;
    let fitting = Reserved::fitting(room);
    let told = format!(
        "{at_once} functions may run at once, {} of them unreserved",
        quota.unreserved
    );
    if wanted.total() > 0 && wanted.total() > room {
        let more = if fitting == Reserved::RECOMMENDED {
            String::new()
        } else {
            format!(", and {ASK_FOR_MORE}")
        };
        let verdict = Verdict::wrong(
            format!("{told}, and {STAYS_UNRESERVED} must stay unreserved: {wanted} does not fit"),
            format!("use {fitting}{more}; the command below has these values"),
        );
        return (verdict, Some(fitting));
    }
    let verdict = if wanted.total() > 0 {
        Verdict::ok(format!("{told}: {wanted} fits"))
    } else if fitting.total() > 0 {
        Verdict::ok(format!("{told}: up to {fitting} fits"))
    } else {
        Verdict::hint(
            format!("{told}: only {fitting} fits, the default"),
            format!("enough to try Casement out; {ASK_FOR_MORE}"),
        )
    };
    (verdict, None)
}
