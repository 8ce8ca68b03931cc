//! Grants by rule: who may hold which document follows from the content of documents, recomputed in the transaction of
//! the change that caused it. A clock starts and ends those with a time.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _,
    QueryFilter as _, QuerySelect as _,
};
use sync_core::access::Grant;
use sync_core::ids::OrganisationId;
use sync_core::time::Timestamp;
use uuid::Uuid;

use super::entity::{document, grant};

type Key = (Uuid, String);

fn active(starts_at: Option<i64>, ends_at: Option<i64>, now: Timestamp) -> bool {
    starts_at.is_none_or(|from| from <= now.as_millis())
        && ends_at.is_none_or(|until| now.as_millis() < until)
}

/// Brings the grants that follow from this document in line with what it says now, under this feed number.
pub async fn recompute(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    source: Uuid,
    wanted: &[Grant],
    feed: i64,
    now: Timestamp,
) -> Result<(), DbErr> {
    let before: BTreeMap<Key, grant::Model> = grant::Entity::find()
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(grant::Column::SourceId.eq(source))
        .all(tx)
        .await?
        .into_iter()
        .map(|row| ((row.document_id, row.audience.clone()), row))
        .collect();
    let erased = erased(tx, organisation, source, wanted).await?;
    let after: BTreeMap<Key, &Grant> = wanted
        .iter()
        .filter(|grant| !erased.contains(&grant.document.0))
        .map(|grant| ((grant.document.0, grant.audience.to_string()), grant))
        .collect();
    let mut rows = Vec::new();
    for (key, grant) in &after {
        let starts_at = grant.from.map(Timestamp::as_millis);
        let ends_at = grant.until.map(Timestamp::as_millis);
        let old = before.get(key);
        if old.is_some_and(|old| {
            old.starts_at == starts_at && old.ends_at == ends_at && old.revoked_feed.is_none()
        }) {
            continue;
        }
        let held = old.filter(|old| old.revoked_feed.is_none()).and_then(|old| old.granted_feed);
        let (granted, revoked) = match (held, active(starts_at, ends_at, now)) {
            (Some(since), true) => (Some(since), None),
            // It may start again later; that it ended must still be told to devices that lag.
            (Some(_), false) => (None, Some(feed)),
            (None, true) => (Some(feed), None),
            (None, false) => (None, old.and_then(|old| old.revoked_feed)),
        };
        rows.push(row(organisation, source, key, (starts_at, ends_at), granted, revoked));
    }
    for (key, old) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
        if old.granted_feed.is_some() && old.revoked_feed.is_none() {
            rows.push(row(organisation, source, key, (None, None), old.granted_feed, Some(feed)));
        } else if old.revoked_feed.is_some() {
            rows.push(row(organisation, source, key, (None, None), None, old.revoked_feed));
        } else {
            grant::Entity::delete_by_id((organisation.0, key.0, key.1.clone(), source)).exec(tx).await?;
        }
    }
    write(tx, rows).await
}

/// Which of the wanted documents, other than the source itself, were erased: nobody is granted those any more, whatever a
/// phone that had not heard of it plans.
async fn erased(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    source: Uuid,
    wanted: &[Grant],
) -> Result<BTreeSet<Uuid>, DbErr> {
    let others: BTreeSet<Uuid> =
        wanted.iter().map(|grant| grant.document.0).filter(|id| *id != source).collect();
    if others.is_empty() {
        return Ok(others);
    }
    let rows = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .filter(document::Column::OrganisationId.eq(organisation.0))
        .filter(document::Column::Id.is_in(others))
        .filter(document::Column::Erased.eq(true))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

fn row(
    organisation: OrganisationId,
    source: Uuid,
    key: &Key,
    (starts_at, ends_at): (Option<i64>, Option<i64>),
    granted_feed: Option<i64>,
    revoked_feed: Option<i64>,
) -> grant::ActiveModel {
    grant::ActiveModel {
        organisation_id: Set(organisation.0),
        document_id: Set(key.0),
        audience: Set(key.1.clone()),
        source_id: Set(source),
        starts_at: Set(starts_at),
        ends_at: Set(ends_at),
        granted_feed: Set(granted_feed),
        revoked_feed: Set(revoked_feed),
    }
}

async fn write(tx: &impl ConnectionTrait, rows: Vec<grant::ActiveModel>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    grant::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([
                grant::Column::OrganisationId,
                grant::Column::DocumentId,
                grant::Column::Audience,
                grant::Column::SourceId,
            ])
            .update_columns([
                grant::Column::StartsAt,
                grant::Column::EndsAt,
                grant::Column::GrantedFeed,
                grant::Column::RevokedFeed,
            ])
            .to_owned(),
        )
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// Ends every grant of an erased document: of itself, and those that followed from it.
pub async fn revoke_all(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    document: Uuid,
    feed: i64,
) -> Result<(), DbErr> {
    grant::Entity::update_many()
        .col_expr(grant::Column::RevokedFeed, Expr::value(Some(feed)))
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(
            Condition::any()
                .add(grant::Column::DocumentId.eq(document))
                .add(grant::Column::SourceId.eq(document)),
        )
        .filter(grant::Column::GrantedFeed.is_not_null())
        .filter(grant::Column::RevokedFeed.is_null())
        .exec(tx)
        .await?;
    grant::Entity::delete_many()
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(
            Condition::any()
                .add(grant::Column::DocumentId.eq(document))
                .add(grant::Column::SourceId.eq(document)),
        )
        .filter(grant::Column::GrantedFeed.is_null())
        .filter(grant::Column::RevokedFeed.is_null())
        .exec(tx)
        .await?;
    // What waited to start again must not, but that it ended is still told.
    grant::Entity::update_many()
        .col_expr(grant::Column::StartsAt, Expr::value(None::<i64>))
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(
            Condition::any()
                .add(grant::Column::DocumentId.eq(document))
                .add(grant::Column::SourceId.eq(document)),
        )
        .exec(tx)
        .await
        .map(drop)
}

fn to_start(now: Timestamp) -> Condition {
    Condition::all()
        .add(grant::Column::GrantedFeed.is_null())
        .add(grant::Column::StartsAt.lte(now.as_millis()))
        .add(
            Condition::any()
                .add(grant::Column::EndsAt.is_null())
                .add(grant::Column::EndsAt.gt(now.as_millis())),
        )
}

fn to_end(now: Timestamp) -> Condition {
    Condition::all()
        .add(grant::Column::GrantedFeed.is_not_null())
        .add(grant::Column::RevokedFeed.is_null())
        .add(grant::Column::EndsAt.lte(now.as_millis()))
}

/// Whether a grant of this organisation has to start or end by now.
pub async fn any_due(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let due = |condition: Condition| {
        grant::Entity::find()
            .filter(grant::Column::OrganisationId.eq(organisation.0))
            .filter(condition)
            .one(db)
    };
    Ok(due(to_start(now)).await?.is_some() || due(to_end(now)).await?.is_some())
}

/// Starts and ends what is due, under this feed number.
pub async fn turn_clock(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    feed: i64,
    now: Timestamp,
) -> Result<(), DbErr> {
    grant::Entity::update_many()
        .col_expr(grant::Column::GrantedFeed, Expr::value(Some(feed)))
        .col_expr(grant::Column::RevokedFeed, Expr::value(None::<i64>))
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(to_start(now))
        .exec(tx)
        .await?;
    grant::Entity::update_many()
        .col_expr(grant::Column::RevokedFeed, Expr::value(Some(feed)))
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(to_end(now))
        .exec(tx)
        .await
        .map(drop)
}
