//! Contacts with a learner, and referrals: what was said, and whether who was sent on arrived. Only coordinators read them.

use serde::{Deserialize, Serialize};

use super::document;
use super::file::check_past;
use super::words::{ContactKind, EndReason, Form, Offer};
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::EntryId;
use crate::problem::{ProblemKind, Refusal};
use crate::text::TypedText;
use crate::time::LocalDate;

/// Notes a contact with a learner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoteContact {
    /// A fresh id.
    pub entry: EntryId,
    /// What kind.
    pub contact: ContactKind,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl NoteContact {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        let note = TypedText::free("note", &self.note);
        vec![if self.contact == ContactKind::Call { note } else { note.required() }]
    }

    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        document::check_fresh(document, document::CONTACTS, self.entry)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let id = document::write_entry(writer, document::CONTACTS, self.entry, act)?;
        let on = self.on.to_string();
        let fields = [
            (document::KIND, self.contact.as_str()),
            (document::ON, on.as_str()),
            (document::NOTE, self.note.as_str()),
        ];
        document::write_said(writer, &[document::CONTACTS, &id], &fields)
    }
}

/// Notes that a learner was sent on to a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReferLearner {
    /// A fresh id.
    pub entry: EntryId,
    /// To whom.
    pub partner: String,
    /// For what.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
}

impl ReferLearner {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        vec![TypedText::short("partner", &self.partner).required(), TypedText::short("what", &self.what)]
    }

    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        document::check_fresh(document, document::REFERRALS, self.entry)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let id = document::write_entry(writer, document::REFERRALS, self.entry, act)?;
        let on = self.on.to_string();
        let fields = [
            (document::PARTNER, self.partner.as_str()),
            (document::WHAT, self.what.as_str()),
            (document::ON, on.as_str()),
        ];
        document::write_said(writer, &[document::REFERRALS, &id], &fields)
    }
}

/// Notes whether somebody who was sent on arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerReferral {
    /// Which referral.
    pub referral: EntryId,
    /// Arrived, or not.
    pub has_arrived: bool,
    /// When that was heard.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
}

impl AnswerReferral {
    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        document::check_known(document, document::REFERRALS, self.referral)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        let id = self.referral.to_string();
        let path = [document::REFERRALS, id.as_str()];
        writer.put(&path, document::ARRIVED, if self.has_arrived { "yes" } else { "no" })?;
        writer.put(&path, document::ANSWERED_ON, self.on.to_string())
    }
}

/// Notes that somebody who was sent on began with what the partner offers (domain 3.2, *deelname*). Told again, it is put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginParticipation {
    /// Which referral.
    pub referral: EntryId,
    /// What is learnt there.
    pub offer: Offer,
    /// Whether it leads to a diploma that the law knows (*formeel*).
    pub is_formal: bool,
    /// With how many.
    pub form: Form,
    /// On which day it began.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
}

impl BeginParticipation {
    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        document::check_known(document, document::REFERRALS, self.referral)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        let id = self.referral.to_string();
        let path = [document::REFERRALS, id.as_str()];
        let on = self.on.to_string();
        // Whoever begins arrived.
        writer.put(&path, document::ARRIVED, "yes")?;
        writer.put(&path, document::ANSWERED_ON, on.as_str())?;
        writer.put(&path, document::OFFER, self.offer.as_str())?;
        writer.put(&path, document::FORMAL, self.is_formal)?;
        writer.put(&path, document::FORM, self.form.as_str())?;
        writer.put(&path, document::BEGAN_ON, on.as_str())
    }
}

/// Notes that somebody finished at a partner, or stopped there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EndParticipation {
    /// Which referral.
    pub referral: EntryId,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// Why.
    pub reason: EndReason,
    /// Whether the learner got a certificate.
    pub has_certificate: bool,
}

impl EndParticipation {
    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        document::check_known(document, document::REFERRALS, self.referral)?;
        let referrals = document.root().map(document::REFERRALS);
        let began = referrals
            .and_then(|all| all.map(&self.referral.to_string()))
            .and_then(|referral| referral.date(document::BEGAN_ON));
        match began {
            None => Err(Refusal::new(ProblemKind::StateNotPossible, "not begun")),
            Some(began) if self.on < began => Err(Refusal::new(ProblemKind::DateOutOfRange, "on")),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), DocumentError> {
        let id = self.referral.to_string();
        let path = [document::REFERRALS, id.as_str()];
        writer.put(&path, document::FINISHED_ON, self.on.to_string())?;
        writer.put(&path, document::REASON, self.reason.as_str())?;
        writer.put(&path, document::CERTIFICATE, self.has_certificate)
    }
}
