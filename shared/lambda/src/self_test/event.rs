//! Tells the event of a self-test from the function's own events, by its only key.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The key that is alone in the event of a self-test.
pub const SELF_TEST: &str = "casement_self_test";

/// An event that reaches a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incoming<A> {
    /// `{"casement_self_test": true}`, with any value.
    SelfTest,
    /// The function's own.
    Work(A),
}

impl<'de, A: Deserialize<'de>> Deserialize<'de> for Incoming<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ByFirstKey(PhantomData))
    }
}

struct ByFirstKey<A>(PhantomData<A>);

impl<'de, A: Deserialize<'de>> Visitor<'de> for ByFirstKey<A> {
    type Value = Incoming<A>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event, which is a JSON object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let first = map.next_key::<String>()?;
        if first.as_deref() != Some(SELF_TEST) {
            let whole = MapAccessDeserializer::new(Resumed { first, rest: map });
            return A::deserialize(whole).map(Incoming::Work);
        }
        map.next_value::<IgnoredAny>()?;
        match map.next_key::<IgnoredAny>()? {
            None => Ok(Incoming::SelfTest),
            Some(_) => Err(M::Error::custom(
                "the event of a self-test has no other key",
            )),
        }
    }
}

/// The whole object again, after its first key was read.
struct Resumed<M> {
    first: Option<String>,
    rest: M,
}

impl<'de, M: MapAccess<'de>> MapAccess<'de> for Resumed<M> {
    type Error = M::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, M::Error> {
        match self.first.take() {
            Some(first) => seed.deserialize(first.into_deserializer()).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, M::Error> {
        self.rest.next_value_seed(seed)
    }
}
