//! Chance enters here (随机), and nowhere else.

use std::sync::Mutex;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};

/// A source of random bytes.
pub trait Chance: Send + Sync + 'static {
    /// Fills the buffer.
    ///
    /// # Errors
    /// A fault when the operating system gives no randomness.
    fn fill(&self, buffer: &mut [u8]) -> anyhow::Result<()>;
}

/// The operating system's cryptographic randomness.
#[derive(Default)]
pub struct SystemChance(SystemRandom);

impl Chance for SystemChance {
    fn fill(&self, buffer: &mut [u8]) -> anyhow::Result<()> {
        self.0.fill(buffer).map_err(|_| anyhow::anyhow!("the operating system gave no randomness"))
    }
}

/// Reproducible bytes (SplitMix64) from a seed; for tests and for the demo town, never for secrets of a real town.
pub struct SeededChance(Mutex<u64>);

impl SeededChance {
    /// A source that always yields the same bytes for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Chance for SeededChance {
    fn fill(&self, buffer: &mut [u8]) -> anyhow::Result<()> {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in buffer.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let bytes = (mixed ^ (mixed >> 31)).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}
