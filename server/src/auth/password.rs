//! Passwords: argon2id, in a bounded queue, so that a flood of sign-ins cannot take all memory or starve the exchange.

use std::sync::{Arc, OnceLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use sync_core::problem::ProblemKind;
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

/// The shortest password (ASVS 5.0, 6.2.1 asks for 8 and recommends 15; security promise 2 says 12).
const SHORTEST: usize = 12;
/// The longest password that is looked at.
pub const LONGEST: usize = 128;
/// How hard a password must be to guess, from 0 to 4, by zxcvbn's estimate with its lists of known passwords.
const SCORE: zxcvbn::Score = zxcvbn::Score::Three;

/// A word of our own has at least so many letters.
const OWN_WORD: usize = 3;
/// So many characters of a password are none of our own words.
const REST: usize = 8;

/// Refuses a password that is short, well-known, or made of the person's own words or ours.
pub fn strong_enough(password: &str, own_words: &[&str]) -> Result<(), Problem> {
    let length = password.chars().count();
    let words: Vec<String> = own_words
        .iter()
        .flat_map(|text| text.split([' ', '@', '.']))
        .chain(["noaber", "bibliotheek", "drenthe"])
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= OWN_WORD)
        .collect();
    // What is left without our own words must be a password too.
    let rest = words.iter().fold(password.to_lowercase(), |rest, word| rest.replace(word, ""));
    let known: Vec<&str> = words.iter().map(String::as_str).collect();
    let strong = (SHORTEST..=LONGEST).contains(&length)
        && rest.chars().count() >= REST
        && zxcvbn::zxcvbn(password, &known).score() >= SCORE;
    if strong { Ok(()) } else { Err(Problem::new(ProblemKind::PasswordTooWeak).about("password")) }
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
        // Made once for all servers of a process.
        static NOBODY: OnceLock<Arc<str>> = OnceLock::new();
        let nobody = if let Some(made) = NOBODY.get() {
            Arc::clone(made)
        } else {
            let made: Arc<str> = hash("nobody has this password")?.into();
            Arc::clone(NOBODY.get_or_init(|| made))
        };
        Ok(Self { queue: Arc::new(Semaphore::new(AT_ONCE)), nobody })
    }

    /// Hashes a password, in its turn.
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        let _turn = self.queue.acquire().await.map_err(Problem::failure)?;
        tokio::task::spawn_blocking(move || hash(&password)).await.map_err(Problem::failure)?
    }

    /// Whether the password belongs to the stored hash; without a stored hash it takes as long and says no.
    pub async fn check(&self, password: String, stored: Option<String>) -> Result<bool, Problem> {
        let _turn = self.queue.acquire().await.map_err(Problem::failure)?;
        let nobody = Arc::clone(&self.nobody);
        // Who has no password signs in with none.
        let stored = stored.filter(|stored| !stored.is_empty());
        let known = stored.is_some();
        let right =
            tokio::task::spawn_blocking(move || verify(&password, stored.as_deref().unwrap_or(&nobody)))
                .await
                .map_err(Problem::failure)??;
        Ok(right && known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_known_and_own_words_are_refused() {
        for weak in ["kort", "elfletters1", "password1234", "noabernoaber", "bibliotheek1", "MiekeNaber12"] {
            assert!(strong_enough(weak, &["Mieke Naber", "mieke@voorbeeld.invalid"]).is_err(), "{weak}");
        }
        assert!(strong_enough("regen klotst op zinken dak", &["Mieke Naber"]).is_ok());
        assert!(strong_enough(&"x7!kQ".repeat(30), &[]).is_err(), "too long");
    }
}
