//! The keys that exist, and which one an owner may have meant.

use std::fmt::{self, Display};

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::document::{Document, HolidayTable, NumberTable, TemplateTable, Week};
use super::words::{listed, nearest, plain};
use crate::say::texts::TextKey;

/// A table with more keys than this is explained in the example, not in an error.
const FEW: usize = 12;

const TOP: &str = "";
const NUMBER: &str = "[[number]]";
const TEXTS: &str = "[number.texts.";

/// The keys of `[[number]]` that are tables.
pub(super) const TABLES: [&str; 4] = ["hours", "languages", "reopening_template", "texts"];

/// Returns every table with its keys. One language stands for all tables of texts.
pub(super) fn tables() -> [(&'static str, Vec<&'static str>); 6] {
    [
        (TOP, keys_of::<Document>()),
        (NUMBER, keys_of::<NumberTable>()),
        ("[number.hours]", keys_of::<Week>()),
        ("[[number.holidays]]", keys_of::<HolidayTable>()),
        ("[number.reopening_template]", keys_of::<TemplateTable>()),
        ("[number.texts.en]", TextKey::ALL.map(TextKey::name).into()),
    ]
}

/// Returns the message about a key that `table` does not have.
pub(super) fn unknown(table: &str, key: &str) -> String {
    let all = tables();
    let is_here =
        |name: &str| name == table || (name.starts_with(TEXTS) && table.starts_with(TEXTS));
    let here = all.iter().find(|(name, _)| is_here(name));
    let here = here.map_or(&[][..], |(_, keys)| keys);
    if let Some(same) = here.iter().find(|other| plain(other) == plain(key)) {
        return did_you_mean(same);
    }
    let elsewhere: Vec<&str> = all
        .iter()
        .filter(|(name, keys)| !is_here(name) && keys.contains(&key))
        .map(|(name, _)| *name)
        .collect();
    match elsewhere[..] {
        [other] => return misplaced(table, key, other),
        [_, ..] if elsewhere.contains(&NUMBER) => return misplaced(table, key, NUMBER),
        _ => {}
    }
    if let Some(near) = nearest(key, here.iter().copied()) {
        return did_you_mean(near);
    }
    let mut near = all.iter().filter(|(name, _)| !is_here(name));
    let near = near.find_map(|(name, keys)| Some((nearest(key, keys.iter().copied())?, *name)));
    match (near, here.len()) {
        (Some((near, TOP)), _) => {
            format!("unknown key; did you mean {near}, at the top of the file?")
        }
        (Some((near, name)), _) => format!("unknown key; did you mean {near}, in {name}?"),
        (None, 1..=FEW) => format!("unknown key; there are {}", listed(here, "and")),
        _ => "unknown key; infra/settings.example.toml explains every key".to_owned(),
    }
}

fn did_you_mean(key: &str) -> String {
    format!("unknown key; did you mean {key}?")
}

fn misplaced(table: &str, key: &str, other: &str) -> String {
    match (other, table) {
        (TOP, _) => "belongs to the top of the file, before the first [[number]]".to_owned(),
        (NUMBER, TOP) if key == "holidays" => "write [[number.holidays]]".to_owned(),
        (NUMBER, TOP) if TABLES.contains(&key) => format!("write [number.{key}]"),
        (NUMBER, TOP) => "belongs to a number: write it below its [[number]] line".to_owned(),
        (NUMBER, table) => format!(
            "belongs to [[number]]: write it above {table}, since whatever follows that line is \
             part of that table"
        ),
        (other, _) => format!("belongs to {other}: write it below that line"),
    }
}

/// Returns the keys of a table, as serde reads it.
fn keys_of<'de, T: Deserialize<'de>>() -> Vec<&'static str> {
    match T::deserialize(Asked) {
        Err(Keys(keys)) => keys.to_vec(),
        Ok(_) => Vec::new(),
    }
}

/// A deserializer that answers a struct with the names of its fields.
struct Asked;

#[derive(Debug)]
struct Keys(&'static [&'static str]);

impl<'de> Deserializer<'de> for Asked {
    type Error = Keys;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Keys> {
        Err(Keys(&[]))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Keys> {
        Err(Keys(fields))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

impl std::error::Error for Keys {}

impl de::Error for Keys {
    fn custom<T: Display>(_: T) -> Self {
        Self(&[])
    }
}
