//! The server's transaction: idempotency row, change bytes, heads, projected rows, grants and audit row, all of it or
//! nothing. The answer is sent after the commit.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QuerySelect as _,
};
use sync_core::access::{self, Person};
use sync_core::command::Command;
use sync_core::document::{Document, DocumentKind};
use sync_core::hash::Hash;
use sync_core::ids::{DeviceId, DocumentId, OrganisationId};
use sync_core::ledger::Outcome;
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::summary::Summary;
use sync_core::sync::cbor;
use sync_core::sync::message::{CommandResult, Envelope, Verdict};
use sync_core::sync::packed::Packed;
use sync_core::time::Timestamp;
use unicode_normalization::is_nfc;
use uuid::Uuid;

use super::entity::{audit as audit_row, change, command, document};
use super::opened::{self, Documents, Job, Open};
use super::{anew, feed, grants, whole};
use crate::problem::title;
use crate::side_by_side::side_by_side;
use crate::{audit, project};

/// The word for an act that this server does not know.
pub(crate) const UNKNOWN: &str = "unknown_command";
/// How many changes may stand after a snapshot before they are folded into it.
const TAIL_MAX: i32 = 24;

/// The commands of one request, and whose they are.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// Who did it.
    pub person: Person,
    /// On which device.
    pub device: DeviceId,
    /// What, in order.
    pub commands: Vec<Envelope>,
    /// When they came in.
    pub received_at: Timestamp,
}

/// What became of the commands of one request.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// The answers, in order.
    pub results: Vec<CommandResult>,
    /// The documents they were about.
    pub touched: BTreeSet<DocumentId>,
    /// The documents they made.
    pub created: BTreeSet<DocumentId>,
    /// The changes that the device has already.
    pub own: BTreeSet<Hash>,
}

/// Where the answer to a command comes from.
enum Answer {
    /// It was given before.
    Known(Verdict),
    /// It is run now, as the first of its id.
    First(usize),
    /// It was sent twice: the answer is that of the first.
    Again(usize),
}

/// Runs the commands of several requests of one organisation in this transaction.
pub async fn apply(tx: &DatabaseTransaction, batches: &[Batch]) -> Result<Vec<Applied>, DbErr> {
    let Some(first) = batches.first() else { return Ok(Vec::new()) };
    let organisation = first.organisation;
    let known = answered_before(tx, organisation, batches).await?;
    let mut jobs = Vec::new();
    let mut firsts: BTreeMap<Uuid, usize> = BTreeMap::new();
    let mut answers = Vec::new();
    for (batch, envelope) in
        batches.iter().flat_map(|batch| batch.commands.iter().map(move |one| (batch, one)))
    {
        let command = read(envelope);
        let creates = command.as_ref().is_ok_and(|command| command.creates_in().is_some());
        let answer = if let Some(first) = firsts.get(&envelope.id.0) {
            Answer::Again(*first)
        } else if let Some(verdict) = stored_verdict(known.get(&envelope.id.0), batch) {
            Answer::Known(verdict)
        } else {
            firsts.insert(envelope.id.0, jobs.len());
            jobs.push(Job { batch, envelope, command });
            Answer::First(jobs.len() - 1)
        };
        answers.push((answer, creates));
    }
    let (documents, ran) = opened::run(tx, organisation, &jobs).await?;
    let verdicts: Vec<Verdict> = ran.into_iter().map(verdict).collect();
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    let mut all = Vec::new();
    let mut answers = answers.into_iter();
    for batch in batches {
        let mut applied = Applied::default();
        for (envelope, (answer, creates)) in batch.commands.iter().zip(&mut answers) {
            let verdict = match answer {
                Answer::Known(verdict) => verdict,
                Answer::Again(job) => verdicts[job].clone(),
                Answer::First(job) => {
                    let verdict = verdicts[job].clone();
                    rows.push(command_row(batch, envelope, &verdict, &documents));
                    lines.push(line(batch, envelope, &verdict));
                    verdict
                }
            };
            note(&mut applied, envelope, creates, &verdict);
            applied.results.push(CommandResult { id: envelope.id, verdict });
        }
        all.push(applied);
    }
    store(tx, organisation, &documents, first.received_at).await?;
    insert(tx, rows, lines).await?;
    Ok(all)
}

/// What the device has of it already, and what it must be told.
fn note(applied: &mut Applied, envelope: &Envelope, creates: bool, verdict: &Verdict) {
    applied.touched.insert(envelope.document);
    if let Verdict::Accepted { hash } = verdict
        && envelope.expected_hash == Some(*hash)
    {
        applied.own.insert(*hash);
        if creates {
            applied.created.insert(envelope.document);
        }
    }
}

fn read(envelope: &Envelope) -> Result<Command, Refusal> {
    let command = Command::read(&envelope.kind, &envelope.body)?;
    for text in command.texts() {
        if !is_nfc(text.text) {
            return Err(Refusal::new(ProblemKind::TextNotNormalised, text.field));
        }
    }
    Ok(command)
}

/// The answer that was given before. A command that another person sent under the same id is none of this person's.
fn stored_verdict(row: Option<&command::Model>, batch: &Batch) -> Option<Verdict> {
    let row = row?;
    if row.user_id != batch.person.user.0 {
        return Some(verdict(Err(Refusal::new(ProblemKind::NotFound, "no such document"))));
    }
    let stored: CommandResult = cbor::from_slice(&row.verdict).ok()?;
    Some(stored.verdict)
}

async fn answered_before(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    batches: &[Batch],
) -> Result<BTreeMap<Uuid, command::Model>, DbErr> {
    let ids: BTreeSet<Uuid> =
        batches.iter().flat_map(|batch| &batch.commands).map(|envelope| envelope.id.0).collect();
    let rows = command::Entity::find()
        .filter(command::Column::OrganisationId.eq(organisation.0))
        .filter(command::Column::Id.is_in(ids))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

fn verdict(run: Result<Outcome, Refusal>) -> Verdict {
    match run {
        Ok(Outcome::Accepted(change) | Outcome::Erased(change)) => Verdict::Accepted { hash: change.hash },
        Ok(Outcome::Replaced(change)) => Verdict::Replaced { hash: change.hash },
        Err(refusal) => refused(refusal),
    }
}

/// A refusal as the device is told it.
pub(super) fn refused(refusal: Refusal) -> Verdict {
    Verdict::Refused { problem: refusal.kind, title: title(refusal.kind).to_owned(), detail: refusal.detail }
}

fn body_bytes(body: &Packed) -> Vec<u8> {
    match body {
        Packed::Cbor(bytes) => bytes.clone(),
        Packed::Json(value) => cbor::to_vec(value),
    }
}

/// The word of a command that this server knows, or that it knows none.
fn known_kind(kind: &str) -> &'static str {
    Command::kinds().into_iter().find(|known| *known == kind).unwrap_or(UNKNOWN)
}

fn command_row(
    batch: &Batch,
    envelope: &Envelope,
    verdict: &Verdict,
    documents: &Documents,
) -> command::ActiveModel {
    let problem = match verdict {
        Verdict::Refused { problem, .. } => Some(problem.slug().to_owned()),
        _ => None,
    };
    let branch = documents
        .get(&envelope.document.0)
        .and_then(|open| {
            access::branch_of(&open.document)
                .map(|branch| branch.0)
                .or(open.row.as_ref().and_then(|row| row.branch_id))
        })
        // The document is unknown: the coordinators of the branch it names, or of the person's own branch, hear of it.
        .or_else(|| Some(Command::read(&envelope.kind, &envelope.body).ok()?.creates_in()?.0))
        .or_else(|| batch.person.memberships.first().map(|own| own.branch.0));
    let erased = documents.get(&envelope.document.0).is_some_and(|open| open.erased);
    let forbidden =
        matches!(verdict, Verdict::Refused { problem, .. } if problem.is_of_a_number_never_kept());
    command::ActiveModel {
        organisation_id: Set(batch.organisation.0),
        id: Set(envelope.id.0),
        document_id: Set(envelope.document.0),
        device_id: Set(batch.device.0),
        user_id: Set(batch.person.user.0),
        branch_id: Set(branch),
        kind: Set(known_kind(&envelope.kind).to_owned()),
        verdict: Set(cbor::to_vec(&CommandResult { id: envelope.id, verdict: verdict.clone() })),
        // What was to be done with something that is erased is not kept either.
        // Nor what must never be kept, such as a BSN: that is why it was refused.
        body: Set((problem.is_some() && !erased && !forbidden).then(|| body_bytes(&envelope.body))),
        problem: Set(problem),
        acted_at: Set(envelope.at.as_millis()),
        received_at: Set(batch.received_at.as_millis()),
        settled_at: Set(None),
    }
}

fn line(batch: &Batch, envelope: &Envelope, verdict: &Verdict) -> audit_row::ActiveModel {
    let problem = match verdict {
        Verdict::Refused { problem, .. } => Some(problem.slug()),
        _ => None,
    };
    audit::row(
        batch.organisation.0,
        batch.received_at,
        audit::Line {
            // A word of our own only: what a device calls its act is not to be read in anybody's spreadsheet.
            act: known_kind(&envelope.kind).to_owned(),
            user: Some(batch.person.user.0),
            device: Some(batch.device.0),
            document: Some(envelope.document.0),
            command: Some(envelope.id.0),
            problem,
        },
    )
}

/// Writes every document that changed. Numbers are taken last among the locks, but before the rows that carry them.
async fn store(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    documents: &Documents,
    now: Timestamp,
) -> Result<(), DbErr> {
    let touched: Vec<(&Uuid, &Open)> =
        documents.iter().filter(|(_, open)| !open.changes.is_empty()).collect();
    let mut gone_with = Vec::new();
    for (id, open) in &touched {
        // Another command of the same batch may have erased it already.
        let also = if open.erased { project::goes_with(tx, organisation, **id).await? } else { Vec::new() };
        gone_with.extend(also.into_iter().filter(|id| documents.get(id).is_none_or(|open| !open.erased)));
    }
    let Ok(count @ 1..) = i64::try_from(touched.len()) else { return Ok(()) };
    let more = i64::try_from(gone_with.len()).unwrap_or_default();
    let last = feed::take_numbers(tx, organisation, count + more).await? - more;
    let mut rows = Vec::new();
    let mut changes = Vec::new();
    let mut wanted = Vec::new();
    let mut written = Vec::new();
    let mut drawn = Vec::new();
    let mut late = Vec::new();
    for ((id, open), number) in touched.iter().zip(last - count + 1..) {
        if open.erased {
            rows.push(tombstone(organisation, **id, open.row.as_ref(), number));
            continue;
        }
        if open.row.is_some() {
            changes.extend(change_rows(organisation, **id, open, number));
        }
        if folds(open) {
            forget_folded(tx, organisation, open).await?;
        }
        written.push((**id, *open, number));
        if anew::tells_of_nobody(&open.document) {
            late.push(**id);
        }
        drawn.push((**id, &open.document));
    }
    for (row, wants) in side_by_side(written, |(id, open, number)| rows_of(organisation, id, open, number)) {
        rows.push(row);
        wanted.push(wants);
    }
    anew::note(tx, organisation, late, anew::NOBODY).await?;
    grants::recompute(tx, organisation, &wanted, now).await?;
    project::project(tx, organisation, &drawn).await?;
    // After the rest: what is erased is granted to nobody, whatever else of the same batch wanted it.
    for ((id, open), number) in touched.iter().zip(last - count + 1..) {
        if open.erased {
            erase(tx, organisation, **id, number).await?;
        }
    }
    for (id, number) in gone_with.iter().zip(last + 1..) {
        let row = document::Entity::find_by_id((organisation.0, *id)).one(tx).await?;
        erase(tx, organisation, *id, number).await?;
        rows.retain(|row| row.id.as_ref() != id);
        changes.retain(|change: &change::ActiveModel| change.document_id.as_ref() != id);
        rows.push(tombstone(organisation, *id, row.as_ref(), number));
    }
    if !changes.is_empty() {
        change::Entity::insert_many(changes).exec_without_returning(tx).await?;
    }
    let is_new = |id: Uuid| documents.get(&id).is_some_and(|open| open.row.is_none());
    write_rows(tx, rows, is_new).await?;
    note_late(tx, organisation, &touched).await?;
    let turned: Vec<&(&Uuid, &Open)> = touched.iter().filter(|(_, open)| turned(open)).collect();
    for (id, _) in turned.iter().filter(|(_, open)| open.row.is_some() && access::is_withheld(&open.document))
    {
        anew::note(tx, organisation, project::naming(tx, organisation).await?, **id).await?;
    }
    give_again(tx, organisation, turned.into_iter().map(|(id, _)| **id), last, now).await
}

/// Notes what was told of somebody who was erased before, or just now: by a phone that had not heard of it. The same for a name of
/// somebody who does not consent to be named.
async fn note_late(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    touched: &[(&Uuid, &Open)],
) -> Result<(), DbErr> {
    let mut named: BTreeMap<Uuid, Vec<(Uuid, &Document)>> = BTreeMap::new();
    for (id, open) in touched.iter().filter(|(_, open)| !open.erased) {
        for told in access::told_of(&open.document) {
            named.entry(told.0).or_default().push((**id, &open.document));
        }
    }
    if named.is_empty() {
        return Ok(());
    }
    let told: Vec<(Uuid, bool, String, Vec<u8>)> = document::Entity::find()
        .select_only()
        .columns([
            document::Column::Id,
            document::Column::Erased,
            document::Column::Kind,
            document::Column::Summary,
        ])
        .filter(document::Column::OrganisationId.eq(organisation.0))
        .filter(document::Column::Id.is_in(named.keys().copied()))
        .into_tuple()
        .all(tx)
        .await?;
    for (about, erased, kind, summary) in told {
        let telling = named.remove(&about).unwrap_or_default();
        let withheld = !erased && grants::withholds(&kind, summary);
        let late = telling
            .into_iter()
            .filter(|(_, document)| erased || (withheld && anew::names(document, about)))
            .map(|(id, _)| id);
        anew::note(tx, organisation, late, about).await?;
    }
    Ok(())
}

/// Whether a document withholds itself from now on, or does not any more, or is new and of a kind that may.
fn turned(open: &Open) -> bool {
    if open.erased || !open.document.kind().is_some_and(access::may_withhold) {
        return false;
    }
    let before = open.row.as_ref().map(|row| grants::withholds(&row.kind, row.summary.clone()));
    before != Some(access::is_withheld(&open.document))
}

/// Asks the documents that would give these to somebody once more, now that these stand written: consent that is taken back ends what a
/// buddy has, and consent that is given lets it begin.
async fn give_again(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    turned: impl Iterator<Item = Uuid>,
    feed: i64,
    now: Timestamp,
) -> Result<(), DbErr> {
    let mut wanted = Vec::new();
    for about in turned {
        for id in project::giving(tx, organisation, about).await? {
            let Ok(Ok(document)) = whole(tx, organisation, DocumentId(id)).await else { continue };
            let grants = access::grants(DocumentId(id), &document);
            let branch = access::branch_of(&document).map(|branch| branch.0);
            wanted.push(grants::Wanted { source: id, branch, feed, grants });
        }
    }
    grants::recompute(tx, organisation, &wanted, now).await
}

/// Writes rows of documents. New ones are new: when another writer made the same one meanwhile, this fails and everything is asked once
/// more of what stands there, since what the other one acknowledged may not be written over.
async fn write_rows(
    tx: &impl ConnectionTrait,
    rows: Vec<document::ActiveModel>,
    is_new: impl Fn(Uuid) -> bool,
) -> Result<(), DbErr> {
    let (new, known): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| is_new(*row.id.as_ref()));
    if !new.is_empty() {
        document::Entity::insert_many(new).exec_without_returning(tx).await?;
    }
    if known.is_empty() { Ok(()) } else { upsert(tx, known).await }
}

async fn upsert(tx: &impl ConnectionTrait, rows: Vec<document::ActiveModel>) -> Result<(), DbErr> {
    use document::Column;
    document::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([Column::OrganisationId, Column::Id])
                .update_columns([
                    Column::BranchId,
                    Column::Snapshot,
                    Column::SnapshotFeed,
                    Column::TailFrom,
                    Column::Tail,
                    Column::Heads,
                    Column::Summary,
                    Column::Size,
                    Column::Feed,
                    Column::Erased,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await
        .map(drop)
}

fn tail_after(open: &Open) -> i32 {
    let tail = open.row.as_ref().map_or(0, |row| row.tail);
    tail.saturating_add(i32::try_from(open.changes.len()).unwrap_or(i32::MAX))
}

fn folds(open: &Open) -> bool {
    open.row.is_some() && tail_after(open) > TAIL_MAX
}

/// The row of a document, and who it is for.
fn rows_of(
    organisation: OrganisationId,
    id: Uuid,
    open: &Open,
    feed: i64,
) -> (document::ActiveModel, grants::Wanted) {
    let grants = access::grants(DocumentId(id), &open.document);
    let branch = access::branch_of(&open.document).map(|branch| branch.0);
    (document_row(organisation, id, open, feed), grants::Wanted { source: id, branch, feed, grants })
}

/// The rows of what these commands changed in it.
fn change_rows(
    organisation: OrganisationId,
    id: Uuid,
    open: &Open,
    feed: i64,
) -> impl Iterator<Item = change::ActiveModel> + '_ {
    (0..).zip(&open.changes).map(move |(place, change)| change::ActiveModel {
        organisation_id: Set(organisation.0),
        document_id: Set(id),
        feed: Set(feed),
        place: Set(place),
        hash: Set(change.hash.0.to_vec()),
        bytes: Set(change.bytes.clone()),
    })
}

fn document_row(organisation: OrganisationId, id: Uuid, open: &Open, number: i64) -> document::ActiveModel {
    let summary = Summary::of(&open.document).map(|summary| summary.pack());
    let fresh = open.row.is_none();
    let (snapshot, snapshot_feed, tail_from, tail) = match &open.row {
        Some(row) if folds(open) => (open.document.save(), number, row.snapshot_feed + 1, 0),
        Some(row) => (row.snapshot.clone(), row.snapshot_feed, row.tail_from, tail_after(open)),
        // All of a first request is in the snapshot; who made it needs nothing of it.
        None => (open.document.save(), number, number, 0),
    };
    let size = if fresh || tail == 0 { snapshot.len() } else { open.size };
    document::ActiveModel {
        organisation_id: Set(organisation.0),
        id: Set(id),
        kind: Set(open.document.kind().map_or("", DocumentKind::as_str).to_owned()),
        branch_id: Set(access::branch_of(&open.document).map(|branch| branch.0)),
        snapshot: Set(snapshot),
        snapshot_feed: Set(snapshot_feed),
        tail_from: Set(tail_from),
        tail: Set(tail),
        heads: Set(cbor::to_vec(&open.document.heads())),
        summary: Set(match summary {
            Some(Packed::Cbor(bytes)) => bytes,
            _ => Vec::new(),
        }),
        size: Set(i64::try_from(size).unwrap_or(i64::MAX)),
        created_feed: Set(open.row.as_ref().map_or(number, |row| row.created_feed)),
        feed: Set(number),
        erased: Set(false),
    }
}

/// When a document is folded, the changes before its last snapshot go; those after it stay for devices that lag.
async fn forget_folded(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    open: &Open,
) -> Result<(), DbErr> {
    let Some(row) = &open.row else { return Ok(()) };
    change::Entity::delete_many()
        .filter(change::Column::OrganisationId.eq(organisation.0))
        .filter(change::Column::DocumentId.eq(row.id))
        .filter(change::Column::Feed.lte(row.snapshot_feed))
        .exec(tx)
        .await
        .map(drop)
}

/// Puts tombstones where there is no document: ids that must never be made again.
pub(crate) async fn entomb(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    ids: &[Uuid],
) -> Result<(), DbErr> {
    let Ok(count @ 1..) = i64::try_from(ids.len()) else { return Ok(()) };
    let last = feed::take_numbers(tx, organisation, count).await?;
    let rows =
        ids.iter().zip(last - count + 1..).map(|(id, number)| tombstone(organisation, *id, None, number));
    upsert(tx, rows.collect()).await
}

fn tombstone(
    organisation: OrganisationId,
    id: Uuid,
    row: Option<&document::Model>,
    number: i64,
) -> document::ActiveModel {
    let branch = row.and_then(|row| row.branch_id);
    document::ActiveModel {
        organisation_id: Set(organisation.0),
        id: Set(id),
        kind: Set(row.map(|row| row.kind.clone()).unwrap_or_default()),
        branch_id: Set(branch),
        snapshot: Set(Vec::new()),
        snapshot_feed: Set(number),
        tail_from: Set(number),
        tail: Set(0),
        heads: Set(cbor::to_vec(&Vec::<Hash>::new())),
        summary: Set(Vec::new()),
        size: Set(0),
        created_feed: Set(row.map_or(number, |row| row.created_feed)),
        feed: Set(number),
        erased: Set(true),
    }
}

/// Takes every byte of a document away but its tombstone: its history, its rows, its refused commands' bodies.
async fn erase(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
    number: i64,
) -> Result<(), DbErr> {
    change::Entity::delete_many()
        .filter(change::Column::OrganisationId.eq(organisation.0))
        .filter(change::Column::DocumentId.eq(id))
        .exec(tx)
        .await?;
    command::Entity::update_many()
        .col_expr(command::Column::Body, sea_orm::sea_query::Expr::value(None::<Vec<u8>>))
        .filter(command::Column::OrganisationId.eq(organisation.0))
        .filter(command::Column::DocumentId.eq(id))
        .exec(tx)
        .await?;
    // What others told of it is taken out of their documents as soon as nobody works on those.
    let told = anew::telling_of(tx, organisation, id).await?;
    anew::note(tx, organisation, told, id).await?;
    grants::revoke_all(tx, organisation, id, number).await?;
    project::forget(tx, organisation, id).await
}

async fn insert(
    tx: &impl ConnectionTrait,
    rows: Vec<command::ActiveModel>,
    lines: Vec<audit_row::ActiveModel>,
) -> Result<(), DbErr> {
    for chunk in rows.chunks(500) {
        command::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    for chunk in lines.chunks(500) {
        audit_row::Entity::insert_many(chunk.to_vec()).on_conflict_do_nothing().exec(tx).await?;
    }
    Ok(())
}
