//! The kinds of data that each place may hold. SECURITY.md says it in words.

/// A kind of personal data, or a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A phone number.
    Number,
    /// The name in a profile.
    Name,
    /// Meta's id of a person for one business.
    Bsuid,
    /// WhatsApp's id of a message, which contains the number.
    Wamid,
    /// Words that a person wrote.
    Words,
    /// A token or a key.
    Secret,
}

use Kind::{Bsuid, Name, Number, Secret, Wamid, Words};

impl Kind {
    pub const ALL: [Self; 6] = [Number, Name, Bsuid, Wamid, Words, Secret];

    /// Returns the word that SECURITY.md uses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Number => "number",
            Name => "name",
            Bsuid => "BSUID",
            Wamid => "wamid",
            Words => "words",
            Secret => "secret",
        }
    }
}

/// A place where data is kept.
#[derive(Debug)]
pub struct Place {
    /// The name that SECURITY.md uses.
    pub name: &'static str,
    /// The kinds that the place may hold.
    pub holds: &'static [Kind],
}

impl Place {
    const fn new(name: &'static str, holds: &'static [Kind]) -> Self {
        Self { name, holds }
    }

    /// Returns whether the place may hold this kind.
    #[must_use]
    pub fn may_hold(&self, kind: Kind) -> bool {
        self.holds.contains(&kind)
    }
}

pub(super) const CONVERSATIONS: &str = "table: conversations";
pub(super) const HELD: &str = "table: held replies";
pub(super) const LINKS: &str = "table: what leads to conversations";
pub(super) const LEDGER: &str = "table: ledger";
pub(super) const LEDGER_KEYS: &str = "table: keys of the ledger";
pub(super) const SETTINGS: &str = "table: settings";
pub(super) const MARKS: &str = "table: marks of time";
pub(super) const INBOUND: &str = "queue: inbound";
pub(super) const OUTBOUND: &str = "queue: outbound";
pub(super) const STATUS: &str = "queue: status";
pub(super) const DELAY: &str = "queue: delay";
pub(super) const GROUPS: &str = "queues: ids of groups";
pub(super) const REPEATS: &str = "queues: ids against repeats";
pub(super) const ATTRIBUTES: &str = "queues: attributes";
pub(super) const LOGS: &str = "logs";
pub(super) const METRICS: &str = "metrics";

/// Every place, in the order of SECURITY.md. Those that exist in the local stack are checked.
pub const PLACES: [Place; 25] = [
    Place::new(CONVERSATIONS, &[Number, Name, Bsuid, Wamid]),
    Place::new(HELD, &[Number, Bsuid]),
    Place::new(LINKS, &[Number, Bsuid]),
    Place::new(LEDGER, &[Number, Bsuid, Wamid]),
    Place::new(LEDGER_KEYS, &[]),
    Place::new(SETTINGS, &[Number, Bsuid]),
    Place::new(MARKS, &[]),
    Place::new("backups of the table", &[Number, Name, Bsuid, Wamid]),
    Place::new(INBOUND, &[Number, Name, Bsuid, Wamid, Words]),
    Place::new(OUTBOUND, &[Number, Bsuid]),
    Place::new(STATUS, &[Number, Bsuid, Wamid]),
    Place::new(DELAY, &[Number, Bsuid]),
    Place::new(GROUPS, &[]),
    Place::new(REPEATS, &[]),
    Place::new(ATTRIBUTES, &[]),
    Place::new(LOGS, &[]),
    Place::new(METRICS, &[]),
    Place::new("traces", &[]),
    Place::new("access logs", &[]),
    Place::new("Secrets Manager", &[Secret]),
    Place::new("Jira", &[Number, Name, Bsuid, Wamid, Words]),
    Place::new("WhatsApp", &[Number, Name, Bsuid, Wamid, Words]),
    Place::new("receipts of `casement erase`", &[]),
    Place::new(
        "files for `casement replay`",
        &[Number, Name, Bsuid, Wamid, Words],
    ),
    Place::new(
        "local stack with `--data`",
        &[Number, Name, Bsuid, Wamid, Words],
    ),
];
