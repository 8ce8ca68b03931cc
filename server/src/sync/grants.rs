//! Grants by rule: who may hold which document follows from the content of documents, recomputed in the transaction of
//! the change that caused it. A clock starts and ends those with a time.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _,
    QueryFilter as _, QuerySelect as _,
};
use sync_core::access::{self, Grant};
use sync_core::ids::OrganisationId;
use sync_core::summary::Summary;
use sync_core::sync::packed::Packed;
use sync_core::time::Timestamp;
use uuid::Uuid;

use super::entity::{document, grant};

type Key = (Uuid, String);

fn active(starts_at: Option<i64>, ends_at: Option<i64>, now: Timestamp) -> bool {
    starts_at.is_none_or(|from| from <= now.as_millis())
        && ends_at.is_none_or(|until| now.as_millis() < until)
}

/// The grants that follow from one document, under its feed number.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// From which document they follow.
    pub source: Uuid,
    /// The branch of that document: what it says holds for documents of this branch only.
    pub branch: Option<Uuid>,
    /// The number of its newest change.
    pub feed: i64,
    /// What it says now.
    pub grants: Vec<Grant>,
}

/// Brings the grants that follow from these documents in line with what those say now: all in a few statements.
pub async fn recompute(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    wanted: &[Wanted],
    now: Timestamp,
) -> Result<(), DbErr> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sources = wanted.iter().map(|one| one.source);
    let mut before: BTreeMap<Uuid, BTreeMap<Key, grant::Model>> = BTreeMap::new();
    let held = grant::Entity::find()
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(grant::Column::SourceId.is_in(sources))
        .all(tx)
        .await?;
    for row in held {
        before.entry(row.source_id).or_default().insert((row.document_id, row.audience.clone()), row);
    }
    let others = others(tx, organisation, wanted).await?;
    let mut rows = Vec::new();
    for one in wanted {
        let before = before.remove(&one.source).unwrap_or_default();
        let after: BTreeMap<Key, &Grant> = one
            .grants
            .iter()
            .filter(|grant| grant.document.0 == one.source || one.may_grant(others.get(&grant.document.0)))
            .map(|grant| ((grant.document.0, grant.audience.to_string()), grant))
            .collect();
        for (key, grant) in &after {
            rows.extend(wanted_row(organisation, one, key, grant, before.get(key), now));
        }
        for (key, old) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
            if old.granted_feed.is_some() && old.revoked_feed.is_none() {
                rows.push(row(organisation, one.source, key, (None, None), old.granted_feed, Some(one.feed)));
            } else if old.revoked_feed.is_some() {
                rows.push(row(organisation, one.source, key, (None, None), None, old.revoked_feed));
            } else {
                let gone = (organisation.0, key.0, key.1.clone(), one.source);
                grant::Entity::delete_by_id(gone).exec(tx).await?;
            }
        }
    }
    write(tx, rows).await
}

/// The row of a grant that is wanted, when it is not there as it should be.
fn wanted_row(
    organisation: OrganisationId,
    one: &Wanted,
    key: &Key,
    grant: &Grant,
    old: Option<&grant::Model>,
    now: Timestamp,
) -> Option<grant::ActiveModel> {
    let starts_at = grant.from.map(Timestamp::as_millis);
    let ends_at = grant.until.map(Timestamp::as_millis);
    let as_it_should_be = |old: &grant::Model| {
        old.starts_at == starts_at && old.ends_at == ends_at && old.revoked_feed.is_none()
    };
    if old.is_some_and(as_it_should_be) {
        return None;
    }
    let held = old.filter(|old| old.revoked_feed.is_none()).and_then(|old| old.granted_feed);
    let (granted, revoked) = match (held, active(starts_at, ends_at, now)) {
        (Some(since), true) => (Some(since), None),
        // It may start again later; that it ended must still be told to devices that lag.
        (Some(_), false) => (None, Some(one.feed)),
        (None, true) => (Some(one.feed), None),
        (None, false) => (None, old.and_then(|old| old.revoked_feed)),
    };
    Some(row(organisation, one.source, key, (starts_at, ends_at), granted, revoked))
}

/// A document that another one grants: its branch, and whether it is given to nobody by others: erased, or withheld.
type Other = (Option<Uuid>, bool);

impl Wanted {
    /// Whether this document may grant another one. One that was erased is granted to nobody any more, whatever a phone that had
    /// not heard of it plans; nor is one that withholds itself (a learner who does not consent); one of another branch is not this
    /// branch's to give, whoever knows its id. One that is not there yet comes later in the same request, and is asked then.
    fn may_grant(&self, other: Option<&Other>) -> bool {
        other.is_none_or(|(branch, closed)| !closed && *branch == self.branch)
    }
}

/// What the table says of such a document: also its kind and its row in a list.
type OtherRow = (Uuid, Option<Uuid>, bool, String, Vec<u8>);

/// What is known of the documents that are wanted, other than the sources themselves.
async fn others(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    wanted: &[Wanted],
) -> Result<BTreeMap<Uuid, Other>, DbErr> {
    let others: BTreeSet<Uuid> = wanted
        .iter()
        .flat_map(|one| one.grants.iter().map(|grant| (grant.document.0, one.source)))
        .filter(|(document, source)| document != source)
        .map(|(document, _)| document)
        .collect();
    if others.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<OtherRow> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .column(document::Column::BranchId)
        .column(document::Column::Erased)
        .column(document::Column::Kind)
        .column(document::Column::Summary)
        .filter(document::Column::OrganisationId.eq(organisation.0))
        .filter(document::Column::Id.is_in(others))
        .into_tuple()
        .all(tx)
        .await?;
    let closed = |erased: bool, kind: &str, summary: Vec<u8>| erased || withholds(kind, summary);
    Ok(rows
        .into_iter()
        .map(|(id, branch, erased, kind, summary)| (id, (branch, closed(erased, &kind, summary))))
        .collect())
}

/// Whether a document with this row withholds itself.
pub(super) fn withholds(kind: &str, summary: Vec<u8>) -> bool {
    access::withholds(kind, Summary::unpack(kind, &Packed::Cbor(summary)).as_ref())
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
    for rows in rows.chunks(1_000) {
        upsert(tx, rows.to_vec()).await?;
    }
    Ok(())
}

async fn upsert(tx: &impl ConnectionTrait, rows: Vec<grant::ActiveModel>) -> Result<(), DbErr> {
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
    // Here only: its `eq` would hide that of columns.
    use sea_orm::sea_query::ExprTrait as _;

    let due = |condition: Condition| {
        let mut query = Query::select();
        query
            .expr(Expr::value(1))
            .from(grant::Entity)
            .and_where(grant::Column::OrganisationId.eq(organisation.0))
            .cond_where(condition);
        query
    };
    // Two questions, each with an index of its own, asked at once: this comes with every exchange.
    let either = Expr::exists(due(to_start(now))).or(Expr::exists(due(to_end(now))));
    let row = db.query_one(Query::select().expr_as(either, "due")).await?;
    row.map_or(Ok(false), |row| row.try_get("", "due"))
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
