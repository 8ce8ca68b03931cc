//! The phone's store: what [`sync_core::replica`] keeps, in IndexedDB, each value locked.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{join_all, try_join_all};
use js_sys::Uint8Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::replica::{Stored, StoredMeta, Writes};
use sync_core::sync::cbor;
use sync_core::sync::sealed::{COMMANDS, Locked};
use uuid::Uuid;

use crate::browser::indexed_db::{Database, StoreError};
use crate::vault::{DataKey, Vault};

const DOCUMENTS: &str = "documents";
const META: &str = "meta";
const VAULTS: &str = "vaults";
const STORES: &[&str] = &[DOCUMENTS, COMMANDS, META, VAULTS];
/// 2: locks.
const VERSION: u32 = 2;
const META_KEY: &str = "meta";
const SECRET_KEY: &str = "secret";

/// How values lie on the disk.
#[derive(Clone, Debug)]
enum Door {
    /// As the first version of the app kept them, until its person chooses a PIN.
    Plain,
    /// Under this key.
    Open(DataKey),
    /// Nothing is read or written.
    Shut,
}

/// The store of this browser profile.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    database: Database,
    door: Rc<RefCell<Door>>,
    /// Settles when the write before has its place: writes land in the order in which they were asked for, however long each
    /// takes to encrypt.
    turn: Rc<RefCell<Option<oneshot::Receiver<()>>>>,
    /// The documents as they lie on the disk, read while a person types the PIN.
    read_ahead: Rc<RefCell<Option<Rows>>>,
}

/// A new lock, and what goes with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relock<'a> {
    /// The lock.
    pub(crate) vault: &'a Vault,
    /// Its key.
    pub(crate) key: &'a DataKey,
    /// What the device knows.
    pub(crate) secret: &'a str,
    /// Everything there is.
    pub(crate) everything: &'a Writes,
    /// Locks that are not needed any more: all of theirs is in `everything`.
    pub(crate) instead_of: &'a [Uuid],
}

/// Keys and values as the disk has them.
type Rows = Vec<(String, Vec<u8>)>;
/// A value and its place.
type Placed = (&'static str, String, Vec<u8>);

fn place<T: Serialize>(store: &'static str, key: &impl ToString, value: &T) -> Placed {
    (store, key.to_string(), cbor::to_vec(value))
}

fn placed(writes: &Writes) -> Vec<Placed> {
    let mut values = Vec::new();
    values.extend(writes.documents.iter().map(|document| place(DOCUMENTS, &document.id, document)));
    values.extend(writes.commands.iter().map(|command| place(COMMANDS, &command.envelope.id, command)));
    values.extend(writes.meta.iter().map(|meta| place(META, &META_KEY, meta)));
    values
}

async fn locked(values: Vec<Placed>, key: &DataKey) -> Result<Vec<Placed>, StoreError> {
    // Started together: the browser does many small ones at once.
    try_join_all(values.into_iter().map(async |(store, name, plain)| {
        let bytes = key.lock(store, &name, &plain).await?;
        Ok((store, name, bytes))
    }))
    .await
}

impl Store {
    /// Opens the store of this name. Nothing is read or written before its door is opened.
    pub(crate) async fn open(name: &str) -> Result<Self, StoreError> {
        let database = Database::open(name, VERSION, STORES).await?;
        let door = Rc::new(RefCell::new(Door::Shut));
        Ok(Self { database, door, turn: Rc::default(), read_ahead: Rc::default() })
    }

    /// Reads and writes under this key from now on.
    pub(crate) fn unlock(&self, key: DataKey) {
        self.door.replace(Door::Open(key));
    }

    /// Reads and writes what the first version of the app kept.
    pub(crate) fn unlock_plain(&self) {
        self.door.replace(Door::Plain);
    }

    /// Reads and writes nothing from now on; the key is let go.
    pub(crate) fn shut(&self) {
        self.door.replace(Door::Shut);
    }

    /// The key in use.
    pub(crate) fn key(&self) -> Option<DataKey> {
        match &*self.door.borrow() {
            Door::Open(key) => Some(key.clone()),
            Door::Plain | Door::Shut => None,
        }
    }

    /// Reads what takes longest while a person still types the PIN. Nothing of it can be read yet.
    pub(crate) async fn read_ahead(&self) {
        let all = self.database.all(DOCUMENTS).await;
        // Whoever typed fast is in already.
        if let (Ok(all), Door::Shut) = (all, &*self.door.borrow()) {
            self.read_ahead.replace(Some(all));
        }
    }

    /// What was read ahead is not what the disk has any more.
    pub(crate) fn forget_ahead(&self) {
        self.read_ahead.take();
    }

    /// Every lock on this disk.
    pub(crate) async fn vaults(&self) -> Result<Vec<Vault>, StoreError> {
        let all = self.database.all(VAULTS).await?;
        Ok(all.iter().filter_map(|(_, bytes)| cbor::from_slice(bytes).ok()).collect())
    }

    /// The values of a store that this key opens; without a key those that were never locked. What cannot be read any more
    /// is left where it is, and fetched or asked for anew.
    async fn values<T: DeserializeOwned>(
        &self,
        store: &str,
        key: Option<&DataKey>,
    ) -> Result<Vec<(String, T)>, StoreError> {
        let ahead = if store == DOCUMENTS { self.read_ahead.take() } else { None };
        let all = match ahead {
            Some(all) => all,
            None => self.database.all(store).await?,
        };
        let opened = join_all(all.into_iter().map(async |(name, value)| {
            let bytes = match (key, Locked::read(&value)) {
                (Some(key), Some(_)) => key.open(store, &name, &value).await?,
                (None, None) => value,
                _ => return None,
            };
            Some((name, cbor::from_slice(&bytes).ok()?))
        }))
        .await;
        Ok(opened.into_iter().flatten().collect())
    }

    async fn stored(&self, key: Option<&DataKey>) -> Result<Stored, StoreError> {
        let documents = self.values(DOCUMENTS, key).await?;
        let commands = self.values(COMMANDS, key).await?;
        let meta: Vec<(String, StoredMeta)> = self.values(META, key).await?;
        Ok(Stored {
            documents: documents.into_iter().map(|(_, value)| value).collect(),
            commands: commands.into_iter().map(|(_, value)| value).collect(),
            meta: meta
                .into_iter()
                .find(|(name, _)| name == META_KEY)
                .map(|(_, meta)| meta)
                .unwrap_or_default(),
        })
    }

    /// Reads all of it.
    pub(crate) async fn load(&self) -> Result<Stored, StoreError> {
        let door = self.door.borrow().clone();
        match door {
            Door::Open(key) => self.stored(Some(&key)).await,
            Door::Plain => self.stored(None).await,
            Door::Shut => Ok(Stored::default()),
        }
    }

    /// Reads all that lies under another key.
    pub(crate) async fn load_with(&self, key: &DataKey) -> Result<Stored, StoreError> {
        self.stored(Some(key)).await
    }

    /// What the device knows, once its data is locked.
    pub(crate) async fn secret(&self) -> Option<String> {
        let values: Vec<(String, String)> = self.values(META, self.key().as_ref()).await.ok()?;
        values.into_iter().find(|(name, _)| name == SECRET_KEY).map(|(_, secret)| secret)
    }

    /// The commands under one lock, as they lie on the disk: for a file that only the organisation can open.
    pub(crate) async fn sealed_commands(&self, vault: Uuid) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let all = self.database.all(COMMANDS).await?;
        Ok(all
            .into_iter()
            .filter(|(_, value)| Locked::read(value).is_some_and(|locked| locked.vault == vault))
            .collect())
    }

    /// Writes all of this or nothing; returns when the disk has it.
    pub(crate) async fn write(&self, writes: &Writes) -> Result<(), StoreError> {
        let door = self.door.borrow().clone();
        let (next, before) = self.take_turn();
        let values = match &door {
            Door::Open(key) => locked(placed(writes), key).await?,
            Door::Plain => placed(writes),
            Door::Shut => return Err(StoreError::Refused("locked".to_owned())),
        };
        before.await;
        self.put(writes, &values, &[], &[], next).await
    }

    /// Puts everything under a new lock, all of it or nothing; the door is open with its key when the disk has it.
    pub(crate) async fn relock(&self, relock: Relock<'_>) -> Result<(), StoreError> {
        let Relock { vault, key, secret, everything, instead_of } = relock;
        let (next, before) = self.take_turn();
        let mut values = placed(everything);
        values.push(place(META, &SECRET_KEY, &secret));
        let mut values = locked(values, key).await?;
        values.push(place(VAULTS, &vault.id, vault));
        before.await;
        let writes = Writes { clear_documents: true, ..Writes::default() };
        self.put(&writes, &values, &[], instead_of, next).await?;
        self.unlock(key.clone());
        Ok(())
    }

    /// Writes a lock alone.
    pub(crate) async fn keep_vault(&self, vault: &Vault) -> Result<(), StoreError> {
        let (next, before) = self.take_turn();
        before.await;
        self.put(&Writes::default(), &[place(VAULTS, &vault.id, vault)], &[], &[], next).await
    }

    /// Nobody works here any more: documents and the rest go, the acts stay under their lock, which stays with them.
    pub(crate) async fn leave(&self, vault: &Vault) -> Result<(), StoreError> {
        let (next, before) = self.take_turn();
        before.await;
        let writes = Writes { clear_documents: true, ..Writes::default() };
        self.put(&writes, &[place(VAULTS, &vault.id, vault)], &[META], &[], next).await
    }

    /// Nobody works here any more, and nothing waits: all of it goes, the lock too.
    pub(crate) async fn leave_empty(&self, vault: Uuid) -> Result<(), StoreError> {
        let commands: Vec<String> =
            self.sealed_commands(vault).await?.into_iter().map(|(name, _)| name).collect();
        let (next, before) = self.take_turn();
        before.await;
        let _next = next;
        self.database
            .write(STORES, |store| {
                store(DOCUMENTS)?.clear()?;
                store(META)?.clear()?;
                store(VAULTS)?.delete(&vault.to_string().into())?;
                for name in &commands {
                    store(COMMANDS)?.delete(&name.into())?;
                }
                Ok(())
            })
            .await
    }

    fn take_turn(&self) -> (oneshot::Sender<()>, impl Future<Output = ()> + use<>) {
        let (done, next) = oneshot::channel();
        let before = self.turn.replace(Some(next));
        let wait = async move {
            if let Some(before) = before {
                // Settles when the other write has its place, or gave up.
                let _ = before.await;
            }
        };
        (done, wait)
    }

    async fn put(
        &self,
        writes: &Writes,
        values: &[Placed],
        cleared: &[&str],
        vaults_gone: &[Uuid],
        next: oneshot::Sender<()>,
    ) -> Result<(), StoreError> {
        self.database
            .write(STORES, |store| {
                for name in cleared {
                    store(name)?.clear()?;
                }
                let documents = store(DOCUMENTS)?;
                if writes.clear_documents {
                    documents.clear()?;
                }
                for id in &writes.dropped {
                    documents.delete(&id.to_string().into())?;
                }
                for id in &writes.forgotten {
                    store(COMMANDS)?.delete(&id.to_string().into())?;
                }
                for id in vaults_gone {
                    store(VAULTS)?.delete(&id.to_string().into())?;
                }
                for (name, key, bytes) in values {
                    store(name)?.put_with_key(&Uint8Array::from(bytes.as_slice()), &key.into())?;
                }
                // Transactions run in the order in which they began: the next one may begin.
                drop(next);
                Ok(())
            })
            .await
    }
}
