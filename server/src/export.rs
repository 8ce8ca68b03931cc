//! Everything that one library keeps, as one JSON object a line: for whoever takes it elsewhere, or looks into it with tools of
//! another kind. What a device may not read without its PIN is readable here, so the file is for one user of the machine only.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::Serialize;
use serde_json::Value;
use sync_core::summary::Content;
use sync_core::time::Timestamp;
use tempfile::NamedTempFile;
use uuid::Uuid;

use crate::audit;
use crate::auth::entity::{membership, user};
use crate::db::Db;
use crate::maintenance::{MaintenanceError, load};
use crate::sync::entity::{document, organisation};

/// One line.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Line {
    Organisation {
        id: Uuid,
        name: String,
    },
    /// Somebody who works here. Passwords and keys stay behind: they are worth nothing elsewhere.
    Person {
        id: Uuid,
        name: String,
        email: String,
        language: String,
        since: i64,
        ended_at: Option<i64>,
        roles: Vec<HeldRole>,
    },
    /// A document as it stands, in the form in which programs get it from the exchange.
    Document {
        document: String,
        id: Uuid,
        branch: Option<Uuid>,
        content: Value,
    },
}

#[derive(Serialize)]
struct HeldRole {
    branch: Uuid,
    role: String,
    from_on: Option<String>,
    until_on: Option<String>,
    employer: Option<String>,
}

/// The library with this name; without a name the only one there is.
async fn library(db: &Db, name: Option<&str>) -> Result<organisation::Model, MaintenanceError> {
    let mut all = organisation::Entity::find().all(&db.read).await?;
    all.retain(|row| name.is_none_or(|name| row.name == name));
    match (all.pop(), all.is_empty()) {
        (Some(one), true) => Ok(one),
        (None, _) => Err(MaintenanceError::Library("there is no library with this name")),
        (Some(_), false) => {
            Err(MaintenanceError::Library("there are several libraries: give the name of one"))
        }
    }
}

/// Writes a library to a new file, whole or not at all; how many lines it has.
pub async fn export(
    db: &Db,
    name: Option<&str>,
    file: &Path,
    now: Timestamp,
) -> Result<usize, MaintenanceError> {
    let library = library(db, name).await?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut partial = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let mut lines = 0;
    {
        let mut out = BufWriter::new(partial.as_file_mut());
        let mut put = |line: &Line| -> Result<(), MaintenanceError> {
            serde_json::to_writer(&mut out, line).map_err(std::io::Error::from)?;
            out.write_all(b"\n")?;
            lines += 1;
            Ok(())
        };
        put(&Line::Organisation { id: library.id, name: library.name })?;
        for person in people(db, library.id).await? {
            put(&person)?;
        }
        let ids: Vec<Uuid> = document::Entity::find()
            .select_only()
            .column(document::Column::Id)
            .filter(document::Column::OrganisationId.eq(library.id))
            .order_by_asc(document::Column::Id)
            .into_tuple()
            .all(&db.read)
            .await?;
        for id in ids {
            let Some((row, document)) = load(db, library.id, id).await? else { continue };
            let Some(content) = Content::read(&document) else { continue };
            let content = serde_json::to_value(content).map_err(std::io::Error::from)?;
            put(&Line::Document { document: row.kind, id, branch: row.branch_id, content })?;
        }
        out.flush()?;
    }
    partial.as_file().sync_all()?;
    let line = audit::Line { act: "export_library".to_owned(), ..audit::Line::default() };
    audit::note(&db.write, library.id, now, line).await?;
    match partial.persist_noclobber(file) {
        Ok(_) => Ok(lines),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(MaintenanceError::Exists(file.display().to_string()))
        }
        Err(error) => Err(error.error.into()),
    }
}

async fn people(db: &Db, organisation: Uuid) -> Result<Vec<Line>, MaintenanceError> {
    let mut roles = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation))
        .all(&db.read)
        .await?;
    let accounts = user::Entity::find()
        .filter(user::Column::OrganisationId.eq(organisation))
        .order_by_asc(user::Column::Id)
        .all(&db.read)
        .await?;
    let lines = accounts.into_iter().map(|account| Line::Person {
        id: account.id,
        name: account.name,
        email: account.email,
        language: account.language,
        since: account.created_at,
        ended_at: account.ended_at,
        roles: roles
            .extract_if(.., |row| row.user_id == account.id)
            .map(|row| HeldRole {
                branch: row.branch_id,
                role: row.role,
                from_on: row.from_on,
                until_on: row.until_on,
                employer: row.employer,
            })
            .collect(),
    });
    Ok(lines.collect())
}
