//! What fields and their answers are called on our screens, for reading the words of a spreadsheet.

use sync_core::import::{Labels, STATUS, Target};
use sync_core::questions::Kind;
use unicode_normalization::UnicodeNormalization as _;
use words::Words;

const LANGUAGES: [Words; 2] = [Words::Dutch, Words::English];

/// A text in small letters without accents and marks, with one space between its words.
pub(super) fn fold(text: &str) -> String {
    let bare: String = text
        .nfd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names of the fields, folded, with the key of the field.
pub(super) fn fields(target: Target) -> Vec<(String, &'static str)> {
    let names = |key: &'static str| LANGUAGES.map(|words| (fold(words.column(key)), key));
    target.fields().iter().flat_map(|field| names(field.key)).filter(|(name, _)| !name.is_empty()).collect()
}

/// What an answer is called.
fn answer(words: Words, target: Target, key: &str, word: &str) -> &'static str {
    let list = match (target, key) {
        (Target::Readers, "frequency") => "frequency",
        (Target::Readers, "day_segment") => "segment",
        (Target::Readers, STATUS) => "status",
        _ => return words.answer(key, word),
    };
    words.by_key(&format!("{list}-{}", word.replace('_', "-"))).unwrap_or_default()
}

/// The names of all answers.
pub(super) fn answers(target: Target) -> Labels {
    let mut names = Vec::new();
    for field in target.fields() {
        let (Kind::One(all) | Kind::Many(all)) = field.kind else { continue };
        for word in all {
            let told = LANGUAGES.map(|words| answer(words, target, field.key, word).to_owned());
            names.extend(
                told.into_iter().filter(|name| !name.is_empty()).map(|name| (field.key, name, *word)),
            );
        }
    }
    Labels::of(names, &fold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_and_every_answer_has_a_name_to_be_known_by() {
        for target in Target::ALL {
            for field in target.fields() {
                for words in LANGUAGES {
                    assert!(!words.column(field.key).is_empty(), "{target:?} {}", field.key);
                }
                if let Kind::One(all) | Kind::Many(all) = field.kind {
                    for word in all {
                        let name = answer(Words::Dutch, *target, field.key, word);
                        assert!(!name.is_empty(), "{target:?} {} {word}", field.key);
                    }
                }
            }
        }
    }

    #[test]
    fn texts_are_folded() {
        assert_eq!(fold("  Geb.-datum (Zoë) "), "geb datum zoe");
    }
}
