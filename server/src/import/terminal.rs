//! Importing from the terminal, in the name and with the rights of somebody who may: for a library that begins.

use std::fmt::Write as _;
use std::path::PathBuf;

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use sync_core::access::Role;
use sync_core::ids::{BranchId, DeviceId, OrganisationId, UserId};
use sync_core::import::guess;
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;
use uuid::Uuid;

use super::{Plan, folded, heading, labels, read, remembered, run};
use crate::auth::entity::user;
use crate::auth::{self, Actor, fresh_id};
use crate::db::Db;
use crate::problem::Problem;
use crate::sync::entity::branch;

/// What is to be imported.
#[derive(Clone, Debug)]
pub struct Order {
    /// Whom the rows are about: `readers`, `learners` or `volunteers`.
    pub target: String,
    /// XLSX or CSV.
    pub file: PathBuf,
    /// The name of the branch.
    pub branch: String,
    /// The address of who imports.
    pub by: String,
    /// As what volunteers come in.
    pub role: Option<String>,
    /// Whether it is done; else every row is only checked.
    pub really: bool,
}

/// Checks every row by the columns that are known, and brings them in when asked to; the report, for people.
pub async fn import(db: &Db, order: &Order, now: Timestamp) -> Result<String, Problem> {
    let target = super::target(&order.target)?;
    let file = std::fs::read(&order.file)
        .map_err(|error| Problem::new(ProblemKind::FileNotReadable).about(error.to_string()))?;
    let account = user::Entity::find()
        .filter(user::Column::Email.eq(order.by.to_lowercase()))
        .one(&db.read)
        .await?
        .ok_or_else(|| Problem::new(ProblemKind::NotFound).about("by"))?;
    let organisation = OrganisationId(account.organisation_id);
    let place = branch::Entity::find()
        .filter(branch::Column::OrganisationId.eq(organisation.0))
        .filter(branch::Column::Name.eq(&order.branch))
        .one(&db.read)
        .await?
        .ok_or_else(|| Problem::new(ProblemKind::NotFound).about("branch"))?;
    let person = auth::person(&db.read, organisation, UserId(account.id), now.local_date()).await?;
    let actor = Actor { organisation, person, device: DeviceId(Uuid::nil()) };
    let sheet = read(file.clone(), 0).await?;
    let at = heading(target, &sheet.rows, None)?;
    let head = sheet.rows.get(at).ok_or_else(|| Problem::new(ProblemKind::FileNotReadable))?;
    let headings = folded(head);
    let known = remembered(&db.read, &actor, target, &headings).await?;
    let guesses = guess(target, &headings, &known, &labels::fields(target));
    let role = match &order.role {
        Some(word) => {
            Some(Role::parse(word).ok_or_else(|| Problem::new(ProblemKind::InvalidRequest).about("role"))?)
        }
        None => None,
    };
    let mut plan = Plan {
        heading: Some(head.number),
        columns: guesses.iter().map(|guess| (guess.column, guess.field.to_owned())).collect(),
        branch: BranchId(place.id),
        role,
        import: fresh_id(now)?,
        ..Plan::default()
    };
    let mut told = String::new();
    for guess in &guesses {
        let name = head.cells.get(guess.column).map_or("", String::as_str);
        // Writing to a String cannot fail.
        let _ = writeln!(told, "column {}, {name}: {}", guess.column + 1, guess.field);
    }
    let checked = run::checked(db, &actor, target, (&plan, file.clone()), now).await?;
    let report = super::Report::of(checked.rows.into_iter().map(|row| row.line).collect(), false);
    for line in report.lines.iter().filter(|line| !line.is_new()) {
        let _ = writeln!(told, "{line}");
    }
    plan.expect = report.new;
    let done = order.really && run::run(db, &actor, target, (&plan, file), now).await?.done;
    let did = if done { "brought in" } else { "can come in" };
    let _ = write!(
        told,
        "{} {did}, {} look like somebody who is there, {} cannot be taken",
        report.new, report.doubles, report.refused
    );
    Ok(told)
}
