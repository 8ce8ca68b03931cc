//! Passwords: argon2id, in a bounded queue, so that a flood of sign-ins cannot take all memory or starve the exchange.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// Memory in KiB and rounds (OWASP's figures for argon2id): 19 MiB, two rounds.
const MEMORY_KIB: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
/// How many passwords are hashed at once.
const AT_ONCE: usize = 2;

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    queue: Arc<Semaphore>,
    /// Checked when the address is unknown, so that the answer takes as long.
    nobody: Arc<str>,
}

fn argon() -> Result<Argon2<'static>, argon2::Error> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(MEMORY_KIB, ROUNDS, 1, None)?))
}

/// Hashes a password.
pub fn hash(password: &str) -> Result<String, Problem> {
    let argon = argon().map_err(|error| Problem::failure(error.to_string()))?;
    Ok(argon
        .hash_password(password.as_bytes())
        .map_err(|error| Problem::failure(error.to_string()))?
        .to_string())
}

fn verify(password: &str, stored: &str) -> Result<bool, Problem> {
    let failure = |error: password_hash::Error| Problem::failure(error.to_string());
    let parsed = PasswordHash::new(stored).map_err(|error| Problem::failure(error.to_string()))?;
    let argon = argon().map_err(|error| Problem::failure(error.to_string()))?;
    match argon.verify_password(password.as_bytes(), &parsed) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(failure(error)),
    }
}

impl Passwords {
    /// Makes the queue.
    pub fn new() -> Result<Self, Problem> {
        Ok(Self {
            queue: Arc::new(Semaphore::new(AT_ONCE)),
            nobody: hash("nobody has this password")?.into(),
        })
    }

    /// Whether the password belongs to the stored hash; without a stored hash it takes as long and says no.
    pub async fn check(&self, password: String, stored: Option<String>) -> Result<bool, Problem> {
        let _turn = self.queue.acquire().await.map_err(Problem::failure)?;
        let nobody = Arc::clone(&self.nobody);
        let known = stored.is_some();
        let right =
            tokio::task::spawn_blocking(move || verify(&password, stored.as_deref().unwrap_or(&nobody)))
                .await
                .map_err(Problem::failure)??;
        Ok(right && known)
    }
}
