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
use crate::db::{delete, insert};

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

/// Draws rounds with their logs and distances: in as many statements for one round as for hundreds, when everybody comes back at once.
pub async fn rounds(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    views: &[(Uuid, RoundView)],
) -> Result<(), DbErr> {
    forget_rounds(tx, organisation, &views.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
    let rows = views.iter().map(|(id, view)| round::ActiveModel {
        organisation_id: Set(organisation.0),
        id: Set(*id),
        branch_id: Set(view.branch.map(|branch| branch.0)),
        name: Set(view.name.clone()),
        planned_on: Set(view.day()),
        state: Set(state_word(view.state).to_owned()),
        stops: Set(count(view.stops.len())),
        done: Set(count(view.done())),
    });
    insert(tx, rows.collect::<Vec<_>>()).await?;
    let logs = views
        .iter()
        .flat_map(|(id, view)| view.history.iter().map(move |log| log_row(organisation, *id, view, log)));
    insert(tx, logs.collect::<Vec<_>>()).await?;
    let distances = views.iter().flat_map(|(id, view)| {
        view.metres.iter().map(move |(user, metres)| round_distance::ActiveModel {
            organisation_id: Set(organisation.0),
            round_id: Set(*id),
            user_id: Set(user.0),
            metres: Set(i32::try_from(*metres).unwrap_or(i32::MAX)),
        })
    });
    insert(tx, distances.collect::<Vec<_>>()).await
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

/// Draws signals.
pub async fn signals(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    views: &[(Uuid, SignalView)],
) -> Result<(), DbErr> {
    forget_signals(tx, organisation, &views.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
    let rows = views.iter().map(|(id, view)| signal::ActiveModel {
        organisation_id: Set(organisation.0),
        id: Set(*id),
        branch_id: Set(view.branch.map(|branch| branch.0)),
        kind: Set(view.signal.as_str().to_owned()),
        state: Set(view.state.as_str().to_owned()),
        raised_at: Set(view.at.as_millis()),
        reader_id: Set(view.reader.map(|reader| reader.0)),
    });
    insert(tx, rows.collect::<Vec<_>>()).await
}

async fn forget_signals(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    ids: &[Uuid],
) -> Result<(), DbErr> {
    use signal as s;
    delete::<s::Entity>(tx, organisation, (s::Column::OrganisationId, s::Column::Id), ids).await
}

async fn forget_rounds(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    ids: &[Uuid],
) -> Result<(), DbErr> {
    use {delivery_log as l, round as r, round_distance as d};
    delete::<r::Entity>(tx, organisation, (r::Column::OrganisationId, r::Column::Id), ids).await?;
    delete::<l::Entity>(tx, organisation, (l::Column::OrganisationId, l::Column::RoundId), ids).await?;
    delete::<d::Entity>(tx, organisation, (d::Column::OrganisationId, d::Column::RoundId), ids).await
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
    forget_signals(tx, organisation, &[id]).await?;
    forget_rounds(tx, organisation, &[id]).await
}
