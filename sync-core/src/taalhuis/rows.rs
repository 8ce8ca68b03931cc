//! The rows of learners, pairings and groups in a list: what lists, the worklist and the matching need, without loading a document.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::level::{Scale, Skill};
use super::view::{GroupView, LearnerFileView, LearnerView, LevelView, PairingView, RequestView};
use super::words::{EndReason, GroupKind, PairingState, Purpose, Reached, Stage, WaitReason, WayIn};
use crate::ids::{BranchId, LearnerId, UserId, VolunteerId};
use crate::questions::Answers;
use crate::time::{LocalDate, days_after};

/// After so many days it is asked again whether it works: three, six and twelve months.
const ASK_DAYS: [i64; 3] = [91, 182, 365];
/// After so many days it is asked whether who was sent on arrived.
const NUDGE_DAYS: i64 = 21;

/// A learner in a list, of the part that a buddy gets too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerRow {
    /// The branch of the Taalhuis.
    pub branch: Option<BranchId>,
    /// What was answered, but for free text.
    pub answers: Answers,
    /// Whether a buddy may have it.
    pub is_shared: bool,
}

impl From<LearnerView> for LearnerRow {
    fn from(view: LearnerView) -> Self {
        let is_shared = view.consents_to(Purpose::Buddy);
        let mut answers = view.answers;
        answers.0.retain(|key, _| key != "availability_note" && key != "email");
        Self { branch: view.branch, answers, is_shared }
    }
}

/// A learner in a list, of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerFileRow {
    /// The branch of the Taalhuis.
    pub branch: Option<BranchId>,
    /// Whose.
    pub learner: Option<LearnerId>,
    /// How far the learner is.
    pub stage: Stage,
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
    /// Why the learner waits.
    pub wait_reason: Option<WaitReason>,
    /// The last contact that was noted.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub last_contact: Option<LocalDate>,
    /// From this day on it is to be asked whether it works.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub ask_on: Option<LocalDate>,
    /// From this day on levels are to be measured once more: half a year after the last time.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub measure_on: Option<LocalDate>,
    /// From this day on it is to be asked whether the learner arrived at a partner.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub nudge_on: Option<LocalDate>,
    /// Whether the learner follows something at a partner now: that is help.
    pub follows: bool,
    /// When the last of that ended.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub followed_until: Option<LocalDate>,
    /// The answers by which people are matched, counted and found.
    pub answers: Answers,
    /// Whether some level says that reading only begins.
    pub is_beginner: bool,
    /// Whether a goal was reached.
    pub reached: Option<Reached>,
    /// The learner who is the same person.
    pub joined_into: Option<LearnerId>,
    /// Learners who look alike and are somebody else.
    pub apart: BTreeSet<LearnerId>,
    /// Volunteers whom the learner never meets.
    pub never: BTreeSet<VolunteerId>,
    /// Whether several buddies are meant.
    pub has_several: bool,
}

impl LearnerFileRow {
    /// Takes over what is known under another name of the same person.
    pub(super) fn take_over(&mut self, other: &Self) {
        fn first<T: Ord>(one: &mut Option<T>, other: Option<T>) {
            *one = one.take().into_iter().chain(other).min();
        }
        if self.intake_on.is_some() {
            first(&mut self.intake_on, other.intake_on);
        }
        first(&mut self.registered_on, other.registered_on);
        first(&mut self.ask_on, other.ask_on);
        first(&mut self.measure_on, other.measure_on);
        first(&mut self.nudge_on, other.nudge_on);
        first(&mut self.reached, other.reached);
        self.last_contact = self.last_contact.max(other.last_contact);
        self.follows |= other.follows;
        self.followed_until = self.followed_until.max(other.followed_until);
        self.is_beginner |= other.is_beginner;
        self.apart.extend(&other.apart);
        self.never.extend(&other.never);
    }

    /// Help goes on under this name after all.
    pub(super) const fn go_on(&mut self) {
        self.joined_into = None;
        self.stage = Stage::of(self.ended_on.is_some(), self.intake_on.is_some());
    }
}

/// The levels at which reading or writing Dutch only begins: arithmetic and digital skills say nothing of letters.
fn only_begins(level: &LevelView) -> bool {
    match level.scale {
        Scale::Nt1 => level.skill != Skill::Arithmetic && level.level == "entry",
        Scale::Cefr => matches!(level.skill, Skill::Reading | Skill::Writing) && level.level == "a0",
        Scale::Alfa => true,
        Scale::Digital | Scale::Nlqf | Scale::Ladder => false,
    }
}

/// Whether reading or writing only begins, as far as was measured: what was measured last of each counts.
fn begins(levels: &[LevelView]) -> bool {
    let mut last: BTreeMap<(Scale, Skill), &LevelView> = BTreeMap::new();
    for level in levels {
        let now = last.entry((level.scale, level.skill)).or_insert(level);
        if now.on <= level.on {
            *now = level;
        }
    }
    let newest =
        |of: fn(&LevelView) -> bool| last.values().filter(|level| of(level)).map(|level| level.on).max();
    // Whoever came from the Alfa levels to those of the ERK has left them behind.
    let letters =
        newest(|level| level.scale == Scale::Cefr && matches!(level.skill, Skill::Reading | Skill::Writing));
    last.values().any(|level| {
        only_begins(level) && (level.scale != Scale::Alfa || letters.is_none_or(|on| on < level.on))
    })
}

/// So many days after a level was measured it is measured once more: what a learner gained shows only beside a second time.
const MEASURE_DAYS: i64 = 183;

/// What a level tells of: who was tested on a computer was not tested on reading.
fn field(level: &LevelView) -> u8 {
    match (level.scale, level.skill) {
        (Scale::Ladder, _) => 3,
        (Scale::Digital, _) => 2,
        (_, Skill::Arithmetic) => 1,
        _ => 0,
    }
}

/// From when on levels are to be measured once more: of language, arithmetic, digital skills and taking part whichever was longest ago.
fn measure_on(levels: &[LevelView]) -> Option<LocalDate> {
    let mut newest: BTreeMap<u8, LocalDate> = BTreeMap::new();
    for level in levels {
        let Some(on) = level.on else { continue };
        let last = newest.entry(field(level)).or_insert(on);
        *last = (*last).max(on);
    }
    newest.into_values().min().map(|on| days_after(on, MEASURE_DAYS))
}

/// The answers of the file that stand in its row.
const KEPT: &[&str] = &[
    "prefix",
    "family_name",
    "gender",
    "birth_date",
    "birth_year",
    "postcode",
    "place",
    "team",
    "position",
    "first_language",
    "gender_wish",
    "hours_a_week",
];

/// The next day on which it is to be asked whether this request works. Of who stopped, what was due before is not asked any more.
fn ask_on(request: &RequestView, ended: Option<LocalDate>) -> Option<LocalDate> {
    let began = request.on?;
    let last = request.evaluations.last();
    if last.is_some_and(|last| last.next.closes()) {
        return None;
    }
    let asked = last.and_then(|last| last.on).max(ended);
    ASK_DAYS.into_iter().map(|days| days_after(began, days)).find(|due| {
        // Asked a little early counts too.
        asked.is_none_or(|asked| asked < days_after(*due, -14))
    })
}

impl From<LearnerFileView> for LearnerFileRow {
    fn from(view: LearnerFileView) -> Self {
        let stage = view.stage();
        let measured = begins(&view.levels);
        let said = ["none", "a0"].contains(&view.answers.get("reads")) || view.answers.get("latin") == "no";
        let measure_on = measure_on(&view.levels);
        let participations = || view.referrals.iter().filter_map(|referral| referral.participation.as_ref());
        let mut answers = view.answers;
        answers.0.retain(|key, _| KEPT.contains(&key.as_str()));
        Self {
            branch: view.branch,
            learner: view.learner,
            stage,
            way: view.way,
            registered_on: view.registered_on,
            intake_on: view.intake_on,
            ended_on: view.ended_on,
            end_reason: view.end_reason,
            wait_reason: view.wait_reason,
            last_contact: view.contacts.iter().filter_map(|contact| contact.on).max(),
            ask_on: view.requests.iter().filter_map(|request| ask_on(request, view.ended_on)).min(),
            measure_on,
            nudge_on: view
                .referrals
                .iter()
                .filter(|referral| referral.has_arrived.is_none())
                .filter_map(|referral| Some(days_after(referral.on?, NUDGE_DAYS)))
                .min(),
            follows: participations().any(|one| one.finished_on.is_none()),
            followed_until: participations().filter_map(|one| one.finished_on).max(),
            answers,
            is_beginner: measured || said,
            reached: view
                .requests
                .iter()
                .flat_map(|request| &request.evaluations)
                .map(|one| one.reached)
                .min(),
            joined_into: view.joined_into,
            apart: view.apart,
            never: view.never,
            has_several: view.has_several,
        }
    }
}

/// A pairing in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PairingRow {
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
    /// Since when it stands so; for [`PairingState::IntroPlanned`] the day of the first meeting.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub since: Option<LocalDate>,
    /// When the trial began.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub met_since: Option<LocalDate>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// The last session.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub last_session: Option<LocalDate>,
    /// How many sessions.
    pub sessions: u32,
    /// How long they were together, in minutes.
    pub minutes: u32,
    /// The next check-in: after how many weeks, and from which day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<String>>))]
    pub check: Option<(u16, LocalDate)>,
    /// Since when it is known that it does not go well, and nothing was done about it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub attention: Option<LocalDate>,
}

impl PairingRow {
    /// How it stands.
    #[must_use]
    pub fn state(&self) -> PairingState {
        self.states.first().copied().unwrap_or_default()
    }
}

impl From<PairingView> for PairingRow {
    fn from(view: PairingView) -> Self {
        let met_since = view.since(PairingState::Trial);
        let check = met_since.filter(|_| view.state().meets()).and_then(|since| {
            let next = view.next_check()?;
            Some((next, days_after(since, i64::from(next) * 7)))
        });
        let state = view.state();
        let last = view.checks.iter().max_by_key(|check| (check.on, check.week));
        let attention = last.filter(|last| {
            state.meets()
                && last.goes.needs_attention()
                && view.steps.iter().all(|step| step.on < last.on || step.state == PairingState::Trial)
        });
        let attention = attention.and_then(|last| last.on);
        Self {
            branch: view.branch,
            learner: view.learner,
            attention,
            volunteer: view.volunteer,
            user: view.user,
            proposed_on: view.proposed_on,
            since: if state == PairingState::Proposed { view.proposed_on } else { view.since(state) },
            met_since,
            end_reason: view.steps.iter().rev().find_map(|step| step.reason),
            last_session: view.sessions.last().and_then(|session| session.on),
            sessions: u32::try_from(view.sessions.len()).unwrap_or(u32::MAX),
            minutes: view.sessions.iter().map(|session| u32::from(session.minutes)).sum(),
            check,
            states: view.states,
        }
    }
}

/// A group in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupRow {
    /// The branch of the Taalhuis.
    pub branch: Option<BranchId>,
    /// What people call it.
    pub name: String,
    /// When and where it meets.
    pub when: String,
    /// What kind.
    pub kind: GroupKind,
    /// Who learns.
    pub members: Vec<LearnerId>,
    /// On which day each was last there, whoever left since too.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub seen: BTreeMap<LearnerId, LocalDate>,
    /// Who helps.
    pub buddies: Vec<UserId>,
    /// The last meeting.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub last_meeting: Option<LocalDate>,
    /// How many meetings.
    pub meetings: u32,
    /// At how many meetings each buddy helped, and for how long, in minutes.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<String>>))]
    pub helpers: Vec<(UserId, u32, u32)>,
    /// When it ended.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub ended_on: Option<LocalDate>,
}

impl From<GroupView> for GroupRow {
    fn from(view: GroupView) -> Self {
        let mut helpers: BTreeMap<UserId, (u32, u32)> = BTreeMap::new();
        let mut seen = BTreeMap::new();
        for meeting in &view.meetings {
            // By day, so the last one stays.
            seen.extend(meeting.on.iter().flat_map(|on| meeting.present.iter().map(|one| (*one, *on))));
            for user in &meeting.helped {
                let (times, minutes) = helpers.entry(*user).or_default();
                (*times, *minutes) = (*times + 1, *minutes + u32::from(meeting.minutes));
            }
        }
        Self {
            helpers: helpers.into_iter().map(|(user, (times, minutes))| (user, times, minutes)).collect(),
            branch: view.branch,
            name: view.name,
            when: view.when,
            kind: view.kind,
            seen,
            members: view.members.into_iter().map(|(id, _)| id).collect(),
            buddies: view.buddies.into_iter().map(|(id, _)| id).collect(),
            last_meeting: view.meetings.last().and_then(|meeting| meeting.on),
            meetings: u32::try_from(view.meetings.len()).unwrap_or(u32::MAX),
            ended_on: view.ended_on,
        }
    }
}
