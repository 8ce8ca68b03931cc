//! What may stand in a field, asked when a person leaves it.

use sync_core::problem::{ProblemKind, Refusal};
use sync_core::text::{TypedText, check_phone, check_postcode};
use sync_core::time::typed_day;

use crate::session::problem_text;
use crate::settings::words;

/// What a field takes. Whether it may stay empty is asked when the form is sent: who passes by has done nothing wrong yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// One line.
    Line,
    /// Free text of several lines.
    Text,
    /// A telephone number.
    Phone,
    /// A Dutch postcode.
    Postcode,
    /// A whole number.
    Count,
    /// A date as people write it.
    Date,
    /// What another place judges: a password, a code, an address for mail.
    Anything,
}

impl Takes {
    /// What a field of one line takes, by what is asked of the keyboard.
    pub(super) fn line(kind: &str, input_mode: &str, autocomplete: &str) -> Self {
        match (kind, input_mode, autocomplete) {
            ("tel", ..) => Self::Phone,
            (_, "numeric", "off") => Self::Count,
            ("text", "text", _) => Self::Line,
            _ => Self::Anything,
        }
    }

    /// What is wrong with a text, in words.
    pub(super) fn wrong(self, text: &str) -> Option<&'static str> {
        const FIELD: &str = "";
        if text.is_empty() {
            return None;
        }
        let refusal = |kind| Err(Refusal::new(kind, FIELD));
        let checked = match self {
            Self::Line => TypedText::short(FIELD, text).check(),
            Self::Text => TypedText::free(FIELD, text).check(),
            Self::Phone => check_phone(FIELD, text),
            Self::Postcode => check_postcode(text),
            Self::Count if text.parse::<u32>().is_err() => return Some(words().number_needed()),
            Self::Date if typed_day(text).is_none() => refusal(ProblemKind::DateOutOfRange),
            Self::Count | Self::Date | Self::Anything => Ok(()),
        };
        checked.err().map(|refusal| problem_text(refusal.kind))
    }
}
