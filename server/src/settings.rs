//! What a library decides for itself, for all its branches. Kept as one row; whatever it does not say is as the configuration of
//! the server says, or as written here.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait as _};
use serde::{Deserialize, Serialize};
use sync_core::access::{Person, Role};
use sync_core::ids::OrganisationId;
use sync_core::pin;
use sync_core::problem::ProblemKind;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::entity::setting;
use crate::app_state::AppState;
use crate::audit;
use crate::auth::proof::Proven;
use crate::auth::{Actor, second_factor};
use crate::config::Config;
use crate::db::begin_write;
use crate::problem::{Problem, ProblemBody};

/// The table.
pub mod entity {
    /// What a library decided.
    pub mod setting {
        use sea_orm::entity::prelude::*;

        /// One decision.
        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "settings")]
        pub struct Model {
            /// Of which organisation.
            #[sea_orm(primary_key, auto_increment = false)]
            pub organisation_id: Uuid,
            /// What about.
            #[sea_orm(primary_key, auto_increment = false)]
            pub key: String,
            /// As JSON.
            pub value: String,
        }
        impl ActiveModelBehavior for ActiveModel {}
    }
}

/// The row of everything below.
const HOUSE: &str = "house";

/// The word for somebody who meets a learner (catalogue 5.2; libraries differ).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BuddyWord {
    /// *Taalmaatje.*
    #[default]
    Taalmaatje,
    /// *Taalvrijwilliger.*
    Taalvrijwilliger,
    /// *Taalcoach.*
    Taalcoach,
}

/// Who must have a second step beside the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondStep {
    /// Whoever wants to.
    Offered,
    /// Everybody who signs in with a password: so it is, unless a library decides otherwise.
    #[default]
    Demanded,
}

/// What a library decides for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How many days a device may use its data without contact: 1 to 365.
    #[schema(example = 35)]
    pub lease_days: u16,
    /// The same for a device with the data of learners on it: 1 to 365.
    #[serde(default = "lease_learner_days")]
    #[schema(example = 14)]
    pub lease_learner_days: u16,
    /// How many days a reader who stopped is kept after the last contact: 30 to 3650.
    #[schema(example = 730)]
    pub retention_reader_days: u16,
    /// How many days the account of somebody who left is kept: 30 to 3650.
    #[schema(example = 730)]
    pub retention_person_days: u16,
    /// How many days a mail is kept after it was sent or given up: 1 to 365.
    #[schema(example = 30)]
    pub retention_mail_days: u16,
    /// After how many days without contact a device is told of: 1 to 365.
    #[schema(example = 7)]
    pub quiet_days: u16,
    /// The fewest digits of a new PIN: 6 to 12.
    #[schema(example = 6)]
    pub pin_digits: u8,
    /// Who must have a second step beside the password.
    pub second_step: SecondStep,
    /// The word for somebody who meets a learner.
    pub buddy_word: BuddyWord,
}

/// What was decided: the rest is left out, so that a later default counts for who never chose.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Decided {
    lease_days: Option<u16>,
    lease_learner_days: Option<u16>,
    retention_reader_days: Option<u16>,
    retention_person_days: Option<u16>,
    retention_mail_days: Option<u16>,
    quiet_days: Option<u16>,
    pin_digits: Option<u8>,
    second_step: SecondStep,
    buddy_word: BuddyWord,
}

/// How long data of learners stays open without contact where nobody decided: they come every week, and their data weighs more than an
/// address (security promise 4).
const fn lease_learner_days() -> u16 {
    14
}

impl Settings {
    /// How many days a device of this person may use its data without contact.
    #[must_use]
    pub fn lease_of(&self, person: &Person) -> u16 {
        let of_learners = [Role::Buddy, Role::TaalhuisCoordinator];
        let has = person.memberships.iter().any(|own| of_learners.contains(&own.role));
        if has { self.lease_days.min(self.lease_learner_days) } else { self.lease_days }
    }

    /// What holds in this library.
    pub async fn of(
        db: &impl ConnectionTrait,
        config: &Config,
        organisation: OrganisationId,
    ) -> Result<Self, Problem> {
        let row = setting::Entity::find_by_id((organisation.0, HOUSE.to_owned())).one(db).await?;
        let decided: Decided = match row {
            Some(row) => serde_json::from_str(&row.value).map_err(Problem::failure)?,
            None => Decided::default(),
        };
        let pin_digits = decided.pin_digits.unwrap_or_default();
        Ok(Self {
            lease_days: decided.lease_days.unwrap_or(config.lease_days),
            lease_learner_days: decided.lease_learner_days.unwrap_or_else(lease_learner_days),
            retention_reader_days: decided.retention_reader_days.unwrap_or(config.retention_reader_days),
            retention_person_days: decided.retention_person_days.unwrap_or(config.retention_person_days),
            retention_mail_days: decided.retention_mail_days.unwrap_or(config.retention_mail_days),
            quiet_days: decided.quiet_days.unwrap_or(7),
            pin_digits: pin_digits.max(u8::try_from(pin::SHORTEST).unwrap_or(u8::MAX)),
            second_step: decided.second_step,
            buddy_word: decided.buddy_word,
        })
    }

    /// Refuses what makes no sense, naming the field.
    fn check(&self) -> Result<(), Problem> {
        let days = [
            ("lease_days", self.lease_days, 1, 365),
            ("lease_learner_days", self.lease_learner_days, 1, 365),
            ("retention_reader_days", self.retention_reader_days, 30, 3_650),
            ("retention_person_days", self.retention_person_days, 30, 3_650),
            ("retention_mail_days", self.retention_mail_days, 1, 365),
            ("quiet_days", self.quiet_days, 1, 365),
        ];
        for (field, value, least, most) in days {
            if !(least..=most).contains(&value) {
                return Err(
                    Problem::new(ProblemKind::NumberOutOfRange).about(format!("{field}: {least} to {most}"))
                );
            }
        }
        if !(pin::SHORTEST..=pin::LONGEST).contains(&usize::from(self.pin_digits)) {
            let range = format!("pin_digits: {} to {}", pin::SHORTEST, pin::LONGEST);
            return Err(Problem::new(ProblemKind::NumberOutOfRange).about(range));
        }
        Ok(())
    }
}

/// The sample library lets in with a password alone, which everybody knows anyway.
pub(crate) async fn offer_second_step(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
) -> Result<(), DbErr> {
    let row = setting::ActiveModel {
        organisation_id: Set(organisation.0),
        key: Set(HOUSE.to_owned()),
        value: Set(serde_json::json!({ "second_step": SecondStep::Offered }).to_string()),
    };
    setting::Entity::insert(row).exec_without_returning(db).await.map(drop)
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(settings, decide))
}

/// What holds in the library of whoever asks.
#[utoipa::path(get, path = "/api/settings", tag = "people", security(("bearer" = [])),
    responses((status = 200, body = Settings),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn settings(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    actor.need_house(&state.db.read).await?;
    let settings = Settings::of(&state.db.read, &state.config, actor.organisation).await?;
    Ok(Json(settings).into_response())
}

/// Decides for the library of whoever asks.
#[utoipa::path(post, path = "/api/settings", tag = "people", security(("bearer" = [])), request_body = Settings,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn decide(
    State(state): State<AppState>,
    Proven(actor): Proven,
    body: Result<Json<Settings>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    actor.need_house(&state.db.read).await?;
    let Json(settings) = body?;
    settings.check()?;
    if settings.second_step == SecondStep::Demanded {
        second_factor::may_demand(&state, &actor).await?;
    }
    let row = setting::ActiveModel {
        organisation_id: Set(actor.organisation.0),
        key: Set(HOUSE.to_owned()),
        value: Set(serde_json::to_string(&settings).map_err(Problem::failure)?),
    };
    let tx = begin_write(&state.db.write).await?;
    setting::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([setting::Column::OrganisationId, setting::Column::Key])
                .update_column(setting::Column::Value)
                .to_owned(),
        )
        .exec_without_returning(&tx)
        .await?;
    let line = audit::Line::of_device("change_settings", actor.person.user.0, actor.device.0);
    audit::note(&tx, actor.organisation.0, state.clock.now(), line).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
