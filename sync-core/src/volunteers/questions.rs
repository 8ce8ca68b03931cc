//! What a volunteer is asked.

use super::lists::{ContactBy, FirstLanguage, Gender, Interest, Place, Subject};
use crate::questions::{Kind, Question};

/// The most hours a week that a volunteer can give.
const HOURS_MAX: u16 = 40;
/// The most kilometres that a volunteer can travel.
const KILOMETRES_MAX: u16 = 100;

/// All questions, in the order of the form.
pub const QUESTIONS: &[Question] = &[
    Question::new("contact", "name", Kind::Short),
    Question::new("contact", "phone", Kind::Phone),
    Question::new("contact", "email", Kind::Email),
    Question::new("contact", "contact_by", Kind::One(ContactBy::WORDS)),
    Question::new("contact", "gender", Kind::One(Gender::WORDS)),
    Question::new("contact", "postcode", Kind::Postcode),
    Question::new("contact", "position", Kind::Position),
    Question::new("availability", "week", Kind::Week),
    Question::new("availability", "hours_a_week", Kind::Number(HOURS_MAX)),
    Question::new("availability", "paused_from", Kind::Day),
    Question::new("availability", "paused_until", Kind::Day),
    Question::new("availability", "travels_km", Kind::Number(KILOMETRES_MAX)),
    Question::new("offer", "subjects", Kind::Many(Subject::WORDS)),
    Question::new("offer", "experience", Kind::Many(FirstLanguage::WORDS)),
    Question::new("offer", "languages", Kind::Languages),
    Question::new("offer", "interests", Kind::Many(Interest::WORDS)),
    Question::new("offer", "places", Kind::Many(Place::WORDS)),
    Question::new("offer", "wishes", Kind::Free),
];
