//! The use cases, with the world behind every port.

use casement_service::{App, Inbound, Outbound, Ports, Reconciliation, Statuses};

use crate::World;

impl Ports for World {
    type Store = Self;
    type Jira = Self;
    type Whatsapp = Self;
    type Outbound = Self;
    type Delays = Self;
    type Settings = Self;
    type Clock = Self;
}

impl World {
    fn app(&self) -> App<Self> {
        App {
            store: self.clone(),
            jira: self.clone(),
            settings: self.clone(),
            clock: self.clone(),
        }
    }

    /// Returns the use case of customers' messages.
    #[must_use]
    pub fn inbound(&self) -> Inbound<Self> {
        Inbound {
            app: self.app(),
            whatsapp: self.clone(),
            outbound: self.clone(),
            delays: self.clone(),
        }
    }

    /// Returns the only sender.
    #[must_use]
    pub fn outbound(&self) -> Outbound<Self> {
        Outbound {
            app: self.app(),
            whatsapp: self.clone(),
        }
    }

    /// Returns the use case of delivery reports.
    #[must_use]
    pub fn statuses(&self) -> Statuses<Self> {
        Statuses {
            app: self.app(),
            outbound: self.clone(),
        }
    }

    /// Returns the search for lost webhooks.
    #[must_use]
    pub fn reconciliation(&self) -> Reconciliation<Self> {
        Reconciliation {
            app: self.app(),
            outbound: self.clone(),
        }
    }
}
