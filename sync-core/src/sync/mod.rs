//! The exchange between a phone and the server: what travels, and when to try again.

pub mod backoff;
pub mod cbor;
pub mod message;
pub mod packed;
pub mod sealed;
pub mod wire_bytes;
