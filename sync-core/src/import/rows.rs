//! What a row becomes: answers that were checked one by one, so that every wrong cell is told at once, and the commands that they make.

use uuid::Uuid;

use super::value::{Labels, answer};
use super::{ADDRESS, INTAKE_ON, STATUS, Target, WAY};
use crate::command::Command;
use crate::deliveries::{
    DaySegment, Frequency, ReaderProfile, ReaderStatus, RegisterReader, SetReaderStatus,
};
use crate::ids::{BranchId, DocumentId, LearnerId, ReaderId, UserId, VolunteerId};
use crate::problem::ProblemKind;
use crate::questions::{Answers, Question};
use crate::taalhuis::questions::{FILE, LEARNER};
use crate::taalhuis::{FinishIntake, OpenLearnerFile, RegisterLearner, WayIn};
use crate::time::LocalDate;
use crate::volunteers::DescribeVolunteer;

/// A cell that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// In which column, from 0; nothing when the column is missing or the cell is empty.
    pub column: Option<usize>,
    /// Which field.
    pub field: &'static str,
    /// Why.
    pub problem: ProblemKind,
}

/// What a row says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The answers, by the key of their field.
    pub answers: Answers,
    /// What of it cannot be taken.
    pub bad: Vec<Bad>,
}

impl Entry {
    /// What people call this person.
    #[must_use]
    pub fn name(&self) -> String {
        let parts = ["name", "call_name", "prefix", "family_name"].map(|key| self.answers.get(key));
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The year of birth, where one was told.
    #[must_use]
    pub fn year(&self) -> &str {
        let born = self.answers.get("birth_date");
        if born.is_empty() { self.answers.get("birth_year") } else { born.get(..4).unwrap_or_default() }
    }
}

/// A street with its house number, apart: the number begins at the last group that begins with a figure.
fn split_address(line: &str) -> (String, String) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let begins = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    // *Plein 1945 12 a*: the last number is that of the house, and what is behind it belongs to it.
    match words.iter().rposition(begins) {
        Some(at) if at > 0 => {
            let (street, number) = words.split_at(at);
            (street.join(" "), number.join(" "))
        }
        _ => (line.to_owned(), String::new()),
    }
}

/// Reads a row: `columns` are the columns with a meaning.
#[must_use]
pub fn entry(
    target: Target,
    columns: &[(usize, &Question)],
    cells: &[String],
    (labels, fold): (&Labels, &dyn Fn(&str) -> String),
    today: LocalDate,
) -> Entry {
    let mut entry = Entry::default();
    for (column, field) in columns {
        let cell = cells.get(*column).map(|cell| cell.trim()).unwrap_or_default();
        if cell.is_empty() {
            continue;
        }
        let told = answer(field, cell, labels, fold);
        if let Err(refusal) = field.check_all(&told, today) {
            entry.bad.push(Bad { column: Some(*column), field: field.key, problem: refusal.kind });
        } else {
            entry.answers.0.insert(field.key.to_owned(), told);
        }
    }
    if let Some(line) = entry.answers.0.remove(ADDRESS) {
        let (street, number) = split_address(&line);
        for (key, told) in [("street", street), ("house_number", number)] {
            if !told.is_empty() {
                entry.answers.0.entry(key.to_owned()).or_insert(told);
            }
        }
    }
    for key in target.required() {
        let refused = entry.bad.iter().any(|bad| bad.field == *key);
        if entry.answers.get(key).is_empty() && !refused {
            let column = columns.iter().find(|(_, field)| field.key == *key).map(|(column, _)| *column);
            entry.bad.push(Bad { column, field: key, problem: ProblemKind::FieldMissing });
        }
    }
    entry
}

/// Ids of what a row makes: the same for the same import and row, so that an import that is sent twice has one effect.
#[derive(Clone, Copy, Debug)]
pub struct Ids {
    import: Uuid,
    row: usize,
}

impl Ids {
    /// Of a row of an import.
    #[must_use]
    pub const fn of(import: Uuid, row: usize) -> Self {
        Self { import, row }
    }

    /// The id of a part of it.
    #[must_use]
    pub fn part(self, part: &str) -> Uuid {
        Uuid::new_v5(&self.import, format!("{}/{part}", self.row).as_bytes())
    }
}

/// A row with where it goes.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// The branch.
    pub branch: BranchId,
    /// The ids.
    pub ids: Ids,
    /// The day of the import.
    pub today: LocalDate,
}

fn answers_to(questions: &[Question], all: &Answers) -> Answers {
    let asked = all.0.iter().filter(|(key, _)| questions.iter().any(|question| question.key == key.as_str()));
    Answers(asked.map(|(key, told)| (key.clone(), told.clone())).collect())
}

fn profile(told: &Answers) -> ReaderProfile {
    let text = |key: &str| told.get(key).to_owned();
    ReaderProfile {
        name: text("name"),
        street: text("street"),
        house_number: text("house_number"),
        place: text("place"),
        contact_name: text("contact_name"),
        weekday: text("weekday"),
        item_kinds: text("item_kinds"),
        postcode: text("postcode"),
        phone: text("phone"),
        contact_phone: text("contact_phone"),
        door_note: text("door_note"),
        interests: text("interests"),
        avoid: text("avoid"),
        mobility: text("mobility"),
        large_print: told.get("large_print") == "yes",
        audiobook: told.get("audiobook") == "yes",
        frequency: Frequency::parse(told.get("frequency")).unwrap_or_default(),
        day_segment: DaySegment::parse(told.get("day_segment")).unwrap_or_default(),
        max_items: told.number("max_items"),
        needed_until: told.day("needed_until"),
    }
}

/// The commands that a row becomes, in their order, each with its document.
#[must_use]
pub fn commands(target: Target, told: &Answers, placed: Placed) -> Vec<(DocumentId, Command)> {
    let Placed { branch, ids, today } = placed;
    match target {
        Target::Readers => {
            let reader = ReaderId(ids.part("reader"));
            let register = RegisterReader { branch, profile: profile(told) };
            let mut all = vec![(reader.into(), register.into())];
            // Who stands in the library's own list gets books already, unless it says otherwise.
            let status = ReaderStatus::parse(told.get(STATUS)).unwrap_or(ReaderStatus::Active);
            if status != ReaderStatus::Registered {
                all.push((reader.into(), SetReaderStatus { status, paused_until: None }.into()));
            }
            all
        }
        Target::Learners => {
            let learner = LearnerId(ids.part("learner"));
            let file = OpenLearnerFile {
                branch,
                learner,
                way: WayIn::parse(told.get(WAY)).unwrap_or(WayIn::Other),
                answers: answers_to(FILE, told),
            };
            let register = RegisterLearner { branch, answers: answers_to(LEARNER, told) };
            let mut all = vec![(learner.into(), register.into()), (learner.file(), file.into())];
            if let Some(on) = told.day(INTAKE_ON).filter(|on| *on <= today) {
                all.push((learner.file(), FinishIntake { on }.into()));
            }
            all
        }
        Target::Volunteers => {
            let user = UserId(ids.part("user"));
            let described = DescribeVolunteer { branch, user, answers: told.clone() };
            vec![(VolunteerId::of(branch, user).into(), described.into())]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> LocalDate {
        LocalDate::from_ymd_opt(2026, 11, 26).unwrap()
    }

    fn read(target: Target, row: &[(&str, &str)]) -> Entry {
        let fields = target.fields();
        let columns: Vec<(usize, &Question)> = row
            .iter()
            .enumerate()
            .map(|(at, (key, _))| (at, fields.iter().find(|field| field.key == *key).unwrap()))
            .collect();
        let cells: Vec<String> = row.iter().map(|(_, cell)| (*cell).to_owned()).collect();
        entry(target, &columns, &cells, (&Labels::default(), &|text: &str| text.to_lowercase()), today())
    }

    #[test]
    fn every_wrong_cell_of_a_row_is_told_at_once() {
        let row = [
            ("call_name", "Amina"),
            ("birth_date", "31-2-1980"),
            ("phone", "geen"),
            ("postcode", "94 SS"),
            ("wish", "bsn 111222333"),
            ("family_name", ""),
        ];
        let found = read(Target::Learners, &row);
        let told: Vec<(Option<usize>, ProblemKind)> =
            found.bad.iter().map(|bad| (bad.column, bad.problem)).collect();
        assert_eq!(
            told,
            [
                (Some(1), ProblemKind::DateOutOfRange),
                (Some(2), ProblemKind::InvalidPhone),
                (Some(3), ProblemKind::InvalidPostcode),
                (Some(4), ProblemKind::LooksLikeBsn),
            ]
        );
        assert_eq!(found.name(), "Amina");
    }

    #[test]
    fn a_row_without_what_it_needs_says_what() {
        let found = read(Target::Readers, &[("name", "Mevrouw Hilbrands"), ("postcode", "9461 SS")]);
        let missing: Vec<&str> = found.bad.iter().map(|bad| bad.field).collect();
        assert_eq!(missing, ["street", "house_number", "place"]);
        assert!(found.bad.iter().all(|bad| bad.problem == ProblemKind::FieldMissing));
    }

    #[test]
    fn street_and_number_are_taken_apart() {
        for (line, street, number) in [
            ("Bladwijzerlaan 12", "Bladwijzerlaan", "12"),
            ("Bladwijzerlaan 12 a", "Bladwijzerlaan", "12 a"),
            ("Plein 1945 3-bis", "Plein 1945", "3-bis"),
            ("2e Leesbrilstraat 7", "2e Leesbrilstraat", "7"),
            ("De Boekerij", "De Boekerij", ""),
        ] {
            assert_eq!(split_address(line), (street.to_owned(), number.to_owned()), "{line}");
        }
    }

    #[test]
    fn the_same_import_makes_the_same_ids() {
        let one = Ids::of(Uuid::from_u128(1), 3);
        assert_eq!(one.part("reader"), Ids::of(Uuid::from_u128(1), 3).part("reader"));
        assert_ne!(one.part("reader"), Ids::of(Uuid::from_u128(1), 4).part("reader"));
        assert_ne!(one.part("reader"), Ids::of(Uuid::from_u128(2), 3).part("reader"));
    }

    #[test]
    fn a_reader_of_the_list_gets_books_unless_it_says_otherwise() {
        let placed = Placed {
            branch: BranchId(Uuid::from_u128(1)),
            ids: Ids::of(Uuid::from_u128(2), 1),
            today: today(),
        };
        let kinds = |told: &Answers| {
            commands(Target::Readers, told, placed)
                .iter()
                .map(|(_, command)| command.kind())
                .collect::<Vec<_>>()
        };
        assert_eq!(kinds(&Answers::default()), ["register_reader", "set_reader_status"]);
        assert_eq!(kinds(&Answers::of([("status", "registered")])), ["register_reader"]);
        let learner = Answers::of([("call_name", "Amina"), ("intake_on", "2026-10-01")]);
        let made = commands(Target::Learners, &learner, placed);
        assert_eq!(
            made.iter().map(|(_, command)| command.kind()).collect::<Vec<_>>(),
            ["register_learner", "open_learner_file", "finish_intake"]
        );
    }
}
