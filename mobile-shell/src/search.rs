//! Search that forgives typing: accents, capitals, a slip of the finger.

use rapidfuzz::distance::osa;

use crate::browser::machine::fold;

/// Whether every typed word is in the text, give or take a slip of the finger.
pub(crate) fn forgives(text: &str, typed: &str) -> bool {
    let text = fold(text);
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    fold(typed).split_whitespace().all(|word| {
        squeezed.contains(word)
            || text.split_whitespace().any(|have| {
                let slips = match word.chars().count() {
                    0..=3 => 0,
                    4..=7 => 1,
                    _ => 2,
                };
                slips > 0 && osa::distance(word.chars(), have.chars()) <= slips
            })
    })
}
