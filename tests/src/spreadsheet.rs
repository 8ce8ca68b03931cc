//! Lists as libraries keep them: with a title above the headings, merged cells, dates in every way there is, people who stand in it twice.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::Outcome;

/// The number of the row with the headings, from 1.
pub const HEADINGS: usize = 4;
/// What stands above the columns.
const COLUMNS: [&str; 11] = [
    "Nr",
    "Voornaam",
    "Tussenv.",
    "Achternaam",
    "Geb. datum",
    "Telefoonnr.",
    "Postcode",
    "Woonplaats",
    "Talen",
    "Leervraag",
    "Kleur map",
];
const SYLLABLES: [&str; 24] = [
    "ba", "do", "ki", "lu", "mer", "nos", "pit", "quo", "rum", "sje", "tal", "vin", "wod", "xan", "yl",
    "zep", "fra", "gol", "hid", "jum", "cro", "ef", "om", "ast",
];

/// A crooked list of learners, and what is wrong with it.
#[derive(Debug)]
pub struct Crooked {
    /// The file.
    pub file: Vec<u8>,
    /// Why rows are refused, by their number in the file.
    pub refused: BTreeMap<usize, &'static str>,
    /// Rows that stand in it twice.
    pub doubles: Vec<usize>,
    /// How many rows hold somebody.
    pub rows: usize,
}

/// An invented name that is like no other.
fn name(number: usize, salt: u64) -> String {
    let mut chance = ChaCha8Rng::seed_from_u64(u64::try_from(number).unwrap_or_default() * 16 + salt);
    let mut syllable = || SYLLABLES[usize::try_from(chance.next_u32()).unwrap_or_default() % SYLLABLES.len()];
    let name = format!("{}{}{}", syllable(), syllable(), syllable());
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One row of the list, with what is crooked about it.
fn write_row(sheet: &mut Worksheet, row: u32, number: usize, crooked: &mut Crooked) -> Result<(), XlsxError> {
    let at = usize::try_from(row).unwrap_or_default() + 1;
    let day = Format::new().set_num_format("d mmm yyyy");
    let kind = number % 50;
    if kind == 7 {
        // An empty line, as people leave them.
        return Ok(());
    }
    crooked.rows += 1;
    // Somebody who stands in it once already, with a slip of the pen.
    let (who, slip) = if kind == 6 && number > 50 { (number - 4, "h") } else { (number, "") };
    let year = 1_940 + who * 7 % 64;
    let number_text = u32::try_from(number).unwrap_or_default();
    sheet.write(row, 0, number_text)?;
    if kind == 5 {
        crooked.refused.insert(at, "field-missing");
    } else {
        sheet.write(row, 1, format!("{}{slip}", name(who, 3)))?;
    }
    sheet.write(row, 3, name(who, 8))?;
    match kind {
        1 => {
            crooked.refused.insert(at, "date-out-of-range");
            sheet.write(row, 4, format!("31-02-{year}"))?;
        }
        9 => {
            crooked.refused.insert(at, "date-out-of-range");
            sheet.write(row, 4, "1-1-2031")?;
        }
        10 => {
            crooked.refused.insert(at, "date-out-of-range");
            sheet.write(row, 4, "4/23/1961")?;
        }
        12 => drop(sheet.write(row, 4, format!("3 mei {year}"))?),
        13 => drop(sheet.write(row, 4, format!("{year}-05-03"))?),
        // As spreadsheets keep a day: 1940-01-01 is 14,611 days after their beginning.
        _ => {
            let days = u32::try_from(14_611 + (year - 1_940) * 365 + (year - 1_940) / 4).unwrap_or_default();
            sheet.write_with_format(row, 4, days + 60, &day)?;
        }
    }
    // A number of which the spreadsheet took the first 0.
    sheet.write(row, 5, 600_000_000 + u32::try_from(who).unwrap_or_default())?;
    match kind {
        8 => {
            crooked.refused.insert(at, "invalid-postcode");
            sheet.write(row, 6, "94 61")?;
        }
        11 => {
            crooked.refused.insert(at, "invalid-postcode");
            sheet.write(row, 6, "#N/B")?;
        }
        _ => drop(sheet.write(row, 6, "9461ss")?),
    }
    if kind == 20 {
        sheet.merge_range(row, 7, row + 3, 7, "Gieten", &Format::new())?;
    } else if !(21..24).contains(&kind) {
        sheet.write(row, 7, "Assen")?;
    }
    sheet.write(row, 8, "Arabisch / Tigrinya")?;
    if kind == 4 {
        crooked.refused.insert(at, "looks-like-bsn");
        sheet.write(row, 9, "Wil leren mailen, bsn 111222333")?;
    } else {
        sheet.write(row, 9, "=Brieven lezen")?;
    }
    if kind == 6 && number > 50 {
        crooked.doubles.push(at);
    }
    Ok(())
}

/// A crooked list of so many lines.
pub fn crooked(lines: usize) -> Outcome<Crooked> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Deelnemers")?;
    sheet.merge_range(0, 0, 0, 8, "Deelnemers Taalhuis, bijgewerkt in november", &Format::new())?;
    sheet.write(2, 1, "Niet weggooien!")?;
    for (column, heading) in (0..).zip(COLUMNS) {
        sheet.write(u32::try_from(HEADINGS)? - 1, column, heading)?;
    }
    let mut crooked = Crooked { file: Vec::new(), refused: BTreeMap::new(), doubles: Vec::new(), rows: 0 };
    for number in 1..=lines {
        write_row(sheet, u32::try_from(HEADINGS + number)? - 1, number, &mut crooked)?;
    }
    book.add_worksheet().set_name("Oud")?.write(0, 0, "leeg")?;
    crooked.file = book.save_to_buffer()?;
    Ok(crooked)
}
