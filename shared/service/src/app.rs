//! The ports behind the use cases.

use crate::ports::{
    Clock, Cursors, DelayQueue, Jira, MediaFiles, Messenger, OutboundQueue, ReadReceipts,
    SettingsSource, Store, Updates,
};

/// Names the implementation of each port: one set for the cloud, another for tests. A use case
/// takes this as its only type parameter, and holds just the ports that it needs.
pub trait Ports {
    /// The table.
    type Store: Store + Cursors;
    /// Jira.
    type Jira: Jira + Updates;
    /// WhatsApp.
    type Whatsapp: Messenger + MediaFiles + ReadReceipts;
    /// The queue to the only sender.
    type Outbound: OutboundQueue;
    /// The queue whose messages arrive later.
    type Delays: DelayQueue;
    /// The owner's settings.
    type Settings: SettingsSource;
    /// The clock.
    type Clock: Clock;
}

/// The ports that every use case that talks to Jira needs.
pub struct App<P: Ports> {
    /// The table.
    pub store: P::Store,
    /// Jira.
    pub jira: P::Jira,
    /// The owner's settings.
    pub settings: P::Settings,
    /// The clock.
    pub clock: P::Clock,
}

/// The use case of `inbound-message`, which takes customers' messages in: see `inbound.rs`.
pub struct Inbound<P: Ports> {
    /// The ports.
    pub app: App<P>,
    /// WhatsApp.
    pub whatsapp: P::Whatsapp,
    /// The queue to the only sender.
    pub outbound: P::Outbound,
    /// The queue whose messages arrive later.
    pub delays: P::Delays,
}

/// The use case of `outbound-message`, the only sender: see `outbound.rs`.
pub struct Outbound<P: Ports> {
    /// The ports.
    pub app: App<P>,
    /// WhatsApp.
    pub whatsapp: P::Whatsapp,
}
