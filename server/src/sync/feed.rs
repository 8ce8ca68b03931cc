//! The feed: one number per organisation, one cursor per device. What a device gets are the documents it may hold whose
//! newest change or grant lies after its cursor, oldest first, and the ids of what it may no longer hold.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use sha2::{Digest as _, Sha256};
use sync_core::access::Person;
use sync_core::hash::Hash;
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::sync::cbor;
use sync_core::sync::message::{BODY_MAX, Cursor, DocumentNews};
use sync_core::sync::packed::Packed;
use uuid::Uuid;

use super::entity::{change, document, grant, organisation};
use crate::db::CHUNK;
use crate::problem::Problem;

/// Where the organisation's feed stands.
#[derive(Clone, Copy, Debug)]
pub struct FeedState {
    /// The newest number.
    pub feed: i64,
    generation: i64,
}

/// Reads where the feed stands.
pub async fn state(db: &impl ConnectionTrait, id: OrganisationId) -> Result<FeedState, Problem> {
    let row = organisation::Entity::find_by_id(id.0)
        .one(db)
        .await?
        .ok_or_else(|| Problem::new(sync_core::problem::ProblemKind::NotFound))?;
    Ok(FeedState { feed: row.feed, generation: row.generation })
}

/// Takes the next `count` numbers of the feed; the last of them. This locks the counter row until the end of the
/// transaction, so it comes last: numbers then appear in the order of the commits, without gaps.
pub async fn take_numbers(tx: &impl ConnectionTrait, id: OrganisationId, count: i64) -> Result<i64, DbErr> {
    use sea_orm::sea_query::ExprTrait as _;
    let query = Query::update()
        .table(organisation::Entity)
        .value(organisation::Column::Feed, Expr::col(organisation::Column::Feed).add(count))
        .and_where(Expr::col(organisation::Column::Id).eq(id.0))
        .returning_col(organisation::Column::Feed)
        .to_owned();
    let row = tx.query_one(&query).await?.ok_or_else(|| DbErr::RecordNotFound(id.to_string()))?;
    row.try_get("", "feed")
}

impl FeedState {
    /// The cursor of this person at this number. The life of the database and the person's audiences are both in it: when
    /// either changes, the device fetches anew.
    #[must_use]
    pub fn cursor(&self, person: &Person, feed: i64, caught_up: i64) -> Cursor {
        let mut hash = Sha256::new();
        hash.update(self.generation.to_be_bytes());
        for audience in person.audiences() {
            hash.update(audience.to_string().as_bytes());
            hash.update([0]);
        }
        let digest = hash.finalize();
        let mut generation = [0_u8; 8];
        generation.copy_from_slice(&digest[..8]);
        let number = |feed: i64| u64::try_from(feed).unwrap_or_default();
        Cursor {
            generation: u64::from_be_bytes(generation),
            feed: number(feed),
            caught_up: number(caught_up),
        }
    }

    /// The feed numbers of a device's cursor: how far it is, and how far it was when nothing was left. Nothing when the
    /// cursor belongs to another life, or to other rights.
    #[must_use]
    pub fn numbers_of(&self, person: &Person, cursor: Cursor) -> Option<(i64, i64)> {
        let feed = i64::try_from(cursor.feed).ok()?;
        let caught_up = i64::try_from(cursor.caught_up).ok()?;
        let own = self.cursor(person, feed, caught_up) == cursor;
        (own && feed <= self.feed && caught_up <= feed).then_some((feed, caught_up))
    }
}

/// What a device asks.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// Who.
    pub person: &'a Person,
    /// Its feed number; nothing when it starts from nothing.
    pub since: Option<i64>,
    /// The number at which nothing was left for it to fetch.
    pub caught_up: i64,
    /// The most documents.
    pub want: u64,
    /// Documents that must be answered whatever their number: those its commands touched, those it wants whole.
    pub touched: &'a BTreeSet<DocumentId>,
    /// Documents it holds damaged.
    pub refetch: &'a BTreeSet<DocumentId>,
    /// Changes that the device made itself in this request.
    pub own: &'a BTreeSet<Hash>,
    /// Documents that its own commands made.
    pub created: &'a BTreeSet<DocumentId>,
}

/// What a device gets.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// The documents.
    pub documents: Vec<DocumentNews>,
    /// What it may no longer hold.
    pub dropped: Vec<DocumentId>,
    /// How far this brings it.
    pub feed: i64,
    /// Whether there is more.
    pub more: bool,
}

fn audiences(person: &Person) -> Vec<String> {
    person.audiences().iter().map(ToString::to_string).collect()
}

/// The ids and numbers of documents after `since` by both clocks: the document's own, and its grant's. At the most `limit` by each, asked
/// together: a database may be a network away.
fn candidates(wish: &Wish<'_>, since: i64, limit: u64) -> SelectStatement {
    let by = |by_document: bool| {
        let mut query = Query::select();
        query
            .columns(["id", "feed", "granted"])
            .expr_as(Expr::value(by_document), "by_document")
            .from_subquery(candidates_by(wish, by_document, since, limit), "found");
        query
    };
    let mut both = by(true);
    both.union(UnionType::All, by(false));
    both
}

/// The same by one of the two clocks.
fn candidates_by(wish: &Wish<'_>, by_document: bool, since: i64, limit: u64) -> SelectStatement {
    // Here only: its `max` would hide that of numbers.
    use sea_orm::sea_query::ExprTrait as _;
    let (clock_table, clock): (&str, &str) = if by_document { ("d", "feed") } else { ("g", "granted_feed") };
    let mut query = Query::select();
    query
        .expr_as(Expr::col(("d", "id")), "id")
        .expr_as(Expr::col(("d", "feed")).max(), "feed")
        .expr_as(Expr::col(("g", "granted_feed")).max(), "granted")
        .from_as(grant::Entity, "g")
        .join_as(
            sea_orm::JoinType::InnerJoin,
            document::Entity,
            "d",
            Expr::col(("d", "organisation_id"))
                .eq(Expr::col(("g", "organisation_id")))
                .and(Expr::col(("d", "id")).eq(Expr::col(("g", "document_id")))),
        )
        .and_where(Expr::col(("g", "organisation_id")).eq(wish.organisation.0))
        .and_where(Expr::col(("g", "audience")).is_in(audiences(wish.person)))
        .and_where(Expr::col(("g", "granted_feed")).is_not_null())
        .and_where(Expr::col(("g", "revoked_feed")).is_null())
        .and_where(Expr::col(("d", "erased")).eq(false))
        .and_where(Expr::col((clock_table, clock)).gt(since))
        .group_by_col(("d", "id"))
        .order_by_expr(Expr::col((clock_table, clock)).max(), sea_orm::Order::Asc)
        .limit(limit);
    query
}

/// The ids to answer with their numbers, in order, and how far they bring the device; nothing after it is left out.
async fn page(
    db: &impl ConnectionTrait,
    wish: &Wish<'_>,
    newest: i64,
) -> Result<(Vec<(i64, Uuid)>, i64, bool), DbErr> {
    let since = wish.since.unwrap_or(0);
    let want = wish.want.max(1);
    // One number can carry a whole round with its readers: a page ends between numbers, so look a little further.
    let limit = want + 100;
    let mut horizon = newest;
    let mut found: BTreeMap<Uuid, i64> = BTreeMap::new();
    // By each clock: how many there are, and the last of its numbers.
    let mut clocks = BTreeMap::from([(true, (0, since)), (false, (0, since))]);
    for row in db.query_all(&candidates(wish, since, limit)).await? {
        let id: Uuid = row.try_get("", "id")?;
        let (feed, granted): (i64, i64) = (row.try_get("", "feed")?, row.try_get("", "granted")?);
        let by_document = row.try_get("", "by_document")?;
        let (count, last) = clocks.entry(by_document).or_insert((0, since));
        *count += 1;
        *last = (*last).max(if by_document { feed } else { granted });
        found.insert(id, feed.max(granted));
    }
    for (_, last) in clocks.into_values().filter(|(count, _)| *count == limit) {
        // The last number may continue behind the limit.
        horizon = horizon.min(last - 1);
    }
    let mut ordered: Vec<(i64, Uuid)> =
        found.into_iter().map(|(id, number)| (number, id)).filter(|(number, _)| *number <= horizon).collect();
    ordered.sort_unstable();
    let want = usize::try_from(want).unwrap_or(usize::MAX);
    if ordered.len() > want {
        let last = ordered[want - 1].0;
        // Either the page ends before a number that does not fit, or that number alone is the page.
        let whole = ordered.iter().position(|(number, _)| *number == last).unwrap_or(0);
        let cut = if ordered[want].0 > last {
            want
        } else if whole > 0 {
            whole
        } else {
            ordered.iter().position(|(number, _)| *number > last).unwrap_or(ordered.len())
        };
        if cut < ordered.len() {
            ordered.truncate(cut);
            horizon = ordered.last().map_or(since, |(number, _)| *number);
        }
    }
    Ok((ordered, horizon, horizon < newest))
}

/// What of these documents the person may hold: since which number (the oldest and the newest grant).
pub(crate) async fn held(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: &Person,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, i64>, DbErr> {
    let mut since: BTreeMap<Uuid, i64> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows = grant::Entity::find()
            .filter(grant::Column::OrganisationId.eq(organisation.0))
            .filter(grant::Column::DocumentId.is_in(chunk.to_vec()))
            .filter(grant::Column::Audience.is_in(audiences(person)))
            .filter(grant::Column::RevokedFeed.is_null())
            .filter(grant::Column::GrantedFeed.is_not_null())
            .all(db)
            .await?;
        for row in rows {
            let granted = row.granted_feed.unwrap_or_default();
            let oldest = since.entry(row.document_id).or_insert(granted);
            *oldest = granted.min(*oldest);
        }
    }
    Ok(since)
}

/// Whether the person may hold this document now.
pub async fn may_hold(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: &Person,
    id: DocumentId,
) -> Result<bool, DbErr> {
    Ok(held(db, organisation, person, &[id.0]).await?.contains_key(&id.0))
}

/// Everything that is new for this device.
pub async fn news(db: &impl ConnectionTrait, wish: &Wish<'_>, newest: i64) -> Result<News, Problem> {
    let (mut ordered, mut horizon, mut more) = if wish.want == 0 {
        (Vec::new(), wish.since.unwrap_or(0), false)
    } else if wish.since == Some(newest) {
        (Vec::new(), newest, false)
    } else {
        page(db, wish, newest).await?
    };
    let paged: BTreeSet<Uuid> = ordered.iter().map(|(_, id)| *id).collect();
    // A document can be both: wanted whole, and one that this request did something with.
    let extra: BTreeSet<Uuid> =
        wish.touched.union(wish.refetch).map(|id| id.0).filter(|id| !paged.contains(id)).collect();
    let ids: Vec<Uuid> = paged.iter().chain(&extra).copied().collect();
    let held = held(db, wish.organisation, wish.person, &ids).await?;
    let mut rows: BTreeMap<Uuid, document::Model> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let found = document::Entity::find()
            .filter(document::Column::OrganisationId.eq(wish.organisation.0))
            .filter(document::Column::Id.is_in(chunk.to_vec()))
            .filter(document::Column::Erased.eq(false))
            .all(db)
            .await?;
        rows.extend(found.into_iter().map(|row| (row.id, row)));
    }
    let mut tails = tails(db, wish, &rows, &held).await?;
    let mut news = News::default();
    let mut bytes = 0;
    let order: Vec<(Option<i64>, Uuid)> = extra
        .iter()
        .map(|id| (None, *id))
        .chain(ordered.drain(..).map(|(number, id)| (Some(number), id)))
        .collect();
    let mut last_number = wish.since.unwrap_or(0);
    for (number, id) in order {
        let (Some(row), Some(granted)) = (rows.remove(&id), held.get(&id)) else {
            if number.is_none() {
                // Touched, and not this person's to hold: a signal that was passed on, a round that was lost.
                news.dropped.push(DocumentId(id));
            }
            continue;
        };
        if let Some(number) = number {
            // A page is at most 1 MiB, but always moves on, and never ends within a number.
            if bytes > BODY_MAX * 9 / 10 && number > last_number && last_number > wish.since.unwrap_or(0) {
                horizon = last_number;
                more = true;
                break;
            }
            last_number = number;
        }
        let document = told(wish, row, *granted, &tails.remove(&id).unwrap_or_default())?;
        bytes += document.bytes.len() + 600;
        news.documents.push(document);
    }
    news.feed = horizon;
    news.more = more;
    if let Some(since) = wish.since.filter(|since| *since < horizon) {
        news.dropped.extend(dropped(db, wish, since, horizon).await?);
        news.dropped.sort_unstable();
        news.dropped.dedup();
    }
    Ok(news)
}

/// What an app that is too old gets: no document, only word of what it may no longer hold. Its cursor stays where it was.
pub async fn dropped_only(db: &impl ConnectionTrait, wish: &Wish<'_>, newest: i64) -> Result<News, Problem> {
    let since = wish.since.unwrap_or(0);
    let mut dropped = dropped(db, wish, since, newest).await?;
    // Touched, and not this person's to hold: a worry that was passed on.
    let touched: Vec<Uuid> = wish.touched.iter().map(|id| id.0).collect();
    let still = held(db, wish.organisation, wish.person, &touched).await?;
    dropped.extend(wish.touched.iter().filter(|id| !still.contains_key(&id.0)));
    Ok(News { documents: Vec::new(), dropped, feed: since, more: false })
}

/// From which number on this device lacks changes of a document; nothing when it lacks all.
fn lacks_from(wish: &Wish<'_>, row: &document::Model, granted: i64) -> Option<i64> {
    let id = DocumentId(row.id);
    if wish.refetch.contains(&id) {
        return None;
    }
    // A device that starts from nothing gets everything whole, also what it made itself once.
    let since = wish.since?;
    let from = if granted <= wish.caught_up {
        since
    } else if wish.created.contains(&id) {
        // It made the document itself, from the same skeleton: it lacks only what others did since.
        row.created_feed - 1
    } else {
        return None;
    };
    (from + 1 >= row.tail_from).then_some(from)
}

/// The changes that are kept apart, of the documents on this page: after the snapshot, or after what the device has.
async fn tails(
    db: &impl ConnectionTrait,
    wish: &Wish<'_>,
    rows: &BTreeMap<Uuid, document::Model>,
    held: &BTreeMap<Uuid, i64>,
) -> Result<BTreeMap<Uuid, Vec<change::Model>>, DbErr> {
    let mut tails: BTreeMap<Uuid, Vec<change::Model>> = BTreeMap::new();
    let with_tail: Vec<Uuid> = rows
        .values()
        .filter(|row| {
            let lacks = held.get(&row.id).and_then(|granted| lacks_from(wish, row, *granted));
            row.tail > 0 || lacks.is_some()
        })
        .map(|row| row.id)
        .collect();
    for chunk in with_tail.chunks(CHUNK) {
        let changes = change::Entity::find()
            .filter(change::Column::OrganisationId.eq(wish.organisation.0))
            .filter(change::Column::DocumentId.is_in(chunk.to_vec()))
            .order_by_asc(change::Column::DocumentId)
            .order_by_asc(change::Column::Feed)
            .order_by_asc(change::Column::Place)
            .all(db)
            .await?;
        for row in changes {
            tails.entry(row.document_id).or_default().push(row);
        }
    }
    Ok(tails)
}

fn told(
    wish: &Wish<'_>,
    row: document::Model,
    granted: i64,
    tail: &[change::Model],
) -> Result<DocumentNews, Problem> {
    let own = |change: &change::Model| {
        <[u8; 32]>::try_from(change.hash.as_slice()).is_ok_and(|hash| wish.own.contains(&Hash(hash)))
    };
    let lacks = lacks_from(wish, &row, granted);
    let mut bytes = if lacks.is_some() { Vec::new() } else { row.snapshot };
    for change in tail {
        let new = match lacks {
            Some(from) => change.feed > from && !own(change),
            None => change.feed > row.snapshot_feed,
        };
        if new {
            bytes.extend_from_slice(&change.bytes);
        }
    }
    Ok(DocumentNews {
        id: DocumentId(row.id),
        kind: row.kind,
        summary: Packed::Cbor(row.summary),
        whole: lacks.is_none(),
        bytes,
        heads: cbor::from_slice(&row.heads).map_err(Problem::failure)?,
        content: None,
    })
}

/// What was revoked after `since`, up to `until`, and is not held by another grant.
async fn dropped(
    db: &impl ConnectionTrait,
    wish: &Wish<'_>,
    since: i64,
    until: i64,
) -> Result<Vec<DocumentId>, DbErr> {
    let revoked: BTreeSet<Uuid> = grant::Entity::find()
        .filter(grant::Column::OrganisationId.eq(wish.organisation.0))
        .filter(grant::Column::Audience.is_in(audiences(wish.person)))
        .filter(grant::Column::RevokedFeed.gt(since))
        .filter(grant::Column::RevokedFeed.lte(until))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.document_id)
        .collect();
    let ids: Vec<Uuid> = revoked.iter().copied().collect();
    let still = held(db, wish.organisation, wish.person, &ids).await?;
    Ok(ids.into_iter().filter(|id| !still.contains_key(id)).map(DocumentId).collect())
}
