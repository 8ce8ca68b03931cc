//! The overview of a Taalhuis: figures for the coordinator, the municipality and the certificate (domain 3.14).

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use rust_xlsxwriter::Workbook;
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use sync_core::access::Role;
use sync_core::document::DocumentKind;
use sync_core::ids::{BranchId, DocumentId, LearnerId, OrganisationId, VolunteerId};
use sync_core::problem::ProblemKind;
use sync_core::summary::Summary;
use sync_core::taalhuis::Stage;
use sync_core::taalhuis::books::Books;
use sync_core::taalhuis::doubles::persons;
use sync_core::taalhuis::needs::vog_is_in_order;
use sync_core::time::LocalDate;
use utoipa::IntoParams;
use uuid::Uuid;
use words::Words;

use super::entity::{
    learner, learner_effect, learner_level, learner_referral, learner_request, learning_session, pairing,
};
use super::figures::{Buddy, Figure, Period, Rows, SMALL, close, figures};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::problem::{Problem, ProblemBody};
use crate::sync::entity::branch;
use crate::sync::summaries;

/// Which period, and in which form.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OverviewQuery {
    /// The first day.
    #[param(value_type = String, format = Date, example = "2026-01-01")]
    from: LocalDate,
    /// The last day.
    #[param(value_type = String, format = Date, example = "2026-12-31")]
    until: LocalDate,
    /// Only learners who learn Dutch as this: `nt1` or `nt2`; everybody when left out.
    #[serde(default)]
    #[param(example = "nt2")]
    group: String,
    /// `json`, `csv` or `xlsx`.
    #[serde(default)]
    format: String,
}

/// The figures of one's Taalhuizen in a period, per municipality and together: who came in, was matched, goes on, ended and why, levels and
/// effects. Fewer than five people in a group are not told.
#[utoipa::path(get, path = "/api/taalhuis/overview", tag = "taalhuis", params(OverviewQuery), security(("bearer" = [])),
    responses((status = 200, body = Vec<Figure>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn overview(
    State(state): State<AppState>,
    actor: Actor,
    query: Result<Query<OverviewQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let mut branches = actor.branches_as(Role::TaalhuisCoordinator);
    branches.extend(actor.branches_as(Role::ReportReader));
    if branches.is_empty() {
        return Err(Problem::new(ProblemKind::NotAllowed));
    }
    let Query(query) = query?;
    let period = Period { from: query.from, until: query.until };
    if period.from > period.until {
        return Err(Problem::new(ProblemKind::InvalidRequest).about("from is after until"));
    }
    if !["", "nt1", "nt2"].contains(&query.group.as_str()) {
        return Err(Problem::new(ProblemKind::InvalidRequest).about("group"));
    }
    // Whoever sees no learners asks by the month: of two periods that differ by a day the difference could be one person.
    if actor.branches_as(Role::TaalhuisCoordinator).is_empty() && !period.is_of_months() {
        return Err(Problem::new(ProblemKind::InvalidRequest).about("from and until: whole months"));
    }
    let mut rows = gather(&state.db.read, &actor, &branches, period).await?;
    let mut all = told(&rows, period);
    // Written for who coordinates there; of others nobody knows whether a name slipped in.
    let words = core::mem::take(&mut rows.words);
    if !query.group.is_empty() {
        let rows = Part { rows: rows.rows.of_group(&query.group), places: rows.places, words: Vec::new() };
        all = apart(told(&rows, period), &all);
        // Of volunteers and groups nobody can say for whom they are.
        all.retain(|figure| !figure.measure.starts_with("buddies") && figure.measure != "in_groups");
    }
    if query.format.is_empty() || query.format == "json" {
        return Ok(Json(all).into_response());
    }
    let line = audit::Line::of_device("export_taalhuis", actor.person.user.0, actor.device.0);
    audit::note(&state.db.write, actor.organisation.0, state.clock.now(), line).await?;
    match query.format.as_str() {
        "csv" => as_csv(&all),
        "xlsx" => as_xlsx(&all, &words),
        _ => Err(Problem::new(ProblemKind::InvalidRequest).about("format")),
    }
}

/// The figures of a target group, without those by which the few outside it could be found from the figures of everybody.
fn apart(of_group: Vec<Figure>, of_all: &[Figure]) -> Vec<Figure> {
    let everybody: BTreeMap<(&str, &str, &str), i64> = of_all
        .iter()
        .map(|figure| ((figure.municipality.as_str(), figure.measure, figure.group.as_str()), figure.real))
        .collect();
    of_group
        .into_iter()
        .map(|mut figure| {
            let key = (figure.municipality.as_str(), figure.measure, figure.group.as_str());
            let others = everybody.get(&key).map_or(0, |all| all - figure.real);
            if figure.adds_up() && (1..SMALL).contains(&others) {
                figure.count = None;
            }
            figure
        })
        .collect()
}

/// Rows, with the municipality of each branch, and what Taalhuizen write about the norms.
struct Part {
    rows: Rows,
    places: BTreeMap<Uuid, String>,
    words: Vec<NormWords>,
}

/// What a Taalhuis has to tell about a norm of the certificate.
struct NormWords {
    taalhuis: String,
    norm: u8,
    text: String,
}

async fn gather(
    db: &impl ConnectionTrait,
    actor: &Actor,
    branches: &[BranchId],
    period: Period,
) -> Result<Part, DbErr> {
    let organisation = actor.organisation.0;
    let found = branch::Entity::find()
        .filter(branch::Column::OrganisationId.eq(organisation))
        .filter(branch::Column::Id.is_in(branches.iter().map(|branch| branch.0)))
        .all(db)
        .await?;
    let names: BTreeMap<Uuid, String> = found.iter().map(|branch| (branch.id, branch.name.clone())).collect();
    let places: BTreeMap<Uuid, String> =
        found.into_iter().map(|branch| (branch.id, branch.municipality)).collect();
    let ids = || places.keys().copied();
    let learners = learner::Entity::find()
        .filter(learner::Column::OrganisationId.eq(organisation))
        .filter(learner::Column::BranchId.is_in(ids()))
        .all(db)
        .await?;
    let pairings = pairing::Entity::find()
        .filter(pairing::Column::OrganisationId.eq(organisation))
        .filter(pairing::Column::BranchId.is_in(ids()))
        .all(db)
        .await?;
    let sessions = learning_session::Entity::find()
        .filter(learning_session::Column::OrganisationId.eq(organisation))
        .filter(learning_session::Column::BranchId.is_in(ids()))
        .filter(learning_session::Column::HeldOn.gte(period.from))
        .filter(learning_session::Column::HeldOn.lte(period.until))
        .all(db)
        .await?;
    let all = Rows { learners, pairings, sessions, ..facts(db, organisation, period).await? };
    let documents = documents(db, organisation, &places, period).await?;
    let mut rows = Rows {
        buddies: documents.buddies,
        consents: documents.consents,
        in_courses: documents.in_courses,
        course_until: documents.course_until,
        ..all
    }
    .of_files();
    rows.join();
    let coordinates = actor.branches_as(Role::TaalhuisCoordinator);
    let own = documents.norms.into_iter().filter(|(branch, ..)| coordinates.contains(&BranchId(*branch)));
    let words = own
        .map(|(branch, norm, text)| NormWords {
            taalhuis: names.get(&branch).cloned().unwrap_or_default(),
            norm,
            text,
        })
        .collect();
    Ok(Part { rows, places, words })
}

/// The facts of files in a period, and every level before its end.
async fn facts(db: &impl ConnectionTrait, organisation: Uuid, period: Period) -> Result<Rows, DbErr> {
    let levels = learner_level::Entity::find()
        .filter(learner_level::Column::OrganisationId.eq(organisation))
        .filter(learner_level::Column::MeasuredOn.lte(period.until))
        .all(db)
        .await?;
    let effects = learner_effect::Entity::find()
        .filter(learner_effect::Column::OrganisationId.eq(organisation))
        .filter(learner_effect::Column::AskedOn.gte(period.from))
        .filter(learner_effect::Column::AskedOn.lte(period.until))
        .all(db)
        .await?;
    let requests = learner_request::Entity::find()
        .filter(learner_request::Column::OrganisationId.eq(organisation))
        .filter(learner_request::Column::AskedOn.gte(period.from))
        .filter(learner_request::Column::AskedOn.lte(period.until))
        .all(db)
        .await?;
    let referrals = learner_referral::Entity::find()
        .filter(learner_referral::Column::OrganisationId.eq(organisation))
        .filter(
            [
                learner_referral::Column::SentOn,
                learner_referral::Column::BeganOn,
                learner_referral::Column::FinishedOn,
            ]
            .into_iter()
            .fold(Condition::any(), |any, day| any.add(day.between(period.from, period.until))),
        )
        .all(db)
        .await?;
    Ok(Rows { levels, effects, requests, referrals, ..Rows::default() })
}

/// What only documents tell: the volunteers of a Taalhuis, who consents, and who learns in a course.
#[derive(Default)]
struct Told {
    buddies: Vec<Buddy>,
    consents: Vec<(Option<Uuid>, Uuid)>,
    in_courses: BTreeSet<Uuid>,
    course_until: BTreeMap<Uuid, LocalDate>,
    norms: Vec<(Uuid, u8, String)>,
}

async fn documents(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    places: &BTreeMap<Uuid, String>,
    period: Period,
) -> Result<Told, DbErr> {
    let kinds = [
        DocumentKind::Group,
        DocumentKind::Learner,
        DocumentKind::LearnerFile,
        DocumentKind::Team,
        DocumentKind::VolunteerFile,
        DocumentKind::Taalhuis,
    ];
    let mut books: BTreeMap<Uuid, Vec<(DocumentId, Summary)>> = BTreeMap::new();
    let ids: Vec<Uuid> = places.keys().copied().collect();
    for (id, branch, summary) in summaries(db, OrganisationId(organisation), &ids, &kinds).await? {
        books.entry(branch).or_default().push((DocumentId(id), summary));
    }
    let mut told = Told::default();
    for (branch, rows) in books {
        let books = Books::gather(BranchId(branch), rows.iter().map(|(id, summary)| (*id, summary)));
        told.norms.extend(books.house.norms.iter().map(|(norm, text)| (branch, *norm, text.clone())));
        for user in books.buddies() {
            let file = books.volunteer_files.get(&VolunteerId::of(BranchId(branch), user));
            told.buddies.push(Buddy {
                branch: Some(branch),
                has_vog: vog_is_in_order(&books.house, file, period.until),
                is_trained: file.is_some_and(|file| file.is_trained),
            });
        }
        let goes_on = |id: &LearnerId| books.files.get(id).is_some_and(|file| file.ended_on.is_none());
        let shared = books.learners.iter().filter(|(id, row)| row.is_shared && goes_on(id));
        told.consents.extend(shared.map(|(id, _)| (Some(branch), id.0)));
        told.in_courses.extend(books.in_courses.iter().map(|learner| learner.0));
        told.course_until.extend(books.course_until.iter().map(|(learner, on)| (learner.0, *on)));
    }
    Ok(told)
}

impl Rows {
    /// Counts everybody once: what stands under another name of a person counts under the one that goes on.
    fn join(&mut self) {
        let known: BTreeSet<Uuid> = self.learners.iter().filter_map(|row| row.learner_id).collect();
        let into = self
            .learners
            .iter()
            .filter_map(|row| Some((LearnerId(row.learner_id?), LearnerId(row.joined_into?))))
            .filter(|(_, into)| known.contains(&into.0))
            .collect();
        let persons = persons(&into);
        for row in &mut self.learners {
            let goes_on = row.learner_id.is_some_and(|id| !persons.contains_key(&LearnerId(id)));
            if row.joined_into.is_some() && goes_on {
                let stage = Stage::of(row.ended_on.is_some(), row.intake_on.is_some());
                stage.as_str().clone_into(&mut row.stage);
            }
        }
        for id in self.pairings.iter_mut().filter_map(|row| row.learner_id.as_mut()) {
            if let Some(person) = persons.get(&LearnerId(*id)) {
                *id = person.0;
            }
        }
    }

    /// The same, without facts of files that are not among these learners.
    fn of_files(mut self) -> Self {
        let files: BTreeSet<Uuid> = self.learners.iter().map(|learner| learner.id).collect();
        self.levels.retain(|row| files.contains(&row.file_id));
        self.effects.retain(|row| files.contains(&row.file_id));
        self.requests.retain(|row| files.contains(&row.file_id));
        self.referrals.retain(|row| files.contains(&row.file_id));
        self
    }

    /// Only of learners of this target group, with what is theirs; of volunteers and groups nobody can say whose they are.
    fn of_group(mut self, group: &str) -> Self {
        if group.is_empty() {
            return self;
        }
        self.learners.retain(|learner| learner.first_language.as_deref() == Some(group));
        let own: BTreeSet<Uuid> = self.learners.iter().filter_map(|learner| learner.learner_id).collect();
        self.pairings.retain(|row| row.learner_id.is_some_and(|id| own.contains(&id)));
        let pairings: BTreeSet<Uuid> = self.pairings.iter().map(|row| row.id).collect();
        self.sessions.retain(|row| pairings.contains(&row.source_id));
        self.consents.retain(|(_, learner)| own.contains(learner));
        self.buddies.clear();
        self.of_files()
    }

    /// Only of some branches.
    fn of_branches(&self, here: impl Fn(Option<Uuid>) -> bool) -> Self {
        Self {
            learners: self.learners.iter().filter(|row| here(row.branch_id)).cloned().collect(),
            pairings: self.pairings.iter().filter(|row| here(row.branch_id)).cloned().collect(),
            sessions: self.sessions.iter().filter(|row| here(row.branch_id)).cloned().collect(),
            levels: self.levels.clone(),
            effects: self.effects.clone(),
            requests: self.requests.clone(),
            referrals: self.referrals.clone(),
            buddies: self.buddies.iter().filter(|buddy| here(buddy.branch)).copied().collect(),
            consents: self.consents.iter().filter(|(branch, _)| here(*branch)).copied().collect(),
            in_courses: self.in_courses.clone(),
            course_until: self.course_until.clone(),
        }
        .of_files()
    }
}

/// The figures of all together and of each municipality.
fn told(part: &Part, period: Period) -> Vec<Figure> {
    let mut found = figures("", &part.rows, period);
    let municipalities: BTreeSet<&String> = part.places.values().filter(|name| !name.is_empty()).collect();
    // With one municipality the total says it all.
    if municipalities.len() > 1 {
        let mut apart = Vec::new();
        for municipality in municipalities {
            let here =
                |branch: Option<Uuid>| branch.and_then(|id| part.places.get(&id)) == Some(municipality);
            apart.extend(figures(municipality, &part.rows.of_branches(here), period));
        }
        found.extend(apart);
        while close_table(&mut found) {}
    }
    found
}

/// Closes a table of municipalities and groups once: in every row the groups of one municipality, in every column one group of all
/// municipalities with the whole. What one of them keeps to itself could else be found by taking the others from the whole. Whether
/// anything was hidden.
fn close_table(all: &mut [Figure]) -> bool {
    let mut changed = false;
    let rows: BTreeSet<(String, &'static str)> = all
        .iter()
        .filter(|figure| !figure.group.is_empty())
        .map(|figure| (figure.municipality.clone(), figure.measure))
        .collect();
    for (municipality, measure) in rows {
        let row = |one: &&mut Figure| {
            one.municipality == municipality && one.measure == measure && !one.group.is_empty()
        };
        changed |= close(all.iter_mut().filter(row));
    }
    let columns: BTreeSet<(&'static str, String)> = all
        .iter()
        .filter(|figure| figure.adds_up())
        .map(|figure| (figure.measure, figure.group.clone()))
        .collect();
    for (measure, group) in columns {
        let mut whole_is_told = true;
        let mut parts: Vec<&mut Figure> = Vec::new();
        for one in all.iter_mut().filter(|one| one.measure == measure && one.group == group) {
            if one.municipality.is_empty() {
                whole_is_told = one.count.is_some();
            } else {
                parts.push(one);
            }
        }
        if whole_is_told {
            changed |= close(parts.into_iter());
        } else if parts.iter().all(|one| one.count.is_some())
            && let Some(least) = parts.into_iter().min_by_key(|one| one.real)
        {
            // The parts alone would tell the whole.
            least.count = None;
            changed = true;
        }
    }
    changed
}

fn cells(figure: &Figure) -> [String; 5] {
    let words = Words::Dutch;
    let measure = format!("measure-{}", figure.measure.replace('_', "-"));
    let told = figure.list.map_or("", |list| words.answer(list, &figure.group));
    let group = if told.is_empty() && figure.group == "unknown" { words.answer("", "unknown") } else { told };
    let group = if group.is_empty() { figure.group.clone() } else { group.to_owned() };
    let count = figure.count.map_or_else(|| words.figure_hidden().to_owned(), |count| count.to_string());
    let measure = words.by_key(&measure).unwrap_or(figure.measure).to_owned();
    let norm = norm_name(figure.norm).to_owned();
    [figure.municipality.clone(), norm, measure, group, count]
}

fn head() -> [&'static str; 5] {
    let words = Words::Dutch;
    [
        words.figure_municipality(),
        words.figure_norm(),
        words.figure(),
        words.figure_group(),
        words.figure_count(),
    ]
}

fn file(kind: &'static str, name: &'static str, body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], body).into_response()
}

/// A name of a municipality comes from outside: nothing that a spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn as_csv(all: &[Figure]) -> Result<Response, Problem> {
    // As a spreadsheet in Dutch opens it: with semicolons, and a mark that says how the letters are written.
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head()).map_err(Problem::failure)?;
    for figure in all {
        writer.write_record(cells(figure).map(|cell| harmless(&cell))).map_err(Problem::failure)?;
    }
    let body = writer.into_inner().map_err(Problem::failure)?;
    Ok(file("text/csv; charset=utf-8", "attachment; filename=\"taalhuis.csv\"", body))
}

fn norm_name(norm: u8) -> &'static str {
    Words::Dutch.by_key(&format!("norm-{norm}")).unwrap_or_default()
}

fn as_xlsx(all: &[Figure], texts: &[NormWords]) -> Result<Response, Problem> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(Words::Dutch.figures()).map_err(Problem::failure)?;
    for (column, title) in (0..).zip(head()) {
        sheet.write_string(0, column, title).map_err(Problem::failure)?;
    }
    for (row, figure) in (1..).zip(all) {
        for (column, cell) in (0..).zip(cells(figure)) {
            match (column, figure.count.and_then(|count| i32::try_from(count).ok())) {
                (4, Some(count)) => sheet.write_number(row, column, count).map(drop),
                _ => sheet.write_string(row, column, cell).map(drop),
            }
            .map_err(Problem::failure)?;
        }
    }
    sheet.autofit();
    if !texts.is_empty() {
        let sheet = book.add_worksheet();
        sheet.set_name(Words::Dutch.norm_texts()).map_err(Problem::failure)?;
        let lines = texts.iter().map(|one| [one.taalhuis.as_str(), norm_name(one.norm), one.text.as_str()]);
        let head = [Words::Dutch.branch(), Words::Dutch.figure_norm(), Words::Dutch.norm_texts()];
        for (row, cells) in (0..).zip([head].into_iter().chain(lines)) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, cell).map_err(Problem::failure)?;
            }
        }
        sheet.autofit();
    }
    let body = book.save_to_buffer().map_err(Problem::failure)?;
    Ok(file(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "attachment; filename=\"taalhuis.xlsx\"",
        body,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(municipality: &str, group: &str, real: i64) -> Figure {
        Figure {
            municipality: municipality.to_owned(),
            norm: 5,
            measure: "registered_by_way",
            list: None,
            group: group.to_owned(),
            count: (real == 0 || real >= SMALL).then_some(real),
            real,
        }
    }

    #[test]
    fn no_small_cell_of_a_table_can_be_found_from_the_others() {
        // Counts of three municipalities, drawn anew and anew: whatever is small, nobody solves the table for it.
        let mut seed = 12_345_u32;
        let mut draw = |end: i64| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i64::from(seed >> 16) % end
        };
        for _ in 0..200 {
            let places = ["Aa", "Borger", "Coevorden"];
            let groups = ["a", "b", "c", "d"];
            let mut table: Vec<Figure> = places
                .iter()
                .flat_map(|place| groups.map(|group| (place, group)))
                .map(|(place, group)| cell(place, group, draw(14)))
                .collect();
            for group in groups {
                let sum = table.iter().filter(|one| one.group == group).map(|one| one.real).sum();
                table.push(cell("", group, sum));
            }
            while close_table(&mut table) {}
            let hidden = |in_line: &dyn Fn(&&Figure) -> bool| {
                let line: Vec<&Figure> =
                    table.iter().filter(in_line).filter(|one| one.count.is_none()).collect();
                (line.len(), line.iter().map(|one| one.real).sum::<i64>())
            };
            for place in places {
                let (count, sum) = hidden(&|one| one.municipality == place);
                let all = table.iter().filter(|one| one.municipality == place).count();
                assert!(count == 0 || count == all || (count >= 2 && sum >= SMALL), "{place}: {table:?}");
            }
            for group in groups {
                let whole = table
                    .iter()
                    .any(|one| one.municipality.is_empty() && one.group == group && one.count.is_some());
                let (count, sum) = hidden(&|one| !one.municipality.is_empty() && one.group == group);
                assert!(
                    if whole { count == 0 || count == 3 || (count >= 2 && sum >= SMALL) } else { count > 0 },
                    "{group}: {table:?}"
                );
            }
        }
    }

    #[test]
    fn a_target_group_does_not_tell_of_the_few_outside_it() {
        let of_all = [cell("", "a", 40), cell("", "b", 30)];
        let told = apart(vec![cell("", "a", 38), cell("", "b", 20)], &of_all);
        assert_eq!(told[0].count, None, "two others");
        assert_eq!(told[1].count, Some(20));
    }

    #[test]
    fn every_measure_has_a_word_and_formulas_stay_text() {
        let every = figures("", &Rows::default(), Period { from: LocalDate::MIN, until: LocalDate::MAX });
        for figure in &every {
            let [_, norm, told, ..] = cells(figure);
            assert_ne!(norm, "", "no word for norm {}", figure.norm);
            assert_ne!(told, figure.measure, "no word for {}", figure.measure);
        }
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("Aa en Hunze"), "Aa en Hunze");
    }
}
