//! Several tabs of one browser: one leads and writes, the others pass their acts to it and read what it wrote.

use serde::{Deserialize, Serialize};
use sync_core::ids::{CommandId, DocumentId};
use sync_core::sync::cbor;
use sync_core::sync::packed::Packed;

/// What tabs say to each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Said {
    /// The leader wrote something: read again.
    Changed,
    /// A tab passes an act to the leader.
    Act {
        /// A fresh id.
        id: CommandId,
        /// On which document.
        document: DocumentId,
        /// Which command.
        kind: String,
        /// What.
        body: Packed,
    },
    /// What became of an act that was passed on: nothing when it is kept, else the slug of a problem and its detail.
    Acted {
        /// Which act.
        id: CommandId,
        /// The problem.
        problem: Option<(String, String)>,
    },
    /// A tab asks the leader to exchange.
    Sync,
    /// A person dealt with a refused act in another tab.
    Forget(CommandId),
    /// Somebody signed in or out in another tab.
    Session,
}

impl Said {
    /// As bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        cbor::to_vec(self)
    }

    /// From bytes; nothing from a tab that runs another version.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        cbor::from_slice(bytes).ok()
    }
}
