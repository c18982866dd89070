//! The sweep and what rings, with a table and a delay queue that count what they are asked.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use casement_aws::DynamoStore;
use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::queues::SqsDelay;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::ConversationKey;
use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage, decode};
use casement_service::ports::{
    Clock, Conversations, DelayQueue, DueConversation, OutboundQueue, Saved, Timers,
};
use casement_service::{QueueFailure, StoreFailure, Swept, ring, sweep};
use chrono::{DateTime, Duration, Utc};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use local_emulators::dynamodb::DynamoDb;
use local_emulators::sqs::Sqs;
use local_emulators::template::{Stack, Surroundings};
use tokio::net::TcpListener;

/// How much is under way at once.
const AT_ONCE: usize = 50;

/// Entries of one call to SQS.
const ENTRIES_PER_CALL: usize = 10;

/// The stack's clock for the product.
#[derive(Clone, Debug)]
pub(crate) struct StackClock(local_clock::Clock);

impl Clock for StackClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// What the services were asked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Requests {
    pub(crate) queries: usize,
    pub(crate) reads: usize,
    pub(crate) writes: usize,
    pub(crate) batches: usize,
}

/// What the services were asked since the last reset.
#[derive(Default)]
pub(crate) struct Counter(Cell<Requests>);

impl Counter {
    pub(crate) fn all(&self) -> Requests {
        self.0.get()
    }

    pub(crate) fn reset(&self) {
        self.0.take();
    }

    fn count(&self, what: impl Fn(&mut Requests)) {
        let mut requests = self.0.get();
        what(&mut requests);
        self.0.set(requests);
    }
}

pub(crate) struct World {
    pub(crate) store: DynamoStore<StackClock>,
    pub(crate) requests: Counter,
    queue: SqsDelay,
    sqs: aws_sdk_sqs::Client,
    queue_url: String,
    clock: local_clock::Clock,
    largest_page: Cell<usize>,
    page_limit: Cell<usize>,
    outbound: RefCell<BTreeMap<String, OutboundQueueMessage>>,
    _table: DynamoDb,
}

/// Awaits all, some at a time.
pub(crate) async fn together(futures: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut under_way = FuturesUnordered::new();
    for future in futures {
        under_way.push(future);
        if under_way.len() >= AT_ONCE {
            under_way.next().await;
        }
    }
    while under_way.next().await.is_some() {}
}

fn clients(url: &str) -> AwsClients {
    let environment = AwsEnvironment::read(|name| match name {
        "AWS_REGION" => Some("eu-central-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        "AWS_ENDPOINT_URL" => Some(url.to_owned()),
        _ => None,
    });
    AwsClients::new(environment.unwrap())
}

impl World {
    pub(crate) async fn start() -> Self {
        let clock = local_clock::Clock::default();
        let surroundings = Surroundings {
            region: "eu-central-1".to_owned(),
            account: "000000000000".to_owned(),
            parameters: [
                "WebhookSecretArn",
                "CredentialsSecretArn",
                "FingerprintKeyArn",
                "JiraBaseUrl",
            ]
            .map(|name| (name.to_owned(), "unused".to_owned()))
            .into(),
            queue_url_base: String::new(),
        };
        let template = include_str!("../../template.yaml");
        let template = Stack::from_yaml(template, &surroundings).unwrap();
        let table = DynamoDb::start(&template.table, None).await.unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let sqs = Sqs::new(clock.clone(), &endpoint, "eu-central-1", "000000000000");
        tokio::spawn(async move { axum::serve(listener, sqs.router()).await });
        let sqs = clients(&endpoint).sqs();
        let queue = sqs.create_queue().queue_name("delay").send().await.unwrap();
        let queue_url = queue.queue_url.unwrap();
        let dynamodb = clients(&format!("http://{}", table.address())).dynamodb();
        let name = template.table.name.clone();
        Self {
            store: DynamoStore::new(dynamodb, name, StackClock(clock.clone())),
            requests: Counter::default(),
            queue: SqsDelay::new(sqs.clone(), queue_url.clone()),
            sqs,
            queue_url,
            clock,
            largest_page: Cell::new(0),
            page_limit: Cell::new(usize::MAX),
            outbound: RefCell::default(),
            _table: table,
        }
    }

    pub(crate) fn advance_to(&self, time: DateTime<Utc>) {
        let ahead = (time - self.now()).num_milliseconds();
        self.clock
            .set_offset_ms(self.clock.offset_ms() + ahead)
            .unwrap();
    }

    /// From now on a page of the index has no more entries than this.
    pub(crate) fn limit_pages(&self, entries: usize) {
        self.page_limit.set(entries);
    }

    pub(crate) fn largest_page(&self) -> usize {
        self.largest_page.get()
    }

    /// The minute's sweep.
    pub(crate) async fn sweep(&self) -> Swept {
        sweep(&self, &self, &self).await.unwrap()
    }

    /// Rings with every message that the queue has to give, and answers how many there were.
    pub(crate) async fn ring_all(&self) -> usize {
        let mut rung = 0;
        loop {
            let receive = self.sqs.receive_message().queue_url(&self.queue_url);
            let received = receive.max_number_of_messages(10).send().await.unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return rung;
            }
            rung += messages.len();
            together(messages.iter().map(|message| self.ring(message))).await;
        }
    }

    async fn ring(&self, message: &aws_sdk_sqs::types::Message) {
        let due: DelayQueueMessage = decode(message.body().unwrap()).unwrap();
        ring(&self, &self, &self, &due).await.unwrap();
        let delete = self.sqs.delete_message().queue_url(&self.queue_url);
        let delete = delete.receipt_handle(message.receipt_handle().unwrap());
        delete.send().await.unwrap();
    }

    /// What is on the outbound queue, which takes each id once.
    pub(crate) fn outbound(&self) -> Vec<OutboundQueueMessage> {
        self.outbound.borrow().values().cloned().collect()
    }
}

impl Clock for &World {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

impl World {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

impl Timers for &World {
    async fn due(
        &self,
        shard: &str,
        until: DateTime<Utc>,
        after: Option<&DueConversation>,
    ) -> Result<Vec<DueConversation>, StoreFailure> {
        self.requests.count(|requests| requests.queries += 1);
        let mut page = self.store.due(shard, until, after).await?;
        page.truncate(self.page_limit.get());
        self.largest_page
            .set(self.largest_page.get().max(page.len()));
        Ok(page)
    }

    async fn unsettled(&self, shard: &str, now: DateTime<Utc>) -> Result<usize, StoreFailure> {
        self.requests.count(|requests| requests.queries += 1);
        self.store.unsettled(shard, now).await
    }
}

impl DelayQueue for &World {
    async fn enqueue_later(
        &self,
        messages: &[(DelayQueueMessage, Duration)],
    ) -> Result<(), QueueFailure> {
        let batches = messages.len().div_ceil(ENTRIES_PER_CALL);
        self.requests.count(|requests| requests.batches += batches);
        self.queue.enqueue_later(messages).await
    }
}

impl Conversations for &World {
    async fn load(&self, key: &ConversationKey) -> Result<Option<Conversation>, StoreFailure> {
        self.requests.count(|requests| requests.reads += 1);
        self.store.load(key).await
    }

    async fn save(&self, conversation: &Conversation) -> Result<Saved, StoreFailure> {
        self.requests.count(|requests| requests.writes += 1);
        self.store.save(conversation).await
    }

    async fn begin(
        &self,
        conversation: &Conversation,
        aliases: &[String],
    ) -> Result<Saved, StoreFailure> {
        self.store.begin(conversation, aliases).await
    }
}

impl OutboundQueue for &World {
    async fn enqueue(&self, message: &OutboundQueueMessage, id: &str) -> Result<(), QueueFailure> {
        let mut outbound = self.outbound.borrow_mut();
        let earlier = outbound.insert(id.to_owned(), message.clone());
        assert!(earlier.is_none(), "rung twice: {message:?}");
        Ok(())
    }
}
