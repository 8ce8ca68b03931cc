//! The exchange: commands up, changes down (`docs/decisions/0001-commands-up-changes-down.md`).

pub mod anew;
pub mod apply;
pub mod entity;
pub mod exchange;
pub mod feed;
pub mod grants;
mod hand_in;
pub mod live;
mod opened;
pub mod receipts;
pub mod writer;

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use sync_core::document::{Document, DocumentError, DocumentKind};
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::problem::ProblemKind;
use sync_core::summary::Summary;
use sync_core::sync::packed::Packed;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app_state::AppState;
use crate::problem::Problem;

/// The routes of the exchange.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(exchange::sync))
        .routes(routes!(hand_in::hand_in))
        .routes(routes!(hand_in::look))
        .routes(routes!(live::ticket))
        .routes(routes!(live::live))
}

/// The summaries of these kinds in some branches, each with its document and branch; of what is not erased.
pub(crate) async fn summaries(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    branches: &[Uuid],
    kinds: &[DocumentKind],
) -> Result<Vec<(Uuid, Uuid, Summary)>, DbErr> {
    use entity::document::Column;
    let rows: Vec<(Uuid, Option<Uuid>, String, Vec<u8>)> = entity::document::Entity::find()
        .select_only()
        .columns([Column::Id, Column::BranchId, Column::Kind, Column::Summary])
        .filter(Column::OrganisationId.eq(organisation.0))
        .filter(Column::BranchId.is_in(branches.to_vec()))
        .filter(Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
        .filter(Column::Erased.eq(false))
        .into_tuple()
        .all(db)
        .await?;
    let read = |(id, branch, kind, bytes): (Uuid, Option<Uuid>, String, Vec<u8>)| {
        Some((id, branch?, Summary::unpack(&kind, &Packed::Cbor(bytes))?))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Loads a whole document. Ask first whether the person may hold it.
pub async fn whole(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: DocumentId,
) -> Result<Result<Document, DocumentError>, Problem> {
    let row = entity::document::Entity::find_by_id((organisation.0, id.0))
        .one(db)
        .await?
        .filter(|row| !row.erased)
        .ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    let mut bytes = row.snapshot;
    let tail = entity::change::Entity::find()
        .filter(entity::change::Column::OrganisationId.eq(organisation.0))
        .filter(entity::change::Column::DocumentId.eq(id.0))
        .filter(entity::change::Column::Feed.gt(row.snapshot_feed))
        .order_by_asc(entity::change::Column::Feed)
        .order_by_asc(entity::change::Column::Place)
        .all(db)
        .await?;
    for change in tail {
        bytes.extend_from_slice(&change.bytes);
    }
    Ok(Document::load(&bytes))
}
