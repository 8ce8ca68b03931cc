//! CBOR, checked to its end: `cbor4ii` itself accepts bytes after the value.

use cbor4ii::core::dec::Read as _;
use cbor4ii::core::utils::SliceReader;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The bytes are no CBOR of the asked shape.
#[derive(Debug, thiserror::Error)]
pub enum CborError {
    /// Not readable, or another shape.
    #[error("not the expected CBOR: {reason}")]
    Shape {
        /// What the reader says; never a value of the data.
        reason: String,
    },
    /// Something stands after the value.
    #[error("{count} bytes stand after the value")]
    Trailing {
        /// How many.
        count: usize,
    },
}

/// Writes a value. What we write is made of our own types, so the only failure is running out of memory.
#[must_use]
pub fn to_vec<T: Serialize>(value: &T) -> Vec<u8> {
    cbor4ii::serde::to_vec(Vec::new(), value).unwrap_or_default()
}

/// Reads a value, all of the bytes.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    let mut deserializer = cbor4ii::serde::Deserializer::new(SliceReader::new(bytes));
    let value =
        T::deserialize(&mut deserializer).map_err(|error| CborError::Shape { reason: error.to_string() })?;
    let mut rest = deserializer.into_inner();
    let Ok(left) = rest.fill(bytes.len());
    match left.as_ref().len() {
        0 => Ok(value),
        count => Err(CborError::Trailing { count }),
    }
}
