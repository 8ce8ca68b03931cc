//! What languages are called in Dutch and in English, for the cells of a spreadsheet. On screens the device names them.

/// ISO 639-1, Dutch, English, and what else people write.
const NAMES: &[(&str, &[&str])] = &[
    ("nl", &["nederlands", "dutch"]),
    ("am", &["amhaars", "amharic", "amhaarisch"]),
    ("ar", &["arabisch", "arabic"]),
    ("bg", &["bulgaars", "bulgarian"]),
    ("de", &["duits", "german"]),
    ("en", &["engels", "english"]),
    ("es", &["spaans", "spanish"]),
    ("fa", &["perzisch", "farsi", "dari", "persian"]),
    ("fr", &["frans", "french"]),
    ("hu", &["hongaars", "hungarian"]),
    ("id", &["indonesisch", "indonesian"]),
    ("it", &["italiaans", "italian"]),
    ("ku", &["koerdisch", "kurdish", "kurmanci", "sorani"]),
    ("pl", &["pools", "polish"]),
    ("ps", &["pasjtoe", "pashto", "pasjto"]),
    ("pt", &["portugees", "portuguese"]),
    ("ro", &["roemeens", "romanian"]),
    ("ru", &["russisch", "russian"]),
    ("so", &["somalisch", "somali"]),
    ("th", &["thai", "thais"]),
    ("ti", &["tigrinya", "tigrigna", "tigrinja"]),
    ("tr", &["turks", "turkish"]),
    ("uk", &["oekraiens", "ukrainian"]),
    ("ur", &["urdu"]),
    ("vi", &["vietnamees", "vietnamese"]),
    ("zh", &["chinees", "mandarijn", "kantonees", "chinese"]),
];

/// The code of a language by its name, folded, or by the code itself.
pub(super) fn code(folded: &str) -> Option<&'static str> {
    NAMES.iter().find(|(code, names)| *code == folded || names.contains(&folded)).map(|(code, _)| *code)
}
