//! The limits of Jira, Meta and API Gateway.

use casement_testkit::Call;

use crate::calendar::Millis;
use crate::meter::Rate;

/// A token bucket, which also counts.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    pub(crate) per_second: f64,
    most: f64,
    level: f64,
    filled: Millis,
    pub(crate) let_through: Rate,
    pub(crate) refused: Rate,
}

impl Bucket {
    /// Makes a bucket that saves up `most`, by default one second's worth and at least one.
    pub(crate) fn new(per_second: f64, most: Option<f64>) -> Self {
        let most = most.unwrap_or(per_second.max(1.0));
        Self {
            per_second,
            most,
            level: most,
            filled: 0,
            let_through: Rate::default(),
            refused: Rate::default(),
        }
    }

    pub(crate) fn lets_through(&mut self, now: Millis) -> bool {
        self.fill(now);
        let is_enough = self.level >= 1.0;
        if is_enough {
            self.level -= 1.0;
            self.let_through.add(now, 1);
        } else {
            self.refused.add(now, 1);
        }
        is_enough
    }

    /// Takes from the bucket for a message that cannot be refused.
    pub(crate) fn is_used(&mut self, now: Millis) {
        self.fill(now);
        self.level = (self.level - 1.0).max(0.0);
    }

    fn fill(&mut self, now: Millis) {
        let seconds = f64::from(now.saturating_sub(self.filled)) / 1000.0;
        self.level = (self.level + seconds * self.per_second).min(self.most);
        self.filled = self.filled.max(now);
    }
}

/// An endpoint of Jira Cloud. Each has its own limit for the whole site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    GetIssue,
    AddComment,
    OpenRequest,
    ListRequests,
    GetRequestComment,
    GetComment,
    ListComments,
    PutProperty,
    GetTransitions,
    DoTransition,
    LinkIssues,
    Search,
    /// What the simulated people give no occasion for.
    Other,
}

impl Endpoint {
    pub(crate) const ALL: [Self; 13] = [
        Self::AddComment,
        Self::PutProperty,
        Self::GetIssue,
        Self::GetComment,
        Self::GetRequestComment,
        Self::ListComments,
        Self::OpenRequest,
        Self::GetTransitions,
        Self::DoTransition,
        Self::LinkIssues,
        Self::Search,
        Self::ListRequests,
        Self::Other,
    ];

    /// Returns what a call of the product asks, side by side (`casement-jira`).
    pub(crate) fn of(call: Call) -> &'static [Self] {
        match call {
            Call::AddComment => &[Self::AddComment],
            Call::State | Call::Assignee => &[Self::GetIssue],
            Call::FindComment | Call::LatestComments => &[Self::ListComments],
            Call::FindRequest => &[Self::ListRequests, Self::Search],
            Call::OpenRequest => &[Self::OpenRequest],
            Call::ReadComment => &[Self::GetRequestComment, Self::GetComment],
            Call::Relate => &[Self::LinkIssues],
            Call::Search => &[Self::Search],
            Call::ShowDelivery => &[Self::PutProperty],
            Call::Transition => &[Self::DoTransition],
            Call::Transitions => &[Self::GetTransitions],
            _ => &[Self::Other],
        }
    }

    /// Returns about how long an answer takes, in milliseconds.
    pub(crate) fn takes(self) -> f64 {
        match self {
            Self::AddComment
            | Self::OpenRequest
            | Self::PutProperty
            | Self::DoTransition
            | Self::LinkIssues
            | Self::Other => 220.0,
            _ => 120.0,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AddComment => "add comment",
            Self::PutProperty => "put comment property",
            Self::GetIssue => "get issue",
            Self::GetComment => "get comment",
            Self::GetRequestComment => "get request comment",
            Self::ListComments => "list comments",
            Self::OpenRequest => "create request",
            Self::GetTransitions => "get transitions",
            Self::DoTransition => "do transition",
            Self::LinkIssues => "link issues",
            Self::Search => "search",
            Self::ListRequests => "list requests",
            Self::Other => "anything else",
        }
    }

    /// Returns the limit per second and site (Jira Cloud, "Rate limiting", February 2026: GET and
    /// POST 100, PUT 50, Get issue 150).
    pub(crate) fn per_second(self) -> f64 {
        match self {
            Self::GetIssue => 150.0,
            Self::PutProperty => 50.0,
            _ => 100.0,
        }
    }
}

/// Jira's limits.
#[derive(Clone, Debug)]
pub(crate) struct Jira {
    buckets: Vec<Bucket>,
}

impl Jira {
    /// Makes the published limits, multiplied by `factor`.
    pub(crate) fn new(factor: f64) -> Self {
        let buckets =
            Endpoint::ALL.map(|endpoint| Bucket::new(endpoint.per_second() * factor, None));
        Self {
            buckets: buckets.into(),
        }
    }

    pub(crate) fn lets_through(&mut self, endpoint: Endpoint, now: Millis) -> bool {
        self.bucket_mut(endpoint).lets_through(now)
    }

    pub(crate) fn bucket(&self, endpoint: Endpoint) -> &Bucket {
        &self.buckets[position(endpoint)]
    }

    fn bucket_mut(&mut self, endpoint: Endpoint) -> &mut Bucket {
        &mut self.buckets[position(endpoint)]
    }
}

fn position(endpoint: Endpoint) -> usize {
    let mut all = Endpoint::ALL.iter();
    all.position(|other| *other == endpoint).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_lets_through_what_it_has_saved_and_then_its_rate() {
        let mut bucket = Bucket::new(10.0, Some(20.0));
        let passed =
            |bucket: &mut Bucket, now| (0..100).filter(|_| bucket.lets_through(now)).count();
        assert_eq!(passed(&mut bucket, 0), 20);
        assert_eq!(passed(&mut bucket, 50), 0);
        assert_eq!(passed(&mut bucket, 550), 5);
        assert_eq!(passed(&mut bucket, 60_000), 20);
        bucket.is_used(61_000);
        assert_eq!(passed(&mut bucket, 61_000), 9);
        assert_eq!(bucket.let_through.total(), 54);
    }

    #[test]
    fn every_endpoint_has_its_own_limit() {
        let mut jira = Jira::new(0.01);
        assert!(jira.lets_through(Endpoint::GetIssue, 0));
        assert!(!jira.lets_through(Endpoint::GetIssue, 0));
        assert!(jira.lets_through(Endpoint::AddComment, 0));
        assert!(jira.lets_through(Endpoint::PutProperty, 0));
        assert!(
            !jira.lets_through(Endpoint::PutProperty, 1_999),
            "half of one a second"
        );
        assert!(jira.lets_through(Endpoint::PutProperty, 2_000));
        assert!((jira.bucket(Endpoint::GetIssue).per_second - 1.5).abs() < 1e-9);
    }
}
