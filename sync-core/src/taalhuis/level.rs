//! Levels: what somebody can, on which scale, measured how and when (domain 3.3, 3.4). Scales stand side by side: one learner has a
//! CEFR level for speaking, an Alfa level for reading and a digital one.

use serde::{Deserialize, Serialize};

use super::document;
use super::file::check_past;
use crate::command::Act;
use crate::document::{Document, DocumentError, Writer};
use crate::ids::EntryId;
use crate::list::words;
use crate::problem::{ProblemKind, Refusal};
use crate::text::TypedText;
use crate::time::LocalDate;

words! {
    /// A scale of levels (domain 3.3).
    Scale {
        /// Dutch and arithmetic for who grew up with Dutch.
        Nt1 = "nt1",
        /// CEFR, for who learns Dutch as another language.
        Cefr = "cefr",
        /// Reading and writing for who is not used to our letters.
        Alfa = "alfa",
        /// Digital skills.
        Digital = "digital",
        /// NLQF.
        Nlqf = "nlqf",
        /// The ladder of taking part (participatieladder; domain 3.1, *Achtergrond*).
        Ladder = "ladder",
    }
}

words! {
    /// What a level is about.
    Skill {
        /// Reading.
        Reading = "reading",
        /// Listening.
        Listening = "listening",
        /// Writing.
        Writing = "writing",
        /// Speaking.
        Speaking = "speaking",
        /// Conversation.
        Conversation = "conversation",
        /// Language as a whole.
        Language = "language",
        /// Arithmetic.
        Arithmetic = "arithmetic",
        /// Using devices.
        Devices = "devices",
        /// Safety, privacy and health.
        Safety = "safety",
        /// Finding information.
        Finding = "finding",
        /// Working with information.
        Processing = "processing",
        /// Communicating digitally.
        Communicating = "communicating",
        /// Taking part in society.
        TakingPart = "taking_part",
    }
}

words! {
    /// How a level was measured (domain 3.4).
    Instrument {
        /// In a talk.
        Talk = "talk",
        /// Taalmeter 1F.
        Taalmeter1F = "taalmeter_1f",
        /// Taalmeter 2F.
        Taalmeter2F = "taalmeter_2f",
        /// The adaptive Taalmeter 1F/2F.
        Taalmeter = "taalmeter",
        /// Rekenmeter.
        Rekenmeter = "rekenmeter",
        /// Digimeter.
        Digimeter = "digimeter",
        /// Sociale Inclusiemeter.
        SocialeInclusiemeter = "sociale_inclusiemeter",
        /// Taalzelftest.
        Taalzelftest = "taalzelftest",
        /// Digizelftest.
        Digizelftest = "digizelftest",
        /// Taalverkenner.
        Taalverkenner = "taalverkenner",
        /// Another one.
        Other = "other",
    } default Talk
}

impl Instrument {
    /// What it measures, where it measures one thing only (domain 3.4).
    #[must_use]
    pub const fn measures(self) -> Option<(Scale, Skill)> {
        match self {
            Self::Taalmeter1F
            | Self::Taalmeter2F
            | Self::Taalmeter
            | Self::Taalverkenner
            | Self::Taalzelftest => Some((Scale::Nt1, Skill::Language)),
            Self::Rekenmeter => Some((Scale::Nt1, Skill::Arithmetic)),
            Self::Digimeter | Self::Digizelftest => Some((Scale::Digital, Skill::Devices)),
            Self::SocialeInclusiemeter => Some((Scale::Ladder, Skill::TakingPart)),
            Self::Talk | Self::Other => None,
        }
    }
}

impl Scale {
    /// Its levels, the lowest first.
    #[must_use]
    pub const fn levels(self) -> &'static [&'static str] {
        match self {
            Self::Nt1 => &["entry", "1f", "2f", "3f", "4f"],
            Self::Cefr => &["a0", "a1", "a2", "b1", "b2", "c1", "c2"],
            Self::Alfa => &["alfa_a", "alfa_b", "alfa_c"],
            Self::Digital => &["entry", "basic_1", "basic_2"],
            Self::Nlqf => &["entry", "1", "2", "3", "4"],
            Self::Ladder => &["step_1", "step_2", "step_3", "step_4", "step_5", "step_6"],
        }
    }

    /// What it tells levels of.
    #[must_use]
    pub const fn skills(self) -> &'static [Skill] {
        match self {
            Self::Nt1 => &[Skill::Language, Skill::Reading, Skill::Writing, Skill::Arithmetic],
            Self::Cefr => {
                &[Skill::Reading, Skill::Listening, Skill::Writing, Skill::Speaking, Skill::Conversation]
            }
            Self::Alfa => &[Skill::Reading, Skill::Writing],
            Self::Digital => {
                &[Skill::Devices, Skill::Safety, Skill::Finding, Skill::Processing, Skill::Communicating]
            }
            Self::Nlqf => &[Skill::Language, Skill::Arithmetic],
            Self::Ladder => &[Skill::TakingPart],
        }
    }

    /// The place of a level on it, from 0.
    #[must_use]
    pub fn rank(self, level: &str) -> Option<usize> {
        self.levels().iter().position(|one| *one == level)
    }
}

/// How many questions of the Taalmeter come first, and how many of them must be right to go on (domain 3.4).
pub const TAALMETER_QUESTIONS: u16 = 14;
/// See [`TAALMETER_QUESTIONS`].
pub const TAALMETER_GOES_ON: u16 = 11;

/// The level that the adaptive Taalmeter shows: with fewer than eleven of the first fourteen right it ends at 1F; else the second block
/// says whether it is 2F. An indication, no diagnosis (Stichting Lezen en Schrijven; domain 3.4).
#[must_use]
pub const fn taalmeter(right: u16, second: Option<bool>) -> Option<&'static str> {
    if right > TAALMETER_QUESTIONS {
        return None;
    }
    match (right >= TAALMETER_GOES_ON, second) {
        (false, None) | (true, Some(false)) => Some("1f"),
        (true, Some(true)) => Some("2f"),
        (false, Some(_)) | (true, None) => None,
    }
}

/// Notes a level that was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordLevel {
    /// A fresh id.
    pub entry: EntryId,
    /// On which scale.
    pub scale: Scale,
    /// Of what.
    #[cfg_attr(feature = "openapi", schema(example = "language"))]
    pub skill: Skill,
    /// Which level; with [`Instrument::Taalmeter`] the one that follows from the answers.
    #[cfg_attr(feature = "openapi", schema(example = "1f"))]
    pub level: String,
    /// How it was measured.
    pub instrument: Instrument,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// How many of the first fourteen questions of the adaptive Taalmeter were right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = json!(null)))]
    pub right: Option<u16>,
    /// Anything else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl RecordLevel {
    pub(super) fn texts(&self) -> Vec<TypedText<'_>> {
        vec![TypedText::free("note", &self.note)]
    }

    pub(super) fn check(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
        check_past(self.on, act)?;
        // Apps of before the ladder note the Sociale Inclusiemeter on any scale.
        let own = self.instrument.measures().filter(|(scale, _)| *scale != Scale::Ladder);
        if own.is_some_and(|(scale, _)| scale != self.scale) {
            return Err(Refusal::new(ProblemKind::InvalidAnswer, "scale"));
        }
        if !self.scale.skills().contains(&self.skill) {
            return Err(Refusal::new(ProblemKind::InvalidAnswer, "skill"));
        }
        if self.scale.rank(&self.level).is_none() {
            return Err(Refusal::new(ProblemKind::InvalidAnswer, "level"));
        }
        if self.instrument == Instrument::Taalmeter {
            let Some(right) = self.right else {
                return Err(Refusal::new(ProblemKind::FieldMissing, "right"));
            };
            let second = (right >= TAALMETER_GOES_ON).then_some(self.level == "2f");
            if self.scale != Scale::Nt1 || taalmeter(right, second) != Some(self.level.as_str()) {
                return Err(Refusal::new(ProblemKind::NumberOutOfRange, "right"));
            }
        } else if self.right.is_some() {
            return Err(Refusal::new(ProblemKind::InvalidAnswer, "right"));
        }
        document::check_fresh(document, document::LEVELS, self.entry)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
        let id = document::write_entry(writer, document::LEVELS, self.entry, act)?;
        let path = [document::LEVELS, id.as_str()];
        let on = self.on.to_string();
        let fields = [
            (document::SCALE, self.scale.as_str()),
            (document::SKILL, self.skill.as_str()),
            (document::LEVEL, self.level.as_str()),
            (document::INSTRUMENT, self.instrument.as_str()),
            (document::ON, on.as_str()),
            (document::NOTE, self.note.as_str()),
        ];
        document::write_said(writer, &path, &fields)?;
        if let Some(right) = self.right {
            writer.put(&path, document::RIGHT, i64::from(right))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_taalmeter_goes_on_from_eleven_right() {
        assert_eq!(taalmeter(10, None), Some("1f"));
        assert_eq!(taalmeter(10, Some(true)), None, "there was no second block");
        assert_eq!(taalmeter(11, None), None, "the second block is missing");
        assert_eq!(taalmeter(11, Some(false)), Some("1f"));
        assert_eq!(taalmeter(14, Some(true)), Some("2f"));
        assert_eq!(taalmeter(15, Some(true)), None, "there are fourteen");
    }

    #[test]
    fn every_scale_has_levels_and_skills() {
        for scale in Scale::ALL {
            assert!(scale.levels().len() > 2 && !scale.skills().is_empty());
            assert_eq!(scale.rank(scale.levels()[1]), Some(1));
        }
        assert_eq!(Scale::Cefr.rank("1f"), None);
    }
}
