//! The first administrator of a library. There is no default account: whoever runs the server makes one on the terminal, and
//! gets a link that works once.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _,
};
use sync_core::access::Role;
use sync_core::command::Command;
use sync_core::ids::{BranchId, DeviceId, DocumentId, OrganisationId, UserId};
use sync_core::organisation::{DescribeBranch, EnrolMember};
use sync_core::problem::ProblemKind;
use sync_core::text::TypedText;
use sync_core::time::Timestamp;
use uuid::Uuid;

use super::entity::invitation;
use super::house;
use super::invite::{LINK_MS, Way, secret_hash};
use super::roster::tidy_email;
use crate::audit;
use crate::auth::entity::{membership, user};
use crate::auth::{fresh_id, token};
use crate::db::{Db, begin_write};
use crate::problem::Problem;
use crate::sync::entity::{branch, organisation};

/// Whom to make administrator of what.
#[derive(Clone, Debug)]
pub struct Founding {
    /// The library; made when there is none of this name.
    pub organisation: String,
    /// Its branch; likewise.
    pub branch: String,
    /// In which municipality the branch lies.
    pub municipality: String,
    /// What colleagues say.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
}

/// Makes the library, the branch and the account as far as they are not there. Answers with the secret of a link that works
/// once, for seven days.
pub async fn found(db: &Db, founding: &Founding, now: Timestamp) -> Result<String, Problem> {
    for (field, text) in [
        ("organisation", &founding.organisation),
        ("branch", &founding.branch),
        ("municipality", &founding.municipality),
        ("name", &founding.name),
    ] {
        TypedText::short(field, text.trim()).required().check()?;
    }
    let email = tidy_email(&founding.email)?;
    if email.is_empty() {
        return Err(Problem::new(ProblemKind::FieldMissing).about("email"));
    }
    let tx = begin_write(&db.write).await?;
    if user::Entity::find().filter(user::Column::Email.eq(&email)).one(&tx).await?.is_some() {
        return Err(Problem::new(ProblemKind::AddressInUse).about("email"));
    }
    let library = library(&tx, founding.organisation.trim(), now).await?;
    let (place, is_new) = place(&tx, library, founding, now).await?;
    let account = UserId(fresh_id(now)?);
    user::Entity::insert(user::ActiveModel {
        organisation_id: Set(library.0),
        id: Set(account.0),
        email: Set(email),
        name: Set(founding.name.trim().to_owned()),
        password_hash: Set(String::new()),
        epoch: Set(1),
        created_at: Set(now.as_millis()),
        ..Default::default()
    })
    .exec_without_returning(&tx)
    .await?;
    membership::Entity::insert(membership::ActiveModel {
        organisation_id: Set(library.0),
        user_id: Set(account.0),
        branch_id: Set(place.0),
        role: Set(Role::Administrator.as_str().to_owned()),
        from_on: Set(None),
        until_on: Set(None),
        employer: Set(None),
    })
    .exec_without_returning(&tx)
    .await?;
    tell(&tx, library, place, is_new, account, founding, now).await?;
    let (secret, _) = token::fresh_refresh_token().map_err(Problem::failure)?;
    invitation::Entity::insert(invitation::ActiveModel {
        organisation_id: Set(library.0),
        id: Set(fresh_id(now)?),
        user_id: Set(account.0),
        by_user_id: Set(account.0),
        way: Set(Way::Link.as_str().to_owned()),
        secret_hash: Set(secret_hash(Way::Link, &secret)),
        created_at: Set(now.as_millis()),
        expires_at: Set(now.as_millis() + LINK_MS),
        ..Default::default()
    })
    .exec_without_returning(&tx)
    .await?;
    let line = audit::Line {
        act: "create_administrator".to_owned(),
        document: Some(account.0),
        ..audit::Line::default()
    };
    audit::note(&tx, library.0, now, line).await?;
    tx.commit().await?;
    Ok(secret)
}

async fn library(tx: &impl ConnectionTrait, name: &str, now: Timestamp) -> Result<OrganisationId, Problem> {
    let found = organisation::Entity::find().filter(organisation::Column::Name.eq(name)).one(tx).await?;
    if let Some(found) = found {
        return Ok(OrganisationId(found.id));
    }
    let id = fresh_id(now)?;
    let row = organisation::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        feed: Set(0),
        generation: Set(1),
    };
    organisation::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(OrganisationId(id))
}

/// The branch, and whether it is new.
async fn place(
    tx: &impl ConnectionTrait,
    library: OrganisationId,
    founding: &Founding,
    now: Timestamp,
) -> Result<(BranchId, bool), Problem> {
    let name = founding.branch.trim();
    let found = branch::Entity::find()
        .filter(branch::Column::OrganisationId.eq(library.0))
        .filter(branch::Column::Name.eq(name))
        .one(tx)
        .await?;
    if let Some(found) = found {
        return Ok((BranchId(found.id), false));
    }
    let id = fresh_id(now)?;
    branch::Entity::insert(branch::ActiveModel {
        organisation_id: Set(library.0),
        id: Set(id),
        name: Set(name.to_owned()),
        kind: Set("branch".to_owned()),
        municipality: Set(founding.municipality.trim().to_owned()),
    })
    .exec_without_returning(tx)
    .await?;
    Ok((BranchId(id), true))
}

/// Tells phones of the branch and its new administrator, by the same commands as everybody's.
async fn tell(
    tx: &DatabaseTransaction,
    library: OrganisationId,
    place: BranchId,
    is_new: bool,
    account: UserId,
    founding: &Founding,
    now: Timestamp,
) -> Result<(), Problem> {
    let mut acts: Vec<(DocumentId, Command)> = Vec::new();
    if is_new {
        let describe = DescribeBranch {
            branch: place,
            name: founding.branch.trim().to_owned(),
            municipality: founding.municipality.trim().to_owned(),
            help_name: String::new(),
            phone: String::new(),
        };
        acts.push((place.branch_document(), describe.into()));
    }
    let enrol = EnrolMember {
        branch: place,
        user: account,
        name: founding.name.trim().to_owned(),
        roles: vec![Role::Administrator],
    };
    acts.push((place.team_document(), enrol.into()));
    house::tell(tx, library, (account, DeviceId(Uuid::nil())), &[place], acts, now).await
}
