//! The simulated scenario.

/// The customers, their messages, the time span, and the limits.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The number of customers.
    pub customers: u32,
    /// The number of messages that all customers together write on an average day.
    pub messages_per_day: f64,
    /// The random seed. The same seed gives the same run.
    pub seed: u64,
    /// The number of days, starting on a Monday; 40 at most. One more day follows in which nobody
    /// writes.
    pub days: u32,
    /// The limits.
    pub quotas: Quotas,
}

/// The limits of the ways in, the functions, Meta and Jira.
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
    /// Messages per second of the WhatsApp number, both ways (Cloud API, "Throughput"): 80, or
    /// 1,000 after Meta's upgrade.
    pub meta: f64,
    /// The factor by which Jira's limits are raised. 1 means as published by Atlassian.
    pub jira: f64,
}

impl Quotas {
    /// Returns the defaults of `template.yaml`, with a new WhatsApp number.
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

    /// Returns parameters raised for millions of messages a day, with a number that Meta has
    /// upgraded and Jira's limits as published.
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

    /// Multiplies Jira's limits by `factor`.
    #[must_use]
    pub fn with_jira(self, factor: f64) -> Self {
        Self {
            jira: factor,
            ..self
        }
    }
}
