//! The content of a message, by its type.
//!
//! Meta puts the content into an object named after the type. If that object is missing or has
//! nothing to show, a placeholder with the name of the type stands for the message, which is never
//! lost.

mod interactive;

use casement_core::model::content::{
    Amount, Choice, ChoiceKind, ContactCard, Coordinates, InboundContent, Location, Media,
    MediaKind, Order, OrderItem, Unsupported,
};
use casement_core::model::fate::WhatsappCode;
use casement_core::model::identity::PhoneNumber;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::id::wamid;
use super::lenient::{Each, Written, wire};
use super::status::first_code;

wire! {
    struct WireText { body: Written }
}
wire! {
    struct WireMedia {
        id: Written,
        mime_type: String,
        sha256: String,
        filename: Written,
        caption: Written,
        voice: bool,
        animated: bool,
    }
}
wire! {
    struct WireLocation {
        latitude: Written,
        longitude: Written,
        name: Written,
        address: Written,
        url: Written,
    }
}
wire! {
    struct WireCard {
        name: WireName,
        phones: Each<WirePhone>,
        emails: Each<WireEmail>,
        org: WireOrganisation,
        addresses: Each<WireAddress>,
        urls: Each<WireUrl>,
        birthday: Written,
        origin: Written,
    }
}
wire! {
    struct WireName {
        formatted_name: Written,
        prefix: Written,
        first_name: Written,
        middle_name: Written,
        last_name: Written,
        suffix: Written,
    }
}
wire! {
    struct WireAddress {
        street: Written,
        city: Written,
        state: Written,
        zip: Written,
        country: Written,
        country_code: Written,
    }
}
wire! {
    struct WireUrl { url: Written }
}
wire! {
    struct WirePhone { phone: Written, wa_id: Written }
}
wire! {
    struct WireEmail { email: Written }
}
wire! {
    struct WireOrganisation { company: Written, department: Written, title: Written }
}
wire! {
    struct WireButton { text: Written, payload: Written }
}
wire! {
    struct WireReaction { message_id: Written, emoji: Written }
}
wire! {
    struct WireOrder { text: Written, product_items: Each<WireItem> }
}
wire! {
    struct WireItem {
        product_retailer_id: Written,
        quantity: Written,
        item_price: Written,
        currency: Written,
    }
}
wire! {
    struct WireSystem { r#type: String, body: Written }
}
wire! {
    // `message_id` is undocumented, but has been seen.
    struct WireEdit { original_message_id: Written, message_id: Written, message: Value }
}
wire! {
    struct WireRevoke { original_message_id: Written }
}
wire! {
    struct WireUnsupported { r#type: String }
}

/// Reads the content of `item`, one of `messages[]`.
pub(super) fn read(item: &Value) -> InboundContent {
    let kind = item["type"].as_str();
    let known = match kind {
        Some("text") => Some(InboundContent::Text {
            body: body(item).unwrap_or_default(),
        }),
        // Some senders omit the type.
        None => body(item).map(|body| InboundContent::Text { body }),
        Some(kind @ ("image" | "video" | "audio" | "voice" | "document" | "sticker")) => {
            Some(InboundContent::Media(media(item, kind)))
        }
        Some("location") => part(item, "location").map(location),
        Some("contacts") => part(item, "contacts").map(contacts),
        Some("interactive") => part(item, "interactive").and_then(interactive::content),
        Some("button") => part(item, "button").and_then(button),
        Some("reaction") => part(item, "reaction").map(reaction),
        Some("order") => part(item, "order").map(order),
        Some("system") => Some(system(part(item, "system").unwrap_or_default())),
        Some("edit") => Some(edit(part(item, "edit").unwrap_or_default())),
        Some("revoke") => Some(revoke(part(item, "revoke").unwrap_or_default())),
        Some("unsupported") => Some(InboundContent::Unsupported(unsupported(item))),
        Some(_) => None,
    };
    known.unwrap_or_else(|| InboundContent::Other {
        kind: kind
            .filter(|kind| is_a_name(kind))
            .unwrap_or("unknown")
            .to_owned(),
    })
}

/// Returns the object named after the type. `None` if it is missing, null or not an object.
fn part<T: DeserializeOwned>(item: &Value, name: &str) -> Option<T> {
    T::deserialize(item.get(name)?).ok()
}

/// Whether `kind` looks like a name that Meta gives to a type. Such a name goes into logs and
/// comments.
fn is_a_name(kind: &str) -> bool {
    let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=40).contains(&kind.len()) && kind.bytes().all(letters)
}

fn text(written: Option<Written>) -> Option<String> {
    written.as_ref().and_then(Written::text)
}

/// Returns the words of a text, with the space around them.
fn body(item: &Value) -> Option<String> {
    let WireText { body } = part(item, "text")?;
    Some(body?.verbatim())
}

/// Reads a file, whatever is missing: even a file that did not arrive is worth a line.
fn media(item: &Value, kind: &str) -> Media {
    let wire: WireMedia = part(item, kind).unwrap_or_default();
    let voice = kind == "voice" || wire.voice == Some(true);
    Media {
        kind: match kind {
            "image" => MediaKind::Image,
            "video" => MediaKind::Video,
            "document" => MediaKind::Document,
            "sticker" if wire.animated == Some(true) => MediaKind::AnimatedSticker,
            "sticker" => MediaKind::Sticker,
            _ if voice => MediaKind::VoiceNote,
            _ => MediaKind::Audio,
        },
        id: text(wire.id),
        mime_type: wire.mime_type,
        sha256: wire.sha256,
        file_name: text(wire.filename),
        caption: text(wire.caption),
        error: error(item),
    }
}

/// Returns the first code among a message's errors.
fn error(item: &Value) -> Option<WhatsappCode> {
    first_code(item["errors"].as_array().map_or(&[], Vec::as_slice))
}

fn location(wire: WireLocation) -> InboundContent {
    let degrees = |written: Option<Written>| written.as_ref().and_then(Written::number);
    let point = degrees(wire.latitude).zip(degrees(wire.longitude));
    InboundContent::Location(Location {
        coordinates: point.and_then(|(latitude, longitude)| Coordinates::new(latitude, longitude)),
        name: text(wire.name),
        address: text(wire.address),
        url: text(wire.url),
    })
}

fn contacts(wire: Each<WireCard>) -> InboundContent {
    let cards = wire.0.into_iter().map(card);
    InboundContent::Contacts {
        cards: cards
            .filter(|card| *card != ContactCard::default())
            .collect(),
    }
}

fn card(wire: WireCard) -> ContactCard {
    let name = wire.name.unwrap_or_default();
    let org = wire.org.unwrap_or_default();
    let joined = |parts: Vec<Option<Written>>, between: &str| {
        let parts: Vec<_> = parts.into_iter().filter_map(text).collect();
        (!parts.is_empty()).then(|| parts.join(between))
    };
    let phones = wire.phones.unwrap_or_default().0;
    let own_number = own_number(wire.origin, &phones);
    let emails = wire.emails.unwrap_or_default().0.into_iter();
    let addresses = wire.addresses.unwrap_or_default().0.into_iter();
    let urls = wire.urls.unwrap_or_default().0.into_iter();
    let parts_of_name = vec![
        name.prefix,
        name.first_name,
        name.middle_name,
        name.last_name,
        name.suffix,
    ];
    ContactCard {
        name: text(name.formatted_name).or_else(|| joined(parts_of_name, " ")),
        phones: phones
            .into_iter()
            .filter_map(|phone| {
                text(phone.phone).or_else(|| Some(format!("+{}", text(phone.wa_id)?)))
            })
            .collect(),
        emails: emails.filter_map(|email| text(email.email)).collect(),
        organisation: joined(vec![org.company, org.department, org.title], ", "),
        addresses: addresses
            .filter_map(|address| {
                let place = joined(vec![address.zip, address.city], " ").map(Written::Text);
                let country = address.country.or(address.country_code);
                joined(vec![address.street, place, address.state, country], ", ")
            })
            .collect(),
        websites: urls.filter_map(|url| text(url.url)).collect(),
        birthday: text(wire.birthday),
        own_number,
    }
}

/// Returns the sender's own number, if WhatsApp says that the card is the answer to a request for
/// it, and if the card has no other number (Cloud API, "Business-scoped user IDs": the contact
/// information request).
fn own_number(origin: Option<Written>, phones: &[WirePhone]) -> Option<PhoneNumber> {
    if text(origin)?.as_str() != "contact_request" {
        return None;
    }
    let number = |phone: &WirePhone| {
        let wa_id = phone.wa_id.as_ref().and_then(Written::text);
        let written = phone.phone.as_ref().and_then(Written::text);
        // Without `+` the country would be a guess. WhatsApp's id has no `+`.
        let text = wa_id.map(|id| format!("+{id}")).or(written)?;
        PhoneNumber::of_text(&text).ok()
    };
    let mut numbers = phones.iter().map(number);
    let first = numbers.next()??;
    numbers
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

fn button(wire: WireButton) -> Option<InboundContent> {
    let id = text(wire.payload);
    Some(InboundContent::Choice(Choice {
        kind: ChoiceKind::TemplateButton,
        title: text(wire.text).or_else(|| id.clone())?,
        description: None,
        id,
    }))
}

fn reaction(wire: WireReaction) -> InboundContent {
    InboundContent::Reaction {
        emoji: text(wire.emoji),
        to: wamid(wire.message_id.as_ref()),
    }
}

fn order(wire: WireOrder) -> InboundContent {
    let amount = |written: Option<Written>| Amount::new(written?.number()?);
    let items = wire.product_items.unwrap_or_default().0.into_iter();
    InboundContent::Order(Order {
        note: text(wire.text),
        items: items
            .map(|item| OrderItem {
                product: text(item.product_retailer_id),
                quantity: amount(item.quantity),
                price: amount(item.item_price),
                currency: text(item.currency),
            })
            .collect(),
    })
}

fn system(wire: WireSystem) -> InboundContent {
    InboundContent::System {
        event: wire.r#type.filter(|event| is_a_name(event)),
        body: text(wire.body),
    }
}

fn edit(wire: WireEdit) -> InboundContent {
    // An edit of an edit makes no sense, and could be nested to any depth.
    let message = wire.message.filter(|message| message["type"] != "edit");
    let now = message.as_ref().map(read);
    InboundContent::Edit {
        of: wamid(wire.original_message_id.or(wire.message_id).as_ref()),
        now: now
            .filter(|content| !matches!(content, InboundContent::Other { .. }))
            .map(Box::new),
    }
}

fn revoke(wire: WireRevoke) -> InboundContent {
    InboundContent::Revoke {
        of: wamid(wire.original_message_id.as_ref()),
    }
}

fn unsupported(item: &Value) -> Unsupported {
    let wire: WireUnsupported = part(item, "unsupported").unwrap_or_default();
    Unsupported {
        kind: wire.r#type.filter(|kind| is_a_name(kind)),
        code: error(item),
    }
}
