//! IndexedDB with plain `web-sys`: a write is one strict transaction, and a full disk is told apart from other trouble
//! (the ready-made crate loses that; `docs/decisions/0005-plain-indexed-db.md`).

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction};

// web-sys hides the options of a transaction behind a switch that changes other signatures too.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = IdbDatabase, typescript_type = "IDBDatabase", js_name = IDBDatabase)]
    type StrictDatabase;
    #[wasm_bindgen(method, catch, js_name = transaction)]
    fn transaction_with(
        this: &StrictDatabase,
        stores: &JsValue,
        mode: &str,
        options: &JsValue,
    ) -> Result<IdbTransaction, JsValue>;
}

/// Why the store refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// There is no room.
    Full,
    /// Anything else, as the browser says it.
    Refused(String),
}

impl From<JsValue> for StoreError {
    fn from(error: JsValue) -> Self {
        let get = |key: &str| {
            Reflect::get(&error, &key.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
        };
        match get("name").as_str() {
            "QuotaExceededError" => Self::Full,
            name => Self::Refused(format!("{name}: {}", get("message"))),
        }
    }
}

/// Waits for one request.
async fn wait(request: &IdbRequest) -> Result<JsValue, StoreError> {
    let (done, finished) = oneshot::channel::<()>();
    let callback = Closure::once_into_js(move || {
        let _ = done.send(());
    });
    let function: &js_sys::Function = callback.unchecked_ref();
    request.set_onsuccess(Some(function));
    request.set_onerror(Some(function));
    let _ = finished.await;
    request.set_onsuccess(None);
    request.set_onerror(None);
    match request.error() {
        Ok(Some(error)) => Err(JsValue::from(error).into()),
        Ok(None) => Ok(request.result()?),
        Err(error) => Err(error.into()),
    }
}

/// Takes the handlers of a transaction away before their closures go.
struct Unset(IdbTransaction);

impl Drop for Unset {
    fn drop(&mut self) {
        self.0.set_oncomplete(None);
        self.0.set_onabort(None);
    }
}

/// An open database of named stores, each from text keys to bytes.
#[derive(Clone, Debug)]
pub(crate) struct Database(IdbDatabase);

impl Database {
    /// Opens the database, making the stores that are not there.
    pub(crate) async fn open(
        name: &str,
        version: u32,
        stores: &'static [&'static str],
    ) -> Result<Self, StoreError> {
        let none = || StoreError::Refused("this browser keeps nothing".to_owned());
        let factory = web_sys::window().ok_or_else(none)?.indexed_db()?.ok_or_else(none)?;
        let request: IdbOpenDbRequest = factory.open_with_u32(name, version)?;
        let upgrading = request.clone();
        let upgrade = Closure::<dyn FnMut()>::new(move || {
            let Ok(result) = upgrading.result() else { return };
            let database: IdbDatabase = result.unchecked_into();
            let present = database.object_store_names();
            for store in stores {
                if !present.contains(store) {
                    let _ = database.create_object_store(store);
                }
            }
        });
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        let database: IdbDatabase = wait(&request).await?.unchecked_into();
        request.set_onupgradeneeded(None);
        // A newer version of the app in another tab must be able to upgrade.
        let closing = database.clone();
        let on_change = Closure::once_into_js(move || closing.close());
        database.set_onversionchange(Some(on_change.unchecked_ref()));
        Ok(Self(database))
    }

    /// Queues writes in one strict transaction and waits until it is complete: until the disk has it.
    pub(crate) async fn write(
        &self,
        stores: &[&str],
        queue: impl FnOnce(&dyn Fn(&str) -> Result<IdbObjectStore, JsValue>) -> Result<(), JsValue>,
    ) -> Result<(), StoreError> {
        let names: Array = stores.iter().map(|store| JsValue::from_str(store)).collect();
        let options = js_sys::Object::new();
        // The browser's default may say "complete" before the disk has it.
        Reflect::set(&options, &"durability".into(), &"strict".into())?;
        let transaction =
            self.0.unchecked_ref::<StrictDatabase>().transaction_with(&names, "readwrite", &options)?;
        let (done, finished) = oneshot::channel::<bool>();
        let done = Rc::new(RefCell::new(Some(done)));
        let tell = |complete: bool| {
            let done = Rc::clone(&done);
            Closure::<dyn FnMut()>::new(move || {
                if let Some(done) = done.borrow_mut().take() {
                    let _ = done.send(complete);
                }
            })
        };
        let (complete, aborted) = (tell(true), tell(false));
        transaction.set_oncomplete(Some(complete.as_ref().unchecked_ref()));
        transaction.set_onabort(Some(aborted.as_ref().unchecked_ref()));
        let _unset = Unset(transaction.clone());
        if let Err(error) = queue(&|store| transaction.object_store(store)) {
            let _ = transaction.abort();
            return Err(error.into());
        }
        if finished.await.unwrap_or(false) {
            return Ok(());
        }
        match transaction.error() {
            Some(error) => Err(JsValue::from(error).into()),
            None => Err(StoreError::Refused("aborted".to_owned())),
        }
    }

    /// Every key and value of a store.
    pub(crate) async fn all(&self, store: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let store = self.0.transaction_with_str(store)?.object_store(store)?;
        // Both in one transaction: nothing comes between them, and both lists have the order of the keys.
        let (keys, values) = (store.get_all_keys()?, store.get_all()?);
        let (keys, values) = futures_util::future::join(wait(&keys), wait(&values)).await;
        let (keys, values): (Array, Array) = (keys?.unchecked_into(), values?.unchecked_into());
        Ok(keys
            .iter()
            .zip(values.iter())
            .filter_map(|(key, value)| {
                Some((key.as_string()?, value.unchecked_into::<Uint8Array>().to_vec()))
            })
            .collect())
    }
}
