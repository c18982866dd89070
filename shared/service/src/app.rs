//! What use cases work with.

use crate::ports::{
    Clock, Cursors, DelayQueue, Jira, MediaFiles, Messenger, OutboundQueue, ReadReceipts,
    SettingsSource, Store, Updates,
};

/// Names what stands behind each port: one choice for the cloud, another for tests. A use case
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

/// The ports that every use case with Jira needs.
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

/// Taking in what customers write, the use case of `inbound-message`: see `inbound.rs`.
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

/// The only sender, the use case of `outbound-message`: see `outbound.rs`.
pub struct Outbound<P: Ports> {
    /// The ports.
    pub app: App<P>,
    /// WhatsApp.
    pub whatsapp: P::Whatsapp,
}
