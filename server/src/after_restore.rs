//! What a backup does not know: who was forgotten since, and which devices were shut out. A list of ids beside the database, so that a
//! restore brings neither back.

use std::collections::BTreeSet;
use std::path::Path;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use serde::{Deserialize, Serialize};
use sync_core::ids::OrganisationId;
use sync_core::time::Timestamp;
use uuid::Uuid;

use crate::auth::entity::{device, user};
use crate::db::{Db, begin_write};
use crate::erasing::{self, Whom};
use crate::people;
use crate::people::entity::invitation;
use crate::problem::Problem;
use crate::retention;
use crate::sync::anew;
use crate::sync::apply::entomb;
use crate::sync::entity::document;

const FILE: &str = "forgotten.json";

/// Ids, each with its organisation.
type Ids = BTreeSet<(Uuid, Uuid)>;

/// What is not to come back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gone {
    /// Readers who were erased, and the worries about them.
    documents: Ids,
    /// People who were forgotten.
    people: Ids,
    /// People who left and are not forgotten yet: as it is now, for one who came back is on it no more.
    left: Ids,
    /// Devices that were shut out.
    devices: Ids,
}

async fn gone(db: &Db) -> Result<Gone, Problem> {
    let documents: Vec<(Uuid, Uuid)> = document::Entity::find()
        .select_only()
        .column(document::Column::OrganisationId)
        .column(document::Column::Id)
        .filter(document::Column::Erased.eq(true))
        .into_tuple()
        .all(&db.read)
        .await?;
    let people: Vec<(Uuid, Uuid)> = user::Entity::find()
        .select_only()
        .column(user::Column::OrganisationId)
        .column(user::Column::Id)
        .filter(user::Column::Name.eq(""))
        .into_tuple()
        .all(&db.read)
        .await?;
    let left: Vec<(Uuid, Uuid)> = user::Entity::find()
        .select_only()
        .column(user::Column::OrganisationId)
        .column(user::Column::Id)
        .filter(user::Column::EndedAt.is_not_null())
        .filter(user::Column::Name.ne(""))
        .into_tuple()
        .all(&db.read)
        .await?;
    let devices: Vec<(Uuid, Uuid)> = device::Entity::find()
        .select_only()
        .column(device::Column::OrganisationId)
        .column(device::Column::Id)
        .filter(device::Column::RevokedAt.is_not_null())
        .into_tuple()
        .all(&db.read)
        .await?;
    let set = |ids: Vec<(Uuid, Uuid)>| ids.into_iter().collect();
    Ok(Gone { documents: set(documents), people: set(people), left: set(left), devices: set(devices) })
}

async fn kept(data: &Path) -> Result<Gone, Problem> {
    match tokio::fs::read(data.join(FILE)).await {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(Problem::failure),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Gone::default()),
        Err(error) => Err(Problem::failure(error)),
    }
}

/// Brings the list up to date. What stands on it stays: a restored database knows less.
pub async fn note(db: &Db, data: &Path, last: &mut Option<Gone>) -> Result<(), Problem> {
    let now = gone(db).await?;
    if last.as_ref() == Some(&now) {
        return Ok(());
    }
    let before = kept(data).await?;
    let mut all = now.clone();
    all.documents.extend(&before.documents);
    all.people.extend(&before.people);
    all.devices.extend(&before.devices);
    if all != before {
        let partial = data.join(format!("{FILE}.partial"));
        let bytes = serde_json::to_vec(&all).map_err(Problem::failure)?;
        tokio::fs::write(&partial, bytes).await.map_err(Problem::failure)?;
        tokio::fs::rename(partial, data.join(FILE)).await.map_err(Problem::failure)?;
    }
    *last = Some(now);
    Ok(())
}

/// Forgets again, in a restored database, who was forgotten before; shuts out again what was shut out; and closes every way in: a link
/// that was used since the backup would open once more.
pub async fn forget_again(db: &Db, data: &Path, now: Timestamp) -> Result<(), Problem> {
    let (all, here) = (kept(data).await?, gone(db).await?);
    for own in retention::organisations(&db.read).await? {
        let of = |ids: &Ids, known: &Ids| -> Vec<Uuid> {
            ids.difference(known)
                .filter(|(organisation, _)| *organisation == own.0)
                .map(|(_, id)| *id)
                .collect()
        };
        let (documents, people) = (of(&all.documents, &here.documents), of(&all.people, &here.people));
        let tx = begin_write(&db.write).await?;
        erase_again(&tx, own, &documents, now).await?;
        let left: Vec<Uuid> =
            of(&all.left, &here.left).into_iter().filter(|id| !people.contains(id)).collect();
        people::leave_again(&tx, own, &left, now).await?;
        for person in people {
            // One whom this backup does not have at all is forgotten already.
            if user::Entity::find_by_id((own.0, person)).one(&tx).await?.is_some() {
                people::forget(&tx, own, person, now).await?;
            }
        }
        device::Entity::update_many()
            .col_expr(device::Column::RevokedAt, Expr::value(Some(now.as_millis())))
            .filter(device::Column::OrganisationId.eq(own.0))
            .filter(device::Column::Id.is_in(of(&all.devices, &here.devices)))
            .exec(&tx)
            .await?;
        invitation::Entity::update_many()
            .col_expr(invitation::Column::ExpiresAt, Expr::value(now.as_millis()))
            .filter(invitation::Column::OrganisationId.eq(own.0))
            .filter(invitation::Column::ExpiresAt.gt(now.as_millis()))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        anew::write_due(db, OrganisationId(own.0), now).await?;
    }
    retention::overwrite(db).await?;
    Ok(())
}

/// Erases documents again. One that the backup does not have gets its tombstone all the same: a phone that made it since, or keeps an act
/// on it, would bring it back.
async fn erase_again(
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
    documents: &[Uuid],
    now: Timestamp,
) -> Result<(), Problem> {
    let there: Vec<(Uuid, String)> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .column(document::Column::Kind)
        .filter(document::Column::OrganisationId.eq(organisation.0))
        .filter(document::Column::Id.is_in(documents.to_vec()))
        .into_tuple()
        .all(tx)
        .await?;
    for whom in Whom::ALL {
        let theirs: Vec<Uuid> =
            there.iter().filter(|(_, kind)| kind == whom.kind()).map(|(id, _)| *id).collect();
        erasing::surely(tx, organisation, whom, &theirs, now).await?;
    }
    // A worry goes with its reader and a file with its learner; what is left has no row here.
    let missing: Vec<Uuid> =
        documents.iter().filter(|id| there.iter().all(|(known, _)| known != *id)).copied().collect();
    entomb(tx, organisation, &missing).await?;
    Ok(())
}
