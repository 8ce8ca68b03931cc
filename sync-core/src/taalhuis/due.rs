//! The worklist of a Taalhuis: everything that waits for a coordinator, oldest first, each with its one next act.

use super::books::Books;
use super::needs::{vog_is_in_order, vog_lasts_until};
use super::pairing::TRIAL_DAYS;
use super::rows::{LearnerFileRow, PairingRow};
use super::words::{EndReason, PairingState, Stage};
use crate::ids::{LearnerId, PairingId, VolunteerId};
use crate::time::{LocalDate, days_after};

/// So many days after a proposal both should have answered.
const ANSWER_DAYS: i64 = 7;
/// So many days without a session, and it is asked how it goes.
const SILENT_DAYS: i64 = 28;
/// So many days without a word of or about a learner, and it is asked whether help goes on: a year before the file is forgotten.
const QUIET_DAYS: i64 = 365;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskKind {
    /// Somebody looks like somebody who is here already: it is to be said whether they are one person.
    Double,
    /// Somebody came in: an intake is to be done.
    Intake,
    /// Somebody waits for a buddy longer than this Taalhuis wants.
    FindBuddy,
    /// A learner has two pairings under way: one is to be chosen.
    Choose,
    /// Two people took a pairing on apart, to different states.
    TwoAnswers,
    /// A pairing was proposed and nobody answered.
    Proposed,
    /// The day of a first meeting is over.
    Met,
    /// The trial is over.
    TrialOver,
    /// It is to be asked how it goes, after so many weeks.
    CheckIn(u16),
    /// They meet, and at the check-in it did not go well.
    Attention,
    /// They meet, and no session was logged for long.
    Silent,
    /// They meet, and the VOG of the buddy is not in order.
    NoVog,
    /// They meet, and the learner does not consent to sharing.
    NoConsent,
    /// They meet, and the learner stopped.
    LearnerEnded,
    /// They meet, and the buddy is no buddy here any more.
    BuddyLeft,
    /// It is to be asked whether a request works.
    Ask,
    /// Levels were measured half a year ago: they are to be measured once more.
    Measure,
    /// It is to be asked whether somebody who was sent on arrived.
    Nudge,
    /// For a year nothing was noted of somebody who never stopped.
    Quiet,
}

impl TaskKind {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Double => "double",
            Self::Intake => "intake",
            Self::FindBuddy => "find_buddy",
            Self::Choose => "choose",
            Self::TwoAnswers => "two_answers",
            Self::Proposed => "proposed",
            Self::Met => "met",
            Self::TrialOver => "trial_over",
            Self::CheckIn(_) => "check_in",
            Self::Attention => "attention",
            Self::Silent => "silent",
            Self::NoVog => "no_vog",
            Self::NoConsent => "no_consent",
            Self::LearnerEnded => "learner_ended",
            Self::BuddyLeft => "buddy_left",
            Self::Ask => "ask",
            Self::Measure => "measure",
            Self::Nudge => "nudge",
            Self::Quiet => "quiet",
        }
    }

    /// Whether it comes before everything else: somebody could come to harm, or two people decided apart.
    #[must_use]
    pub const fn is_urgent(self) -> bool {
        matches!(
            self,
            Self::Choose
                | Self::TwoAnswers
                | Self::NoVog
                | Self::NoConsent
                | Self::LearnerEnded
                | Self::BuddyLeft
        )
    }
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// What.
    pub kind: TaskKind,
    /// About whom.
    pub learner: LearnerId,
    /// About which pairing.
    pub pairing: Option<PairingId>,
    /// Since when it waits.
    pub since: LocalDate,
}

/// Whether somebody who stopped is asked on this day whether it works: for a year, since what was learned shows later; and not who died, moved
/// away or wants to be left alone.
fn is_asked_after(file: &LearnerFileRow, today: LocalDate) -> bool {
    let gone = matches!(file.end_reason, Some(EndReason::Death | EndReason::Moved | EndReason::Consent));
    !gone && file.ended_on.is_some_and(|ended| today <= days_after(ended, QUIET_DAYS))
}

fn of_learners(books: &Books, today: LocalDate, tasks: &mut Vec<Task>) {
    for (learner, file) in &books.files {
        let mut add = |kind: TaskKind, since: Option<LocalDate>| {
            if let Some(since) = since.filter(|since| *since <= today) {
                tasks.push(Task { kind, learner: *learner, pairing: None, since });
            }
        };
        if books.alike.contains_key(learner) {
            add(TaskKind::Double, file.registered_on);
        }
        match file.stage {
            Stage::Registered => add(TaskKind::Intake, file.registered_on),
            Stage::Waiting => {
                add(TaskKind::FindBuddy, books.late_from(*learner));
                let mut live: Vec<Option<LocalDate>> =
                    books.live(*learner).map(|(_, row)| row.proposed_on).collect();
                live.sort_unstable();
                add(TaskKind::Choose, live.get(1).copied().flatten().filter(|_| !file.has_several));
                add(TaskKind::Ask, file.ask_on);
                // Of who learns: who waits is measured when help begins.
                if books.in_courses.contains(learner)
                    || books.live(*learner).any(|(_, row)| row.state().meets())
                {
                    add(TaskKind::Measure, file.measure_on);
                }
                add(TaskKind::Quiet, books.heard(*learner).map(|on| days_after(on, QUIET_DAYS)));
            }
            Stage::Ended => add(TaskKind::Ask, file.ask_on.filter(|_| is_asked_after(file, today))),
            Stage::Joined => {}
        }
        if file.stage != Stage::Joined {
            add(TaskKind::Nudge, file.nudge_on);
        }
    }
}

fn of_pairing(books: &Books, row: &PairingRow, today: LocalDate) -> Vec<(TaskKind, Option<LocalDate>)> {
    let mut found = Vec::new();
    let state = row.state();
    if row.states.len() > 1 {
        found.push((TaskKind::TwoAnswers, row.since.or(row.proposed_on)));
    }
    match state {
        PairingState::Proposed => {
            found.push((TaskKind::Proposed, row.proposed_on.map(|on| days_after(on, ANSWER_DAYS))));
        }
        PairingState::IntroPlanned => found.push((TaskKind::Met, row.since.map(|on| days_after(on, 1)))),
        PairingState::Trial => {
            found.push((TaskKind::TrialOver, row.met_since.map(|on| days_after(on, TRIAL_DAYS))));
        }
        PairingState::Running | PairingState::Paused | PairingState::Ended => {}
    }
    if state.meets() {
        if let Some((week, on)) = row.check {
            found.push((TaskKind::CheckIn(week), Some(on)));
        }
        found.push((TaskKind::Attention, row.attention));
        let heard = row.last_session.max(row.met_since);
        found.push((TaskKind::Silent, heard.map(|on| days_after(on, SILENT_DAYS))));
    }
    if state.shares() {
        let file = row.user.and_then(|user| books.volunteer_files.get(&VolunteerId::of(books.branch, user)));
        if !vog_is_in_order(&books.house, file, today) {
            let until = file.and_then(|file| vog_lasts_until(&books.house, file)).or(row.since);
            found.push((TaskKind::NoVog, until.map(|on| on.min(today))));
        }
        let person = row.learner.map(|learner| books.person(learner));
        let file = person.and_then(|person| books.files.get(&person));
        if let Some(file) = file.filter(|file| file.stage == Stage::Ended) {
            found.push((TaskKind::LearnerEnded, file.ended_on));
        }
        // Only where it is known who works here.
        let left =
            !books.team.is_empty() && row.user.is_some_and(|user| books.buddies().all(|one| one != user));
        if left {
            found.push((TaskKind::BuddyLeft, row.since.map(|on| on.min(today))));
        }
        let shared =
            row.learner.and_then(|learner| books.learners.get(&learner)).is_some_and(|row| row.is_shared);
        if !shared {
            found.push((TaskKind::NoConsent, row.since.map(|on| on.min(today))));
        }
    }
    found
}

/// Everything that waits on this day: what is urgent first, then the oldest.
#[must_use]
pub(super) fn tasks(books: &Books, today: LocalDate) -> Vec<Task> {
    let mut tasks = Vec::new();
    of_learners(books, today, &mut tasks);
    for (id, row) in &books.pairings {
        let Some(learner) = row.learner.map(|named| books.person(named)) else { continue };
        let due = of_pairing(books, row, today).into_iter();
        tasks.extend(due.filter_map(|(kind, since)| {
            let since = since.filter(|since| *since <= today)?;
            Some(Task { kind, learner, pairing: Some(*id), since })
        }));
    }
    tasks.sort_by_key(|task| (!task.kind.is_urgent(), task.since, task.kind, task.learner));
    tasks
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::rows::LearnerRow;
    use super::*;
    use crate::access::Role;
    use crate::ids::{BranchId, UserId};
    use crate::time::Timestamp;
    use crate::volunteers::VogState;
    use crate::volunteers::view::VolunteerFileRow;

    const LEARNER: LearnerId = LearnerId(Uuid::from_u128(2));
    const BUDDY: UserId = UserId(Uuid::from_u128(3));

    fn today() -> LocalDate {
        Timestamp(1_795_507_200_000).local_date()
    }

    #[expect(clippy::unnecessary_wraps, reason = "every date of a row is one that may be missing")]
    fn ago(days: i64) -> Option<LocalDate> {
        Some(days_after(today(), -days))
    }

    fn books(stage: Stage, pairings: &[PairingRow]) -> Books {
        let branch = BranchId(Uuid::from_u128(1));
        let file = LearnerFileRow {
            learner: Some(LEARNER),
            stage,
            registered_on: ago(60),
            intake_on: ago(50),
            ..LearnerFileRow::default()
        };
        let vog = VolunteerFileRow { vog: VogState::Seen, vog_on: ago(100), ..VolunteerFileRow::default() };
        Books {
            branch,
            learners: [(LEARNER, LearnerRow { is_shared: true, ..LearnerRow::default() })].into(),
            files: [(LEARNER, file)].into(),
            pairings: (10..).map(|id| PairingId(Uuid::from_u128(id))).zip(pairings.iter().cloned()).collect(),
            volunteer_files: [(VolunteerId::of(branch, BUDDY), vog)].into(),
            team: [(BUDDY, ("Vera".to_owned(), vec![Role::Buddy]))].into(),
            ..Books::default()
        }
    }

    fn pairing(state: PairingState, since: i64) -> PairingRow {
        PairingRow {
            learner: Some(LEARNER),
            user: Some(BUDDY),
            states: vec![state],
            proposed_on: ago(since + 5),
            since: ago(since),
            met_since: state.meets().then(|| ago(since)).flatten(),
            ..PairingRow::default()
        }
    }

    fn kinds(books: &Books) -> Vec<TaskKind> {
        books.tasks(today()).into_iter().map(|task| task.kind).collect()
    }

    #[test]
    fn who_waits_longer_than_wanted_is_told_until_a_pairing_is_under_way() {
        assert_eq!(kinds(&books(Stage::Registered, &[])), [TaskKind::Intake]);
        assert_eq!(kinds(&books(Stage::Waiting, &[])), [TaskKind::FindBuddy]);
        let mut patient = books(Stage::Waiting, &[]);
        patient.house.target_days = 51;
        assert_eq!(kinds(&patient), []);
        assert_eq!(kinds(&books(Stage::Waiting, &[pairing(PairingState::IntroPlanned, -2)])), []);
        let mut helped = pairing(PairingState::Ended, 41);
        helped.met_since = ago(49);
        assert_eq!(
            kinds(&books(Stage::Waiting, &[helped.clone()])),
            [],
            "the clock ran anew when help ended"
        );
        helped.since = ago(42);
        assert_eq!(kinds(&books(Stage::Waiting, &[helped])), [TaskKind::FindBuddy]);
        let never_met = pairing(PairingState::Ended, 2);
        assert_eq!(
            kinds(&books(Stage::Waiting, &[never_met])),
            [TaskKind::FindBuddy],
            "a proposal is no help"
        );
        assert_eq!(kinds(&books(Stage::Ended, &[])), []);
    }

    #[test]
    fn every_state_of_a_pairing_asks_for_its_next_act() {
        let of = |row: PairingRow| kinds(&books(Stage::Waiting, &[row]));
        assert_eq!(of(pairing(PairingState::Proposed, 3)), [TaskKind::Proposed]);
        assert_eq!(of(pairing(PairingState::IntroPlanned, 1)), [TaskKind::Met]);
        let check = Some((2, days_after(today(), -1)));
        let trial = PairingRow { check, last_session: ago(3), ..pairing(PairingState::Trial, 45) };
        assert_eq!(of(trial), [TaskKind::TrialOver, TaskKind::CheckIn(2)]);
        assert_eq!(of(pairing(PairingState::Running, 30)), [TaskKind::Silent]);
        let heard = PairingRow { last_session: ago(2), ..pairing(PairingState::Running, 90) };
        assert_eq!(of(heard), []);
    }

    #[test]
    fn who_learns_is_measured_once_more_after_half_a_year_and_who_waits_is_not() {
        let meets = PairingRow { last_session: ago(2), ..pairing(PairingState::Running, 90) };
        let mut measured = books(Stage::Waiting, &[meets]);
        for file in measured.files.values_mut() {
            file.measure_on = ago(1);
        }
        assert_eq!(kinds(&measured), [TaskKind::Measure]);
        for file in measured.files.values_mut() {
            file.measure_on = ago(-1);
        }
        assert_eq!(kinds(&measured), []);
        let mut waits = books(Stage::Waiting, &[]);
        for file in waits.files.values_mut() {
            file.measure_on = ago(1);
        }
        assert_eq!(kinds(&waits), [TaskKind::FindBuddy]);
    }

    #[test]
    fn whether_it_works_is_asked_of_who_stopped_too_for_a_year() {
        let stopped = |reason, ended: i64, asked: i64| {
            let mut books = books(Stage::Ended, &[]);
            for file in books.files.values_mut() {
                (file.end_reason, file.ended_on, file.ask_on) = (Some(reason), ago(ended), ago(asked));
            }
            kinds(&books)
        };
        assert_eq!(stopped(EndReason::Succeeded, 200, 20), [TaskKind::Ask]);
        assert_eq!(stopped(EndReason::Succeeded, 200, -1), [], "not yet");
        assert_eq!(stopped(EndReason::Succeeded, 366, 20), [], "that is more than a year later");
        for reason in [EndReason::Death, EndReason::Moved, EndReason::Consent] {
            assert_eq!(stopped(reason, 200, 20), []);
        }
    }

    #[test]
    fn what_waits_for_an_answer_is_told_from_its_day_on() {
        let mut asks = books(Stage::Registered, &[]);
        for (ask, nudge, expected) in
            [(1, 1, vec![TaskKind::Intake, TaskKind::Nudge]), (1, -1, vec![TaskKind::Intake])]
        {
            for file in asks.files.values_mut() {
                (file.ask_on, file.nudge_on) = (ago(ask), ago(nudge));
            }
            assert_eq!(kinds(&asks), expected, "who had no intake asked nothing yet");
        }
        let meets = PairingRow { last_session: ago(2), ..pairing(PairingState::Running, 90) };
        let mut learns = books(Stage::Waiting, std::slice::from_ref(&meets));
        for (days, expected) in [(0, vec![TaskKind::Ask]), (-1, vec![])] {
            for file in learns.files.values_mut() {
                file.ask_on = ago(days);
            }
            assert_eq!(kinds(&learns), expected);
        }
        let worried = PairingRow { attention: ago(3), ..meets };
        assert_eq!(kinds(&books(Stage::Waiting, std::slice::from_ref(&worried))), [TaskKind::Attention]);
        let ended = PairingRow { states: vec![PairingState::Ended], met_since: None, ..worried };
        let mut patient = books(Stage::Waiting, &[ended]);
        patient.house.target_days = 999;
        assert_eq!(kinds(&patient), [], "it ended");
    }

    #[test]
    fn of_whom_nothing_was_noted_for_a_year_is_asked_about() {
        let quiet = |change: fn(&mut Books)| {
            let mut books = books(Stage::Waiting, &[pairing(PairingState::Ended, 400)]);
            books.house.target_days = u16::MAX;
            for file in books.files.values_mut() {
                (file.registered_on, file.intake_on) = (ago(500), ago(450));
            }
            change(&mut books);
            kinds(&books).contains(&TaskKind::Quiet)
        };
        assert!(quiet(|_| {}), "the last word was the end of a pairing, more than a year ago");
        assert!(!quiet(|books| books.files.values_mut().for_each(|file| file.last_contact = ago(364))));
        assert!(!quiet(|books| books.pairings.values_mut().for_each(|row| row.last_session = ago(30))));
        assert!(!quiet(|books| books.in_courses.extend([LEARNER])), "whoever is in a course is seen there");
        assert!(!quiet(|books| books.files.values_mut().for_each(|file| file.stage = Stage::Ended)));
    }

    #[test]
    fn what_could_harm_somebody_comes_first() {
        let meets = PairingRow { last_session: ago(2), ..pairing(PairingState::Running, 90) };
        let mut without = books(Stage::Waiting, std::slice::from_ref(&meets));
        without.volunteer_files.clear();
        assert_eq!(kinds(&without), [TaskKind::NoVog]);
        let mut withdrawn = books(Stage::Waiting, std::slice::from_ref(&meets));
        withdrawn.learners.insert(LEARNER, LearnerRow::default());
        assert_eq!(kinds(&withdrawn), [TaskKind::NoConsent]);
        let two = [pairing(PairingState::Proposed, 60), PairingRow { proposed_on: ago(1), ..meets.clone() }];
        assert_eq!(kinds(&books(Stage::Waiting, &two)), [TaskKind::Choose, TaskKind::Proposed]);
        let mut meant = books(Stage::Waiting, &two);
        for file in meant.files.values_mut() {
            file.has_several = true;
        }
        assert_eq!(kinds(&meant), [TaskKind::Proposed], "both are meant");
        let apart = PairingRow { states: vec![PairingState::Running, PairingState::Paused], ..meets };
        assert_eq!(kinds(&books(Stage::Waiting, &[apart])), [TaskKind::TwoAnswers]);
    }

    #[test]
    fn a_pairing_of_somebody_who_left_is_to_be_ended() {
        let meets = PairingRow { last_session: ago(2), ..pairing(PairingState::Running, 90) };
        let mut stopped = books(Stage::Ended, std::slice::from_ref(&meets));
        for file in stopped.files.values_mut() {
            file.ended_on = ago(1);
        }
        assert_eq!(kinds(&stopped), [TaskKind::LearnerEnded]);
        let mut left = books(Stage::Waiting, &[meets]);
        left.team = [(BUDDY, ("Vera".to_owned(), vec![Role::Deliverer]))].into();
        assert_eq!(kinds(&left), [TaskKind::BuddyLeft]);
    }

    #[test]
    fn a_likely_double_comes_before_its_intake() {
        let mut books = books(Stage::Registered, &[]);
        books.alike.insert(LEARNER, vec![LearnerId(Uuid::from_u128(9))]);
        assert_eq!(kinds(&books), [TaskKind::Double, TaskKind::Intake]);
    }

    #[test]
    fn a_learner_without_a_buddy_is_in_the_proposal() {
        let books = books(Stage::Waiting, &[]);
        assert_eq!(books.waiting(), [LEARNER]);
        let proposal = books.proposal(today());
        assert_eq!(proposal.pairs.len(), 1);
        assert_eq!(books.user_of(proposal.pairs[0].volunteer), Some(BUDDY));
        assert_eq!(books.shortlist(LEARNER, today()).len(), 1);
        assert_eq!(books.name(LEARNER), "");
    }
}
