//! Places.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::pages::{Pages, label};
use crate::model::adf::{Link, Paragraph};

/// A place that the customer sent. It does not move: live locations do not reach businesses.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The coordinates. `None` if WhatsApp gave no valid point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Coordinates>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The web page of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A point on the earth, in millionths of a degree (about 10 cm).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coordinates {
    latitude: i32,
    longitude: i32,
}

// A person's location must not get into a log.
impl fmt::Debug for Coordinates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Coordinates(..)")
    }
}

impl Coordinates {
    /// Takes degrees. Returns `None` if there is no such point.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let exists = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        // The values are in range, so the casts lose nothing but further digits.
        let millionths = |degrees: f64| (degrees * 1e6).round() as i32;
        exists.then(|| Self {
            latitude: millionths(latitude),
            longitude: millionths(longitude),
        })
    }

    /// Returns a link to the point on a map (Google, "Maps URLs").
    #[must_use]
    pub fn map(&self) -> Option<Link> {
        Link::web(&format!("https://www.google.com/maps?q={self}"))
    }
}

impl fmt::Display for Coordinates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let degrees = |millionths: i32| f64::from(millionths) / 1e6;
        write!(f, "{},{}", degrees(self.latitude), degrees(self.longitude))
    }
}

impl Location {
    pub(super) fn first_line(&self) -> String {
        let place = [&self.name, &self.address, &self.url];
        let place = place.into_iter().flatten().next().map(String::as_str);
        let place = label(place.unwrap_or_default());
        format!("[Location] {place}").trim_end().to_owned()
    }

    pub(super) fn write(&self, pages: &mut Pages) {
        pages.ours("[Location]");
        for words in [&self.name, &self.address, &self.url].into_iter().flatten() {
            pages.text(words);
        }
        match self.coordinates.and_then(|point| point.map()) {
            Some(map) => pages.block(Paragraph::default().em("Map: ").link(&map)),
            None => pages.ours("WhatsApp gave no coordinates."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_on_the_earth_or_nowhere() {
        for (latitude, longitude, expected) in [
            (52.520_008, 13.404_954, Some("52.520008,13.404954")),
            (-33.0, -70.648_300_4, Some("-33,-70.6483")),
            (0.0, 0.0, Some("0,0")),
            (0.000_000_1, -180.0, Some("0,-180")),
            (90.000_1, 0.0, None),
            (0.0, 181.0, None),
            (f64::NAN, 0.0, None),
            (0.0, f64::INFINITY, None),
        ] {
            let point = Coordinates::new(latitude, longitude);
            let shown = point.map(|point| point.to_string());
            assert_eq!(shown.as_deref(), expected);
        }
    }
}
