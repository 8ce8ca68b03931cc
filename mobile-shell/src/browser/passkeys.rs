//! Passkeys: `navigator.credentials`, with its bytes as base64url, as the server writes and reads them.

use js_sys::{Array, ArrayBuffer, Function, JSON, Promise, Reflect, Uint8Array};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

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

fn to_base64url(buffer: &JsValue) -> Result<Value, JsValue> {
    let raw: String = Uint8Array::new(buffer).to_vec().into_iter().map(char::from).collect();
    let text = web_sys::window().ok_or(JsValue::NULL)?.btoa(&raw)?;
    Ok(Value::String(text.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned()))
}

/// Puts bytes in the place of the text of a field.
fn unpack(of: &JsValue, name: &str) -> Result<(), JsValue> {
    if let Some(text) = part(of, name)?.as_string() {
        let bytes: JsValue = from_base64url(&text)?.into();
        Reflect::set(of, &name.into(), &bytes)?;
    }
    Ok(())
}

async fn ask(act: &str, options: &Value) -> Result<Value, JsValue> {
    let options = JSON::parse(&options.to_string())?;
    let public_key = part(&options, "publicKey")?;
    unpack(&public_key, "challenge")?;
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
    if made.is_null() {
        return Err(made);
    }
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

/// Makes a passkey.
pub(crate) async fn create(options: &Value) -> Result<Value, JsValue> {
    ask("create", options).await
}

/// Lets the person choose a passkey, and sign with it.
pub(crate) async fn get(options: &Value) -> Result<Value, JsValue> {
    ask("get", options).await
}
