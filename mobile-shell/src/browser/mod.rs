//! The browser's services, each behind a small face. Nothing here knows a word of the domain.

pub(crate) mod channel;
pub(crate) mod crypto;
pub(crate) mod files;
pub(crate) mod held;
pub(crate) mod http;
pub(crate) mod indexed_db;
pub(crate) mod listener;
pub(crate) mod lock;
pub(crate) mod machine;
pub(crate) mod passkeys;
pub(crate) mod pwa;
#[cfg(feature = "office")]
pub(crate) mod speech;
