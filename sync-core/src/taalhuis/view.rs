//! What a screen shows of the Taalhuis: plain data, total, without Automerge.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::document;
use super::house::NORMS;
use super::level::{Instrument, Scale, Skill};
use super::matching::{Part, Weights};
use super::pairing::CHECK_WEEKS;
use super::questions::SECTIONS;
use super::request::UsedIn;
use super::words::{
    Application, CheckIn, ContactKind, Difference, EndReason, Form, GroupKind, Mood, Next, Offer, Outflow,
    PairingState, Purpose, Reached, ReferralStage, Stage, Topic, WaitReason, WayIn,
};
use crate::document::{Document, Map};
use crate::ids::{BranchId, EntryId, LearnerId, UserId, VolunteerId};
use crate::questions::Answers;
use crate::time::{LocalDate, Timestamp};
use crate::volunteers::{Place, Subject};

/// Consent that was given or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentView {
    /// For what.
    pub purpose: Purpose,
    /// Given, or taken back.
    pub given: bool,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// Of which text.
    pub text_version: String,
    /// Who noted it.
    pub by: Option<UserId>,
    /// When that was.
    pub at: Timestamp,
}

/// The part of a learner that a buddy gets too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerView {
    /// The branch of the Taalhuis.
    pub branch: Option<BranchId>,
    /// What was answered.
    pub answers: Answers,
    /// What somebody else answered apart to the same questions.
    pub others: BTreeMap<String, String>,
    /// Consent, oldest first.
    pub consents: Vec<ConsentView>,
}

/// Entries of a map, each read by this, oldest first.
fn entries<T>(root: &Map<'_>, within: &str, read: impl Fn(EntryId, &Map<'_>) -> Option<T>) -> Vec<T> {
    let mut found: Vec<(Timestamp, EntryId, T)> = root
        .entries::<EntryId>(within)
        .into_iter()
        .filter_map(|(id, map)| Some((map.timestamp(document::AT), id, read(id, &map)?)))
        .collect();
    found.sort_by_key(|(at, id, _)| (*at, *id));
    found.into_iter().map(|(_, _, read)| read).collect()
}

/// The entries of a map that stand: those that were taken back do not.
fn facts<T>(root: &Map<'_>, within: &str, read: impl Fn(EntryId, &Map<'_>) -> Option<T>) -> Vec<T> {
    entries(root, within, |id, map| if map.flag(document::WITHDRAWN) { None } else { read(id, map) })
}

impl LearnerView {
    /// Reads it.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let root = document.root();
        Self {
            branch: root.id("branch"),
            answers: Answers::read(document),
            others: Answers::others(document),
            consents: entries(&root, document::CONSENTS, |_, map| {
                Some(ConsentView {
                    purpose: Purpose::parse(&map.string(document::PURPOSE))?,
                    given: map.flag(document::GIVEN),
                    on: map.date(document::ON),
                    text_version: map.string(document::TEXT_VERSION),
                    by: map.id(document::BY),
                    at: map.timestamp(document::AT),
                })
            }),
        }
    }

    /// Whether there is consent for this now: the newest word counts; of two on one instant the one that takes it back.
    #[must_use]
    pub fn consents_to(&self, purpose: Purpose) -> bool {
        let of = || self.consents.iter().filter(|one| one.purpose == purpose);
        let last = of().map(|one| one.at).max();
        last.is_some() && of().filter(|one| Some(one.at) == last).all(|one| one.given)
    }
}

/// A level that was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LevelView {
    /// Which.
    pub entry: EntryId,
    /// On which scale.
    pub scale: Scale,
    /// Of what.
    pub skill: Skill,
    /// Which.
    pub level: String,
    /// How it was measured.
    pub instrument: Instrument,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// How many of the first questions of the Taalmeter were right.
    pub right: Option<u16>,
    /// Anything else.
    pub note: String,
    /// Who measured.
    pub by: Option<UserId>,
}

/// The answer to *lukt het nu?*
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluationView {
    /// Whether it works.
    pub reached: Reached,
    /// Where it is used.
    pub used: Vec<UsedIn>,
    /// What comes next.
    pub next: Next,
    /// In the learner's words.
    pub note: String,
    /// When it was asked.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
}

/// What a learner wants to be able to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestView {
    /// Which.
    pub entry: EntryId,
    /// What it is about.
    pub topic: Topic,
    /// Where it is to be used.
    pub application: Application,
    /// The level aimed at.
    pub level: String,
    /// In the learner's own words.
    pub wish: String,
    /// What the learner can do when the goal is reached.
    pub goal: String,
    /// What help is asked for.
    pub desired: String,
    /// What help is advised.
    pub advised: String,
    /// What was agreed about it.
    pub agreed: String,
    /// Why these two differ.
    pub difference: Difference,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// Whether it works, as it was asked since.
    pub evaluations: Vec<EvaluationView>,
}

/// A contact with a learner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactView {
    /// Which.
    pub entry: EntryId,
    /// What kind.
    pub contact: ContactKind,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// What was said.
    pub note: String,
    /// Who noted it.
    pub by: Option<UserId>,
}

/// A learner who was sent on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReferralView {
    /// Which.
    pub entry: EntryId,
    /// To whom.
    pub partner: String,
    /// For what.
    pub what: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// Whether the learner arrived; nothing while nobody knows.
    pub has_arrived: Option<bool>,
    /// When that was heard.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub answered_on: Option<LocalDate>,
    /// What the learner follows there, from the day on which it began.
    pub participation: Option<ParticipationView>,
}

impl ReferralView {
    /// How far it is.
    #[must_use]
    pub const fn stage(&self) -> ReferralStage {
        match (&self.participation, self.has_arrived) {
            (Some(ParticipationView { finished_on: Some(_), .. }), _) => ReferralStage::Ended,
            (Some(_), _) => ReferralStage::Follows,
            (None, Some(true)) => ReferralStage::Arrived,
            (None, Some(false)) => ReferralStage::NotArrived,
            (None, None) => ReferralStage::Sent,
        }
    }
}

/// What a learner follows at a partner (domain 3.2, *deelname*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParticipationView {
    /// What is learnt.
    pub offer: Offer,
    /// Whether it leads to a diploma that the law knows.
    pub is_formal: bool,
    /// With how many.
    pub form: Form,
    /// When it began.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub began_on: LocalDate,
    /// When it ended; nothing while it goes on.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub finished_on: Option<LocalDate>,
    /// Why.
    pub reason: Option<EndReason>,
    /// Whether the learner got a certificate.
    pub has_certificate: bool,
}

/// What stands in a referral about it. Begun anew after it ended, it goes on.
fn participation(referral: &Map<'_>) -> Option<ParticipationView> {
    let began_on = referral.date(document::BEGAN_ON)?;
    let finished_on = referral.date(document::FINISHED_ON).filter(|end| *end >= began_on);
    Some(ParticipationView {
        offer: Offer::parse(&referral.string(document::OFFER)).unwrap_or_default(),
        is_formal: referral.flag(document::FORMAL),
        form: Form::parse(&referral.string(document::FORM)).unwrap_or_default(),
        began_on,
        finished_on,
        reason: finished_on.and_then(|_| EndReason::parse(&referral.string(document::REASON))),
        has_certificate: finished_on.is_some() && referral.flag(document::CERTIFICATE),
    })
}

/// The file of a learner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerFileView {
    /// The branch of the Taalhuis.
    pub branch: Option<BranchId>,
    /// Whose.
    pub learner: Option<LearnerId>,
    /// How the learner came in.
    pub way: WayIn,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub registered_on: Option<LocalDate>,
    /// When the intake was done.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub intake_on: Option<LocalDate>,
    /// When the learner stopped.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub ended_on: Option<LocalDate>,
    /// Why.
    pub end_reason: Option<EndReason>,
    /// To do what.
    pub outflow: Option<Outflow>,
    /// Why the learner waits.
    pub wait_reason: Option<WaitReason>,
    /// The learner who is the same person.
    pub joined_into: Option<LearnerId>,
    /// Learners who look alike and are somebody else.
    pub apart: BTreeSet<LearnerId>,
    /// Volunteers whom the learner never meets.
    pub never: BTreeSet<VolunteerId>,
    /// Whether several buddies are meant.
    pub has_several: bool,
    /// What was answered.
    pub answers: Answers,
    /// What somebody else answered apart to the same questions.
    pub others: BTreeMap<String, String>,
    /// Levels, oldest first.
    pub levels: Vec<LevelView>,
    /// Requests, oldest first.
    pub requests: Vec<RequestView>,
    /// Contacts, oldest first.
    pub contacts: Vec<ContactView>,
    /// Referrals, oldest first.
    pub referrals: Vec<ReferralView>,
}

fn flagged<T: From<uuid::Uuid> + Ord>(root: &Map<'_>, within: &str) -> BTreeSet<T> {
    let Some(map) = root.map(within) else { return BTreeSet::new() };
    let set = map.keys().into_iter().filter(|key| map.flag(key));
    set.filter_map(|key| uuid::Uuid::parse_str(&key).ok()).map(T::from).collect()
}

fn evaluations(root: &Map<'_>) -> Vec<(EntryId, EvaluationView)> {
    facts(root, document::EVALUATIONS, |_, map| {
        let view = EvaluationView {
            reached: Reached::parse(&map.string(document::REACHED))?,
            used: map.string(document::USED).split(' ').filter_map(UsedIn::parse).collect(),
            next: Next::parse(&map.string(document::NEXT)).unwrap_or_default(),
            note: map.string(document::NOTE),
            on: map.date(document::ON),
        };
        Some((map.id(document::REQUEST)?, view))
    })
}

fn requests(root: &Map<'_>) -> Vec<RequestView> {
    let answers = evaluations(root);
    facts(root, document::REQUESTS, |entry, map| {
        let own = answers.iter().filter(|(request, _)| *request == entry);
        Some(RequestView {
            entry,
            topic: Topic::parse(&map.string(document::TOPIC)).unwrap_or_default(),
            application: Application::parse(&map.string(document::APPLICATION)).unwrap_or_default(),
            level: map.string(document::LEVEL),
            wish: map.string(document::WISH),
            goal: map.string(document::GOAL),
            desired: map.string(document::DESIRED),
            advised: map.string(document::ADVISED),
            agreed: map.string(document::AGREED),
            difference: Difference::parse(&map.string(document::DIFFERENCE)).unwrap_or_default(),
            on: map.date(document::ON),
            evaluations: own.map(|(_, view)| view.clone()).collect(),
        })
    })
}

fn levels(root: &Map<'_>) -> Vec<LevelView> {
    facts(root, document::LEVELS, |entry, map| {
        Some(LevelView {
            entry,
            scale: Scale::parse(&map.string(document::SCALE))?,
            skill: Skill::parse(&map.string(document::SKILL))?,
            level: map.string(document::LEVEL),
            instrument: Instrument::parse(&map.string(document::INSTRUMENT)).unwrap_or_default(),
            on: map.date(document::ON),
            right: map.small(document::RIGHT),
            note: map.string(document::NOTE),
            by: map.id(document::BY),
        })
    })
}

impl LearnerFileView {
    /// Reads it.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let root = document.root();
        Self {
            branch: root.id("branch"),
            learner: root.id(document::LEARNER),
            way: WayIn::parse(&root.string(document::WAY)).unwrap_or_default(),
            registered_on: root.date(document::REGISTERED_ON),
            intake_on: root.date(document::INTAKE_ON),
            ended_on: root.date(document::ENDED_ON),
            end_reason: EndReason::parse(&root.string(document::END_REASON)),
            outflow: Outflow::parse(&root.string(document::OUTFLOW)),
            wait_reason: WaitReason::parse(&root.string(document::WAIT_REASON)),
            joined_into: root.id(document::JOINED_INTO),
            apart: flagged(&root, document::APART),
            never: flagged(&root, document::NEVER),
            has_several: root.flag(document::SEVERAL),
            answers: Answers::read(document),
            others: Answers::others(document),
            levels: levels(&root),
            requests: requests(&root),
            contacts: facts(&root, document::CONTACTS, |entry, map| {
                Some(ContactView {
                    entry,
                    contact: ContactKind::parse(&map.string(document::KIND)).unwrap_or_default(),
                    on: map.date(document::ON),
                    note: map.string(document::NOTE),
                    by: map.id(document::BY),
                })
            }),
            referrals: facts(&root, document::REFERRALS, |entry, map| {
                let arrived = map.string(document::ARRIVED);
                Some(ReferralView {
                    entry,
                    partner: map.string(document::PARTNER),
                    what: map.string(document::WHAT),
                    on: map.date(document::ON),
                    has_arrived: (!arrived.is_empty()).then_some(arrived == "yes"),
                    answered_on: map.date(document::ANSWERED_ON),
                    participation: participation(map),
                })
            }),
        }
    }

    /// How far the learner is.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        if self.joined_into.is_some() {
            Stage::Joined
        } else {
            Stage::of(self.ended_on.is_some(), self.intake_on.is_some())
        }
    }
}

/// A state that a pairing came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepView {
    /// Which.
    pub state: PairingState,
    /// From which day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// Why it ended.
    pub reason: Option<EndReason>,
    /// Anything else.
    pub note: String,
    /// Who did it.
    pub by: Option<UserId>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// Which.
    pub entry: EntryId,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// How long, in minutes.
    pub minutes: u16,
    /// Where.
    pub place: Option<Place>,
    /// About what.
    pub subject: Option<Subject>,
    /// How it went.
    pub mood: Mood,
    /// Anything else.
    pub note: String,
    /// Who logged it.
    pub by: Option<UserId>,
}

/// How it went after some weeks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckView {
    /// After how many weeks.
    pub week: u16,
    /// How it goes.
    pub goes: CheckIn,
    /// When it was asked.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// What was said.
    pub note: String,
}

/// A learner and a buddy who meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PairingView {
    /// The branch of the Taalhuis.
    pub branch: Option<BranchId>,
    /// Who learns.
    pub learner: Option<LearnerId>,
    /// Who helps.
    pub volunteer: Option<VolunteerId>,
    /// The account of who helps.
    pub user: Option<UserId>,
    /// How it stands; a second answer is one that somebody else gave apart.
    pub states: Vec<PairingState>,
    /// When it was proposed.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub proposed_on: Option<LocalDate>,
    /// The states it came to, oldest first.
    pub steps: Vec<StepView>,
    /// The sessions that count, by day.
    pub sessions: Vec<SessionView>,
    /// How it went.
    pub checks: Vec<CheckView>,
    /// The card for the next buddy: what works.
    pub works: String,
    /// Which material.
    pub material: String,
    /// Towards what goal.
    pub goal: String,
}

impl PairingView {
    /// Reads it.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let root = document.root();
        let mut sessions = entries(&root, document::SESSIONS, |entry, map| {
            (!map.flag(document::WITHDRAWN)).then(|| SessionView {
                entry,
                on: map.date(document::ON),
                minutes: map.small(document::MINUTES).unwrap_or_default(),
                place: Place::parse(&map.string(document::PLACE)),
                subject: Subject::parse(&map.string(document::TOPIC)),
                mood: Mood::parse(&map.string(document::MOOD)).unwrap_or_default(),
                note: map.string(document::NOTE),
                by: map.id(document::BY),
            })
        });
        sessions.sort_by_key(|session| session.on);
        Self {
            branch: root.id("branch"),
            learner: root.id(document::LEARNER),
            volunteer: root.id(document::VOLUNTEER),
            user: root.id(document::USER),
            states: root
                .strings(document::STATE)
                .iter()
                .filter_map(|word| PairingState::parse(word))
                .collect(),
            proposed_on: root.date(document::PROPOSED_ON),
            steps: entries(&root, document::STEPS, |_, map| {
                Some(StepView {
                    state: PairingState::parse(&map.string(document::STATE))?,
                    on: map.date(document::ON),
                    reason: EndReason::parse(&map.string(document::REASON)),
                    note: map.string(document::NOTE),
                    by: map.id(document::BY),
                })
            }),
            sessions,
            checks: entries(&root, document::CHECKS, |_, map| {
                Some(CheckView {
                    week: map.small(document::WEEK)?,
                    goes: CheckIn::parse(&map.string(document::GOES))?,
                    on: map.date(document::ON),
                    note: map.string(document::NOTE),
                })
            }),
            works: root.string(document::WORKS),
            material: root.string(document::MATERIAL),
            goal: root.string(document::GOAL),
        }
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> PairingState {
        self.states.first().copied().unwrap_or_default()
    }

    /// After how many weeks it is asked next how it goes: the first after the last one that was asked. What was passed over is not asked
    /// afterwards.
    #[must_use]
    pub fn next_check(&self) -> Option<u16> {
        let last = self.checks.iter().map(|check| check.week).max();
        CHECK_WEEKS.into_iter().find(|week| last.is_none_or(|last| *week > last))
    }

    /// The last day on which it came to this state.
    #[must_use]
    pub fn since(&self, state: PairingState) -> Option<LocalDate> {
        self.steps.iter().rev().find(|step| step.state == state).and_then(|step| step.on)
    }
}

/// The ids in a list with spaces between.
fn named<T: core::str::FromStr + Ord>(list: &str) -> BTreeSet<T> {
    list.split(' ').filter_map(|id| id.parse().ok()).collect()
}

/// A meeting of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeetingView {
    /// Which.
    pub entry: EntryId,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<LocalDate>,
    /// How long, in minutes.
    pub minutes: u16,
    /// Who was there.
    pub present: BTreeSet<LearnerId>,
    /// Who helped: the hours count for each of them.
    #[serde(default)]
    pub helped: BTreeSet<UserId>,
    /// Anything else.
    pub note: String,
    /// Who told it.
    pub by: Option<UserId>,
}

/// A group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupView {
    /// The branch of the Taalhuis.
    pub branch: Option<BranchId>,
    /// What people call it.
    pub name: String,
    /// When and where it meets.
    pub when: String,
    /// What kind.
    pub kind: GroupKind,
    /// Who learns.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<String>>))]
    pub members: Vec<(LearnerId, String)>,
    /// Who helps.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<String>>))]
    pub buddies: Vec<(UserId, String)>,
    /// The meetings that count, by day.
    pub meetings: Vec<MeetingView>,
    /// When it ended.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub ended_on: Option<LocalDate>,
}

impl GroupView {
    /// Reads it.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let root = document.root();
        let mut meetings = entries(&root, document::MEETINGS, |entry, map| {
            let by = map.id(document::BY);
            let mut helped: BTreeSet<UserId> = named(&map.string(document::HELPED));
            if helped.is_empty() {
                helped.extend(by);
            }
            (!map.flag(document::WITHDRAWN)).then(|| MeetingView {
                entry,
                on: map.date(document::ON),
                minutes: map.small(document::MINUTES).unwrap_or_default(),
                present: named(&map.string(document::PRESENT)),
                helped,
                note: map.string(document::NOTE),
                by,
            })
        });
        meetings.sort_by_key(|meeting| meeting.on);
        Self {
            branch: root.id("branch"),
            name: root.string(document::NAME),
            when: root.string(document::WHEN),
            kind: GroupKind::parse(&root.string(document::GROUP_KIND)).unwrap_or_default(),
            members: root
                .fields(document::MEMBERS)
                .into_iter()
                .filter(|(_, name)| !name.is_empty())
                .collect(),
            buddies: root
                .fields(document::BUDDIES)
                .into_iter()
                .filter(|(_, name)| !name.is_empty())
                .collect(),
            meetings,
            ended_on: root.date(document::ENDED_ON),
        }
    }
}

/// How a Taalhuis works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaalhuisView {
    /// The branch.
    pub branch: Option<BranchId>,
    /// Sections of the intake that are not asked.
    pub hidden: Vec<String>,
    /// What each part of a match weighs.
    pub weights: Weights,
    /// Within so many days after the intake a learner should have help.
    pub target_days: u16,
    /// Whether a buddy needs a VOG.
    pub asks_vog: bool,
    /// After so many years a VOG is asked for anew; 0 for never.
    pub vog_years: u16,
    /// Whether people can register on the public page.
    pub is_open: bool,
    /// What it tells about the norms of the certificate.
    pub norms: BTreeMap<u8, String>,
}

impl Default for TaalhuisView {
    /// As it is where nobody decided: everything asked, six weeks, a VOG of at most three years (domain 3.9), and nobody registers on a
    /// page that nobody watches.
    fn default() -> Self {
        Self {
            branch: None,
            hidden: Vec::new(),
            weights: Weights::default(),
            target_days: 42,
            asks_vog: true,
            vog_years: 3,
            is_open: false,
            norms: BTreeMap::new(),
        }
    }
}

impl TaalhuisView {
    /// Reads it.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let (root, usual) = (document.root(), Self::default());
        let hidden = root.map(document::HIDDEN);
        let weights = root.map(document::WEIGHTS);
        let weight = |part: Part| {
            let own = weights.as_ref().and_then(|map| map.small(part.as_str()));
            own.unwrap_or_else(|| usual.weights.of(part))
        };
        Self {
            branch: root.id("branch"),
            hidden: SECTIONS
                .iter()
                .filter(|section| hidden.as_ref().is_some_and(|map| map.flag(section)))
                .map(|section| (*section).to_owned())
                .collect(),
            weights: Weights {
                time: weight(Part::Time),
                distance: weight(Part::Distance),
                level: weight(Part::Level),
                language: weight(Part::Language),
                interests: weight(Part::Interests),
                place: weight(Part::Place),
                waiting: weight(Part::Waiting),
            },
            target_days: root.small(document::TARGET_DAYS).unwrap_or(usual.target_days),
            asks_vog: root.small(document::TARGET_DAYS).is_none_or(|_| root.flag(document::ASKS_VOG)),
            vog_years: root.small(document::VOG_YEARS).unwrap_or(usual.vog_years),
            is_open: root.flag(document::OPEN),
            norms: NORMS
                .map(|norm| (norm, root.string(&document::norm(norm))))
                .filter(|(_, text)| !text.is_empty())
                .collect(),
        }
    }
}
