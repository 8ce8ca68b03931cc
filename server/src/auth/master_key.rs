//! The key of the installation: it locks what must not be readable in a copy of the database, and lies in a file beside it (`docs/keys.md`).
//!
//! The file holds one key or several of 32 bytes, the newest first. Everything is locked with the newest; whatever an older one locked still
//! opens, so that the key can be turned while nodes serve. What is derived (codes on paper, links under mails) follows the oldest that is
//! kept: turning takes nothing from anybody's drawer.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use hkdf::Hkdf;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _};
use sha2::Sha256;
use sync_core::sync::sealed;
use tempfile::NamedTempFile;
use uuid::Uuid;

use super::entity::{organisation_key, user};
use super::token;
use super::vault::{KEY, NotOpened, open};
use crate::db::{Db, begin_write};
use crate::problem::Problem;

/// The file in the data folder.
const FILE: &str = "vault-key";

type Ring = Vec<[u8; KEY]>;

/// The key of the installation, with those before it.
#[derive(Clone)]
pub struct MasterKey {
    file: PathBuf,
    /// The newest first; never empty.
    ring: Arc<RwLock<Ring>>,
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey")
    }
}

fn fresh() -> std::io::Result<[u8; KEY]> {
    let mut key = [0_u8; KEY];
    getrandom::fill(&mut key).map_err(std::io::Error::other)?;
    Ok(key)
}

fn read(file: &Path) -> std::io::Result<Ring> {
    let bytes = fs::read(file)?;
    let (keys, rest) = bytes.as_chunks::<KEY>();
    if keys.is_empty() || !rest.is_empty() {
        return Err(std::io::Error::other("the file vault-key does not hold 32 bytes, or some times 32"));
    }
    Ok(keys.to_vec())
}

/// Puts these keys in the place of those that are there, whole or not at all, for this user alone.
fn replace(file: &Path, ring: &[[u8; KEY]]) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    let mut fresh = NamedTempFile::new_in(folder)?;
    fresh.write_all(ring.as_flattened())?;
    fresh.as_file().sync_all()?;
    fresh.persist(file)?;
    Ok(())
}

impl MasterKey {
    /// Reads the key from the folder, or makes one that only this user can read.
    pub fn load(folder: &Path) -> std::io::Result<Self> {
        let file = folder.join(FILE);
        if !file.exists() {
            token::write_secret(&file, &fresh()?)?;
        }
        let ring = read(&file)?;
        Ok(Self { file, ring: Arc::new(RwLock::new(ring)) })
    }

    fn ring(&self) -> Ring {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys as the file holds them now: another program may have turned them. Whether they are others than before.
    fn look_again(&self) -> bool {
        let Ok(now) = read(&self.file) else { return false };
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        let differs = *ring != now;
        *ring = now;
        differs
    }

    /// Locks a secret of somebody or something.
    pub(crate) fn lock(&self, secret: &[u8], bound_to: Uuid) -> Result<Vec<u8>, Problem> {
        self.look_again();
        let mut nonce = [0_u8; sealed::NONCE];
        getrandom::fill(&mut nonce).map_err(|error| Problem::failure(error.to_string()))?;
        let payload = Payload { msg: secret, aad: bound_to.as_bytes() };
        let newest = self.ring().into_iter().next().ok_or_else(|| Problem::failure("no key"))?;
        let locked = Aes256Gcm::new((&newest).into())
            .encrypt((&nonce).into(), payload)
            .map_err(|_| Problem::failure("a secret could not be locked"))?;
        Ok([nonce.as_slice(), &locked].concat())
    }

    /// Opens what was locked for the same.
    pub(crate) fn open(&self, locked: &[u8], bound_to: Uuid) -> Result<Vec<u8>, Problem> {
        self.try_open(locked, bound_to)
            .map_err(|NotOpened| Problem::failure("the key of the installation does not open this"))
    }

    /// What nobody but this installation knows, for one purpose: the same until the oldest key is forgotten.
    pub(crate) fn derive(&self, purpose: &[u8]) -> Result<[u8; KEY], Problem> {
        self.look_again();
        let oldest = self.ring().into_iter().next_back().ok_or_else(|| Problem::failure("no key"))?;
        let mut derived = [0_u8; KEY];
        let made = Hkdf::<Sha256>::new(None, &oldest).expand(purpose, &mut derived);
        made.map_err(|error| Problem::failure(error.to_string()))?;
        Ok(derived)
    }

    pub(super) fn try_open(&self, locked: &[u8], bound_to: Uuid) -> Result<Vec<u8>, NotOpened> {
        let (nonce, bytes) = locked.split_at_checked(sealed::NONCE).ok_or(NotOpened)?;
        let with = |ring: Ring| {
            ring.iter().find_map(|key| open(key, nonce, bytes, bound_to.as_bytes()).ok()).ok_or(NotOpened)
        };
        with(self.ring()).or_else(|none| if self.look_again() { with(self.ring()) } else { Err(none) })
    }
}

/// Why the key was not turned. Everything still opens: a new key goes into the file before anything is locked with it.
#[derive(Debug, thiserror::Error)]
pub enum NotTurned {
    /// The file cannot be read or written.
    #[error("the file vault-key in the data folder cannot be read or written")]
    File(#[from] std::io::Error),
    /// The database cannot be read or written.
    #[error("the database cannot be read or written")]
    Database(#[from] sea_orm::DbErr),
    /// Something is locked with a key that is not there.
    #[error("something in the database is locked with a key that the file vault-key does not hold")]
    Locked,
}

/// What was locked anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turned {
    /// Keys of organisations.
    pub organisations: usize,
    /// Second steps of people.
    pub second_steps: usize,
}

/// Makes a new key of the installation and locks with it what was locked with older ones. `forgets` drops the older ones after that: for a
/// key that somebody may know. Then codes on paper and links under earlier mails open nothing any more.
pub async fn turn(db: &Db, folder: &Path, forgets: bool) -> Result<Turned, NotTurned> {
    let file = folder.join(FILE);
    let mut ring = MasterKey::load(folder)?.ring();
    ring.insert(0, fresh()?);
    replace(&file, &ring)?;
    let master = MasterKey::load(folder)?;
    let anew = |locked: &[u8], bound_to: Uuid| {
        let secret = master.try_open(locked, bound_to).map_err(|NotOpened| NotTurned::Locked)?;
        master.lock(&secret, bound_to).map_err(|_| NotTurned::Locked)
    };
    let tx = begin_write(&db.write).await?;
    let keys = organisation_key::Entity::find().all(&tx).await?;
    for key in &keys {
        organisation_key::Entity::update_many()
            .col_expr(organisation_key::Column::LockedScalar, Expr::value(anew(&key.locked_scalar, key.id)?))
            .filter(organisation_key::Column::OrganisationId.eq(key.organisation_id))
            .filter(organisation_key::Column::Id.eq(key.id))
            .exec(&tx)
            .await?;
    }
    let with = user::Column::Totp.is_not_null().or(user::Column::TotpBegun.is_not_null());
    let accounts = user::Entity::find().filter(with).all(&tx).await?;
    for account in &accounts {
        let relocked = |locked: Option<&Vec<u8>>| locked.map(|locked| anew(locked, account.id)).transpose();
        user::Entity::update_many()
            .col_expr(user::Column::Totp, Expr::value(relocked(account.totp.as_ref())?))
            .col_expr(user::Column::TotpBegun, Expr::value(relocked(account.totp_begun.as_ref())?))
            .filter(user::Column::OrganisationId.eq(account.organisation_id))
            .filter(user::Column::Id.eq(account.id))
            .exec(&tx)
            .await?;
    }
    if forgets {
        user::Entity::update_many()
            .col_expr(user::Column::RecoverySet, Expr::value(None::<Uuid>))
            .filter(user::Column::RecoverySet.is_not_null())
            .exec(&tx)
            .await?;
    }
    tx.commit().await?;
    if forgets {
        ring.truncate(1);
        replace(&file, &ring)?;
    }
    Ok(Turned { organisations: keys.len(), second_steps: accounts.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_key_locked_opens_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        let (of, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        // A node that goes on serving while the key is turned beside it.
        let node = MasterKey::load(folder.path()).unwrap();
        let before = node.lock(b"geheim", of).ok().unwrap();
        let derived = node.derive(b"a purpose").ok().unwrap();
        let mut ring = node.ring();
        ring.insert(0, fresh().unwrap());
        replace(&file, &ring).unwrap();
        let turned = MasterKey::load(folder.path()).unwrap();
        let after = turned.lock(b"geheim", of).ok().unwrap();
        for key in [&node, &turned] {
            assert_eq!(key.try_open(&before, of), Ok(b"geheim".to_vec()));
            assert_eq!(key.try_open(&after, of), Ok(b"geheim".to_vec()));
            assert_eq!(key.try_open(&after, other), Err(NotOpened));
            assert_eq!(key.derive(b"a purpose").ok(), Some(derived));
        }
        replace(&file, &ring[..1]).unwrap();
        let forgotten = MasterKey::load(folder.path()).unwrap();
        assert_eq!(forgotten.try_open(&before, of), Err(NotOpened));
        assert_eq!(forgotten.try_open(&after, of), Ok(b"geheim".to_vec()));
        assert_ne!(forgotten.derive(b"a purpose").ok(), Some(derived));
    }

    #[test]
    fn a_file_that_is_cut_off_is_no_key() {
        let folder = tempfile::tempdir().unwrap();
        for length in [0, 31, 33, 63] {
            fs::write(folder.path().join(FILE), vec![1; length]).unwrap();
            assert!(MasterKey::load(folder.path()).is_err(), "{length}");
        }
        fs::write(folder.path().join(FILE), vec![1; 2 * KEY]).unwrap();
        assert!(MasterKey::load(folder.path()).is_ok());
    }
}
