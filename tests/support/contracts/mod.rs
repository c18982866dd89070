//! The contracts that WhatsApp and Atlassian publish, and checks that a request keeps to them.

mod call;
mod dialect;
mod document;
mod errata;
mod operation;
mod outside;
mod record;
mod schemas;
mod values;

use std::sync::OnceLock;

use self::call::Service;
use self::document::Document;
use self::operation::Operation;
use self::schemas::{Compiled, Sources};

pub use self::call::Call;
pub use self::document::Source;
pub use self::errata::{Erratum, errata};
pub(crate) use self::record::breaches_of;

/// The published contracts, ready for judging requests.
pub struct Contracts {
    whatsapp: Vec<Operation>,
    jira: Vec<Operation>,
    schemas: Compiled,
}

impl Contracts {
    /// Returns the documents in `contracts`, in the folder that `CASEMENT_SHARED` names or in
    /// `shared` beside the repository. They are not part of the repository: without them this is
    /// `None`, with a line on stdout.
    pub fn published() -> Option<&'static Self> {
        static CONTRACTS: OnceLock<Option<Contracts>> = OnceLock::new();
        CONTRACTS.get_or_init(Self::load).as_ref()
    }

    fn load() -> Option<Self> {
        let read = |source: Source| Some(errata::corrected(source, source.published()?));
        let mut sources = Sources::new();
        sources.add(Source::Adf.url(), read(Source::Adf)?);
        let mut documents = Vec::new();
        for source in [
            Source::Whatsapp,
            Source::JiraPlatform,
            Source::ServiceManagement,
        ] {
            let document = Document::new(source, read(source)?);
            sources.add(source.url(), document.json().clone());
            documents.push(document);
        }
        let operations: Vec<_> = documents
            .iter()
            .flat_map(|document| document.operations(&mut sources))
            .collect();
        let (whatsapp, jira) = operations
            .into_iter()
            .partition(|operation| operation.source == Source::Whatsapp);
        Some(Self {
            whatsapp,
            jira,
            schemas: sources.compiled(),
        })
    }

    /// Returns the places where a request breaks the contract; empty if it keeps to it.
    #[must_use]
    pub fn breaches(&self, call: &Call) -> Vec<String> {
        if outside::is_described_nowhere(call) {
            return Vec::new();
        }
        let all = match call.service {
            Service::Whatsapp => &self.whatsapp,
            Service::Jira => &self.jira,
        };
        // Literal segments of a template take precedence over parameters. Of templates that differ
        // only in the names of their parameters, one has to fit.
        let fitting: Vec<_> = all.iter().filter(|one| one.is_asked_by(call)).collect();
        let literal = fitting.iter().map(|one| one.literal_segments()).max();
        let judged = fitting
            .iter()
            .filter(|one| Some(one.literal_segments()) == literal)
            .map(|one| one.breaches(call, &self.schemas));
        judged
            .min_by_key(Vec::len)
            .unwrap_or_else(|| vec!["no such operation is published".to_owned()])
    }
}
