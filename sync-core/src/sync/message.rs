//! The shapes of `POST /api/sync`: one request carries everything in both directions.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::packed::Packed;
use super::wire_bytes;
use crate::hash::Hash;
use crate::ids::{CommandId, DeviceId, DocumentId, RoundId};
use crate::problem::ProblemKind;
use crate::time::Timestamp;

/// The protocol this code speaks.
pub const PROTOCOL: u32 = 1;
/// The largest request and answer, in bytes, unpacked.
pub const BODY_MAX: usize = 1024 * 1024;
/// The most commands in one request.
pub const COMMANDS_MAX: usize = 500;
/// The largest body of one command, in bytes.
pub const COMMAND_BODY_MAX: usize = 16 * 1024;
/// The most documents in one answer.
pub const DOCUMENTS_MAX: u32 = 500;
/// The largest document, in bytes as stored.
pub const DOCUMENT_MAX: usize = 256 * 1024;
/// The most entries in one document.
pub const ENTRIES_MAX: usize = 5_000;
/// The most heads a command may be based on.
pub const HEADS_MAX: usize = 64;

/// How far a device has read the organisation's feed, and in which life of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    /// Changes when a backup is restored: numbers of another life mean nothing.
    pub generation: u64,
    /// The newest feed number the device has.
    pub feed: u64,
    /// The newest number at which nothing was left to fetch. Behind `feed` in the middle of a first sync: a document that
    /// was granted in between may not have been told yet.
    pub caught_up: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.generation, self.feed)?;
        if self.caught_up == self.feed { Ok(()) } else { write!(f, "-{}", self.caught_up) }
    }
}

impl FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('-');
        let generation = parts.next().unwrap_or_default();
        let feed = parts.next().ok_or("a cursor has a dash")?.parse().map_err(|_| "not a feed number")?;
        let caught_up = match parts.next() {
            Some(number) => number.parse().map_err(|_| "not a feed number")?,
            None => feed,
        };
        if parts.next().is_some() {
            return Err("a cursor has two or three parts");
        }
        let generation = u64::from_str_radix(generation, 16).map_err(|_| "not a generation")?;
        Ok(Self { generation, feed, caught_up })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One command with all the server needs to make the same change. What a program that keeps no documents
/// leaves out, it leaves out together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The idempotency key.
    pub id: CommandId,
    /// The document it is about; made by this command if it is the first.
    pub document: DocumentId,
    /// Which command.
    pub kind: String,
    /// The heads of the document on the device when the command ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_heads: Option<Vec<Hash>>,
    /// The previous command of this device on this document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<CommandId>,
    /// The actor of the change: fresh for every start of the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Uuid>,
    /// The number of the change within its actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// When the person acted, by the clock of the device.
    pub at: Timestamp,
    /// The hash of the change on the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_hash: Option<Hash>,
    /// What to do.
    pub body: Packed,
}

impl Envelope {
    /// Whether it would erase somebody: asked of its kind alone, before anything else of it is read.
    #[must_use]
    pub fn erases(&self) -> bool {
        self.kind.starts_with("erase_")
    }
}

/// What a device sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncRequest {
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// Which device.
    pub device_id: DeviceId,
    /// How far it is; nothing at the first sync.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// What was done on it since, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<Envelope>,
    /// Documents it holds damaged and wants whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refetch: Vec<DocumentId>,
    /// The most documents it wants in the answer; 0 when it only sends.
    #[serde(default = "want_default")]
    pub want: u32,
}

const fn want_default() -> u32 {
    DOCUMENTS_MAX
}

/// What became of one command.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The server made the same change.
    Accepted {
        /// Its hash.
        hash: Hash,
    },
    /// Accepted, but the server's change differs; it is among the documents.
    Replaced {
        /// The hash of the server's change.
        hash: Hash,
    },
    /// Not accepted; the device keeps the act in a visible list.
    Refused {
        /// Why: `/problems/<slug>`.
        problem: ProblemKind,
        /// The problem in words, in the library's first language.
        title: String,
        /// What it is about; never personal data.
        detail: String,
    },
}

/// The answer to one command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "WireResult", try_from = "WireResult")]
pub struct CommandResult {
    /// Which command.
    pub id: CommandId,
    /// What became of it.
    pub verdict: Verdict,
}

/// How a result lies on the wire: the id and one of three.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct WireResult {
    id: CommandId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<WireHash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaced: Option<WireHash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<WireRefusal>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct WireHash {
    hash: Hash,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct WireRefusal {
    problem: ProblemKind,
    title: String,
    detail: String,
}

impl From<CommandResult> for WireResult {
    fn from(result: CommandResult) -> Self {
        let mut wire = Self { id: result.id, accepted: None, replaced: None, refused: None };
        match result.verdict {
            Verdict::Accepted { hash } => wire.accepted = Some(WireHash { hash }),
            Verdict::Replaced { hash } => wire.replaced = Some(WireHash { hash }),
            Verdict::Refused { problem, title, detail } => {
                wire.refused = Some(WireRefusal { problem, title, detail });
            }
        }
        wire
    }
}

impl TryFrom<WireResult> for CommandResult {
    type Error = &'static str;

    fn try_from(wire: WireResult) -> Result<Self, Self::Error> {
        let verdict = match (wire.accepted, wire.replaced, wire.refused) {
            (Some(WireHash { hash }), None, None) => Verdict::Accepted { hash },
            (None, Some(WireHash { hash }), None) => Verdict::Replaced { hash },
            (None, None, Some(WireRefusal { problem, title, detail })) => {
                Verdict::Refused { problem, title, detail }
            }
            _ => return Err("a result is one of accepted, replaced and refused"),
        };
        Ok(Self { id: wire.id, verdict })
    }
}

/// A document, or what is new of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentNews {
    /// Which document.
    pub id: DocumentId,
    /// Its kind; a word, so that an older app can keep what it does not know yet.
    pub kind: String,
    /// Its row in a list.
    pub summary: Packed,
    /// Whether `bytes` are the whole document, or only what the device lacks.
    pub whole: bool,
    /// The bytes.
    #[serde(with = "wire_bytes")]
    pub bytes: Vec<u8>,
    /// The heads it has with these bytes.
    pub heads: Vec<Hash>,
    /// Its content as plain data: only for programs that ask for JSON.
    #[cfg(feature = "json")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<serde_json::Value>,
}

/// Something the person should know beside the documents. A kind the app does not know is passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `update_needed`, `round_ready` or `round_not_fetched`.
    pub kind: String,
    /// The document it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
}

const UPDATE_NEEDED: &str = "update_needed";
const ROUND_READY: &str = "round_ready";
const ROUND_NOT_FETCHED: &str = "round_not_fetched";

impl Notice {
    /// The app is too old to get data: only what was done with it is taken.
    #[must_use]
    pub fn update_needed() -> Self {
        Self { kind: UPDATE_NEEDED.to_owned(), document: None }
    }

    /// For the rider: with this answer the round and all its addresses are on this device. An app that keeps documents sees that by
    /// itself, also without a network; this is for programs that do not.
    #[must_use]
    pub fn round_ready(round: RoundId) -> Self {
        Self { kind: ROUND_READY.to_owned(), document: Some(round.into()) }
    }

    /// For the coordinator: somebody rides this round soon, and has no device with all of it. Each answer tells them all.
    #[must_use]
    pub fn round_not_fetched(round: RoundId) -> Self {
        Self { kind: ROUND_NOT_FETCHED.to_owned(), document: Some(round.into()) }
    }

    /// The round, when this is [`Notice::round_not_fetched`].
    #[must_use]
    pub fn not_fetched(&self) -> Option<RoundId> {
        self.document.filter(|_| self.kind == ROUND_NOT_FETCHED).map(RoundId::from)
    }

    /// Whether it is [`Notice::update_needed`].
    #[must_use]
    pub fn is_update_needed(&self) -> bool {
        self.kind == UPDATE_NEEDED
    }
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyncResponse {
    /// How far the device is after this.
    pub cursor: Cursor,
    /// Whether there is more: ask again.
    pub more: bool,
    /// Whether the device must forget what it fetched and keep only its outbox: its cursor belongs to another
    /// life of the database, or is older than what is kept.
    #[serde(default, skip_serializing_if = "is_false")]
    pub resync: bool,
    /// The answers to the commands, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<CommandResult>,
    /// What is new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentNews>,
    /// What the device may no longer hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<DocumentId>,
    /// How many days the device may keep its data without contact.
    pub lease_days: u16,
    /// Other news.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this shape")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
