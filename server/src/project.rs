//! From documents to rows: a picture that can be thrown away and drawn again. Routing only: the slice draws.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _};
use sync_core::document::Document;
use sync_core::ids::{OrganisationId, VolunteerId};
use sync_core::summary::Content;
use uuid::Uuid;

use crate::side_by_side::side_by_side;
use crate::sync::entity::document;
use crate::{deliveries, taalhuis};

/// Draws the rows of these documents. Drawing twice gives the same rows.
pub async fn project(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    documents: &[(Uuid, &Document)],
) -> Result<(), DbErr> {
    let (mut readers, mut rounds, mut signals) = (Vec::new(), Vec::new(), Vec::new());
    let (mut files, mut pairings, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    let contents = side_by_side(documents.iter().collect(), |(id, document)| (id, Content::read(document)));
    for (id, content) in contents {
        match content {
            Some(Content::Reader(view)) => readers.push((*id, view)),
            Some(Content::Round(view)) => rounds.push((*id, view)),
            Some(Content::Signal(view)) => signals.push((*id, view)),
            Some(Content::LearnerFile(view)) => files.push((*id, view)),
            Some(Content::Pairing(view)) => pairings.push((*id, view)),
            Some(Content::Group(view)) => groups.push((*id, view)),
            // Nothing of these is counted on the server; branches and teams are told from the tables of people, not the other way round.
            Some(
                Content::Learner(_)
                | Content::Taalhuis(_)
                | Content::Volunteer(_)
                | Content::VolunteerFile(_)
                | Content::Branch(_)
                | Content::Team(_),
            )
            | None => {}
        }
    }
    // Of what there is nothing of nothing is asked.
    if !readers.is_empty() {
        deliveries::projection::readers(tx, organisation, &readers).await?;
    }
    if !rounds.is_empty() {
        deliveries::projection::rounds(tx, organisation, &rounds).await?;
    }
    if !signals.is_empty() {
        deliveries::projection::signals(tx, organisation, &signals).await?;
    }
    if !files.is_empty() {
        taalhuis::projection::files(tx, organisation, files).await?;
    }
    if !pairings.is_empty() || !groups.is_empty() {
        taalhuis::projection::meetings(tx, organisation, &pairings, &groups).await?;
    }
    Ok(())
}

/// The documents that are about this one alone and are erased with it.
pub async fn goes_with(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<Vec<Uuid>, DbErr> {
    let mut all = deliveries::projection::goes_with(tx, organisation, id).await?;
    all.extend(taalhuis::projection::goes_with(tx, organisation, id).await?);
    // The file of a volunteer, by its id: it has no row to be found by.
    let file = VolunteerId(id).file().0;
    let there = document::Entity::find_by_id((organisation.0, file)).one(tx).await?;
    all.extend(there.filter(|row| !row.erased).map(|row| row.id));
    Ok(all)
}

/// The documents that would give this one to somebody, if it does not withhold itself.
pub async fn giving(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<Vec<Uuid>, DbErr> {
    taalhuis::projection::pairings_of(tx, organisation, id).await
}

/// The documents that may name somebody who withholds a document, to others than those who may read that.
pub async fn naming(tx: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Uuid>, DbErr> {
    taalhuis::projection::groups(tx, organisation).await
}

/// Takes the rows of an erased document away.
pub async fn forget(tx: &impl ConnectionTrait, organisation: OrganisationId, id: Uuid) -> Result<(), DbErr> {
    deliveries::projection::forget(tx, organisation, id).await?;
    taalhuis::projection::forget(tx, organisation, id).await
}
