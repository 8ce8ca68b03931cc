//! Branches, and networks over several employers: a Taalhuis of library, ROC and welfare is one place to work in, whose people
//! say by whom they are employed.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use sync_core::access::Role;
use sync_core::ids::BranchId;
use sync_core::organisation::DescribeBranch;
use sync_core::organisation::view::BranchView;
use sync_core::problem::ProblemKind;
use sync_core::summary::Content;
use sync_core::text::TypedText;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{commit, gives_in, house, line, tell_team};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::entity::{membership, user};
use crate::auth::proof::Proven;
use crate::auth::{Actor, fresh_id};
use crate::db::begin_write;
use crate::problem::{Problem, ProblemBody};
use crate::sync::entity::branch;
use crate::sync::whole;

/// What kind of place it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum BranchKind {
    /// A branch of the library.
    #[default]
    Branch,
    /// A network of several employers, such as a Taalhuis.
    Network,
}

impl BranchKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Network => "network",
        }
    }
}

/// A branch or network.
#[derive(Serialize, ToSchema)]
pub(super) struct BranchRow {
    branch: BranchId,
    kind: BranchKind,
    name: String,
    municipality: String,
    /// Whom volunteers ask for help.
    help_name: String,
    /// The number for help.
    phone: String,
    /// The roles that whoever asks may give here.
    #[schema(value_type = Vec<String>)]
    gives: Vec<Role>,
}

/// A place to work in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Described {
    #[serde(default)]
    kind: BranchKind,
    #[schema(example = "Gieten")]
    name: String,
    #[serde(default)]
    #[schema(example = "Aa en Hunze")]
    municipality: String,
    #[serde(default)]
    #[schema(example = "Marga Veld")]
    help_name: String,
    #[serde(default)]
    #[schema(example = "0592 000 001")]
    phone: String,
}

/// The branches in which whoever asks gives roles.
#[utoipa::path(get, path = "/api/branches", tag = "people", security(("bearer" = [])),
    responses((status = 200, body = Vec<BranchRow>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn branches(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    let own = gives_in(&actor);
    let db = &state.db.read;
    let rows = branch::Entity::find()
        .filter(branch::Column::OrganisationId.eq(actor.organisation.0))
        .filter(branch::Column::Id.is_in(own.iter().map(|branch| branch.0)))
        .all(db)
        .await?;
    let mut all = Vec::new();
    for row in rows {
        let id = BranchId(row.id);
        let own = actor.person.memberships.iter().filter(|own| own.branch == id);
        let mut gives: Vec<Role> = own.flat_map(|own| own.role.gives()).copied().collect();
        gives.sort_unstable();
        gives.dedup();
        let told = whole(db, actor.organisation, id.branch_document()).await?.map_err(Problem::failure)?;
        let Some(Content::Branch(BranchView { help_name, phone, .. })) = Content::read(&told) else {
            continue;
        };
        let kind = if row.kind == "network" { BranchKind::Network } else { BranchKind::Branch };
        let (name, municipality) = (row.name, row.municipality);
        all.push(BranchRow { branch: id, kind, name, municipality, help_name, phone, gives });
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Json(all).into_response())
}

impl Described {
    fn check(&self) -> Result<(), Problem> {
        TypedText::short("name", self.name.trim()).required().check()?;
        TypedText::short("municipality", self.municipality.trim()).check()?;
        TypedText::short("help_name", self.help_name.trim()).check()?;
        Ok(())
    }

    /// Tells the phones of the branch, by the same command as everybody's.
    async fn tell(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        state: &AppState,
        id: BranchId,
    ) -> Result<(), Problem> {
        let now = state.clock.now();
        let described = DescribeBranch {
            branch: id,
            name: self.name.trim().to_owned(),
            municipality: self.municipality.trim().to_owned(),
            help_name: self.help_name.trim().to_owned(),
            phone: self.phone.trim().to_owned(),
        };
        let acts = vec![(id.branch_document(), described.into())];
        house::tell(tx, actor.organisation, (actor.person.user, actor.device), &[id], acts, now).await
    }
}

/// Adds a branch or network. Whoever adds it is its first administrator: nobody else could give a role there.
#[utoipa::path(post, path = "/api/branches", tag = "people", security(("bearer" = [])), request_body = Described,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn add(
    State(state): State<AppState>,
    Proven(actor): Proven,
    body: Result<Json<Described>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    // Whoever adds a branch administers it: who administers no more than a network would let himself into the library.
    actor.need_house(&state.db.read).await?;
    let Json(new) = body?;
    new.check()?;
    let now = state.clock.now();
    let (organisation, id) = (actor.organisation.0, BranchId(fresh_id(now)?));
    let tx = begin_write(&state.db.write).await?;
    let taken = branch::Entity::find()
        .filter(branch::Column::OrganisationId.eq(organisation))
        .filter(branch::Column::Name.eq(new.name.trim()))
        .one(&tx)
        .await?;
    if taken.is_some() {
        return Err(Problem::new(ProblemKind::AlreadyExists).about("name"));
    }
    let row = branch::ActiveModel {
        organisation_id: Set(organisation),
        id: Set(id.0),
        kind: Set(new.kind.as_str().to_owned()),
        name: Set(new.name.trim().to_owned()),
        municipality: Set(new.municipality.trim().to_owned()),
    };
    branch::Entity::insert(row).exec_without_returning(&tx).await?;
    let own = membership::ActiveModel {
        organisation_id: Set(organisation),
        user_id: Set(actor.person.user.0),
        branch_id: Set(id.0),
        role: Set(Role::Administrator.as_str().to_owned()),
        ..Default::default()
    };
    membership::Entity::insert(own).exec_without_returning(&tx).await?;
    new.tell(&tx, &actor, &state, id).await?;
    let account = user::Entity::find_by_id((organisation, actor.person.user.0)).one(&tx).await?;
    let account = account.ok_or_else(|| Problem::new(ProblemKind::NotSignedIn))?;
    tell_team(&tx, &state, &actor, &account, &[id]).await?;
    audit::note(&tx, organisation, now, line("add_branch", &actor, id.0)).await?;
    commit(&state, tx, actor.organisation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes what a branch is called and how to reach it. What kind of place it is stays: a network that became a branch would give
/// whoever administers it the library's log.
#[utoipa::path(post, path = "/api/branches/{branch}", tag = "people", security(("bearer" = [])),
    params(("branch" = Uuid, Path)), request_body = Described,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn change(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(id): Path<Uuid>,
    body: Result<Json<Described>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let own = actor.need(Role::Administrator)?;
    if !own.contains(&BranchId(id)) {
        return Err(Problem::new(ProblemKind::NotFound));
    }
    let Json(changed) = body?;
    changed.check()?;
    let now = state.clock.now();
    let tx = begin_write(&state.db.write).await?;
    let known = branch::Entity::find_by_id((actor.organisation.0, id)).one(&tx).await?;
    if known.is_none_or(|known| known.kind != changed.kind.as_str()) {
        return Err(Problem::new(ProblemKind::NotAllowed).about("kind"));
    }
    branch::Entity::update_many()
        .col_expr(branch::Column::Name, Expr::value(changed.name.trim()))
        .col_expr(branch::Column::Municipality, Expr::value(changed.municipality.trim()))
        .filter(branch::Column::OrganisationId.eq(actor.organisation.0))
        .filter(branch::Column::Id.eq(id))
        .exec(&tx)
        .await?;
    changed.tell(&tx, &actor, &state, BranchId(id)).await?;
    audit::note(&tx, actor.organisation.0, now, line("change_branch", &actor, id)).await?;
    commit(&state, tx, actor.organisation).await?;
    Ok(StatusCode::NO_CONTENT)
}
