//! The lock on a phone's data: one random key, wrapped by the PIN and sealed to the organisation (security promise 5).

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use sync_core::ids::{DeviceId, UserId};
use sync_core::sync::sealed::{self, Locked, SealedKey};
use sync_core::sync::wire_bytes;
use sync_core::time::Timestamp;
use uuid::Uuid;
use wasm_bindgen::JsValue;

use crate::browser::crypto::{self, Cipher, Raw};
use crate::browser::{machine, passkeys};

/// Memory in KiB and rounds of argon2id: what a quick phone does, and the least that is ever used.
const STRONG: (u32, u32) = (32 * 1024, 3);
const LEAST: (u32, u32) = (19 * 1024, 2);
/// A phone that does the least within so many milliseconds is quick. The strong cost is about two and a half times as much.
const QUICK_MS: f64 = 130.0;

/// The data key, wrapped by a PIN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ByPin {
    memory_kib: u32,
    rounds: u32,
    #[serde(with = "wire_bytes")]
    salt: Vec<u8>,
    #[serde(with = "wire_bytes")]
    nonce: Vec<u8>,
    #[serde(with = "wire_bytes")]
    wrapped: Vec<u8>,
}

/// The data key, wrapped by what a passkey of this device tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ByPasskey {
    #[serde(with = "wire_bytes")]
    credential: Vec<u8>,
    #[serde(with = "wire_bytes")]
    salt: Vec<u8>,
    #[serde(with = "wire_bytes")]
    nonce: Vec<u8>,
    #[serde(with = "wire_bytes")]
    wrapped: Vec<u8>,
}

/// Why nobody works behind a lock any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Left {
    /// The person signed out, with so many acts unsent or refused.
    SignedOut(usize),
    /// The library shut the device out, with so many acts unsent or refused.
    ShutOut(usize),
    /// The PIN is forgotten: what waits behind it is not known.
    Forgotten,
}

/// A lock, as it lies on the disk. It names nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vault {
    /// Which.
    pub(crate) id: Uuid,
    /// Whose.
    pub(crate) user: UserId,
    /// On which device.
    pub(crate) device: DeviceId,
    /// What the PIN opens; nothing once it is forgotten.
    pub(crate) pin: Option<ByPin>,
    /// What a finger or face opens beside the PIN, where the person wants that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) passkey: Option<ByPasskey>,
    /// What the organisation opens.
    pub(crate) sealed: SealedKey,
    /// Wrong tries in a row.
    pub(crate) wrong: usize,
    /// When the last one was.
    pub(crate) wrong_at: Timestamp,
    /// Why nobody works behind it any more.
    pub(crate) left: Option<Left>,
    /// The fewest digits of a PIN in this library.
    #[serde(default)]
    pub(crate) pin_digits: usize,
}

/// The key of the organisation to seal to, as the server gives it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SealTo {
    key: Uuid,
    #[serde(with = "wire_bytes")]
    public_point: Vec<u8>,
    /// The fewest digits of a new PIN in this library.
    #[serde(default)]
    pub(crate) pin_digits: usize,
}

/// The key under which all of a phone's data lies, with the name of its lock.
#[derive(Clone, Debug)]
pub(crate) struct DataKey {
    /// Which lock.
    pub(crate) vault: Uuid,
    /// What does it.
    pub(crate) cipher: Cipher,
}

impl DataKey {
    /// From its bytes.
    pub(crate) async fn from_raw(vault: Uuid, raw: &Raw) -> Result<Self, JsValue> {
        Ok(Self { vault, cipher: Cipher::from_raw(raw).await? })
    }

    /// Locks a value for its place.
    pub(crate) async fn lock(&self, store: &str, key: &str, plain: &[u8]) -> Result<Vec<u8>, JsValue> {
        let nonce: [u8; sealed::NONCE] = crypto::random()?;
        let bytes = self.cipher.encrypt(&nonce, &sealed::binding(self.vault, store, key), plain).await?;
        Ok(Locked { vault: self.vault, nonce: &nonce, bytes: &bytes }.to_bytes())
    }

    /// Opens a value of its place; nothing when it lies under another lock or cannot be opened.
    pub(crate) async fn open(&self, store: &str, key: &str, value: &[u8]) -> Option<Vec<u8>> {
        let locked = Locked::read(value).filter(|locked| locked.vault == self.vault)?;
        self.cipher.decrypt(locked.nonce, &sealed::binding(self.vault, store, key), locked.bytes).await.ok()
    }
}

/// Seals a data key so that only the organisation can open it, and only for this device and lock.
async fn seal(raw: &Raw, to: &SealTo, device: DeviceId, vault: Uuid) -> Result<SealedKey, JsValue> {
    let (ephemeral, key) = crypto::agree(&to.public_point, &SealedKey::binding(device, vault)).await?;
    // The nonce may be all zeros: this key encrypts one thing and is then forgotten.
    let bytes = Cipher::from_raw(&key).await?.encrypt(&[0; sealed::NONCE], &[], raw.as_slice()).await?;
    Ok(SealedKey { key: to.key, ephemeral, bytes })
}

fn derive(pin: &str, salt: &[u8], (memory_kib, rounds): (u32, u32)) -> Result<Raw, JsValue> {
    let failed = |error: argon2::Error| JsValue::from_str(&error.to_string());
    let params = Params::new(memory_kib, rounds, 1, None).map_err(failed)?;
    let mut key = Raw::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.as_bytes(), salt, key.as_mut_slice())
        .map_err(failed)?;
    Ok(key)
}

/// The cost that suits this phone.
fn suitable() -> Result<(u32, u32), JsValue> {
    let begun = machine::millis();
    derive("000000", &[0; 16], LEAST)?;
    Ok(if machine::millis() - begun < QUICK_MS { STRONG } else { LEAST })
}

async fn wrap(pin: &str, raw: &Raw, vault: Uuid) -> Result<ByPin, JsValue> {
    let cost = suitable()?;
    let salt: [u8; 16] = crypto::random()?;
    let nonce: [u8; sealed::NONCE] = crypto::random()?;
    let cipher = Cipher::from_raw(&derive(pin, &salt, cost)?).await?;
    let wrapped = cipher.encrypt(&nonce, vault.as_bytes(), raw.as_slice()).await?;
    Ok(ByPin { memory_kib: cost.0, rounds: cost.1, salt: salt.to_vec(), nonce: nonce.to_vec(), wrapped })
}

impl Vault {
    /// A new lock with a fresh data key.
    pub(crate) async fn make(
        id: Uuid,
        pin: &str,
        user: UserId,
        device: DeviceId,
        seal_to: &SealTo,
    ) -> Result<(Self, DataKey), JsValue> {
        let raw = Raw::new(crypto::random()?);
        let sealed = seal(&raw, seal_to, device, id).await?;
        let pin = Some(wrap(pin, &raw, id).await?);
        let key = DataKey::from_raw(id, &raw).await?;
        let vault = Self {
            id,
            user,
            device,
            pin,
            passkey: None,
            sealed,
            wrong: 0,
            wrong_at: Timestamp(0),
            left: None,
            pin_digits: seal_to.pin_digits,
        };
        Ok((vault, key))
    }

    /// The data key, if this is the PIN.
    async fn raw(&self, pin: &str) -> Option<Raw> {
        let by_pin = self.pin.as_ref()?;
        let wrapping = derive(pin, &by_pin.salt, (by_pin.memory_kib, by_pin.rounds)).ok()?;
        let cipher = Cipher::from_raw(&wrapping).await.ok()?;
        let raw = cipher.decrypt(&by_pin.nonce, self.id.as_bytes(), &by_pin.wrapped).await.ok()?;
        Some(Raw::new(raw.try_into().ok()?))
    }

    /// Opens the lock, if this is the PIN.
    pub(crate) async fn open(&self, pin: &str) -> Option<DataKey> {
        DataKey::from_raw(self.id, &self.raw(pin).await?).await.ok()
    }

    /// The same lock, to be opened with a finger or face as well. Nothing when the PIN is wrong, or the device does not do it.
    pub(crate) async fn with_passkey(&self, pin: &str) -> Option<Self> {
        let raw = self.raw(pin).await?;
        let salt: [u8; 32] = crypto::random().ok()?;
        let nonce: [u8; sealed::NONCE] = crypto::random().ok()?;
        let (credential, secret) = passkeys::make_for_lock(&salt).await.ok()?;
        let cipher = Cipher::from_raw(&secret).await.ok()?;
        let wrapped = cipher.encrypt(&nonce, self.id.as_bytes(), raw.as_slice()).await.ok()?;
        let passkey = Some(ByPasskey { credential, salt: salt.to_vec(), nonce: nonce.to_vec(), wrapped });
        Some(Self { passkey, wrong: 0, ..self.clone() })
    }

    /// Opens the lock with a finger or face.
    pub(crate) async fn open_with_passkey(&self) -> Option<DataKey> {
        let own = self.passkey.as_ref()?;
        let secret = passkeys::tell_for_lock(&own.credential, &own.salt).await.ok()?;
        let cipher = Cipher::from_raw(&secret).await.ok()?;
        let raw = cipher.decrypt(&own.nonce, self.id.as_bytes(), &own.wrapped).await.ok()?;
        DataKey::from_raw(self.id, &Raw::new(raw.try_into().ok()?)).await.ok()
    }

    /// The same lock with another PIN: only the wrapping of the key changes. Nothing when the old PIN is wrong.
    pub(crate) async fn with_pin(&self, old: &str, new: &str) -> Option<Self> {
        let raw = self.raw(old).await?;
        let pin = Some(wrap(new, &raw, self.id).await.ok()?);
        Some(Self { pin, wrong: 0, ..self.clone() })
    }
}
