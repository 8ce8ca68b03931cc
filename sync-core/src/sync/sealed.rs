//! Data that lies locked on a phone: how a value is framed, to what it is bound, and its key in the form that only the
//! organisation can open. Shapes only; who encrypts is the shell, who opens is the server.
//!
//! A value is AES-256-GCM under the phone's data key. The data key is sealed to the organisation by ECDH on P-256 with a
//! key made for this once, HKDF-SHA-256 with [`SealedKey::binding`], and AES-256-GCM with a nonce of zeros (each such key
//! seals one thing). These are what every browser and every server language has.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{cbor, wire_bytes};
use crate::ids::DeviceId;
use crate::replica::outbox_file::NotAnOutbox;

/// The first byte of a locked value. No value of the first version begins so: those are maps.
const LOCKED: u8 = 1;
/// The bytes of a nonce.
pub const NONCE: usize = 12;
/// The bytes before the encrypted part: the mark, which lock, the nonce.
const HEAD: usize = 1 + 16 + NONCE;
/// The first bytes of a locked outbox.
const MAGIC: &[u8] = b"noaber-outbox-2\n";
/// The name of the store of commands.
pub const COMMANDS: &str = "commands";

/// A locked value, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked<'a> {
    /// Under which lock.
    pub vault: Uuid,
    /// Made for this value.
    pub nonce: &'a [u8],
    /// The encrypted value with its tag.
    pub bytes: &'a [u8],
}

impl<'a> Locked<'a> {
    /// Takes a stored value apart; nothing when it is not locked.
    #[must_use]
    pub fn read(value: &'a [u8]) -> Option<Self> {
        let (head, bytes) = value.split_at_checked(HEAD)?;
        let (vault, nonce) = head.strip_prefix(&[LOCKED])?.split_at_checked(16)?;
        Some(Self { vault: Uuid::from_slice(vault).ok()?, nonce, bytes })
    }

    /// As it is stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&[LOCKED], self.vault.as_bytes().as_slice(), self.nonce, self.bytes].concat()
    }
}

/// What a value is bound to: moved to another place it cannot be opened.
#[must_use]
pub fn binding(vault: Uuid, store: &str, key: &str) -> Vec<u8> {
    format!("noaber value 1\n{vault}\n{store}\n{key}").into_bytes()
}

/// The data key of a phone, sealed to its organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedKey {
    /// To which key of the organisation.
    pub key: Uuid,
    /// The public half that was made for this, as an uncompressed point.
    #[serde(with = "wire_bytes")]
    pub ephemeral: Vec<u8>,
    /// The sealed key with its tag.
    #[serde(with = "wire_bytes")]
    pub bytes: Vec<u8>,
}

impl SealedKey {
    /// What a sealed key is bound to: for another device or lock it opens nothing.
    #[must_use]
    pub fn binding(device: DeviceId, vault: Uuid) -> Vec<u8> {
        format!("noaber key 1\n{device}\n{vault}").into_bytes()
    }
}

/// The outbox of a phone that nobody can open there any more, as a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SealedOutbox {
    /// On which device it was done.
    pub device: DeviceId,
    /// Under which lock.
    pub vault: Uuid,
    /// The key, for the organisation.
    pub sealed: SealedKey,
    /// The store of commands as it lies on the disk, by key: arrived ones too, which nobody can tell apart here.
    pub values: Vec<(String, serde_bytes::ByteBuf)>,
}

impl SealedOutbox {
    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(cbor::to_vec(self));
        bytes
    }

    /// Reads a file from outside; nothing when it is not a locked outbox.
    pub fn from_bytes(bytes: &[u8]) -> Result<Option<Self>, NotAnOutbox> {
        bytes.strip_prefix(MAGIC).map(|body| cbor::from_slice(body).map_err(|_| NotAnOutbox)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_taken_apart_as_it_was_put_together() {
        let locked = Locked { vault: Uuid::from_u128(7), nonce: &[3; NONCE], bytes: b"what nobody reads" };
        let bytes = locked.to_bytes();
        assert_eq!(Locked::read(&bytes), Some(locked));
    }

    #[test]
    fn what_the_first_version_kept_is_not_taken_for_locked() {
        let plain = cbor::to_vec(&crate::replica::StoredMeta::default());
        assert_eq!(Locked::read(&plain), None);
        assert_eq!(Locked::read(&[LOCKED; HEAD - 1]), None);
        assert_eq!(Locked::read(&[]), None);
    }
}
