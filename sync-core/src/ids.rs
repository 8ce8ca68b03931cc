//! Identifiers. A device makes its own (UUIDv7 of the given time and chance); where two devices may make
//! "the same" thing apart, the id is a UUIDv5 of its parts, so that both make the same one.

use core::fmt;
use core::str::FromStr;

use rand_core::RngCore;
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use crate::time::Timestamp;

/// The namespace of every UUIDv5 of ours. Never change it: ids on phones depend on it.
const NAMESPACE: Uuid = Uuid::from_u128(0x6e6f_6162_6572_5f69_8473_5f6e_616d_6573);

/// A fresh UUIDv7 from time and chance that are both given.
pub fn fresh(now: Timestamp, rng: &mut impl RngCore) -> Uuid {
    let mut chance = [0_u8; 10];
    rng.fill_bytes(&mut chance);
    let millis = u64::try_from(now.as_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &chance).into_uuid()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id from the given time and chance.
            pub fn fresh(now: Timestamp, rng: &mut impl RngCore) -> Self {
                Self(fresh(now, rng))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// A library organisation: nothing ever crosses between two of them.
    OrganisationId
);
id!(
    /// A branch of the library, or later a network such as a Taalhuis.
    #[derive(Default)]
    #[doc(alias = "vestiging")]
    BranchId
);
id!(
    /// A person with an account.
    UserId
);
id!(
    /// One installed app: a phone, a tablet or a browser profile.
    DeviceId
);
id!(
    /// Any document that is synced.
    DocumentId
);
id!(
    /// One act of one person. Also the idempotency key: sent ten times, it has one effect.
    CommandId
);
id!(
    /// An address on a round.
    StopId
);
id!(
    /// One fact about a stop.
    LogId
);
id!(
    /// One entry in a document: a contact, a level, a meeting, …
    EntryId
);

macro_rules! document_id {
    ($(#[$doc:meta])* $name:ident) => {
        id!($(#[$doc])* $name);

        impl From<$name> for DocumentId {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }

        impl From<DocumentId> for $name {
            fn from(id: DocumentId) -> Self {
                Self(id.0)
            }
        }
    };
}

document_id!(
    /// A person served at home; also the id of that person's document.
    #[doc(alias = "lezer")]
    ReaderId
);
document_id!(
    /// A delivery round; also the id of its document.
    #[doc(alias = "ronde")]
    RoundId
);
document_id!(
    /// A worry a volunteer passed on; also the id of its document.
    #[doc(alias = "signaal")]
    SignalId
);

document_id!(
    /// Somebody who wants to learn; also the id of that person's document.
    #[derive(Default)]
    #[doc(alias = "deelnemer")]
    LearnerId
);
document_id!(
    /// Somebody who works here without pay; also the id of that person's document.
    #[derive(Default)]
    #[doc(alias = "vrijwilliger")]
    VolunteerId
);

document_id!(
    /// A learner and a buddy who meet; also the id of their document.
    #[doc(alias = "koppeling")]
    PairingId
);
document_id!(
    /// A group that learns together; also the id of its document.
    #[doc(alias = "groep")]
    GroupId
);

impl LearnerId {
    /// The document with the file (dossier) of this learner: coordinators only.
    #[must_use]
    pub fn file(self) -> DocumentId {
        DocumentId(Uuid::new_v5(&NAMESPACE, format!("learner-file:{self}").as_bytes()))
    }
}

impl VolunteerId {
    /// The own part of the volunteer that this person is in this branch.
    #[must_use]
    pub fn of(branch: BranchId, user: UserId) -> Self {
        Self(Uuid::new_v5(&NAMESPACE, format!("volunteer:{branch}:{user}").as_bytes()))
    }

    /// The document with the file (dossier) of this volunteer: coordinators only.
    #[must_use]
    pub fn file(self) -> DocumentId {
        DocumentId(Uuid::new_v5(&NAMESPACE, format!("volunteer-file:{self}").as_bytes()))
    }
}

impl BranchId {
    /// The document with how the Taalhuis of this branch works.
    #[must_use]
    pub fn taalhuis_document(self) -> DocumentId {
        DocumentId(Uuid::new_v5(&NAMESPACE, format!("taalhuis:{self}").as_bytes()))
    }

    /// The document with what everybody of the branch may know.
    #[must_use]
    pub fn branch_document(self) -> DocumentId {
        DocumentId(Uuid::new_v5(&NAMESPACE, format!("branch:{self}").as_bytes()))
    }

    /// The document with who works for the branch: coordinators only.
    #[must_use]
    pub fn team_document(self) -> DocumentId {
        DocumentId(Uuid::new_v5(&NAMESPACE, format!("team:{self}").as_bytes()))
    }
}
