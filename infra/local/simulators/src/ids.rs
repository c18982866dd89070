//! Ids and random numbers that depend only on the seed, so that a run can be repeated.

use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::lock;

/// A source of ids. No id comes twice, not even after a reset of the simulator.
#[derive(Debug)]
pub(crate) struct Ids {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    random: fastrand::Rng,
    counter: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            inner: Mutex::new(Inner {
                random: fastrand::Rng::with_seed(seed),
                counter: 0,
            }),
        }
    }

    fn next(&self) -> (u64, u64) {
        let mut inner = lock(&self.inner);
        inner.counter += 1;
        (inner.counter, inner.random.u64(..))
    }

    /// Returns the next number of a plain count, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.next().0
    }

    /// Returns a number from 0 up to but not including 1.
    pub(crate) fn chance(&self) -> f64 {
        lock(&self.inner).random.f64()
    }

    /// Returns a WhatsApp message id. Like Meta's, it is base64 around the user's id and a hex
    /// number.
    pub(crate) fn wamid(&self, user: &str) -> String {
        let (counter, random) = self.next();
        let mut bytes = vec![0x1c, 0x18, u8::try_from(user.len()).unwrap_or(u8::MAX)];
        bytes.extend_from_slice(user.as_bytes());
        bytes.extend_from_slice(&[0x15, 0x02, 0x00, 0x12, 0x18, 0x14]);
        bytes.extend_from_slice(format!("{:012X}{counter:08X}", random >> 16).as_bytes());
        bytes.push(0);
        format!("wamid.{}", STANDARD.encode(bytes))
    }

    /// Returns the id of a file. Like Meta's, it is a number of 16 digits.
    pub(crate) fn media_id(&self) -> String {
        let (counter, random) = self.next();
        (1_000_000_000_000_000 + counter * 1_000_000 + random % 1_000_000).to_string()
    }

    /// Returns a short opaque token, such as Meta's `fbtrace_id` or a webhook identifier.
    pub(crate) fn token(&self) -> String {
        let (counter, random) = self.next();
        format!("{random:016x}{counter:08x}")
    }
}

/// Returns the number that stands for `text` under this seed, the same each time (FNV-1a).
pub(crate) fn stable_number(seed: u64, text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_ids_and_none_twice() {
        let (one, two) = (Ids::new(7), Ids::new(7));
        let first: Vec<_> = (0..100).map(|_| one.wamid("16505551234")).collect();
        let second: Vec<_> = (0..100).map(|_| two.wamid("16505551234")).collect();
        assert_eq!(first, second);
        let distinct: std::collections::BTreeSet<_> = first.iter().collect();
        assert_eq!(distinct.len(), 100);
        assert!(first.iter().all(|id| id.starts_with("wamid.HBgLMTY1MDU1")));
    }
}
