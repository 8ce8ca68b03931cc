//! Forgetting by itself: what was kept long enough goes, every night and by `noaber erase`. The terms are those of the
//! configuration and of `docs/decisions/0014-forgetting.md`; there is no legal term for this data, so no longer than needed.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QuerySelect as _,
};
use sync_core::deliveries::view::SignalView;
use sync_core::deliveries::{ReaderStatus, SignalState};
use sync_core::document::DocumentKind;
use sync_core::ids::{DocumentId, LearnerId, OrganisationId};
use sync_core::summary::Summary;
use sync_core::sync::message::Verdict;
use sync_core::sync::packed::Packed;
use sync_core::taalhuis::view::GroupView;
use sync_core::time::{DAY_MS, LocalDate, Timestamp, days_after};
use uuid::Uuid;

use crate::audit;
use crate::auth::entity::user;
use crate::config::Config;
use crate::db::{Db, begin_write};
use crate::deliveries::entity::{delivery_log, reader, round, signal};
use crate::erasing::{self, Whom};
use crate::people;
use crate::people::entity::{invitation, mail};
use crate::problem::Problem;
use crate::reminders::entity::reminder;
use crate::settings::Settings;
use crate::sync::apply::apply;
use crate::sync::entity::{audit as audit_row, command, document, organisation};
use crate::sync::writer::announce;
use crate::sync::{anew, whole};
use crate::taalhuis::entity::learner;
use crate::taalhuis::projection::{names_of, pairings_of};

/// Invitations that are over stay so many days, so that *I never got it* can be looked into.
const INVITATION_DAYS: i64 = 30;
/// That a mail which comes by itself was sent is known for so many days.
const REMINDER_DAYS: i64 = 90;
/// What a refused act would have done stays so many days after somebody dealt with it.
const REFUSED_DAYS: i64 = 90;
/// And a year when nobody dealt with it.
const UNSETTLED_DAYS: i64 = 365;

/// How long things are kept, in days.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// A reader who stopped, after the last contact.
    pub reader: i64,
    /// The account of somebody who left, after that day.
    pub person: i64,
    /// A mail, after it was sent or given up.
    pub mail: i64,
}

impl Terms {
    /// The terms that this library decided.
    pub async fn of(
        db: &impl ConnectionTrait,
        config: &Config,
        organisation: OrganisationId,
    ) -> Result<Self, Problem> {
        let settings = Settings::of(db, config, organisation).await?;
        Ok(Self {
            reader: i64::from(settings.retention_reader_days),
            person: i64::from(settings.retention_person_days),
            mail: i64::from(settings.retention_mail_days),
        })
    }
}

/// What goes in one organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Readers who stopped long ago.
    pub readers: Vec<Uuid>,
    /// People who left long ago.
    pub people: Vec<Uuid>,
    /// Mails that were sent or given up.
    pub mails: u64,
    /// Invitations that are over.
    pub invitations: u64,
    /// Bodies of refused acts that were dealt with, or that nobody dealt with for long.
    pub refused_acts: u64,
    /// Rounds of long ago, of which only the counts stay.
    pub rounds: Vec<Uuid>,
    /// Worries of long ago, of which only the counts stay.
    pub signals: Vec<Uuid>,
    /// Learners who stopped long ago, or of whom nothing was noted for as long.
    pub learners: Vec<Uuid>,
}

fn before(now: Timestamp, days: i64) -> i64 {
    now.as_millis() - days * DAY_MS
}

fn mails(organisation: OrganisationId, until: i64) -> Condition {
    let over = Condition::any().add(mail::Column::SentAt.lt(until)).add(mail::Column::DeadAt.lt(until));
    Condition::all().add(mail::Column::OrganisationId.eq(organisation.0)).add(over)
}

fn invitations(organisation: OrganisationId, until: i64) -> Condition {
    Condition::all()
        .add(invitation::Column::OrganisationId.eq(organisation.0))
        .add(invitation::Column::ExpiresAt.lt(until))
}

fn refused_acts(organisation: OrganisationId, now: Timestamp) -> Condition {
    Condition::all()
        .add(command::Column::OrganisationId.eq(organisation.0))
        .add(
            Condition::any()
                .add(command::Column::SettledAt.lt(before(now, REFUSED_DAYS)))
                .add(command::Column::ReceivedAt.lt(before(now, UNSETTLED_DAYS))),
        )
        .add(command::Column::Body.is_not_null())
}

/// The rounds of before this term that still tell more than counts: whom to visit, or what was wished and noted.
async fn told_rounds(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    term: i64,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbErr> {
    let old: Vec<Uuid> = round::Entity::find()
        .select_only()
        .column(round::Column::Id)
        .filter(round::Column::OrganisationId.eq(organisation.0))
        .filter(round::Column::PlannedOn.lt(days_after(now.local_date(), -term)))
        .into_tuple()
        .all(db)
        .await?;
    let mut told = Vec::new();
    for ids in old.chunks(500) {
        let rows: Vec<(Uuid, String, Vec<u8>)> = document::Entity::find()
            .select_only()
            .column(document::Column::Id)
            .column(document::Column::Kind)
            .column(document::Column::Summary)
            .filter(document::Column::OrganisationId.eq(organisation.0))
            .filter(document::Column::Id.is_in(ids.to_vec()))
            .filter(document::Column::Erased.eq(false))
            .into_tuple()
            .all(db)
            .await?;
        told.extend(rows.into_iter().filter_map(|(id, kind, summary)| {
            match Summary::unpack(&kind, &Packed::Cbor(summary))? {
                Summary::Round(row) if row.stops.iter().any(|stop| stop.reader.is_some()) => Some(id),
                _ => None,
            }
        }));
    }
    Ok(told)
}

/// The worries of before this term that were settled and still have words.
async fn told_signals(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    term: i64,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbErr> {
    let old: Vec<Uuid> = signal::Entity::find()
        .select_only()
        .column(signal::Column::Id)
        .filter(signal::Column::OrganisationId.eq(organisation.0))
        .filter(signal::Column::State.eq(SignalState::Settled.as_str()))
        .filter(signal::Column::RaisedAt.lt(before(now, term)))
        .into_tuple()
        .all(db)
        .await?;
    let mut told = Vec::new();
    for id in old {
        let Ok(Ok(document)) = whole(db, organisation, DocumentId(id)).await else { continue };
        let view = SignalView::read(&document);
        if !view.note.is_empty() || !view.answer.is_empty() || view.reader.is_some() {
            told.push(id);
        }
    }
    Ok(told)
}

/// When a reader was last heard of: a visit, or an act on the reader.
async fn last_contact(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<Option<i64>, DbErr> {
    let visit: Option<Option<i64>> = delivery_log::Entity::find()
        .select_only()
        .column_as(delivery_log::Column::LoggedAt.max(), "at")
        .filter(delivery_log::Column::OrganisationId.eq(organisation.0))
        .filter(delivery_log::Column::ReaderId.eq(id))
        .into_tuple()
        .one(db)
        .await?;
    let act: Option<Option<i64>> = audit_row::Entity::find()
        .select_only()
        .column_as(audit_row::Column::At.max(), "at")
        .filter(audit_row::Column::OrganisationId.eq(organisation.0))
        .filter(audit_row::Column::DocumentId.eq(id))
        .into_tuple()
        .one(db)
        .await?;
    Ok(visit.flatten().max(act.flatten()))
}

/// The learners who stopped before this term, or were never said to have stopped, and of whom nothing was noted since: no act on them
/// or on one of their pairings, and no meeting of a group (domain 3.11: two years after the last contact).
async fn gone_learners(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    term: i64,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbErr> {
    let since = days_after(now.local_date(), -term);
    let stopped = learner::Column::EndedOn.lt(since);
    let silent = Condition::all()
        .add(learner::Column::EndedOn.is_null())
        .add(learner::Column::JoinedInto.is_null())
        .add(learner::Column::RegisteredOn.lt(since));
    let found: Vec<Uuid> = learner::Entity::find()
        .select_only()
        .column(learner::Column::LearnerId)
        .filter(learner::Column::OrganisationId.eq(organisation.0))
        .filter(learner::Column::LearnerId.is_not_null())
        .filter(Condition::any().add(stopped).add(silent))
        .into_tuple()
        .all(db)
        .await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let present = present_since(db, organisation, since).await?;
    let mut gone = Vec::new();
    for id in found {
        // What is known under every name of one person goes together: a word under one of them keeps all.
        let names = names_of(db, organisation, id).await?;
        if names.iter().any(|name| present.contains(&LearnerId(*name))) {
            continue;
        }
        let mut heard = None;
        for name in names {
            let own = [name, LearnerId(name).file().0];
            for document in own.into_iter().chain(pairings_of(db, organisation, name).await?) {
                heard = heard.max(last_contact(db, organisation, document).await?);
            }
        }
        if heard.is_none_or(|at| at < before(now, term)) {
            gone.push(id);
        }
    }
    Ok(gone)
}

/// The learners who were at a meeting of a group since this day.
async fn present_since(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    since: LocalDate,
) -> Result<BTreeSet<LearnerId>, DbErr> {
    // A Taalhuis has a handful of groups.
    let groups: Vec<Uuid> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .filter(document::Column::OrganisationId.eq(organisation.0))
        .filter(document::Column::Kind.eq(DocumentKind::Group.as_str()))
        .filter(document::Column::Erased.eq(false))
        .into_tuple()
        .all(db)
        .await?;
    let mut present = BTreeSet::new();
    for id in groups {
        let Ok(Ok(document)) = whole(db, organisation, DocumentId(id)).await else { continue };
        let meetings = GroupView::read(&document).meetings.into_iter();
        present.extend(meetings.filter(|one| one.on >= Some(since)).flat_map(|one| one.present));
    }
    Ok(present)
}

/// What goes now.
pub async fn due(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    terms: Terms,
    now: Timestamp,
) -> Result<Due, DbErr> {
    let stopped = ReaderStatus::ALL.iter().filter(|status| status.is_over()).map(|status| status.as_str());
    let candidates: Vec<Uuid> = reader::Entity::find()
        .select_only()
        .column(reader::Column::Id)
        .filter(reader::Column::OrganisationId.eq(organisation.0))
        .filter(reader::Column::Status.is_in(stopped))
        .into_tuple()
        .all(db)
        .await?;
    let mut readers = Vec::new();
    for id in candidates {
        if last_contact(db, organisation, id).await?.is_some_and(|at| at < before(now, terms.reader)) {
            readers.push(id);
        }
    }
    let people = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::OrganisationId.eq(organisation.0))
        .filter(user::Column::EndedAt.lt(before(now, terms.person)))
        .filter(user::Column::Name.ne(""))
        .into_tuple()
        .all(db)
        .await?;
    Ok(Due {
        readers,
        people,
        mails: mail::Entity::find().filter(mails(organisation, before(now, terms.mail))).count(db).await?,
        invitations: invitation::Entity::find()
            .filter(invitations(organisation, before(now, INVITATION_DAYS)))
            .count(db)
            .await?,
        refused_acts: command::Entity::find().filter(refused_acts(organisation, now)).count(db).await?,
        rounds: told_rounds(db, organisation, terms.reader, now).await?,
        signals: told_signals(db, organisation, terms.reader, now).await?,
        learners: gone_learners(db, organisation, terms.reader, now).await?,
    })
}

/// Erases what was kept long enough in one organisation; what it was.
pub async fn erase(
    db: &Db,
    organisation: OrganisationId,
    terms: Terms,
    now: Timestamp,
) -> Result<Due, Problem> {
    people::note_left(db, organisation, now).await?;
    let tx = begin_write(&db.write).await?;
    let due = due(&tx, organisation, terms, now).await?;
    if due == Due::default() {
        return Ok(due);
    }
    let readers = erasing::acts(&tx, organisation, Whom::Reader, &due.readers, now).await?;
    let learners = erasing::acts(&tx, organisation, Whom::Learner, &due.learners, now).await?;
    for result in apply(&tx, &[readers, learners]).await?.into_iter().flat_map(|applied| applied.results) {
        // The others are erased all the same; this one is due again tomorrow.
        if let Verdict::Refused { problem, .. } = result.verdict {
            tracing::error!(
                problem = problem.slug(),
                "something that was kept long enough could not be erased"
            );
        }
    }
    for person in &due.people {
        people::forget(&tx, organisation, *person, now).await?;
        let line = audit::Line {
            act: "forget_person".to_owned(),
            document: Some(*person),
            ..audit::Line::default()
        };
        audit::note(&tx, organisation.0, now, line).await?;
    }
    anew::note(&tx, organisation, due.rounds.iter().chain(&due.signals).copied(), anew::ALL).await?;
    mail::Entity::delete_many().filter(mails(organisation, before(now, terms.mail))).exec(&tx).await?;
    invitation::Entity::delete_many()
        .filter(invitations(organisation, before(now, INVITATION_DAYS)))
        .exec(&tx)
        .await?;
    command::Entity::update_many()
        .col_expr(command::Column::Body, Expr::value(None::<Vec<u8>>))
        .filter(refused_acts(organisation, now))
        .exec(&tx)
        .await?;
    reminder::Entity::delete_many()
        .filter(reminder::Column::OrganisationId.eq(organisation.0))
        .filter(reminder::Column::SentAt.lt(before(now, REMINDER_DAYS)))
        .exec(&tx)
        .await?;
    let line = audit::Line { act: "retention".to_owned(), ..audit::Line::default() };
    audit::note(&tx, organisation.0, now, line).await?;
    announce(db, &tx, organisation).await?;
    tx.commit().await?;
    anew::write_due(db, organisation, now).await?;
    overwrite(db).await?;
    Ok(due)
}

/// Every organisation of this installation.
pub async fn organisations(db: &impl ConnectionTrait) -> Result<Vec<OrganisationId>, DbErr> {
    let ids: Vec<Uuid> = organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(OrganisationId).collect())
}

/// How many documents were erased up to now.
pub async fn erased(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    document::Entity::find().filter(document::Column::Erased.eq(true)).count(db).await
}

/// Takes what was erased out of the files: SQLite overwrites freed pages by itself, but its log still holds what stood there
/// before. PostgreSQL does this in its own time (autovacuum).
pub async fn overwrite(db: &Db) -> Result<(), DbErr> {
    if db.is_postgres() {
        return Ok(());
    }
    db.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.map(drop)
}
