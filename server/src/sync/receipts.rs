//! Which document went to which device: for the day on which one is lost, and for whoever must account for what was shared
//! (security promise 8). Ids only. A row is written before the answer that carries the document, and only when a device gets a
//! document whole: what is new in one it has already tells nothing new.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
};
use sync_core::ids::{DeviceId, DocumentId, OrganisationId};
use sync_core::time::Timestamp;
use uuid::Uuid;

use super::entity::receipt;
use super::feed::News;

/// Rows in one statement.
const CHUNK: usize = 1_000;

/// Notes what this answer brings to the device and what it takes away, with what the device made itself.
pub async fn note(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    device: DeviceId,
    news: &News,
    made: impl Iterator<Item = DocumentId>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let whole = news.documents.iter().filter(|document| document.whole).map(|document| document.id);
    let all: BTreeSet<DocumentId> = whole.chain(made).collect();
    let rows: Vec<receipt::ActiveModel> = all
        .into_iter()
        .map(|document| receipt::ActiveModel {
            organisation_id: Set(organisation.0),
            device_id: Set(device.0),
            document_id: Set(document.0),
            received_at: Set(now.as_millis()),
            dropped_at: Set(None),
        })
        .collect();
    for rows in rows.chunks(CHUNK) {
        receipt::Entity::insert_many(rows.to_vec())
            .on_conflict(
                OnConflict::columns([
                    receipt::Column::OrganisationId,
                    receipt::Column::DeviceId,
                    receipt::Column::DocumentId,
                ])
                // The first time stays; what comes back is there again.
                .update_column(receipt::Column::DroppedAt)
                .to_owned(),
            )
            .exec_without_returning(db)
            .await?;
    }
    if !news.dropped.is_empty() {
        receipt::Entity::update_many()
            .col_expr(receipt::Column::DroppedAt, Expr::value(Some(now.as_millis())))
            .filter(receipt::Column::OrganisationId.eq(organisation.0))
            .filter(receipt::Column::DeviceId.eq(device.0))
            .filter(receipt::Column::DocumentId.is_in(news.dropped.iter().map(|id| id.0)))
            .filter(receipt::Column::DroppedAt.is_null())
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Which of these documents each of these devices has, as far as it was told.
pub async fn on_devices(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    devices: &[Uuid],
    documents: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>, DbErr> {
    let rows = receipt::Entity::find()
        .filter(receipt::Column::OrganisationId.eq(organisation.0))
        .filter(receipt::Column::DeviceId.is_in(devices.to_vec()))
        .filter(receipt::Column::DocumentId.is_in(documents.clone()))
        .filter(receipt::Column::DroppedAt.is_null())
        .all(db)
        .await?;
    let mut all: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for row in rows {
        all.entry(row.device_id).or_default().insert(row.document_id);
    }
    Ok(all)
}
