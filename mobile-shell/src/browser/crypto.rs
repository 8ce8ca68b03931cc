//! What the browser encrypts with: AES-256-GCM for values, ECDH on P-256 for sealing a key to the organisation. Keys in use
//! are handles that no script can read out.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, CryptoKey, CryptoKeyPair, SubtleCrypto};
use zeroize::Zeroizing;

/// The bytes of a key.
pub(crate) type Raw = Zeroizing<[u8; 32]>;

thread_local! {
    /// Asked of the browser once: a start opens two thousand values.
    static SUBTLE: Option<SubtleCrypto> = web_sys::window().and_then(|window| Some(window.crypto().ok()?.subtle()));
    /// What every use of AES-GCM has in common; each use adds its own to an object that inherits from it.
    static GCM: AesGcmParams = AesGcmParams::new("AES-GCM", &Object::new());
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    SUBTLE.with(Clone::clone).ok_or(JsValue::NULL)
}

fn algorithm(name: &str, parts: &[(&str, JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    Reflect::set(&object, &"name".into(), &name.into())?;
    for (key, value) in parts {
        Reflect::set(&object, &(*key).into(), value)?;
    }
    Ok(object)
}

fn uses(names: &[&str]) -> JsValue {
    names.iter().map(|name| JsValue::from_str(name)).collect::<Array>().into()
}

fn gcm(nonce: &[u8], bound_to: &[u8]) -> Object {
    let own: AesGcmParams = GCM.with(|common| Object::create(common)).unchecked_into();
    own.set_iv(&Uint8Array::from(nonce));
    own.set_additional_data(&Uint8Array::from(bound_to));
    own.into()
}

fn bytes_of(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}

/// Random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], JsValue> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|_| JsValue::from_str("no random numbers"))?;
    Ok(bytes)
}

/// A key for AES-GCM.
#[derive(Clone, Debug)]
pub(crate) struct Cipher(CryptoKey);

impl Cipher {
    /// From a handle that another page of this app kept.
    pub(crate) const fn from_handle(handle: CryptoKey) -> Self {
        Self(handle)
    }

    /// The handle, for another page of this app.
    pub(crate) const fn handle(&self) -> &CryptoKey {
        &self.0
    }

    /// From its bytes.
    pub(crate) async fn from_raw(raw: &Raw) -> Result<Self, JsValue> {
        let imported = subtle()?.import_key_with_object(
            "raw",
            &Uint8Array::from(raw.as_slice()),
            &algorithm("AES-GCM", &[])?,
            false,
            &uses(&["encrypt", "decrypt"]),
        )?;
        Ok(Self(JsFuture::from(imported).await?.unchecked_into()))
    }

    /// Encrypts under a nonce that is used once.
    pub(crate) async fn encrypt(
        &self,
        nonce: &[u8],
        bound_to: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, JsValue> {
        let work = subtle()?.encrypt_with_object_and_js_u8_array(
            &gcm(nonce, bound_to),
            &self.0,
            &Uint8Array::from(plain),
        )?;
        Ok(bytes_of(&JsFuture::from(work).await?))
    }

    /// Decrypts; an error when the key, the place or a byte is another.
    pub(crate) async fn decrypt(
        &self,
        nonce: &[u8],
        bound_to: &[u8],
        bytes: &[u8],
    ) -> Result<Vec<u8>, JsValue> {
        let work = subtle()?.decrypt_with_object_and_js_u8_array(
            &gcm(nonce, bound_to),
            &self.0,
            &Uint8Array::from(bytes),
        )?;
        Ok(bytes_of(&JsFuture::from(work).await?))
    }
}

/// Agrees on a key with the holder of the secret half of a point on P-256: the public half that was made for this, and the
/// key that HKDF-SHA-256 makes of what was agreed, for this purpose alone.
pub(crate) async fn agree(public_point: &[u8], purpose: &[u8]) -> Result<(Vec<u8>, Raw), JsValue> {
    let subtle = subtle()?;
    let curve = algorithm("ECDH", &[("namedCurve", "P-256".into())])?;
    let theirs: CryptoKey = JsFuture::from(subtle.import_key_with_object(
        "raw",
        &Uint8Array::from(public_point),
        &curve,
        false,
        &uses(&[]),
    )?)
    .await?
    .unchecked_into();
    let once: CryptoKeyPair =
        JsFuture::from(subtle.generate_key_with_object(&curve, false, &uses(&["deriveBits"]))?)
            .await?
            .unchecked_into();
    let ephemeral = bytes_of(&JsFuture::from(subtle.export_key("raw", &once.get_public_key())?).await?);
    let agreeing = algorithm("ECDH", &[("public", theirs.into())])?;
    let shared =
        JsFuture::from(subtle.derive_bits_with_object(&agreeing, &once.get_private_key(), 256)?).await?;
    let shared: CryptoKey = JsFuture::from(subtle.import_key_with_object(
        "raw",
        &Uint8Array::new(&shared),
        &algorithm("HKDF", &[])?,
        false,
        &uses(&["deriveBits"]),
    )?)
    .await?
    .unchecked_into();
    let deriving = algorithm(
        "HKDF",
        &[
            ("hash", "SHA-256".into()),
            ("salt", Uint8Array::from(ephemeral.as_slice()).into()),
            ("info", Uint8Array::from(purpose).into()),
        ],
    )?;
    let derived = JsFuture::from(subtle.derive_bits_with_object(&deriving, &shared, 256)?).await?;
    let derived = Zeroizing::new(bytes_of(&derived));
    let key = Raw::new(derived.as_slice().try_into().map_err(|_| JsValue::from_str("no key"))?);
    Ok((ephemeral, key))
}
