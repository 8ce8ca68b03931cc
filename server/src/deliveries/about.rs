//! Everything that is kept about one reader, for the reader: the right of access (AVG, article 15), as a page to read and as
//! JSON for a program.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{DOCTYPE, html};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::Serialize;
use serde_json::Value;
use sync_core::access::{Audience, Role};
use sync_core::deliveries::ReaderStatus;
use sync_core::deliveries::view::{ReaderView, RoundView, SignalView};
use sync_core::ids::{DocumentId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::summary::Content;
use sync_core::time::{LocalDate, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;
use words::Words;

use crate::app_state::AppState;
use crate::audit;
use crate::auth::Actor;
use crate::auth::entity::user;
use crate::auth::proof::Proven;
use crate::problem::{Problem, ProblemBody};
use crate::subject_access::{self, Format, content, day, deed_word, word};
use crate::sync::entity::{audit as audit_row, branch, document, grant};
use crate::sync::feed;

/// A visit, or one that is planned.
#[derive(Debug, Serialize, ToSchema)]
struct Visit {
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<LocalDate>,
    round: String,
    bring: String,
    fetch: String,
    logs: Vec<Log>,
}

/// What was noted of a visit, what was taken back included.
#[derive(Debug, Serialize, ToSchema)]
struct Log {
    at: i64,
    by: String,
    outcome: Option<String>,
    items_out: Option<u16>,
    items_in: Option<u16>,
    wish: String,
    note: String,
}

/// A worry that was passed on.
#[derive(Debug, Serialize, ToSchema)]
struct Worry {
    at: i64,
    by: String,
    note: String,
    answer: String,
}

/// Who could read it.
#[derive(Debug, Serialize, ToSchema)]
struct Recipient {
    who: String,
    from: Option<i64>,
    until: Option<i64>,
}

/// Who did what with it.
#[derive(Debug, Serialize, ToSchema)]
struct Deed {
    at: i64,
    by: String,
    act: String,
}

/// All about one reader.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct About {
    made_at: i64,
    status: &'static str,
    #[schema(value_type = Object)]
    profile: Value,
    visits: Vec<Visit>,
    worries: Vec<Worry>,
    recipients: Vec<Recipient>,
    deeds: Vec<Deed>,
}

/// Everything that is kept about a reader: the profile, visits and worries, who could read it, who did what with it.
#[utoipa::path(get, path = "/api/deliveries/readers/{reader}/about", tag = "deliveries", security(("bearer" = [])),
    params(("reader" = Uuid, Path), Format),
    responses((status = 200, body = About),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn about(
    State(state): State<AppState>,
    Proven(actor): Proven,
    Path(reader): Path<Uuid>,
    query: Result<Query<Format>, QueryRejection>,
) -> Result<Response, Problem> {
    actor.need(Role::DeliveryCoordinator)?;
    let Query(form) = query?;
    let db = &state.db.read;
    let may = feed::may_hold(db, actor.organisation, &actor.person, DocumentId(reader)).await?;
    let Some(Content::Reader(view)) =
        (if may { content(&state, actor.organisation, DocumentId(reader)).await? } else { None })
    else {
        return Err(Problem::new(ProblemKind::NotFound));
    };
    let now = state.clock.now();
    let all = gather(&state, &actor, reader, view, now).await?;
    let mut line = audit::Line::of_device("export_reader", actor.person.user.0, actor.device.0);
    line.document = Some(reader);
    audit::note(&state.db.write, actor.organisation.0, now, line).await?;
    subject_access::file(&form.format, &all, || page(&all, form.words(Words::Dutch)))
}

/// Names of people, as far as their accounts are there.
struct Names(BTreeMap<Uuid, String>);

impl Names {
    fn of(&self, user: Option<Uuid>) -> String {
        user.and_then(|user| self.0.get(&user).cloned()).unwrap_or_default()
    }
}

async fn gather(
    state: &AppState,
    actor: &Actor,
    reader: Uuid,
    view: ReaderView,
    now: Timestamp,
) -> Result<About, Problem> {
    let db = &state.db.read;
    let organisation = actor.organisation.0;
    let accounts = user::Entity::find().filter(user::Column::OrganisationId.eq(organisation)).all(db).await?;
    let names = Names(accounts.into_iter().map(|account| (account.id, account.name)).collect());
    // Rounds and worries name a reader inside; this is asked a few times a year, so each is opened.
    let ids: Vec<Uuid> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .filter(document::Column::OrganisationId.eq(organisation))
        .filter(document::Column::Kind.is_in(["round", "signal"]))
        .filter(document::Column::Erased.eq(false))
        .into_tuple()
        .all(db)
        .await?;
    let (mut visits, mut worries) = (Vec::new(), Vec::new());
    for id in ids {
        match content(state, actor.organisation, DocumentId(id)).await? {
            Some(Content::Round(round)) => visits.extend(visits_in(&round, reader, &names)),
            Some(Content::Signal(signal)) if signal.reader.is_some_and(|about| about.0 == reader) => {
                worries.push(worry(signal, &names));
            }
            _ => {}
        }
    }
    visits.sort_by_key(|visit| visit.on);
    worries.sort_by_key(|worry| worry.at);
    let deeds = audit_row::Entity::find()
        .filter(audit_row::Column::OrganisationId.eq(organisation))
        .filter(audit_row::Column::DocumentId.eq(reader))
        .order_by_asc(audit_row::Column::At)
        .all(db)
        .await?;
    Ok(About {
        made_at: now.as_millis(),
        status: view.status.as_str(),
        profile: serde_json::to_value(&view.profile).map_err(Problem::failure)?,
        visits,
        worries,
        recipients: recipients(state, actor, reader, &names).await?,
        deeds: deeds
            .into_iter()
            .map(|row| Deed { at: row.at, by: names.of(row.user_id), act: row.act })
            .collect(),
    })
}

fn visits_in(round: &RoundView, reader: Uuid, names: &Names) -> Vec<Visit> {
    let stops = round.stops.iter().filter(|stop| stop.reader.is_some_and(|of| of.0 == reader));
    stops
        .map(|stop| Visit {
            on: round.on.first().copied(),
            round: round.name.clone(),
            bring: stop.bring.join(" / "),
            fetch: stop.fetch.join(" / "),
            logs: round
                .history
                .iter()
                .filter(|log| log.stop == stop.stop)
                .map(|log| Log {
                    at: log.at.as_millis(),
                    by: names.of(log.by.map(|by| by.0)),
                    outcome: log.outcome.map(|outcome| outcome.as_str().to_owned()),
                    items_out: log.items_out,
                    items_in: log.items_in,
                    wish: log.wish.clone(),
                    note: log.note.clone(),
                })
                .collect(),
        })
        .collect()
}

fn worry(signal: SignalView, names: &Names) -> Worry {
    Worry {
        at: signal.at.as_millis(),
        by: names.of(signal.by.map(|by| by.0)),
        note: signal.note,
        answer: signal.answer,
    }
}

async fn recipients(
    state: &AppState,
    actor: &Actor,
    reader: Uuid,
    names: &Names,
) -> Result<Vec<Recipient>, Problem> {
    let db = &state.db.read;
    let branches = branch::Entity::find()
        .filter(branch::Column::OrganisationId.eq(actor.organisation.0))
        .all(db)
        .await?;
    let place = |id: Uuid| {
        branches.iter().find(|branch| branch.id == id).map(|branch| branch.name.clone()).unwrap_or_default()
    };
    let rows = grant::Entity::find()
        .filter(grant::Column::OrganisationId.eq(actor.organisation.0))
        .filter(grant::Column::DocumentId.eq(reader))
        .filter(grant::Column::GrantedFeed.is_not_null())
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let who = match row.audience.parse().ok()? {
                Audience::Worker(_, _, UserId(user)) => names.of(Some(user)),
                Audience::Branch(branch) => place(branch.0),
                Audience::Team(branch, role) => {
                    let role = word(Words::Dutch, "role", role.as_str());
                    format!("{role}, {}", place(branch.0))
                }
            };
            Some(Recipient { who, from: row.starts_at, until: row.ends_at })
        })
        .collect())
}

fn value(words: Words, key: &str, value: &Value) -> String {
    match value {
        Value::String(text) if key == "frequency" => word(words, "frequency", text),
        Value::String(text) if key == "day_segment" => word(words, "segment", text),
        Value::String(text) => text.clone(),
        Value::Bool(yes) => (if *yes { words.about_yes() } else { "" }).to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The page for the reader: plain, printable, nothing from elsewhere.
fn page(all: &About, words: Words) -> String {
    let empty = serde_json::Map::new();
    let profile = all.profile.as_object().unwrap_or(&empty);
    let status = ReaderStatus::parse(all.status).unwrap_or_default();
    html! {
        (DOCTYPE)
        html lang=(words.code()) {
            head { meta charset="utf-8"; title { (words.about_title()) } }
            body {
                h1 { (words.about_title()) }
                p { (words.about_intro(day(all.made_at))) }
                h2 { (words.about_profile()) }
                dl {
                    dt { (words.about_status()) } dd { (word(words, "status", status.as_str())) }
                    @for (key, found) in profile {
                        @let text = value(words, key, found);
                        @if !text.is_empty() { dt { (word(words, "about-field", key)) } dd { (text) } }
                    }
                }
                h2 { (words.about_visits()) }
                @if all.visits.is_empty() { p { (words.about_none()) } }
                ul {
                    @for visit in &all.visits {
                        li {
                            @if let Some(on) = visit.on { (on.format("%d-%m-%Y")) } ": " (visit.round)
                            @for part in [&visit.bring, &visit.fetch] { @if !part.is_empty() { "; " (part) } }
                            ul {
                                @for log in &visit.logs {
                                    li {
                                        (day(log.at)) ", " (log.by) ": "
                                        @match &log.outcome {
                                            Some(outcome) => { (word(words, "outcome", outcome)) }
                                            None => { (words.about_taken_back()) }
                                        }
                                        @for part in [&log.wish, &log.note] { @if !part.is_empty() { "; " (part) } }
                                    }
                                }
                            }
                        }
                    }
                }
                h2 { (words.about_worries()) }
                @if all.worries.is_empty() { p { (words.about_none()) } }
                ul {
                    @for worry in &all.worries {
                        li { (day(worry.at)) ", " (worry.by) ": " (worry.note) " " (worry.answer) }
                    }
                }
                h2 { (words.about_recipients()) }
                ul {
                    @for one in &all.recipients {
                        li {
                            (one.who)
                            @if let Some(from) = one.from { ", " (words.about_from(day(from))) }
                            @if let Some(until) = one.until { ", " (words.about_until(day(until))) }
                        }
                    }
                }
                h2 { (words.about_deeds()) }
                ul {
                    @for deed in &all.deeds {
                        li { (day(deed.at)) ", " (deed.by) ": " (deed_word(words, &deed.act)) }
                    }
                }
            }
        }
    }
    .into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync_core::deliveries::ReaderProfile;

    #[test]
    fn every_field_of_a_profile_has_a_word() {
        let profile = serde_json::to_value(ReaderProfile::default()).unwrap();
        for key in profile.as_object().unwrap().keys() {
            assert_ne!(&word(Words::Dutch, "about-field", key), key, "no word for {key}");
        }
    }

    #[test]
    fn what_people_typed_is_text_and_no_page() {
        let profile = ReaderProfile { name: "<script>".to_owned(), ..ReaderProfile::default() };
        let all = About {
            made_at: 0,
            status: "active",
            profile: serde_json::to_value(profile).unwrap(),
            visits: Vec::new(),
            worries: Vec::new(),
            recipients: Vec::new(),
            deeds: Vec::new(),
        };
        assert!(
            page(&all, Words::Dutch).contains("&lt;script&gt;")
                && !page(&all, Words::Dutch).contains("<script>")
        );
    }
}
