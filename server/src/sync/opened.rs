//! The documents that commands are about: opened, and the commands run on them. What happens on one document has nothing to do with
//! another, so that many are worked on side by side, and the write lock of the database is held for a shorter time.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use sync_core::access;
use sync_core::command::Command;
use sync_core::document::{Change, Document, DocumentKind};
use sync_core::ids::OrganisationId;
use sync_core::ledger::{self, Outcome};
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::sync::message::{DOCUMENT_MAX, Envelope};
use uuid::Uuid;

use super::apply::Batch;
use super::entity::{change, document};
use crate::side_by_side::side_by_side;

/// A command that is to be run.
pub(super) struct Job<'a> {
    pub(super) batch: &'a Batch,
    pub(super) envelope: &'a Envelope,
    /// What was read of it.
    pub(super) command: Result<Command, Refusal>,
}

/// A document while commands run on it.
pub(super) struct Open {
    pub(super) row: Option<document::Model>,
    pub(super) document: Document,
    /// Whether it is more than its skeleton.
    existed: bool,
    pub(super) erased: bool,
    /// Whether what is kept of it cannot be read: nothing is done with it, and its commands are refused. The others go on.
    damaged: bool,
    pub(super) changes: Vec<Change>,
    pub(super) size: usize,
}

pub(super) type Documents = BTreeMap<Uuid, Open>;

/// A document as it lies in the database: its row, and the bytes of all of it.
type Kept = (document::Model, Vec<u8>);
/// One document, and the numbers of the commands on it, in order.
type Work = (Uuid, Option<Kept>, Vec<usize>);

/// Opens every document that these commands are about, and runs them: the documents as they are then, and what became of each command.
pub(super) async fn run(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    jobs: &[Job<'_>],
) -> Result<(Documents, Vec<Result<Outcome, Refusal>>), DbErr> {
    let mut groups: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
    for (number, job) in jobs.iter().enumerate() {
        groups.entry(job.envelope.document.0).or_default().push(number);
    }
    let mut kept = read(tx, organisation, groups.keys().copied().collect()).await?;
    let work: Vec<Work> = groups.into_iter().map(|(id, numbers)| (id, kept.remove(&id), numbers)).collect();
    let one = |(id, kept, numbers): Work| {
        let mut open = kept.map(load).transpose()?;
        let ran: Vec<_> =
            numbers.into_iter().map(|number| (number, run_one(&mut open, &jobs[number]))).collect();
        Ok::<_, DbErr>((id, open, ran))
    };
    let mut documents = Documents::new();
    let mut all = Vec::new();
    for done in side_by_side(work, one) {
        let (id, open, ran) = done?;
        documents.extend(open.map(|open| (id, open)));
        all.extend(ran);
    }
    all.sort_unstable_by_key(|(number, _)| *number);
    Ok((documents, all.into_iter().map(|(_, ran)| ran).collect()))
}

/// Reads these documents, locked in the order of their ids.
async fn read(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, Kept>, DbErr> {
    let rows = document::Entity::find()
        .filter(document::Column::OrganisationId.eq(organisation.0))
        .filter(document::Column::Id.is_in(ids))
        .order_by_asc(document::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let with_tail: Vec<Uuid> = rows.iter().filter(|row| row.tail > 0).map(|row| row.id).collect();
    let mut kept: BTreeMap<Uuid, Kept> =
        rows.into_iter().map(|row| (row.id, (row.clone(), row.snapshot))).collect();
    if with_tail.is_empty() {
        return Ok(kept);
    }
    let changes = change::Entity::find()
        .filter(change::Column::OrganisationId.eq(organisation.0))
        .filter(change::Column::DocumentId.is_in(with_tail))
        .order_by_asc(change::Column::DocumentId)
        .order_by_asc(change::Column::Feed)
        .order_by_asc(change::Column::Place)
        .all(tx)
        .await?;
    for change in changes {
        if let Some((row, bytes)) = kept.get_mut(&change.document_id)
            && change.feed > row.snapshot_feed
        {
            bytes.extend_from_slice(&change.bytes);
        }
    }
    Ok(kept)
}

fn load((row, bytes): Kept) -> Result<Open, DbErr> {
    let loaded = if row.erased { None } else { Some(Document::load(&bytes)) };
    let damaged = matches!(loaded, Some(Err(_)));
    if let Some(Err(error)) = &loaded {
        tracing::error!(document = %row.id, %error, "a document cannot be read; restore it from a backup");
    }
    let document = match loaded {
        Some(Ok(document)) => document,
        _ => Document::skeleton(DocumentKind::parse(&row.kind).unwrap_or(DocumentKind::Reader))
            .map_err(|error| DbErr::Custom(format!("document {}: {error}", row.id)))?,
    };
    Ok(Open {
        document,
        existed: true,
        erased: row.erased,
        damaged,
        changes: Vec::new(),
        size: usize::try_from(row.size).unwrap_or_default(),
        row: Some(row),
    })
}

fn run_one(open: &mut Option<Open>, job: &Job<'_>) -> Result<Outcome, Refusal> {
    let Job { batch, envelope, command } = job;
    let command = command.as_ref().map_err(Clone::clone)?;
    let open = match open {
        Some(open) => open,
        // Unknown here: either this command makes it, or the answer is the same as for what is not this person's.
        None if command.creates_in().is_none() => {
            return Err(Refusal::new(ProblemKind::NotFound, "no such document"));
        }
        None => open.insert(Open {
            row: None,
            document: Document::skeleton(command.document_kind())?,
            existed: false,
            erased: false,
            damaged: false,
            changes: Vec::new(),
            size: 0,
        }),
    };
    if open.erased {
        return Err(Refusal::new(ProblemKind::DocumentGone, "the document was erased"));
    }
    if open.damaged {
        return Err(Refusal::new(ProblemKind::InternalError, "the document cannot be read"));
    }
    // What is full can still be erased: a right does not end where a document does.
    if open.size > DOCUMENT_MAX && !command.erases() {
        return Err(Refusal::new(ProblemKind::DocumentFull, format!("at most {DOCUMENT_MAX} bytes")));
    }
    let ran = replay(&mut open.document, open.existed, envelope, command, batch);
    let outcome = match ran {
        Ok(outcome) => outcome,
        Err(_) if is_foreign(open, batch) => return Err(as_if_nowhere(envelope, command, batch)?),
        Err(refusal) => return Err(refusal),
    };
    open.existed = true;
    open.size += outcome.change().bytes.len();
    open.changes.push(outcome.change().clone());
    open.erased = matches!(outcome, Outcome::Erased(_));
    Ok(outcome)
}

/// Runs a command. Nothing a phone can send should make the core panic; if something does, it costs this command and no more.
fn replay(
    document: &mut Document,
    existed: bool,
    envelope: &Envelope,
    command: &Command,
    batch: &Batch,
) -> Result<Outcome, Refusal> {
    let ran = catch_unwind(AssertUnwindSafe(|| {
        ledger::replay(document, existed, envelope, command, &batch.person)
    }));
    ran.unwrap_or_else(|_| {
        tracing::error!(command = %envelope.id, "a command made the core panic: {}", envelope.id);
        Err(Refusal::new(ProblemKind::InternalError, "the command could not be run"))
    })
}

/// Whether a document is of a branch where this person has no role at all: then it answers like one that does not exist.
fn is_foreign(open: &Open, batch: &Batch) -> bool {
    let known_here = |branch| batch.person.memberships.iter().any(|own| own.branch == branch);
    access::branch_of(&open.document).is_some_and(|branch| !known_here(branch))
}

/// What this command is told about a document that does not exist. One that would make it is refused for that; where even that would be
/// allowed, the id is somebody else's.
fn as_if_nowhere(envelope: &Envelope, command: &Command, batch: &Batch) -> Result<Refusal, Refusal> {
    if command.creates_in().is_some() {
        let mut nothing = Document::skeleton(command.document_kind())?;
        if let Err(refusal) = replay(&mut nothing, false, envelope, command, batch) {
            return Ok(refusal);
        }
    }
    Ok(Refusal::new(ProblemKind::NotFound, "no such document"))
}
