//! What may stand in a text that a person typed. Numbers that must never be kept (BSN, bank account, DigiD
//! code) are refused before anything is saved: security promise 6.

use crate::problem::{ProblemKind, Refusal};

/// The longest free text, in characters.
pub const FREE_TEXT_MAX: usize = 4_000;
/// The longest short field, such as a name.
pub const SHORT_TEXT_MAX: usize = 200;

/// A field of a command with what was typed in it.
#[derive(Clone, Copy, Debug)]
pub struct TypedText<'a> {
    /// The name of the field, as in the command body.
    pub field: &'static str,
    /// What was typed.
    pub text: &'a str,
    /// The longest it may be, in characters.
    pub max: usize,
    /// Whether an empty text is refused.
    pub required: bool,
    /// Whether numbers of people are looked for: off for a telephone number, which is a number by itself.
    pub free: bool,
}

impl<'a> TypedText<'a> {
    /// A free text that may be empty.
    #[must_use]
    pub const fn free(field: &'static str, text: &'a str) -> Self {
        Self { field, text, max: FREE_TEXT_MAX, required: false, free: true }
    }

    /// A short text that may be empty.
    #[must_use]
    pub const fn short(field: &'static str, text: &'a str) -> Self {
        Self { field, text, max: SHORT_TEXT_MAX, required: false, free: true }
    }

    /// A text that consists of digits by its nature: telephone, postcode.
    #[must_use]
    pub const fn number(field: &'static str, text: &'a str) -> Self {
        Self { field, text, max: 40, required: false, free: false }
    }

    /// The same text, refused when empty.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Whether this text may be kept.
    pub fn check(&self) -> Result<(), Refusal> {
        let refuse = |kind| Err(Refusal::new(kind, self.field));
        if self.required && self.text.trim().is_empty() {
            return refuse(ProblemKind::FieldMissing);
        }
        if self.text.chars().count() > self.max {
            return refuse(ProblemKind::TextTooLong);
        }
        if self.text.chars().any(|c| c.is_control() && c != '\n') {
            return refuse(ProblemKind::TextNotReadable);
        }
        if self.free {
            if has_bsn(self.text) {
                return refuse(ProblemKind::LooksLikeBsn);
            }
            if has_iban(self.text) {
                return refuse(ProblemKind::LooksLikeIban);
            }
            if has_digid_code(self.text) {
                return refuse(ProblemKind::LooksLikeDigid);
            }
        }
        Ok(())
    }
}

/// A Dutch postcode: four digits, the first not 0, a space or none, two letters.
pub fn check_postcode(text: &str) -> Result<(), Refusal> {
    let bare: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    let good = bare.len() == 6
        && bare.iter().take(4).all(char::is_ascii_digit)
        && bare.first() != Some(&'0')
        && bare.iter().skip(4).all(char::is_ascii_alphabetic);
    if good { Ok(()) } else { Err(Refusal::new(ProblemKind::InvalidPostcode, "postcode")) }
}

/// A telephone number: 8 to 15 digits, with `+`, spaces, dashes and brackets. Empty is allowed.
pub fn check_phone(field: &'static str, text: &str) -> Result<(), Refusal> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let allowed = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')'));
    if text.is_empty() || (allowed && (8..=15).contains(&digits)) {
        Ok(())
    } else {
        Err(Refusal::new(ProblemKind::InvalidPhone, field))
    }
}

/// Runs of groups of digits: one space, dot or dash between two groups does not break a run.
fn digit_runs(text: &str) -> Vec<Vec<Vec<u32>>> {
    let (mut runs, mut run, mut group) = (Vec::new(), Vec::new(), Vec::new());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if let Some(digit) = c.to_digit(10) {
            group.push(digit);
            continue;
        }
        if !group.is_empty() {
            run.push(core::mem::take(&mut group));
        }
        let joins = matches!(c, ' ' | '.' | '-') && chars.peek().is_some_and(char::is_ascii_digit);
        if !joins && !run.is_empty() {
            runs.push(core::mem::take(&mut run));
        }
    }
    if !group.is_empty() {
        run.push(group);
    }
    runs.push(run);
    runs
}

/// Whether nine digits pass the 11-test of a BSN (Besluit burgerservicenummer: weights 9…2 and −1).
fn passes_eleven_test(digits: &[u32]) -> bool {
    let weights = [9_i64, 8, 7, 6, 5, 4, 3, 2, -1];
    digits.len() == 9
        && digits.iter().any(|d| *d != 0)
        && digits.iter().zip(weights).map(|(digit, weight)| i64::from(*digit) * weight).sum::<i64>() % 11 == 0
}

/// Whether groups of digits that stand beside each other make a BSN, whatever number stands before or behind them.
fn has_bsn(text: &str) -> bool {
    digit_runs(text).iter().any(|run| {
        (0..run.len()).any(|from| {
            let mut digits = Vec::new();
            run.iter().skip(from).any(|group| {
                digits.extend_from_slice(group);
                passes_eleven_test(&digits)
            })
        })
    })
}

/// Whether a Dutch IBAN with a right check number (ISO 13616, mod 97) stands in the text.
fn has_iban(text: &str) -> bool {
    let bare: Vec<u8> =
        text.bytes().filter(|b| !matches!(b, b' ' | b'.' | b'-')).map(|b| b.to_ascii_uppercase()).collect();
    bare.windows(18).any(|window| {
        let [b'N', b'L', checks @ ..] = window else { return false };
        let (check, rest) = checks.split_at(2);
        let (bank, account) = rest.split_at(4);
        check.iter().chain(account).all(u8::is_ascii_digit)
            && bank.iter().all(u8::is_ascii_uppercase)
            && bank.iter().chain(account).chain(b"NL").chain(check).fold(0_u32, |sum, byte| {
                if byte.is_ascii_digit() {
                    (sum * 10 + u32::from(byte - b'0')) % 97
                } else {
                    (sum * 100 + u32::from(byte - b'A') + 10) % 97
                }
            }) == 1
    })
}

/// Whether a DigiD name, code or password seems to be written down: the word, with a code near it.
fn has_digid_code(text: &str) -> bool {
    let lower = text.to_lowercase();
    let Some(at) = lower.find("digid") else { return false };
    let rest = lower.get(at..).unwrap_or_default();
    let secret_word =
        ["wachtwoord", "password", "inlogcode", "pincode", "code"].iter().any(|word| rest.contains(word));
    let code = rest
        .split(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | ',' | ';' | '.'))
        .skip(1)
        .any(|word| {
            word.len() >= 4
                && word.chars().any(|c| c.is_ascii_digit())
                && word.chars().all(char::is_alphanumeric)
        });
    code && (secret_word || rest.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<ProblemKind> {
        TypedText::free("note", text).check().err().map(|refusal| refusal.kind)
    }

    #[test]
    fn a_bsn_is_refused_however_it_is_spaced() {
        for text in ["bsn 111222333", "111 222 333", "nummer:111.222.333!", "x123456782y"] {
            assert_eq!(kind(text), Some(ProblemKind::LooksLikeBsn), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_kept() {
        for text in ["bel 0599 123 456", "111222334", "000000000", "5 boeken, 12 weken", "ISBN 9789000000000"]
        {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn a_bank_account_and_a_digid_code_are_refused() {
        assert_eq!(kind("NL91 ABNA 0417 1643 00"), Some(ProblemKind::LooksLikeIban));
        assert_eq!(kind("NL92 ABNA 0417 1643 00"), None);
        assert_eq!(kind("DigiD wachtwoord: geheim12"), Some(ProblemKind::LooksLikeDigid));
        assert_eq!(kind("vraag over DigiD"), None);
    }

    #[test]
    fn postcodes_and_phones_are_checked() {
        assert!(check_postcode("9461 XX").is_ok());
        assert!(check_postcode("0461XX").is_err());
        assert!(check_postcode("9461").is_err());
        assert!(check_phone("phone", "+31 (0)592 12 34 56").is_ok());
        assert!(check_phone("phone", "bel maar").is_err());
    }
}
