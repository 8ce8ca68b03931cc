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
use sync_core::taalhuis::view::{
    GroupView, LearnerFileView, LevelView, PairingView, ReferralView, RequestView,
};
use sync_core::taalhuis::{PairingState, UsedIn};
use uuid::Uuid;

use crate::db::{delete, insert};
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

/// Draws files of learners: one row of each for counting, its levels, requests, referrals and effects. In as many statements for one as
/// for hundreds.
pub async fn files(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    views: Vec<(Uuid, LearnerFileView)>,
) -> Result<(), DbErr> {
    forget_files(tx, organisation, &views.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
    let rows = |(id, view): &(Uuid, LearnerFileView)| {
        (
            levels(organisation, *id, view),
            effects(organisation, *id, view),
            requests(organisation, *id, view),
            referrals(organisation, *id, view),
        )
    };
    let (mut all_levels, mut all_effects) = (Vec::new(), Vec::new());
    let (mut all_requests, mut all_referrals) = (Vec::new(), Vec::new());
    for (levels, effects, requests, referrals) in views.iter().map(rows) {
        all_levels.extend(levels);
        all_effects.extend(effects);
        all_requests.extend(requests);
        all_referrals.extend(referrals);
    }
    insert(tx, all_levels).await?;
    insert(tx, all_effects).await?;
    insert(tx, all_requests).await?;
    insert(tx, all_referrals).await?;
    insert(tx, views.into_iter().map(|(id, view)| learner_row(organisation, id, view)).collect()).await
}

fn learner_row(organisation: OrganisationId, id: Uuid, view: LearnerFileView) -> learner::ActiveModel {
    let born = view.answers.day("birth_date");
    let birth_month = born.and_then(|born| i32::try_from(born.month()).ok());
    let year = born.map(|born| born.year());
    let birth_year = year.or_else(|| view.answers.get("birth_year").parse().ok());
    let outflow = view.outflow.map(|outflow| outflow.as_str().to_owned());
    let row = LearnerFileRow::from(view);
    learner::ActiveModel {
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
    }
}

fn levels(organisation: OrganisationId, id: Uuid, view: &LearnerFileView) -> Vec<learner_level::ActiveModel> {
    let row = |(level, place): (&LevelView, i32)| learner_level::ActiveModel {
        organisation_id: Set(organisation.0),
        file_id: Set(id),
        place: Set(place),
        scale: Set(level.scale.as_str().to_owned()),
        skill: Set(level.skill.as_str().to_owned()),
        level: Set(level.level.clone()),
        rank: Set(level.scale.rank(&level.level).map_or(-1, count)),
        measured_on: Set(level.on),
    };
    view.levels.iter().zip(0..).map(row).collect()
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

/// What a learner asked to learn.
fn requests(
    organisation: OrganisationId,
    id: Uuid,
    view: &LearnerFileView,
) -> Vec<learner_request::ActiveModel> {
    let row = |(request, place): (&RequestView, i32)| learner_request::ActiveModel {
        organisation_id: Set(organisation.0),
        file_id: Set(id),
        place: Set(place),
        topic: Set(request.topic.as_str().to_owned()),
        asked_on: Set(request.on),
    };
    view.requests.iter().zip(0..).map(row).collect()
}

/// To whom a learner was referred, and what the learner follows there.
fn referrals(
    organisation: OrganisationId,
    id: Uuid,
    view: &LearnerFileView,
) -> Vec<learner_referral::ActiveModel> {
    let row = |(referral, place): (&ReferralView, i32)| {
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
    };
    view.referrals.iter().zip(0..).map(row).collect()
}

async fn forget_files(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    ids: &[Uuid],
) -> Result<(), DbErr> {
    use {
        learner as l, learner_effect as e, learner_level as v, learner_referral as r, learner_request as q,
    };
    delete::<l::Entity>(tx, organisation, (l::Column::OrganisationId, l::Column::Id), ids).await?;
    delete::<v::Entity>(tx, organisation, (v::Column::OrganisationId, v::Column::FileId), ids).await?;
    delete::<q::Entity>(tx, organisation, (q::Column::OrganisationId, q::Column::FileId), ids).await?;
    delete::<r::Entity>(tx, organisation, (r::Column::OrganisationId, r::Column::FileId), ids).await?;
    delete::<e::Entity>(tx, organisation, (e::Column::OrganisationId, e::Column::FileId), ids).await
}

/// Draws pairings with their sessions, and the meetings of groups.
pub async fn meetings(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    pairings: &[(Uuid, PairingView)],
    groups: &[(Uuid, GroupView)],
) -> Result<(), DbErr> {
    let ids = pairings.iter().map(|(id, _)| *id).chain(groups.iter().map(|(id, _)| *id));
    forget_sources(tx, organisation, &ids.collect::<Vec<_>>()).await?;
    insert(tx, pairings.iter().map(|(id, view)| pairing_row(organisation, *id, view)).collect()).await?;
    let held = pairings.iter().flat_map(|(id, view)| sessions_of_pairing(organisation, *id, view));
    let met = groups.iter().flat_map(|(id, view)| meetings_of_group(organisation, *id, view));
    insert(tx, held.chain(met).collect()).await
}

fn pairing_row(organisation: OrganisationId, id: Uuid, view: &PairingView) -> pairing::ActiveModel {
    let ended = view.state() == PairingState::Ended;
    let reason = view.steps.iter().rev().find_map(|step| step.reason);
    pairing::ActiveModel {
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
    }
}

fn sessions_of_pairing(
    organisation: OrganisationId,
    id: Uuid,
    view: &PairingView,
) -> impl Iterator<Item = learning_session::ActiveModel> + '_ {
    view.sessions.iter().map(move |session| learning_session::ActiveModel {
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
    })
}

/// One row for each who helped: the hours are of all of them. The meeting and who was there count with the first.
fn meetings_of_group(
    organisation: OrganisationId,
    id: Uuid,
    view: &GroupView,
) -> impl Iterator<Item = learning_session::ActiveModel> + '_ {
    view.meetings.iter().flat_map(move |meeting| {
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
    })
}

async fn forget_sources(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    ids: &[Uuid],
) -> Result<(), DbErr> {
    use {learning_session as s, pairing as p};
    delete::<p::Entity>(tx, organisation, (p::Column::OrganisationId, p::Column::Id), ids).await?;
    delete::<s::Entity>(tx, organisation, (s::Column::OrganisationId, s::Column::SourceId), ids).await
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
    forget_files(tx, organisation, &[id]).await?;
    forget_sources(tx, organisation, &[id]).await
}
