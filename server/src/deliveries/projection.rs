//! Documents of home delivery to rows. Each drawing replaces the rows of its document, so drawing twice, or anew from all
//! documents, gives the same table.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use sync_core::deliveries::view::{LogView, ReaderView, RoundState, RoundView, SignalView};
use sync_core::ids::OrganisationId;
use uuid::Uuid;

use super::entity::{delivery_log, reader, round, round_distance, signal};

/// The word for the state of a round in its table.
#[must_use]
pub const fn state_word(state: RoundState) -> &'static str {
    match state {
        RoundState::Planned => "planned",
        RoundState::UnderWay => "under_way",
        RoundState::Done => "done",
        RoundState::Cancelled => "cancelled",
    }
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Draws readers, all in one statement: a coordinator may change hundreds in one go.
pub async fn readers(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    views: &[(Uuid, ReaderView)],
) -> Result<(), DbErr> {
    for views in views.chunks(1_000) {
        let rows = views.iter().map(|(id, view)| reader::ActiveModel {
            organisation_id: Set(organisation.0),
            id: Set(*id),
            branch_id: Set(view.branch.map(|branch| branch.0)),
            status: Set(view.status.as_str().to_owned()),
            frequency: Set(view.profile.frequency.as_str().to_owned()),
        });
        reader::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([reader::Column::OrganisationId, reader::Column::Id])
                    .update_columns([
                        reader::Column::BranchId,
                        reader::Column::Status,
                        reader::Column::Frequency,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Draws a round with its logs and distances.
pub async fn round(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
    view: &RoundView,
) -> Result<(), DbErr> {
    forget_round(tx, organisation, id).await?;
    let row = round::ActiveModel {
        organisation_id: Set(organisation.0),
        id: Set(id),
        branch_id: Set(view.branch.map(|branch| branch.0)),
        name: Set(view.name.clone()),
        planned_on: Set(view.day()),
        state: Set(state_word(view.state).to_owned()),
        stops: Set(count(view.stops.len())),
        done: Set(count(view.done())),
    };
    round::Entity::insert(row).exec_without_returning(tx).await?;
    let logs: Vec<delivery_log::ActiveModel> =
        view.history.iter().map(|log| log_row(organisation, id, view, log)).collect();
    for chunk in logs.chunks(1_000) {
        delivery_log::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    let distances: Vec<round_distance::ActiveModel> = view
        .metres
        .iter()
        .map(|(user, metres)| round_distance::ActiveModel {
            organisation_id: Set(organisation.0),
            round_id: Set(id),
            user_id: Set(user.0),
            metres: Set(i32::try_from(*metres).unwrap_or(i32::MAX)),
        })
        .collect();
    if !distances.is_empty() {
        round_distance::Entity::insert_many(distances).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn log_row(
    organisation: OrganisationId,
    round: Uuid,
    view: &RoundView,
    log: &LogView,
) -> delivery_log::ActiveModel {
    let stop = view.stops.iter().find(|stop| stop.stop == log.stop);
    delivery_log::ActiveModel {
        organisation_id: Set(organisation.0),
        round_id: Set(round),
        id: Set(log.log.0),
        stop_id: Set(log.stop.0),
        reader_id: Set(stop.and_then(|stop| stop.reader).map(|reader| reader.0)),
        user_id: Set(log.by.map(|user| user.0)),
        outcome: Set(log.outcome.map(|outcome| outcome.as_str().to_owned())),
        logged_at: Set(log.at.as_millis()),
        items_out: Set(log.items_out.map(i32::from)),
        items_in: Set(log.items_in.map(i32::from)),
        // One visit counts once, however many told it; where they differ the last one counts until somebody chooses.
        counts: Set(stop.and_then(|stop| stop.logs.last()).is_some_and(|last| last.log == log.log)),
    }
}

/// Draws a signal.
pub async fn signal(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
    view: &SignalView,
) -> Result<(), DbErr> {
    signal::Entity::delete_by_id((organisation.0, id)).exec(tx).await?;
    let row = signal::ActiveModel {
        organisation_id: Set(organisation.0),
        id: Set(id),
        branch_id: Set(view.branch.map(|branch| branch.0)),
        kind: Set(view.signal.as_str().to_owned()),
        state: Set(view.state.as_str().to_owned()),
        raised_at: Set(view.at.as_millis()),
        reader_id: Set(view.reader.map(|reader| reader.0)),
    };
    signal::Entity::insert(row).exec_without_returning(tx).await.map(drop)
}

async fn forget_round(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<(), DbErr> {
    round::Entity::delete_by_id((organisation.0, id)).exec(tx).await?;
    delivery_log::Entity::delete_many()
        .filter(delivery_log::Column::OrganisationId.eq(organisation.0))
        .filter(delivery_log::Column::RoundId.eq(id))
        .exec(tx)
        .await?;
    round_distance::Entity::delete_many()
        .filter(round_distance::Column::OrganisationId.eq(organisation.0))
        .filter(round_distance::Column::RoundId.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// The worries about a reader: they are erased with the reader.
pub async fn goes_with(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    reader: Uuid,
) -> Result<Vec<Uuid>, DbErr> {
    signal::Entity::find()
        .select_only()
        .column(signal::Column::Id)
        .filter(signal::Column::OrganisationId.eq(organisation.0))
        .filter(signal::Column::ReaderId.eq(reader))
        .into_tuple()
        .all(tx)
        .await
}

/// Takes the rows of an erased document away. Logs of its visits stay, without saying whose they were: what was counted
/// stays counted.
pub async fn forget(tx: &impl ConnectionTrait, organisation: OrganisationId, id: Uuid) -> Result<(), DbErr> {
    reader::Entity::delete_by_id((organisation.0, id)).exec(tx).await?;
    signal::Entity::delete_by_id((organisation.0, id)).exec(tx).await?;
    forget_round(tx, organisation, id).await
}
