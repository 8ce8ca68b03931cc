//! Who works here, and as what.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use lettre::Address;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use sync_core::access::{Membership, Role, may_give};
use sync_core::ids::{BranchId, OrganisationId, UserId};
use sync_core::organisation::EnrolMember;
use sync_core::problem::ProblemKind;
use sync_core::text::TypedText;
use sync_core::time::{LocalDate, Timestamp, days_after};
use utoipa::ToSchema;
use uuid::Uuid;
use words::Words;

use super::{commit, gives_in, house, invite, line, looked_after, looks_after, outranks, tell_team};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::entity::{device, membership, user};
use crate::auth::proof::Proven;
use crate::auth::{Actor, end_tokens, fresh_id, person_and_coming, second_factor};
use crate::db::{Db, begin_write};
use crate::problem::{Problem, ProblemBody};
use crate::sync::entity::branch;

/// The most people in one answer.
const PEOPLE_MAX: usize = 2_000;

/// A role in a branch, with the days on which it begins and ends.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenRole {
    /// Where.
    branch: BranchId,
    /// As what.
    #[schema(value_type = String, example = "deliverer")]
    role: Role,
    /// The first day; at once if left out.
    #[schema(value_type = Option<String>, example = "2026-12-01")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from_on: Option<LocalDate>,
    /// The last day; no end if left out.
    #[schema(value_type = Option<String>, example = "2027-11-30")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until_on: Option<LocalDate>,
    /// Who employs the person for this role, when that is not the library: a ROC, welfare, a municipality.
    #[schema(example = "Drenthe College")]
    #[serde(default, skip_serializing_if = "String::is_empty")]
    employer: String,
}

impl GivenRole {
    fn of(own: Membership) -> Self {
        Self { branch: own.branch, role: own.role, from_on: None, until_on: None, employer: String::new() }
    }
}

/// Somebody who works here, or did.
#[derive(Serialize, ToSchema)]
pub(super) struct PersonRow {
    user: UserId,
    name: String,
    email: String,
    /// The roles that whoever asks gives.
    roles: Vec<GivenRole>,
    /// Whether no role is left, now or later.
    left: bool,
    /// Devices that are not shut out.
    devices: usize,
    /// When one of them was last heard of, milliseconds UTC.
    last_contact_at: Option<i64>,
}

/// Somebody new.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPerson {
    #[schema(example = "Mieke Naber")]
    name: String,
    /// Left out for who signs in with a code only.
    #[serde(default)]
    email: String,
    roles: Vec<GivenRole>,
}

/// Roles to give and to take.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleChanges {
    #[serde(default)]
    give: Vec<GivenRole>,
    #[serde(default)]
    take: Vec<GivenRole>,
}

fn date(text: Option<&String>) -> Option<LocalDate> {
    text.and_then(|text| text.parse().ok())
}

/// Everybody with a role, now or once, that whoever asks gives.
#[utoipa::path(get, path = "/api/people", tag = "people", security(("bearer" = [])),
    responses((status = 200, body = Vec<PersonRow>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn people(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    if gives_in(&actor).is_empty() {
        return Err(Problem::new(ProblemKind::NotAllowed));
    }
    let db = &state.db.read;
    let organisation = actor.organisation.0;
    let mut roles: BTreeMap<Uuid, Vec<GivenRole>> = BTreeMap::new();
    let rows = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation))
        .filter(looks_after(&actor))
        .all(db)
        .await?;
    for row in rows {
        let Some(role) = Role::parse(&row.role) else { continue };
        roles.entry(row.user_id).or_default().push(GivenRole {
            branch: BranchId(row.branch_id),
            role,
            from_on: date(row.from_on.as_ref()),
            until_on: date(row.until_on.as_ref()),
            employer: row.employer.unwrap_or_default(),
        });
    }
    let accounts = user::Entity::find().filter(user::Column::OrganisationId.eq(organisation)).all(db).await?;
    let mut devices: BTreeMap<Uuid, (usize, i64)> = BTreeMap::new();
    let open = device::Entity::find()
        .filter(device::Column::OrganisationId.eq(organisation))
        .filter(device::Column::RevokedAt.is_null())
        .all(db)
        .await?;
    for row in open {
        let (count, last) = devices.entry(row.user_id).or_default();
        *count += 1;
        *last = (*last).max(row.last_contact_at);
    }
    let mut all: Vec<PersonRow> = accounts
        .into_iter()
        .filter_map(|account| {
            let roles = roles.remove(&account.id)?;
            let (count, last) = devices.get(&account.id).copied().unwrap_or_default();
            Some(PersonRow {
                user: UserId(account.id),
                name: account.name,
                email: account.email,
                roles,
                left: account.ended_at.is_some(),
                devices: count,
                last_contact_at: (count > 0).then_some(last),
            })
        })
        .collect();
    all.sort_by_key(|row| row.name.to_lowercase());
    all.truncate(PEOPLE_MAX);
    Ok(Json(all).into_response())
}

/// An address as it is kept: checked, without spaces, in lower case. Empty stays empty.
pub(super) fn tidy_email(typed: &str) -> Result<String, Problem> {
    let email = typed.trim().to_lowercase();
    if email.is_empty() || (email.len() <= 254 && email.parse::<Address>().is_ok()) {
        Ok(email)
    } else {
        Err(Problem::new(ProblemKind::InvalidEmail).about("email"))
    }
}

async fn give(
    tx: &DatabaseTransaction,
    actor: &Actor,
    receiver: Uuid,
    given: &GivenRole,
) -> Result<(), Problem> {
    may_give(&actor.person, UserId(receiver), given.branch, given.role)?;
    if given.from_on > given.until_on && given.until_on.is_some() {
        return Err(Problem::new(ProblemKind::DateOutOfRange).about("until_on"));
    }
    let employer = given.employer.trim().to_owned();
    TypedText::short("employer", &employer).check()?;
    let row = membership::ActiveModel {
        organisation_id: Set(actor.organisation.0),
        user_id: Set(receiver),
        branch_id: Set(given.branch.0),
        role: Set(given.role.as_str().to_owned()),
        from_on: Set(given.from_on.map(|date| date.to_string())),
        until_on: Set(given.until_on.map(|date| date.to_string())),
        employer: Set(Some(employer).filter(|name| !name.is_empty())),
    };
    delete_row(tx, actor, receiver, given).await?;
    // Whoever comes back is not one who left.
    user::Entity::update_many()
        .col_expr(user::Column::EndedAt, Expr::value(None::<i64>))
        .filter(user::Column::OrganisationId.eq(actor.organisation.0))
        .filter(user::Column::Id.eq(receiver))
        .exec(tx)
        .await?;
    membership::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes a role: it ends yesterday. The row stays, so that whoever looked after this person still finds him.
async fn take(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    receiver: Uuid,
    taken: &GivenRole,
    today: LocalDate,
) -> Result<(), Problem> {
    may_give(&actor.person, UserId(receiver), taken.branch, taken.role)?;
    let own = membership::Entity::update_many()
        .filter(membership::Column::OrganisationId.eq(actor.organisation.0))
        .filter(membership::Column::UserId.eq(receiver))
        .filter(membership::Column::BranchId.eq(taken.branch.0))
        .filter(membership::Column::Role.eq(taken.role.as_str()));
    let yesterday = days_after(today, -1).to_string();
    own.clone()
        .col_expr(membership::Column::FromOn, Expr::value(None::<String>))
        .filter(membership::Column::FromOn.gt(yesterday.as_str()))
        .exec(tx)
        .await?;
    own.col_expr(membership::Column::UntilOn, Expr::value(Some(yesterday.clone())))
        .filter(
            Condition::any()
                .add(membership::Column::UntilOn.is_null())
                .add(membership::Column::UntilOn.gt(yesterday)),
        )
        .exec(tx)
        .await?;
    Ok(())
}

/// Refuses when nobody would administer the library itself for good: then nobody could let an administrator in.
async fn keeps_an_administrator(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
) -> Result<(), Problem> {
    let administrators: Vec<Uuid> = membership::Entity::find()
        .select_only()
        .column(membership::Column::BranchId)
        .filter(membership::Column::OrganisationId.eq(organisation.0))
        .filter(membership::Column::Role.eq(Role::Administrator.as_str()))
        .filter(membership::Column::UntilOn.is_null())
        .into_tuple()
        .all(tx)
        .await?;
    branch::Entity::find()
        .filter(branch::Column::OrganisationId.eq(organisation.0))
        .filter(branch::Column::Id.is_in(administrators))
        .filter(branch::Column::Kind.ne("network"))
        .one(tx)
        .await?
        .map(drop)
        .ok_or_else(|| Problem::new(ProblemKind::LastAdministrator))
}

/// Notes that somebody left, when no role is left, now or later: the devices are shut out, and the ways in that still stood open
/// are closed.
async fn note_leaving(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
    now: Timestamp,
) -> Result<(), Problem> {
    let person = person_and_coming(tx, organisation, UserId(id), now.local_date()).await?;
    if !person.memberships.is_empty() {
        return Ok(());
    }
    super::devices::shut_out(tx, organisation, device::Column::UserId.eq(id), now).await?;
    user::Entity::update_many()
        .col_expr(user::Column::EndedAt, Expr::value(Some(now.as_millis())))
        .filter(user::Column::OrganisationId.eq(organisation.0))
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes whose last role came to its end by itself, on the day that was set for it: every night.
pub async fn note_left(db: &Db, organisation: OrganisationId, now: Timestamp) -> Result<(), Problem> {
    let still: Vec<Uuid> = membership::Entity::find()
        .select_only()
        .distinct()
        .column(membership::Column::UserId)
        .filter(membership::Column::OrganisationId.eq(organisation.0))
        .filter(
            Condition::any()
                .add(membership::Column::UntilOn.is_null())
                .add(membership::Column::UntilOn.gte(now.local_date().to_string())),
        )
        .into_tuple()
        .all(&db.read)
        .await?;
    let still: BTreeSet<Uuid> = still.into_iter().collect();
    let all: Vec<Uuid> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::OrganisationId.eq(organisation.0))
        .filter(user::Column::EndedAt.is_null())
        .into_tuple()
        .all(&db.read)
        .await?;
    for id in all.into_iter().filter(|id| !still.contains(id)) {
        let tx = begin_write(&db.write).await?;
        note_leaving(&tx, organisation, id, now).await?;
        end_tokens(&tx, organisation, id).await?;
        let line = audit::Line { act: "end_person".to_owned(), document: Some(id), ..audit::Line::default() };
        audit::note(&tx, organisation.0, now, line).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Ends again, in a restored database, the work of people who had left.
pub async fn leave_again(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    people: &[Uuid],
    now: Timestamp,
) -> Result<(), Problem> {
    let yesterday = days_after(now.local_date(), -1).to_string();
    membership::Entity::update_many()
        .col_expr(membership::Column::FromOn, Expr::value(None::<String>))
        .col_expr(membership::Column::UntilOn, Expr::value(Some(yesterday.clone())))
        .filter(membership::Column::OrganisationId.eq(organisation.0))
        .filter(membership::Column::UserId.is_in(people.to_vec()))
        .filter(
            Condition::any()
                .add(membership::Column::UntilOn.is_null())
                .add(membership::Column::UntilOn.gt(yesterday)),
        )
        .exec(tx)
        .await?;
    for person in people {
        note_leaving(tx, organisation, *person, now).await?;
    }
    Ok(())
}

async fn delete_row(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    receiver: Uuid,
    taken: &GivenRole,
) -> Result<(), Problem> {
    membership::Entity::delete_many()
        .filter(membership::Column::OrganisationId.eq(actor.organisation.0))
        .filter(membership::Column::UserId.eq(receiver))
        .filter(membership::Column::BranchId.eq(taken.branch.0))
        .filter(membership::Column::Role.eq(taken.role.as_str()))
        .exec(tx)
        .await?;
    Ok(())
}

fn touched<'a>(roles: impl IntoIterator<Item = &'a GivenRole>) -> Vec<BranchId> {
    let mut branches: Vec<BranchId> = roles.into_iter().map(|role| role.branch).collect();
    branches.sort_unstable();
    branches.dedup();
    branches
}

/// Adds somebody. Whoever works here already by this address gets the roles beside the own ones.
#[utoipa::path(post, path = "/api/people", tag = "people", security(("bearer" = [])), request_body = NewPerson,
    responses((status = 200, body = PersonRow),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn add(
    State(state): State<AppState>,
    Proven(actor): Proven,
    body: Result<Json<NewPerson>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(new) = body?;
    let name = new.name.trim().to_owned();
    TypedText::short("name", &name).required().check()?;
    let email = tidy_email(&new.email)?;
    if new.roles.is_empty() {
        return Err(Problem::new(ProblemKind::FieldMissing).about("roles"));
    }
    let now = state.clock.now();
    let account = user::Model {
        organisation_id: actor.organisation.0,
        id: fresh_id(now)?,
        email,
        name,
        password_hash: String::new(),
        epoch: 1,
        created_at: now.as_millis(),
        ended_at: None,
        totp: None,
        totp_begun: None,
        totp_step: None,
        recovery_set: None,
        recovery_used: 0,
        language: Words::default().code().to_owned(),
    };
    let tx = begin_write(&state.db.write).await?;
    let known = match account.email.as_str() {
        "" => None,
        email => user::Entity::find().filter(user::Column::Email.eq(email)).one(&tx).await?,
    };
    let account = match known {
        // A person has one account and many roles: whoever works here already gets this one too, under the own name.
        Some(known) if known.organisation_id == actor.organisation.0 => {
            invite::close(&tx, actor.organisation, known.id, now).await?;
            end_tokens(&tx, actor.organisation, known.id).await?;
            known
        }
        Some(_) => return Err(Problem::new(ProblemKind::AddressInUse).about("email")),
        None => {
            user::Entity::insert(user::ActiveModel::from(account.clone()))
                .exec_without_returning(&tx)
                .await?;
            account
        }
    };
    for role in &new.roles {
        give(&tx, &actor, account.id, role).await?;
    }
    tell_team(&tx, &state, &actor, &account, &touched(&new.roles)).await?;
    audit::note(&tx, actor.organisation.0, now, line("add_person", &actor, account.id)).await?;
    commit(&state, tx, actor.organisation).await?;
    let row = PersonRow {
        user: UserId(account.id),
        name: account.name,
        email: account.email,
        roles: new.roles,
        left: false,
        devices: 0,
        last_contact_at: None,
    };
    Ok(Json(row).into_response())
}

/// Somebody who comes in with many others, out of a list that was checked.
pub(crate) struct Newcomer {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// Empty for who signs in with a code only.
    pub(crate) email: String,
}

/// Gives each of these an account with one role, within this transaction. Nobody is invited by it: that is done one by one.
pub(crate) async fn enrol(
    tx: &DatabaseTransaction,
    actor: &Actor,
    (branch, role): (BranchId, Role),
    newcomers: Vec<Newcomer>,
    now: Timestamp,
) -> Result<(), Problem> {
    let mut told = Vec::new();
    for newcomer in newcomers {
        may_give(&actor.person, UserId(newcomer.id), branch, role)?;
        let account = user::ActiveModel {
            organisation_id: Set(actor.organisation.0),
            id: Set(newcomer.id),
            email: Set(tidy_email(&newcomer.email)?),
            name: Set(newcomer.name.clone()),
            password_hash: Set(String::new()),
            epoch: Set(1),
            created_at: Set(now.as_millis()),
            ..Default::default()
        };
        user::Entity::insert(account).exec_without_returning(tx).await?;
        let row = membership::ActiveModel {
            organisation_id: Set(actor.organisation.0),
            user_id: Set(newcomer.id),
            branch_id: Set(branch.0),
            role: Set(role.as_str().to_owned()),
            ..Default::default()
        };
        membership::Entity::insert(row).exec_without_returning(tx).await?;
        audit::note(tx, actor.organisation.0, now, line("add_person", actor, newcomer.id)).await?;
        let member =
            EnrolMember { branch, user: UserId(newcomer.id), name: newcomer.name, roles: vec![role] };
        told.push((branch.team_document(), member.into()));
    }
    let teller = (actor.person.user, actor.device);
    house::tell(tx, actor.organisation, teller, &[branch], told, now).await
}

/// Gives and takes roles. Every token of the person ends at once: the next one carries what holds now.
#[utoipa::path(post, path = "/api/people/{user}/roles", tag = "people", security(("bearer" = [])),
    params(("user" = Uuid, Path)), request_body = RoleChanges,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn change_roles(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(id): Path<Uuid>,
    body: Result<Json<RoleChanges>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(changes) = body?;
    let now = state.clock.now();
    let tx = begin_write(&state.db.write).await?;
    let account = looked_after(&tx, &actor, id).await?;
    for role in &changes.take {
        take(&tx, &actor, id, role, now.local_date()).await?;
    }
    for role in &changes.give {
        give(&tx, &actor, id, role).await?;
    }
    if changes.take.iter().chain(&changes.give).any(|role| role.role == Role::Administrator) {
        keeps_an_administrator(&tx, actor.organisation).await?;
    }
    // A way in was given for the rights of before.
    invite::close(&tx, actor.organisation, id, now).await?;
    if !changes.take.is_empty() {
        note_leaving(&tx, actor.organisation, id, now).await?;
    }
    end_tokens(&tx, actor.organisation, id).await?;
    let branches = touched(changes.take.iter().chain(&changes.give));
    tell_team(&tx, &state, &actor, &account, &branches).await?;
    audit::note(&tx, actor.organisation.0, now, line("change_roles", &actor, id)).await?;
    commit(&state, tx, actor.organisation).await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// Ends the work of somebody in the branches of whoever asks: from today without those roles. Without any role left, the
/// devices are shut out too.
#[utoipa::path(post, path = "/api/people/{user}/end", tag = "people", security(("bearer" = [])),
    params(("user" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn end(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let today = now.local_date();
    let tx = begin_write(&state.db.write).await?;
    let account = looked_after(&tx, &actor, id).await?;
    let person = person_and_coming(&tx, actor.organisation, UserId(id), today).await?;
    let mut branches = Vec::new();
    for own in &person.memberships {
        if may_give(&actor.person, UserId(id), own.branch, own.role).is_ok() {
            take(&tx, &actor, id, &GivenRole::of(*own), today).await?;
            branches.push(own.branch);
        }
    }
    if branches.is_empty() {
        return Err(Problem::new(ProblemKind::NotAllowed));
    }
    branches.dedup();
    if person.memberships.iter().any(|own| own.role == Role::Administrator) {
        keeps_an_administrator(&tx, actor.organisation).await?;
    }
    invite::close(&tx, actor.organisation, id, now).await?;
    note_leaving(&tx, actor.organisation, id, now).await?;
    end_tokens(&tx, actor.organisation, id).await?;
    tell_team(&tx, &state, &actor, &account, &branches).await?;
    audit::note(&tx, actor.organisation.0, now, line("end_person", &actor, id)).await?;
    commit(&state, tx, actor.organisation).await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// Takes the second factor of somebody away who lost the app for codes: by who may give that person's rights.
#[utoipa::path(post, path = "/api/people/{user}/second-factor/remove", tag = "people", security(("bearer" = [])),
    params(("user" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn remove_second_factor(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(id): Path<Uuid>,
) -> Result<axum::http::StatusCode, Problem> {
    let db = &state.db.write;
    looked_after(db, &actor, id).await?;
    outranks(db, &state, &actor, UserId(id)).await?;
    second_factor::take_away(&state, &actor, id).await
}
