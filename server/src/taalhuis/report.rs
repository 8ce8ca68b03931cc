//! The overview of a Taalhuis: figures for the coordinator, the municipality and the certificate (domain 3.14).

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use rust_xlsxwriter::Workbook;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use sync_core::access::Role;
use sync_core::document::DocumentKind;
use sync_core::ids::{BranchId, DocumentId, LearnerId, OrganisationId, VolunteerId};
use sync_core::problem::ProblemKind;
use sync_core::summary::Summary;
use sync_core::taalhuis::books::Books;
use sync_core::taalhuis::needs::vog_is_in_order;
use sync_core::time::LocalDate;
use utoipa::IntoParams;
use uuid::Uuid;
use words::Words;

use super::entity::{
    learner, learner_effect, learner_level, learner_referral, learner_request, learning_session, pairing,
};
use super::figures::{Buddy, Figure, Period, Rows, SMALL, figures, hide_the_next};
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
    let rows = gather(&state.db.read, &actor, &branches, period).await?;
    let rows = Part { rows: rows.rows.of_group(&query.group), places: rows.places };
    let mut all = told(&rows, period);
    if !query.group.is_empty() {
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
        "xlsx" => as_xlsx(&all),
        _ => Err(Problem::new(ProblemKind::InvalidRequest).about("format")),
    }
}

/// Rows, with the municipality of each branch.
struct Part {
    rows: Rows,
    places: BTreeMap<Uuid, String>,
}

async fn gather(
    db: &impl ConnectionTrait,
    actor: &Actor,
    branches: &[BranchId],
    period: Period,
) -> Result<Part, DbErr> {
    let organisation = actor.organisation.0;
    let places: BTreeMap<Uuid, String> = branch::Entity::find()
        .filter(branch::Column::OrganisationId.eq(organisation))
        .filter(branch::Column::Id.is_in(branches.iter().map(|branch| branch.0)))
        .all(db)
        .await?
        .into_iter()
        .map(|branch| (branch.id, branch.municipality))
        .collect();
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
        .filter(learner_referral::Column::SentOn.gte(period.from))
        .filter(learner_referral::Column::SentOn.lte(period.until))
        .all(db)
        .await?;
    let all = Rows { learners, pairings, sessions, levels, effects, requests, referrals, ..Rows::default() };
    let documents = documents(db, organisation, &places, period).await?;
    let rows = Rows { buddies: documents.0, consents: documents.1, ..all }.of_files();
    Ok(Part { rows, places })
}

/// What only documents tell: the volunteers of a Taalhuis, and who consents.
async fn documents(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    places: &BTreeMap<Uuid, String>,
    period: Period,
) -> Result<(Vec<Buddy>, Vec<(Option<Uuid>, Uuid)>), DbErr> {
    let kinds = [
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
    let (mut buddies, mut consents) = (Vec::new(), Vec::new());
    for (branch, rows) in books {
        let books = Books::gather(BranchId(branch), rows.iter().map(|(id, summary)| (*id, summary)));
        for user in books.buddies() {
            let file = books.volunteer_files.get(&VolunteerId::of(BranchId(branch), user));
            buddies.push(Buddy {
                branch: Some(branch),
                has_vog: vog_is_in_order(&books.house, file, period.until),
                is_trained: file.is_some_and(|file| file.is_trained),
            });
        }
        let goes_on = |id: &LearnerId| books.files.get(id).is_some_and(|file| file.ended_on.is_none());
        let shared = books.learners.iter().filter(|(id, row)| row.is_shared && goes_on(id));
        consents.extend(shared.map(|(id, _)| (Some(branch), id.0)));
    }
    Ok((buddies, consents))
}

impl Rows {
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
        // What one municipality keeps to itself could be found by taking the others from the total.
        let cells: BTreeSet<(&'static str, String)> =
            found.iter().map(|figure| (figure.measure, figure.group.clone())).collect();
        for (measure, group) in cells {
            hide_the_next(apart.iter_mut().filter(|one| one.measure == measure && one.group == group));
        }
        found.extend(apart);
    }
    found
}

fn cells(figure: &Figure) -> [String; 5] {
    let words = Words::Dutch;
    let measure = format!("measure-{}", figure.measure.replace('_', "-"));
    let told = figure.list.map_or("", |list| words.answer(list, &figure.group));
    let group = if told.is_empty() && figure.group == "unknown" { words.answer("", "unknown") } else { told };
    let group = if group.is_empty() { figure.group.clone() } else { group.to_owned() };
    let count = figure.count.map_or_else(|| format!("<{SMALL}"), |count| count.to_string());
    let measure = words.by_key(&measure).unwrap_or(figure.measure).to_owned();
    let norm = words.by_key(&format!("norm-{}", figure.norm)).unwrap_or_default().to_owned();
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
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head()).map_err(Problem::failure)?;
    for figure in all {
        writer.write_record(cells(figure).map(|cell| harmless(&cell))).map_err(Problem::failure)?;
    }
    let body = writer.into_inner().map_err(Problem::failure)?;
    Ok(file("text/csv; charset=utf-8", "attachment; filename=\"taalhuis.csv\"", body))
}

fn as_xlsx(all: &[Figure]) -> Result<Response, Problem> {
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
