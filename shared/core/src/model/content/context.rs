//! The circumstances of a message: whether it was forwarded, replies to another, or came from an
//! ad.

use serde::{Deserialize, Serialize};

use super::pages::{LABEL_LIMIT, Pages, label};
use crate::model::adf::{Blockquote, Link, Paragraph};
use crate::model::content::Quotation;
use crate::model::identity::Wamid;
use crate::model::private::Private;
use crate::text;

/// The longest description of an ad that is shown, in characters.
const DESCRIPTION_LIMIT: usize = 1000;

/// The reason why the words of an earlier message are not shown although they are public.
pub(super) const CHANGED: &str = "its comment was changed since";

/// The marks that WhatsApp puts on a message (Cloud API, `context` and `referral`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// Whether, and how often, the message was forwarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// The message that this one replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Wamid>,
    /// The catalogue product that it is about, by the seller's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<Private<String>>,
    /// The ad or post that brought the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
}

/// The number of times a message was forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forwarded {
    /// Up to five times.
    Once,
    /// More than five times.
    ManyTimes,
}

/// An ad or a post with a button that opens WhatsApp.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Referral {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<Private<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Private<String>>,
    /// The address of the ad or post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_url: Option<Private<String>>,
}

impl Context {
    /// Returns whether there is no mark at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Writes the marks. `earlier` is what may be shown of the message that this one replies to.
    pub(super) fn write(&self, pages: &mut Pages, earlier: Option<&Quotation>) {
        match self.forwarded {
            Some(Forwarded::Once) => pages.ours("[Forwarded]"),
            Some(Forwarded::ManyTimes) => pages.ours("[Forwarded many times]"),
            None => {}
        }
        if let Some(product) = &self.product {
            pages.ours(&format!("[About the product {}]", label(product)));
        } else if self.reply_to.is_some() {
            match earlier.map(Quotation::as_line) {
                Some(Some(line)) => {
                    pages.ours("[In reply to:]");
                    pages.quote(line);
                }
                Some(None) => {
                    pages.ours(&format!("[In reply to an earlier message] ({CHANGED})"));
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
        let shown = |text: &Option<Private<String>>, limit| {
            let text = text::one_line(text.as_deref()?);
            (!text.is_empty()).then(|| text::truncated(&text, limit))
        };
        let headline = shown(&self.headline, LABEL_LIMIT)
            .map(|headline| Paragraph::default().strong(&headline));
        let body =
            shown(&self.body, DESCRIPTION_LIMIT).map(|body| Paragraph::default().text(&body));
        let link = shown(&self.source_url, DESCRIPTION_LIMIT).map(|address| {
            match self.source_url.as_deref().and_then(Link::web) {
                Some(link) => Paragraph::default().link(&link),
                None => Paragraph::default().text(&address),
            }
        });
        let mut lines = [headline, body, link].into_iter().flatten();
        if let Some(first) = lines.next() {
            pages.block(Blockquote::new(first, lines.collect()));
        }
    }
}
