//! Every text a person reads: Dutch at B1 first, English second. The functions are made from `locales/` by the build
//! script; a text that one language lacks fails the build.

use core::fmt::{Display, Write as _};

/// A language, and with it all its texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Words {
    /// Nederlands, B1.
    #[default]
    Dutch,
    /// English.
    English,
}

impl Words {
    /// The code of the language, as HTML wants it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dutch => "nl",
            Self::English => "en",
        }
    }

    /// The language with this code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "nl" => Some(Self::Dutch),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The text of a question with this key.
    #[must_use]
    pub fn question(self, key: &str) -> &'static str {
        self.by_form_key(&format!("question-{}", key.replace('_', "-"))).unwrap_or_default()
    }

    /// What a column of a spreadsheet is called: a name of its own, or else that of its question.
    #[must_use]
    pub fn column(self, key: &str) -> &'static str {
        self.by_form_key(&format!("column-{}", key.replace('_', "-"))).unwrap_or_else(|| self.question(key))
    }

    /// The text of an answer: the one that belongs to this list, or else the one that all lists share.
    #[must_use]
    pub fn answer(self, list: &str, word: &str) -> &'static str {
        let (list, word) = (list.replace('_', "-"), word.replace('_', "-"));
        self.by_form_key(&format!("answer-{list}-{word}"))
            .or_else(|| self.by_form_key(&format!("answer-{word}")))
            .unwrap_or_default()
    }
}

fn push(text: &mut String, value: &impl Display) {
    // Writing to a String cannot fail.
    let _ = write!(text, "{value}");
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plural_chooses_and_a_variable_is_filled_in() {
        assert_eq!(Words::Dutch.chip_unsent(1), "1 nog niet verzonden");
        assert_eq!(Words::English.chip_unsent(3), "3 not sent yet");
        assert_eq!(Words::Dutch.by_key("role-deliverer"), Some("Bezorger"));
        // A text of no list is found by its name only.
        assert_eq!(Words::Dutch.by_key("app-name"), None);
    }
}
