//! A value whose shape depends on a word beside it: the body of a command, the summary of a document. In CBOR it
//! travels as bytes (so that its size is known before it is read, and an unknown kind costs nothing), in JSON
//! as plain JSON.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{cbor, wire_bytes};

/// A value not looked into yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Packed {
    /// CBOR.
    Cbor(Vec<u8>),
    /// JSON, from or for a program that is not our app.
    #[cfg(feature = "json")]
    Json(serde_json::Value),
}

impl Packed {
    /// Packs a value for the app.
    #[must_use]
    pub fn cbor<T: Serialize>(value: &T) -> Self {
        Self::Cbor(cbor::to_vec(value))
    }

    /// Its size in bytes, as a limit counts it.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Cbor(bytes) => bytes.len(),
            #[cfg(feature = "json")]
            Self::Json(value) => value.to_string().len(),
        }
    }

    /// Reads it as a value of this shape; the error says what does not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        match self {
            Self::Cbor(bytes) => cbor::from_slice(bytes).map_err(|error| error.to_string()),
            #[cfg(feature = "json")]
            Self::Json(value) => T::deserialize(value).map_err(|error| error.to_string()),
        }
    }
}

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Cbor(bytes) => wire_bytes::serialize(bytes, serializer),
            #[cfg(feature = "json")]
            Self::Json(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[cfg(feature = "json")]
        if deserializer.is_human_readable() {
            return serde_json::Value::deserialize(deserializer).map(Self::Json);
        }
        wire_bytes::deserialize(deserializer).map(Self::Cbor)
    }
}
