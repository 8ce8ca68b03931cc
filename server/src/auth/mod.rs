//! Who is asking. Sign-in, the tokens of a device, and [`Actor`], which every route takes: without it nothing is told.

pub(crate) mod address;
pub mod entity;
pub mod master_key;
pub mod passkey;
pub mod password;
pub(crate) mod proof;
mod recovery_codes;
pub(crate) mod second_factor;
pub(crate) mod session;
pub mod token;
pub(crate) mod tries;
pub mod vault;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header;
use axum::http::request::Parts;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use sync_core::access::{Membership, Person, Role};
use sync_core::ids::{BranchId, DeviceId, OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::time::LocalDate;
use uuid::Uuid;

use self::entity::{device, membership, user};
use crate::app_state::AppState;
use crate::problem::Problem;
use crate::sync::entity::branch;

/// Who is asking, checked: signed in, not shut out, with the roles of this moment.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// Who, with the roles.
    pub person: Person,
    /// On which device.
    pub device: DeviceId,
}

impl Actor {
    /// The branches where this person has this role.
    #[must_use]
    pub fn branches_as(&self, role: Role) -> Vec<BranchId> {
        self.person.memberships.iter().filter(|own| own.role == role).map(|own| own.branch).collect()
    }

    /// Refuses unless the person administers the library itself, not only a network in which others work too: who administers
    /// a Taalhuis of several employers does not read the library's log.
    pub(crate) async fn need_house(&self, db: &impl ConnectionTrait) -> Result<(), Problem> {
        self.need_house_as(db, &[Role::Administrator]).await
    }

    /// The same, for an administrator or whoever guards privacy: to read, never to change.
    pub(crate) async fn need_house_or_guard(&self, db: &impl ConnectionTrait) -> Result<(), Problem> {
        self.need_house_as(db, &[Role::Administrator, Role::PrivacyOfficer]).await
    }

    async fn need_house_as(&self, db: &impl ConnectionTrait, roles: &[Role]) -> Result<(), Problem> {
        let own: Vec<BranchId> = roles.iter().flat_map(|role| self.branches_as(*role)).collect();
        let house = branch::Entity::find()
            .filter(branch::Column::OrganisationId.eq(self.organisation.0))
            .filter(branch::Column::Id.is_in(own.iter().map(|branch| branch.0)))
            .filter(branch::Column::Kind.ne("network"))
            .one(db)
            .await?;
        house.map(drop).ok_or_else(|| Problem::new(ProblemKind::NotAllowed))
    }

    /// Refuses unless the person has this role somewhere; the branches where.
    pub fn need(&self, role: Role) -> Result<Vec<BranchId>, Problem> {
        let branches = self.branches_as(role);
        if branches.is_empty() { Err(Problem::new(ProblemKind::NotAllowed)) } else { Ok(branches) }
    }
}

/// What is open to somebody who must set up a second step first: that, and the lock on what lies on the device at hand.
const FOR_A_SECOND_STEP: [&str; 6] = [
    "/api/second-factor",
    "/api/passkeys",
    "/api/prove",
    "/api/sign-out",
    "/api/devices/lock",
    "/api/devices/unseal",
];

/// The person with the roles that hold on this day.
pub async fn person(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: UserId,
    today: LocalDate,
) -> Result<Person, Problem> {
    with_roles(db, organisation, user, today, today).await
}

/// The person with the roles that hold on this day or begin later: what somebody will be able to do counts when another one asks
/// for a way in for that person.
pub(crate) async fn person_and_coming(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: UserId,
    today: LocalDate,
) -> Result<Person, Problem> {
    with_roles(db, organisation, user, today, LocalDate::MAX).await
}

/// The person with the roles that held on one of these days.
pub(crate) async fn person_on(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: UserId,
    days: [LocalDate; 2],
) -> Result<Person, Problem> {
    let mut all = Vec::new();
    for day in days {
        all.extend(with_roles(db, organisation, user, day, day).await?.memberships);
    }
    all.sort_unstable();
    all.dedup();
    Ok(Person { user, memberships: all })
}

/// The person with every role there ever was.
pub(crate) async fn person_ever(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: UserId,
) -> Result<Person, Problem> {
    with_roles(db, organisation, user, LocalDate::MIN, LocalDate::MAX).await
}

/// The person with the roles that begin until `latest` and are not over on this day.
async fn with_roles(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: UserId,
    today: LocalDate,
    latest: LocalDate,
) -> Result<Person, Problem> {
    let rows = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation.0))
        .filter(membership::Column::UserId.eq(user.0))
        .all(db)
        .await?;
    let date = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<LocalDate>().ok());
    let mut memberships: Vec<Membership> = rows
        .iter()
        .filter(|row| date(&row.from_on).is_none_or(|from| from <= latest))
        .filter(|row| date(&row.until_on).is_none_or(|until| today <= until))
        .filter_map(|row| Some(Membership { branch: BranchId(row.branch_id), role: Role::parse(&row.role)? }))
        .collect();
    memberships.sort_unstable();
    Ok(Person { user, memberships })
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The actor of a token that was read from the request.
async fn actor_of(state: &AppState, token: &str) -> Result<(Actor, user::Model), Problem> {
    let now = state.clock.now();
    let claims = state.keys.check(token, now)?;
    let organisation = OrganisationId(claims.org);
    let db = &state.db.read;
    let person_row = user::Entity::find_by_id((claims.org, claims.sub)).one(db).await?;
    let device_row = device::Entity::find_by_id((claims.org, claims.dev)).one(db).await?;
    match (person_row, device_row) {
        (Some(_), Some(device)) if device.revoked_at.is_some() => {
            Err(Problem::new(ProblemKind::DeviceRevoked))
        }
        (Some(person), Some(device)) if person.epoch == claims.epoch && device.user_id == person.id => {
            let own = self::person(db, organisation, UserId(person.id), now.local_date()).await?;
            Ok((Actor { organisation, person: own, device: DeviceId(device.id) }, person))
        }
        (Some(_), Some(_)) => Err(Problem::new(ProblemKind::TokenExpired)),
        _ => Err(Problem::new(ProblemKind::NotSignedIn)),
    }
}

impl FromRequestParts<AppState> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or_else(|| Problem::new(ProblemKind::NotSignedIn))?;
        let (actor, account) = actor_of(state, token).await?;
        // Whoever must set up a second step can do that, and nothing else.
        if !FOR_A_SECOND_STEP.iter().any(|path| parts.uri.path().starts_with(path)) {
            second_factor::needs_none(state, &account).await?;
        }
        // The id of the person, never the name, is what a log line is searched by.
        tracing::Span::current().record("user", tracing::field::display(actor.person.user));
        Ok(actor)
    }
}

/// Tokens that have no place in a database: fresh 128-bit ids.
pub(crate) fn fresh_id(now: sync_core::time::Timestamp) -> Result<Uuid, Problem> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|error| Problem::failure(error.to_string()))?;
    let mut rng = <rand_chacha::ChaCha12Rng as rand_core::SeedableRng>::from_seed(seed);
    Ok(sync_core::ids::fresh(now, &mut rng))
}

/// Ends what was opened before a password or a second step changed: every token of this person, and every browser without a PIN but the one
/// in which it is asked. A phone behind a PIN stays: it was never opened with these.
pub(crate) async fn end_browsers(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: Uuid,
    here: Option<DeviceId>,
    now: sync_core::time::Timestamp,
) -> Result<(), Problem> {
    use sea_orm::sea_query::Expr;
    let mut others = device::Entity::update_many()
        .col_expr(device::Column::RevokedAt, Expr::value(Some(now.as_millis())))
        .filter(device::Column::OrganisationId.eq(organisation.0))
        .filter(device::Column::UserId.eq(user))
        .filter(device::Column::SecretHash.is_null())
        .filter(device::Column::RevokedAt.is_null());
    if let Some(here) = here {
        others = others.filter(device::Column::Id.ne(here.0));
    }
    others.exec(tx).await?;
    end_tokens(tx, organisation, user).await
}

/// Ends every token of this person at once: rights, factors or devices changed.
pub(crate) async fn end_tokens(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: Uuid,
) -> Result<(), Problem> {
    use sea_orm::ExprTrait as _;
    user::Entity::update_many()
        .col_expr(user::Column::Epoch, sea_orm::sea_query::Expr::col(user::Column::Epoch).add(1))
        .filter(user::Column::OrganisationId.eq(organisation.0))
        .filter(user::Column::Id.eq(user))
        .exec(tx)
        .await?;
    Ok(())
}
