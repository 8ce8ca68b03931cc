//! The outbox as a file: handed in by another device when a phone cannot send any more.

use serde::{Deserialize, Serialize};

use super::{CommandState, Replica};
use crate::ids::{DeviceId, UserId};
use crate::sync::cbor;
use crate::sync::message::Envelope;
use crate::time::Timestamp;

/// The first bytes of every such file.
const MAGIC: &[u8] = b"noaber-outbox-1\n";

/// What is in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutboxFile {
    /// Whose acts these are.
    pub user: UserId,
    /// On which device they were done.
    pub device: Option<DeviceId>,
    /// When the file was made.
    pub exported_at: Timestamp,
    /// The acts that were not answered yet, in their order.
    pub commands: Vec<Envelope>,
}

/// The file is not an outbox, or of a newer app.
#[derive(Debug, thiserror::Error)]
#[error("this file is not an outbox of Noaber")]
pub struct NotAnOutbox;

impl OutboxFile {
    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(cbor::to_vec(self));
        bytes
    }

    /// Reads a file from outside.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAnOutbox> {
        let body = bytes.strip_prefix(MAGIC).ok_or(NotAnOutbox)?;
        cbor::from_slice(body).map_err(|_| NotAnOutbox)
    }
}

impl Replica {
    /// One file per person whose acts wait on this phone.
    #[must_use]
    pub fn export_outbox(&self, now: Timestamp) -> Vec<OutboxFile> {
        let mut files: Vec<OutboxFile> = Vec::new();
        for command in self.commands() {
            if command.state != CommandState::Pending {
                continue;
            }
            match files.iter_mut().find(|file| file.user == command.by) {
                Some(file) => file.commands.push(command.envelope.clone()),
                None => files.push(OutboxFile {
                    user: command.by,
                    device: self.meta().device,
                    exported_at: now,
                    commands: vec![command.envelope.clone()],
                }),
            }
        }
        files
    }
}
