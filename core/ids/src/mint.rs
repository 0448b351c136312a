//! The source of new ids: a deterministic generator that the shell seeds with real random bits and a test with a number.

/// Makes ids, tokens and shuffles from a seed (SplitMix64). The same seed gives the same ids.
///
/// Secrets (tokens) are as hard to guess as the seed: the shell must seed from the operating system and reseed with
/// [`Mint::feed`].
#[derive(Clone, Debug)]
pub struct Mint {
    state: [u64; 4],
}

impl Mint {
    /// A source with the given seed.
    pub fn new(seed: [u64; 4]) -> Self {
        let mut mint = Self { state: [0; 4] };
        mint.feed(seed);
        mint
    }

    /// A source for tests and simulations.
    pub fn from_number(seed: u64) -> Self {
        Self::new([seed, !seed, seed.rotate_left(32), 0x9e37_79b9_7f4a_7c15])
    }

    /// Mixes fresh random bits in.
    pub fn feed(&mut self, bits: [u64; 4]) {
        for (own, new) in self.state.iter_mut().zip(bits) {
            *own ^= new;
        }
        if self.state == [0; 4] {
            self.state[0] = 1; // the generator stands still at zero
        }
        for _ in 0..8 {
            self.number();
        }
    }

    /// The next 64 bits (xoshiro256**).
    pub fn number(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let t = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= t;
        *d = d.rotate_left(45);
        result
    }

    /// A number below `limit`; 0 when `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 {
            return 0;
        }
        // A 128-bit product: the bias of 2^-64 * limit is of no matter for ids and shuffles.
        ((u128::from(self.number()) * u128::from(limit)) >> 64) as u64
    }

    /// A random UUID, version 4, in lower case with hyphens.
    pub fn uuid(&mut self) -> String {
        let high = self.number() & !0xf000 | 0x4000;
        let low = self.number() & !(0b11 << 62) | 1 << 63;
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }

    /// `digits` lower-case hexadecimal digits.
    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            text.push_str(&format!("{:016x}", self.number()));
        }
        text.truncate(digits);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_ids_other_seed_other_ids() {
        let ids = |seed| Mint::from_number(seed).uuid();
        assert_eq!(ids(1), ids(1));
        assert_ne!(ids(1), ids(2));
    }

    #[test]
    fn uuid_is_version_4() {
        let uuid = Mint::from_number(7).uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&uuid.as_bytes()[19]));
    }

    #[test]
    fn hex_has_the_length_asked_for() {
        for digits in [0, 1, 16, 17, 40] {
            assert_eq!(Mint::from_number(3).hex(digits).len(), digits);
        }
    }

    #[test]
    fn below_stays_below() {
        let mut mint = Mint::from_number(9);
        assert!((0..1000).all(|_| mint.below(7) < 7));
        assert_eq!(mint.below(0), 0);
    }
}
