//! The context of a message: `context` and `referral`.

use casement_core::model::content::{Context, Forwarded, Referral};

use super::id::wamid;
use super::lenient::{Written, wire};

wire! {
    pub(super) struct WireContext {
        id: Written,
        forwarded: bool,
        frequently_forwarded: bool,
        referred_product: WireProduct,
    }
}
wire! {
    struct WireProduct { product_retailer_id: Written }
}
wire! {
    pub(super) struct WireReferral { headline: Written, body: Written, source_url: String }
}

/// Reads the context of a message.
pub(super) fn read(context: Option<WireContext>, referral: Option<WireReferral>) -> Context {
    let context = context.unwrap_or_default();
    let text = |written: Option<Written>| written.as_ref().and_then(Written::text);
    Context {
        forwarded: match (context.frequently_forwarded, context.forwarded) {
            (Some(true), _) => Some(Forwarded::ManyTimes),
            (_, Some(true)) => Some(Forwarded::Once),
            _ => None,
        },
        reply_to: wamid(context.id.as_ref()),
        product: context
            .referred_product
            .and_then(|product| text(product.product_retailer_id))
            .map(Into::into),
        referral: referral.map(|referral| Referral {
            headline: text(referral.headline).map(Into::into),
            body: text(referral.body).map(Into::into),
            source_url: referral.source_url.map(Into::into),
        }),
    }
}
