//! Passkeys: `navigator.credentials`, with its bytes as base64url, as the server writes and reads them.

use js_sys::{Array, ArrayBuffer, Function, JSON, Promise, Reflect, Uint8Array};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::crypto::{Raw, random};

/// A question of the server to a passkey.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Which.
    pub(crate) ceremony: Uuid,
    /// What to ask.
    pub(crate) options: Value,
}

fn part(of: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(of, &name.into())
}

/// Whether this browser has passkeys, and this address is a name: they belong to one.
pub(crate) fn available() -> bool {
    let host = web_sys::window().and_then(|window| window.location().hostname().ok()).unwrap_or_default();
    let is_name = host.bytes().any(|byte| byte.is_ascii_alphabetic()) && !host.contains(':');
    is_name && part(&js_sys::global(), "PublicKeyCredential").is_ok_and(|found| found.is_function())
}

fn from_base64url(text: &str) -> Result<Uint8Array, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let raw = window.atob(&text.replace('-', "+").replace('_', "/"))?;
    // One character a byte.
    let bytes: Vec<u8> = raw.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    Ok(Uint8Array::from(bytes.as_slice()))
}

fn text(bytes: &[u8]) -> Result<String, JsValue> {
    let raw: String = bytes.iter().copied().map(char::from).collect();
    let text = web_sys::window().ok_or(JsValue::NULL)?.btoa(&raw)?;
    Ok(text.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned())
}

fn to_base64url(buffer: &JsValue) -> Result<Value, JsValue> {
    text(&Uint8Array::new(buffer).to_vec()).map(Value::String)
}

/// Puts bytes in the place of the text of a field.
fn unpack(of: &JsValue, name: &str) -> Result<(), JsValue> {
    if let Some(text) = part(of, name)?.as_string() {
        let bytes: JsValue = from_base64url(&text)?.into();
        Reflect::set(of, &name.into(), &bytes)?;
    }
    Ok(())
}

/// What the browser made or found, as it gives it.
async fn credential(act: &str, options: &str) -> Result<JsValue, JsValue> {
    let options = JSON::parse(options)?;
    let public_key = part(&options, "publicKey")?;
    unpack(&public_key, "challenge")?;
    let mut salt = part(&public_key, "extensions")?;
    for name in ["prf", "eval"] {
        if salt.is_object() {
            salt = part(&salt, name)?;
        }
    }
    if salt.is_object() {
        unpack(&salt, "first")?;
    }
    let user = part(&public_key, "user")?;
    if user.is_object() {
        unpack(&user, "id")?;
    }
    for list in ["excludeCredentials", "allowCredentials"] {
        if let Ok(known) = part(&public_key, list)?.dyn_into::<Array>() {
            for one in known {
                unpack(&one, "id")?;
            }
        }
    }
    let navigator = part(&js_sys::global(), "navigator")?;
    let container = part(&navigator, "credentials")?;
    let act: Function = part(&container, act)?.dyn_into()?;
    let made = JsFuture::from(act.call1(&container, &options)?.dyn_into::<Promise>()?).await?;
    if made.is_null() { Err(made) } else { Ok(made) }
}

async fn ask(act: &str, options: &Value) -> Result<Value, JsValue> {
    let made = credential(act, &options.to_string()).await?;
    let response = part(&made, "response")?;
    let mut told = Map::new();
    for name in ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"] {
        let bytes = part(&response, name)?;
        if bytes.is_instance_of::<ArrayBuffer>() {
            told.insert(name.to_owned(), to_base64url(&bytes)?);
        }
    }
    let mut credential = Map::new();
    credential.insert("id".to_owned(), part(&made, "id")?.as_string().into());
    credential.insert("rawId".to_owned(), to_base64url(&part(&made, "rawId")?)?);
    credential.insert("type".to_owned(), part(&made, "type")?.as_string().into());
    credential.insert("response".to_owned(), Value::Object(told));
    // Nothing is asked of extensions that the server would read.
    credential.insert("clientExtensionResults".to_owned(), Value::Object(Map::new()));
    Ok(Value::Object(credential))
}

/// What only this device can tell, of a passkey that belongs to the lock of this device alone: the same for the same salt, and for nobody
/// who does not show a finger, a face or the code of the device (`prf`, `WebAuthn` level 3).
struct Told {
    id: Vec<u8>,
    secret: Option<Raw>,
}

async fn told(act: &str, options: &str) -> Result<Told, JsValue> {
    let made = credential(act, options).await?;
    let results: Function = part(&made, "getClientExtensionResults")?.dyn_into()?;
    let mut found = results.call0(&made)?;
    for name in ["prf", "results", "first"] {
        found = if found.is_object() { part(&found, name)? } else { JsValue::UNDEFINED };
    }
    let secret = found.is_object().then(|| Uint8Array::new(&found).to_vec().try_into().ok()).flatten();
    Ok(Told { id: Uint8Array::new(&part(&made, "rawId")?).to_vec(), secret: secret.map(Raw::new) })
}

/// Makes a passkey for the lock of this device: its id, and what it tells for this salt. Of no server, and in no list of passkeys to
/// sign in with.
pub(crate) async fn make_for_lock(salt: &[u8]) -> Result<(Vec<u8>, Raw), JsValue> {
    let (challenge, user): ([u8; 32], [u8; 16]) = (random()?, random()?);
    let options = format!(
        r#"{{"publicKey":{{"rp":{{"name":"Noaber"}},"user":{{"id":"{}","name":"Noaber","displayName":"Noaber"}},"challenge":"{}","pubKeyCredParams":[{{"type":"public-key","alg":-7}},{{"type":"public-key","alg":-257}}],"authenticatorSelection":{{"authenticatorAttachment":"platform","residentKey":"discouraged","userVerification":"required"}},"extensions":{{"prf":{{"eval":{{"first":"{}"}}}}}}}}}}"#,
        text(&user)?,
        text(&challenge)?,
        text(salt)?,
    );
    let made = told("create", &options).await?;
    match made.secret {
        Some(secret) => Ok((made.id, secret)),
        // Some tell it only when they are asked.
        None => Ok((made.id.clone(), tell_for_lock(&made.id, salt).await?)),
    }
}

/// What the passkey of the lock tells for this salt, when the person shows a finger, a face or the code of the device. Needs no network.
pub(crate) async fn tell_for_lock(id: &[u8], salt: &[u8]) -> Result<Raw, JsValue> {
    let challenge: [u8; 32] = random()?;
    let options = format!(
        r#"{{"publicKey":{{"challenge":"{}","allowCredentials":[{{"type":"public-key","id":"{}"}}],"userVerification":"required","extensions":{{"prf":{{"eval":{{"first":"{}"}}}}}}}}}}"#,
        text(&challenge)?,
        text(id)?,
        text(salt)?,
    );
    told("get", &options).await?.secret.ok_or(JsValue::NULL)
}

/// Makes a passkey.
pub(crate) async fn create(options: &Value) -> Result<Value, JsValue> {
    ask("create", options).await
}

/// Lets the person choose a passkey, and sign with it.
pub(crate) async fn get(options: &Value) -> Result<Value, JsValue> {
    ask("get", options).await
}
