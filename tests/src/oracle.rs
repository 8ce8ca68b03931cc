//! What must be true when all is quiet: the invariants of the exchange, each in words.

use std::collections::{BTreeMap, BTreeSet, btree_map};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, Statement,
};
use server::maintenance;
use server::sync::entity::{command, document, grant};
use server::sync::{receipts, whole};
use sync_core::document::Document;
use sync_core::hash::Hash;
use sync_core::ids::{CommandId, DocumentId, OrganisationId};
use sync_core::replica::CommandState;
use sync_core::summary::{Content, Summary};
use sync_core::sync::cbor;
use sync_core::sync::message::{CommandResult, Verdict};
use uuid::Uuid;

use crate::Outcome;
use crate::may_read::Library;
use crate::world::{NAMED, World};

/// The tables that are drawn from documents.
const DRAWN: [&str; 12] = [
    "readers",
    "rounds",
    "delivery_logs",
    "round_distances",
    "signals",
    "learners",
    "learner_levels",
    "learner_effects",
    "learner_requests",
    "learner_referrals",
    "pairings",
    "learning_sessions",
];

/// Asks everything.
pub async fn ask(world: &World) -> Outcome {
    let answered = answered(world).await?;
    saved_work_is_never_lost(world, &answered)?;
    called_arrived_then_in_the_database(world, &answered)?;
    replicas_agree(world).await?;
    no_phone_holds_what_it_may_not_read(world).await?;
    what_lies_on_a_phone_was_told_of(world).await?;
    nothing_counts_twice(world, &answered).await?;
    nothing_crosses(world).await?;
    nobody_is_named_without_consent(world)?;
    tables_equal_a_rebuild(world).await
}

fn all(world: &World) -> Vec<Uuid> {
    world.organisations.iter().map(|organisation| organisation.0).collect()
}

async fn answered(world: &World) -> Outcome<BTreeMap<CommandId, Verdict>> {
    let rows = command::Entity::find()
        .filter(command::Column::OrganisationId.is_in(all(world)))
        .all(&world.state.db.read)
        .await?;
    rows.into_iter()
        .map(|row| {
            let result: CommandResult = cbor::from_slice(&row.verdict)?;
            Ok((CommandId(row.id), result.verdict))
        })
        .collect()
}

/// Every act that was ever called *bewaard* was accepted, or stands in the list of refused acts, or was dropped by a person.
fn saved_work_is_never_lost(world: &World, answered: &BTreeMap<CommandId, Verdict>) -> Outcome {
    for phone in &world.phones {
        let held: BTreeMap<CommandId, &CommandState> =
            phone.commands().into_iter().map(|command| (command.envelope.id, &command.state)).collect();
        for id in &phone.kept {
            let arrived =
                matches!(answered.get(id), Some(Verdict::Accepted { .. } | Verdict::Replaced { .. }));
            let listed = matches!(held.get(id), Some(CommandState::Refused { .. }));
            if !arrived && !listed && !phone.forgotten.contains(id) {
                return Err(
                    format!("saved work is lost: {id} of {}, held {:?}", phone.name, held.get(id)).into()
                );
            }
        }
    }
    Ok(())
}

/// What a phone calls *aangekomen* is in the database.
fn called_arrived_then_in_the_database(world: &World, answered: &BTreeMap<CommandId, Verdict>) -> Outcome {
    for phone in &world.phones {
        for command in phone.commands() {
            let id = command.envelope.id;
            let claims = matches!(command.state, CommandState::Acknowledged { .. });
            if claims
                && !matches!(answered.get(&id), Some(Verdict::Accepted { .. } | Verdict::Replaced { .. }))
            {
                return Err(
                    format!("{id} of {} was called arrived and is not in the database", phone.name).into()
                );
            }
        }
    }
    Ok(())
}

/// What a document says.
struct Read {
    heads: Vec<Hash>,
    content: Option<Content>,
    summary: Option<Summary>,
}

impl Read {
    fn of(document: &Document) -> Self {
        Self { heads: document.heads(), content: Content::read(document), summary: Summary::of(document) }
    }
}

/// Every phone holds exactly what it may, and its copy is the server's.
async fn replicas_agree(world: &World) -> Outcome {
    // Many phones hold one document: the server's is put together and read once.
    let mut servers: BTreeMap<DocumentId, Read> = BTreeMap::new();
    for (index, phone) in world.phones.iter().enumerate() {
        let organisation = world.organisation_of(index);
        let may: BTreeSet<DocumentId> =
            documents_for(world, organisation, phone.person.audiences().iter().map(ToString::to_string))
                .await?;
        let has: BTreeSet<DocumentId> = phone.replica.documents().map(|document| document.id).collect();
        if may != has {
            let lacks: Vec<_> = may.difference(&has).collect();
            let extra: Vec<_> = has.difference(&may).collect();
            return Err(format!("{} lacks {lacks:?} and has too much {extra:?}", phone.name).into());
        }
        for id in may {
            if let btree_map::Entry::Vacant(slot) = servers.entry(id) {
                let server = whole(&world.state.db.read, organisation, id).await;
                slot.insert(Read::of(&server.map_err(|problem| format!("{problem:?}"))??));
            }
            let server = &servers[&id];
            let own =
                phone.replica.confirmed(id).ok_or_else(|| format!("{} cannot read {id}", phone.name))?;
            if own.heads() != server.heads {
                return Err(format!("{} has other heads of {id} than the server", phone.name).into());
            }
            if Content::read(&own) != server.content {
                return Err(format!("{} reads {id} otherwise than the server", phone.name).into());
            }
            if phone.replica.row(id) != server.summary.as_ref() {
                return Err(format!("{} lists {id} otherwise than the server", phone.name).into());
            }
        }
        // What is on the disk is what is in memory.
        let disk: BTreeSet<DocumentId> = phone.disk.documents.iter().map(|document| document.id).collect();
        if disk != has {
            return Err(format!("{} has another disk than memory", phone.name).into());
        }
    }
    Ok(())
}

/// Of every document on a phone it stands written that it went there, and was not called back since.
async fn what_lies_on_a_phone_was_told_of(world: &World) -> Outcome {
    for (index, phone) in world.phones.iter().enumerate() {
        let has: BTreeSet<Uuid> = phone.replica.documents().map(|document| document.id.0).collect();
        let device = phone.replica.meta().device.ok_or("a phone without a device")?.0;
        let told =
            receipts::on_devices(&world.state.db.read, world.organisation_of(index), &[device], &has).await?;
        let told = told.get(&device).map_or(0, BTreeSet::len);
        if told != has.len() {
            return Err(
                format!("{} holds {} documents, and {told} are written down", phone.name, has.len()).into()
            );
        }
    }
    Ok(())
}

async fn documents_for(
    world: &World,
    organisation: OrganisationId,
    audiences: impl Iterator<Item = String>,
) -> Outcome<BTreeSet<DocumentId>> {
    let granted = grant::Entity::find()
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(grant::Column::Audience.is_in(audiences.collect::<Vec<_>>()))
        .filter(grant::Column::GrantedFeed.is_not_null())
        .filter(grant::Column::RevokedFeed.is_null())
        .all(&world.state.db.read)
        .await?;
    let existing: BTreeSet<Uuid> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .filter(document::Column::OrganisationId.eq(organisation.0))
        .filter(document::Column::Erased.eq(false))
        .into_tuple::<Uuid>()
        .all(&world.state.db.read)
        .await?
        .into_iter()
        .collect();
    Ok(granted
        .into_iter()
        .map(|row| row.document_id)
        .filter(|id| existing.contains(id))
        .map(DocumentId)
        .collect())
}

/// No phone holds a document, and no document of a library names a reader, of another library.
async fn nothing_crosses(world: &World) -> Outcome {
    let rows = document::Entity::find().all(&world.state.db.read).await?;
    let of: BTreeMap<Uuid, Uuid> = rows.into_iter().map(|row| (row.id, row.organisation_id)).collect();
    for (index, phone) in world.phones.iter().enumerate() {
        let own = world.organisation_of(index).0;
        let named = phone.replica.rows().flat_map(|(id, row)| match row {
            Summary::Round(round) => {
                let readers = round.stops.iter().filter_map(|stop| stop.reader).map(|reader| reader.0);
                readers.chain([id.0]).collect::<Vec<_>>()
            }
            _ => vec![id.0],
        });
        for id in named {
            if of.get(&id).is_some_and(|organisation| *organisation != own) {
                return Err(format!("{} knows {id} of another library", phone.name).into());
            }
        }
    }
    Ok(())
}

/// On the phone of a buddy no group names a learner who does not consent to it.
fn nobody_is_named_without_consent(world: &World) -> Outcome {
    let of_coordinators = world.phones.iter().flat_map(|phone| phone.replica.rows());
    let consents: BTreeMap<DocumentId, bool> = of_coordinators
        .filter_map(|(id, row)| match row {
            Summary::Learner(learner) => Some((id, learner.is_shared)),
            _ => None,
        })
        .collect();
    for phone in &world.phones {
        for id in phone.replica.documents().map(|document| document.id) {
            let confirmed = phone.replica.confirmed(id);
            let Some(Content::Group(group)) = confirmed.and_then(|document| Content::read(&document)) else {
                continue;
            };
            let named = group.members.iter().find(|(learner, name)| {
                name.starts_with(NAMED) && consents.get(&DocumentId::from(*learner)) == Some(&false)
            });
            if let Some((learner, _)) = named {
                return Err(format!("{} reads the name of {learner} in {id}", phone.name).into());
            }
        }
    }
    Ok(())
}

/// A phone holds what its person may read, and all of it, by rules that were written down apart from those of the server.
async fn no_phone_holds_what_it_may_not_read(world: &World) -> Outcome {
    let mut libraries = BTreeMap::new();
    for organisation in &world.organisations {
        libraries.insert(*organisation, Library::open(world, *organisation).await?);
    }
    for (index, phone) in world.phones.iter().enumerate() {
        let may = libraries[&world.organisation_of(index)].of(phone.user());
        for document in phone.replica.documents() {
            if !may.contains_key(&document.id) {
                return Err(format!("{} holds {} and may not", phone.name, document.id).into());
            }
        }
        if let Some((id, why)) = may.iter().find(|(id, _)| phone.replica.row(**id).is_none()) {
            return Err(format!("{} {why} and lacks {id}", phone.name).into());
        }
    }
    Ok(())
}

/// The changes of a document are its skeleton and one of every accepted act, neither more nor less.
async fn nothing_counts_twice(world: &World, answered: &BTreeMap<CommandId, Verdict>) -> Outcome {
    let rows = command::Entity::find()
        .filter(command::Column::OrganisationId.is_in(all(world)))
        .all(&world.state.db.read)
        .await?;
    let mut documents: BTreeMap<(Uuid, Uuid), Vec<command::Model>> = BTreeMap::new();
    for row in rows {
        documents.entry((row.organisation_id, row.document_id)).or_default().push(row);
    }
    for ((organisation, id), commands) in documents {
        let Some(row) = document::Entity::find_by_id((organisation, id)).one(&world.state.db.read).await?
        else {
            continue;
        };
        if row.erased {
            continue;
        }
        let document = whole(&world.state.db.read, OrganisationId(organisation), DocumentId(id))
            .await
            .map_err(|problem| format!("{problem:?}"))??;
        let taken = |row: &command::Model| match answered.get(&CommandId(row.id)) {
            Some(Verdict::Accepted { hash } | Verdict::Replaced { hash }) => Some(*hash),
            _ => None,
        };
        if world.anew.contains(&id) {
            // Its history is gone on purpose; every fact is there once.
            let count = |kinds: &[&str]| {
                let facts = commands.iter().filter(|row| kinds.contains(&row.kind.as_str()));
                facts.filter(|row| taken(row).is_some()).count()
            };
            let (facts, accepted) = match Content::read(&document) {
                Some(Content::Round(round)) => {
                    (round.history.len(), count(&["log_delivery", "withdraw_delivery_log"]))
                }
                Some(Content::Pairing(pairing)) => (pairing.sessions.len(), count(&["log_session"])),
                Some(Content::Group(group)) => (group.meetings.len(), count(&["record_meeting"])),
                _ => continue,
            };
            if facts != accepted {
                return Err(format!("{id} was written anew: {facts} facts of {accepted}").into());
            }
            continue;
        }
        let kind = document.kind().ok_or_else(|| format!("{id} is of no kind"))?;
        let mut expected: BTreeSet<Hash> = commands.iter().filter_map(taken).collect();
        expected.extend(Document::skeleton(kind)?.heads());
        let there = document.changes();
        if there != expected {
            let (missing, extra) = (expected.difference(&there).count(), there.difference(&expected).count());
            return Err(
                format!("{id}: {missing} accepted acts are not in it, {extra} changes are nobody's").into()
            );
        }
    }
    Ok(())
}

async fn dump(world: &World) -> Outcome<Vec<String>> {
    let mut lines = Vec::new();
    let db = &world.state.db.read;
    for table in DRAWN {
        if world.state.db.is_postgres() {
            let sql =
                format!("SELECT '{table} ' || row_to_json({table})::text AS line FROM {table} ORDER BY 1");
            for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await? {
                lines.push(row.try_get("", "line")?);
            }
            continue;
        }
        let columns = db
            .query_all_raw(Statement::from_string(
                db.get_database_backend(),
                format!("SELECT name FROM pragma_table_info('{table}')"),
            ))
            .await?;
        let names: Vec<String> =
            columns.iter().map(|row| row.try_get("", "name")).collect::<Result<_, _>>()?;
        let parts: Vec<String> = names.iter().map(|name| format!("quote({name})")).collect();
        let sql =
            format!("SELECT '{table} ' || {} AS line FROM {table} ORDER BY 1", parts.join(" || ' ' || "));
        for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await? {
            lines.push(row.try_get("", "line")?);
        }
    }
    Ok(lines)
}

/// The tables are a picture of the documents: drawn anew they are the same.
async fn tables_equal_a_rebuild(world: &World) -> Outcome {
    let before = dump(world).await?;
    maintenance::check(&world.state.db).await?;
    maintenance::rebuild(&world.state.db).await?;
    let after = dump(world).await?;
    if before != after {
        let different = before.iter().zip(&after).find(|(one, other)| one != other);
        return Err(format!("the tables differ from a rebuild: {different:?}").into());
    }
    Ok(())
}
