//! When to try again after the server could not be reached.

use rand_core::RngCore;

/// The first wait, in milliseconds.
const FIRST_MS: i64 = 2_000;
/// The longest wait, in milliseconds: five minutes.
const LONGEST_MS: i64 = 300_000;

/// Waits that grow, with chance in them so that a village of phones does not knock at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The next wait in milliseconds, after one more failure.
    pub fn fail(&mut self, rng: &mut impl RngCore) -> i64 {
        let doubled = FIRST_MS.saturating_mul(1_i64 << self.failures.min(10)).min(LONGEST_MS);
        self.failures = self.failures.saturating_add(1);
        // Between half and the whole of the wait.
        doubled / 2 + i64::from(rng.next_u32()) % (doubled / 2 + 1)
    }

    /// The server answered.
    pub const fn succeed(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_core::SeedableRng as _;

    use super::*;

    #[test]
    fn waits_grow_to_five_minutes_and_start_over_after_an_answer() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut backoff = Backoff::default();
        for _ in 0..20 {
            assert!((1_000..=LONGEST_MS).contains(&backoff.fail(&mut rng)));
        }
        assert!(backoff.fail(&mut rng) >= LONGEST_MS / 2);
        backoff.succeed();
        assert!(backoff.fail(&mut rng) <= FIRST_MS);
    }
}
