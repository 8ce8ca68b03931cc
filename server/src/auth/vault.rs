//! Data keys of phones, sealed to their organisation: a forgotten PIN loses nothing, and an outbox that nobody can open on
//! its phone any more is opened here. The shapes are in [`sync_core::sync::sealed`].
//!
//! The secret halves of the organisations' keys lie in the database, locked with a key of the installation that lies in the
//! data folder: a copy of the database alone opens no phone (`docs/keys.md`).

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::{PublicKey, SecretKey};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sync_core::ids::{DeviceId, OrganisationId};
use sync_core::problem::ProblemKind;
use sync_core::replica::StoredCommand;
use sync_core::sync::cbor;
use sync_core::sync::sealed::{self, Locked, SealedKey, SealedOutbox};
use sync_core::time::Timestamp;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::entity::{device, organisation_key};
use super::master_key::MasterKey;
use super::proof;
use super::{Actor, fresh_id, token};
use crate::app_state::AppState;
use crate::audit;
use crate::problem::{Problem, ProblemBody};
use crate::settings::Settings;

/// The bytes of a key.
pub(super) const KEY: usize = 32;
/// The fewest characters of a device's secret, and the most.
const SHORTEST_SECRET: usize = 32;
const LONGEST_SECRET: usize = 128;

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(seal_to, lock)).routes(routes!(unseal))
}

/// Something that was sealed cannot be opened: another key, another device, or changed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOpened;

fn cipher(key: &[u8; KEY]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}

pub(super) fn open(
    key: &[u8; KEY],
    nonce: &[u8],
    bytes: &[u8],
    bound_to: &[u8],
) -> Result<Vec<u8>, NotOpened> {
    let nonce: &[u8; sealed::NONCE] = nonce.try_into().map_err(|_| NotOpened)?;
    cipher(key).decrypt(nonce.into(), Payload { msg: bytes, aad: bound_to }).map_err(|_| NotOpened)
}

fn unlock(master: &MasterKey, row: &organisation_key::Model) -> Result<SecretKey, NotOpened> {
    let scalar = master.try_open(&row.locked_scalar, row.id)?;
    SecretKey::from_slice(&scalar).map_err(|_| NotOpened)
}

/// The newest key of an organisation, made when there is none.
async fn newest_key(
    db: &impl ConnectionTrait,
    master: &MasterKey,
    organisation: OrganisationId,
    now: Timestamp,
) -> Result<organisation_key::Model, Problem> {
    let newest = organisation_key::Entity::find()
        .filter(organisation_key::Column::OrganisationId.eq(organisation.0))
        .order_by_desc(organisation_key::Column::CreatedAt)
        .one(db)
        .await?;
    if let Some(newest) = newest {
        return Ok(newest);
    }
    let secret = loop {
        let mut scalar = [0_u8; KEY];
        getrandom::fill(&mut scalar).map_err(|error| Problem::failure(error.to_string()))?;
        // Zero and what is beyond the order of the curve are no keys: one in 2³² tries.
        if let Ok(secret) = SecretKey::from_slice(&scalar) {
            break secret;
        }
    };
    let id = fresh_id(now)?;
    let row = organisation_key::Model {
        organisation_id: organisation.0,
        id,
        public_point: secret.public_key().to_encoded_point(false).as_bytes().to_vec(),
        locked_scalar: master.lock(&secret.to_bytes(), id)?,
        created_at: now.as_millis(),
    };
    let inserted = organisation_key::ActiveModel {
        organisation_id: Set(row.organisation_id),
        id: Set(row.id),
        public_point: Set(row.public_point.clone()),
        locked_scalar: Set(row.locked_scalar.clone()),
        created_at: Set(row.created_at),
    };
    // Two devices at once may make two keys: each opens what was sealed to it.
    organisation_key::Entity::insert(inserted).exec_without_returning(db).await?;
    Ok(row)
}

/// The key that a shared secret comes to, for one device and lock.
fn sealing_key(shared: &[u8], ephemeral: &[u8], binding: &[u8]) -> Result<[u8; KEY], NotOpened> {
    let mut key = [0_u8; KEY];
    Hkdf::<Sha256>::new(Some(ephemeral), shared).expand(binding, &mut key).map_err(|_| NotOpened)?;
    Ok(key)
}

fn open_key(
    secret: &SecretKey,
    sealed: &SealedKey,
    device: DeviceId,
    vault: Uuid,
) -> Result<[u8; KEY], NotOpened> {
    let ephemeral = PublicKey::from_sec1_bytes(&sealed.ephemeral).map_err(|_| NotOpened)?;
    let shared = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), ephemeral.as_affine());
    let key = sealing_key(shared.raw_secret_bytes(), &sealed.ephemeral, &SealedKey::binding(device, vault))?;
    open(&key, &[0; sealed::NONCE], &sealed.bytes, &[])?.try_into().map_err(|_| NotOpened)
}

/// The data key of a device of this organisation.
async fn data_key(
    state: &AppState,
    organisation: OrganisationId,
    sealed: &SealedKey,
    device: DeviceId,
    vault: Uuid,
) -> Result<[u8; KEY], Problem> {
    let not_there = || Problem::new(ProblemKind::NotFound);
    let row = organisation_key::Entity::find_by_id((organisation.0, sealed.key))
        .one(&state.db.read)
        .await?
        .ok_or_else(not_there)?;
    let secret = unlock(&state.master, &row).map_err(|NotOpened| {
        Problem::failure("the key of the installation does not open the key of the organisation")
    })?;
    open_key(&secret, sealed, device, vault).map_err(|NotOpened| not_there())
}

/// What only this device will know.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Lock {
    /// Fresh and random: from now on a fresh token needs it beside the refresh token.
    #[schema(min_length = 32, max_length = 128)]
    secret: String,
}

/// The key to seal to.
#[derive(Serialize, ToSchema)]
struct SealTo {
    key: Uuid,
    /// A point on P-256, uncompressed, in base64.
    #[serde(with = "sync_core::sync::wire_bytes")]
    #[schema(value_type = String)]
    public_point: Vec<u8>,
    /// The fewest digits of a new PIN in this library.
    pin_digits: u8,
}

/// The key of the organisation to which a device seals its data key.
#[utoipa::path(get, path = "/api/devices/lock", tag = "people", security(("bearer" = [])),
    responses((status = 200, body = SealTo),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn seal_to(State(state): State<AppState>, actor: Actor) -> Result<Response, Problem> {
    let row = newest_key(&state.db.write, &state.master, actor.organisation, state.clock.now()).await?;
    let pin_digits = Settings::of(&state.db.read, &state.config, actor.organisation).await?.pin_digits;
    Ok(Json(SealTo { key: row.id, public_point: row.public_point, pin_digits }).into_response())
}

/// The data of this device is locked: from now on a fresh token needs its secret. A device keeps the secret before it tells
/// it, so that one that is cut off in between is not shut out; what it could not tell, it tells at its next fresh token.
#[utoipa::path(post, path = "/api/devices/lock", tag = "people", security(("bearer" = [])), request_body = Lock,
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn lock(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Json<Lock>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Json(Lock { secret }) = body?;
    if !(SHORTEST_SECRET..=LONGEST_SECRET).contains(&secret.len()) {
        return Err(Problem::new(ProblemKind::MalformedRequest).about("secret"));
    }
    let db = &state.db.write;
    let here = device::Entity::find_by_id((actor.organisation.0, actor.device.0)).one(db).await?;
    if here.is_some_and(|here| here.secret_hash.is_some()) {
        // Another secret in the place of one: not for whoever found the app open.
        proof::fresh(&state, &actor).await?;
    }
    keep_secret(db, actor.organisation.0, actor.device.0, &secret).await?;
    let line = audit::Line::of_device("lock_device", actor.person.user.0, actor.device.0);
    audit::note(db, actor.organisation.0, state.clock.now(), line).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps the hash of what only an opened device knows.
pub(super) async fn keep_secret(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    device: Uuid,
    secret: &str,
) -> Result<(), DbErr> {
    device::Entity::update_many()
        .col_expr(device::Column::SecretHash, Expr::value(Some(token::refresh_hash(secret))))
        .filter(device::Column::OrganisationId.eq(organisation))
        .filter(device::Column::Id.eq(device))
        .exec(db)
        .await
        .map(drop)
}

/// A data key that its phone cannot open any more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Unseal {
    device: DeviceId,
    vault: Uuid,
    #[schema(value_type = Object, example = json!({ "key": "0190…", "ephemeral": "BEs…", "bytes": "q1…" }))]
    sealed: SealedKey,
}

/// A data key.
#[derive(Serialize, ToSchema)]
struct DataKey {
    #[serde(with = "sync_core::sync::wire_bytes")]
    #[schema(value_type = String)]
    key: Vec<u8>,
}

/// Opens the data key of a device of one's own after its PIN was forgotten: whoever asks has come in anew, let in by a colleague
/// or with two factors. A mailbox alone is not enough: it lies open on the phone that somebody found. A device that was shut out
/// gets nothing; what it had not sent is handed in as a file.
#[utoipa::path(post, path = "/api/devices/unseal", tag = "people", security(("bearer" = [])), request_body = Unseal,
    responses((status = 200, body = DataKey),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn unseal(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Json<Unseal>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(Unseal { device, vault, sealed }) = body?;
    let row = device::Entity::find_by_id((actor.organisation.0, device.0))
        .one(&state.db.read)
        .await?
        .filter(|row| row.user_id == actor.person.user.0)
        .filter(|row| row.revoked_at.is_none() || row.signed_out)
        .ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    let here = device::Entity::find_by_id((actor.organisation.0, actor.device.0)).one(&state.db.read).await?;
    if !here.is_some_and(|here| here.vouched) {
        return Err(Problem::new(ProblemKind::ColleagueNeeded));
    }
    let key = data_key(&state, actor.organisation, &sealed, device, vault).await?;
    let line = audit::Line::of_device("unseal_device", actor.person.user.0, row.id);
    audit::note(&state.db.write, actor.organisation.0, state.clock.now(), line).await?;
    Ok(Json(DataKey { key: key.to_vec() }).into_response())
}

/// What is in a locked outbox, in its order, with whose device it was. A value that cannot be opened is no value of this
/// phone and is left out.
pub(crate) async fn open_outbox(
    state: &AppState,
    organisation: OrganisationId,
    file: &SealedOutbox,
) -> Result<Vec<StoredCommand>, Problem> {
    let key = data_key(state, organisation, &file.sealed, file.device, file.vault).await?;
    let mut commands: Vec<StoredCommand> = file
        .values
        .iter()
        .filter_map(|(name, value)| {
            let locked = Locked::read(value).filter(|locked| locked.vault == file.vault)?;
            let bound_to = sealed::binding(file.vault, sealed::COMMANDS, name);
            cbor::from_slice(&open(&key, locked.nonce, locked.bytes, &bound_to).ok()?).ok()
        })
        .collect();
    commands.sort_by_key(|command| command.place);
    Ok(commands)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seals as a phone does it.
    fn seal(data_key: &[u8; KEY], to: &PublicKey, device: DeviceId, vault: Uuid) -> SealedKey {
        let once = SecretKey::from_slice(&[9; KEY]).unwrap();
        let ephemeral = once.public_key().to_encoded_point(false).as_bytes().to_vec();
        let shared = p256::ecdh::diffie_hellman(once.to_nonzero_scalar(), to.as_affine());
        let binding = SealedKey::binding(device, vault);
        let key = sealing_key(shared.raw_secret_bytes(), &ephemeral, &binding).unwrap();
        let bytes = cipher(&key).encrypt(&[0; sealed::NONCE].into(), data_key.as_slice()).unwrap();
        SealedKey { key: Uuid::nil(), ephemeral, bytes }
    }

    #[test]
    fn a_sealed_key_opens_for_its_own_device_and_lock_only() {
        let secret = SecretKey::from_slice(&[7; KEY]).unwrap();
        let (device, vault) = (DeviceId(Uuid::from_u128(1)), Uuid::from_u128(2));
        let sealed = seal(&[5; KEY], &secret.public_key(), device, vault);
        assert_eq!(open_key(&secret, &sealed, device, vault), Ok([5; KEY]));
        let another = DeviceId(Uuid::from_u128(3));
        assert_eq!(open_key(&secret, &sealed, another, vault), Err(NotOpened));
        assert_eq!(open_key(&secret, &sealed, device, Uuid::from_u128(4)), Err(NotOpened));
        let stranger = SecretKey::from_slice(&[8; KEY]).unwrap();
        assert_eq!(open_key(&stranger, &sealed, device, vault), Err(NotOpened));
        let broken = SealedKey { ephemeral: vec![4; 65], ..sealed };
        assert_eq!(open_key(&secret, &broken, device, vault), Err(NotOpened));
    }

    #[test]
    fn a_copy_of_the_database_opens_nothing_without_the_key_of_the_installation() {
        let folder = tempfile::tempdir().unwrap();
        let master = MasterKey::load(folder.path()).unwrap();
        let secret = SecretKey::from_slice(&[7; KEY]).unwrap();
        let id = Uuid::from_u128(1);
        let row = organisation_key::Model {
            organisation_id: Uuid::nil(),
            id,
            public_point: Vec::new(),
            locked_scalar: master.lock(&secret.to_bytes(), id).unwrap(),
            created_at: 0,
        };
        assert_eq!(unlock(&MasterKey::load(folder.path()).unwrap(), &row).unwrap(), secret);
        let elsewhere = tempfile::tempdir().unwrap();
        assert!(unlock(&MasterKey::load(elsewhere.path()).unwrap(), &row).is_err());
        assert!(!row.locked_scalar.windows(KEY).any(|part| part == [7; KEY]));
    }
}
