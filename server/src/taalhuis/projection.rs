//! Documents of the Taalhuis to rows. Each drawing replaces the rows of its document, so drawing twice, or anew from all documents,
//! gives the same table.

use std::collections::BTreeSet;

use chrono::Datelike as _;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _,
    QueryFilter as _, QuerySelect as _,
};
use sync_core::document::DocumentKind;
use sync_core::ids::{LearnerId, OrganisationId};
use sync_core::taalhuis::rows::LearnerFileRow;
use sync_core::taalhuis::view::{GroupView, LearnerFileView, PairingView};
use sync_core::taalhuis::{PairingState, UsedIn};
use uuid::Uuid;

use crate::sync::entity::document;

use super::entity::{
    learner, learner_effect, learner_level, learner_referral, learner_request, learning_session, pairing,
};

/// The kind of a row for one more who helped at a meeting: hours, and no meeting of its own.
pub(super) const HELPER: &str = "helper";

fn told(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Draws the file of a learner: one row for counting, its levels and its effects.
pub async fn file(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
    view: LearnerFileView,
) -> Result<(), DbErr> {
    forget_file(tx, organisation, id).await?;
    let born = view.answers.day("birth_date");
    let birth_month = born.and_then(|born| i32::try_from(born.month()).ok());
    let year = born.map(|born| born.year());
    let birth_year = year.or_else(|| view.answers.get("birth_year").parse().ok());
    let levels: Vec<learner_level::ActiveModel> = view
        .levels
        .iter()
        .zip(0..)
        .map(|(level, place)| learner_level::ActiveModel {
            organisation_id: Set(organisation.0),
            file_id: Set(id),
            place: Set(place),
            scale: Set(level.scale.as_str().to_owned()),
            skill: Set(level.skill.as_str().to_owned()),
            level: Set(level.level.clone()),
            rank: Set(level.scale.rank(&level.level).map_or(-1, count)),
            measured_on: Set(level.on),
        })
        .collect();
    let effects = effects(organisation, id, &view);
    asked_and_sent(tx, organisation, id, &view).await?;
    let outflow = view.outflow.map(|outflow| outflow.as_str().to_owned());
    let row = LearnerFileRow::from(view);
    learner::Entity::insert(learner::ActiveModel {
        organisation_id: Set(organisation.0),
        id: Set(id),
        learner_id: Set(row.learner.map(|learner| learner.0)),
        branch_id: Set(row.branch.map(|branch| branch.0)),
        stage: Set(row.stage.as_str().to_owned()),
        way: Set(row.way.as_str().to_owned()),
        registered_on: Set(row.registered_on),
        intake_on: Set(row.intake_on),
        ended_on: Set(row.ended_on),
        end_reason: Set(row.end_reason.map(|reason| reason.as_str().to_owned())),
        outflow: Set(outflow),
        wait_reason: Set(row.wait_reason.map(|reason| reason.as_str().to_owned())),
        first_language: Set(told(row.answers.get("first_language"))),
        gender: Set(told(row.answers.get("gender"))),
        birth_year: Set(birth_year),
        birth_month: Set(birth_month),
        joined_into: Set(row.joined_into.map(|learner| learner.0)),
        is_beginner: Set(row.is_beginner),
    })
    .exec_without_returning(tx)
    .await?;
    if !levels.is_empty() {
        learner_level::Entity::insert_many(levels).exec_without_returning(tx).await?;
    }
    if !effects.is_empty() {
        learner_effect::Entity::insert_many(effects).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Whether requests work, as it was asked.
fn effects(
    organisation: OrganisationId,
    id: Uuid,
    view: &LearnerFileView,
) -> Vec<learner_effect::ActiveModel> {
    let answered = view
        .requests
        .iter()
        .flat_map(|request| request.evaluations.iter().map(|evaluation| (request.topic, evaluation)));
    answered
        .zip(0..)
        .map(|((topic, evaluation), place)| {
            let used: Vec<&str> = evaluation.used.iter().map(|used: &UsedIn| used.as_str()).collect();
            learner_effect::ActiveModel {
                organisation_id: Set(organisation.0),
                file_id: Set(id),
                place: Set(place),
                topic: Set(topic.as_str().to_owned()),
                reached: Set(evaluation.reached.as_str().to_owned()),
                used: Set(used.join(" ")),
                asked_on: Set(evaluation.on),
            }
        })
        .collect()
}

/// Draws what a learner asked to learn, and to whom the learner was referred.
async fn asked_and_sent(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
    view: &LearnerFileView,
) -> Result<(), DbErr> {
    let requests: Vec<learner_request::ActiveModel> = view
        .requests
        .iter()
        .zip(0..)
        .map(|(request, place)| learner_request::ActiveModel {
            organisation_id: Set(organisation.0),
            file_id: Set(id),
            place: Set(place),
            topic: Set(request.topic.as_str().to_owned()),
            asked_on: Set(request.on),
        })
        .collect();
    let referrals: Vec<learner_referral::ActiveModel> = view
        .referrals
        .iter()
        .zip(0..)
        .map(|(referral, place)| {
            let followed = referral.participation.as_ref();
            let reason = followed.and_then(|one| one.reason);
            learner_referral::ActiveModel {
                organisation_id: Set(organisation.0),
                file_id: Set(id),
                place: Set(place),
                partner: Set(referral.partner.trim().to_lowercase()),
                sent_on: Set(referral.on),
                has_arrived: Set(referral.has_arrived),
                offer: Set(followed.map(|one| one.offer.as_str().to_owned())),
                is_formal: Set(followed.map(|one| one.is_formal)),
                began_on: Set(followed.map(|one| one.began_on)),
                finished_on: Set(followed.and_then(|one| one.finished_on)),
                end_reason: Set(reason.map(|reason| reason.as_str().to_owned())),
                has_certificate: Set(followed.map(|one| one.has_certificate)),
            }
        })
        .collect();
    if !requests.is_empty() {
        learner_request::Entity::insert_many(requests).exec_without_returning(tx).await?;
    }
    if !referrals.is_empty() {
        learner_referral::Entity::insert_many(referrals).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn forget_file(tx: &impl ConnectionTrait, organisation: OrganisationId, id: Uuid) -> Result<(), DbErr> {
    learner::Entity::delete_by_id((organisation.0, id)).exec(tx).await?;
    learner_level::Entity::delete_many()
        .filter(learner_level::Column::OrganisationId.eq(organisation.0))
        .filter(learner_level::Column::FileId.eq(id))
        .exec(tx)
        .await?;
    learner_request::Entity::delete_many()
        .filter(learner_request::Column::OrganisationId.eq(organisation.0))
        .filter(learner_request::Column::FileId.eq(id))
        .exec(tx)
        .await?;
    learner_referral::Entity::delete_many()
        .filter(learner_referral::Column::OrganisationId.eq(organisation.0))
        .filter(learner_referral::Column::FileId.eq(id))
        .exec(tx)
        .await?;
    learner_effect::Entity::delete_many()
        .filter(learner_effect::Column::OrganisationId.eq(organisation.0))
        .filter(learner_effect::Column::FileId.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// Draws a pairing with its sessions.
pub async fn pairing(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
    view: &PairingView,
) -> Result<(), DbErr> {
    forget_source(tx, organisation, id).await?;
    let ended = view.state() == PairingState::Ended;
    let reason = view.steps.iter().rev().find_map(|step| step.reason);
    pairing::Entity::insert(pairing::ActiveModel {
        organisation_id: Set(organisation.0),
        id: Set(id),
        branch_id: Set(view.branch.map(|branch| branch.0)),
        learner_id: Set(view.learner.map(|learner| learner.0)),
        user_id: Set(view.user.map(|user| user.0)),
        state: Set(view.state().as_str().to_owned()),
        proposed_on: Set(view.proposed_on),
        met_since: Set(view.since(PairingState::Trial)),
        ended_on: Set(view.since(PairingState::Ended).filter(|_| ended)),
        end_reason: Set(reason.filter(|_| ended).map(|reason| reason.as_str().to_owned())),
    })
    .exec_without_returning(tx)
    .await?;
    let sessions = view.sessions.iter().map(|session| learning_session::ActiveModel {
        organisation_id: Set(organisation.0),
        source_id: Set(id),
        id: Set(session.entry.0),
        branch_id: Set(view.branch.map(|branch| branch.0)),
        kind: Set("pairing".to_owned()),
        // Whoever wrote it down: the hours are of who helped.
        user_id: Set(view.user.map(|user| user.0)),
        held_on: Set(session.on),
        minutes: Set(i32::from(session.minutes)),
        learners: Set(1),
    });
    insert_sessions(tx, sessions.collect()).await
}

/// Draws the meetings of a group.
pub async fn group(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
    view: &GroupView,
) -> Result<(), DbErr> {
    forget_source(tx, organisation, id).await?;
    // One row for each who helped: the hours are of all of them. The meeting and who was there count with the first.
    let meetings = view.meetings.iter().flat_map(|meeting| {
        meeting.helped.iter().zip(0_usize..).map(move |(user, place)| learning_session::ActiveModel {
            organisation_id: Set(organisation.0),
            source_id: Set(id),
            id: Set(if place == 0 {
                meeting.entry.0
            } else {
                Uuid::new_v5(&meeting.entry.0, user.0.as_bytes())
            }),
            branch_id: Set(view.branch.map(|branch| branch.0)),
            kind: Set(if place == 0 { "group" } else { HELPER }.to_owned()),
            user_id: Set(Some(user.0)),
            held_on: Set(meeting.on),
            minutes: Set(i32::from(meeting.minutes)),
            learners: Set(if place == 0 { count(meeting.present.len()) } else { 0 }),
        })
    });
    insert_sessions(tx, meetings.collect()).await
}

async fn insert_sessions(
    tx: &impl ConnectionTrait,
    rows: Vec<learning_session::ActiveModel>,
) -> Result<(), DbErr> {
    for chunk in rows.chunks(1_000) {
        learning_session::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn forget_source(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<(), DbErr> {
    pairing::Entity::delete_by_id((organisation.0, id)).exec(tx).await?;
    learning_session::Entity::delete_many()
        .filter(learning_session::Column::OrganisationId.eq(organisation.0))
        .filter(learning_session::Column::SourceId.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// Every name of the person whom this learner is: those who were joined into each other, this one among them.
pub async fn names_of(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<BTreeSet<Uuid>, DbErr> {
    let mut names = BTreeSet::from([id]);
    loop {
        let found: Vec<(Option<Uuid>, Option<Uuid>)> = learner::Entity::find()
            .select_only()
            .column(learner::Column::LearnerId)
            .column(learner::Column::JoinedInto)
            .filter(learner::Column::OrganisationId.eq(organisation.0))
            .filter(learner::Column::JoinedInto.is_not_null())
            .filter(
                Condition::any()
                    .add(learner::Column::LearnerId.is_in(names.iter().copied()))
                    .add(learner::Column::JoinedInto.is_in(names.iter().copied())),
            )
            .into_tuple()
            .all(tx)
            .await?;
        let before = names.len();
        names.extend(found.into_iter().flat_map(|(one, other)| [one, other]).flatten());
        if names.len() == before {
            return Ok(names);
        }
    }
}

/// The documents that are about this learner alone and are erased with the learner: the file, and everything that was kept of the same
/// person under another name.
pub async fn goes_with(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<Vec<Uuid>, DbErr> {
    let names = names_of(tx, organisation, id).await?;
    let files: Vec<Uuid> = learner::Entity::find()
        .select_only()
        .column(learner::Column::Id)
        .filter(learner::Column::OrganisationId.eq(organisation.0))
        .filter(learner::Column::LearnerId.is_in(names.iter().copied()))
        .into_tuple()
        .all(tx)
        .await?;
    // Files last: by them it is found who a learner was.
    Ok(names.into_iter().filter(|name| *name != id).chain(files).collect())
}

/// The pairings of this learner.
pub async fn pairings_of(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    learner: Uuid,
) -> Result<Vec<Uuid>, DbErr> {
    pairing::Entity::find()
        .select_only()
        .column(pairing::Column::Id)
        .filter(pairing::Column::OrganisationId.eq(organisation.0))
        .filter(pairing::Column::LearnerId.eq(learner))
        .into_tuple()
        .all(tx)
        .await
}

/// The documents that name this learner: pairings and groups. None when it is no learner.
pub async fn telling_of(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    learner: Uuid,
) -> Result<Vec<Uuid>, DbErr> {
    let file = learner::Entity::find_by_id((organisation.0, LearnerId(learner).file().0)).one(tx).await?;
    let mut all = pairings_of(tx, organisation, learner).await?;
    if file.is_some() || !all.is_empty() {
        all.extend(groups(tx, organisation).await?);
    }
    Ok(all)
}

/// Every group: a Taalhuis has a handful, and each is asked who stands in it.
pub async fn groups(tx: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Uuid>, DbErr> {
    document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .filter(document::Column::OrganisationId.eq(organisation.0))
        .filter(document::Column::Kind.eq(DocumentKind::Group.as_str()))
        .filter(document::Column::Erased.eq(false))
        .into_tuple()
        .all(tx)
        .await
}

/// Takes the rows of an erased document away.
pub async fn forget(tx: &impl ConnectionTrait, organisation: OrganisationId, id: Uuid) -> Result<(), DbErr> {
    forget_file(tx, organisation, id).await?;
    forget_source(tx, organisation, id).await
}
