//! One world in memory: every port of the use cases over plain maps, in virtual time.
//!
//! The [`World`] keeps what the table, the queues, Jira and WhatsApp would keep. Time stands still
//! until a test moves it. Calls succeed unless the script of failures says otherwise: see [`Call`].

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::missing_errors_doc,
    reason = "a test says what is wrong by failing"
)]

mod comments;
mod files;
mod fixtures;
mod held;
mod history;
mod ledger;
mod meter;
pub mod outside;
mod passage;
mod people;
mod queues;
mod requests;
mod script;
mod search;
mod settings;
mod sightings;
mod table;
mod templates;
mod use_cases;
mod whatsapp;
mod words;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use casement_core::settings::Settings;
use casement_service::ports::Clock;
use chrono::{DateTime, Utc};

pub use fixtures::{
    Identifiers, OWN, at, comment, comment_created, identity, key, number, rewrite, text,
    text_document, text_from,
};
pub use meter::{Meter, Place, Queue, Read, Write};
pub use script::{Call, Save};

/// The state behind all ports. Clones share it, so all use cases of a test work on one world.
#[derive(Clone)]
pub struct World {
    inner: Rc<Inner>,
}

struct Inner {
    now: Cell<DateTime<Utc>>,
    settings: RefCell<Arc<Settings>>,
    script: RefCell<script::Script>,
    updated: RefCell<search::UpdatedIssues>,
    table: RefCell<table::Table>,
    ledger: RefCell<ledger::Entries>,
    queues: RefCell<queues::Queues>,
    requests: RefCell<requests::AllRequests>,
    comments: RefCell<comments::AllComments>,
    files: RefCell<files::Files>,
    whatsapp: RefCell<whatsapp::Whatsapp>,
    templates: RefCell<templates::Templates>,
    meter: RefCell<Option<Rc<dyn Meter>>>,
    /// The entries on a page of due timers, and of updated issues.
    pages: Cell<[usize; 2]>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// Makes an empty world at the time [`at`]`(0)`.
    #[must_use]
    pub fn new() -> Self {
        let inner = Inner {
            now: Cell::new(at(0)),
            settings: RefCell::new(settings::with("")),
            script: RefCell::default(),
            updated: RefCell::default(),
            table: RefCell::default(),
            ledger: RefCell::default(),
            queues: RefCell::default(),
            requests: RefCell::default(),
            comments: RefCell::default(),
            files: RefCell::default(),
            whatsapp: RefCell::default(),
            templates: RefCell::default(),
            meter: RefCell::default(),
            pages: Cell::new([2, 1]),
        };
        Self {
            inner: Rc::new(inner),
        }
    }

    /// Makes pages as long as DynamoDB's and Jira's. At first they are so short that a test needs
    /// several.
    pub fn lengthen_pages(&self) {
        self.inner.pages.set([100, 100]);
    }

    /// Moves the clock.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.inner.now.set(now);
    }
}

impl Clock for World {
    fn now(&self) -> DateTime<Utc> {
        self.inner.now.get()
    }
}
