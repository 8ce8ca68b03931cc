//! Documents: small Automerge documents, one per thing that has its own readers. This file lists the kinds,
//! makes their skeletons and is the only place that touches Automerge's reading and writing calls.
//!
//! Laws (`docs/decisions/0002-documents.md`): collections are maps by id; nobody makes a container twice,
//! so every container comes from the skeleton or belongs to one fresh id; hydrate to read, put to write.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use automerge::iter::MapRangeItem;
use automerge::transaction::{CommitOptions, Transactable as _, Transaction};
use automerge::{
    ActorId, Automerge, ChangeHash, LoadOptions, ObjId, ObjType, ROOT, ReadDoc as _, ScalarValue,
    ScalarValueRef, TextEncoding, Value, ValueRef,
};
use uuid::Uuid;

use crate::hash::Hash;
use crate::problem::{ProblemKind, Refusal};
use crate::time::{LocalDate, Timestamp};
use crate::{deliveries, organisation, taalhuis, volunteers};

/// The format of the documents this code writes. Fields are only ever added.
pub const FORMAT: i64 = 1;
/// Positions in text are counted in Unicode code points on every machine, or hashes would differ.
const TEXT: TextEncoding = TextEncoding::UnicodeCodePoint;
/// The actor of every skeleton; the change is the same on every machine.
const SKELETON_ACTOR: [u8; 16] = [0; 16];

/// What a skeleton makes at the root of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// A map by id.
    Map,
    /// A shared free text.
    Text,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $containers:expr;)+) => {
        /// The kinds of documents.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DocumentKind { $($(#[$doc])* $variant),+ }

        impl DocumentKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in storage and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The kind with this word.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            const fn containers(self) -> &'static [(&'static str, Container)] {
                match self { $(Self::$variant => $containers),+ }
            }
        }
    };
}

kinds! {
    /// What everybody of a branch may know.
    Branch = "branch", organisation::document::BRANCH;
    /// Who works for a branch.
    Team = "team", organisation::document::TEAM;
    /// A person served at home.
    Reader = "reader", deliveries::document::READER_SKELETON;
    /// A delivery round.
    Round = "round", deliveries::document::ROUND;
    /// A worry passed on by a volunteer.
    Signal = "signal", deliveries::document::SIGNAL;
    /// What a volunteer offers and wishes: the volunteer's own part.
    Volunteer = "volunteer", volunteers::document::VOLUNTEER_SKELETON;
    /// The file of a volunteer.
    VolunteerFile = "volunteer_file", volunteers::document::FILE_SKELETON;
    /// Somebody who learns: the part that a buddy gets too.
    Learner = "learner", taalhuis::document::LEARNER_SKELETON;
    /// The file of somebody who learns.
    LearnerFile = "learner_file", taalhuis::document::FILE_SKELETON;
    /// A learner and a buddy who meet.
    Pairing = "pairing", taalhuis::document::PAIRING_SKELETON;
    /// A group that learns together.
    Group = "group", taalhuis::document::GROUP_SKELETON;
    /// How the Taalhuis of a branch works.
    Taalhuis = "taalhuis", taalhuis::document::HOUSE_SKELETON;
}

impl serde::Serialize for DocumentKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for DocumentKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom("unknown document kind"))
    }
}

/// The bytes of a document cannot be read, or a change cannot be made on it.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The bytes are no Automerge document.
    #[error("the document cannot be read")]
    Damaged {
        /// What Automerge says.
        #[source]
        source: automerge::AutomergeError,
    },
    /// A container that the skeleton makes is not there.
    #[error("the document has no {path}")]
    NoContainer {
        /// Which container.
        path: String,
    },
    /// Automerge refuses the write.
    #[error("the change cannot be written")]
    Write {
        /// What Automerge says.
        #[source]
        source: automerge::AutomergeError,
    },
}

impl From<DocumentError> for Refusal {
    fn from(error: DocumentError) -> Self {
        Self::new(ProblemKind::DocumentDamaged, error.to_string())
    }
}

/// A change that was made: its hash and its bytes, as they are stored and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its hash.
    pub hash: Hash,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One loaded document.
#[derive(Clone, Debug)]
pub struct Document(Automerge);

impl Document {
    /// The deterministic first state of a document of this kind: byte-equal on every machine.
    pub fn skeleton(kind: DocumentKind) -> Result<Self, DocumentError> {
        let write = |source| DocumentError::Write { source };
        let mut inner = Automerge::new_with_encoding(TEXT).with_actor(ActorId::from(SKELETON_ACTOR));
        let mut tx = inner.transaction();
        tx.put(ROOT, "format", FORMAT).map_err(write)?;
        tx.put(ROOT, "kind", kind.as_str()).map_err(write)?;
        for (name, container) in kind.containers() {
            let object = match container {
                Container::Map => ObjType::Map,
                Container::Text => ObjType::Text,
            };
            tx.put_object(ROOT, *name, object).map_err(write)?;
        }
        tx.commit_with(CommitOptions::default().with_time(0));
        Ok(Self(inner))
    }

    /// Reads a document from its bytes: a snapshot, changes, or a snapshot followed by changes.
    pub fn load(bytes: &[u8]) -> Result<Self, DocumentError> {
        Automerge::load_with_options(bytes, LoadOptions::new().text_encoding(TEXT))
            .map(Self)
            .map_err(|source| DocumentError::Damaged { source })
    }

    /// Adds changes, in bytes as they were sent.
    pub fn extend(&mut self, bytes: &[u8]) -> Result<(), DocumentError> {
        self.0.load_incremental(bytes).map(drop).map_err(|source| DocumentError::Damaged { source })
    }

    /// The whole document, folded.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        self.0.save()
    }

    /// The whole document with all of its history, as bytes in which a word can be looked for.
    #[must_use]
    pub fn save_plain(&self) -> Vec<u8> {
        self.0.save_nocompress()
    }

    /// Every change it holds.
    #[must_use]
    pub fn changes(&self) -> std::collections::BTreeSet<Hash> {
        self.0.get_changes_meta(&[]).into_iter().map(|change| Hash::from(change.hash)).collect()
    }

    /// Its newest changes, sorted.
    #[must_use]
    pub fn heads(&self) -> Vec<Hash> {
        sorted(self.0.get_heads().into_iter().map(Hash::from).collect())
    }

    /// Whether it holds all of these changes.
    #[must_use]
    pub fn holds(&self, heads: &[Hash]) -> bool {
        heads.iter().all(|head| self.0.get_change_meta_by_hash(&ChangeHash::from(*head)).is_some())
    }

    /// The document as it was at these heads.
    pub fn at(&self, heads: &[Hash]) -> Result<Self, DocumentError> {
        let heads: Vec<ChangeHash> = heads.iter().copied().map(ChangeHash::from).collect();
        self.0.fork_at(&heads).map(Self).map_err(|source| DocumentError::Damaged { source })
    }

    /// Its kind, if it is one this code knows.
    #[must_use]
    pub fn kind(&self) -> Option<DocumentKind> {
        DocumentKind::parse(&self.root().string("kind"))
    }

    /// Its root, for reading.
    #[must_use]
    pub const fn root(&self) -> Map<'_> {
        Map::new(&self.0, ROOT)
    }

    /// Opens it for one change by this actor at this time.
    pub fn write(&mut self, actor: Uuid) -> Writer<'_> {
        self.0.set_actor(ActorId::from(actor.into_bytes()));
        Writer { tx: self.0.transaction() }
    }

    /// The number that the next change of this actor gets.
    #[must_use]
    pub fn next_seq(&self, actor: Uuid) -> u64 {
        let actor = ActorId::from(actor.into_bytes());
        self.0
            .get_changes_meta(&[])
            .iter()
            .filter(|meta| *meta.actor == actor)
            .map(|meta| meta.seq)
            .max()
            .unwrap_or(0)
            + 1
    }

    /// The same content in one change of this actor, but for what is to be forgotten: nothing of its history is left. Of two answers
    /// that stood side by side the one that was shown stays.
    pub fn anew(&self, actor: Uuid, at: Timestamp, forgotten: &Forgotten) -> Result<Self, DocumentError> {
        let kind = self.kind().ok_or_else(|| DocumentError::NoContainer { path: "kind".to_owned() })?;
        let mut fresh = Self::skeleton(kind)?;
        let root = self.root();
        change(&mut fresh, actor, at, |writer| writer.copy(&root, &mut Vec::new(), forgotten))?;
        Ok(fresh)
    }

    /// The bytes of the newest change, after [`Writer::commit`].
    fn change(&self, hash: ChangeHash) -> Option<Change> {
        let change = self.0.get_change_by_hash(&hash)?;
        Some(Change { hash: hash.into(), bytes: change.raw_bytes().to_vec() })
    }

    /// Makes a change with nothing in it, for a command that changes nothing.
    fn empty_change(&mut self, at: Timestamp) -> ChangeHash {
        self.0.empty_commit(CommitOptions::default().with_time(at.as_millis()))
    }
}

/// What is left out of a document that is written anew, by its path from the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// What goes, with all that is in it.
    pub gone: BTreeSet<Vec<String>>,
    /// What something else stands for.
    pub instead: BTreeMap<Vec<String>, String>,
}

/// The chunks of changes that were put one behind the other; nothing when the bytes are something else. A chunk is four
/// bytes of magic, four of checksum, one of kind, a length in LEB128, and so many bytes.
fn chunks(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    const BEFORE_LENGTH: usize = 9;
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (mut length, mut shift, mut at) = (0_usize, 0_u32, BEFORE_LENGTH);
        loop {
            let byte = *bytes.get(at)?;
            at += 1;
            length |= usize::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (chunk, rest) = bytes.split_at_checked(at.checked_add(length)?)?;
        found.push(chunk);
        bytes = rest;
    }
    Some(found)
}

/// Whether changes that were put behind a document lead from the heads before to the heads after, with none missing, as
/// far as the changes themselves tell. False when that cannot be seen from them alone: then the document must be read.
pub(crate) fn connects(before: &[Hash], bytes: &[u8], after: &[Hash]) -> bool {
    let Some(chunks) = chunks(bytes) else { return false };
    let mut heads: BTreeSet<Hash> = before.iter().copied().collect();
    let mut known = heads.clone();
    for chunk in chunks {
        let Ok(change) = automerge::Change::try_from(chunk) else { return false };
        let hash = Hash::from(change.hash());
        if !known.insert(hash) {
            continue;
        }
        for dependency in change.deps() {
            let dependency = Hash::from(*dependency);
            if !known.contains(&dependency) {
                return false;
            }
            heads.remove(&dependency);
        }
        heads.insert(hash);
    }
    heads.iter().copied().eq(after.iter().copied().collect::<BTreeSet<_>>())
}

/// Heads in one order everywhere, each once.
#[must_use]
pub fn sorted(mut heads: Vec<Hash>) -> Vec<Hash> {
    heads.sort_unstable();
    heads.dedup();
    heads
}

/// A map in a document, for reading. A field that is not there reads as empty: old documents lack new fields.
#[derive(Clone, Debug)]
pub struct Map<'a> {
    doc: &'a Automerge,
    id: ObjId,
    /// All that is in it, by key: found together when the first is asked, in about the time that it takes to find one.
    fields: OnceCell<Vec<MapRangeItem<'a>>>,
}

impl<'a> Map<'a> {
    const fn new(doc: &'a Automerge, id: ObjId) -> Self {
        Self { doc, id, fields: OnceCell::new() }
    }

    fn all(&self) -> &[MapRangeItem<'a>] {
        self.fields.get_or_init(|| self.doc.map_range(&self.id, ..).collect())
    }

    fn field(&self, key: &str) -> Option<&MapRangeItem<'a>> {
        let fields = self.all();
        let place = fields.binary_search_by(|field| field.key.as_ref().cmp(key)).ok()?;
        fields.get(place)
    }

    fn scalar(&self, key: &str) -> Option<&ScalarValueRef<'a>> {
        match &self.field(key)?.value {
            ValueRef::Scalar(value) => Some(value),
            ValueRef::Object(_) => None,
        }
    }

    /// A short field.
    #[must_use]
    pub fn string(&self, key: &str) -> String {
        match self.scalar(key) {
            Some(ScalarValueRef::Str(text)) => text.to_string(),
            _ => String::new(),
        }
    }

    /// Every value that people set apart from each other on a short field, the winning one first.
    #[must_use]
    pub fn strings(&self, key: &str) -> Vec<String> {
        let winner = self.string(key);
        if !self.field(key).is_some_and(|field| field.conflict) {
            return vec![winner];
        }
        let mut all: Vec<String> = self
            .doc
            .get_all(&self.id, key)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(value, _)| value.as_str().map(str::to_owned))
            .filter(|value| *value != winner)
            .collect();
        all.sort();
        all.dedup();
        all.insert(0, winner);
        all
    }

    /// A shared text.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        match self.field(key) {
            Some(field) if field.value == ValueRef::Object(ObjType::Text) => {
                self.doc.text(field.id()).unwrap_or_default()
            }
            _ => String::new(),
        }
    }

    /// A whole number.
    #[must_use]
    pub fn int(&self, key: &str) -> Option<i64> {
        match self.scalar(key) {
            Some(ScalarValueRef::Int(number)) => Some(*number),
            Some(ScalarValueRef::Uint(number)) => i64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// A small whole number, such as a count of books.
    #[must_use]
    pub fn small(&self, key: &str) -> Option<u16> {
        self.int(key).and_then(|number| u16::try_from(number).ok())
    }

    /// A yes or no; no when it is not there.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.scalar(key), Some(ScalarValueRef::Boolean(true)))
    }

    /// A date.
    #[must_use]
    pub fn date(&self, key: &str) -> Option<LocalDate> {
        self.string(key).parse().ok()
    }

    /// An instant.
    #[must_use]
    pub fn timestamp(&self, key: &str) -> Timestamp {
        Timestamp(self.int(key).unwrap_or_default())
    }

    /// An id.
    #[must_use]
    pub fn id<T: From<Uuid>>(&self, key: &str) -> Option<T> {
        Uuid::parse_str(&self.string(key)).ok().map(T::from)
    }

    fn within(&self, field: &MapRangeItem<'a>) -> Option<Self> {
        (field.value == ValueRef::Object(ObjType::Map)).then(|| Self::new(self.doc, field.id()))
    }

    /// A map within this map.
    #[must_use]
    pub fn map(&self, key: &str) -> Option<Self> {
        self.within(self.field(key)?)
    }

    /// The keys, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.all().iter().map(|field| field.key.to_string()).collect()
    }

    /// The maps in the map under this key, with their ids; what has no id for a key is passed over.
    #[must_use]
    pub fn entries<T: From<Uuid>>(&self, key: &str) -> Vec<(T, Self)> {
        let Some(map) = self.map(key) else { return Vec::new() };
        let entry = |field| Some((id_of(field)?, map.within(field)?));
        map.all().iter().filter_map(entry).collect()
    }

    /// The short fields in the map under this key, with their ids.
    #[must_use]
    pub fn fields<T: From<Uuid>>(&self, key: &str) -> Vec<(T, String)> {
        let Some(map) = self.map(key) else { return Vec::new() };
        let entry = |field| Some((id_of(field)?, map.string(&field.key)));
        map.all().iter().filter_map(entry).collect()
    }
}

/// The id that is the key of a field.
fn id_of<T: From<Uuid>>(field: &MapRangeItem<'_>) -> Option<T> {
    Uuid::parse_str(&field.key).ok().map(T::from)
}

/// One change in the making. Dropped without [`Writer::commit`], nothing happened.
#[derive(Debug)]
pub struct Writer<'a> {
    tx: Transaction<'a>,
}

impl Writer<'_> {
    fn find(&self, path: &[&str]) -> Result<ObjId, DocumentError> {
        let mut id = ROOT;
        for part in path {
            id = match self.tx.get(&id, *part) {
                Ok(Some((Value::Object(_), child))) => child,
                _ => return Err(DocumentError::NoContainer { path: path.join("/") }),
            };
        }
        Ok(id)
    }

    /// Writes a field of the map at this path.
    pub fn put(
        &mut self,
        path: &[&str],
        key: &str,
        value: impl Into<ScalarValue>,
    ) -> Result<(), DocumentError> {
        let id = self.find(path)?;
        self.tx.put(&id, key, value).map_err(|source| DocumentError::Write { source })
    }

    /// Makes an empty map for one fresh id in the map at this path.
    pub fn make_map(&mut self, path: &[&str], key: &str) -> Result<(), DocumentError> {
        let id = self.find(path)?;
        self.tx.put_object(&id, key, ObjType::Map).map(drop).map_err(|source| DocumentError::Write { source })
    }

    /// Takes a field out of the map at this path.
    pub fn delete(&mut self, path: &[&str], key: &str) -> Result<(), DocumentError> {
        let id = self.find(path)?;
        self.tx.delete(&id, key).map_err(|source| DocumentError::Write { source })
    }

    /// Turns the shared text at the root into this text, touching only what differs.
    pub fn write_text(&mut self, key: &str, text: &str) -> Result<(), DocumentError> {
        let id = self.find(&[key])?;
        self.tx.update_text(&id, text).map_err(|source| DocumentError::Write { source })
    }

    /// Copies a map with all that is in it, but for what is to be forgotten.
    fn copy(
        &mut self,
        from: &Map<'_>,
        path: &mut Vec<String>,
        forgotten: &Forgotten,
    ) -> Result<(), DocumentError> {
        for key in from.keys() {
            let at_root = path.is_empty();
            path.push(key.clone());
            let here: Vec<&str> = path.iter().map(String::as_str).collect();
            let within = here.split_last().map_or(&[][..], |(_, within)| within);
            // The skeleton has written these two.
            let done = at_root && ["format", "kind"].contains(&key.as_str()) || forgotten.gone.contains(path);
            let instead = forgotten.instead.get(path).map(String::as_str);
            match from.doc.get(&from.id, key.as_str()) {
                _ if done => {}
                Ok(Some((Value::Scalar(_), _))) if instead.is_some() => {
                    self.put(within, &key, instead.unwrap_or_default())?;
                }
                Ok(Some((Value::Scalar(value), _))) => self.put(within, &key, value.into_owned())?,
                Ok(Some((Value::Object(ObjType::Text), _))) => {
                    self.write_text(&key, instead.unwrap_or(&from.text(&key)))?;
                }
                Ok(Some((Value::Object(ObjType::Map), _))) => {
                    if self.find(&here).is_err() {
                        self.make_map(within, &key)?;
                    }
                    if let Some(map) = from.map(&key) {
                        self.copy(&map, path, forgotten)?;
                    }
                }
                _ => {}
            }
            path.pop();
        }
        Ok(())
    }

    /// Ends the change. A command that writes nothing still makes one (empty) change, so that it has a hash.
    fn commit(self, at: Timestamp) -> Option<ChangeHash> {
        self.tx.commit_with(CommitOptions::default().with_time(at.as_millis())).0
    }
}

/// Makes one change on a document, by this actor at this time.
pub fn change(
    document: &mut Document,
    actor: Uuid,
    at: Timestamp,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), DocumentError>,
) -> Result<Change, DocumentError> {
    let mut writer = document.write(actor);
    write(&mut writer)?;
    let hash = match writer.commit(at) {
        Some(hash) => hash,
        None => document.empty_change(at),
    };
    document.change(hash).ok_or_else(|| DocumentError::NoContainer { path: "change".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skeletons_are_byte_equal_and_of_their_kind() {
        for kind in DocumentKind::ALL {
            let one = Document::skeleton(*kind).unwrap();
            let other = Document::skeleton(*kind).unwrap();
            assert_eq!(one.save(), other.save());
            assert_eq!(one.kind(), Some(*kind));
        }
    }

    #[test]
    fn a_snapshot_followed_by_changes_loads_even_when_a_change_stands_twice() {
        let mut document = Document::skeleton(DocumentKind::Branch).unwrap();
        let mut bytes = document.save();
        let first = change(&mut document, Uuid::from_u128(1), Timestamp(5), |w| w.put(&[], "name", "Gieten"))
            .unwrap();
        let second =
            change(&mut document, Uuid::from_u128(1), Timestamp(6), |w| w.put(&[], "name", "Rolde")).unwrap();
        for part in [&first, &first, &second, &first] {
            bytes.extend_from_slice(&part.bytes);
        }
        let loaded = Document::load(&bytes).unwrap();
        assert_eq!(loaded.heads(), document.heads());
        assert_eq!(loaded.root().string("name"), "Rolde");
        assert_eq!(document.next_seq(Uuid::from_u128(1)), 3);
    }

    #[test]
    fn a_command_that_changes_nothing_still_has_a_change() {
        let mut document = Document::skeleton(DocumentKind::Branch).unwrap();
        let actor = Uuid::from_u128(1);
        let first = change(&mut document, actor, Timestamp(5), |_| Ok(())).unwrap();
        let second = change(&mut document, actor, Timestamp(6), |_| Ok(())).unwrap();
        assert_ne!(first.hash, second.hash);
        assert_eq!(document.heads(), vec![second.hash]);
    }

    #[test]
    fn a_document_that_is_written_anew_has_its_content_and_no_history() {
        let mut document = Document::skeleton(DocumentKind::Round).unwrap();
        let actor = Uuid::from_u128(1);
        let (one, other) = (Uuid::from_u128(5).to_string(), Uuid::from_u128(6).to_string());
        let ids = (one.clone(), other.clone());
        change(&mut document, actor, Timestamp(5), |writer| {
            writer.put(&[], "name", "Zuid")?;
            writer.put(&["assignees"], &ids.0, "Quaddevliet")?;
            for id in [&ids.0, &ids.1] {
                writer.make_map(&["stops"], id)?;
                writer.put(&["stops", id.as_str()], "bring", format!("voor {id}"))?;
            }
            writer.put(&["metres"], &ids.0, 7_000)
        })
        .unwrap();
        let forgotten = Forgotten {
            gone: BTreeSet::from([vec!["stops".to_owned(), other.clone()]]),
            instead: BTreeMap::from([(vec!["assignees".to_owned(), one.clone()], "Oud-collega".to_owned())]),
        };
        let anew = document.anew(Uuid::from_u128(2), Timestamp(9), &forgotten).unwrap();
        let root = anew.root();
        assert_eq!(root.string("name"), "Zuid");
        assert_eq!(root.map("assignees").unwrap().string(&one), "Oud-collega");
        assert_eq!(root.map("stops").unwrap().keys(), std::slice::from_ref(&one));
        assert_eq!(root.map("stops").unwrap().map(&one).unwrap().string("bring"), format!("voor {one}"));
        assert_eq!(root.map("metres").unwrap().int(&one), Some(7_000));
        let bytes = anew.save();
        let told = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!told("Quaddevliet") && !told(&format!("voor {other}")));
        // A phone that still acts on the old one goes on with the new one.
        assert!(!anew.holds(&document.heads()));
        // The same bytes from the same document, on every machine.
        assert_eq!(document.anew(Uuid::from_u128(2), Timestamp(9), &forgotten).unwrap().save(), bytes);
    }

    #[test]
    fn bytes_that_are_no_document_are_an_error() {
        assert!(Document::load(&[1, 2, 3]).is_err());
        let mut bytes = Document::skeleton(DocumentKind::Round).unwrap().save();
        let last = bytes.len() - 1;
        bytes[last] ^= 0x55;
        assert!(Document::load(&bytes).is_err());
    }

    fn add(document: &mut Document, key: &str, actor: u128) -> Change {
        let at = crate::time::Timestamp(1_795_507_200_000);
        change(document, Uuid::from_u128(actor), at, |writer| writer.put(&[], key, "x")).unwrap()
    }

    #[test]
    fn changes_connect_when_none_is_missing() {
        let mut document = Document::skeleton(DocumentKind::Round).unwrap();
        let before = document.heads();
        let first = add(&mut document, "one", 1);
        let second = add(&mut document, "two", 1);
        let after = document.heads();
        let both = [first.bytes.clone(), second.bytes.clone()].concat();
        assert!(connects(&before, &both, &after));
        assert!(
            connects(&before, &[both.clone(), second.bytes.clone()].concat(), &after),
            "doubled is no harm"
        );
        assert!(connects(&after, &[], &after));
        // Missing, before its own base, cut off, or leading elsewhere: not to be seen, so the document is read.
        assert!(!connects(&before, &second.bytes, &after));
        assert!(!connects(&before, &[second.bytes, first.bytes.clone()].concat(), &after));
        assert!(!connects(&before, &both[..both.len() - 1], &after));
        assert!(!connects(&before, &first.bytes, &after));
        assert!(!connects(&before, &[], &after));
    }

    #[test]
    fn changes_made_apart_connect() {
        let mut document = Document::skeleton(DocumentKind::Round).unwrap();
        let before = document.heads();
        let mut other = document.clone();
        let one = add(&mut document, "one", 1);
        let two = add(&mut other, "two", 2);
        document.extend(&two.bytes).unwrap();
        assert!(connects(&before, &[one.bytes, two.bytes].concat(), &document.heads()));
    }

    #[test]
    fn noise_connects_nothing() {
        for length in 0..200_u8 {
            let noise: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37) ^ length).collect();
            assert!(noise.is_empty() || !connects(&[], &noise, &[]));
        }
        assert!(!connects(&[], &[0xff; 64], &[]));
    }
}
