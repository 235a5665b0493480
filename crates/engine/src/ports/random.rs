//! Randomness, passed in so that simulations can be repeated.

use std::fmt::Debug;

use aws_lc_rs::rand;

/// Makes random bytes.
pub trait Random: Debug + Send + Sync {
    /// Fills the buffer with bytes nobody can guess.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        rand::fill(buffer)
            .expect("the operating system always gives randomness once it has booted");
    }
}
