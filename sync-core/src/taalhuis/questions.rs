//! What a learner is asked: the sections and answers of the intake (domain 3.1), each section to be switched off by a Taalhuis but
//! for the fixed ones. **Learner** questions stand in the part that a buddy gets too, **file** questions are for coordinators.

use crate::questions::{Kind, Question};
use crate::volunteers::{ContactBy, FirstLanguage, Gender, Interest, Place, Subject};

/// Sections that no Taalhuis can switch off.
pub const FIXED: &[&str] = &["contact", "person", "learn", "team"];

const LEVELS: &[&str] = &["a0", "a1", "a2", "b1", "b2", "c1", "c2", "unknown"];
const READS: &[&str] = &["none", "a0", "a1", "a2", "b1", "b2", "c1", "c2"];
const SCHOOLS: &[&str] = &[
    "primary",
    "special",
    "housekeeping",
    "lts",
    "mavo",
    "vmbo",
    "havo",
    "vwo",
    "mbo",
    "hbo",
    "wo",
    "other",
];
const FOUND: &[&str] = &["volunteer_centre", "website", "social_media", "paper", "friends", "other"];
const NETWORK: &[&str] = &[
    "housemates",
    "neighbours",
    "family",
    "helpers",
    "friends",
    "church",
    "same_language",
    "dutch_speakers",
    "colleagues",
];
const LADDER: &[&str] = &["1", "2", "3", "4", "5", "6"];
const DAYS: &[&str] = &["seeks_work", "reintegration", "study", "volunteering", "work", "other"];
const HOW: &[&str] = &["group", "one_to_one", "at_home", "elsewhere", "online"];
const WISHES: &[&str] = &[
    "click_and_tick",
    "whatsapp",
    "video_call",
    "device",
    "digital_government",
    "reserve_books",
    "marketplace",
    "read_aloud",
    "prescriptions",
    "application_letter",
    "write_card",
    "administration",
    "recipes",
    "other",
];

/// The questions of the part that a buddy gets too.
pub const LEARNER: &[Question] = &[
    Question::new("contact", "call_name", Kind::Short),
    Question::new("contact", "phone", Kind::Phone),
    Question::new("contact", "email", Kind::Email),
    Question::new("contact", "contact_by", Kind::One(ContactBy::WORDS)),
    Question::new("learn", "wish", Kind::Free),
    Question::new("learn", "subjects", Kind::Many(Subject::WORDS)),
    Question::new("learn", "places", Kind::Many(Place::WORDS)),
    Question::new("about", "languages", Kind::Languages),
    Question::new("about", "interests", Kind::Many(Interest::WORDS)),
    Question::new("availability", "week", Kind::Week),
    Question::new("availability", "availability_note", Kind::Free),
];

/// The questions of the file.
pub const FILE: &[Question] = &[
    Question::new("person", "prefix", Kind::Short),
    Question::new("person", "family_name", Kind::Short),
    Question::new("person", "gender", Kind::One(Gender::WORDS)),
    Question::new("person", "birth_date", Kind::PastDay),
    Question::new("person", "birth_year", Kind::Year),
    Question::new("person", "origin", Kind::Short),
    Question::new("address", "street", Kind::Short),
    Question::new("address", "house_number", Kind::Short),
    Question::new("address", "postcode", Kind::Postcode),
    Question::new("address", "place", Kind::Short),
    Question::new("address", "position", Kind::Position),
    Question::new("address", "emergency_phone", Kind::Phone),
    Question::new("team", "team", Kind::Short),
    Question::new("general", "mother_tongue", Kind::Languages),
    Question::new("general", "family_situation", Kind::One(&["partner", "single", "divorced", "widowed"])),
    Question::new("general", "children", Kind::Number(20)),
    Question::new("referrer", "referrer_organisation", Kind::Short),
    Question::new("referrer", "referrer_name", Kind::Short),
    Question::new("referrer", "referrer_phone", Kind::Phone),
    Question::new("referrer", "referrer_email", Kind::Email),
    Question::new("civic", "civic_duty", Kind::One(&["yes", "no", "busy"])),
    Question::new("civic", "civic_reason", Kind::One(&["exempt", "eu", "done"])).when("civic_duty", "no"),
    Question::new("civic", "civic_done", Kind::PastDay).when("civic_reason", "done"),
    Question::new("background", "found_by", Kind::One(FOUND)),
    Question::new("background", "been_before", Kind::YesNo),
    Question::new("background", "been_year", Kind::Year).when("been_before", "yes"),
    Question::new("background", "been_reason", Kind::Short).when("been_before", "yes"),
    Question::new("background", "network", Kind::Many(NETWORK)),
    Question::new("background", "ladder", Kind::One(LADDER)),
    Question::new("dutch", "first_language", Kind::One(FirstLanguage::WORDS)),
    Question::new("dutch", "since_year", Kind::Year).when("first_language", "nt2"),
    Question::new("dutch", "daily_language", Kind::Short).when("first_language", "nt2"),
    Question::new("dutch", "latin", Kind::YesNo).when("first_language", "nt2"),
    Question::new("dutch", "last_level", Kind::One(LEVELS)).when("first_language", "nt2"),
    Question::new("level", "speaking", Kind::One(&["beginning", "some", "advanced"])),
    Question::new("schooling", "schooling", Kind::One(SCHOOLS)),
    Question::new("schooling", "school_years", Kind::Number(30)),
    Question::new("schooling", "diploma", Kind::YesNo),
    Question::new("schooling", "school_now", Kind::One(&["yes", "no", "until"])),
    Question::new("schooling", "school_until", Kind::Year).when("school_now", "until"),
    Question::new("course", "course_name", Kind::Short),
    Question::new("course", "course_institute", Kind::Short),
    Question::new("course", "course_teacher", Kind::One(&["professional", "volunteer", "both"])),
    Question::new("course", "course_form", Kind::One(&["group", "alone"])),
    Question::new("course", "course_hours", Kind::Number(2_000)),
    Question::new("course", "course_certificate", Kind::YesNo),
    Question::new("work", "trained_for", Kind::Short),
    Question::new("work", "last_work", Kind::Short),
    Question::new("work", "days", Kind::Many(DAYS)),
    Question::new("motivation", "why", Kind::Free),
    Question::new("motivation", "why_now", Kind::Free),
    Question::new("motivation", "tried", Kind::Free),
    Question::new("motivation", "learn_how", Kind::Many(HOW)),
    Question::new("motivation", "concrete_wishes", Kind::Many(WISHES)),
    Question::new("motivation", "remarks", Kind::Free),
    Question::new("matching", "gender_wish", Kind::One(&["woman", "man"])),
    Question::new("matching", "hours_a_week", Kind::Number(10)),
    Question::new("reading_test", "reads", Kind::One(READS)),
    Question::new("writing_test", "writes", Kind::One(&["none", "address", "texts", "letters"])),
];

/// The sections in the order in which they are asked.
pub const SECTIONS: &[&str] = &[
    "contact",
    "person",
    "address",
    "team",
    "learn",
    "availability",
    "about",
    "dutch",
    "level",
    "matching",
    "civic",
    "general",
    "referrer",
    "background",
    "schooling",
    "course",
    "work",
    "motivation",
    "reading_test",
    "writing_test",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_question_has_its_own_key_and_a_section_of_the_list() {
        let all: Vec<&Question> = LEARNER.iter().chain(FILE).collect();
        let keys: BTreeSet<&str> = all.iter().map(|question| question.key).collect();
        assert_eq!(keys.len(), all.len());
        let sections: BTreeSet<&str> = all.iter().map(|question| question.section).collect();
        assert_eq!(sections, SECTIONS.iter().copied().collect());
        assert!(FIXED.iter().all(|fixed| sections.contains(fixed)));
        for question in all {
            if let Some((other, _)) = question.when {
                assert!(keys.contains(other), "{} hangs on {other}", question.key);
            }
        }
    }
}
