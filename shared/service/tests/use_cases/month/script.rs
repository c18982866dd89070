//! What people do in a month.

/// The minutes of a month.
pub(super) const END: u32 = 30 * 24 * 60;

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// The customer writes.
    Writes {
        /// Nothing but thanks.
        thanks: bool,
    },
    /// An agent answers in public, with the reply of this number.
    Answers(u32),
    /// An agent says that the request is done.
    IsDone,
    /// The customer wants no automatic messages any more.
    OptsOut,
}

/// What they did, by the minute.
pub(super) type Script = Vec<(u32, Input)>;

/// Whether nobody is woken in this minute: from nine in the evening until eight.
pub(super) fn is_quiet(minute: u32) -> bool {
    let hour = minute / 60 % 24;
    !(8..21).contains(&hour)
}

/// Chance: Knuth's MMIX generator, whose high bits are the random ones.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        let mut chance = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        chance.one_in(2);
        chance
    }

    /// True once in `n` times.
    pub(super) fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    pub(super) fn below(&mut self, n: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let high = u32::try_from(self.0 >> 33).unwrap();
        high % n
    }
}
