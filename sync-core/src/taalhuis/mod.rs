//! Taalhuis: people who want to learn Dutch, reading, arithmetic or digital skills, and the buddies who help them.
//!
//! A **learner** (deelnemer) is two documents: the part that a buddy needs, and the **file** (dossier) of coordinators: intake, levels,
//! requests, contacts. A **pairing** (koppeling) is a learner and a buddy who meet, with its sessions; a **group** has several of both.
//! How a Taalhuis works (sections, weights, terms) is a document per branch. State diagrams: `docs/states/`.

pub(crate) mod access;
pub mod books;
mod contact;
pub(crate) mod document;
pub mod doubles;
pub mod due;
mod fact;
mod file;
pub mod forget;
mod group;
mod house;
mod learner;
mod level;
pub mod matching;
pub mod needs;
mod pairing;
pub mod questions;
mod request;
pub mod rows;
#[cfg(test)]
mod rules;
pub mod view;
mod words;

pub use contact::{AnswerReferral, BeginParticipation, EndParticipation, NoteContact, ReferLearner};
pub use fact::WithdrawFact;
pub use file::{
    AllowSeveral, AnswerIntake, BlockPair, EndLearner, ExplainWaiting, FinishIntake, OpenLearnerFile,
    ResumeLearner, SettleDouble,
};
pub use group::{
    ChangeGroup, EndGroup, PlanGroup, RecordMeeting, SetGroupBuddy, SetGroupMember, WithdrawMeeting,
};
pub use house::{ConfigureTaalhuis, DescribeNorm, NORMS};
pub use learner::{AnswerLearner, EraseLearner, RecordConsent, RegisterLearner};
pub use level::{Instrument, RecordLevel, Scale, Skill, TAALMETER_GOES_ON, TAALMETER_QUESTIONS, taalmeter};
pub use pairing::{
    CHECK_WEEKS, CheckPairing, HandOver, LogSession, MovePairing, ProposePairing, TRIAL_DAYS, WithdrawSession,
};
pub use request::{AddRequest, EvaluateRequest, UsedIn};
pub use words::{
    Application, CheckIn, ContactKind, Difference, EndReason, FactKind, Form, GroupKind, Mood, Next, Offer,
    Outflow, PairingState, Purpose, Reached, ReferralStage, Stage, Topic, WaitReason, WayIn,
};

use crate::command::{Act, commands};
use crate::document::{Document, DocumentError, DocumentKind, Writer};
use crate::ids::BranchId;
use crate::problem::Refusal;
use crate::text::TypedText;

commands! {
    /// Notes somebody who wants to learn.
    RegisterLearner = "register_learner",
    /// Notes answers that a buddy gets too.
    AnswerLearner = "answer_learner",
    /// Notes that consent was given or taken back.
    RecordConsent = "record_consent",
    /// Erases a learner for good.
    EraseLearner = "erase_learner",
    /// Begins the file of a learner.
    OpenLearnerFile = "open_learner_file",
    /// Notes answers of the intake.
    AnswerIntake = "answer_intake",
    /// Notes that the intake was done.
    FinishIntake = "finish_intake",
    /// Notes why a learner waits.
    ExplainWaiting = "explain_waiting",
    /// Notes that a learner stopped.
    EndLearner = "end_learner",
    /// Notes that a learner is back.
    ResumeLearner = "resume_learner",
    /// Says whether two learners are one person.
    SettleDouble = "settle_double",
    /// Says that several buddies are meant.
    AllowSeveral = "allow_several",
    /// Says that two people never meet.
    BlockPair = "block_pair",
    /// Notes a level.
    RecordLevel = "record_level",
    /// Notes a request.
    AddRequest = "add_request",
    /// Notes whether it works.
    EvaluateRequest = "evaluate_request",
    /// Notes a contact.
    NoteContact = "note_contact",
    /// Notes a referral.
    ReferLearner = "refer_learner",
    /// Notes whether who was sent on arrived.
    AnswerReferral = "answer_referral",
    /// Notes that who was sent on began.
    BeginParticipation = "begin_participation",
    /// Notes that who was sent on finished.
    EndParticipation = "end_participation",
    /// Takes a fact of a file back.
    WithdrawFact = "withdraw_fact",
    /// Proposes a learner and a buddy to each other.
    ProposePairing = "propose_pairing",
    /// Takes a pairing to its next state.
    MovePairing = "move_pairing",
    /// Tells that they met.
    LogSession = "log_session",
    /// Takes a session back.
    WithdrawSession = "withdraw_session",
    /// Notes how it goes.
    CheckPairing = "check_pairing",
    /// Writes the card for the next buddy.
    HandOver = "hand_over",
    /// Begins a group.
    PlanGroup = "plan_group",
    /// Says anew what a group is.
    ChangeGroup = "change_group",
    /// Takes a learner into a group, or out of it.
    SetGroupMember = "set_group_member",
    /// Gives a group a buddy, or takes it away.
    SetGroupBuddy = "set_group_buddy",
    /// Tells that a group met.
    RecordMeeting = "record_meeting",
    /// Takes a meeting back.
    WithdrawMeeting = "withdraw_meeting",
    /// Ends a group.
    EndGroup = "end_group",
    /// Sets how a Taalhuis works.
    ConfigureTaalhuis = "configure_taalhuis",
    /// Writes what a Taalhuis tells about a norm.
    DescribeNorm = "describe_norm",
}

impl Command {
    pub(crate) const fn document_kind(&self) -> DocumentKind {
        match self {
            Self::RegisterLearner(_)
            | Self::AnswerLearner(_)
            | Self::RecordConsent(_)
            | Self::EraseLearner(_) => DocumentKind::Learner,
            Self::OpenLearnerFile(_)
            | Self::AnswerIntake(_)
            | Self::FinishIntake(_)
            | Self::ExplainWaiting(_)
            | Self::EndLearner(_)
            | Self::ResumeLearner(_)
            | Self::SettleDouble(_)
            | Self::AllowSeveral(_)
            | Self::BlockPair(_)
            | Self::RecordLevel(_)
            | Self::AddRequest(_)
            | Self::EvaluateRequest(_)
            | Self::NoteContact(_)
            | Self::ReferLearner(_)
            | Self::AnswerReferral(_)
            | Self::BeginParticipation(_)
            | Self::EndParticipation(_)
            | Self::WithdrawFact(_) => DocumentKind::LearnerFile,
            Self::ProposePairing(_)
            | Self::MovePairing(_)
            | Self::LogSession(_)
            | Self::WithdrawSession(_)
            | Self::CheckPairing(_)
            | Self::HandOver(_) => DocumentKind::Pairing,
            Self::PlanGroup(_)
            | Self::ChangeGroup(_)
            | Self::SetGroupMember(_)
            | Self::SetGroupBuddy(_)
            | Self::RecordMeeting(_)
            | Self::WithdrawMeeting(_)
            | Self::EndGroup(_) => DocumentKind::Group,
            Self::ConfigureTaalhuis(_) | Self::DescribeNorm(_) => DocumentKind::Taalhuis,
        }
    }

    pub(crate) const fn creates_in(&self) -> Option<BranchId> {
        match self {
            Self::RegisterLearner(body) => Some(body.branch),
            Self::OpenLearnerFile(body) => Some(body.branch),
            Self::ProposePairing(body) => Some(body.branch),
            Self::PlanGroup(body) => Some(body.branch),
            Self::ConfigureTaalhuis(body) => Some(body.branch),
            Self::DescribeNorm(body) => Some(body.branch),
            _ => None,
        }
    }

    pub(crate) fn texts(&self) -> Vec<TypedText<'_>> {
        match self {
            Self::RegisterLearner(body) => body.texts(),
            Self::AnswerLearner(body) => body.texts(),
            Self::RecordConsent(body) => body.texts(),
            Self::OpenLearnerFile(body) => body.texts(),
            Self::AnswerIntake(body) => body.texts(),
            Self::RecordLevel(body) => body.texts(),
            Self::AddRequest(body) => body.texts(),
            Self::EvaluateRequest(body) => body.texts(),
            Self::NoteContact(body) => body.texts(),
            Self::ReferLearner(body) => body.texts(),
            Self::ProposePairing(body) => body.texts(),
            Self::MovePairing(body) => vec![TypedText::free("note", &body.note)],
            Self::LogSession(body) => vec![TypedText::free("note", &body.note)],
            Self::CheckPairing(body) => vec![TypedText::free("note", &body.note)],
            Self::HandOver(body) => body.texts(),
            Self::PlanGroup(body) => body.texts(),
            Self::ChangeGroup(body) => body.texts(),
            Self::SetGroupMember(body) => vec![TypedText::short("name", &body.name)],
            Self::SetGroupBuddy(body) => vec![TypedText::short("name", &body.name)],
            Self::RecordMeeting(body) => vec![TypedText::free("note", &body.note)],
            Self::DescribeNorm(body) => body.texts(),
            Self::EraseLearner(_)
            | Self::FinishIntake(_)
            | Self::ExplainWaiting(_)
            | Self::EndLearner(_)
            | Self::ResumeLearner(_)
            | Self::SettleDouble(_)
            | Self::AllowSeveral(_)
            | Self::BlockPair(_)
            | Self::AnswerReferral(_)
            | Self::BeginParticipation(_)
            | Self::EndParticipation(_)
            | Self::WithdrawFact(_)
            | Self::WithdrawSession(_)
            | Self::WithdrawMeeting(_)
            | Self::EndGroup(_)
            | Self::ConfigureTaalhuis(_) => Vec::new(),
        }
    }

    pub(crate) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        match self {
            Self::RegisterLearner(body) => body.check(act),
            Self::AnswerLearner(body) => body.check(act),
            Self::RecordConsent(body) => body.check(document, act),
            Self::OpenLearnerFile(body) => body.check(act),
            Self::AnswerIntake(body) => body.check(act),
            Self::FinishIntake(body) => body.check(act),
            Self::EndLearner(body) => body.check(act),
            Self::ResumeLearner(_) => ResumeLearner::check(document),
            Self::SettleDouble(body) => body.check(document),
            Self::RecordLevel(body) => body.check(document, act),
            Self::AddRequest(body) => body.check(document, act),
            Self::EvaluateRequest(body) => body.check(document, act),
            Self::NoteContact(body) => body.check(document, act),
            Self::ReferLearner(body) => body.check(document, act),
            Self::AnswerReferral(body) => body.check(document, act),
            Self::BeginParticipation(body) => body.check(document, act),
            Self::EndParticipation(body) => body.check(document, act),
            Self::WithdrawFact(body) => body.check(document),
            Self::ProposePairing(body) => body.check(),
            Self::MovePairing(body) => body.check(document, act),
            Self::LogSession(body) => body.check(document, act),
            Self::WithdrawSession(body) => body.check(document),
            Self::CheckPairing(body) => body.check(document, act),
            Self::SetGroupMember(body) => body.check(document),
            Self::RecordMeeting(body) => body.check(document, act),
            Self::WithdrawMeeting(body) => body.check(document),
            Self::ConfigureTaalhuis(body) => body.check(),
            Self::DescribeNorm(body) => body.check(),
            Self::EraseLearner(_)
            | Self::ExplainWaiting(_)
            | Self::AllowSeveral(_)
            | Self::BlockPair(_)
            | Self::HandOver(_)
            | Self::PlanGroup(_)
            | Self::ChangeGroup(_)
            | Self::SetGroupBuddy(_)
            | Self::EndGroup(_) => Ok(()),
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        match self {
            Self::RegisterLearner(body) => body.write(writer),
            Self::AnswerLearner(body) => body.answers.write(writer),
            Self::RecordConsent(body) => body.write(writer, act),
            Self::EraseLearner(_) => learner::write_erased(writer),
            Self::OpenLearnerFile(body) => body.write(writer, act),
            Self::AnswerIntake(body) => body.answers.write(writer),
            Self::FinishIntake(body) => body.write(writer),
            Self::ExplainWaiting(body) => body.write(writer),
            Self::EndLearner(body) => body.write(writer),
            Self::ResumeLearner(_) => ResumeLearner::write(writer),
            Self::SettleDouble(body) => body.write(writer),
            Self::AllowSeveral(body) => body.write(writer),
            Self::BlockPair(body) => body.write(writer),
            Self::RecordLevel(body) => body.write(writer, act),
            Self::AddRequest(body) => body.write(writer, act),
            Self::EvaluateRequest(body) => body.write(writer, act),
            Self::NoteContact(body) => body.write(writer, act),
            Self::ReferLearner(body) => body.write(writer, act),
            Self::AnswerReferral(body) => body.write(writer),
            Self::BeginParticipation(body) => body.write(writer),
            Self::EndParticipation(body) => body.write(writer),
            Self::WithdrawFact(body) => body.write(writer),
            Self::ProposePairing(body) => body.write(writer, act),
            Self::MovePairing(body) => body.write(writer, act),
            Self::LogSession(body) => body.write(writer, act),
            Self::WithdrawSession(body) => body.write(writer),
            Self::CheckPairing(body) => body.write(writer, act),
            Self::HandOver(body) => body.write(writer, act),
            Self::PlanGroup(body) => body.write(writer),
            Self::ChangeGroup(body) => body.write(writer),
            Self::SetGroupMember(body) => body.write(writer),
            Self::SetGroupBuddy(body) => body.write(writer),
            Self::RecordMeeting(body) => body.write(writer, act),
            Self::WithdrawMeeting(body) => body.write(writer),
            Self::EndGroup(body) => body.write(writer),
            Self::ConfigureTaalhuis(body) => body.write(writer),
            Self::DescribeNorm(body) => body.write(writer),
        }
    }
}
