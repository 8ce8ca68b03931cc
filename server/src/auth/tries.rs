//! Slowing down who guesses passwords: per account and per address, in the database, never a lock-out by a stranger: the
//! wait is short and the same for everybody.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};
use sha2::{Digest as _, Sha256};
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;
use uuid::Uuid;

use super::entity::sign_in_try;
use crate::problem::Problem;

/// So many failures are free.
const FREE: i32 = 5;
/// The longest wait in milliseconds.
const LONGEST_MS: i64 = 60_000;
/// After so long without a failure the count starts over.
const FORGET_MS: i64 = 15 * 60_000;

/// The key of what is counted, so that no address stands in the table.
#[must_use]
pub(crate) fn key(kind: &str, value: &str) -> Vec<u8> {
    Sha256::digest(format!("{kind}:{value}").as_bytes()).to_vec()
}

fn wait_ms(failures: i32) -> i64 {
    let over = u32::try_from(failures - FREE).unwrap_or(0);
    if over == 0 { 0 } else { 1_000_i64.saturating_mul(1 << over.min(10)).min(LONGEST_MS) }
}

/// Refuses while this key has to wait.
pub(crate) async fn check(db: &impl ConnectionTrait, key: &[u8], now: Timestamp) -> Result<(), Problem> {
    let Some(row) = sign_in_try::Entity::find_by_id((Uuid::nil(), key.to_vec())).one(db).await? else {
        return Ok(());
    };
    let ready_at = row.last_at + wait_ms(row.failures);
    if now.as_millis() < ready_at && now.as_millis() - row.last_at < FORGET_MS {
        let seconds = (ready_at - now.as_millis()).div_euclid(1000) + 1;
        return Err(Problem::new(ProblemKind::TooManyTries).retry_after(u64::try_from(seconds).unwrap_or(1)));
    }
    Ok(())
}

/// Notes a failure.
pub(crate) async fn failed(db: &impl ConnectionTrait, key: &[u8], now: Timestamp) -> Result<(), DbErr> {
    let before = sign_in_try::Entity::find_by_id((Uuid::nil(), key.to_vec())).one(db).await?;
    let failures = match before {
        Some(row) if now.as_millis() - row.last_at < FORGET_MS => row.failures.saturating_add(1),
        _ => 1,
    };
    let row = sign_in_try::ActiveModel {
        organisation_id: Set(Uuid::nil()),
        key: Set(key.to_vec()),
        failures: Set(failures),
        last_at: Set(now.as_millis()),
    };
    sign_in_try::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([sign_in_try::Column::OrganisationId, sign_in_try::Column::Key])
                .update_columns([sign_in_try::Column::Failures, sign_in_try::Column::LastAt])
                .to_owned(),
        )
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Forgets the failures of this key.
pub(crate) async fn succeeded(db: &impl ConnectionTrait, key: &[u8]) -> Result<(), DbErr> {
    sign_in_try::Entity::delete_by_id((Uuid::nil(), key.to_vec())).exec(db).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_are_free_and_the_wait_never_passes_a_minute() {
        assert_eq!(wait_ms(5), 0);
        assert_eq!(wait_ms(6), 2_000);
        assert_eq!(wait_ms(1_000), LONGEST_MS);
    }
}
