//! Whether a round lies whole on a phone of whoever rides it, by what was told to have gone there: for the mail of the day before,
//! for the rider, and for the coordinator who can still print a list.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Timelike as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _, Select,
};
use sync_core::access::{Audience, Role};
use sync_core::document::DocumentKind;
use sync_core::ids::{OrganisationId, UserId};
use sync_core::sync::message::{DocumentNews, Notice};
use sync_core::time::{LocalDate, Timestamp, days_after};
use uuid::Uuid;

use super::entity::round;
use crate::auth::Actor;
use crate::auth::entity::device;
use crate::sync::entity::grant;
use crate::sync::receipts;

/// From this hour in the afternoon it matters that a round of the next day is on no phone.
pub(crate) const FROM_HOUR: u32 = 16;
/// So many rounds are told of at the most.
const TOLD_MAX: u64 = 20;

/// For whom, for which round, and which documents belong on the phone for it.
type Riders = BTreeMap<(UserId, Uuid), BTreeSet<Uuid>>;

async fn riders(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    rounds: impl IntoIterator<Item = Uuid>,
) -> Result<Riders, DbErr> {
    let grants = grant::Entity::find()
        .filter(grant::Column::OrganisationId.eq(organisation.0))
        .filter(grant::Column::SourceId.is_in(rounds))
        .filter(grant::Column::Audience.starts_with("worker:"))
        .filter(grant::Column::StartsAt.is_not_null())
        .all(db)
        .await?;
    let mut riders = Riders::new();
    for grant in grants {
        if let Ok(Audience::Worker(_, _, user)) = grant.audience.parse() {
            let documents = riders.entry((user, grant.source_id)).or_default();
            documents.extend([grant.document_id, grant.source_id]);
        }
    }
    Ok(riders)
}

/// Who rides one of these rounds and has no device with all of it.
async fn missing(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    rounds: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<(UserId, Uuid)>, DbErr> {
    let riders = riders(db, organisation, rounds).await?;
    let users: BTreeSet<Uuid> = riders.keys().map(|(user, _)| user.0).collect();
    let rows: Vec<(Uuid, Uuid)> = device::Entity::find()
        .select_only()
        .columns([device::Column::UserId, device::Column::Id])
        .filter(device::Column::OrganisationId.eq(organisation.0))
        .filter(device::Column::UserId.is_in(users))
        .filter(device::Column::RevokedAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    let mut missing = Vec::new();
    for ((rider, round), documents) in riders {
        let own = rows.iter().filter(|(user, _)| *user == rider.0);
        let devices: Vec<Uuid> = own.map(|(_, device)| *device).collect();
        let there = receipts::on_devices(db, organisation, &devices, &documents).await?;
        if !there.values().any(|on_device| on_device.len() == documents.len()) {
            missing.push((rider, round));
        }
    }
    Ok(missing)
}

/// The rounds of these days that go on.
fn rounds_on(organisation: OrganisationId, days: [LocalDate; 2]) -> Select<round::Entity> {
    round::Entity::find()
        .select_only()
        .column(round::Column::Id)
        .filter(round::Column::OrganisationId.eq(organisation.0))
        .filter(round::Column::PlannedOn.between(days[0], days[1]))
        .filter(round::Column::State.ne("cancelled"))
}

/// Who rides on this day and has no device with all of it.
pub(crate) async fn missing_on(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    on: LocalDate,
) -> Result<Vec<(UserId, Uuid)>, DbErr> {
    let rounds: Vec<Uuid> = rounds_on(organisation, [on, on]).into_tuple().all(db).await?;
    missing(db, organisation, rounds).await
}

/// What an answer with these documents tells beside them: the rider, which round is whole on this device now; the coordinator, which
/// rounds of today, and late in the afternoon of tomorrow, are on no phone.
pub(crate) async fn notices(
    db: &impl ConnectionTrait,
    actor: &Actor,
    documents: &[DocumentNews],
    now: Timestamp,
) -> Result<Vec<Notice>, DbErr> {
    let branches_of = |role: Role| -> Vec<Uuid> {
        let own = actor.person.memberships.iter().filter(|own| own.role == role);
        own.map(|own| own.branch.0).collect()
    };
    let mut notices = Vec::new();
    let came: Vec<Uuid> = documents
        .iter()
        .filter(|news| news.whole && news.kind == DocumentKind::Reader.as_str())
        .map(|news| news.id.0)
        .collect();
    let rides = branches_of(Role::Deliverer);
    if !came.is_empty() && !rides.is_empty() {
        for round in ready(db, actor, &rides, came).await? {
            notices.push(Notice::round_ready(round.into()));
        }
    }
    let coordinates = branches_of(Role::DeliveryCoordinator);
    if !coordinates.is_empty() {
        let today = now.local_date();
        let last = if now.local_time().hour() >= FROM_HOUR { days_after(today, 1) } else { today };
        // Of which nothing was logged yet: whoever logged has it.
        let rounds: Vec<Uuid> = rounds_on(actor.organisation, [today, last])
            .filter(round::Column::BranchId.is_in(coordinates))
            .filter(round::Column::State.eq("planned"))
            .limit(TOLD_MAX)
            .into_tuple()
            .all(db)
            .await?;
        if !rounds.is_empty() {
            let missing = missing(db, actor.organisation, rounds).await?;
            let rounds: BTreeSet<Uuid> = missing.into_iter().map(|(_, round)| round).collect();
            notices.extend(rounds.into_iter().map(|round| Notice::round_not_fetched(round.into())));
        }
    }
    Ok(notices)
}

/// The rounds of this rider of which these readers were the last to come.
async fn ready(
    db: &impl ConnectionTrait,
    actor: &Actor,
    branches: &[Uuid],
    came: Vec<Uuid>,
) -> Result<Vec<Uuid>, DbErr> {
    let audiences = branches
        .iter()
        .map(|branch| Audience::Worker((*branch).into(), Role::Deliverer, actor.person.user).to_string());
    let rounds: Vec<Uuid> = grant::Entity::find()
        .select_only()
        .column(grant::Column::SourceId)
        .distinct()
        .filter(grant::Column::OrganisationId.eq(actor.organisation.0))
        .filter(grant::Column::Audience.is_in(audiences))
        .filter(grant::Column::DocumentId.is_in(came))
        .filter(grant::Column::StartsAt.is_not_null())
        .filter(grant::Column::GrantedFeed.is_not_null())
        .filter(grant::Column::RevokedFeed.is_null())
        .into_tuple()
        .all(db)
        .await?;
    let mut ready = Vec::new();
    for ((rider, round), documents) in riders(db, actor.organisation, rounds).await? {
        if rider != actor.person.user {
            continue;
        }
        let there = receipts::on_devices(db, actor.organisation, &[actor.device.0], &documents).await?;
        if there.values().any(|on_device| on_device.len() == documents.len()) {
            ready.push(round);
        }
    }
    Ok(ready)
}
