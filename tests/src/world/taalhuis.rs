//! Life in a Taalhuis: the volunteers are buddies too, and the coordinators coordinate learners. Beside the deliveries, in worlds that
//! have one.

use sync_core::access::Role;
use sync_core::command::Command;
use sync_core::ids::{DocumentId, EntryId, GroupId, LearnerId, PairingId, VolunteerId};
use sync_core::questions::Answers;
use sync_core::summary::Summary;
use sync_core::taalhuis::rows::PairingRow;
use sync_core::taalhuis::{
    AllowSeveral, AnswerLearner, CheckIn, CheckPairing, ContactKind, EndLearner, EndReason, EraseLearner,
    FactKind, FinishIntake, GroupKind, HandOver, Instrument, LogSession, Mood, MovePairing, NoteContact,
    OpenLearnerFile, Outflow, PairingState, PlanGroup, ProposePairing, Purpose, RecordConsent, RecordLevel,
    RecordMeeting, RegisterLearner, ResumeLearner, Scale, SetGroupBuddy, SetGroupMember, SettleDouble, Skill,
    WayIn, WithdrawFact,
};
use sync_core::time::days_after;
use sync_core::volunteers::DescribeVolunteer;

use super::{NAMED, VOLUNTEERS, World};

impl World {
    /// One of what this phone has of a kind.
    fn one_of<T: Copy>(
        &mut self,
        index: usize,
        wanted: impl Fn(DocumentId, &Summary) -> Option<T>,
    ) -> Option<T> {
        let all = self.rows(index, wanted);
        all.get(self.below(all.len())).copied()
    }

    fn learner(&mut self, index: usize) -> Option<LearnerId> {
        self.one_of(index, |id, row| matches!(row, Summary::Learner(_)).then_some(LearnerId::from(id)))
    }

    fn pairing(&mut self, index: usize) -> Option<(PairingId, PairingRow)> {
        let all = self.rows(index, |id, row| match row {
            Summary::Pairing(row) => Some((PairingId::from(id), row.clone())),
            _ => None,
        });
        all.get(self.below(all.len())).cloned()
    }

    fn does(&mut self, index: usize, document: DocumentId, command: impl Into<Command>) {
        let now = self.now;
        let command = command.into();
        let kind = command.kind();
        let phone = &mut self.phones[index];
        let kept = phone.acts(document, command, now).is_some();
        let name = phone.name.clone();
        self.tell(format!("{name}: {kind}, kept {kept}"));
    }

    fn entry(&mut self, index: usize) -> EntryId {
        let now = self.now;
        self.phones[index].fresh(now)
    }

    /// What the clock of this phone says the day is.
    fn today(&self, index: usize) -> sync_core::time::LocalDate {
        self.now.plus_millis(self.phones[index].clock_off).local_date()
    }

    pub(super) fn taalhuis_acts(&mut self, index: usize) {
        if Self::is_volunteer(index) { self.buddy_acts(index) } else { self.teacher_acts(index) }
    }

    fn buddy_acts(&mut self, index: usize) {
        let entry = self.entry(index);
        let on = days_after(self.today(index), -i64::try_from(self.below(4)).unwrap_or_default());
        match self.below(10) {
            0..6 => {
                let Some((pairing, _)) = self.pairing(index) else { return };
                let minutes = 30 + u16::try_from(self.below(90)).unwrap_or_default();
                let note = format!("sessie {}", self.below(100));
                let session =
                    LogSession { entry, on, minutes, place: None, subject: None, mood: Mood::Good, note };
                self.does(index, pairing.into(), session);
            }
            6 => {
                let Some((pairing, _)) = self.pairing(index) else { return };
                let works = format!("werkt {}", self.below(100));
                let card = HandOver { works, material: String::new(), goal: String::new() };
                self.does(index, pairing.into(), card);
            }
            7..9 => {
                let group = self.one_of(index, |id, row| match row {
                    Summary::Group(row) => Some((GroupId::from(id), row.members.first().copied())),
                    _ => None,
                });
                let Some((group, member)) = group else { return };
                let present = member.into_iter().collect();
                let helped = Vec::new();
                let meeting = RecordMeeting { entry, on, minutes: 90, present, helped, note: String::new() };
                self.does(index, group.into(), meeting);
            }
            _ => {
                let branch = self.branches[index % 2];
                let user = self.phones[index].user();
                let answers = Answers::of([("wishes", "graag overdag")]);
                let described = DescribeVolunteer { branch, user, answers };
                self.does(index, VolunteerId::of(branch, user).into(), described);
            }
        }
    }

    fn teacher_acts(&mut self, index: usize) {
        let entry = self.entry(index);
        let today = self.today(index);
        match self.below(26) {
            20..26 => self.tends_a_file(index),
            0..4 => self.registers_learner(index),
            4..8 => self.proposes(index),
            8..13 => {
                let Some((pairing, row)) = self.pairing(index) else { return };
                let next: Vec<PairingState> =
                    PairingState::ALL.iter().copied().filter(|next| row.state().may_become(*next)).collect();
                let Some(state) = next.get(self.below(next.len())).copied() else { return };
                let reason = (state == PairingState::Ended).then_some(EndReason::Other);
                let step = MovePairing { entry, state, on: today, reason, note: String::new() };
                self.does(index, pairing.into(), step);
            }
            13..16 => {
                let Some(learner) = self.learner(index) else { return };
                let given = self.below(2) == 0;
                let text_version = "2026-11".to_owned();
                let consent =
                    RecordConsent { entry, purpose: Purpose::Buddy, given, on: today, text_version };
                self.does(index, learner.into(), consent);
            }
            16 => {
                let Some(learner) = self.learner(index) else { return };
                let answers = Answers::of([("interests", "music")]);
                self.does(index, learner.into(), AnswerLearner { answers });
            }
            17 => {
                let Some(learner) = self.learner(index) else { return };
                self.does(index, learner.into(), EraseLearner {});
            }
            _ => self.tends_a_group(index),
        }
    }

    /// What stands in a file, or how a pairing goes; noted, and sometimes taken back.
    fn tends_a_file(&mut self, index: usize) {
        let (entry, on) = (self.entry(index), self.today(index));
        let Some(learner) = self.learner(index) else { return };
        let file = learner.file();
        match self.below(8) {
            0 => {
                let level = RecordLevel {
                    entry,
                    scale: Scale::Cefr,
                    skill: Skill::Reading,
                    level: "a1".to_owned(),
                    instrument: Instrument::Talk,
                    on,
                    right: None,
                    note: String::new(),
                };
                self.does(index, file, level);
            }
            1 | 2 => {
                let note = format!("Gesprek {}", self.below(100));
                self.does(index, file, NoteContact { entry, contact: ContactKind::Remark, on, note });
                if self.below(2) == 0 {
                    let taken_back = WithdrawFact { fact: FactKind::Contact, entry, is_withdrawn: true };
                    self.does(index, file, taken_back);
                }
            }
            3 => {
                self.does(
                    index,
                    file,
                    EndLearner { on, reason: EndReason::Moved, outflow: Outflow::Unknown },
                );
            }
            4 => self.does(index, file, ResumeLearner {}),
            5 => {
                let Some(other) = self.learner(index) else { return };
                let is_same = self.below(2) == 0;
                self.does(index, file, SettleDouble { other, is_same });
            }
            6 => self.does(index, file, AllowSeveral { is_allowed: true }),
            _ => {
                let Some((pairing, _)) = self.pairing(index) else { return };
                let goes = if self.below(3) == 0 { CheckIn::Attention } else { CheckIn::Good };
                let check = CheckPairing { entry, week: 6, goes, on, note: String::new() };
                self.does(index, pairing.into(), check);
            }
        }
    }

    fn registers_learner(&mut self, index: usize) {
        let (now, branch) = (self.now, self.branches[index % 2]);
        let learner: LearnerId = self.phones[index].fresh(now);
        let name = format!("Deelnemer {}", self.below(90));
        let answers = Answers::of([("call_name", &name), ("phone", "06 00 00 00 00")]);
        self.does(index, learner.into(), RegisterLearner { branch, answers });
        let answers = Answers::of([("family_name", "Verzonnen")]);
        self.does(index, learner.file(), OpenLearnerFile { branch, learner, way: WayIn::Own, answers });
        let on = self.today(index);
        self.does(index, learner.file(), FinishIntake { on });
    }

    /// A Taalhuis with a few people who meet already.
    pub(super) fn begins_taalhuis(&mut self, index: usize) {
        for _ in 0..3 {
            self.registers_learner(index);
            self.proposes(index);
        }
        let learners = self.rows(index, |id, row| matches!(row, Summary::Learner(_)).then_some(id));
        let pairings = self.rows(index, |id, row| matches!(row, Summary::Pairing(_)).then_some(id));
        let on = self.today(index);
        for learner in learners {
            let entry = self.entry(index);
            let text_version = "2026-11".to_owned();
            self.does(
                index,
                learner,
                RecordConsent { entry, purpose: Purpose::Buddy, given: true, on, text_version },
            );
        }
        for pairing in pairings {
            let entry = self.entry(index);
            let trial =
                MovePairing { entry, state: PairingState::Trial, on, reason: None, note: String::new() };
            self.does(index, pairing, trial);
        }
    }

    fn proposes(&mut self, index: usize) {
        let (now, branch) = (self.now, self.branches[index % 2]);
        let Some(learner) = self.learner(index) else { return };
        let buddy = self.below(VOLUNTEERS / 2) * 2 + index % 2;
        let user = self.phones[buddy].user();
        let propose = ProposePairing {
            branch,
            learner,
            volunteer: VolunteerId::of(branch, user),
            user,
            works: "Rustig praten".to_owned(),
            material: String::new(),
            goal: String::new(),
        };
        let pairing: PairingId = self.phones[index].fresh(now);
        self.does(index, pairing.into(), propose);
    }

    fn tends_a_group(&mut self, index: usize) {
        let (now, branch) = (self.now, self.branches[index % 2]);
        let group =
            self.one_of(index, |id, row| matches!(row, Summary::Group(_)).then_some(GroupId::from(id)));
        let Some(group) = group else {
            let group: GroupId = self.phones[index].fresh(now);
            let kind = if self.below(2) == 0 { GroupKind::Course } else { GroupKind::Open };
            let plan = PlanGroup { branch, name: "Taalcafé".to_owned(), when: String::new(), kind };
            return self.does(index, group.into(), plan);
        };
        if self.below(3) == 0 {
            let buddy = self.below(VOLUNTEERS / 2) * 2 + index % 2;
            let (user, name) = (self.phones[buddy].user(), self.phones[buddy].name.clone());
            return self.does(index, group.into(), SetGroupBuddy { user, name });
        }
        let Some(learner) = self.learner(index) else { return };
        let number = self.below(90);
        let name = if self.below(4) == 0 { String::new() } else { format!("{NAMED} {number}") };
        self.does(index, group.into(), SetGroupMember { learner, name });
    }
}

/// The second role of somebody in a world with a Taalhuis.
pub(super) const fn role(is_volunteer: bool) -> Role {
    if is_volunteer { Role::Buddy } else { Role::TaalhuisCoordinator }
}
