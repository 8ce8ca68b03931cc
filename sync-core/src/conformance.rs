//! What every store must keep, called by each store's own tests: bytes that are no text, writes that are whole or
//! nothing, the newest value of a key, and all of it after the store is opened again.

use core::future::Future;

use uuid::Uuid;

use crate::access::{Membership, Person, Role};
use crate::hash::Hash;
use crate::ids::{BranchId, CommandId, DeviceId, DocumentId, UserId};
use crate::replica::{CommandState, Stored, StoredCommand, StoredDocument, StoredMeta, Writes};
use crate::sync::message::{Cursor, Envelope};
use crate::sync::packed::Packed;
use crate::time::Timestamp;

/// A store under test.
pub trait Store {
    /// Opens it again, as after the app was closed, and reads all.
    fn reopen(&mut self) -> impl Future<Output = Stored>;
    /// Writes all of this or nothing; false when it was refused.
    fn write(&mut self, writes: &Writes) -> impl Future<Output = bool>;
}

fn document(n: u128, bytes: Vec<u8>) -> StoredDocument {
    StoredDocument {
        id: DocumentId(Uuid::from_u128(n)),
        kind: "round".to_owned(),
        summary: Packed::Cbor(vec![0xff, 0x00, 0xfe]),
        confirmed: bytes,
        heads: vec![Hash([7; 32])],
        appended: 3,
    }
}

fn command(n: u128, place: u64) -> StoredCommand {
    StoredCommand {
        envelope: Envelope {
            id: CommandId(Uuid::from_u128(n)),
            document: DocumentId(Uuid::from_u128(1)),
            kind: "log_delivery".to_owned(),
            base_heads: Some(vec![Hash([9; 32])]),
            after: None,
            actor: Some(Uuid::from_u128(5)),
            seq: Some(2),
            at: Timestamp(1_790_000_000_123),
            expected_hash: None,
            body: Packed::Cbor(vec![0x00, 0xc3, 0x28, 0xff]),
        },
        by: UserId(Uuid::from_u128(8)),
        place,
        change: Some(vec![0xf0, 0x28, 0x8c, 0x28].into()),
        state: CommandState::Pending,
    }
}

fn signed_in() -> StoredMeta {
    let membership = Membership { branch: BranchId(Uuid::from_u128(9)), role: Role::Deliverer };
    StoredMeta {
        device: Some(DeviceId(Uuid::from_u128(7))),
        person: Some(Person { user: UserId(Uuid::from_u128(8)), memberships: vec![membership] }),
        lease_days: 35,
        last_contact: Timestamp(1_790_000_000_000),
        ..StoredMeta::default()
    }
}

/// Runs the suite; the first broken promise in words.
pub async fn check(store: &mut impl Store) -> Result<(), String> {
    let mut expected = Stored::default();
    let steps = [
        Writes {
            documents: vec![document(1, (0..=255).collect()), document(2, vec![])],
            commands: vec![command(20, 0), command(21, 1)],
            meta: Some(StoredMeta { name: "Anna ÿ \u{1f4da}".to_owned(), next_place: 2, ..signed_in() }),
            ..Writes::default()
        },
        Writes {
            documents: vec![document(1, vec![0xff; 70_000])],
            dropped: vec![DocumentId(Uuid::from_u128(2))],
            ..Writes::default()
        },
        Writes {
            commands: vec![StoredCommand {
                state: CommandState::Acknowledged { at: Timestamp(-1) },
                ..command(20, 0)
            }],
            forgotten: vec![CommandId(Uuid::from_u128(21))],
            meta: Some(StoredMeta {
                cursor: Some(Cursor { generation: u64::MAX, feed: 7, caught_up: 3 }),
                ..StoredMeta::default()
            }),
            ..Writes::default()
        },
        Writes { clear_documents: true, documents: vec![document(3, vec![1])], ..Writes::default() },
        Writes::default(),
    ];
    for (index, writes) in steps.iter().enumerate() {
        if !store.write(writes).await {
            return Err(format!("step {index} was refused"));
        }
        expected.apply(writes);
        let mut found = store.reopen().await;
        found.documents.sort_by_key(|document| document.id);
        found.commands.sort_by_key(|command| command.envelope.id);
        if found != expected {
            return Err(format!("after step {index} the store holds something else than was written"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use core::future::Future as _;
    use core::pin::pin;
    use core::task::{Context, Poll, Waker};
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::sync::cbor;

    /// A store in memory that keeps what a disk keeps: bytes under keys.
    #[derive(Default)]
    struct Bytes {
        documents: BTreeMap<DocumentId, Vec<u8>>,
        commands: BTreeMap<CommandId, Vec<u8>>,
        meta: Option<Vec<u8>>,
    }

    fn pack<T: Serialize>(value: &T) -> Vec<u8> {
        cbor::to_vec(value)
    }

    fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> T {
        cbor::from_slice(bytes).unwrap()
    }

    impl Store for Bytes {
        async fn reopen(&mut self) -> Stored {
            Stored {
                documents: self.documents.values().map(|bytes| unpack(bytes)).collect(),
                commands: self.commands.values().map(|bytes| unpack(bytes)).collect(),
                meta: self.meta.as_deref().map(unpack).unwrap_or_default(),
            }
        }

        async fn write(&mut self, writes: &Writes) -> bool {
            if writes.clear_documents {
                self.documents.clear();
            }
            self.documents.retain(|id, _| !writes.dropped.contains(id));
            self.documents.extend(writes.documents.iter().map(|document| (document.id, pack(document))));
            self.commands.retain(|id, _| !writes.forgotten.contains(id));
            self.commands.extend(writes.commands.iter().map(|command| (command.envelope.id, pack(command))));
            if let Some(meta) = &writes.meta {
                self.meta = Some(pack(meta));
            }
            true
        }
    }

    #[test]
    fn bytes_in_memory_keep_the_promises_of_every_store() {
        let mut store = Bytes::default();
        let mut suite = pin!(check(&mut store));
        // Nothing in memory has to be waited for.
        let answer = suite.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(answer, Poll::Ready(Ok(())));
    }
}
