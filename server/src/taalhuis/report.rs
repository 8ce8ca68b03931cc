//! The overview of a Taalhuis: figures for the coordinator, the municipality and the certificate (domain 3.14).

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use rust_xlsxwriter::Workbook;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use sync_core::access::Role;
use sync_core::ids::BranchId;
use sync_core::problem::ProblemKind;
use sync_core::time::LocalDate;
use utoipa::IntoParams;
use uuid::Uuid;
use words::Words;

use super::entity::{learner, learner_effect, learner_level, learning_session, pairing};
use super::figures::{Figure, Period, Rows, SMALL, figures};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::problem::{Problem, ProblemBody};
use crate::sync::entity::branch;

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
    let all = gather(&state.db.read, &actor, &branches, period).await?;
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

async fn gather(
    db: &impl ConnectionTrait,
    actor: &Actor,
    branches: &[BranchId],
    period: Period,
) -> Result<Vec<Figure>, DbErr> {
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
    let of_file: BTreeMap<Uuid, Uuid> =
        learners.iter().filter_map(|learner| Some((learner.id, learner.branch_id?))).collect();
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
    let all = Rows {
        levels: levels.into_iter().filter(|level| of_file.contains_key(&level.file_id)).collect(),
        effects: effects.into_iter().filter(|effect| of_file.contains_key(&effect.file_id)).collect(),
        learners,
        pairings,
        sessions,
    };
    let mut found = figures("", &all, period);
    let mut municipalities: Vec<&String> = places.values().filter(|name| !name.is_empty()).collect();
    municipalities.sort_unstable();
    municipalities.dedup();
    // With one municipality the total says it all.
    if municipalities.len() > 1 {
        for municipality in municipalities {
            let here = |branch: Option<Uuid>| branch.and_then(|id| places.get(&id)) == Some(municipality);
            let file_here = |file: &Uuid| here(of_file.get(file).copied());
            let part = Rows {
                learners: all.learners.iter().filter(|row| here(row.branch_id)).cloned().collect(),
                pairings: all.pairings.iter().filter(|row| here(row.branch_id)).cloned().collect(),
                sessions: all.sessions.iter().filter(|row| here(row.branch_id)).cloned().collect(),
                levels: all.levels.iter().filter(|row| file_here(&row.file_id)).cloned().collect(),
                effects: all.effects.iter().filter(|row| file_here(&row.file_id)).cloned().collect(),
            };
            found.extend(figures(municipality, &part, period));
        }
    }
    Ok(found)
}

/// The lists of which the groups of a measure are words; of the others (an age, a term) the word says it itself.
fn list_of(measure: &str) -> Option<&'static str> {
    Some(match measure {
        "registered_by_language" => "first_language",
        "registered_by_gender" => "gender",
        "registered_by_way" => "way",
        "ended_by_reason" => "end_reason",
        "ended_by_outflow" => "outflow",
        "levels_by_progress" => "progress",
        "effects_by_answer" => "reached",
        "effects_by_use" => "used_in",
        _ => return None,
    })
}

fn cells(figure: &Figure) -> [String; 4] {
    let words = Words::Dutch;
    let measure = format!("measure-{}", figure.measure.replace('_', "-"));
    let told = list_of(figure.measure).map_or("", |list| words.answer(list, &figure.group));
    let group = if told.is_empty() && figure.group == "unknown" { words.answer("", "unknown") } else { told };
    let group = if group.is_empty() { figure.group.clone() } else { group.to_owned() };
    let count = figure.count.map_or_else(|| format!("<{SMALL}"), |count| count.to_string());
    let measure = words.by_key(&measure).unwrap_or(figure.measure).to_owned();
    [figure.municipality.clone(), measure, group, count]
}

fn head() -> [&'static str; 4] {
    let words = Words::Dutch;
    [words.figure_municipality(), words.figure(), words.figure_group(), words.figure_count()]
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
                (3, Some(count)) => sheet.write_number(row, column, count).map(drop),
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
            let [_, told, ..] = cells(figure);
            assert_ne!(told, figure.measure, "no word for {}", figure.measure);
        }
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("Aa en Hunze"), "Aa en Hunze");
    }
}
