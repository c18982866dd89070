//! What stands around a message: whether it was forwarded, answers another, or came from an ad.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::pages::{LABEL_LIMIT, Pages, label};
use crate::adf::{Blockquote, Link, Paragraph};
use crate::identity::Wamid;
use crate::text;

/// The longest description of an ad that is shown, in characters.
const DESCRIPTION_LIMIT: usize = 1000;

/// The marks that WhatsApp puts on a message (Cloud API, `context` and `referral`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// Whether the customer had it from somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// The message that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Wamid>,
    /// The product of the catalogue that it is about, by the seller's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The ad or post that brought the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
}

/// How often a message was forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forwarded {
    /// Up to five times.
    Once,
    /// More than five times.
    ManyTimes,
}

/// An ad or a post with a button that opens WhatsApp.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Referral {
    /// Its headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// Its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
}

// Which ad somebody looked at is nobody else's business.
impl fmt::Debug for Referral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Referral(..)")
    }
}

impl Context {
    /// Whether there is no mark at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// `earlier` is the first line of the message that it answers, if it is known.
    pub(super) fn write(&self, pages: &mut Pages, earlier: Option<&str>) {
        match self.forwarded {
            Some(Forwarded::Once) => pages.ours("[Forwarded]"),
            Some(Forwarded::ManyTimes) => pages.ours("[Forwarded many times]"),
            None => {}
        }
        if let Some(product) = &self.product {
            pages.ours(&format!("[About the product {}]", label(product)));
        } else if self.reply_to.is_some() {
            match earlier {
                Some(earlier) => {
                    pages.ours("[In reply to:]");
                    pages.quote(earlier);
                }
                None => pages.ours("[In reply to an earlier message]"),
            }
        }
        if let Some(referral) = &self.referral {
            referral.write(pages);
        }
    }
}

impl Referral {
    fn write(&self, pages: &mut Pages) {
        pages.ours("[The customer came from an ad or a post]");
        let shown = |text: &Option<String>, limit| {
            let text = text::one_line(text.as_deref()?);
            (!text.is_empty()).then(|| text::truncated(&text, limit))
        };
        let headline = shown(&self.headline, LABEL_LIMIT)
            .map(|headline| Paragraph::default().strong(&headline));
        let body =
            shown(&self.body, DESCRIPTION_LIMIT).map(|body| Paragraph::default().text(&body));
        let link = self.source_url.as_deref().and_then(Link::web);
        let link = link.map(|link| Paragraph::default().link(&link));
        let mut lines = [headline, body, link].into_iter().flatten();
        if let Some(first) = lines.next() {
            pages.block(Blockquote::new(first, lines.collect()));
        }
    }
}
