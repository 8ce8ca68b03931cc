//! Everything that is kept about one learner, for the learner: the right of access (AVG, article 15), as a page to read and as JSON for a
//! program.

use std::collections::BTreeSet;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{DOCTYPE, Markup, html};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;
use sync_core::access::{Audience, Role};
use sync_core::ids::{DocumentId, LearnerId};
use sync_core::problem::ProblemKind;
use sync_core::summary::Content;
use sync_core::taalhuis::questions::{FILE, LEARNER};
use sync_core::taalhuis::view::{GroupView, LearnerFileView, LearnerView, PairingView, ReferralView};
use sync_core::time::LocalDate;
use utoipa::ToSchema;
use uuid::Uuid;
use words::Words;

use super::projection::{names_of, telling_of};
use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::auth::entity::user;
use crate::auth::proof::Proven;
use crate::problem::{Problem, ProblemBody};
use crate::subject_access::{self, Format, answered, content, date, day, deed_word, word};
use crate::sync::entity::{audit as audit_row, grant};
use crate::sync::feed;

/// Who could read it.
#[derive(Debug, Serialize, ToSchema)]
struct Recipient {
    who: String,
    /// Whether that person can still.
    now: bool,
}

/// Who did what with it.
#[derive(Debug, Serialize, ToSchema)]
struct Deed {
    at: i64,
    by: String,
    act: String,
}

/// What is kept of a learner under another name: a registration that turned out to be of the same person.
#[derive(Debug, Serialize, ToSchema)]
struct AlsoKnown {
    learner: LearnerView,
    file: LearnerFileView,
}

/// A group in which a learner is or was.
#[derive(Debug, Serialize, ToSchema)]
struct InGroup {
    name: String,
    when: String,
    /// What the learner is called there.
    called: String,
    /// The meetings at which the learner was.
    #[schema(value_type = Vec<String>)]
    meetings: Vec<LocalDate>,
}

/// All about one learner.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AboutLearner)]
pub(super) struct About {
    made_at: i64,
    learner: LearnerView,
    file: LearnerFileView,
    /// What is kept of the same person under other names.
    also: Vec<AlsoKnown>,
    pairings: Vec<PairingView>,
    groups: Vec<InGroup>,
    recipients: Vec<Recipient>,
    deeds: Vec<Deed>,
}

/// Everything that is kept about a learner: answers, consent, levels, requests, contacts, referrals, pairings with their sessions, who could
/// read it and who did what with it.
#[utoipa::path(get, path = "/api/taalhuis/learners/{learner}/about", tag = "taalhuis", security(("bearer" = [])),
    params(("learner" = Uuid, Path), Format),
    responses((status = 200, body = About),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn about(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(id): Path<Uuid>,
    query: Result<Query<Format>, QueryRejection>,
) -> Result<Response, Problem> {
    actor.need(Role::TaalhuisCoordinator)?;
    let Query(form) = query?;
    let may = feed::may_hold(&state.db.read, actor.organisation, &actor.person, DocumentId(id)).await?;
    let found = if may { content(&state, actor.organisation, DocumentId(id)).await? } else { None };
    let Some(Content::Learner(learner)) = found else { return Err(Problem::new(ProblemKind::NotFound)) };
    let all = gather(&state, &actor, LearnerId(id), learner).await?;
    let mut line = audit::Line::of_device("export_learner", actor.person.user.0, actor.device.0);
    line.document = Some(id);
    audit::note(&state.db.write, actor.organisation.0, state.clock.now(), line).await?;
    subject_access::file(&form.format, &all, || page(&all, form.words(Words::Dutch)))
}

async fn file_of(state: &AppState, actor: &Actor, id: LearnerId) -> Result<LearnerFileView, Problem> {
    Ok(match content(state, actor.organisation, id.file()).await? {
        Some(Content::LearnerFile(file)) => file,
        _ => LearnerFileView::default(),
    })
}

/// What is kept under these other names.
async fn also_known(
    state: &AppState,
    actor: &Actor,
    names: impl Iterator<Item = LearnerId>,
) -> Result<Vec<AlsoKnown>, Problem> {
    let mut also = Vec::new();
    for name in names {
        if let Some(Content::Learner(learner)) =
            content(state, actor.organisation, DocumentId(name.0)).await?
        {
            also.push(AlsoKnown { learner, file: file_of(state, actor, name).await? });
        }
    }
    Ok(also)
}

/// What a group tells of somebody with these names; nothing when it tells nothing.
fn in_group(group: &GroupView, names: &BTreeSet<LearnerId>) -> Option<InGroup> {
    let called = group.members.iter().find(|(id, _)| names.contains(id)).map(|(_, name)| name.clone());
    let was_there =
        group.meetings.iter().filter(|meeting| meeting.present.iter().any(|id| names.contains(id)));
    let meetings: Vec<LocalDate> = was_there.filter_map(|meeting| meeting.on).collect();
    (called.is_some() || !meetings.is_empty()).then(|| InGroup {
        name: group.name.clone(),
        when: group.when.clone(),
        called: called.unwrap_or_default(),
        meetings,
    })
}

async fn gather(
    state: &AppState,
    actor: &Actor,
    id: LearnerId,
    learner: LearnerView,
) -> Result<About, Problem> {
    let db = &state.db.read;
    let own = actor.organisation.0;
    let file = file_of(state, actor, id).await?;
    let names: BTreeSet<LearnerId> =
        names_of(db, actor.organisation, id.0).await?.into_iter().map(LearnerId).collect();
    let also = also_known(state, actor, names.iter().copied().filter(|name| *name != id)).await?;
    let documents: Vec<Uuid> = names.iter().flat_map(|name| [name.0, name.file().0]).collect();
    let (mut pairings, mut groups) = (Vec::new(), Vec::new());
    let mut telling = BTreeSet::new();
    for name in &names {
        telling.extend(telling_of(db, actor.organisation, name.0).await?);
    }
    for told in telling {
        match content(state, actor.organisation, DocumentId(told)).await? {
            Some(Content::Pairing(view)) => pairings.push(view),
            Some(Content::Group(view)) => groups.extend(in_group(&view, &names)),
            _ => {}
        }
    }
    let accounts = user::Entity::find().filter(user::Column::OrganisationId.eq(own)).all(db).await?;
    let name = |id: Option<Uuid>| {
        let found = accounts.iter().find(|account| Some(account.id) == id);
        found.map(|account| account.name.clone()).unwrap_or_default()
    };
    let grants = grant::Entity::find()
        .filter(grant::Column::OrganisationId.eq(own))
        .filter(grant::Column::DocumentId.is_in(documents.clone()))
        .filter(grant::Column::GrantedFeed.is_not_null())
        .all(db)
        .await?;
    let mut recipients: Vec<Recipient> = grants
        .into_iter()
        .filter_map(|row| {
            let who = match row.audience.parse().ok()? {
                Audience::Worker(_, _, user) => name(Some(user.0)),
                Audience::Team(_, role) => word(Words::Dutch, "role", role.as_str()),
                Audience::Branch(_) => return None,
            };
            Some(Recipient { who, now: row.revoked_feed.is_none() })
        })
        .collect();
    recipients.sort_by(|one, other| one.who.cmp(&other.who));
    recipients.dedup_by(|one, other| one.who == other.who && one.now == other.now);
    let deeds = audit_row::Entity::find()
        .filter(audit_row::Column::OrganisationId.eq(own))
        .filter(audit_row::Column::DocumentId.is_in(documents))
        .order_by_asc(audit_row::Column::At)
        .all(db)
        .await?;
    Ok(About {
        made_at: state.clock.now().as_millis(),
        learner,
        file,
        also,
        pairings,
        groups,
        recipients,
        deeds: deeds
            .into_iter()
            .map(|row| Deed { at: row.at, by: name(row.user_id), act: row.act })
            .collect(),
    })
}

/// The page for the learner: plain, printable, nothing from elsewhere.
fn page(all: &About, words: Words) -> String {
    html! {
        (DOCTYPE)
        html lang=(words.code()) {
            head { meta charset="utf-8"; title { (words.about_title()) } }
            body {
                h1 { (words.about_title()) }
                p { (words.about_intro(day(all.made_at))) }
                (told(words, &all.learner, &all.file))
                @for other in &all.also {
                    h2 { (words.also_known_as(other.learner.answers.get("call_name"))) }
                    (told(words, &other.learner, &other.file))
                }
                h2 { (words.pairings_title()) }
                @for pairing in &all.pairings { (met(words, pairing)) }
                @if !all.groups.is_empty() { h2 { (words.place_groups()) } }
                @for group in &all.groups {
                    p { (group.name) ", " (group.when) @if !group.called.is_empty() { ": " (group.called) } }
                    ul { @for on in &group.meetings { li { (date(Some(*on))) } } }
                }
                h2 { (words.about_recipients()) }
                ul { @for one in &all.recipients { li { (one.who) } } }
                h2 { (words.about_deeds()) }
                ul { @for deed in &all.deeds { li { (day(deed.at)) ", " (deed.by) ": " (deed_word(words, &deed.act)) } } }
            }
        }
    }
    .into_string()
}

/// What is kept under one name.
fn told(words: Words, learner: &LearnerView, file: &LearnerFileView) -> Markup {
    let list = |list: &str, one: &str| words.answer(list, one).to_owned();
    html! {
        h2 { (words.about_profile()) }
        dl {
            dt { (words.about_way()) } dd { (list("way", file.way.as_str())) }
            @for (asked, on) in [
                (words.double_registered(), file.registered_on),
                (words.double_intake(), file.intake_on),
                (words.about_ended(), file.ended_on),
            ] {
                @if on.is_some() { dt { (asked) } dd { (date(on)) } }
            }
            @if let Some(reason) = file.end_reason { dt { (words.why_ends()) } dd { (list("end_reason", reason.as_str())) } }
            @if let Some(reason) = file.wait_reason { dt { (words.why_waiting()) } dd { (list("wait", reason.as_str())) } }
            @for (asked, told) in answered(words, LEARNER, &learner.answers).chain(answered(words, FILE, &file.answers)) {
                dt { (asked) } dd { (told) }
            }
        }
        h2 { (words.consents_title()) }
        ul { @for one in &learner.consents {
            li { (date(one.on)) ": " (list("purpose", one.purpose.as_str())) ": " (list("", if one.given { "yes" } else { "no" })) }
        } }
        h2 { (words.requests_title()) }
        ul { @for one in &file.requests {
            li {
                (date(one.on)) ": " (list("topic", one.topic.as_str())) ", " (list("application", one.application.as_str())) ". "
                (one.wish) " " (one.goal) " " (one.desired) " " (one.advised) " " (one.agreed)
                ul { @for told in &one.evaluations {
                    li { (date(told.on)) ": " (list("reached", told.reached.as_str())) " " (told.note) }
                } }
            }
        } }
        h2 { (words.levels_title()) }
        ul { @for one in &file.levels {
            li {
                (date(one.on)) ": " (list("skill", one.skill.as_str())) " " (list("level", &one.level)) " ("
                (list("instrument", one.instrument.as_str())) ") " (one.note)
            }
        } }
        h2 { (words.contacts_title()) }
        ul { @for one in &file.contacts {
            li { (date(one.on)) ": " (list("contact", one.contact.as_str())) " " (one.note) }
        } }
        h2 { (words.referrals_title()) }
        ul { @for one in &file.referrals {
            li { (date(one.on)) ": " (one.partner) " " (one.what) " " (went(words, one)) }
        } }
    }
}

/// What became of a referral: whether the learner arrived, and what the learner follows or followed there.
fn went(words: Words, referral: &ReferralView) -> Markup {
    let arrived = match referral.has_arrived {
        Some(true) => words.has_arrived(),
        Some(false) => words.has_not_arrived(),
        None => "",
    };
    html! {
        (arrived)
        @if let Some(followed) = &referral.participation {
            @let offer = words.answer("offer", followed.offer.as_str());
            ". "
            @match followed.finished_on {
                None => (words.participation_runs(date(Some(followed.began_on)), offer)),
                end => (words.participation_ended(date(end), offer, followed.reason.map_or("", |why| words.answer("end_reason", why.as_str())))),
            }
            ". " (words.answer("course_form", followed.form.as_str()))
            @if followed.is_formal { ", " (words.participation_is_formal()) }
            @if followed.has_certificate { ", " (words.participation_is_certified()) }
        }
    }
}

/// What a pairing tells.
fn met(words: Words, pairing: &PairingView) -> Markup {
    let list = |list: &str, one: &str| words.answer(list, one).to_owned();
    html! {
        p { (list("pairing", pairing.state().as_str())) " " (pairing.works) " " (pairing.material) " " (pairing.goal) }
        ul {
            @for step in &pairing.steps { li { (date(step.on)) ": " (list("pairing", step.state.as_str())) " " (step.note) } }
            @for one in &pairing.sessions {
                li {
                    (date(one.on)) ": " (words.minutes_short(one.minutes))
                    @if let Some(place) = one.place { ", " (list("places", place.as_str())) }
                    ", " (list("mood", one.mood.as_str())) " " (one.note)
                }
            }
            @for one in &pairing.checks { li { (date(one.on)) ": " (list("check", one.goes.as_str())) " " (one.note) } }
        }
    }
}
