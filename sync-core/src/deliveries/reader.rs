//! The reader (lezer): a person who cannot come to the library. The profile holds what a volunteer needs at the
//! door and a chooser at the shelf, and nothing more.

use serde::{Deserialize, Serialize};

use super::document;
use super::words::{DaySegment, Frequency, ReaderStatus};
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::BranchId;
use crate::problem::{ProblemKind, Refusal};
use crate::text::{TypedText, check_phone, check_postcode};
use crate::time::LocalDate;

/// The most books in one bag that a profile can ask for.
const ITEMS_MAX: u16 = 50;

/// One field of a profile: how it is called, and its value in a profile or a change.
macro_rules! profile {
    (
        short { $($short:ident),+ }
        number { $($number:ident),+ }
        text { $($text:ident),+ }
        flag { $($flag:ident),+ }
    ) => {
        /// What is known of a reader.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields, default)]
        pub struct ReaderProfile {
            $(#[doc = concat!("Short text: ", stringify!($short), ".")] pub $short: String,)+
            $(#[doc = concat!("Number as text: ", stringify!($number), ".")] pub $number: String,)+
            $(#[doc = concat!("Free text: ", stringify!($text), ".")] pub $text: String,)+
            $(#[doc = concat!("Yes or no: ", stringify!($flag), ".")] pub $flag: bool,)+
            /// How often books are brought.
            pub frequency: Frequency,
            /// The part of the day that suits.
            pub day_segment: DaySegment,
            /// The most books in one bag; 0 when nothing was agreed.
            pub max_items: u16,
            /// The date after which deliveries are no longer needed (a temporary illness).
            #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
            pub needed_until: Option<LocalDate>,
        }

        /// What changes of a reader; what is left out stays as it is.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields, default)]
        pub struct ReaderChanges {
            $(#[doc = concat!("Short text: ", stringify!($short), ".")]
              #[serde(skip_serializing_if = "Option::is_none")] pub $short: Option<String>,)+
            $(#[doc = concat!("Number as text: ", stringify!($number), ".")]
              #[serde(skip_serializing_if = "Option::is_none")] pub $number: Option<String>,)+
            $(#[doc = concat!("Free text: ", stringify!($text), ".")]
              #[serde(skip_serializing_if = "Option::is_none")] pub $text: Option<String>,)+
            $(#[doc = concat!("Yes or no: ", stringify!($flag), ".")]
              #[serde(skip_serializing_if = "Option::is_none")] pub $flag: Option<bool>,)+
            /// How often books are brought.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub frequency: Option<Frequency>,
            /// The part of the day that suits.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub day_segment: Option<DaySegment>,
            /// The most books in one bag; 0 when nothing was agreed.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub max_items: Option<u16>,
            /// The date after which deliveries are no longer needed, or empty for no such date.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub needed_until: Option<String>,
        }

        impl ReaderProfile {
            pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
                vec![
                    $(TypedText::short(stringify!($short), &self.$short),)+
                    $(TypedText::number(stringify!($number), &self.$number),)+
                    $(TypedText::free(stringify!($text), &self.$text),)+
                ]
            }

            /// What must change to turn `self` into `other`.
            #[must_use]
            pub fn changes_to(&self, other: &Self) -> ReaderChanges {
                ReaderChanges {
                    $($short: (self.$short != other.$short).then(|| other.$short.clone()),)+
                    $($number: (self.$number != other.$number).then(|| other.$number.clone()),)+
                    $($text: (self.$text != other.$text).then(|| other.$text.clone()),)+
                    $($flag: (self.$flag != other.$flag).then_some(other.$flag),)+
                    frequency: (self.frequency != other.frequency).then_some(other.frequency),
                    day_segment: (self.day_segment != other.day_segment).then_some(other.day_segment),
                    max_items: (self.max_items != other.max_items).then_some(other.max_items),
                    needed_until: (self.needed_until != other.needed_until)
                        .then(|| other.needed_until.map(|date| date.to_string()).unwrap_or_default()),
                }
            }

            /// Reads it back from the document.
            pub(super) fn read(document: &Document) -> Self {
                let root = document.root();
                Self {
                    $($short: root.string(stringify!($short)),)+
                    $($number: root.string(stringify!($number)),)+
                    $($text: root.text(stringify!($text)),)+
                    $($flag: root.flag(stringify!($flag)),)+
                    frequency: Frequency::parse(&root.string("frequency")).unwrap_or_default(),
                    day_segment: DaySegment::parse(&root.string("day_segment")).unwrap_or_default(),
                    max_items: root.small("max_items").unwrap_or_default(),
                    needed_until: root.date("needed_until"),
                }
            }
        }

        impl ReaderChanges {
            pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
                let mut texts = Vec::new();
                $(texts.extend(self.$short.as_deref().map(|text| TypedText::short(stringify!($short), text)));)+
                $(texts.extend(self.$number.as_deref().map(|text| TypedText::number(stringify!($number), text)));)+
                $(texts.extend(self.$text.as_deref().map(|text| TypedText::free(stringify!($text), text)));)+
                texts
            }

            pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
                $(if let Some(text) = &self.$short { writer.put(&[], stringify!($short), text.as_str())?; })+
                $(if let Some(text) = &self.$number { writer.put(&[], stringify!($number), text.as_str())?; })+
                $(if let Some(text) = &self.$text { writer.write_text(stringify!($text), text)?; })+
                $(if let Some(flag) = self.$flag { writer.put(&[], stringify!($flag), flag)?; })+
                if let Some(frequency) = self.frequency {
                    writer.put(&[], "frequency", frequency.as_str())?;
                }
                if let Some(segment) = self.day_segment {
                    writer.put(&[], "day_segment", segment.as_str())?;
                }
                if let Some(count) = self.max_items {
                    writer.put(&[], "max_items", i64::from(count))?;
                }
                if let Some(date) = &self.needed_until {
                    writer.put(&[], "needed_until", date.as_str())?;
                }
                Ok(())
            }
        }
    };
}

profile! {
    short { name, street, house_number, place, contact_name, weekday, item_kinds }
    number { postcode, phone, contact_phone }
    text { door_note, interests, avoid, mobility }
    flag { large_print, audiobook }
}

impl ReaderProfile {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        Self::default().changes_to(self).check()?;
        for (field, text) in [
            ("name", &self.name),
            ("street", &self.street),
            ("house_number", &self.house_number),
            ("place", &self.place),
        ] {
            TypedText::short(field, text).required().check()?;
        }
        check_postcode(&self.postcode)
    }
}

impl ReaderChanges {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        for (field, text) in [
            ("name", &self.name),
            ("street", &self.street),
            ("house_number", &self.house_number),
            ("place", &self.place),
        ] {
            if let Some(text) = text {
                TypedText::short(field, text).required().check()?;
            }
        }
        if let Some(postcode) = &self.postcode {
            check_postcode(postcode)?;
        }
        check_phone("phone", self.phone.as_deref().unwrap_or_default())?;
        check_phone("contact_phone", self.contact_phone.as_deref().unwrap_or_default())?;
        if self.max_items.is_some_and(|count| count > ITEMS_MAX) {
            return Err(Refusal::new(ProblemKind::NumberOutOfRange, "max_items"));
        }
        match self.needed_until.as_deref() {
            None | Some("") => Ok(()),
            Some(date) => date
                .parse::<LocalDate>()
                .map(drop)
                .map_err(|_| Refusal::new(ProblemKind::DateOutOfRange, "needed_until")),
        }
    }
}

/// Notes a new reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterReader {
    /// The branch that serves this reader.
    pub branch: BranchId,
    /// What is known.
    pub profile: ReaderProfile,
}

impl RegisterReader {
    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        writer.put(&[], "branch", self.branch.to_string())?;
        writer.put(&[], document::REGISTERED_AT, act.at.as_millis())?;
        writer.put(&[], document::STATUS, ReaderStatus::Registered.as_str())?;
        let profile = ReaderProfile::default().changes_to(&self.profile);
        profile.write(writer)
    }
}

/// Changes what is known of a reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeReader {
    /// What changes.
    pub changes: ReaderChanges,
}

/// Starts, pauses or ends the deliveries to a reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetReaderStatus {
    /// The new status.
    pub status: ReaderStatus,
    /// The last day of a pause; only with [`ReaderStatus::Paused`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub paused_until: Option<LocalDate>,
}

impl SetReaderStatus {
    pub(super) fn check(&self, document: &Document) -> Result<(), Refusal> {
        let now = ReaderStatus::parse(&document.root().string(document::STATUS)).unwrap_or_default();
        if !now.may_become(self.status) {
            return Err(Refusal::new(
                ProblemKind::StateNotPossible,
                format!("{} cannot become {}", now.as_str(), self.status.as_str()),
            ));
        }
        if self.paused_until.is_some() && self.status != ReaderStatus::Paused {
            return Err(Refusal::new(ProblemKind::InvalidCommand, "paused_until is only for a pause"));
        }
        Ok(())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        writer.put(&[], document::STATUS, self.status.as_str())?;
        let until = self.paused_until.map(|date| date.to_string()).unwrap_or_default();
        writer.put(&[], document::PAUSED_UNTIL, until)
    }
}

/// Erases a reader for good: the document, its history and its rows. What was counted stays counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EraseReader {}
