//! Every refusal asked by kind, and the diagram compared with the code.

use uuid::Uuid;

use super::*;
use crate::access::{self, Audience, Membership, Person, Role};
use crate::command::Command as Any;
use crate::ids::{CommandId, DocumentId, EntryId, LearnerId, PairingId, UserId, VolunteerId};
use crate::problem::ProblemKind;
use crate::questions::Answers;
use crate::summary::{Content, Summary};
use crate::time::{LocalDate, Timestamp, days_after};

const NOW: Timestamp = Timestamp(1_795_507_200_000);
const BRANCH: BranchId = BranchId(Uuid::from_u128(1));
const LEARNER: LearnerId = LearnerId(Uuid::from_u128(2));
const BUDDY: UserId = UserId(Uuid::from_u128(3));

fn today() -> LocalDate {
    NOW.local_date()
}

fn person(user: UserId, role: Role) -> Person {
    Person { user, memberships: vec![Membership { branch: BRANCH, role }] }
}

fn coordinator() -> Person {
    person(UserId(Uuid::from_u128(9)), Role::TaalhuisCoordinator)
}

fn entry(number: u128) -> EntryId {
    EntryId(Uuid::from_u128(100 + number))
}

/// A document on which commands are run one after another.
struct Paper {
    document: Document,
    existed: bool,
    count: u128,
}

impl Paper {
    fn new(kind: DocumentKind) -> Self {
        Self { document: Document::skeleton(kind).unwrap(), existed: false, count: 0 }
    }

    fn by(&mut self, by: &Person, command: impl Into<Any>) -> Result<(), ProblemKind> {
        let command = command.into();
        self.count += 1;
        let at = NOW.plus_millis(i64::try_from(self.count).unwrap());
        let act = Act { id: CommandId(Uuid::from_u128(1_000 + self.count)), by, at };
        command.check(&self.document, self.existed, &act).map_err(|refusal| refusal.kind)?;
        command.run(&mut self.document, Uuid::from_u128(7), &act).unwrap();
        self.existed = true;
        Ok(())
    }

    fn act(&mut self, command: impl Into<Any>) -> Result<(), ProblemKind> {
        self.by(&coordinator(), command)
    }

    fn grants(&self, id: DocumentId) -> Vec<(DocumentId, Audience)> {
        access::grants(id, &self.document).into_iter().map(|grant| (grant.document, grant.audience)).collect()
    }
}

fn learner() -> Paper {
    let mut paper = Paper::new(DocumentKind::Learner);
    let answers = Answers::of([("call_name", "Amina"), ("phone", "06 00 00 00 00")]);
    paper.act(RegisterLearner { branch: BRANCH, answers }).unwrap();
    paper
}

fn file() -> Paper {
    let mut paper = Paper::new(DocumentKind::LearnerFile);
    let answers = Answers::of([("family_name", "Voorbeeld")]);
    paper.act(OpenLearnerFile { branch: BRANCH, learner: LEARNER, way: WayIn::Own, answers }).unwrap();
    paper
}

fn proposal() -> ProposePairing {
    ProposePairing {
        branch: BRANCH,
        learner: LEARNER,
        volunteer: VolunteerId::of(BRANCH, BUDDY),
        user: BUDDY,
        works: String::new(),
        material: String::new(),
        goal: String::new(),
    }
}

fn pairing() -> Paper {
    let mut paper = Paper::new(DocumentKind::Pairing);
    paper.act(proposal()).unwrap();
    paper
}

fn step(number: u128, state: PairingState, days: i64) -> MovePairing {
    let reason = (state == PairingState::Ended).then_some(EndReason::Succeeded);
    MovePairing { entry: entry(number), state, on: days_after(today(), days), reason, note: String::new() }
}

fn session(number: u128, days: i64) -> LogSession {
    LogSession {
        entry: entry(number),
        on: days_after(today(), days),
        minutes: 60,
        place: None,
        subject: None,
        mood: Mood::Good,
        note: String::new(),
    }
}

#[test]
fn somebody_needs_a_name_and_no_more() {
    let mut paper = Paper::new(DocumentKind::Learner);
    let nameless = RegisterLearner { branch: BRANCH, answers: Answers::of([("phone", "06 00 00 00 00")]) };
    assert_eq!(paper.act(nameless), Err(ProblemKind::FieldMissing));
    assert_eq!(
        paper.act(RegisterLearner { branch: BRANCH, answers: Answers::of([("call_name", "Amina")]) }),
        Ok(())
    );
    assert_eq!(
        paper.act(AnswerLearner { answers: Answers::of([("call_name", " ")]) }),
        Err(ProblemKind::FieldMissing)
    );
    let bsn = Answers::of([("wish", "Mijn nummer is 111222333")]);
    assert_eq!(paper.act(AnswerLearner { answers: bsn }), Err(ProblemKind::LooksLikeBsn));
    // A question of the file is none of the part that a buddy gets too.
    let wrong = Answers::of([("family_name", "Voorbeeld")]);
    assert_eq!(paper.act(AnswerLearner { answers: wrong }), Err(ProblemKind::InvalidAnswer));
}

#[test]
fn who_refers_somebody_writes_and_does_not_read() {
    let coach = person(UserId(Uuid::from_u128(5)), Role::BookStartCoach);
    let mut paper = Paper::new(DocumentKind::Learner);
    let answers = Answers::of([("call_name", "Amina")]);
    assert_eq!(paper.by(&coach, RegisterLearner { branch: BRANCH, answers: answers.clone() }), Ok(()));
    assert_eq!(paper.by(&coach, AnswerLearner { answers }), Err(ProblemKind::NotAllowed));
    let team = Audience::Team(BRANCH, Role::TaalhuisCoordinator);
    assert_eq!(paper.grants(LEARNER.into()), [(LEARNER.into(), team)]);
}

#[test]
fn a_birth_date_in_the_future_is_refused() {
    let mut paper = file();
    let born = |on: LocalDate| AnswerIntake { answers: Answers::of([("birth_date", &on.to_string())]) };
    assert_eq!(paper.act(born(days_after(today(), 1))), Err(ProblemKind::DateOutOfRange));
    assert_eq!(paper.act(born(today())), Ok(()));
}

#[test]
fn the_newest_word_on_consent_counts() {
    let mut paper = learner();
    let consent = |number: u128, given: bool| RecordConsent {
        entry: entry(number),
        purpose: Purpose::Buddy,
        given,
        on: today(),
        text_version: "2026-11".into(),
    };
    assert!(access::is_withheld(&paper.document), "nobody asked yet");
    paper.act(consent(1, true)).unwrap();
    assert!(!access::is_withheld(&paper.document));
    assert_eq!(paper.act(consent(1, true)), Err(ProblemKind::EntryExists));
    paper.act(consent(2, false)).unwrap();
    assert!(access::is_withheld(&paper.document));
    let other = RecordConsent { purpose: Purpose::News, ..consent(3, true) };
    paper.act(other).unwrap();
    assert!(access::is_withheld(&paper.document), "consent for something else");
    let tomorrow = RecordConsent { on: days_after(today(), 1), ..consent(4, true) };
    assert_eq!(paper.act(tomorrow), Err(ProblemKind::DateOutOfRange));
}

#[test]
fn how_far_a_learner_is_follows_from_dates() {
    let mut paper = file();
    let stage = |paper: &Paper| match Content::read(&paper.document) {
        Some(Content::LearnerFile(view)) => view.stage(),
        _ => unreachable!("it is a file"),
    };
    assert_eq!(stage(&paper), Stage::Registered);
    assert_eq!(paper.act(FinishIntake { on: days_after(today(), 1) }), Err(ProblemKind::DateOutOfRange));
    paper.act(FinishIntake { on: today() }).unwrap();
    assert_eq!(stage(&paper), Stage::Waiting);
    assert_eq!(paper.act(ResumeLearner {}), Err(ProblemKind::StateNotPossible));
    paper.act(EndLearner { on: today(), reason: EndReason::Moved, outflow: Outflow::Unknown }).unwrap();
    assert_eq!(stage(&paper), Stage::Ended);
    paper.act(ResumeLearner {}).unwrap();
    assert_eq!(stage(&paper), Stage::Waiting);
    let other = LearnerId(Uuid::from_u128(77));
    assert_eq!(paper.act(SettleDouble { other: LEARNER, is_same: true }), Err(ProblemKind::InvalidCommand));
    paper.act(SettleDouble { other, is_same: true }).unwrap();
    assert_eq!(stage(&paper), Stage::Joined);
    paper.act(SettleDouble { other, is_same: false }).unwrap();
    assert_eq!(stage(&paper), Stage::Waiting);
}

#[test]
fn a_level_is_of_its_scale() {
    let mut paper = file();
    let level = |number: u128, scale: Scale, skill: Skill, level: &str| RecordLevel {
        entry: entry(number),
        scale,
        skill,
        level: level.into(),
        instrument: Instrument::Talk,
        on: today(),
        right: None,
        note: String::new(),
    };
    assert_eq!(paper.act(level(1, Scale::Cefr, Skill::Speaking, "a2")), Ok(()));
    assert_eq!(paper.act(level(2, Scale::Cefr, Skill::Speaking, "1f")), Err(ProblemKind::InvalidAnswer));
    assert_eq!(paper.act(level(2, Scale::Alfa, Skill::Speaking, "alfa_a")), Err(ProblemKind::InvalidAnswer));
    let measured = |right: Option<u16>, found: &str| RecordLevel {
        instrument: Instrument::Taalmeter,
        right,
        ..level(3, Scale::Nt1, Skill::Language, found)
    };
    assert_eq!(paper.act(measured(None, "1f")), Err(ProblemKind::FieldMissing));
    assert_eq!(paper.act(measured(Some(10), "2f")), Err(ProblemKind::NumberOutOfRange), "it ended at 1F");
    assert_eq!(paper.act(measured(Some(15), "2f")), Err(ProblemKind::NumberOutOfRange));
    assert_eq!(paper.act(measured(Some(12), "2f")), Ok(()));
    let stray = RecordLevel { right: Some(3), ..level(4, Scale::Cefr, Skill::Speaking, "a2") };
    assert_eq!(paper.act(stray), Err(ProblemKind::InvalidAnswer));
}

#[test]
fn a_request_is_asked_again_after_three_six_and_twelve_months() {
    let mut paper = file();
    let began = days_after(today(), -200);
    let request = AddRequest {
        entry: entry(1),
        topic: Topic::Reading,
        application: Application::Family,
        level: String::new(),
        wish: "Mijn kleinkind voorlezen".into(),
        goal: String::new(),
        desired: String::new(),
        advised: String::new(),
        difference: Difference::None,
        agreed: String::new(),
        on: began,
    };
    assert_eq!(
        paper.act(AddRequest { wish: String::new(), ..request.clone() }),
        Err(ProblemKind::FieldMissing)
    );
    assert_eq!(
        paper.act(AddRequest { level: "9".into(), ..request.clone() }),
        Err(ProblemKind::InvalidAnswer)
    );
    paper.act(request).unwrap();
    let due = |paper: &Paper| match Summary::of(&paper.document) {
        Some(Summary::LearnerFile(row)) => row.ask_on,
        _ => unreachable!("it is a file"),
    };
    let asked = |number: u128, days: i64, next: Next| EvaluateRequest {
        entry: entry(number),
        request: entry(1),
        reached: Reached::Partly,
        used: vec![UsedIn::Family],
        next,
        note: String::new(),
        on: days_after(began, days),
    };
    assert_eq!(due(&paper), Some(days_after(began, 91)));
    let ends =
        EndLearner { on: days_after(began, 100), reason: EndReason::Work, outflow: Outflow::default() };
    paper.act(ends).unwrap();
    assert_eq!(due(&paper), Some(days_after(began, 182)), "of who stopped only what is still to come");
    paper.act(ResumeLearner {}).unwrap();
    assert_eq!(due(&paper), Some(days_after(began, 91)));
    paper.act(asked(2, 95, Next::GoesOn)).unwrap();
    assert_eq!(due(&paper), Some(days_after(began, 182)));
    paper.act(asked(3, 180, Next::GoesOn)).unwrap();
    assert_eq!(due(&paper), Some(days_after(began, 365)), "a little early counts too");
    paper.act(asked(4, 190, Next::Satisfied)).unwrap();
    assert_eq!(due(&paper), None);
    let unknown = EvaluateRequest { request: entry(50), ..asked(5, 191, Next::GoesOn) };
    assert_eq!(paper.act(unknown), Err(ProblemKind::UnknownEntry));
}

#[test]
fn who_was_sent_on_is_asked_after_for_three_weeks() {
    let mut paper = file();
    let on = days_after(today(), -30);
    let due = |paper: &Paper| match Summary::of(&paper.document) {
        Some(Summary::LearnerFile(row)) => row.nudge_on,
        _ => unreachable!("it is a file"),
    };
    let referral =
        ReferLearner { entry: entry(1), partner: "Drenthe College".into(), what: String::new(), on };
    assert_eq!(
        paper.act(ReferLearner { partner: String::new(), ..referral.clone() }),
        Err(ProblemKind::FieldMissing)
    );
    paper.act(referral).unwrap();
    assert_eq!(due(&paper), Some(days_after(on, 21)));
    let answer = AnswerReferral { referral: entry(1), has_arrived: true, on: today() };
    assert_eq!(
        paper.act(AnswerReferral { referral: entry(2), ..answer.clone() }),
        Err(ProblemKind::UnknownEntry)
    );
    paper.act(answer).unwrap();
    assert_eq!(due(&paper), None);
}

#[test]
fn what_somebody_follows_at_a_partner_begins_once_and_ends_after_it_began() {
    let mut paper = file();
    let on = |days: i64| days_after(today(), days);
    let referral =
        ReferLearner { entry: entry(1), partner: "Drenthe College".into(), what: String::new(), on: on(-60) };
    let begin = |referral: EntryId, days: i64| BeginParticipation {
        referral,
        offer: Offer::Language,
        is_formal: true,
        form: Form::Group,
        on: on(days),
    };
    let end = |days: i64| EndParticipation {
        referral: entry(1),
        on: on(days),
        reason: EndReason::Succeeded,
        has_certificate: true,
    };
    let row = |paper: &Paper| match Summary::of(&paper.document) {
        Some(Summary::LearnerFile(row)) => (row.follows, row.followed_until, row.nudge_on),
        _ => unreachable!("it is a file"),
    };
    assert_eq!(paper.act(begin(entry(1), -50)), Err(ProblemKind::UnknownEntry), "nobody was sent on");
    paper.act(referral).unwrap();
    assert_eq!(paper.act(end(-1)), Err(ProblemKind::StateNotPossible), "nothing to end");
    assert_eq!(paper.act(begin(entry(1), 1)), Err(ProblemKind::DateOutOfRange));
    paper.act(begin(entry(1), -50)).unwrap();
    assert_eq!(row(&paper), (true, None, None), "whoever begins arrived");
    assert_eq!(paper.act(end(-51)), Err(ProblemKind::DateOutOfRange), "before it began");
    paper.act(end(-10)).unwrap();
    assert_eq!(row(&paper), (false, Some(on(-10)), None));
    paper.act(begin(entry(1), -5)).unwrap();
    assert!(row(&paper).0, "begun anew, it goes on");
    paper.act(WithdrawFact { fact: FactKind::Referral, entry: entry(1), is_withdrawn: true }).unwrap();
    assert_eq!(row(&paper), (false, None, None));
}

#[test]
fn a_referral_goes_as_its_diagram_says() {
    let drawn = include_str!("../../../docs/states/referral.md");
    let arrow = |from: ReferralStage, to: ReferralStage| {
        let arrow = format!("{} --> {}", from.as_str(), to.as_str());
        drawn.lines().any(|line| line.trim().split(": ").next() == Some(arrow.as_str()))
    };
    let answer =
        |has_arrived: bool| -> Any { AnswerReferral { referral: entry(1), has_arrived, on: today() }.into() };
    let begin = || -> Any {
        let (offer, form) = (Offer::Language, Form::Group);
        BeginParticipation { referral: entry(1), offer, is_formal: false, form, on: today() }.into()
    };
    let end = |days: i64| -> Any {
        let (on, reason) = (days_after(today(), days), EndReason::Succeeded);
        EndParticipation { referral: entry(1), on, reason, has_certificate: false }.into()
    };
    let stage = |paper: &Paper| match Content::read(&paper.document) {
        Some(Content::LearnerFile(view)) => view.referrals[0].stage(),
        _ => unreachable!("it is a file"),
    };
    // Every act on every stage: what it comes to is drawn, or it is refused, or nothing changes.
    let roads: [&[Any]; 5] = [&[], &[answer(true)], &[answer(false)], &[begin()], &[begin(), end(0)]];
    let mut reached = std::collections::BTreeSet::new();
    for road in roads {
        for act in [answer(true), answer(false), begin(), end(0)] {
            let mut paper = file();
            let partner = "Drenthe College".into();
            paper.act(ReferLearner { entry: entry(1), partner, what: String::new(), on: today() }).unwrap();
            for step in road {
                paper.act(step.clone()).unwrap();
            }
            let from = stage(&paper);
            reached.insert(from);
            if paper.act(act).is_ok() {
                let to = stage(&paper);
                assert!(from == to || arrow(from, to), "{from:?} to {to:?} is not drawn");
            }
        }
    }
    assert_eq!(reached.len(), ReferralStage::ALL.len());
}

#[test]
fn a_taalhuis_tells_of_each_norm_in_its_own_words() {
    let mut paper = Paper::new(DocumentKind::Taalhuis);
    let told = |norm: u8, text: &str| DescribeNorm { branch: BRANCH, norm, text: text.into() };
    let norms = |paper: &Paper| match Content::read(&paper.document) {
        Some(Content::Taalhuis(view)) => (view.norms, view.target_days, view.is_open),
        _ => unreachable!("it is a Taalhuis"),
    };
    assert_eq!(paper.act(told(9, "Meer")), Err(ProblemKind::NumberOutOfRange));
    assert_eq!(paper.act(told(1, "Nummer 111222333")), Err(ProblemKind::LooksLikeBsn));
    paper.act(told(1, "Twee projecten")).unwrap();
    paper.act(told(3, "Gesprekken met de gemeente")).unwrap();
    let expected = [(1, "Twee projecten".to_owned()), (3, "Gesprekken met de gemeente".to_owned())].into();
    assert_eq!(norms(&paper), (expected, 42, false), "the rest is as where nobody decided");
    paper.act(told(1, "")).unwrap();
    paper.act(told(3, "")).unwrap();
    assert!(norms(&paper).0.is_empty());
}

#[test]
fn the_sociale_inclusiemeter_tells_a_step_of_the_ladder() {
    let mut paper = file();
    let level = |number: u128, scale: Scale, skill: Skill, level: &str| RecordLevel {
        entry: entry(number),
        scale,
        skill,
        level: level.into(),
        instrument: Instrument::SocialeInclusiemeter,
        on: today(),
        right: None,
        note: String::new(),
    };
    assert_eq!(Instrument::SocialeInclusiemeter.measures(), Some((Scale::Ladder, Skill::TakingPart)));
    assert_eq!(paper.act(level(1, Scale::Ladder, Skill::TakingPart, "step_4")), Ok(()));
    assert_eq!(
        paper.act(level(2, Scale::Ladder, Skill::TakingPart, "step_7")),
        Err(ProblemKind::InvalidAnswer)
    );
    // As apps noted it that know no ladder.
    assert_eq!(paper.act(level(3, Scale::Cefr, Skill::Speaking, "a1")), Ok(()));
    let row = Summary::of(&paper.document);
    assert!(matches!(row, Some(Summary::LearnerFile(row)) if !row.is_beginner), "it says nothing of letters");
}

#[test]
fn the_states_of_a_pairing_are_those_of_the_diagram() {
    let drawn = include_str!("../../../docs/states/pairing.md");
    for from in PairingState::ALL {
        for to in PairingState::ALL {
            let arrow = format!("{} --> {}", from.as_str(), to.as_str());
            let told = drawn.lines().any(|line| line.trim().split(": ").next() == Some(arrow.as_str()));
            assert_eq!(told, from.may_become(*to), "{arrow}");
        }
    }
}

#[test]
fn a_buddy_has_the_learner_only_while_they_meet() {
    let mut paper = pairing();
    let id = PairingId(Uuid::from_u128(40));
    let worker = Audience::Worker(BRANCH, Role::Buddy, BUDDY);
    let has = |paper: &Paper, document: DocumentId| paper.grants(id.into()).contains(&(document, worker));
    assert!(!has(&paper, id.into()) && !has(&paper, LEARNER.into()), "proposed only");
    paper.act(step(1, PairingState::IntroPlanned, 3)).unwrap();
    assert!(has(&paper, id.into()) && has(&paper, LEARNER.into()));
    paper.act(step(2, PairingState::Trial, 0)).unwrap();
    assert!(has(&paper, LEARNER.into()));
    paper.act(step(3, PairingState::Ended, 0)).unwrap();
    assert!(has(&paper, id.into()) && !has(&paper, LEARNER.into()), "what was logged can still be put right");
}

#[test]
fn a_pairing_moves_as_it_may() {
    let mut paper = pairing();
    assert_eq!(paper.act(step(1, PairingState::Running, 0)), Err(ProblemKind::StateNotPossible));
    let without = MovePairing { reason: None, ..step(1, PairingState::Ended, 0) };
    assert_eq!(paper.act(without), Err(ProblemKind::FieldMissing));
    assert_eq!(paper.act(step(1, PairingState::IntroPlanned, 500)), Err(ProblemKind::DateOutOfRange));
    paper.act(step(1, PairingState::Trial, 0)).unwrap();
    assert_eq!(paper.act(step(1, PairingState::Running, 0)), Err(ProblemKind::EntryExists));
    let someone = person(UserId(Uuid::from_u128(4)), Role::Buddy);
    assert_eq!(paper.by(&someone, step(2, PairingState::Running, 0)), Err(ProblemKind::NotAllowed));
    let other = ProposePairing { volunteer: VolunteerId(Uuid::from_u128(1)), ..proposal() };
    assert_eq!(Paper::new(DocumentKind::Pairing).act(other), Err(ProblemKind::InvalidCommand));
}

#[test]
fn only_the_buddy_of_a_pairing_logs_a_session() {
    let mut paper = pairing();
    paper.act(step(1, PairingState::Trial, -60)).unwrap();
    let buddy = person(BUDDY, Role::Buddy);
    let someone = person(UserId(Uuid::from_u128(4)), Role::Buddy);
    assert_eq!(paper.by(&someone, session(10, 0)), Err(ProblemKind::NotAllowed));
    assert_eq!(paper.by(&person(BUDDY, Role::Deliverer), session(10, 0)), Err(ProblemKind::NotAllowed));
    assert_eq!(paper.by(&buddy, session(10, 1)), Err(ProblemKind::DateOutOfRange));
    let long = LogSession { minutes: 481, ..session(10, 0) };
    assert_eq!(paper.by(&buddy, long), Err(ProblemKind::NumberOutOfRange));
    assert_eq!(paper.by(&buddy, session(10, -20)), Ok(()));
    assert_eq!(paper.by(&buddy, session(10, -20)), Err(ProblemKind::EntryExists));
    assert_eq!(paper.by(&buddy, WithdrawSession { session: entry(11) }), Err(ProblemKind::UnknownEntry));
    paper.act(step(2, PairingState::Ended, -10)).unwrap();
    assert_eq!(paper.by(&buddy, session(12, -5)), Err(ProblemKind::PairingEnded));
    assert_eq!(paper.by(&buddy, session(12, -12)), Ok(()), "she was offline when it ended");
    let Some(Summary::Pairing(row)) = Summary::of(&paper.document) else { unreachable!("it is a pairing") };
    assert_eq!((row.sessions, row.minutes), (2, 120));
    paper.by(&buddy, WithdrawSession { session: entry(12) }).unwrap();
    let Some(Summary::Pairing(row)) = Summary::of(&paper.document) else { unreachable!("it is a pairing") };
    assert_eq!((row.sessions, row.minutes), (1, 60));
}

#[test]
fn check_ins_come_after_two_six_and_twelve_weeks() {
    let mut paper = pairing();
    paper.act(step(1, PairingState::Trial, -20)).unwrap();
    let due = |paper: &Paper| match Summary::of(&paper.document) {
        Some(Summary::Pairing(row)) => row.check,
        _ => unreachable!("it is a pairing"),
    };
    let began = days_after(today(), -20);
    assert_eq!(due(&paper), Some((2, days_after(began, 14))));
    let check = |number: u128, week: u16| CheckPairing {
        entry: entry(number),
        week,
        goes: CheckIn::Good,
        on: today(),
        note: String::new(),
    };
    assert_eq!(paper.act(check(5, 3)), Err(ProblemKind::NumberOutOfRange));
    paper.act(check(5, 2)).unwrap();
    assert_eq!(due(&paper), Some((6, days_after(began, 42))));
    paper.act(step(2, PairingState::Ended, 0)).unwrap();
    assert_eq!(due(&paper), None, "it is over");
}

#[test]
fn two_coordinators_who_move_a_pairing_apart_leave_both_answers() {
    let mut paper = pairing();
    paper.act(step(1, PairingState::Trial, -50)).unwrap();
    let mut other = Paper { document: paper.document.clone(), existed: true, count: 50 };
    paper.act(step(2, PairingState::Running, 0)).unwrap();
    let heads = other.document.heads();
    let act = Act { id: CommandId(Uuid::from_u128(5_000)), by: &coordinator(), at: NOW.plus_millis(900) };
    let command = Any::from(step(3, PairingState::Paused, 0));
    assert_eq!(heads, other.document.heads());
    let change = command.run(&mut other.document, Uuid::from_u128(8), &act).unwrap();
    paper.document.extend(&change.bytes).unwrap();
    let Some(Summary::Pairing(row)) = Summary::of(&paper.document) else { unreachable!("it is a pairing") };
    assert_eq!(row.states.len(), 2);
    // Either may be chosen, and then there is one.
    paper.act(step(4, PairingState::Running, 0)).unwrap();
    let Some(Summary::Pairing(row)) = Summary::of(&paper.document) else { unreachable!("it is a pairing") };
    assert_eq!(row.states, [PairingState::Running]);
}

#[test]
fn what_was_noted_by_mistake_is_taken_back_and_may_stand_again() {
    let mut paper = file();
    let contact = NoteContact {
        entry: entry(1),
        contact: ContactKind::Remark,
        on: today(),
        note: "Bij de verkeerde deelnemer".into(),
    };
    paper.act(contact).unwrap();
    let withdraw = |number: u128, is_withdrawn: bool| WithdrawFact {
        fact: FactKind::Contact,
        entry: entry(number),
        is_withdrawn,
    };
    assert_eq!(paper.act(withdraw(2, true)), Err(ProblemKind::UnknownEntry));
    paper.act(withdraw(1, true)).unwrap();
    assert_eq!(view::LearnerFileView::read(&paper.document).contacts.len(), 0);
    paper.act(withdraw(1, false)).unwrap();
    assert_eq!(view::LearnerFileView::read(&paper.document).contacts.len(), 1);
    // Of a buddy's own wishes or anybody else's words nothing is changed by it: it is for coordinators.
    assert_eq!(paper.by(&person(BUDDY, Role::Buddy), withdraw(1, true)), Err(ProblemKind::NotAllowed));
}

#[test]
fn a_level_is_on_the_scale_of_its_instrument() {
    let mut paper = file();
    let level = |scale: Scale, skill: Skill, level: &str, instrument: Instrument| RecordLevel {
        entry: entry(1),
        scale,
        skill,
        level: level.into(),
        instrument,
        on: today(),
        right: None,
        note: String::new(),
    };
    let wrong = level(Scale::Cefr, Skill::Speaking, "a1", Instrument::Digimeter);
    assert_eq!(paper.act(wrong), Err(ProblemKind::InvalidAnswer));
    assert_eq!(paper.act(level(Scale::Digital, Skill::Safety, "basic_1", Instrument::Digimeter)), Ok(()));
}

/// A level that came up in a talk so many days ago.
fn level_ago(number: u128, scale: Scale, skill: Skill, level: &str, days: i64) -> RecordLevel {
    RecordLevel {
        entry: entry(number),
        scale,
        skill,
        level: level.into(),
        instrument: Instrument::Talk,
        on: days_after(today(), -days),
        right: None,
        note: String::new(),
    }
}

#[test]
fn only_what_was_measured_last_of_letters_makes_a_beginner() {
    let mut paper = file();
    let mut measured = |number: u128, scale: Scale, skill: Skill, level: &str, days: i64| {
        paper.act(level_ago(number, scale, skill, level, days)).unwrap();
        rows::LearnerFileRow::from(view::LearnerFileView::read(&paper.document)).is_beginner
    };
    assert!(!measured(1, Scale::Digital, Skill::Devices, "entry", 400), "a computer is no letter");
    assert!(!measured(2, Scale::Nt1, Skill::Arithmetic, "entry", 400));
    assert!(!measured(3, Scale::Cefr, Skill::Speaking, "a0", 400), "who reads may not speak yet");
    assert!(measured(4, Scale::Alfa, Skill::Reading, "alfa_a", 390));
    assert!(measured(5, Scale::Cefr, Skill::Reading, "a0", 380));
    assert!(!measured(6, Scale::Cefr, Skill::Reading, "b1", 10), "that was two years ago");
}

fn plan(when: &str) -> PlanGroup {
    PlanGroup { branch: BRANCH, name: "Taalcafé".into(), when: when.into(), kind: GroupKind::Course }
}

#[test]
fn a_group_is_changed_by_who_coordinates_and_keeps_its_people() {
    let mut paper = Paper::new(DocumentKind::Group);
    paper.act(plan("Dinsdag")).unwrap();
    paper.act(SetGroupMember { learner: LEARNER, name: "Amina".into() }).unwrap();
    paper.act(SetGroupBuddy { user: BUDDY, name: "Vera".into() }).unwrap();
    let change = |name: &str| ChangeGroup { name: name.into(), when: String::new(), kind: GroupKind::Open };
    assert_eq!(paper.by(&person(BUDDY, Role::Buddy), change("Inloop")), Err(ProblemKind::NotAllowed));
    assert_eq!(paper.act(change("")), Err(ProblemKind::FieldMissing));
    paper.act(change("Inloop")).unwrap();
    let group = view::GroupView::read(&paper.document);
    assert_eq!((group.name.as_str(), group.when.as_str(), group.kind), ("Inloop", "", GroupKind::Open));
    assert_eq!((group.members.len(), group.buddies.len()), (1, 1));
}

#[test]
fn a_meeting_is_put_right_under_its_own_id_and_taken_back() {
    let mut paper = Paper::new(DocumentKind::Group);
    paper.act(plan("")).unwrap();
    let meeting = |minutes: u16, present: Vec<LearnerId>, note: &str| RecordMeeting {
        entry: entry(1),
        on: today(),
        minutes,
        present,
        helped: vec![BUDDY],
        note: note.into(),
    };
    paper.act(meeting(60, vec![LEARNER], "Koffie")).unwrap();
    paper.act(meeting(90, Vec::new(), "")).unwrap();
    let told = view::GroupView::read(&paper.document).meetings;
    let [only] = told.as_slice() else { panic!("told twice: {told:?}") };
    assert_eq!((only.minutes, only.present.len(), only.note.as_str()), (90, 0, ""));
    let row = rows::GroupRow::from(view::GroupView::read(&paper.document));
    assert_eq!(row.helpers, [(BUDDY, 1, 90)]);
    paper.act(WithdrawMeeting { meeting: entry(1) }).unwrap();
    assert!(view::GroupView::read(&paper.document).meetings.is_empty());
    paper.act(EndGroup { on: days_after(today(), -1) }).unwrap();
    assert_eq!(
        paper.act(RecordMeeting { entry: entry(2), ..meeting(60, Vec::new(), "") }),
        Err(ProblemKind::StateNotPossible)
    );
}

#[test]
fn a_buddy_calls_the_roll_of_the_own_group() {
    let mut paper = Paper::new(DocumentKind::Group);
    paper.act(plan("Dinsdag, 10 uur")).unwrap();
    paper.act(SetGroupMember { learner: LEARNER, name: "Amina".into() }).unwrap();
    let buddy = person(BUDDY, Role::Buddy);
    let meeting = |number: u128| RecordMeeting {
        entry: entry(number),
        on: today(),
        minutes: 90,
        helped: Vec::new(),
        present: vec![LEARNER],
        note: String::new(),
    };
    assert_eq!(paper.by(&buddy, meeting(1)), Err(ProblemKind::NotAllowed));
    paper.act(SetGroupBuddy { user: BUDDY, name: "Vera".into() }).unwrap();
    assert_eq!(paper.by(&buddy, meeting(1)), Ok(()));
    assert_eq!(
        paper.by(&buddy, SetGroupMember { learner: LEARNER, name: String::new() }),
        Err(ProblemKind::NotAllowed)
    );
    assert_eq!(
        paper.by(&buddy, RecordMeeting { minutes: 1, ..meeting(2) }),
        Err(ProblemKind::NumberOutOfRange)
    );
    for number in 0..59 {
        let learner = LearnerId(Uuid::from_u128(500 + number));
        paper.act(SetGroupMember { learner, name: "Iemand".into() }).unwrap();
    }
    let one_more = SetGroupMember { learner: LearnerId(Uuid::from_u128(900)), name: "Iemand".into() };
    assert_eq!(paper.act(one_more), Err(ProblemKind::DocumentFull));
}

#[test]
fn a_taalhuis_cannot_hide_what_is_fixed() {
    let mut paper = Paper::new(DocumentKind::Taalhuis);
    let usual = view::TaalhuisView::default();
    let with = |hidden: &[&str], target_days: u16| ConfigureTaalhuis {
        branch: BRANCH,
        hidden: hidden.iter().map(|section| (*section).to_owned()).collect(),
        weights: usual.weights,
        target_days,
        asks_vog: false,
        vog_years: 0,
        is_open: true,
    };
    assert_eq!(paper.act(with(&["contact"], 42)), Err(ProblemKind::InvalidAnswer));
    assert_eq!(paper.act(with(&["no such section"], 42)), Err(ProblemKind::InvalidAnswer));
    assert_eq!(paper.act(with(&[], 0)), Err(ProblemKind::NumberOutOfRange));
    paper.act(with(&["course"], 30)).unwrap();
    let Some(Summary::Taalhuis(house)) = Summary::of(&paper.document) else { unreachable!("it is a house") };
    assert_eq!((house.hidden, house.target_days, house.asks_vog), (vec!["course".to_owned()], 30, false));
    let elsewhere = ConfigureTaalhuis { branch: BranchId(Uuid::from_u128(55)), ..with(&[], 30) };
    assert_eq!(paper.act(elsewhere), Err(ProblemKind::NotAllowed));
}

#[test]
fn what_is_forgotten_is_out_of_pairings_and_groups() {
    let mut paper = pairing();
    paper.act(step(1, PairingState::Trial, -20)).unwrap();
    paper.act(LogSession { note: "Over haar moeder gepraat".into(), ..session(10, 0) }).unwrap();
    paper
        .act(HandOver { works: "Veel herhalen".into(), material: String::new(), goal: String::new() })
        .unwrap();
    let forgotten = forget::learner_elsewhere(&paper.document, LEARNER);
    let anew = paper.document.anew(Uuid::from_u128(6), NOW, &forgotten).unwrap();
    let Some(Content::Pairing(view)) = Content::read(&anew) else { unreachable!("it is a pairing") };
    assert_eq!((view.learner, view.works.as_str(), view.sessions.len()), (None, "", 1));
    assert_eq!(view.sessions[0].note, "");
    assert_eq!(
        forget::learner_elsewhere(&paper.document, LearnerId(Uuid::from_u128(99))),
        crate::document::Forgotten::default()
    );
}

#[test]
fn levels_are_measured_once_more_by_what_they_tell_of() {
    let mut paper = file();
    let mut after = |number: u128, scale: Scale, skill: Skill, level: &str, days: i64| {
        paper.act(level_ago(number, scale, skill, level, days)).unwrap();
        let row = rows::LearnerFileRow::from(view::LearnerFileView::read(&paper.document));
        row.measure_on.map(|on| (on - today()).num_days())
    };
    assert_eq!(after(1, Scale::Cefr, Skill::Reading, "a1", 200), Some(183 - 200));
    assert_eq!(
        after(2, Scale::Digital, Skill::Devices, "basic_1", 3),
        Some(183 - 200),
        "a computer is no letter"
    );
    assert_eq!(after(3, Scale::Cefr, Skill::Speaking, "a2", 10), Some(183 - 10), "language was tested anew");
    assert_eq!(after(4, Scale::Digital, Skill::Devices, "basic_1", 1), Some(183 - 10));
}

#[test]
fn a_check_in_that_was_passed_over_is_not_asked_afterwards() {
    let mut paper = pairing();
    paper.act(step(1, PairingState::Trial, -50)).unwrap();
    let next = |paper: &Paper| {
        let view = view::PairingView::read(&paper.document);
        (view.next_check(), rows::PairingRow::from(view).check.map(|(week, _)| week))
    };
    assert_eq!(next(&paper), (Some(2), Some(2)));
    let check =
        CheckPairing { entry: entry(2), week: 6, goes: CheckIn::Good, on: today(), note: String::new() };
    paper.act(check).unwrap();
    assert_eq!(next(&paper), (Some(12), Some(12)));
}
