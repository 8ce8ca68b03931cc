//! What a coordinator's device knows of one Taalhuis, put together from the rows of its documents: enough for every list, for the
//! worklist and for matching, without loading a document.

use std::collections::{BTreeMap, BTreeSet};

use super::doubles::{likeness, persons};
use super::due::{self, Task};
use super::matching::{BuddyOffer, Candidate, LearnerNeed, Proposal, propose, shortlist};
use super::needs::{self, Known, need};
use super::rows::{GroupRow, LearnerFileRow, LearnerRow, PairingRow};
use super::view::TaalhuisView;
use super::words::{GroupKind, PairingState, Stage};
use crate::access::Role;
use crate::doubles::Crowd;
use crate::ids::{BranchId, DocumentId, LearnerId, PairingId, UserId, VolunteerId};
use crate::summary::Summary;
use crate::time::{LocalDate, days_after};
use crate::volunteers::view::{VolunteerFileRow, VolunteerView};

/// Everything of one Taalhuis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// The branch.
    pub branch: BranchId,
    /// How it works.
    pub house: TaalhuisView,
    /// Its learners.
    pub learners: BTreeMap<LearnerId, LearnerRow>,
    /// Their files.
    pub files: BTreeMap<LearnerId, LearnerFileRow>,
    /// Learners who turned out to be somebody else here, with the one under whom help goes on.
    pub joined: BTreeMap<LearnerId, LearnerId>,
    /// Who looks like somebody who came before and was not said to be the same person or another one; see [`Books::compare`].
    pub alike: BTreeMap<LearnerId, Vec<LearnerId>>,
    /// The pairings.
    pub pairings: BTreeMap<PairingId, PairingRow>,
    /// Who learns in a course that goes on, here or at a partner: that is help. A Taalcafé is not, whoever comes there waits on.
    pub in_courses: BTreeSet<LearnerId>,
    /// On which day each was last at a meeting of some group.
    pub seen: BTreeMap<LearnerId, LocalDate>,
    /// On which day the last course of each ended, as far as it is known: of who left one, when that one last was there.
    pub course_until: BTreeMap<LearnerId, LocalDate>,
    /// The own parts of volunteers.
    pub volunteers: BTreeMap<VolunteerId, VolunteerView>,
    /// The files of volunteers.
    pub volunteer_files: BTreeMap<VolunteerId, VolunteerFileRow>,
    /// Who works here: the name and the roles.
    pub team: BTreeMap<UserId, (String, Vec<Role>)>,
}

impl Books {
    /// Puts them together from these rows, which may be of other branches too.
    pub fn gather<'a>(branch: BranchId, rows: impl Iterator<Item = (DocumentId, &'a Summary)>) -> Self {
        let mut books = Self { branch, ..Self::default() };
        let here = Some(branch);
        for (id, row) in rows {
            match row {
                Summary::Taalhuis(view) if view.branch == here => books.house = view.clone(),
                Summary::Learner(row) if row.branch == here => {
                    books.learners.insert(id.into(), row.clone());
                }
                Summary::LearnerFile(row) if row.branch == here => {
                    if let Some(learner) = row.learner {
                        books.add_file(learner, row);
                    }
                }
                Summary::Pairing(row) if row.branch == here => {
                    books.pairings.insert(id.into(), row.clone());
                }
                Summary::Group(row) if row.branch == here => books.add_group(row),
                Summary::Volunteer(view) if view.branch == here => {
                    books.volunteers.insert(id.into(), view.clone());
                }
                Summary::VolunteerFile(row) if row.branch == here => {
                    if let Some(user) = row.user {
                        books.volunteer_files.insert(VolunteerId::of(branch, user), row.clone());
                    }
                }
                Summary::Team(team) if id == branch.team_document() => {
                    let members = team.members.iter();
                    books.team = members
                        .map(|member| (member.user, (member.name.clone(), member.roles.clone())))
                        .collect();
                }
                _ => {}
            }
        }
        books.join();
        books
    }

    fn add_file(&mut self, learner: LearnerId, row: &LearnerFileRow) {
        if row.follows {
            self.in_courses.insert(learner);
        }
        if let Some(on) = row.followed_until {
            let last = self.course_until.entry(learner).or_insert(on);
            *last = (*last).max(on);
        }
        self.files.insert(learner, row.clone());
    }

    fn add_group(&mut self, row: &GroupRow) {
        for (learner, on) in &row.seen {
            let last = self.seen.entry(*learner).or_insert(*on);
            *last = (*last).max(*on);
            let is_in = row.ended_on.is_none() && row.members.contains(learner);
            if row.kind == GroupKind::Course && !is_in {
                let last = self.course_until.entry(*learner).or_insert(*on);
                *last = (*last).max(*on);
            }
        }
        if row.kind == GroupKind::Course && row.ended_on.is_none() {
            self.in_courses.extend(&row.members);
        }
    }

    /// Takes what is known under several names of one person together, under the one that goes on.
    fn join(&mut self) {
        let into = self.files.iter().filter_map(|(id, file)| Some((*id, file.joined_into?)));
        // Into somebody who is not here: nobody goes on in that name, so this one does.
        let into = into.filter(|(_, other)| self.files.contains_key(other)).collect();
        self.joined = persons(&into);
        for (id, file) in &mut self.files {
            if file.joined_into.is_some() && !self.joined.contains_key(id) {
                file.go_on();
            }
        }
        for (other, person) in self.joined.clone() {
            let Some(theirs) = self.files.get(&other).cloned() else { continue };
            if let Some(file) = self.files.get_mut(&person) {
                file.take_over(&theirs);
            }
        }
        self.in_courses = self.in_courses.iter().map(|learner| self.person(*learner)).collect();
        for (other, person) in &self.joined {
            for days in [&mut self.seen, &mut self.course_until] {
                if let Some(on) = days.get(other).copied() {
                    let last = days.entry(*person).or_insert(on);
                    *last = (*last).max(on);
                }
            }
        }
    }

    /// The learner under whom help goes on, of all names of one person.
    #[must_use]
    pub fn person(&self, learner: LearnerId) -> LearnerId {
        self.joined.get(&learner).copied().unwrap_or(learner)
    }

    /// Finds who looks like whom, for the worklist; `fold` takes accents and capitals away. Of two who both stopped nothing is asked.
    #[must_use]
    pub fn compare(mut self, fold: impl Fn(&str) -> String) -> Self {
        let mut order: Vec<(Option<LocalDate>, LearnerId)> = self
            .files
            .iter()
            .filter(|(id, _)| !self.joined.contains_key(id))
            .map(|(id, file)| (file.registered_on, *id))
            .collect();
        order.sort_unstable();
        let mut crowd = Crowd::default();
        for (_, learner) in order {
            let (Some(row), Some(file)) = (self.learners.get(&learner), self.files.get(&learner)) else {
                continue;
            };
            let own = likeness(row, Some(file), &fold);
            let unsettled = |other: &LearnerId| {
                let theirs = self.files.get(other);
                let apart = file.apart.contains(other)
                    || theirs.is_some_and(|theirs| theirs.apart.contains(&learner));
                let over = file.ended_on.is_some() && theirs.is_some_and(|theirs| theirs.ended_on.is_some());
                !apart && !over
            };
            let like: Vec<LearnerId> =
                crowd.find_all(&own).copied().filter(|other| unsettled(other)).collect();
            if !like.is_empty() {
                self.alike.insert(learner, like);
            }
            crowd.add(own, learner);
        }
        self
    }

    /// Of two names of one person the one under which help goes on: who did not stop, whose intake was done, who came first.
    #[must_use]
    pub fn goes_on(&self, one: LearnerId, other: LearnerId) -> LearnerId {
        let rank = |learner: &LearnerId| {
            let file = self.files.get(learner);
            let ended = file.is_none_or(|file| file.ended_on.is_some());
            let taken_in = file.is_some_and(|file| file.intake_on.is_some());
            (ended, !taken_in, file.and_then(|file| file.registered_on), *learner)
        };
        if rank(&one) <= rank(&other) { one } else { other }
    }

    /// What a learner is called: both names, as far as they are known.
    #[must_use]
    pub fn name(&self, learner: LearnerId) -> String {
        let told = self.learners.get(&learner).map_or("", |row| row.answers.get("call_name"));
        let file = self.files.get(&learner).map(|file| &file.answers);
        let family = file.map_or("", |answers| answers.get("family_name"));
        let prefix = file.map_or("", |answers| answers.get("prefix"));
        [told, prefix, family].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// What a volunteer is called.
    #[must_use]
    pub fn buddy_name(&self, user: UserId) -> String {
        let own = || self.volunteers.get(&VolunteerId::of(self.branch, user));
        let named = self.team.get(&user).map(|(name, _)| name.clone());
        named.or_else(|| own().map(|own| own.answers.get("name").to_owned())).unwrap_or_default()
    }

    /// Everybody who is a buddy here.
    pub fn buddies(&self) -> impl Iterator<Item = UserId> {
        self.team.iter().filter(|(_, (_, roles))| roles.contains(&Role::Buddy)).map(|(user, _)| *user)
    }

    /// The pairings of a learner, the newest first.
    #[must_use]
    pub fn pairings_of(&self, learner: LearnerId) -> Vec<(PairingId, &PairingRow)> {
        let own = self.pairings.iter().filter(|(_, row)| {
            row.learner.is_some_and(|named| named == learner || self.person(named) == learner)
        });
        let mut own: Vec<(PairingId, &PairingRow)> = own.map(|(id, row)| (*id, row)).collect();
        own.sort_by_key(|(id, row)| (core::cmp::Reverse(row.proposed_on), *id));
        own
    }

    /// What a learner needs; nothing when there is no file yet.
    #[must_use]
    pub fn need(&self, learner: LearnerId) -> Option<LearnerNeed> {
        let (row, file) = (self.learners.get(&learner)?, self.files.get(&learner)?);
        Some(need(learner, row, file, self.waiting_since(learner)))
    }

    /// Since when a learner is without help: since the intake, or since the last help ended. Who was helped before does not go before
    /// somebody who never was.
    #[must_use]
    pub fn waiting_since(&self, learner: LearnerId) -> Option<LocalDate> {
        let file = self.files.get(&learner)?;
        let since = file.intake_on.or(file.registered_on);
        let helped = self.pairings_of(learner).into_iter().map(|(_, row)| row);
        let helped = helped.filter(|row| row.met_since.is_some() && row.state() == PairingState::Ended);
        helped.filter_map(|row| row.since).chain(self.course_until.get(&learner).copied()).chain(since).max()
    }

    /// What every buddy offers on this day.
    #[must_use]
    pub fn offers(&self, today: LocalDate) -> Vec<BuddyOffer> {
        self.buddies().map(|user| self.offer(user, today)).collect()
    }

    fn offer(&self, user: UserId, today: LocalDate) -> BuddyOffer {
        let volunteer = VolunteerId::of(self.branch, user);
        let known = Known {
            roles: self.team.get(&user).map_or(&[], |(_, roles)| roles),
            own: self.volunteers.get(&volunteer),
            file: self.volunteer_files.get(&volunteer),
        };
        let own = self.pairings.values().filter(|row| row.user == Some(user));
        let pairings = own.map(|row| {
            let file = row.learner.and_then(|learner| self.files.get(&learner));
            (row, needs::minutes_a_week(file))
        });
        let mut offer = needs::offer(volunteer, known, pairings, &self.house, today);
        offer.meets = offer.meets.iter().map(|learner| self.person(*learner)).collect();
        offer
    }

    /// The account of a volunteer of this branch.
    #[must_use]
    pub fn user_of(&self, volunteer: VolunteerId) -> Option<UserId> {
        self.team.keys().copied().find(|user| VolunteerId::of(self.branch, *user) == volunteer)
    }

    /// Whether a learner waits for help: the intake was done, and there is neither a pairing under way nor a course.
    #[must_use]
    pub fn waits(&self, learner: LearnerId) -> bool {
        let stage = self.files.get(&learner).map(|file| file.stage);
        stage == Some(Stage::Waiting)
            && !self.in_courses.contains(&learner)
            && self.live(learner).next().is_none()
    }

    /// From which day on a learner who waits does so longer than this Taalhuis wants.
    #[must_use]
    pub fn late_from(&self, learner: LearnerId) -> Option<LocalDate> {
        let since = self.waiting_since(learner).filter(|_| self.waits(learner))?;
        Some(days_after(since, i64::from(self.house.target_days)))
    }

    /// Whether that day has come.
    #[must_use]
    pub fn waits_too_long(&self, learner: LearnerId, today: LocalDate) -> bool {
        self.late_from(learner).is_some_and(|from| from <= today)
    }

    /// The last day on which something was noted of a learner; nothing for who is in a course, where people see each other. A partner
    /// tells nothing of itself.
    #[must_use]
    pub fn heard(&self, learner: LearnerId) -> Option<LocalDate> {
        let file =
            self.files.get(&learner).filter(|file| file.follows || !self.in_courses.contains(&learner))?;
        let own = [file.registered_on, file.intake_on, self.last_contact(learner)];
        let met = self.pairings_of(learner).into_iter();
        let met = met.flat_map(|(_, row)| [row.proposed_on, row.since]);
        own.into_iter().chain(met).flatten().max()
    }

    /// The last day on which somebody met or spoke a learner: a contact that was noted, a session, a meeting of a group.
    #[must_use]
    pub fn last_contact(&self, learner: LearnerId) -> Option<LocalDate> {
        let noted = self.files.get(&learner).and_then(|file| file.last_contact);
        let met = self.pairings_of(learner).into_iter().filter_map(|(_, row)| row.last_session);
        met.chain(noted).chain(self.seen.get(&learner).copied()).max()
    }

    /// Who waits for a buddy, the longest first.
    #[must_use]
    pub fn waiting(&self) -> Vec<LearnerId> {
        let mut all: Vec<(Option<LocalDate>, LearnerId)> = self
            .files
            .iter()
            .filter(|(id, _)| self.waits(**id))
            .map(|(id, _)| (self.waiting_since(*id), *id))
            .collect();
        all.sort_unstable();
        all.into_iter().map(|(_, id)| id).collect()
    }

    /// Every buddy for this learner, the best first.
    #[must_use]
    pub fn shortlist(&self, learner: LearnerId, today: LocalDate) -> Vec<Candidate> {
        let Some(need) = self.need(learner) else { return Vec::new() };
        shortlist(&need, &self.offers(today), &self.house.weights, today)
    }

    /// A proposal for everybody who waits.
    #[must_use]
    pub fn proposal(&self, today: LocalDate) -> Proposal {
        let needs: Vec<LearnerNeed> =
            self.waiting().into_iter().filter_map(|learner| self.need(learner)).collect();
        propose(&needs, &self.offers(today), &self.house.weights, today)
    }

    /// Everything that waits for a coordinator.
    #[must_use]
    pub fn tasks(&self, today: LocalDate) -> Vec<Task> {
        due::tasks(self, today)
    }

    /// The pairings of a learner that are under way.
    pub(super) fn live(&self, learner: LearnerId) -> impl Iterator<Item = (&PairingId, &PairingRow)> {
        self.pairings
            .iter()
            .filter(move |(_, row)| row.learner.map(|named| self.person(named)) == Some(learner))
            .filter(|(_, row)| row.state() != PairingState::Ended)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::questions::Answers;
    use crate::time::Timestamp;

    fn learner(id: u128) -> LearnerId {
        LearnerId(Uuid::from_u128(id))
    }

    /// Two names of one person: the second was joined into the first, and meets a buddy.
    fn joined() -> Books {
        let branch = BranchId(Uuid::from_u128(1));
        let (one, other) = (learner(3), learner(4));
        let day = |day: u32| LocalDate::from_ymd_opt(2026, 3, day);
        let file = |learner: LearnerId, stage: Stage| LearnerFileRow {
            branch: Some(branch),
            learner: Some(learner),
            stage,
            intake_on: day(9),
            ..LearnerFileRow::default()
        };
        let twin = LearnerFileRow {
            joined_into: Some(one),
            intake_on: day(2),
            ask_on: day(30),
            never: [VolunteerId(Uuid::from_u128(77))].into(),
            ..file(other, Stage::Joined)
        };
        let pairing = PairingRow {
            branch: Some(branch),
            learner: Some(other),
            user: Some(UserId(Uuid::from_u128(2))),
            states: vec![PairingState::Running],
            ..PairingRow::default()
        };
        let rows = [
            (one.file(), Summary::LearnerFile(file(one, Stage::Waiting))),
            (other.file(), Summary::LearnerFile(twin)),
            (DocumentId(Uuid::from_u128(13)), Summary::Pairing(pairing)),
        ];
        Books::gather(branch, rows.iter().map(|(id, row)| (*id, row)))
    }

    #[test]
    fn two_names_of_one_person_are_one_learner() {
        let books = joined();
        let one = learner(3);
        assert_eq!(books.person(learner(4)), one);
        assert!(!books.waits(one), "the other name has a buddy");
        assert_eq!(books.pairings_of(one).len(), 1);
        let file = &books.files[&one];
        assert_eq!(file.intake_on, LocalDate::from_ymd_opt(2026, 3, 2), "waits since the first time");
        assert_eq!(file.ask_on, LocalDate::from_ymd_opt(2026, 3, 30));
        assert!(file.never.contains(&VolunteerId(Uuid::from_u128(77))));
        let meets = books.offer(UserId(Uuid::from_u128(2)), LocalDate::from_ymd_opt(2026, 4, 1).unwrap());
        assert!(meets.meets.contains(&one), "not proposed to the same buddy once more");
    }

    #[test]
    fn two_who_were_joined_into_each_other_do_not_vanish() {
        let branch = BranchId(Uuid::from_u128(1));
        let file = |learner: LearnerId, into: LearnerId| LearnerFileRow {
            branch: Some(branch),
            learner: Some(learner),
            stage: Stage::Joined,
            intake_on: LocalDate::from_ymd_opt(2026, 3, 2),
            joined_into: Some(into),
            ..LearnerFileRow::default()
        };
        let (one, other) = (learner(3), learner(4));
        let rows = [
            (one.file(), Summary::LearnerFile(file(one, other))),
            (other.file(), Summary::LearnerFile(file(other, one))),
        ];
        let books = Books::gather(branch, rows.iter().map(|(id, row)| (*id, row)));
        assert_eq!(books.waiting(), [one]);
    }

    #[test]
    fn who_looks_like_somebody_is_told_once_until_it_is_settled() {
        let mut books = Books::default();
        for (id, name, day) in [(3, "Amina Haile", 1), (4, "Amina Hayle", 5), (5, "Jan Kamps", 6)] {
            let row = LearnerRow { answers: Answers::of([("call_name", name)]), ..LearnerRow::default() };
            books.learners.insert(learner(id), row);
            let file = LearnerFileRow {
                registered_on: LocalDate::from_ymd_opt(2026, 3, day),
                ..LearnerFileRow::default()
            };
            books.files.insert(learner(id), file);
        }
        let compared = books.clone().compare(str::to_lowercase);
        assert_eq!(compared.alike, [(learner(4), vec![learner(3)])].into());
        assert_eq!(books.goes_on(learner(4), learner(3)), learner(3));
        let mut ended = books.clone();
        ended.files.get_mut(&learner(3)).unwrap().ended_on = LocalDate::from_ymd_opt(2026, 4, 1);
        assert_eq!(ended.goes_on(learner(4), learner(3)), learner(4), "who stopped does not go on");
        books.files.get_mut(&learner(3)).unwrap().apart.insert(learner(4));
        assert!(books.compare(str::to_lowercase).alike.is_empty());
    }

    #[test]
    fn a_pairing_takes_the_time_that_its_learner_asked_for() {
        let (branch, buddy) = (BranchId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let today = Timestamp(1_795_507_200_000).local_date();
        let own = VolunteerView { answers: Answers::of([("hours_a_week", "4")]), ..VolunteerView::default() };
        let pairing = |id: u128, state: PairingState| PairingRow {
            learner: Some(learner(id)),
            user: Some(buddy),
            states: vec![state],
            ..PairingRow::default()
        };
        let asks =
            LearnerFileRow { answers: Answers::of([("hours_a_week", "2")]), ..LearnerFileRow::default() };
        let mut books = Books {
            branch,
            volunteers: [(VolunteerId::of(branch, buddy), own)].into(),
            team: [(buddy, ("Vera".to_owned(), vec![Role::Buddy]))].into(),
            files: [(learner(3), asks.clone()), (learner(5), asks)].into(),
            pairings: [
                (PairingId(Uuid::from_u128(13)), pairing(3, PairingState::Running)),
                // Nothing was said of the time of this one: the usual hour.
                (PairingId(Uuid::from_u128(14)), pairing(4, PairingState::Trial)),
                (PairingId(Uuid::from_u128(15)), pairing(5, PairingState::Ended)),
            ]
            .into(),
            ..Books::default()
        };
        let free = |books: &Books| books.offers(today)[0].minutes_free;
        assert_eq!(free(&books), 4 * 60 - 2 * 60 - 60);
        // The pairing of another buddy takes nothing of this one.
        let mut other = pairing(5, PairingState::Running);
        other.user = Some(UserId(Uuid::from_u128(99)));
        books.pairings.insert(PairingId(Uuid::from_u128(16)), other);
        assert_eq!(free(&books), 60);
    }
}
