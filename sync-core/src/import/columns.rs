//! Which column means what. A person has the last word; what was chosen once is proposed the next time.

use std::collections::{BTreeMap, BTreeSet};

use rapidfuzz::distance::jaro_winkler;

use super::Target;

/// How alike a heading and a name must be, of one, to be taken for a slip of the pen.
const ALIKE: f64 = 0.93;
/// How many rows from the top the headings can stand: above them are titles and remarks.
const HEADINGS_WITHIN: usize = 20;

/// What people write above a column, folded, beside the names on our own screens.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("name", &["naam", "volledige naam", "naam lezer", "naam klant", "naam vrijwilliger", "full name"]),
    ("call_name", &["voornaam", "roepnaam", "naam", "naam deelnemer", "naam cursist", "first name", "name"]),
    ("prefix", &["tussenvoegsel", "tussenv", "voorvoegsel", "tv"]),
    ("family_name", &["achternaam", "familienaam", "geslachtsnaam", "last name", "surname", "family name"]),
    ("gender", &["geslacht", "m v", "m v x", "man vrouw", "gender", "sex"]),
    ("birth_date", &["geboortedatum", "geb datum", "geb dat", "gebdatum", "date of birth", "birth date"]),
    ("birth_year", &["geboortejaar", "geb jaar", "year of birth"]),
    ("origin", &["land van herkomst", "herkomst", "geboorteland", "land", "country of origin"]),
    (
        "phone",
        &[
            "telefoon",
            "telefoonnummer",
            "tel",
            "tel nr",
            "telnr",
            "tel nummer",
            "mobiel",
            "mobiele nummer",
            "gsm",
            "06",
            "06 nummer",
            "phone",
            "mobile",
        ],
    ),
    ("email", &["e mail", "email", "mail", "e mailadres", "emailadres", "mailadres"]),
    ("address_line", &["adres", "straat en huisnummer", "straat nr", "straat huisnummer", "address"]),
    ("street", &["straat", "straatnaam", "street"]),
    ("house_number", &["huisnummer", "huisnr", "huis nr", "hnr", "house number"]),
    ("postcode", &["postcode", "pc", "post code", "postal code", "zip"]),
    ("place", &["plaats", "woonplaats", "dorp", "city", "town"]),
    ("mother_tongue", &["moedertaal", "thuistaal", "eerste taal", "mother tongue", "native language"]),
    ("languages", &["talen", "taal", "andere talen", "spreekt", "languages", "language"]),
    ("wish", &["leervraag", "wens", "hulpvraag", "leerwens", "vraag"]),
    ("first_language", &["nt1 nt2", "nt1 of nt2", "nt"]),
    ("contact_name", &["contactpersoon", "mantelzorger", "naam contactpersoon", "contact"]),
    ("contact_phone", &["telefoon contactpersoon", "tel contactpersoon", "telefoon mantelzorger"]),
    ("emergency_phone", &["noodnummer", "telefoon bij nood", "tel noodgeval"]),
    ("frequency", &["frequentie", "hoe vaak", "frequency"]),
    ("day_segment", &["dagdeel", "part of day"]),
    ("weekday", &["weekdag", "dag"]),
    ("status", &["status", "stand"]),
    ("needed_until", &["nodig tot", "tot en met", "einddatum"]),
    ("max_items", &["aantal boeken", "aantal", "max boeken"]),
    ("large_print", &["grootletter", "groot letter", "grootletterboeken", "large print"]),
    ("audiobook", &["luisterboek", "luisterboeken", "daisy", "audiobook"]),
    ("interests", &["interesses", "voorkeur", "voorkeuren", "leest graag", "genres"]),
    ("avoid", &["liever niet", "geen", "niet"]),
    ("door_note", &["bij de deur", "bijzonderheden", "opmerking", "opmerkingen", "notes"]),
    ("remarks", &["opmerking", "opmerkingen", "bijzonderheden", "notes"]),
    ("wishes", &["opmerking", "opmerkingen", "wensen", "notes"]),
    ("way", &["aangemeld door", "aanmelder", "hoe binnengekomen", "instroom"]),
    ("intake_on", &["intake", "intakedatum", "datum intake", "intake op"]),
    ("hours_a_week", &["uren per week", "uren", "beschikbaar uren"]),
];

/// A column with what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// Which column, from 0.
    pub column: usize,
    /// The key of the field.
    pub field: &'static str,
}

/// How sure a heading means a field, from 0 to 1; nothing when it does not.
fn sureness(heading: &str, names: &[&str]) -> Option<f64> {
    let best =
        names.iter().map(|name| jaro_winkler::similarity(heading.chars(), name.chars())).fold(0.0, f64::max);
    // Short headings are too easily alike: *nr* and *tv*.
    let enough = if heading.chars().count() < 5 { 1.0 } else { ALIKE };
    (best >= enough).then_some(best)
}

/// What the columns under these headings mean. `remembered` is what was chosen earlier, by folded heading, an empty field for a column to be
/// left out; `labels` are the names on our own screens, folded, with the key of the field.
#[must_use]
pub fn guess(
    target: Target,
    headings: &[String],
    remembered: &BTreeMap<String, String>,
    labels: &[(String, &'static str)],
) -> Vec<Guess> {
    let fields = target.fields();
    let mut taken = BTreeSet::new();
    let mut open: BTreeSet<usize> = (0..headings.len()).collect();
    let mut found = Vec::new();
    for (column, heading) in headings.iter().enumerate() {
        let Some(chosen) = remembered.get(heading) else { continue };
        open.remove(&column);
        if let Some(field) = fields.iter().find(|field| field.key == chosen)
            && taken.insert(field.key)
        {
            found.push(Guess { column, field: field.key });
        }
    }
    let mut likely: Vec<(f64, usize, usize)> = Vec::new();
    for column in open {
        let Some(heading) = headings.get(column).filter(|heading| !heading.is_empty()) else { continue };
        for (order, field) in fields.iter().enumerate() {
            let known = SYNONYMS.iter().filter(|(key, _)| *key == field.key).flat_map(|(_, names)| *names);
            let own = labels.iter().filter(|(_, key)| *key == field.key).map(|(label, _)| label.as_str());
            let names: Vec<&str> = known.copied().chain(own).collect();
            if let Some(sure) = sureness(heading, &names) {
                likely.push((sure, order, column));
            }
        }
    }
    // The surest first; of equals the first field and the first column.
    likely
        .sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)).then(one.2.cmp(&other.2)));
    let mut used = BTreeSet::new();
    for (_, order, column) in likely {
        let Some(field) = fields.get(order) else { continue };
        if !used.contains(&column) && taken.insert(field.key) {
            used.insert(column);
            found.push(Guess { column, field: field.key });
        }
    }
    // *Nr* is the number of a house only beside its street; elsewhere it counts the rows.
    let beside = found.iter().find(|guess| guess.field == "street").map(|guess| guess.column + 1);
    if let Some(column) = beside.filter(|column| headings.get(*column).is_some_and(|heading| heading == "nr"))
        && !remembered.contains_key("nr")
        && taken.insert("house_number")
    {
        found.push(Guess { column, field: "house_number" });
    }
    found.sort_by_key(|guess| guess.column);
    found
}

/// The row with the headings: of the first rows the one that says most of what we know.
#[must_use]
pub fn heading_row(target: Target, rows: &[Vec<String>], labels: &[(String, &'static str)]) -> usize {
    let none = BTreeMap::new();
    let known = |row: &Vec<String>| guess(target, row, &none, labels).len();
    // Of equals the first: a row of data that happens to look alike comes later.
    let best = rows
        .iter()
        .take(HEADINGS_WITHIN)
        .enumerate()
        .max_by_key(|(at, row)| (known(row), HEADINGS_WITHIN - at));
    best.map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn found(target: Target, names: &[&str], remembered: &[(&str, &str)]) -> Vec<(usize, &'static str)> {
        let remembered =
            remembered.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect();
        let labels = [("aantal kinderen".to_owned(), "children")];
        guess(target, &headings(names), &remembered, &labels)
            .iter()
            .map(|guess| (guess.column, guess.field))
            .collect()
    }

    #[test]
    fn columns_are_known_by_what_people_write_above_them() {
        let names = [
            "nr",
            "voornaam",
            "tussenvoegsel",
            "achternaam",
            "gebortedatum",
            "telefoonnr",
            "aantal kinderen",
            "kleur",
        ];
        let expected = [
            (1, "call_name"),
            (2, "prefix"),
            (3, "family_name"),
            (4, "birth_date"),
            (5, "phone"),
            (6, "children"),
        ];
        let found = found(Target::Learners, &names, &[]);
        assert_eq!(found.iter().filter(|(column, _)| *column > 0).copied().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_field_has_one_column_and_what_was_chosen_before_counts_first() {
        assert_eq!(found(Target::Readers, &["telefoon", "mobiel"], &[]), [(0, "phone")]);
        assert_eq!(found(Target::Readers, &["telefoon", "mobiel"], &[("mobiel", "phone")]), [(1, "phone")]);
        assert_eq!(found(Target::Readers, &["telefoon"], &[("telefoon", "")]), []);
        assert_eq!(
            found(Target::Readers, &["nr", "straat", "nr"], &[]),
            [(1, "street"), (2, "house_number")]
        );
        // What was chosen for a field that is no more is asked anew.
        assert_eq!(found(Target::Readers, &["telefoon"], &[("telefoon", "fax")]), []);
    }

    #[test]
    fn a_mother_tongue_beside_other_languages_has_its_own_field() {
        let both = found(Target::Learners, &["moedertaal", "talen"], &[]);
        assert_eq!(both, [(0, "mother_tongue"), (1, "languages")]);
    }

    #[test]
    fn titles_above_the_headings_are_passed_over() {
        let rows = [
            headings(&["lezers aan huis 2026", ""]),
            headings(&["", ""]),
            headings(&["naam", "postcode"]),
            headings(&["mevrouw hilbrands", "9461 ss"]),
        ];
        assert_eq!(heading_row(Target::Readers, &rows, &[]), 2);
    }
}
