//! What a phone keeps on disk, and the writes that change it: every [`Writes`] is one storage transaction.

use serde::{Deserialize, Serialize};

use crate::access::Person;
use crate::hash::Hash;
use crate::ids::{CommandId, DeviceId, DocumentId, UserId};
use crate::problem::ProblemKind;
use crate::sync::message::{Cursor, Envelope};
use crate::sync::packed::Packed;
use crate::sync::wire_bytes;
use crate::time::Timestamp;

/// A document on the phone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredDocument {
    /// Which document.
    pub id: DocumentId,
    /// Its kind, kept as a word: an older app keeps what it does not know.
    pub kind: String,
    /// Its row in a list, with what was done on this phone.
    pub summary: Packed,
    /// What the server confirmed: a snapshot and changes after it. Empty while the server knows nothing of it.
    #[serde(with = "wire_bytes")]
    pub confirmed: Vec<u8>,
    /// The heads of the confirmed part.
    pub heads: Vec<Hash>,
    /// How many changes stand after the snapshot.
    pub appended: u32,
}

/// What became of a command so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CommandState {
    /// Kept on this phone, not yet answered.
    Pending,
    /// Arrived; kept a while for the case that the server is restored from a backup.
    Acknowledged {
        /// When.
        at: Timestamp,
    },
    /// Refused; kept until a person has dealt with it.
    Refused {
        /// Why.
        problem: ProblemKind,
        /// What it is about.
        detail: String,
        /// When.
        at: Timestamp,
    },
}

/// A command on the phone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredCommand {
    /// What is sent.
    pub envelope: Envelope,
    /// Who did it: a phone that changes hands never sends one person's acts as another's.
    pub by: UserId,
    /// Its place in the outbox.
    pub place: u64,
    /// The bytes of its change; nothing when it could not be run again on a newer document.
    pub change: Option<serde_bytes::ByteBuf>,
    /// What became of it.
    pub state: CommandState,
}

/// The rest of what a phone keeps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredMeta {
    /// This device, once somebody signed in.
    pub device: Option<DeviceId>,
    /// Who is signed in, with the roles as last heard.
    pub person: Option<Person>,
    /// What the app calls this person.
    pub name: String,
    /// How far the feed was read.
    pub cursor: Option<Cursor>,
    /// How many days the data may be used without contact.
    pub lease_days: u16,
    /// When the server last answered.
    pub last_contact: Timestamp,
    /// The place of the next command.
    pub next_place: u64,
    /// Whether this device was shut out: until somebody signs in again.
    #[serde(default)]
    pub shut_out: bool,
}

/// All that a store holds, as read at the start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stored {
    /// Every document.
    pub documents: Vec<StoredDocument>,
    /// Every command.
    pub commands: Vec<StoredCommand>,
    /// The rest.
    pub meta: StoredMeta,
}

/// What is to be written, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Writes {
    /// Whether all documents go first.
    pub clear_documents: bool,
    /// Documents to put.
    pub documents: Vec<StoredDocument>,
    /// Documents to drop.
    pub dropped: Vec<DocumentId>,
    /// Commands to put.
    pub commands: Vec<StoredCommand>,
    /// Commands to drop: arrived long ago, dealt with by a person, or never kept.
    pub forgotten: Vec<CommandId>,
    /// The rest, when it changed.
    pub meta: Option<StoredMeta>,
}

impl Stored {
    /// Does to a store in memory what a disk must do: the rule by which every store is judged.
    pub fn apply(&mut self, writes: &Writes) {
        if writes.clear_documents {
            self.documents.clear();
        }
        self.documents.retain(|document| {
            !writes.dropped.contains(&document.id) && writes.documents.iter().all(|new| new.id != document.id)
        });
        self.documents.extend(writes.documents.iter().cloned());
        self.commands.retain(|command| {
            let id = command.envelope.id;
            !writes.forgotten.contains(&id) && writes.commands.iter().all(|new| new.envelope.id != id)
        });
        self.commands.extend(writes.commands.iter().cloned());
        if let Some(meta) = &writes.meta {
            self.meta = meta.clone();
        }
        self.documents.sort_by_key(|document| document.id);
        self.commands.sort_by_key(|command| command.envelope.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::cbor;

    /// What was kept beside documents and commands by the first version of the app.
    #[derive(Serialize)]
    struct FirstMeta {
        device: Option<DeviceId>,
        person: Option<Person>,
        name: String,
        cursor: Option<Cursor>,
        lease_days: u16,
        last_contact: Timestamp,
        next_place: u64,
    }

    #[test]
    fn the_store_of_the_first_version_still_opens() {
        let first = FirstMeta {
            device: Some(DeviceId(uuid::Uuid::from_u128(1))),
            person: None,
            name: "Anna Hoving".to_owned(),
            cursor: None,
            lease_days: 35,
            last_contact: Timestamp(1_795_507_200_000),
            next_place: 7,
        };
        let meta: StoredMeta = cbor::from_slice(&cbor::to_vec(&first)).unwrap();
        assert_eq!((meta.device, meta.name.as_str(), meta.next_place), (first.device, "Anna Hoving", 7));
        assert!(!meta.shut_out);
    }
}
