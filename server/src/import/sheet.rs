//! Reads a spreadsheet, XLSX or CSV, into rows of texts: within limits that no file can talk its way out of.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use calamine::{DataRef, Dimensions, Reader as _, Xlsx, XlsxError};
use encoding_rs::{UTF_8, UTF_16LE, WINDOWS_1252};
use sync_core::problem::ProblemKind;
use zip::ZipArchive;

use crate::problem::Problem;

/// The most that a file may be when it is unpacked.
const UNPACKED_MAX: u64 = 64 * 1_024 * 1_024;
/// The most rows of a sheet.
pub(super) const ROWS_MAX: usize = 10_000;
/// The most columns that are looked at; people write remarks far to the right.
const COLUMNS_MAX: usize = 100;
/// The most characters of a cell that are kept: more than any field takes, so that a check can still say that it is too long.
const CELL_MAX: usize = 5_000;
/// How an XLSX file begins: it is a ZIP file.
const ZIP: &[u8] = b"PK\x03\x04";
/// How an old or a locked Excel file begins.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";

/// A row with its number in the file, from 1, and its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) number: usize,
    pub(super) cells: Vec<String>,
}

/// A sheet: its name and its rows that are not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<Row>,
}

fn unreadable(detail: &str) -> Problem {
    Problem::new(ProblemKind::FileNotReadable).about(detail)
}

/// The cells of a sheet by row and column, both from 0.
#[derive(Default)]
struct Cells(BTreeMap<usize, BTreeMap<usize, String>>);

impl Cells {
    fn put(&mut self, row: usize, column: usize, text: String) -> Result<(), Problem> {
        if text.trim().is_empty() || column >= COLUMNS_MAX {
            return Ok(());
        }
        let text = if text.chars().count() > CELL_MAX { text.chars().take(CELL_MAX).collect() } else { text };
        self.0.entry(row).or_default().insert(column, text);
        if self.0.len() > ROWS_MAX {
            return Err(Problem::new(ProblemKind::FileTooLong).about(format!("at most {ROWS_MAX} rows")));
        }
        Ok(())
    }

    /// A cell that stands over several rows says the same of each of them.
    fn spread(&mut self, merged: &[Dimensions]) {
        for area in merged {
            let [top, left, bottom] =
                [area.start.0, area.start.1, area.end.0].map(|at| usize::try_from(at).unwrap_or(usize::MAX));
            let Some(text) = self.0.get(&top).and_then(|row| row.get(&left)).cloned() else { continue };
            // Only rows that are there: a merged area may run on to the end of the sheet.
            for (_, row) in self.0.range_mut(top..=bottom) {
                row.entry(left).or_insert_with(|| text.clone());
            }
        }
    }

    fn rows(self) -> Vec<Row> {
        let width = self.0.values().filter_map(|row| row.keys().last()).max().map_or(0, |last| last + 1);
        let row = |(number, mut cells): (usize, BTreeMap<usize, String>)| Row {
            number: number + 1,
            cells: (0..width).map(|column| cells.remove(&column).unwrap_or_default()).collect(),
        };
        self.0.into_iter().map(row).collect()
    }
}

/// Reads the sheet with this number of a file, from 0.
pub(super) fn read(file: &[u8], sheet: usize) -> Result<Sheet, Problem> {
    if file.starts_with(ZIP) {
        xlsx(file, sheet)
    } else if file.starts_with(OLE) {
        Err(unreadable("an old or a locked Excel file: save it as XLSX without a password"))
    } else {
        csv(file)
    }
}

/// What a file is when it is unpacked, counted and not believed.
fn check_unpacked(file: &[u8]) -> Result<(), Problem> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| unreadable("not an XLSX file"))?;
    let mut left = UNPACKED_MAX;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| unreadable("not an XLSX file"))?;
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|_| unreadable("not an XLSX file"))?;
        left = left.checked_sub(read).ok_or_else(|| Problem::new(ProblemKind::BodyTooLarge))?;
    }
    Ok(())
}

fn text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // A whole number is written without a point: telephone numbers and years are such.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => if *yes { "ja" } else { "nee" }.to_owned(),
        DataRef::DateTime(day) => match day.as_datetime() {
            Some(day) => day.date().to_string(),
            None => day.as_f64().to_string(),
        },
        DataRef::DateTimeIso(day) | DataRef::DurationIso(day) => day.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn xlsx(file: &[u8], sheet: usize) -> Result<Sheet, Problem> {
    check_unpacked(file)?;
    let wrong = |_: XlsxError| unreadable("not an XLSX file");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(wrong)?;
    let names = book.sheet_names();
    let name = names.get(sheet).ok_or_else(|| unreadable("no such sheet"))?.clone();
    let merged = book.merge_cells_by_sheet_name(&name).map_err(wrong)?;
    let mut cells = Cells::default();
    // Cell by cell: a file can claim a sheet of a million columns.
    let mut reader = book.worksheet_cells_reader(&name).map_err(wrong)?;
    while let Some(cell) = reader.next_cell().map_err(wrong)? {
        let (row, column) = cell.get_position();
        let at = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        cells.put(at(row), at(column), text(cell.get_value()))?;
    }
    cells.spread(&merged);
    Ok(Sheet { names, rows: cells.rows() })
}

/// The text of a CSV file: Excel writes UTF-8 with a mark, UTF-16, or the letters of Windows.
fn decoded(file: &[u8]) -> Result<String, Problem> {
    let encoding = if file.starts_with(b"\xff\xfe") {
        UTF_16LE
    } else if UTF_8.decode_without_bom_handling_and_without_replacement(file).is_some() {
        UTF_8
    } else {
        WINDOWS_1252
    };
    let (text, _, _) = encoding.decode(file);
    // A picture or a program read as text has characters that no text has.
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n')) {
        return Err(unreadable("neither XLSX nor CSV"));
    }
    Ok(text.into_owned())
}

/// What stands between the cells: of the first lines the mark that is there most.
fn delimiter(text: &str) -> u8 {
    let head: Vec<&str> = text.lines().take(20).collect();
    let count =
        |mark: u8| head.iter().map(|line| line.bytes().filter(|byte| *byte == mark).count()).sum::<usize>();
    // Of equals the one that Excel writes here.
    let [first, rest @ ..] = [b';', b'\t', b','];
    rest.into_iter().fold(first, |best, mark| if count(mark) > count(best) { mark } else { best })
}

fn csv(file: &[u8]) -> Result<Sheet, Problem> {
    let text = decoded(file)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut cells = Cells::default();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|_| unreadable("not a CSV file"))?;
        for (column, cell) in record.iter().enumerate() {
            cells.put(row, column, cell.to_owned())?;
        }
    }
    Ok(Sheet { names: vec![String::new()], rows: cells.rows() })
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{Format, Formula, Workbook};

    use sync_core::import::FILE_MAX;

    use super::*;

    fn rows(file: &[u8]) -> Vec<(usize, Vec<String>)> {
        read(file, 0).unwrap().rows.into_iter().map(|row| (row.number, row.cells)).collect()
    }

    fn kind(file: &[u8]) -> ProblemKind {
        read(file, 0).unwrap_err().kind()
    }

    #[test]
    fn csv_is_read_however_excel_wrote_it() {
        let expected = vec![
            (1, vec!["Naam".to_owned(), "Plaats".to_owned()]),
            (3, vec!["Zoë Kamps".to_owned(), "Gieten".to_owned()]),
        ];
        let utf8 = "Naam;Plaats\r\n;\r\n\"Zoë Kamps\";Gieten\r\n";
        assert_eq!(rows(utf8.as_bytes()), expected);
        assert_eq!(rows(&[b"\xef\xbb\xbf", utf8.as_bytes()].concat()), expected);
        assert_eq!(rows(utf8.replace(';', "\t").as_bytes()), expected);
        assert_eq!(rows(utf8.replace(';', ",").as_bytes()), expected);
        let windows: Vec<u8> =
            utf8.chars().map(|c| if c == 'ë' { 0xeb } else { u8::try_from(c).unwrap() }).collect();
        assert_eq!(rows(&windows), expected);
        let utf16: Vec<u8> =
            [0xfeff_u16].into_iter().chain(utf8.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(rows(&utf16), expected);
    }

    #[test]
    fn xlsx_gives_dates_numbers_and_merged_cells_as_people_see_them() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("dd-mm-yyyy");
        sheet.merge_range(1, 0, 2, 0, "Gieten", &Format::new()).unwrap();
        sheet.write(1, 1, "Amina").unwrap().write(2, 1, "Jan").unwrap();
        sheet.write_with_format(1, 2, 17_260, &day).unwrap();
        sheet.write(2, 2, 600_000_012_u32).unwrap();
        sheet.write(1, 3, true).unwrap();
        sheet.write(2, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        let found = rows(&book.save_to_buffer().unwrap());
        let cells = |row: &[&str]| row.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(found[0], (2, cells(&["Gieten", "Amina", "1947-04-03", "ja"])));
        assert_eq!((found[1].0, found[1].1[..3].to_vec()), (3, cells(&["Gieten", "Jan", "600000012"])));
    }

    #[test]
    fn files_that_are_no_spreadsheet_are_refused_in_words() {
        assert_eq!(kind(b"\xd0\xcf\x11\xe0\xa1\xb1"), ProblemKind::FileNotReadable);
        assert_eq!(kind(b"PK\x03\x04 and then nothing"), ProblemKind::FileNotReadable);
        assert_eq!(kind(b"\x89PNG\r\n\0\0\0\rIHDR"), ProblemKind::FileNotReadable);
        let long = "a;b\n".repeat(ROWS_MAX + 1);
        assert_eq!(kind(long.as_bytes()), ProblemKind::FileTooLong);
        assert!(read(b"", 0).unwrap().rows.is_empty());
    }

    #[test]
    fn a_small_file_that_unpacks_to_much_is_not_unpacked() {
        use std::io::Write as _;
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let nothing = vec![0_u8; 1_024 * 1_024];
        for _ in 0..=UNPACKED_MAX / 1_048_576 {
            writer.write_all(&nothing).unwrap();
        }
        let file = writer.finish().unwrap().into_inner();
        assert!(file.len() < FILE_MAX, "the bomb itself is small: {}", file.len());
        assert_eq!(kind(&file), ProblemKind::BodyTooLarge);
    }

    #[test]
    fn a_cell_far_away_takes_no_room() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "Naam").unwrap().write(1_048_575, 16_383, "ver weg").unwrap();
        sheet.write(1_048_000, 1, "laag").unwrap();
        assert_eq!(
            rows(&book.save_to_buffer().unwrap()),
            [
                (1, vec!["Naam".to_owned(), String::new()]),
                (1_048_001, vec![String::new(), "laag".to_owned()])
            ]
        );
    }
}
