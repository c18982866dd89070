//! Orders from the catalogue.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::pages::{Pages, label};
use crate::model::adf::Paragraph;

/// The largest amount and quantity that Casement calculates with. It keeps every sum exact.
const LARGEST: f64 = 1e12;

/// An order by the customer (Cloud API, "Order messages").
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The customer's words with the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub items: Vec<OrderItem>,
}

/// One line of an order. Every field may be missing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderItem {
    /// The product, by the seller's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Amount>,
    /// The unit price, in `currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Amount>,
    /// The currency's code (ISO 4217).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// A quantity or a price, in thousandths: no currency has a smaller unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(i64);

impl Amount {
    /// Returns `None` for a value that is negative, not a number, or unreasonably large.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        // The value is in range, so the cast loses nothing.
        (0.0..=LARGEST)
            .contains(&value)
            .then(|| Self((value * 1000.0).round() as i64))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        thousandths(i128::from(self.0), f)
    }
}

struct Sum(i128);

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        thousandths(self.0, f)
    }
}

/// Writes no decimals, or as many as a price has.
fn thousandths(value: i128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (whole, rest) = (value / 1000, value % 1000);
    match rest {
        0 => write!(f, "{whole}"),
        rest if rest % 10 == 0 => write!(f, "{whole}.{:02}", rest / 10),
        rest => write!(f, "{whole}.{rest:03}"),
    }
}

impl OrderItem {
    /// Returns the price of the whole line, in thousandths.
    fn sum(&self) -> Option<i128> {
        let (quantity, price) = (self.quantity?, self.price?);
        Some(i128::from(quantity.0) * i128::from(price.0) / 1000)
    }

    fn row(&self) -> [String; 4] {
        let currency = self.currency.as_deref().unwrap_or_default();
        let money = |amount: Option<String>| match amount {
            Some(amount) => format!("{amount} {currency}").trim_end().to_owned(),
            None => String::new(),
        };
        [
            self.product.clone().unwrap_or_default(),
            self.quantity.map_or_else(String::new, |n| n.to_string()),
            money(self.price.map(|price| price.to_string())),
            money(self.sum().map(|sum| Sum(sum).to_string())),
        ]
    }
}

impl Order {
    fn heading(&self) -> String {
        match self.items.len() {
            0 => "[An order with nothing in it]".to_owned(),
            1 => "[Order of 1 item]".to_owned(),
            many => format!("[Order of {many} items]"),
        }
    }

    /// Returns the price of the order, provided that every item has a price in the same currency.
    fn total(&self) -> Option<String> {
        let currencies: BTreeSet<_> = self.items.iter().map(|item| &item.currency).collect();
        let [Some(currency)] = currencies.into_iter().collect::<Vec<_>>()[..] else {
            return None;
        };
        let sum = self
            .items
            .iter()
            .map(OrderItem::sum)
            .sum::<Option<i128>>()?;
        Some(format!("{} {}", Sum(sum), label(currency)))
    }

    pub(super) fn first_line(&self) -> String {
        match self.total() {
            Some(total) => format!("{} {total}", self.heading()),
            None => self.heading(),
        }
    }

    pub(super) fn write(&self, pages: &mut Pages) {
        pages.ours(&self.heading());
        pages.text(self.note.as_deref().unwrap_or_default());
        let rows: Vec<_> = self.items.iter().map(OrderItem::row).collect();
        pages.table(["Product", "Quantity", "Price", "Sum"], &rows);
        if let Some(total) = self.total() {
            pages.block(Paragraph::default().em("Total: ").strong(&total));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_not_there() {
        for (value, expected) in [
            (4500.0, Some("4500")),
            (7.5, Some("7.50")),
            (0.1 + 0.2, Some("0.30")),
            (1.005, Some("1.005")),
            (0.0, Some("0")),
            (1e12, Some("1000000000000")),
            (1e13, None),
            (-1.0, None),
            (f64::NAN, None),
        ] {
            let amount = Amount::new(value).map(|amount| amount.to_string());
            assert_eq!(amount.as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn totals_are_shown_only_where_they_are_sure() {
        let item = |quantity, price, currency: Option<&str>| OrderItem {
            product: None,
            quantity: Amount::new(quantity),
            price: Amount::new(price),
            currency: currency.map(str::to_owned),
        };
        for (items, expected) in [
            (vec![item(2.0, 7.25, Some("EUR"))], Some("14.50 EUR")),
            (
                vec![item(1.0, 1.0, Some("EUR")), item(3.0, 2.0, Some("EUR"))],
                Some("7 EUR"),
            ),
            (
                vec![item(1.0, 1.0, Some("EUR")), item(1.0, 1.0, Some("USD"))],
                None,
            ),
            (
                vec![item(1.0, 1.0, Some("EUR")), item(1.0, -1.0, Some("EUR"))],
                None,
            ),
            (vec![item(1.0, 1.0, None)], None),
            (vec![], None),
            (
                vec![item(1e12, 1e12, Some("IRR"))],
                Some("1000000000000000000000000 IRR"),
            ),
        ] {
            let order = Order { note: None, items };
            assert_eq!(order.total().as_deref(), expected);
        }
    }
}
