//! Parts of screens: no word of the domain in here.

mod date_field;
mod field;
mod file_field;
mod icon;
mod notice;
mod plank;
mod qr;
mod takes;
mod unfold;

pub(crate) use date_field::DateField;
pub(crate) use field::{Choice, Field, Fields, FormErrors, TextArea, Toggle, has_draft};
pub(crate) use file_field::FileField;
pub(crate) use icon::Icon;
pub(crate) use notice::{Notices, UndoBar, notices};
pub(crate) use plank::{Book, Plank};
pub(crate) use qr::{Picture, Qr};
pub(crate) use takes::Takes;
pub(crate) use unfold::Unfold;
