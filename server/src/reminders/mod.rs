//! Mail that comes by itself: the day before a round to whose phone has not fetched it, and once a week to coordinators what
//! waits for them. Each is sent once, names nobody, and can be switched off on its own from a link in it.

pub(crate) mod switch;

use chrono::{Datelike as _, Timelike as _, Weekday};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QuerySelect as _,
};
use sync_core::access::Role;
use sync_core::ids::{OrganisationId, UserId};
use sync_core::time::{DAY_MS, LocalDate, Timestamp, days_after};
use uuid::Uuid;
use words::Words;

use self::entity::reminder;
use crate::app_state::AppState;
use crate::audit;
use crate::auth::entity::{device, membership, user};
use crate::db::begin_write;
use crate::deliveries::entity::signal;
use crate::deliveries::fetched;
use crate::mail::{self, Letter};
use crate::problem::Problem;
use crate::refused::Desk;
use crate::settings::Settings;
use crate::sync::entity::command;

/// The tables.
pub mod entity {
    /// A mail that came by itself: sent once.
    pub mod reminder {
        use sea_orm::entity::prelude::*;

        /// One.
        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "reminders")]
        pub struct Model {
            /// Of which organisation.
            #[sea_orm(primary_key, auto_increment = false)]
            pub organisation_id: Uuid,
            /// To whom; nil for the keeper of the end of the log.
            #[sea_orm(primary_key, auto_increment = false)]
            pub user_id: Uuid,
            /// About what and which day.
            #[sea_orm(primary_key, auto_increment = false)]
            pub about: String,
            /// When it was written.
            pub sent_at: i64,
        }
        impl ActiveModelBehavior for ActiveModel {}
    }

    /// Whether somebody wants a kind of mail.
    pub mod mail_switch {
        use sea_orm::entity::prelude::*;

        /// One switch.
        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "mail_switches")]
        pub struct Model {
            /// Of which organisation.
            #[sea_orm(primary_key, auto_increment = false)]
            pub organisation_id: Uuid,
            /// Whose.
            #[sea_orm(primary_key, auto_increment = false)]
            pub user_id: Uuid,
            /// Which kind of mail.
            #[sea_orm(primary_key, auto_increment = false)]
            pub kind: String,
            /// The hash of what the link in the mail holds.
            pub secret_hash: Vec<u8>,
            /// Since when it is off.
            pub off_at: Option<i64>,
        }
        impl ActiveModelBehavior for ActiveModel {}
    }
}

/// From this hour on Monday what waits is told.
const DIGEST_FROM_HOUR: u32 = 7;

/// Kinds of mail that can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The day before a round.
    Round,
    /// What waits, once a week.
    Digest,
}

impl Kind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Round => "round",
            Self::Digest => "digest",
        }
    }

    /// Its name on the page of the switch.
    pub(crate) const fn name(self, words: Words) -> &'static str {
        match self {
            Self::Round => words.mail_kind_round(),
            Self::Digest => words.mail_kind_digest(),
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Round, Self::Digest].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Whether this is the first time, in this transaction.
async fn first_time(
    tx: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: Uuid,
    about: String,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let row = reminder::ActiveModel {
        organisation_id: Set(organisation.0),
        user_id: Set(user),
        about: Set(about),
        sent_at: Set(now.as_millis()),
    };
    let inserted = reminder::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(tx).await?;
    Ok(matches!(inserted, sea_orm::TryInsertResult::Inserted(rows) if rows > 0))
}

/// Whether it was sent before.
async fn was_sent(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    user: Uuid,
    about: &str,
) -> Result<bool, DbErr> {
    let found = reminder::Entity::find_by_id((organisation.0, user, about.to_owned())).one(db).await?;
    Ok(found.is_some())
}

/// Writes every mail that is due now, in one organisation; how many.
pub async fn write_due(state: &AppState, organisation: OrganisationId) -> Result<usize, Problem> {
    let now = state.clock.now();
    let (today, hour) = (now.local_date(), now.local_time().hour());
    let mut written = 0;
    if hour >= fetched::FROM_HOUR {
        written += rounds_of(state, organisation, days_after(today, 1)).await?;
    }
    if today.weekday() == Weekday::Mon && hour >= DIGEST_FROM_HOUR {
        written += digests(state, organisation, today).await?;
    }
    if !state.config.audit_mail.is_empty() {
        written += end_of_log(state, organisation, today).await?;
    }
    Ok(written)
}

/// To whoever rides on this day and has no device with all addresses on it.
async fn rounds_of(state: &AppState, organisation: OrganisationId, on: LocalDate) -> Result<usize, Problem> {
    let db = &state.db.read;
    let mut written = 0;
    for (rider, round) in fetched::missing_on(db, organisation, on).await? {
        let about = format!("round {round} {on}");
        if !was_sent(db, organisation, rider.0, &about).await? {
            let letter = |words: Words, name: &str, link: &str| {
                (words.mail_round_subject(), words.mail_round_body(link, name))
            };
            let written_now = write(state, organisation, rider, Kind::Round, about, letter).await?;
            written += usize::from(written_now);
        }
    }
    Ok(written)
}

/// To whoever coordinates: how much waits, in numbers. Nothing waits, no mail.
async fn digests(state: &AppState, organisation: OrganisationId, today: LocalDate) -> Result<usize, Problem> {
    let db = &state.db.read;
    // Counted once: whoever has nothing waiting at seven hears nothing that day.
    let all = format!("digests {today}");
    if was_sent(db, organisation, Uuid::nil(), &all).await? {
        return Ok(0);
    }
    let rows = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation.0))
        .filter(membership::Column::Role.eq(Role::DeliveryCoordinator.as_str()))
        .all(db)
        .await?;
    let mut coordinators: Vec<Uuid> = rows.into_iter().map(|row| row.user_id).collect();
    coordinators.sort_unstable();
    coordinators.dedup();
    let quiet_days = Settings::of(db, &state.config, organisation).await?.quiet_days;
    let mut written = 0;
    for id in coordinators {
        let person = crate::auth::person(db, organisation, UserId(id), today).await?;
        let branches: Vec<Uuid> = person
            .memberships
            .iter()
            .filter(|own| own.role == Role::DeliveryCoordinator)
            .map(|own| own.branch.0)
            .collect();
        let waiting = Waiting::count(state, organisation, &branches, quiet_days).await?;
        if waiting == Waiting::default() {
            continue;
        }
        let letter = |words: Words, name: &str, link: &str| {
            (words.mail_digest_subject(), words.mail_digest_body(link, waiting.told(words), name))
        };
        let about = format!("digest {today}");
        let written_now = write(state, organisation, UserId(id), Kind::Digest, about, letter).await?;
        written += usize::from(written_now);
    }
    first_time(&state.db.write, organisation, Uuid::nil(), all, state.clock.now()).await?;
    Ok(written)
}

/// What waits in the branches of a coordinator.
#[derive(Debug, Default, PartialEq, Eq)]
struct Waiting {
    signals: u64,
    refused: u64,
    quiet: u64,
}

impl Waiting {
    async fn count(
        state: &AppState,
        organisation: OrganisationId,
        branches: &[Uuid],
        quiet_days: u16,
    ) -> Result<Self, DbErr> {
        let db = &state.db.read;
        let signals = signal::Entity::find()
            .filter(signal::Column::OrganisationId.eq(organisation.0))
            .filter(signal::Column::BranchId.is_in(branches.to_vec()))
            .filter(signal::Column::State.eq("open"))
            .count(db)
            .await?;
        let refused = command::Entity::find()
            .filter(command::Column::OrganisationId.eq(organisation.0))
            .filter(command::Column::BranchId.is_in(branches.to_vec()))
            .filter(command::Column::Kind.is_in(Desk::Deliveries.kinds()))
            .filter(command::Column::Problem.is_not_null())
            .filter(command::Column::SettledAt.is_null())
            .count(db)
            .await?;
        let deliverers: Vec<Uuid> = membership::Entity::find()
            .select_only()
            .column(membership::Column::UserId)
            .distinct()
            .filter(membership::Column::OrganisationId.eq(organisation.0))
            .filter(membership::Column::BranchId.is_in(branches.to_vec()))
            .filter(membership::Column::Role.eq(Role::Deliverer.as_str()))
            .into_tuple()
            .all(db)
            .await?;
        let since = state.clock.now().as_millis() - i64::from(quiet_days) * DAY_MS;
        let quiet = device::Entity::find()
            .filter(device::Column::OrganisationId.eq(organisation.0))
            .filter(device::Column::UserId.is_in(deliverers))
            .filter(device::Column::RevokedAt.is_null())
            .filter(device::Column::LastContactAt.lt(since))
            .count(db)
            .await?;
        Ok(Self { signals, refused, quiet })
    }

    fn told(&self, words: Words) -> String {
        let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let lines = [
            (self.signals, words.mail_digest_signals(count(self.signals))),
            (self.refused, words.mail_digest_refused(count(self.refused))),
            (self.quiet, words.mail_digest_quiet(count(self.quiet))),
        ];
        let some = lines.into_iter().filter(|(count, _)| *count > 0);
        some.map(|(_, line)| format!("- {line}")).collect::<Vec<_>>().join("\n    ")
    }
}

/// Writes one of these mails, its subject and text in the language of the person, unless it was written before, the person wants none of this kind, or has no address.
async fn write(
    state: &AppState,
    organisation: OrganisationId,
    to: UserId,
    kind: Kind,
    about: String,
    letter: impl FnOnce(Words, &str, &str) -> (&'static str, String),
) -> Result<bool, Problem> {
    let now = state.clock.now();
    let tx = begin_write(&state.db.write).await?;
    let account = user::Entity::find_by_id((organisation.0, to.0)).one(&tx).await?;
    let Some(account) = account.filter(|account| !account.email.is_empty()) else { return Ok(false) };
    let secret = switch::secret(&state.master, organisation, to, kind)?;
    if switch::is_off(&tx, organisation, to, kind, &secret).await?
        || !first_time(&tx, organisation, to.0, about, now).await?
    {
        return Ok(false);
    }
    let link =
        format!("{}/api/mail-switch?secret={secret}", state.config.public_address.trim_end_matches('/'));
    let (subject, body) = letter(account.words(), &account.name, &link);
    let letter = Letter { to, address: &account.email, kind: kind.as_str(), subject, body: &body };
    mail::write(&tx, organisation, now, &letter).await?;
    tx.commit().await?;
    Ok(true)
}

/// Once a day the end of the log leaves the machine: whoever changes the log must change that mail too.
async fn end_of_log(
    state: &AppState,
    organisation: OrganisationId,
    today: LocalDate,
) -> Result<usize, Problem> {
    let now = state.clock.now();
    let about = format!("log {today}");
    if was_sent(&state.db.read, organisation, Uuid::nil(), &about).await? {
        return Ok(0);
    }
    let tx = begin_write(&state.db.write).await?;
    if !first_time(&tx, organisation, Uuid::nil(), about, now).await? {
        return Ok(0);
    }
    let words = Words::Dutch;
    let head = audit::head(&tx, organisation.0).await?;
    let letter = Letter {
        to: UserId(Uuid::nil()),
        address: &state.config.audit_mail,
        kind: "audit_head",
        subject: words.mail_audit_subject(),
        body: &words.mail_audit_body(&head),
    };
    mail::write(&tx, organisation, now, &letter).await?;
    tx.commit().await?;
    Ok(1)
}
