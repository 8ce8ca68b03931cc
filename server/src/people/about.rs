//! Everything that is kept about somebody who works here, for that person: the right of access (AVG, article 15), as a page to
//! read and as JSON for a program. Everybody asks for his own; whoever looks after somebody may ask it for that person.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{DOCTYPE, Markup, html};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::Serialize;
use sync_core::ids::{BranchId, OrganisationId, UserId, VolunteerId};
use sync_core::problem::ProblemKind;
use sync_core::summary::Content;
use sync_core::time::LocalDate;
use sync_core::volunteers::questions::QUESTIONS;
use sync_core::volunteers::view::{VolunteerFileView, VolunteerView};
use utoipa::ToSchema;
use uuid::Uuid;
use words::Words;

use super::entity::mail;
use super::{looked_after, outranks};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::auth::entity::{device, membership, passkey, user};
use crate::auth::proof::Proven;
use crate::deliveries::entity::{delivery_log, round, round_distance};
use crate::problem::{Problem, ProblemBody};
use crate::subject_access::{self, Format, answered, content, date, day, deed_word, word};
use crate::sync::entity::{audit as audit_row, branch, command};
use crate::taalhuis::entity::learning_session;

/// The most acts that are told.
const ACTS_MAX: u64 = 20_000;

/// The own part of a volunteer in one branch, and the file.
#[derive(Debug, Serialize, ToSchema)]
struct AsVolunteer {
    branch: String,
    own: Option<VolunteerView>,
    file: Option<VolunteerFileView>,
}

/// An appointment as a language buddy.
#[derive(Debug, Serialize, ToSchema)]
struct Held {
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<LocalDate>,
    minutes: i32,
    in_group: bool,
}

/// An act that was refused.
#[derive(Debug, Serialize, ToSchema)]
struct NotTaken {
    at: i64,
    act: String,
    problem: Option<String>,
}

/// A role, now or once.
#[derive(Debug, Serialize, ToSchema)]
struct RoleHeld {
    role: String,
    branch: String,
    from_on: Option<String>,
    until_on: Option<String>,
    employer: Option<String>,
}

/// A device, now or once.
#[derive(Debug, Serialize, ToSchema)]
struct Used {
    name: String,
    since: i64,
    last_contact_at: i64,
    shut_out_at: Option<i64>,
}

/// A visit this person told of.
#[derive(Debug, Serialize, ToSchema)]
struct Visited {
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<LocalDate>,
    round: String,
    outcome: Option<String>,
    logged_at: i64,
}

/// How far this person went on a round.
#[derive(Debug, Serialize, ToSchema)]
struct Went {
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<LocalDate>,
    round: String,
    metres: i32,
}

/// Something this person did, or that was done with the account.
#[derive(Debug, Serialize, ToSchema)]
struct Deed {
    at: i64,
    act: String,
    /// Whether it was this person.
    own: bool,
}

/// A mail to this person.
#[derive(Debug, Serialize, ToSchema)]
struct Mailed {
    at: i64,
    subject: String,
}

/// All about somebody who works here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct About {
    made_at: i64,
    name: String,
    email: String,
    since: i64,
    /// Whether there is a password, a second step, and how many passkeys.
    password: bool,
    second_step: bool,
    passkeys: Vec<String>,
    roles: Vec<RoleHeld>,
    devices: Vec<Used>,
    visits: Vec<Visited>,
    distances: Vec<Went>,
    /// What this person offers, and the file that coordinators keep, of each branch.
    volunteers: Vec<AsVolunteer>,
    /// The appointments with learners and groups: no learner is named.
    sessions: Vec<Held>,
    /// Acts that were refused.
    refused: Vec<NotTaken>,
    mails: Vec<Mailed>,
    deeds: Vec<Deed>,
    /// In which language mail to this person is written.
    #[serde(skip)]
    #[schema(ignore)]
    own_words: Words,
}

/// Everything that is kept about oneself.
#[utoipa::path(get, path = "/api/me/about", tag = "people", security(("bearer" = [])), params(Format),
    responses((status = 200, body = About),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn own(
    State(state): State<AppState>,
    Proven(actor): Proven,
    query: Result<Query<Format>, QueryRejection>,
) -> Result<Response, Problem> {
    answer(&state, &actor, actor.person.user.0, query?.0).await
}

/// Everything that is kept about somebody one looks after.
#[utoipa::path(get, path = "/api/people/{user}/about", tag = "people", security(("bearer" = [])),
    params(("user" = Uuid, Path), Format),
    responses((status = 200, body = About),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn of_person(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(id): Path<Uuid>,
    query: Result<Query<Format>, QueryRejection>,
) -> Result<Response, Problem> {
    looked_after(&state.db.read, &actor, id).await?;
    // What is kept about somebody tells of all of that person's work.
    outranks(&state.db.read, &state, &actor, UserId(id)).await?;
    answer(&state, &actor, id, query?.0).await
}

async fn answer(state: &AppState, actor: &Actor, id: Uuid, form: Format) -> Result<Response, Problem> {
    let all = gather(state, actor, id).await?;
    audit::note(
        &state.db.write,
        actor.organisation.0,
        state.clock.now(),
        super::line("export_person", actor, id),
    )
    .await?;
    subject_access::file(&form.format, &all, || page(&all, form.words(all.own_words)))
}

async fn gather(state: &AppState, actor: &Actor, id: Uuid) -> Result<About, Problem> {
    let db = &state.db.read;
    let organisation = actor.organisation.0;
    let account = user::Entity::find_by_id((organisation, id)).one(db).await?;
    let account = account.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    let passkeys = passkey::Entity::find()
        .filter(passkey::Column::OrganisationId.eq(organisation))
        .filter(passkey::Column::UserId.eq(id))
        .all(db)
        .await?;
    let mails = mail::Entity::find()
        .filter(mail::Column::OrganisationId.eq(organisation))
        .filter(mail::Column::UserId.eq(id))
        .order_by_asc(mail::Column::CreatedAt)
        .all(db)
        .await?;
    let deeds = audit_row::Entity::find()
        .filter(audit_row::Column::OrganisationId.eq(organisation))
        .filter(audit_row::Column::UserId.eq(id).or(audit_row::Column::DocumentId.eq(id)))
        .order_by_desc(audit_row::Column::At)
        .limit(ACTS_MAX)
        .all(db)
        .await?;
    let (roles, devices) = work_place(state, organisation, id).await?;
    let (visits, distances) = work(state, organisation, id).await?;
    let own_words = account.words();
    Ok(About {
        made_at: state.clock.now().as_millis(),
        name: account.name,
        email: account.email,
        since: account.created_at,
        password: !account.password_hash.is_empty(),
        second_step: account.totp.is_some(),
        passkeys: passkeys.into_iter().map(|row| row.name).collect(),
        roles,
        devices,
        visits,
        distances,
        volunteers: as_volunteer(state, actor.organisation, id).await?,
        sessions: sessions(state, organisation, id).await?,
        refused: refused(state, organisation, id).await?,
        own_words,
        mails: mails.into_iter().map(|row| Mailed { at: row.created_at, subject: row.subject }).collect(),
        deeds: deeds
            .into_iter()
            .map(|row| Deed { at: row.at, act: row.act, own: row.user_id == Some(id) })
            .collect(),
    })
}

/// As what this person works here, and with which devices.
async fn work_place(
    state: &AppState,
    organisation: Uuid,
    id: Uuid,
) -> Result<(Vec<RoleHeld>, Vec<Used>), Problem> {
    let db = &state.db.read;
    let branches: BTreeMap<Uuid, String> = branch::Entity::find()
        .filter(branch::Column::OrganisationId.eq(organisation))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let roles = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation))
        .filter(membership::Column::UserId.eq(id))
        .all(db)
        .await?;
    let devices = device::Entity::find()
        .filter(device::Column::OrganisationId.eq(organisation))
        .filter(device::Column::UserId.eq(id))
        .order_by_asc(device::Column::CreatedAt)
        .all(db)
        .await?;
    let branch_of = |id: Uuid| branches.get(&id).cloned().unwrap_or_default();
    let roles = roles.into_iter().map(|row| RoleHeld {
        branch: branch_of(row.branch_id),
        role: row.role,
        from_on: row.from_on,
        until_on: row.until_on,
        employer: row.employer,
    });
    let devices = devices.into_iter().map(|row| Used {
        name: row.name,
        since: row.created_at,
        last_contact_at: row.last_contact_at,
        shut_out_at: row.revoked_at,
    });
    Ok((roles.collect(), devices.collect()))
}

/// What is kept of this person as a volunteer, in every branch where there was a role.
async fn as_volunteer(
    state: &AppState,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<Vec<AsVolunteer>, Problem> {
    let db = &state.db.read;
    let branches = branch::Entity::find()
        .filter(branch::Column::OrganisationId.eq(organisation.0))
        .order_by_asc(branch::Column::Name)
        .all(db)
        .await?;
    let mut all = Vec::new();
    for place in branches {
        let volunteer = VolunteerId::of(BranchId(place.id), UserId(id));
        let own = match content(state, organisation, volunteer.into()).await? {
            Some(Content::Volunteer(own)) => Some(own),
            _ => None,
        };
        let file = match content(state, organisation, volunteer.file()).await? {
            Some(Content::VolunteerFile(file)) => Some(file),
            _ => None,
        };
        if own.is_some() || file.is_some() {
            all.push(AsVolunteer { branch: place.name, own, file });
        }
    }
    Ok(all)
}

/// The appointments this person had as a buddy.
async fn sessions(state: &AppState, organisation: Uuid, id: Uuid) -> Result<Vec<Held>, Problem> {
    let rows = learning_session::Entity::find()
        .filter(learning_session::Column::OrganisationId.eq(organisation))
        .filter(learning_session::Column::UserId.eq(id))
        .order_by_asc(learning_session::Column::HeldOn)
        .all(&state.db.read)
        .await?;
    let held = rows.into_iter().map(|row| Held {
        on: row.held_on,
        minutes: row.minutes,
        in_group: row.kind != "pairing",
    });
    Ok(held.collect())
}

/// The acts of this person that were refused.
async fn refused(state: &AppState, organisation: Uuid, id: Uuid) -> Result<Vec<NotTaken>, Problem> {
    let rows = command::Entity::find()
        .filter(command::Column::OrganisationId.eq(organisation))
        .filter(command::Column::UserId.eq(id))
        .filter(command::Column::Problem.is_not_null())
        .order_by_asc(command::Column::ActedAt)
        .limit(ACTS_MAX)
        .all(&state.db.read)
        .await?;
    let not_taken = |row: command::Model| NotTaken { at: row.acted_at, act: row.kind, problem: row.problem };
    Ok(rows.into_iter().map(not_taken).collect())
}

/// What this person did on rounds: no reader is named.
async fn work(state: &AppState, organisation: Uuid, id: Uuid) -> Result<(Vec<Visited>, Vec<Went>), Problem> {
    let db = &state.db.read;
    let logs = delivery_log::Entity::find()
        .filter(delivery_log::Column::OrganisationId.eq(organisation))
        .filter(delivery_log::Column::UserId.eq(id))
        .order_by_asc(delivery_log::Column::LoggedAt)
        .all(db)
        .await?;
    let distances = round_distance::Entity::find()
        .filter(round_distance::Column::OrganisationId.eq(organisation))
        .filter(round_distance::Column::UserId.eq(id))
        .all(db)
        .await?;
    let wanted: Vec<Uuid> =
        logs.iter().map(|log| log.round_id).chain(distances.iter().map(|one| one.round_id)).collect();
    let rounds: BTreeMap<Uuid, (Option<LocalDate>, String)> = round::Entity::find()
        .filter(round::Column::OrganisationId.eq(organisation))
        .filter(round::Column::Id.is_in(wanted))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, (row.planned_on, row.name)))
        .collect();
    let of = |id: Uuid| rounds.get(&id).cloned().unwrap_or_default();
    let visits = logs.into_iter().map(|log| {
        let (on, round) = of(log.round_id);
        Visited { on, round, outcome: log.outcome, logged_at: log.logged_at }
    });
    let distances = distances.into_iter().map(|one| {
        let (on, round) = of(one.round_id);
        Went { on, round, metres: one.metres }
    });
    Ok((visits.collect(), distances.collect()))
}

/// The page: plain, printable, nothing from elsewhere.
fn page(all: &About, words: Words) -> String {
    html! {
        (DOCTYPE)
        html lang=(words.code()) {
            head { meta charset="utf-8"; title { (words.about_person_title()) } }
            body {
                h1 { (words.about_person_title()) }
                p { (words.about_intro(day(all.made_at))) }
                dl {
                    dt { (words.person_name()) } dd { (all.name) }
                    @if !all.email.is_empty() { dt { (words.email()) } dd { (all.email) } }
                    dt { (words.about_since()) } dd { (day(all.since)) }
                    @if all.password { dt { (words.password()) } dd { (words.about_yes()) } }
                    @if all.second_step { dt { (words.step_title()) } dd { (words.about_yes()) } }
                    @for passkey in &all.passkeys { dt { (words.passkey_title()) } dd { (passkey) } }
                }
                h2 { (words.roles()) }
                ul {
                    @for held in &all.roles {
                        li {
                            (word(words, "role", &held.role)) ", " (held.branch)
                            @if let Some(employer) = &held.employer { ", " (employer) }
                            @if let Some(from) = &held.from_on { ", " (words.about_from(from)) }
                            @if let Some(until) = &held.until_on { ", " (words.about_until(until)) }
                        }
                    }
                }
                h2 { (words.devices()) }
                ul {
                    @for used in &all.devices {
                        li {
                            (used.name) ", " (words.about_from(day(used.since))) ", "
                            (words.last_heard(day(used.last_contact_at)))
                            @if let Some(at) = used.shut_out_at { ", " (words.shut_out_on(day(at))) }
                        }
                    }
                }
                h2 { (words.about_visits()) }
                @if all.visits.is_empty() { p { (words.about_none()) } }
                ul {
                    @for visit in &all.visits {
                        li {
                            (date(visit.on)) ": " (visit.round) ", "
                            @match &visit.outcome {
                                Some(outcome) => { (word(words, "outcome", outcome)) }
                                None => { (words.about_taken_back()) }
                            }
                        }
                    }
                    @for went in &all.distances {
                        li { (date(went.on)) ": " (went.round) ", " (went.metres / 1_000) " km" }
                    }
                }
                @for place in &all.volunteers { (volunteer(words, place)) }
                (more_work(words, all))
                h2 { (words.about_mails()) }
                @if all.mails.is_empty() { p { (words.about_none()) } }
                ul { @for mail in &all.mails { li { (day(mail.at)) ": " (mail.subject) } } }
                h2 { (words.about_deeds()) }
                ul { @for deed in &all.deeds { li { (day(deed.at)) ": " (deed_word(words, &deed.act)) } } }
            }
        }
    }
    .into_string()
}

/// What is kept of a volunteer in one branch.
fn volunteer(words: Words, place: &AsVolunteer) -> Markup {
    let list = |list: &str, one: &str| words.answer(list, one).to_owned();
    html! {
        h2 { (words.about_volunteer(&place.branch)) }
        @if let Some(own) = &place.own {
            dl { @for (asked, told) in answered(words, QUESTIONS, &own.answers) { dt { (asked) } dd { (told) } } }
        }
        @if let Some(file) = &place.file {
            ul {
                @for vog in &file.vog { li { "VOG, " (date(vog.on)) ": " (list("vog", vog.state.as_str())) " " (vog.profile) } }
                @for one in &file.trainings {
                    li { (date(one.on)) ": " (list("training", one.training.as_str())) " " (one.by_whom) }
                }
                @for talk in &file.talks { li { (date(talk.on)) ": " (talk.note) } }
            }
        }
    }
}

/// The appointments of a buddy, and what was refused.
fn more_work(words: Words, all: &About) -> Markup {
    html! {
        @if !all.sessions.is_empty() {
            h2 { (words.about_sessions()) }
            ul { @for held in &all.sessions {
                li {
                    (date(held.on)) ": " (held.minutes) " " (words.about_minutes())
                    @if held.in_group { ", " (words.about_group()) }
                }
            } }
        }
        @if !all.refused.is_empty() {
            h2 { (words.about_refused()) }
            ul { @for act in &all.refused {
                li {
                    (day(act.at)) ": " (deed_word(words, &act.act))
                    @if let Some(problem) = &act.problem { ". " (word(words, "problem", problem)) }
                }
            } }
        }
    }
}
