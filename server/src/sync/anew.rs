//! Documents that are written anew, without their history: what was erased is also taken out of the documents of others that told of
//! it. A phone gets such a document whole, and runs what it had not sent yet on it.

use std::collections::BTreeSet;

use sea_orm::sea_query::{OnConflict, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    ExprTrait as _, IntoActiveModel as _, QueryFilter as _, QuerySelect as _,
};
use sync_core::access;
use sync_core::deliveries::forget::{
    reader_on_round, tells, volunteer_on_round, words_of_nobody, words_of_round, words_of_signal,
};
use sync_core::deliveries::view::RoundView;
use sync_core::document::{Document, DocumentKind, Forgotten};
use sync_core::ids::{DocumentId, LearnerId, OrganisationId, ReaderId, UserId};
use sync_core::organisation::forget::member_of_team;
use sync_core::summary::Summary;
use sync_core::sync::cbor;
use sync_core::sync::packed::Packed;
use sync_core::taalhuis::forget::{
    buddy_of_group, learner_elsewhere, learner_of_group, name_on_group, words_of_everybody,
};
use sync_core::time::{Timestamp, days_after};
use uuid::Uuid;
use words::Words;

use super::entity::{change, document, forgetting, grant};
use super::grants::Wanted;
use super::{feed, grants, whole};
use crate::db::{Db, begin_write};
use crate::problem::Problem;
use crate::{project, taalhuis};

/// So many days after its day nobody works on a round any more, also not on a phone that was offline.
const AT_REST_DAYS: i64 = 2;

/// In the place of a reader or a person: of somebody who was forgotten before this was said.
pub const NOBODY: Uuid = Uuid::nil();
/// In the place of a reader or a person: of everybody, because it was kept long enough.
pub const ALL: Uuid = Uuid::max();

/// Notes that these documents must be written anew, without what they tell of somebody or something.
pub async fn note(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    documents: impl IntoIterator<Item = Uuid>,
    about: Uuid,
) -> Result<(), DbErr> {
    let rows: Vec<forgetting::ActiveModel> = documents
        .into_iter()
        .map(|id| forgetting::ActiveModel {
            organisation_id: Set(organisation.0),
            document_id: Set(id),
            about_id: Set(about),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let own = OnConflict::columns([
        forgetting::Column::OrganisationId,
        forgetting::Column::DocumentId,
        forgetting::Column::AboutId,
    ])
    .do_nothing()
    .to_owned();
    forgetting::Entity::insert_many(rows).on_conflict(own).exec_without_returning(tx).await.map(drop)
}

/// Whether this document tells something of somebody who was forgotten before: a log of a phone that was offline.
#[must_use]
pub fn tells_of_nobody(document: &Document) -> bool {
    document.kind() == Some(DocumentKind::Round) && tells(document, &words_of_nobody(document))
}

/// The documents that tell of one that is erased: those that ever gave it to a volunteer, and those that name a learner.
pub async fn telling_of(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<Vec<Uuid>, DbErr> {
    let by_others = grant::Column::DocumentId.eq(id).and(grant::Column::SourceId.ne(id));
    let mut all = sources(tx, organisation, by_others).await?;
    all.extend(taalhuis::projection::telling_of(tx, organisation, id).await?);
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The documents that were ever given to this person by name: rounds, pairings and groups.
pub async fn rounds_of(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: UserId,
) -> Result<Vec<Uuid>, DbErr> {
    let audience = grant::Column::Audience;
    let by_name = audience.starts_with("worker:").and(audience.ends_with(format!(":{user}")));
    sources(tx, organisation, by_name).await
}

/// The documents that gave such grants.
async fn sources(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    such: SimpleExpr,
) -> Result<Vec<Uuid>, DbErr> {
    grant::Entity::find()
        .select_only()
        .distinct()
        .column(grant::Column::SourceId)
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(such)
        .into_tuple()
        .all(tx)
        .await
}

/// Whether this document names somebody who can be named in it by another word.
#[must_use]
pub fn names(document: &Document, about: Uuid) -> bool {
    let hidden = [Words::Dutch.learner_hidden(), Words::English.learner_hidden()];
    name_on_group(document, LearnerId(about)).is_some_and(|name| !hidden.contains(&name.as_str()))
}

/// What a group tells of a learner who is there and does not consent any more to being named; nothing when this is about somebody else.
async fn withheld(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    document: &Document,
    about: Uuid,
) -> Result<Option<Forgotten>, DbErr> {
    if document.kind() != Some(DocumentKind::Group) {
        return Ok(None);
    }
    let learner = document::Entity::find_by_id((organisation.0, about)).one(tx).await?;
    let Some(learner) = learner.filter(|row| !row.erased) else { return Ok(None) };
    let named = grants::withholds(&learner.kind, learner.summary)
        .then(|| learner_of_group(document, LearnerId(about), Words::Dutch.learner_hidden()));
    Ok(Some(named.unwrap_or_default()))
}

/// What this document tells about them; nothing while people still work on it.
fn forgotten(document: &Document, about: Uuid, now: Timestamp) -> Option<Forgotten> {
    let former = Words::Dutch.former_colleague();
    match document.kind()? {
        DocumentKind::Round => {
            let round = RoundView::read(document);
            let at_rest = round.day().is_none_or(|on| days_after(on, AT_REST_DAYS) <= now.local_date());
            at_rest.then(|| {
                if about == ALL {
                    return words_of_round(document);
                }
                if about == NOBODY {
                    return words_of_nobody(document);
                }
                let mut all = reader_on_round(document, ReaderId(about));
                all.instead.extend(volunteer_on_round(document, UserId(about), former).instead);
                all
            })
        }
        DocumentKind::Team => Some(member_of_team(document, UserId(about), former)),
        DocumentKind::Signal if about == ALL => Some(words_of_signal()),
        DocumentKind::Pairing | DocumentKind::Group if about == ALL => Some(words_of_everybody(document)),
        DocumentKind::Pairing | DocumentKind::Group => {
            let mut all = learner_elsewhere(document, LearnerId(about));
            all.instead.extend(buddy_of_group(document, UserId(about), former).instead);
            Some(all)
        }
        DocumentKind::Branch
        | DocumentKind::Reader
        | DocumentKind::Signal
        | DocumentKind::Volunteer
        | DocumentKind::VolunteerFile
        | DocumentKind::Learner
        | DocumentKind::LearnerFile
        | DocumentKind::Taalhuis => Some(Forgotten::default()),
    }
}

/// Writes anew what can be by now; how many documents.
pub async fn write_due(db: &Db, organisation: OrganisationId, now: Timestamp) -> Result<usize, Problem> {
    let due = forgetting::Entity::find()
        .filter(forgetting::Column::OrganisationId.eq(organisation.0))
        .all(&db.read)
        .await?;
    let ids: BTreeSet<Uuid> = due.iter().map(|row| row.document_id).collect();
    let mut count = 0;
    for id in ids {
        let about: Vec<Uuid> =
            due.iter().filter(|row| row.document_id == id).map(|row| row.about_id).collect();
        match write_one(db, organisation, id, about, now).await {
            Ok(Anew::Written) => count += 1,
            Ok(Anew::TellsNothing | Anew::Later) => {}
            // One that does not read must not keep the others from being forgotten.
            Err(problem) => {
                tracing::warn!(document = %id, problem = problem.kind().slug(), "not written anew");
            }
        }
    }
    Ok(count)
}

async fn write_one(
    db: &Db,
    organisation: OrganisationId,
    id: Uuid,
    about: Vec<Uuid>,
    now: Timestamp,
) -> Result<Anew, Problem> {
    let tx = begin_write(&db.write).await?;
    let anew = write_anew(&tx, organisation, id, &about, now).await?;
    if anew == Anew::Later {
        return Ok(anew);
    }
    forgetting::Entity::delete_many()
        .filter(forgetting::Column::OrganisationId.eq(organisation.0))
        .filter(forgetting::Column::DocumentId.eq(id))
        .filter(forgetting::Column::AboutId.is_in(about))
        .exec(&tx)
        .await?;
    super::writer::announce(db, &tx, organisation).await?;
    tx.commit().await?;
    Ok(anew)
}

/// What became of a document that had to be written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anew {
    /// It was.
    Written,
    /// It is gone, or tells nothing of them.
    TellsNothing,
    /// People still work on it.
    Later,
}

/// Writes one document anew.
async fn write_anew(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    id: Uuid,
    about: &[Uuid],
    now: Timestamp,
) -> Result<Anew, Problem> {
    let row = document::Entity::find_by_id((organisation.0, id)).lock_exclusive().one(tx).await?;
    let Some(row) = row.filter(|row| !row.erased) else { return Ok(Anew::TellsNothing) };
    let before = whole(tx, organisation, DocumentId(id)).await?.map_err(Problem::failure)?;
    let mut all = Forgotten::default();
    for one in about {
        let found = match withheld(tx, organisation, &before, *one).await? {
            Some(found) => found,
            None => match forgotten(&before, *one, now) {
                Some(found) => found,
                None => return Ok(Anew::Later),
            },
        };
        all.gone.extend(found.gone);
        all.instead.extend(found.instead);
    }
    if before.kind() == Some(DocumentKind::Group) && all == Forgotten::default() {
        // Every group was asked, and this one tells nothing of them. Who ever was in a group stands in it.
        return Ok(Anew::TellsNothing);
    }
    let number = feed::take_numbers(tx, organisation, 1).await?;
    // An author that never wrote before, and tells nothing of what stood there.
    let author = Uuid::new_v5(&id, format!("anew {number} {}", now.as_millis()).as_bytes());
    let after = before.anew(author, now, &all).map_err(Problem::failure)?;
    change::Entity::delete_many()
        .filter(change::Column::OrganisationId.eq(organisation.0))
        .filter(change::Column::DocumentId.eq(id))
        .exec(tx)
        .await?;
    let snapshot = after.save();
    let mut row = row.into_active_model();
    row.size = Set(i64::try_from(snapshot.len()).unwrap_or(i64::MAX));
    row.snapshot = Set(snapshot);
    row.snapshot_feed = Set(number);
    // Behind its own number: whatever a device has of it, it gets all of it.
    row.tail_from = Set(number + 1);
    row.tail = Set(0);
    row.heads = Set(cbor::to_vec(&after.heads()));
    row.summary = Set(match Summary::of(&after).map(|summary| summary.pack()) {
        Some(Packed::Cbor(bytes)) => bytes,
        _ => Vec::new(),
    });
    row.feed = Set(number);
    document::Entity::update(row).exec(tx).await?;
    let branch = access::branch_of(&after).map(|branch| branch.0);
    let grants = access::grants(DocumentId(id), &after);
    grants::recompute(tx, organisation, &[Wanted { source: id, branch, feed: number, grants }], now).await?;
    project::project(tx, organisation, &[(id, &after)]).await?;
    Ok(Anew::Written)
}
