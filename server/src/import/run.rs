//! Doing an import: one transaction for accounts and commands together. When anything of it is refused, nothing of it is done.

use std::collections::BTreeSet;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait as _};
use sync_core::access::{Role, may_give};
use sync_core::ids::UserId;
use sync_core::import::Target;
use sync_core::problem::ProblemKind;
use sync_core::questions::Question;
use sync_core::sync::message::{Envelope, Verdict};
use sync_core::time::Timestamp;

use super::check::{Against, Checked, check, envelope};
use super::entity::{heading, import};
use super::sheet::{Row, Sheet};
use super::{Plan, Report, heading_key, known, labels, meant, read};
use crate::audit;
use crate::auth::Actor;
use crate::db::{Db, begin_write};
use crate::people::{Newcomer, enrol};
use crate::problem::Problem;
use crate::sync::apply::{Batch, apply};
use crate::sync::writer::announce;

/// How many commands go into the tables together.
const COMMANDS_TOGETHER: usize = 500;

/// An import that was checked.
pub(super) struct CheckedImport {
    pub(super) rows: Vec<Checked>,
    /// The headings with what their columns mean now, empty for those that are left out.
    headings: Vec<(String, String)>,
}

/// Refuses a plan that this person may not carry out, whatever the rows say.
fn check_plan(actor: &Actor, target: Target, plan: &Plan) -> Result<(), Problem> {
    if !actor.person.has(plan.branch, target.importers()) {
        return Err(Problem::new(ProblemKind::NotAllowed).about("branch"));
    }
    match (target, plan.role) {
        (Target::Volunteers, Some(role)) if role.is_of_volunteers() => {
            // Whom it will be about is not known yet; it is nobody who is here.
            may_give(&actor.person, UserId(plan.import), plan.branch, role)?;
            Ok(())
        }
        (Target::Volunteers, _) => Err(Problem::new(ProblemKind::FieldMissing).about("role")),
        (_, None) => Ok(()),
        (_, Some(_)) => Err(Problem::new(ProblemKind::InvalidRequest).about("role")),
    }
}

/// Checks every row of a file.
pub(super) async fn checked(
    db: &Db,
    actor: &Actor,
    target: Target,
    (plan, file): (&Plan, Vec<u8>),
    now: Timestamp,
) -> Result<CheckedImport, Problem> {
    check_plan(actor, target, plan)?;
    let Sheet { rows, .. } = read(file, plan.sheet).await?;
    let at = super::heading(target, &rows, plan.heading)?;
    let mut below = rows;
    let above: Vec<Row> = below.drain(..=at).collect();
    let fields = target.fields();
    let columns = meant(plan, &fields)?;
    let headings = headings(above.last(), &columns);
    let email = columns.iter().find(|(_, field)| field.key == "email").map(|(column, _)| *column);
    let typed = below.iter().filter_map(|row| row.cells.get(email?)).map(|cell| cell.trim().to_lowercase());
    let against = Against {
        person: actor.person.clone(),
        branch: plan.branch,
        import: plan.import,
        now,
        crowd: known::crowd(&db.read, actor.organisation, plan.branch, target).await?,
        addresses: if target == Target::Volunteers {
            known::addresses(&db.read, typed).await?
        } else {
            BTreeSet::new()
        },
        take: plan.take.clone(),
    };
    let wanted: Vec<(usize, &'static str)> =
        columns.iter().map(|(column, field)| (*column, field.key)).collect();
    let checking = tokio::task::spawn_blocking(move || {
        let fields = target.fields();
        let columns: Vec<(usize, &Question)> = wanted
            .iter()
            .filter_map(|(column, key)| Some((*column, fields.iter().find(|field| field.key == *key)?)))
            .collect();
        check(target, &columns, &below, against)
    });
    Ok(CheckedImport { rows: checking.await.map_err(Problem::failure)?, headings })
}

fn headings(row: Option<&Row>, columns: &[(usize, &Question)]) -> Vec<(String, String)> {
    let Some(row) = row else { return Vec::new() };
    let mean = |column: usize| {
        columns.iter().find(|(other, _)| *other == column).map_or("", |(_, field)| field.key).to_owned()
    };
    let all = row.cells.iter().enumerate().map(|(column, cell)| (labels::fold(cell), mean(column)));
    let mut headings: Vec<(String, String)> = all.filter(|(heading, _)| !heading.is_empty()).collect();
    // Of two columns under one heading the one that means something.
    headings.sort_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
    headings.dedup_by(|one, other| one.0 == other.0);
    headings
}

/// Brings the rows in.
pub(super) async fn run(
    db: &Db,
    actor: &Actor,
    target: Target,
    (plan, file): (&Plan, Vec<u8>),
    now: Timestamp,
) -> Result<Report, Problem> {
    let key = (actor.organisation.0, plan.import);
    if let Some(before) = import::Entity::find_by_id(key).one(&db.read).await? {
        // Sent again, after an answer that never came.
        let new = usize::try_from(before.taken).unwrap_or_default();
        return Ok(Report { new, doubles: 0, refused: 0, done: true, lines: Vec::new() });
    }
    let CheckedImport { rows, headings } = checked(db, actor, target, (plan, file), now).await?;
    let new: Vec<&Checked> = rows.iter().filter(|row| !row.commands.is_empty()).collect();
    if new.len() != plan.expect || plan.import.is_nil() {
        return Err(Problem::new(ProblemKind::ImportChanged));
    }
    let tx = begin_write(&db.write).await?;
    if let (Target::Volunteers, Some(role)) = (target, plan.role) {
        admit(&tx, actor, plan, role, &new, now).await?;
    }
    act(&tx, actor, &new, now).await?;
    remember(&tx, actor, target, headings).await?;
    let done = import::ActiveModel {
        organisation_id: Set(actor.organisation.0),
        id: Set(plan.import),
        target: Set(target.as_str().to_owned()),
        branch_id: Set(plan.branch.0),
        taken: Set(i64::try_from(new.len()).unwrap_or(i64::MAX)),
        at: Set(now.as_millis()),
    };
    import::Entity::insert(done).exec_without_returning(&tx).await?;
    let line = audit::Line {
        document: Some(plan.import),
        ..audit::Line::of_device(&format!("import_{}", target.as_str()), actor.person.user.0, actor.device.0)
    };
    audit::note(&tx, actor.organisation.0, now, line).await?;
    announce(db, &tx, actor.organisation).await?;
    tx.commit().await?;
    Ok(Report::of(rows.into_iter().map(|row| row.line).collect(), true))
}

/// Gives volunteers an account with their role.
async fn admit(
    tx: &DatabaseTransaction,
    actor: &Actor,
    plan: &Plan,
    role: Role,
    rows: &[&Checked],
    now: Timestamp,
) -> Result<(), Problem> {
    let newcomer = |row: &&Checked| Newcomer {
        id: row.ids.part("user"),
        name: row.answers.get("name").to_owned(),
        email: row.answers.get("email").to_owned(),
    };
    let newcomers: Vec<Newcomer> = rows.iter().map(newcomer).collect();
    enrol(tx, actor, (plan.branch, role), newcomers, now).await
}

/// Runs the commands of the rows.
async fn act(
    tx: &DatabaseTransaction,
    actor: &Actor,
    rows: &[&Checked],
    now: Timestamp,
) -> Result<(), Problem> {
    let commands: Vec<Envelope> = rows
        .iter()
        .flat_map(|row| {
            let acts = row.commands.iter().enumerate();
            acts.map(|(number, (document, command))| envelope(row.ids, number, *document, command, now))
        })
        .collect();
    for part in commands.chunks(COMMANDS_TOGETHER) {
        let batch = Batch {
            organisation: actor.organisation,
            person: actor.person.clone(),
            device: actor.device,
            commands: part.to_vec(),
            received_at: now,
        };
        for result in apply(tx, &[batch]).await?.into_iter().flat_map(|applied| applied.results) {
            if let Verdict::Refused { problem, detail, .. } = result.verdict {
                return Err(Problem::new(problem).about(detail));
            }
        }
    }
    Ok(())
}

/// Keeps what the columns meant, for the next file.
async fn remember(
    tx: &DatabaseTransaction,
    actor: &Actor,
    target: Target,
    headings: Vec<(String, String)>,
) -> Result<(), Problem> {
    if headings.is_empty() {
        return Ok(());
    }
    let rows = headings.into_iter().map(|(heading, field)| heading::ActiveModel {
        organisation_id: Set(actor.organisation.0),
        target: Set(target.as_str().to_owned()),
        heading: Set(heading_key(actor, target, &heading)),
        field: Set(field),
    });
    heading::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([
                heading::Column::OrganisationId,
                heading::Column::Target,
                heading::Column::Heading,
            ])
            .update_column(heading::Column::Field)
            .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
