//! The domain of Noaber, pure: no clock, no chance, no input or output. Phone and server run this same code.
//!
//! - A person's act is a [`command::Command`]. The phone runs it at once on its own [`document::Document`] through
//!   [`replica::Replica`]; the server runs it again through [`ledger::replay`] and makes the same change.
//! - [`access`] says who may do and read what; [`problem`] lists everything that can be refused.
//! - A slice (`deliveries`, …) holds its commands, how its documents lie, and what a screen shows.
//!
//! ```
//! use sync_core::access::{Membership, Person, Role};
//! use sync_core::command::{Act, Command};
//! use sync_core::document::{Document, DocumentKind};
//! use sync_core::ids::{BranchId, CommandId, UserId};
//! use sync_core::organisation::DescribeBranch;
//! use sync_core::time::Timestamp;
//! use uuid::Uuid;
//!
//! let branch = BranchId(Uuid::from_u128(1));
//! let administrator = Person {
//!     user: UserId(Uuid::from_u128(2)),
//!     memberships: vec![Membership { branch, role: Role::Administrator }],
//! };
//! let command = Command::from(DescribeBranch {
//!     branch,
//!     name: "Gieten".into(),
//!     municipality: "Aa en Hunze".into(),
//!     help_name: "Marga".into(),
//!     phone: "0592 000 000".into(),
//! });
//! let act = Act { id: CommandId(Uuid::from_u128(3)), by: &administrator, at: Timestamp(0) };
//! let mut document = Document::skeleton(DocumentKind::Branch)?;
//! command.check(&document, false, &act)?;
//! command.run(&mut document, Uuid::from_u128(4), &act)?;
//! assert_eq!(document.root().string("name"), "Gieten");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod access;
pub mod command;
pub mod conformance;
pub mod deliveries;
pub mod document;
pub mod doubles;
pub mod hash;
pub mod ids;
pub mod import;
pub mod ledger;
pub mod list;
pub mod organisation;
pub mod pin;
pub mod problem;
pub mod questions;
pub mod replica;
pub mod summary;
pub mod sync;
pub mod taalhuis;
pub mod text;
pub mod time;
pub mod volunteers;
