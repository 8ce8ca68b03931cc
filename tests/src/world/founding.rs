//! How a world begins: its libraries, branches and people, in the server's tables.

use std::collections::BTreeMap;

use sea_orm::{ActiveValue::Set, EntityTrait as _};
use server::auth::entity::{device, membership, user};
use server::db::Db;
use server::sync::entity::{branch, organisation};
use sync_core::access::{Membership, Person, Role};
use sync_core::ids::{BranchId, DeviceId, OrganisationId, UserId};
use tempfile::TempDir;

use super::{COORDINATORS, VOLUNTEERS, fixed, taalhuis};
use crate::Outcome;

/// A folder whose files cost no disk, where the machine has one: a life commits thousands of times.
pub(super) fn folder() -> std::io::Result<TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}

/// The libraries of the world, in the server's tables.
pub(super) async fn libraries(db: &Db, organisations: &[OrganisationId], branches: &[BranchId]) -> Outcome {
    for organisation in organisations {
        organisation::Entity::insert(organisation::ActiveModel {
            id: Set(organisation.0),
            name: Set("Wereld".to_owned()),
            feed: Set(0),
            generation: Set(1),
        })
        .exec_without_returning(&db.write)
        .await?;
    }
    for (index, id) in branches.iter().enumerate() {
        let organisation = organisations[index % organisations.len()];
        branch::Entity::insert(branch::ActiveModel {
            organisation_id: Set(organisation.0),
            id: Set(id.0),
            name: Set("Vestiging".to_owned()),
            kind: Set("branch".to_owned()),
            municipality: Set("Aa en Hunze".to_owned()),
        })
        .exec_without_returning(&db.write)
        .await?;
    }
    Ok(())
}

/// The people of the world, in the server's tables.
pub(super) async fn people(
    db: &Db,
    organisations: &[OrganisationId],
    branches: &[BranchId],
    teaches: bool,
) -> Outcome<Vec<(String, Person, DeviceId)>> {
    let mut people = Vec::new();
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    for index in 0..VOLUNTEERS + COORDINATORS {
        let volunteer = index < VOLUNTEERS;
        let role = if volunteer { Role::Deliverer } else { Role::DeliveryCoordinator };
        let name = if volunteer { format!("volunteer {index}") } else { format!("coordinator {index}") };
        names.insert(index, name.clone());
        let n = u128::try_from(index)?;
        let (user_id, device_id) = (UserId(fixed(100 + n)), DeviceId(fixed(200 + n)));
        let branch = branches[index % 2];
        let organisation = organisations[index % organisations.len()];
        user::Entity::insert(user::ActiveModel {
            organisation_id: Set(organisation.0),
            id: Set(user_id.0),
            email: Set(format!("{index}@wereld.invalid")),
            name: Set(name.clone()),
            password_hash: Set(String::new()),
            epoch: Set(1),
            created_at: Set(0),
            ..Default::default()
        })
        .exec_without_returning(&db.write)
        .await?;
        let roles = if teaches { vec![role, taalhuis::role(volunteer)] } else { vec![role] };
        let rows = roles.iter().map(|role| membership::ActiveModel {
            organisation_id: Set(organisation.0),
            user_id: Set(user_id.0),
            branch_id: Set(branch.0),
            role: Set(role.as_str().to_owned()),
            ..Default::default()
        });
        membership::Entity::insert_many(rows).exec_without_returning(&db.write).await?;
        device::Entity::insert(device::ActiveModel {
            organisation_id: Set(organisation.0),
            id: Set(device_id.0),
            user_id: Set(user_id.0),
            name: Set(name.clone()),
            refresh_hash: Set(vec![u8::try_from(index)?]),
            created_at: Set(0),
            refreshed_at: Set(0),
            last_contact_at: Set(0),
            ..Default::default()
        })
        .exec_without_returning(&db.write)
        .await?;
        let memberships = roles.into_iter().map(|role| Membership { branch, role }).collect();
        let person = Person { user: user_id, memberships };
        people.push((name, person, device_id));
    }
    Ok(people)
}
