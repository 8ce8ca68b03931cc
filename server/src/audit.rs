//! Who did what: ids only, append-only, written in the transaction of what it tells about.

use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait as _};
use sync_core::time::Timestamp;
use uuid::Uuid;

use crate::sync::entity::audit;

/// What a line tells.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// What.
    pub act: String,
    /// Who.
    pub user: Option<Uuid>,
    /// On which device.
    pub device: Option<Uuid>,
    /// On which document.
    pub document: Option<Uuid>,
    /// By which command.
    pub command: Option<Uuid>,
    /// The slug of the problem, when it was refused.
    pub problem: Option<&'static str>,
}

impl Line {
    /// A line about a person and a device.
    #[must_use]
    pub fn of_device(act: &str, user: Uuid, device: Uuid) -> Self {
        Self { act: act.to_owned(), user: Some(user), device: Some(device), ..Self::default() }
    }
}

/// Makes the row of a line. Its id is made of what it tells, so a line of the same command is written once.
#[must_use]
pub fn row(organisation: Uuid, now: Timestamp, line: Line) -> audit::ActiveModel {
    let name =
        format!("{}:{:?}:{:?}:{:?}:{}", line.act, line.command, line.device, line.document, now.as_millis());
    audit::ActiveModel {
        organisation_id: Set(organisation),
        id: Set(Uuid::new_v5(&organisation, name.as_bytes())),
        at: Set(now.as_millis()),
        user_id: Set(line.user),
        device_id: Set(line.device),
        act: Set(line.act),
        document_id: Set(line.document),
        command_id: Set(line.command),
        problem: Set(line.problem.map(str::to_owned)),
    }
}

/// Writes one line.
pub async fn note(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    now: Timestamp,
    line: Line,
) -> Result<(), DbErr> {
    audit::Entity::insert(row(organisation, now, line)).on_conflict_do_nothing().exec(db).await.map(drop)
}
