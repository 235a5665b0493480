//! Chance that depends on nothing but its key: the same key always throws the same numbers.

use std::f64::consts::TAU;

use crate::config::Latency;

/// A stream of pseudo-random numbers (`SplitMix64`) grown from a key.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice for one purpose. Every part of the key changes everything.
    pub(crate) fn of(key: &[u64]) -> Self {
        Self(key.iter().fold(0x6a09_e667_f3bc_c908, |hash, part| mix(hash ^ mix(*part))))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Uniform in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let bits = (self.next() >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }

    /// True with this probability; always consumes one number, so that later throws stay put.
    pub(crate) fn share(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// Uniform in `0..bound`; zero when there is nothing to choose from.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or_default()
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// An index drawn by weight; indices beyond the weights weigh as much as the last weight.
    pub(crate) fn weighted(&mut self, count: usize, weights: &[f64]) -> usize {
        let weight = |index: usize| {
            weights.get(index).or_else(|| weights.last()).copied().unwrap_or(1.0).max(0.0)
        };
        let mut left = self.unit() * (0..count).map(weight).sum::<f64>();
        for index in 0..count {
            left -= weight(index);
            if left < 0.0 {
                return index;
            }
        }
        count.saturating_sub(1)
    }

    /// A log-normal latency with the given median and 99th percentile.
    pub(crate) fn latency(&mut self, latency: Latency) -> u64 {
        const Z99: f64 = 2.326_347_874;
        let normal = (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (TAU * self.unit()).cos();
        if latency.p50_ms == 0 {
            return 0;
        }
        #[expect(clippy::cast_precision_loss, reason = "latencies are far below 2^53")]
        let (median, tail) = (latency.p50_ms as f64, latency.p99_ms.max(latency.p50_ms) as f64);
        let drawn = median * ((tail / median).ln() / Z99 * normal).exp();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and clamped to thirty days first"
        )]
        let rounded = drawn.clamp(0.0, 2_592_000_000.0) as u64;
        rounded
    }
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_throws_the_same_numbers_and_another_key_others() {
        let throw = |key: &[u64]| {
            let mut dice = Dice::of(key);
            [dice.next(), dice.next()]
        };
        assert_eq!(throw(&[1, 2, 3]), throw(&[1, 2, 3]));
        assert_ne!(throw(&[1, 2, 3]), throw(&[1, 3, 2]));
        assert_ne!(throw(&[1, 2, 3]), throw(&[2, 2, 3]));
    }

    #[test]
    fn latencies_hit_both_of_their_percentiles() {
        let latency = Latency { p50_ms: 400, p99_ms: 2_000 };
        let mut drawn: Vec<u64> = (0..20_000).map(|n| Dice::of(&[n]).latency(latency)).collect();
        drawn.sort_unstable();
        assert!((370..430).contains(&drawn[10_000]), "median {}", drawn[10_000]);
        assert!((1_700..2_300).contains(&drawn[19_800]), "p99 {}", drawn[19_800]);
    }

    #[test]
    fn weights_shift_the_choice_and_an_empty_choice_is_the_first() {
        let pressed_first =
            (0..10_000).filter(|n| Dice::of(&[*n]).weighted(2, &[0.9, 0.1]) == 0).count();
        assert!((8_800..9_200).contains(&pressed_first), "{pressed_first}");
        assert_eq!(Dice::of(&[1]).weighted(0, &[1.0]), 0);
        assert_eq!(Dice::of(&[1]).pick::<u8>(&[]), None);
    }
}
