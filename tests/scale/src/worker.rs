//! A queue of SQS and the Lambda function that serves it.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::calendar::Millis;
use crate::meter::{Lengths, Level};

/// The most records in one invocation (`BatchSize` in `template.yaml`).
pub(crate) const BATCH: usize = 10;

/// `maxReceiveCount` in `template.yaml`.
pub(crate) const RECEIVES: u32 = 40;

/// A message on a queue.
#[derive(Clone, Debug)]
pub(crate) struct Job<T> {
    /// The group, in a FIFO queue.
    pub(crate) group: u32,
    pub(crate) task: T,
    /// The time of the event that the message is about.
    pub(crate) since: Millis,
    pub(crate) receives: u32,
}

/// The records of an invocation, each with the wait before its next attempt if it failed.
pub(crate) type Batch<T> = Vec<(Job<T>, Option<Millis>)>;

/// A queue and its function.
#[derive(Debug)]
pub(crate) struct Worker<T> {
    pub(crate) name: &'static str,
    is_fifo: bool,
    /// `MaximumConcurrency` of the event source mapping.
    pub(crate) concurrency: u32,
    ready: VecDeque<Job<T>>,
    /// FIFO: the groups with a message that is ready, in work or kept away, each with the messages
    /// behind it.
    groups: HashMap<u32, VecDeque<Job<T>>>,
    /// Batches in work, and the free places among them.
    batches: Vec<Batch<T>>,
    free: Vec<u32>,
    away: Vec<Job<T>>,
    free_away: Vec<u32>,
    waiting: u32,
    running: u32,
    pub(crate) backlog: Level,
    pub(crate) in_use: Level,
    pub(crate) invocations: u64,
    pub(crate) records: u64,
    pub(crate) returned: u64,
    pub(crate) busy: u64,
    /// The time from the event to the end of the work.
    pub(crate) latency: Lengths,
}

impl<T: Clone> Worker<T> {
    pub(crate) fn new(name: &'static str, is_fifo: bool, concurrency: u32) -> Self {
        Self {
            name,
            is_fifo,
            concurrency,
            ready: VecDeque::new(),
            groups: HashMap::new(),
            batches: Vec::new(),
            free: Vec::new(),
            away: Vec::new(),
            free_away: Vec::new(),
            waiting: 0,
            running: 0,
            backlog: Level::default(),
            in_use: Level::default(),
            invocations: 0,
            records: 0,
            returned: 0,
            busy: 0,
            latency: Lengths::default(),
        }
    }

    /// Counts the tasks of a kind that are on the queue, in work, or kept away.
    pub(crate) fn left_of(&self, is: impl Fn(&T) -> bool) -> u64 {
        let ready = self.ready.iter().chain(self.groups.values().flatten());
        let in_work = self.batches.iter().flatten().map(|(job, _)| job);
        let free: HashSet<_> = self.free_away.iter().collect();
        let away = (0..).zip(&self.away);
        let away = away.filter(|(place, _)| !free.contains(place));
        let jobs = ready.chain(in_work).chain(away.map(|(_, job)| job));
        jobs.filter(|job| is(&job.task)).count() as u64
    }

    pub(crate) fn send(&mut self, job: Job<T>, now: Millis) {
        self.waits(1, now);
        if self.is_fifo {
            if let Some(behind) = self.groups.get_mut(&job.group) {
                behind.push_back(job);
                return;
            }
            self.groups.insert(job.group, VecDeque::new());
        }
        self.ready.push_back(job);
    }

    /// Takes the records of the next invocation, if any are ready and concurrency allows.
    pub(crate) fn take(&mut self, now: Millis) -> Option<Batch<T>> {
        if self.running == self.concurrency || self.ready.is_empty() {
            return None;
        }
        let count = self.ready.len().min(BATCH);
        let batch: Batch<T> = self.ready.drain(..count).map(|job| (job, None)).collect();
        self.waiting -= count as u32;
        self.backlog.set(now, self.waiting);
        self.running += 1;
        self.in_use.set(now, self.running);
        self.invocations += 1;
        self.records += count as u64;
        Some(batch)
    }

    /// Stores a batch until its invocation ends after `takes`. Returns its place.
    pub(crate) fn works_on(&mut self, batch: Batch<T>, takes: Millis) -> u32 {
        self.busy += u64::from(takes);
        place(&mut self.batches, &mut self.free, batch)
    }

    /// Ends the invocation of the batch at `place`.
    pub(crate) fn ended(&mut self, place: u32, now: Millis) -> Batch<T> {
        self.running -= 1;
        self.in_use.set(now, self.running);
        self.free.push(place);
        std::mem::take(&mut self.batches[place as usize])
    }

    /// Makes the next job of the group ready, after this one is done or given up.
    pub(crate) fn lets_go(&mut self, job: &Job<T>) {
        if !self.is_fifo {
            return;
        }
        let behind = self.groups.get_mut(&job.group);
        match behind.and_then(VecDeque::pop_front) {
            Some(next) => self.ready.push_back(next),
            None => {
                self.groups.remove(&job.group);
            }
        }
    }

    /// Keeps a job away while its group waits. Returns its place.
    pub(crate) fn keeps_away(&mut self, job: Job<T>, now: Millis) -> u32 {
        self.returned += 1;
        self.waits(1, now);
        place(&mut self.away, &mut self.free_away, job)
    }

    /// Makes the job at `place` visible again.
    pub(crate) fn comes_back(&mut self, place: u32) {
        self.free_away.push(place);
        self.ready.push_back(self.away[place as usize].clone());
    }

    fn waits(&mut self, count: u32, now: Millis) {
        self.waiting += count;
        self.backlog.set(now, self.waiting);
    }
}

fn place<V>(places: &mut Vec<V>, free: &mut Vec<u32>, value: V) -> u32 {
    match free.pop() {
        Some(place) => {
            places[place as usize] = value;
            place
        }
        None => {
            places.push(value);
            places.len() as u32 - 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(group: u32, task: u32) -> Job<u32> {
        Job {
            group,
            task,
            since: 0,
            receives: 0,
        }
    }

    fn tasks(batch: &Batch<u32>) -> Vec<u32> {
        batch.iter().map(|(job, _)| job.task).collect()
    }

    #[test]
    fn a_group_has_one_in_work_and_waits_for_one_that_is_kept_away() {
        let mut worker = Worker::new("inbound", true, 2);
        for (group, task) in [(0, 1), (0, 2), (1, 3)] {
            worker.send(job(group, task), 0);
        }
        let first = worker.take(0).unwrap();
        assert_eq!(tasks(&first), [1, 3]);
        assert!(worker.take(0).is_none(), "the second of the first customer");
        let place = worker.works_on(first, 400);
        let first = worker.ended(place, 400);
        let away = worker.keeps_away(first[0].0.clone(), 400);
        worker.lets_go(&first[1].0);
        assert!(worker.take(400).is_none());
        assert_eq!(worker.left_of(|_| true), 2);
        worker.comes_back(away);
        let again = worker.take(5_000).unwrap();
        assert_eq!(tasks(&again), [1]);
        let place = worker.works_on(again, 400);
        let again = worker.ended(place, 5_400);
        worker.lets_go(&again[0].0);
        assert_eq!(tasks(&worker.take(5_400).unwrap()), [2]);
        assert_eq!(
            (worker.invocations, worker.records, worker.busy),
            (3, 4, 800)
        );
    }

    #[test]
    fn no_more_run_than_may() {
        let mut worker = Worker::new("status", false, 2);
        (0..35).for_each(|task| worker.send(job(0, task), 0));
        let sizes: Vec<_> = std::iter::from_fn(|| worker.take(0))
            .map(|batch| batch.len())
            .collect();
        assert_eq!(sizes, [BATCH, BATCH]);
        assert_eq!(worker.backlog.highest(), 35);
        assert_eq!(worker.in_use.highest(), 2);
    }
}
