//! Everything that is kept about one learner, for the learner: the right of access (AVG, article 15), as a page to read and as JSON for a
//! program.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{DOCTYPE, html};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;
use sync_core::access::{Audience, Role};
use sync_core::ids::{DocumentId, LearnerId};
use sync_core::problem::ProblemKind;
use sync_core::questions::{Answers, Question};
use sync_core::summary::Content;
use sync_core::taalhuis::questions::{FILE, LEARNER};
use sync_core::taalhuis::view::{LearnerFileView, LearnerView, PairingView};
use sync_core::time::LocalDate;
use utoipa::ToSchema;
use uuid::Uuid;
use words::Words;

use super::projection::pairings_of;
use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::auth::entity::user;
use crate::auth::proof::Proven;
use crate::problem::{Problem, ProblemBody};
use crate::subject_access::{self, Format, day, deed_word, word};
use crate::sync::entity::{audit as audit_row, grant};
use crate::sync::{feed, whole};

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

/// All about one learner.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AboutLearner)]
pub(super) struct About {
    made_at: i64,
    learner: LearnerView,
    file: LearnerFileView,
    pairings: Vec<PairingView>,
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
    let Query(Format { format }) = query?;
    let may = feed::may_hold(&state.db.read, actor.organisation, &actor.person, DocumentId(id)).await?;
    let found = if may { content(&state, &actor, DocumentId(id)).await? } else { None };
    let Some(Content::Learner(learner)) = found else { return Err(Problem::new(ProblemKind::NotFound)) };
    let all = gather(&state, &actor, LearnerId(id), learner).await?;
    let mut line = audit::Line::of_device("export_learner", actor.person.user.0, actor.device.0);
    line.document = Some(id);
    audit::note(&state.db.write, actor.organisation.0, state.clock.now(), line).await?;
    subject_access::file(&format, &all, || page(&all))
}

/// What a document says; nothing when it is not there.
async fn content(state: &AppState, actor: &Actor, id: DocumentId) -> Result<Option<Content>, Problem> {
    match whole(&state.db.read, actor.organisation, id).await {
        Ok(document) => Ok(Content::read(&document.map_err(Problem::failure)?)),
        Err(problem) if problem.kind() == ProblemKind::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}

async fn gather(
    state: &AppState,
    actor: &Actor,
    id: LearnerId,
    learner: LearnerView,
) -> Result<About, Problem> {
    let db = &state.db.read;
    let own = actor.organisation.0;
    let file = match content(state, actor, id.file()).await? {
        Some(Content::LearnerFile(file)) => file,
        _ => LearnerFileView::default(),
    };
    let mut pairings = Vec::new();
    for pairing in pairings_of(db, actor.organisation, id.0).await? {
        if let Some(Content::Pairing(view)) = content(state, actor, DocumentId(pairing)).await? {
            pairings.push(view);
        }
    }
    let accounts = user::Entity::find().filter(user::Column::OrganisationId.eq(own)).all(db).await?;
    let name = |id: Option<Uuid>| {
        let found = accounts.iter().find(|account| Some(account.id) == id);
        found.map(|account| account.name.clone()).unwrap_or_default()
    };
    let grants = grant::Entity::find()
        .filter(grant::Column::OrganisationId.eq(own))
        .filter(grant::Column::DocumentId.is_in([id.0, id.file().0]))
        .filter(grant::Column::GrantedFeed.is_not_null())
        .all(db)
        .await?;
    let mut recipients: Vec<Recipient> = grants
        .into_iter()
        .filter_map(|row| {
            let who = match row.audience.parse().ok()? {
                Audience::Worker(_, _, user) => name(Some(user.0)),
                Audience::Team(_, role) => word("role", role.as_str()),
                Audience::Branch(_) => return None,
            };
            Some(Recipient { who, now: row.revoked_feed.is_none() })
        })
        .collect();
    recipients.sort_by(|one, other| one.who.cmp(&other.who));
    recipients.dedup_by(|one, other| one.who == other.who && one.now == other.now);
    let deeds = audit_row::Entity::find()
        .filter(audit_row::Column::OrganisationId.eq(own))
        .filter(audit_row::Column::DocumentId.is_in([id.0, id.file().0]))
        .order_by_asc(audit_row::Column::At)
        .all(db)
        .await?;
    Ok(About {
        made_at: state.clock.now().as_millis(),
        learner,
        file,
        pairings,
        recipients,
        deeds: deeds
            .into_iter()
            .map(|row| Deed { at: row.at, by: name(row.user_id), act: row.act })
            .collect(),
    })
}

fn date(on: Option<LocalDate>) -> String {
    on.map(|on| on.format("%d-%m-%Y").to_string()).unwrap_or_default()
}

/// The answers to these questions, as a person reads them.
fn answered<'a>(
    questions: &'a [Question],
    answers: &'a Answers,
) -> impl Iterator<Item = (&'static str, String)> + 'a {
    let words = Words::Dutch;
    questions.iter().filter(|question| !answers.get(question.key).is_empty()).map(move |question| {
        let told: Vec<String> = answers
            .words(question.key)
            .map(|one| {
                let list = if question.key == "languages" { "lang" } else { question.key };
                let told = words.answer(list, one);
                if told.is_empty() { one.to_owned() } else { told.to_owned() }
            })
            .collect();
        // What people typed stands as they typed it.
        let typed = told.iter().map(String::as_str).eq(answers.words(question.key));
        let told = if typed { answers.get(question.key).to_owned() } else { told.join(", ") };
        (words.question(question.key), told)
    })
}

/// The page for the learner: plain, printable, nothing from elsewhere.
fn page(all: &About) -> String {
    let words = Words::Dutch;
    let list = |list: &str, one: &str| words.answer(list, one).to_owned();
    html! {
        (DOCTYPE)
        html lang="nl" {
            head { meta charset="utf-8"; title { (words.about_title()) } }
            body {
                h1 { (words.about_title()) }
                p { (words.about_intro(day(all.made_at))) }
                h2 { (words.about_profile()) }
                dl {
                    @for (asked, told) in answered(LEARNER, &all.learner.answers).chain(answered(FILE, &all.file.answers)) {
                        dt { (asked) } dd { (told) }
                    }
                }
                h2 { (words.consents_title()) }
                ul { @for one in &all.learner.consents {
                    li { (date(one.on)) ": " (list("purpose", one.purpose.as_str())) ": " (list("", if one.given { "yes" } else { "no" })) }
                } }
                h2 { (words.requests_title()) }
                ul { @for one in &all.file.requests {
                    li {
                        (date(one.on)) ": " (one.wish) " " (one.goal)
                        ul { @for told in &one.evaluations {
                            li { (date(told.on)) ": " (list("reached", told.reached.as_str())) " " (told.note) }
                        } }
                    }
                } }
                h2 { (words.levels_title()) }
                ul { @for one in &all.file.levels {
                    li { (date(one.on)) ": " (list("skill", one.skill.as_str())) " " (list("level", &one.level)) " " (one.note) }
                } }
                h2 { (words.contacts_title()) }
                ul { @for one in &all.file.contacts {
                    li { (date(one.on)) ": " (list("contact", one.contact.as_str())) " " (one.note) }
                } }
                h2 { (words.referrals_title()) }
                ul { @for one in &all.file.referrals { li { (date(one.on)) ": " (one.partner) " " (one.what) } } }
                h2 { (words.pairings_title()) }
                @for pairing in &all.pairings {
                    p { (list("pairing", pairing.state().as_str())) " " (pairing.works) " " (pairing.material) " " (pairing.goal) }
                    ul {
                        @for step in &pairing.steps { li { (date(step.on)) ": " (list("pairing", step.state.as_str())) " " (step.note) } }
                        @for one in &pairing.sessions { li { (date(one.on)) ": " (words.minutes_short(one.minutes)) " " (one.note) } }
                        @for one in &pairing.checks { li { (date(one.on)) ": " (list("check", one.goes.as_str())) " " (one.note) } }
                    }
                }
                h2 { (words.about_recipients()) }
                ul { @for one in &all.recipients { li { (one.who) } } }
                h2 { (words.about_deeds()) }
                ul { @for deed in &all.deeds { li { (day(deed.at)) ", " (deed.by) ": " (deed_word(&deed.act)) } } }
            }
        }
    }
    .into_string()
}
