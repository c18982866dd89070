//! The use cases, with the world behind every port.

use super::World;
use crate::{App, Inbound, Outbound, Ports, Reconciliation, Statuses};

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

    pub(crate) fn inbound(&self) -> Inbound<Self> {
        Inbound {
            app: self.app(),
            whatsapp: self.clone(),
            outbound: self.clone(),
            delays: self.clone(),
        }
    }

    pub(crate) fn outbound(&self) -> Outbound<Self> {
        Outbound {
            app: self.app(),
            whatsapp: self.clone(),
        }
    }

    pub(crate) fn statuses(&self) -> Statuses<Self> {
        Statuses {
            app: self.app(),
            outbound: self.clone(),
        }
    }

    pub(crate) fn reconciliation(&self) -> Reconciliation<Self> {
        Reconciliation {
            app: self.app(),
            outbound: self.clone(),
        }
    }
}
