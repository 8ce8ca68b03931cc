//! Volunteers on the screen: the own part, which each fills in on the own phone, and for coordinators everybody with their file.

#[cfg(feature = "office")]
pub(crate) mod file;
#[cfg(feature = "office")]
pub(crate) mod list;
pub(crate) mod own;
