//! What is simulated.

/// Who writes how much, for how long, and what is let through.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// How many customers there are.
    pub customers: u32,
    /// How many messages they write on an average day, all together.
    pub messages_per_day: f64,
    /// Of chance: the same seed, the same run.
    pub seed: u64,
    /// Days, from a Monday on; 40 at most. One more follows in which nobody writes.
    pub days: u32,
    /// What is let through.
    pub quotas: Quotas,
}

/// What the ways in, the functions, Meta and Jira let through.
#[derive(Clone, Debug)]
pub struct Quotas {
    /// Parameter `ThrottlingRate`: requests per second on each route of the API.
    pub api_rate: f64,
    /// Parameter `ThrottlingBurst`: requests at once on each route.
    pub api_burst: f64,
    /// Parameter `InboundMaxConcurrency`.
    pub inbound: u32,
    /// Parameter `OutboundMaxConcurrency`.
    pub outbound: u32,
    /// Parameter `StatusMaxConcurrency`.
    pub status: u32,
    /// Parameter `DelayMaxConcurrency`.
    pub delay: u32,
    /// Messages per second of the WhatsApp number, both ways (Cloud API, "Throughput"): 80, and
    /// 1,000 after Meta's upgrade.
    pub meta: f64,
    /// By how much Jira's limits are raised. One: as Atlassian publishes them.
    pub jira: f64,
}

impl Quotas {
    /// The defaults of `template.yaml`, and a number as Meta gives it.
    #[must_use]
    pub fn as_deployed() -> Self {
        Self {
            api_rate: 100.0,
            api_burst: 200.0,
            inbound: 10,
            outbound: 10,
            status: 5,
            delay: 5,
            meta: 80.0,
            jira: 1.0,
        }
    }

    /// Raised by their parameters to what millions of messages a day need, and a number that Meta
    /// has upgraded. Jira as Atlassian publishes it.
    #[must_use]
    pub fn raised() -> Self {
        Self {
            api_rate: 2_000.0,
            api_burst: 4_000.0,
            inbound: 150,
            outbound: 150,
            status: 100,
            delay: 20,
            meta: 1_000.0,
            jira: 1.0,
        }
    }

    /// The same with Jira's limits so many times as high.
    #[must_use]
    pub fn with_jira(self, factor: f64) -> Self {
        Self {
            jira: factor,
            ..self
        }
    }
}
