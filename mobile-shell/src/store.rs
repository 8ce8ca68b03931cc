//! The phone's store: what [`sync_core::replica`] keeps, in IndexedDB.

use js_sys::Uint8Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::replica::{Stored, StoredMeta, Writes};
use sync_core::sync::cbor;
use wasm_bindgen::JsValue;
use web_sys::IdbObjectStore;

use crate::browser::indexed_db::{Database, StoreError};

const DOCUMENTS: &str = "documents";
const COMMANDS: &str = "commands";
const META: &str = "meta";
const STORES: &[&str] = &[DOCUMENTS, COMMANDS, META];
const VERSION: u32 = 1;
const META_KEY: &str = "meta";

/// The store of this browser profile.
#[derive(Clone, Debug)]
pub(crate) struct Store(Database);

fn put<T: Serialize>(store: &IdbObjectStore, key: &str, value: &T) -> Result<(), JsValue> {
    let bytes = Uint8Array::from(cbor::to_vec(value).as_slice());
    store.put_with_key(&bytes, &key.into()).map(drop)
}

fn read<T: DeserializeOwned>(values: &[Vec<u8>]) -> Vec<T> {
    // What cannot be read any more is left where it is, and fetched or asked for anew.
    values.iter().filter_map(|bytes| cbor::from_slice(bytes).ok()).collect()
}

impl Store {
    /// Opens the store of this name.
    pub(crate) async fn open(name: &str) -> Result<Self, StoreError> {
        Database::open(name, VERSION, STORES).await.map(Self)
    }

    /// Reads all of it.
    pub(crate) async fn load(&self) -> Result<Stored, StoreError> {
        let documents = self.0.all(DOCUMENTS).await?;
        let commands = self.0.all(COMMANDS).await?;
        let meta = self.0.all(META).await?;
        Ok(Stored {
            documents: read(&documents),
            commands: read(&commands),
            meta: read::<StoredMeta>(&meta).pop().unwrap_or_default(),
        })
    }

    /// Writes all of this or nothing; returns when the disk has it.
    pub(crate) async fn write(&self, writes: &Writes) -> Result<(), StoreError> {
        self.0
            .write(STORES, |store| {
                let documents = store(DOCUMENTS)?;
                let commands = store(COMMANDS)?;
                if writes.clear_documents {
                    documents.clear()?;
                }
                for id in &writes.dropped {
                    documents.delete(&id.to_string().into())?;
                }
                for document in &writes.documents {
                    put(&documents, &document.id.to_string(), document)?;
                }
                for id in &writes.forgotten {
                    commands.delete(&id.to_string().into())?;
                }
                for command in &writes.commands {
                    put(&commands, &command.envelope.id.to_string(), command)?;
                }
                if let Some(meta) = &writes.meta {
                    put(&store(META)?, META_KEY, meta)?;
                }
                Ok(())
            })
            .await
    }
}

/// Runs the conformance suite of sync-core on a store of this browser; for the browser tests, reachable at `#conformance`.
pub(crate) async fn conformance() -> Result<(), String> {
    struct Tested {
        name: String,
        store: Option<Store>,
    }

    impl sync_core::conformance::Store for Tested {
        async fn reopen(&mut self) -> Stored {
            self.store = Store::open(&self.name).await.ok();
            match &self.store {
                Some(store) => store.load().await.unwrap_or_default(),
                None => Stored::default(),
            }
        }

        async fn write(&mut self, writes: &Writes) -> bool {
            match &self.store {
                Some(store) => store.write(writes).await.is_ok(),
                None => false,
            }
        }
    }

    let name = format!("noaber-conformance-{}", crate::browser::machine::now().as_millis());
    let store = Store::open(&name).await.map_err(|error| format!("{error:?}"))?;
    sync_core::conformance::check(&mut Tested { name, store: Some(store) }).await
}
