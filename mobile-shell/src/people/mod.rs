//! People and their devices on the screen: only with a network, since rights live on the server.

#[cfg(feature = "office")]
pub(crate) mod detail;
pub(crate) mod devices;
pub(crate) mod join;
#[cfg(feature = "office")]
pub(crate) mod list;
#[cfg(feature = "office")]
pub(crate) mod log;
#[cfg(feature = "office")]
pub(crate) mod manage;
#[cfg(feature = "office")]
mod quiet;
#[cfg(feature = "office")]
mod way_in;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sync_core::access::Role;
use sync_core::ids::{BranchId, DeviceId, UserId};
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::time::LocalDate;

use crate::browser::{files, machine};
use crate::components::notices;
use crate::driver::driver;
use crate::session::problem_text;
use crate::settings::words;

/// A role in a branch.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, Deserialize)]
pub(crate) struct GivenRole {
    branch: BranchId,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from_on: Option<LocalDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until_on: Option<LocalDate>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    employer: String,
}

impl GivenRole {
    /// Whether it holds on this day, or will.
    fn lasts(&self, today: LocalDate) -> bool {
        self.until_on.is_none_or(|until| today <= until)
    }
}

/// Somebody who works here, or did.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct PersonRow {
    user: UserId,
    name: String,
    email: String,
    roles: Vec<GivenRole>,
    devices: usize,
    last_contact_at: Option<i64>,
    /// Whether no role is left, now or later.
    #[serde(default)]
    left: bool,
}

/// A branch, with the roles that whoever asks gives there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct BranchRow {
    branch: BranchId,
    kind: String,
    name: String,
    municipality: String,
    help_name: String,
    phone: String,
    gives: Vec<Role>,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct DeviceRow {
    device: DeviceId,
    name: String,
    this: bool,
    last_contact_at: i64,
    revoked_at: Option<i64>,
    /// Whose it is, in a list of everybody's.
    #[serde(default)]
    person: String,
}

/// Which word this library chose for somebody who meets a learner, as the server told it at the last sign-in or token.
pub(crate) const BUDDY_WORD: &str = "buddy-word";

/// The word for a role.
pub(crate) fn role_text(role: Role) -> &'static str {
    if role == Role::Buddy
        && let Some(chosen) = machine::setting(BUDDY_WORD)
        && let Some(word) = words().by_key(&format!("buddy-{chosen}"))
    {
        return word;
    }
    words().by_key(&format!("role-{}", role.as_str().replace('_', "-"))).unwrap_or_default()
}

/// What is asked of the server, and what it answered: nothing yet, the answer, or why not.
type Asked<T> = RwSignal<Option<Result<T, Refusal>>>;

/// Asks the server for something to read.
fn ask<T: DeserializeOwned + Send + Sync + 'static>(asked: Asked<T>, path: impl Into<String>) {
    let path = path.into();
    spawn_local(async move {
        let answer = driver().call("GET", &path, None).await.and_then(|body| read(&body));
        asked.set(Some(answer));
    });
}

pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new(ProblemKind::InternalError, error.to_string()))
}

/// Asks the server to do something.
pub(crate) async fn tell(path: &str, body: &serde_json::Value) -> Result<Vec<u8>, Refusal> {
    driver().call("POST", path, Some(body.to_string().as_bytes())).await
}

/// What to say when the server did not do what was asked.
pub(crate) fn why(refusal: &Refusal) -> &'static str {
    if refusal.detail == "unreachable" { words().needs_network() } else { problem_text(refusal.kind) }
}

/// Saves everything that is kept about somebody: a page to read and a file for a computer.
pub(crate) fn save_about(path: String) {
    spawn_local(async move {
        for (format, kind) in [("html", "text/html"), ("json", "application/json")] {
            let saved = match driver().call("GET", &format!("{path}?format={format}"), None).await {
                Ok(bytes) => files::save(&format!("inzage.{format}"), kind, &bytes).is_ok(),
                Err(refusal) => return notices().wrong(why(&refusal)),
            };
            if !saved {
                return notices().wrong(words().save_failed());
            }
        }
        notices().say(words().about_saved());
    });
}

/// The branches of whoever is signed in, with a name by id.
fn branch_name(branches: &[BranchRow], id: BranchId) -> String {
    branches.iter().find(|row| row.branch == id).map(|row| row.name.clone()).unwrap_or_default()
}

/// Every role that may be given, for a field to choose from.
fn role_options(branches: &[BranchRow]) -> Vec<(String, String)> {
    let one = |row: &BranchRow, role: Role| {
        (format!("{} {}", row.branch, role.as_str()), format!("{}, {}", role_text(role), row.name))
    };
    branches.iter().flat_map(|row| row.gives.iter().map(move |role| one(row, *role))).collect()
}

/// The branch and role of a choice.
fn chosen_role(chosen: &str) -> Option<(BranchId, Role)> {
    let (branch, role) = chosen.split_once(' ')?;
    Some((branch.parse().ok()?, Role::parse(role)?))
}

/// While an answer is on its way, or did not come.
#[component]
fn NotYet(refusal: Option<Refusal>) -> impl IntoView {
    view! {
        <p class="empty" role="status">
            {move || refusal.as_ref().map_or_else(|| words().one_moment(), why)}
        </p>
    }
}
