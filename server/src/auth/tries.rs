//! Slowing down who guesses passwords: per account and per address, in the database, never a lock-out by a stranger: the
//! wait is short, and it is kept apart for each address from which an account is tried.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr,
    EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use sha2::{Digest as _, Sha256};
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;
use uuid::Uuid;

use super::entity::sign_in_try;
use crate::db::begin_write;
use crate::problem::Problem;

/// So many failures of one account from one address, or of one address, are free.
const FREE: i32 = 5;
/// So many of something that many people share are free: an account from anywhere, a door that everybody passes.
const FREE_FOR_MANY: i32 = 50;
/// The longest wait in milliseconds.
const LONGEST_MS: i64 = 60_000;
/// And that of what many people share: whoever guesses there slows others down, and must not keep them out.
const LONGEST_FOR_MANY_MS: i64 = 4_000;
/// After so long without a failure the count starts over.
const FORGET_MS: i64 = 15 * 60_000;

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    hash: Vec<u8>,
    free: i32,
}

/// The key of what is counted, so that no address stands in the table.
#[must_use]
pub(crate) fn key(kind: &str, value: &str) -> Key {
    Key { hash: Sha256::digest(format!("{kind}:{value}").as_bytes()).to_vec(), free: FREE }
}

/// The same for what many people share.
#[must_use]
pub(crate) fn shared_key(kind: &str, value: &str) -> Key {
    Key { free: FREE_FOR_MANY, ..key(kind, value) }
}

fn wait_ms(over: i32) -> i64 {
    let over = u32::try_from(over).unwrap_or(0);
    if over == 0 { 0 } else { 1_000_i64.saturating_mul(1 << over.min(10)).min(LONGEST_MS) }
}

/// Refuses while one of these keys has to wait; otherwise the try counts as a failure from now on, before it is made: of many tries
/// at once only the first slip through. One that was right is taken back.
pub(crate) async fn begin(db: &DatabaseConnection, keys: &[&Key], now: Timestamp) -> Result<(), Problem> {
    let tx = begin_write(db).await?;
    for key in keys {
        let failures = check(&tx, key, now).await?;
        count(&tx, key, failures, now).await?;
    }
    Ok(tx.commit().await?)
}

async fn check(tx: &DatabaseTransaction, key: &Key, now: Timestamp) -> Result<i32, Problem> {
    let none = sign_in_try::ActiveModel {
        organisation_id: Set(Uuid::nil()),
        key: Set(key.hash.clone()),
        failures: Set(0),
        last_at: Set(0),
    };
    sign_in_try::Entity::insert(none).on_conflict_do_nothing().exec_without_returning(tx).await?;
    // Locked until the try is counted: of many that come at once each sees the ones before.
    let row =
        sign_in_try::Entity::find_by_id((Uuid::nil(), key.hash.clone())).lock_exclusive().one(tx).await?;
    let Some(row) = row.filter(|row| now.as_millis() - row.last_at < FORGET_MS) else { return Ok(0) };
    let longest = if key.free == FREE_FOR_MANY { LONGEST_FOR_MANY_MS } else { LONGEST_MS };
    let ready_at = row.last_at + wait_ms(row.failures - key.free).min(longest);
    if now.as_millis() < ready_at {
        let seconds = (ready_at - now.as_millis()).div_euclid(1000) + 1;
        return Err(Problem::new(ProblemKind::TooManyTries).retry_after(u64::try_from(seconds).unwrap_or(1)));
    }
    Ok(row.failures)
}

async fn count(tx: &DatabaseTransaction, key: &Key, failures: i32, now: Timestamp) -> Result<(), DbErr> {
    sign_in_try::Entity::update_many()
        .col_expr(sign_in_try::Column::Failures, Expr::value(failures.saturating_add(1)))
        .col_expr(sign_in_try::Column::LastAt, Expr::value(now.as_millis()))
        .filter(sign_in_try::Column::OrganisationId.eq(Uuid::nil()))
        .filter(sign_in_try::Column::Key.eq(key.hash.clone()))
        .exec(tx)
        .await
        .map(drop)
}

/// The try was right, of a key that others share: it counts for nothing.
pub(crate) async fn give_back(db: &impl ConnectionTrait, key: &Key) -> Result<(), DbErr> {
    use sea_orm::ExprTrait as _;
    let less = Expr::col(sign_in_try::Column::Failures).sub(1);
    sign_in_try::Entity::update_many()
        .col_expr(sign_in_try::Column::Failures, less)
        .filter(sign_in_try::Column::OrganisationId.eq(Uuid::nil()))
        .filter(sign_in_try::Column::Key.eq(key.hash.clone()))
        .filter(sign_in_try::Column::Failures.gt(0))
        .exec(db)
        .await?;
    Ok(())
}

/// The try was right: the failures of this key are forgotten.
pub(crate) async fn succeeded(db: &impl ConnectionTrait, key: &Key) -> Result<(), DbErr> {
    sign_in_try::Entity::delete_by_id((Uuid::nil(), key.hash.clone())).exec(db).await?;
    Ok(())
}

/// Takes away what counts for nothing any more: addresses that were tried are not kept, however they are hashed.
pub(crate) async fn sweep(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    sign_in_try::Entity::delete_many()
        .filter(sign_in_try::Column::LastAt.lt(now.as_millis() - FORGET_MS))
        .exec(db)
        .await
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_are_free_and_the_wait_never_passes_a_minute() {
        assert_eq!(wait_ms(5 - FREE), 0);
        assert_eq!(wait_ms(6 - FREE), 2_000);
        assert_eq!(wait_ms(1_000), LONGEST_MS);
        assert_eq!(wait_ms(-50), 0);
    }
}
