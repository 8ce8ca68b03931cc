//! Every figure of a small Taalhuis that can be counted by hand.

use super::*;

fn day(month: u32, day: u32) -> Option<LocalDate> {
    LocalDate::from_ymd_opt(2026, month, day)
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A learner who registered in January, with the file that has the id of a hundred more.
fn learner(number: u128, stage: &str, intake: Option<LocalDate>, ended: Option<LocalDate>) -> learner::Model {
    learner::Model {
        organisation_id: Uuid::nil(),
        id: id(100 + number),
        learner_id: Some(id(number)),
        branch_id: None,
        stage: stage.to_owned(),
        way: "own".to_owned(),
        registered_on: day(1, 10),
        intake_on: intake,
        ended_on: ended,
        end_reason: ended.map(|_| "work".to_owned()),
        outflow: ended.map(|_| "work".to_owned()),
        wait_reason: None,
        first_language: Some("nt2".to_owned()),
        gender: None,
        birth_year: Some(1990),
        birth_month: None,
        joined_into: None,
        is_beginner: false,
    }
}

fn pairing(number: u128, of: u128, met: Option<LocalDate>, ended: Option<LocalDate>) -> pairing::Model {
    pairing::Model {
        organisation_id: Uuid::nil(),
        id: id(200 + number),
        branch_id: None,
        learner_id: Some(id(of)),
        user_id: None,
        state: String::new(),
        proposed_on: met,
        met_since: met,
        ended_on: ended,
        end_reason: ended.map(|_| "succeeded".to_owned()),
    }
}

fn session(
    kind: &str,
    source: u128,
    on: Option<LocalDate>,
    minutes: i32,
    learners: i32,
) -> learning_session::Model {
    learning_session::Model {
        organisation_id: Uuid::nil(),
        source_id: id(200 + source),
        id: id(300 + source),
        branch_id: None,
        kind: kind.to_owned(),
        user_id: None,
        held_on: on,
        minutes,
        learners,
    }
}

fn level(file: u128, place: i32, on: Option<LocalDate>, rank: i32) -> learner_level::Model {
    learner_level::Model {
        organisation_id: Uuid::nil(),
        file_id: id(100 + file),
        place,
        scale: "cefr".to_owned(),
        skill: "reading".to_owned(),
        level: ["a0", "a1", "a2", "b1"][usize::try_from(rank).unwrap()].to_owned(),
        rank,
        measured_on: on,
    }
}

fn request(file: u128, place: i32, on: Option<LocalDate>) -> learner_request::Model {
    learner_request::Model {
        organisation_id: Uuid::nil(),
        file_id: id(100 + file),
        place,
        topic: "reading".to_owned(),
        asked_on: on,
    }
}

fn referral(
    place: i32,
    partner: &str,
    on: Option<LocalDate>,
    arrived: Option<bool>,
) -> learner_referral::Model {
    learner_referral::Model {
        organisation_id: Uuid::nil(),
        file_id: id(101),
        place,
        partner: partner.to_owned(),
        sent_on: on,
        has_arrived: arrived,
        offer: None,
        is_formal: None,
        began_on: None,
        finished_on: None,
        end_reason: None,
        has_certificate: None,
    }
}

/// The same, of somebody who began there, and has a certificate once it ended.
fn followed(
    place: i32,
    offer: &str,
    is_formal: bool,
    began: Option<LocalDate>,
    finished: Option<LocalDate>,
) -> learner_referral::Model {
    learner_referral::Model {
        offer: Some(offer.to_owned()),
        is_formal: Some(is_formal),
        began_on: began,
        finished_on: finished,
        end_reason: finished.map(|_| "succeeded".to_owned()),
        has_certificate: Some(finished.is_some()),
        ..referral(place, "ROC", day(12, 1), Some(true))
    }
}

/// The first quarter: two who meet a buddy, one of them until March; three who wait, each since another thing; one in a course, one who
/// stopped, one who is somebody else, and one who had no intake.
fn quarter() -> (Rows, Period) {
    let rows = Rows {
        learners: vec![
            learner(1, "waiting", day(1, 20), None),
            learner(2, "waiting", day(1, 20), None),
            learner(3, "waiting", day(2, 1), None),
            learner(4, "waiting", day(2, 1), None),
            learner(5, "waiting", day(1, 15), None),
            learner(6, "ended", day(1, 15), day(3, 15)),
            learner(7, "joined", day(1, 15), None),
            learner(8, "registered", None, None),
        ],
        pairings: vec![pairing(1, 1, day(2, 19), None), pairing(2, 2, day(2, 9), day(3, 20))],
        sessions: vec![
            session("pairing", 1, day(2, 20), 60, 1),
            session("group", 3, day(3, 3), 90, 4),
            session(HELPER, 3, day(3, 3), 90, 0),
            session("pairing", 1, day(4, 2), 60, 1),
        ],
        levels: vec![
            level(1, 0, day(1, 20), 1),
            level(1, 1, day(3, 1), 3),
            level(2, 0, day(1, 20), 2),
            level(2, 1, day(3, 1), 2),
            // The second one is of April.
            level(3, 0, day(1, 20), 1),
            level(3, 1, day(4, 10), 2),
            level(4, 0, day(1, 20), 3),
            level(4, 1, day(3, 1), 2),
        ],
        effects: vec![learner_effect::Model {
            organisation_id: Uuid::nil(),
            file_id: id(101),
            place: 0,
            topic: "reading".to_owned(),
            reached: "yes".to_owned(),
            used: "family work".to_owned(),
            asked_on: day(3, 10),
        }],
        requests: vec![request(1, 0, day(2, 1)), request(1, 1, day(2, 2)), request(2, 0, day(4, 5))],
        referrals: vec![
            referral(0, "ROC", day(2, 1), Some(true)),
            referral(1, "ROC", day(2, 2), None),
            referral(2, "Welzijn", day(5, 1), Some(false)),
            followed(3, "language", true, day(1, 12), day(3, 30)),
            followed(4, "digital", false, day(3, 1), None),
            followed(5, "language", false, day(4, 1), None),
        ],
        buddies: [(true, true), (true, false), (false, false)]
            .map(|(has_vog, is_trained)| Buddy { branch: None, has_vog, is_trained })
            .into(),
        in_courses: [id(4)].into(),
        course_until: [(id(5), day(3, 1).unwrap())].into(),
        consents: vec![(None, id(1)), (None, id(2))],
    };
    (rows, Period { from: day(1, 1).unwrap(), until: day(3, 31).unwrap() })
}

/// What was really counted, told or not.
fn counted(measure: &str) -> BTreeMap<String, i64> {
    let (rows, period) = quarter();
    let found = figures("", &rows, period).into_iter().filter(|figure| figure.measure == measure);
    found.map(|figure| (figure.group, figure.real)).collect()
}

#[test]
fn every_number_of_a_quarter_is_what_was_counted_by_hand() {
    for (measure, expected) in [
        ("alone", 2),
        ("in_groups", 1),
        ("referrals", 2),
        ("partners", 1),
        // Of 5, 5, 10, 10, 22 and 22 days, and of 20 and 30.
        ("days_to_intake", 10),
        ("days_to_buddy", 30),
        ("buddies", 3),
        ("buddies_with_vog", 2),
        ("buddies_trained", 1),
        ("registered", 7),
        ("intakes", 6),
        ("matched", 2),
        ("running", 1),
        ("sessions", 2),
        ("session_hours", 4),
        ("learner_contacts", 5),
        ("ended", 1),
        ("consents", 2),
        ("learners_with_request", 1),
        ("learners_asked", 1),
        ("participations", 2),
        ("participations_formal", 1),
        ("certificates", 1),
    ] {
        assert_eq!(counted(measure), [(String::new(), expected)].into(), "{measure}");
    }
}

#[test]
fn every_group_of_a_quarter_is_what_was_counted_by_hand() {
    let cases: [(&str, &[(&str, i64)]); 22] = [
        ("referrals_by_arrival", &[("arrived", 1), ("unknown", 1)]),
        // Since the intake, since a course ended, and since a pairing ended.
        ("waiting_by_time", &[("waits_13", 1), ("waits_8", 1), ("waits_4", 1)]),
        ("waiting_by_reason", &[("unknown", 3)]),
        ("registered_by_way", &[("own", 7)]),
        ("registered_by_language", &[("nt2", 7)]),
        ("registered_by_gender", &[("unknown", 7)]),
        ("registered_by_age", &[("35-44", 7)]),
        ("requests_by_topic", &[("reading", 2)]),
        ("ended_by_reason", &[("work", 1)]),
        ("ended_by_outflow", &[("work", 1)]),
        ("pairings_by_end", &[("succeeded", 1)]),
        ("levels_by_progress", &[("higher", 1), ("equal", 1), ("lower", 1)]),
        ("effects_by_answer", &[("yes", 1)]),
        ("effects_by_use", &[("family", 1), ("work", 1)]),
        ("participations_by_offer", &[("language", 1), ("digital", 1)]),
        ("participations_by_end", &[("succeeded", 1)]),
        // What was measured last in the quarter: of four people.
        ("levels_cefr", &[("b1", 1), ("a2", 2), ("a1", 1)]),
        ("levels_nt1", &[]),
        ("levels_alfa", &[]),
        ("levels_digital", &[]),
        ("levels_nlqf", &[]),
        ("levels_ladder", &[]),
    ];
    for (measure, expected) in cases {
        let expected = expected.iter().map(|(group, count)| ((*group).to_owned(), *count)).collect();
        assert_eq!(counted(measure), expected, "{measure}");
    }
}
