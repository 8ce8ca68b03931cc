//! Taalhuis on the screen: for a buddy on the road, and for coordinators at a desk or a kitchen table.

#[cfg(feature = "office")]
mod buddies;
#[cfg(feature = "office")]
mod consent;
#[cfg(feature = "office")]
mod double;
#[cfg(feature = "office")]
mod facts;
#[cfg(feature = "office")]
pub(crate) mod groups;
#[cfg(feature = "office")]
pub(crate) mod intake;
#[cfg(feature = "office")]
mod learner;
#[cfg(feature = "office")]
pub(crate) mod learners;
#[cfg(feature = "office")]
pub(crate) mod matching;
#[cfg(feature = "office")]
pub(crate) mod overview;
#[cfg(feature = "office")]
pub(crate) mod pairing;
pub(crate) mod refer;
#[cfg(feature = "office")]
mod referrals;
pub(crate) mod session;
pub(crate) mod today;
#[cfg(feature = "office")]
pub(crate) mod worklist;

#[cfg(feature = "office")]
pub(crate) use buddies::BuddiesScreen;

use sync_core::access::Role;
use sync_core::ids::{GroupId, LearnerId, PairingId};
use sync_core::summary::{Content, Summary};
use sync_core::taalhuis::rows::{GroupRow, PairingRow};
use sync_core::taalhuis::view::{GroupView, LearnerView, PairingView};

use crate::driver::driver;
use crate::settings::words;

/// The pairings of the person who is signed in, on this device.
pub(crate) fn own_pairings() -> Vec<(PairingId, PairingRow)> {
    let Some(person) = driver().person().filter(|person| person.is(Role::Buddy)) else { return Vec::new() };
    let mut own: Vec<(PairingId, PairingRow)> = driver().read(|replica| {
        replica
            .rows()
            .filter_map(|(id, row)| match row {
                Summary::Pairing(row) if row.user == Some(person.user) => {
                    Some((PairingId::from(id), row.clone()))
                }
                _ => None,
            })
            .collect()
    });
    own.sort_by_key(|(id, row)| (row.proposed_on, *id));
    own
}

/// The groups of the person who is signed in.
pub(crate) fn own_groups() -> Vec<(GroupId, GroupRow)> {
    let Some(person) = driver().person().filter(|person| person.is(Role::Buddy)) else { return Vec::new() };
    driver().read(|replica| {
        replica
            .rows()
            .filter_map(|(id, row)| match row {
                Summary::Group(row) if row.buddies.contains(&person.user) && row.ended_on.is_none() => {
                    Some((GroupId::from(id), row.clone()))
                }
                _ => None,
            })
            .collect()
    })
}

/// A pairing with everything in it.
pub(crate) fn pairing_view(id: PairingId) -> Option<PairingView> {
    match driver().read(|replica| replica.content(id.into())) {
        Some(Content::Pairing(view)) => Some(view),
        _ => None,
    }
}

/// A group with everything in it.
pub(crate) fn group_view(id: GroupId) -> Option<GroupView> {
    match driver().read(|replica| replica.content(id.into())) {
        Some(Content::Group(view)) => Some(view),
        _ => None,
    }
}

/// The part of a learner that this device may know.
pub(crate) fn learner_view(id: LearnerId) -> Option<LearnerView> {
    match driver().read(|replica| replica.content(id.into())) {
        Some(Content::Learner(view)) => Some(view),
        _ => None,
    }
}

/// What a learner is called, as far as this device may know.
pub(crate) fn call_name(id: Option<LearnerId>) -> String {
    let name = id.and_then(|id| {
        driver().read(|replica| match replica.row(id.into()) {
            Some(Summary::Learner(row)) => Some(row.answers.get("call_name").to_owned()),
            _ => None,
        })
    });
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| words().learner_hidden().to_owned())
}

/// The Taalhuizen that the person who is signed in coordinates.
#[cfg(feature = "office")]
pub(crate) fn all_books() -> Vec<sync_core::taalhuis::books::Books> {
    let Some(person) = driver().person() else { return Vec::new() };
    let mut branches: Vec<sync_core::ids::BranchId> = person
        .memberships
        .iter()
        .filter(|own| own.role == Role::TaalhuisCoordinator)
        .map(|own| own.branch)
        .collect();
    branches.dedup();
    driver().read(|replica| {
        branches
            .into_iter()
            .map(|branch| sync_core::taalhuis::books::Books::gather(branch, replica.rows()))
            .collect()
    })
}

/// The Taalhuis in which this learner is.
#[cfg(feature = "office")]
pub(crate) fn books_of(learner: LearnerId) -> Option<sync_core::taalhuis::books::Books> {
    all_books().into_iter().find(|books| books.learners.contains_key(&learner))
}

/// The day and who noted it, as far as that is known here: *3 maart 2026, Ineke Postma*.
#[cfg(feature = "office")]
pub(crate) fn noted(on: Option<sync_core::time::LocalDate>, by: Option<sync_core::ids::UserId>) -> String {
    let who = by.and_then(|user| {
        driver().read(|replica| {
            replica.rows().find_map(|(_, row)| match row {
                Summary::Team(team) => {
                    team.members.iter().find(|member| member.user == user).map(|member| member.name.clone())
                }
                _ => None,
            })
        })
    });
    let on = on.map(|on| crate::when::whole_day(words(), on));
    [on, who].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The day that was typed in a form; a mistake stands at the field.
#[cfg(feature = "office")]
pub(crate) fn typed_on(
    fields: crate::components::Fields,
    key: &'static str,
) -> Option<sync_core::time::LocalDate> {
    let on = sync_core::time::typed_day(&fields.get(key));
    if on.is_none() {
        fields.fail(key, words().problem_date_out_of_range());
    }
    on
}

/// How long ago, in words.
#[cfg(feature = "office")]
pub(crate) fn days_ago(on: sync_core::time::LocalDate) -> String {
    let days = (driver().now().local_date() - on).num_days();
    words().days_ago(usize::try_from(days).unwrap_or_default())
}
