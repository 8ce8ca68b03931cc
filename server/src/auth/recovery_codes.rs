//! Codes on paper, for who lost the app that makes codes: ten, each of which opens once in place of the six digits (ASVS 5.0,
//! 6.5.1). None of them is kept: they follow from the key of the installation and the name of their set, as safe there as the
//! secret of the app.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde::Serialize;
use sync_core::ids::{OrganisationId, UserId};
use sync_core::time::Timestamp;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::user;
use super::fresh_id;
use super::master_key::MasterKey;
use crate::app_state::AppState;
use crate::db::begin_write;
use crate::problem::Problem;
use crate::{audit, mail};

/// How many codes a set has; one bit each in what was used.
const COUNT: u8 = 10;
/// The digits of a code: so many that nobody guesses one, and digits because that is the keyboard on the screen.
pub(super) const DIGITS: usize = 12;
const BELOW: u64 = 1_000_000_000_000;
/// The digits that are read out in one breath.
const GROUP: usize = 4;

/// The codes, told once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodes {
    /// Each opens once in place of the code of the app.
    #[schema(example = json!(["0412 8830 5571"]))]
    recovery_codes: Vec<String>,
}

fn code(master: &MasterKey, account: Uuid, set: Uuid, number: u8) -> Result<String, Problem> {
    let purpose = [b"recovery code".as_slice(), account.as_bytes(), set.as_bytes(), &[number]].concat();
    let derived = master.derive(&purpose)?;
    let number = derived.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    Ok(format!("{:0DIGITS$}", number % BELOW))
}

/// Makes a set; the one before opens nothing any more.
pub(super) async fn make(
    db: &impl ConnectionTrait,
    master: &MasterKey,
    account: &user::Model,
    now: Timestamp,
) -> Result<RecoveryCodes, Problem> {
    let set = fresh_id(now)?;
    user::Entity::update_many()
        .col_expr(user::Column::RecoverySet, Expr::value(Some(set)))
        .col_expr(user::Column::RecoveryUsed, Expr::value(0))
        .filter(user::Column::OrganisationId.eq(account.organisation_id))
        .filter(user::Column::Id.eq(account.id))
        .exec(db)
        .await?;
    let recovery_codes = (0..COUNT)
        .map(|number| {
            let digits: Vec<char> = code(master, account.id, set, number)?.chars().collect();
            Ok(digits
                .chunks(GROUP)
                .map(|group| group.iter().collect::<String>())
                .collect::<Vec<_>>()
                .join(" "))
        })
        .collect::<Result<_, Problem>>()?;
    Ok(RecoveryCodes { recovery_codes })
}

/// How many codes of an account still open.
pub(super) fn left(account: &user::Model) -> u32 {
    account.recovery_set.map_or(0, |_| u32::from(COUNT).saturating_sub(account.recovery_used.count_ones()))
}

/// Whether these digits are a code that was not used yet; then it is used up, and its person is told.
pub(super) async fn spend(
    state: &AppState,
    account: &user::Model,
    typed: &str,
    now: Timestamp,
) -> Result<bool, Problem> {
    let Some(set) = account.recovery_set else { return Ok(false) };
    let mut found = None;
    for number in 0..COUNT {
        if code(&state.master, account.id, set, number)? == typed {
            found = Some(1_i32 << number);
        }
    }
    let Some(bit) = found.filter(|bit| account.recovery_used & bit == 0) else { return Ok(false) };
    let used = account.recovery_used | bit;
    let tx = begin_write(&state.db.write).await?;
    // Of two that come with the same code at once, one is in.
    let spent = user::Entity::update_many()
        .col_expr(user::Column::RecoveryUsed, Expr::value(used))
        .filter(user::Column::OrganisationId.eq(account.organisation_id))
        .filter(user::Column::Id.eq(account.id))
        .filter(user::Column::RecoverySet.eq(set))
        .filter(user::Column::RecoveryUsed.eq(account.recovery_used))
        .exec(&tx)
        .await?;
    if spent.rows_affected != 1 {
        return Ok(false);
    }
    let line = audit::Line {
        act: "recovery_code_used".to_owned(),
        user: Some(account.id),
        ..audit::Line::default()
    };
    audit::note(&tx, account.organisation_id, now, line).await?;
    if !account.email.is_empty() {
        let words = account.words();
        let left = left(&user::Model { recovery_used: used, ..account.clone() });
        let letter = mail::Letter {
            to: UserId(account.id),
            address: &account.email,
            kind: "recovery_code",
            subject: words.mail_code_subject(),
            body: &words.mail_code_body(left, &account.name),
        };
        mail::write(&tx, OrganisationId(account.organisation_id), now, &letter).await?;
    }
    tx.commit().await?;
    Ok(true)
}
