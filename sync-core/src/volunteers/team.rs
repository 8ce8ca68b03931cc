//! The volunteers of one or more branches, put together from the rows of their documents: enough for a coordinator's list, without
//! loading a document.

use std::collections::BTreeMap;

use super::VogState;
use super::view::{VolunteerFileRow, VolunteerView};
use crate::access::Role;
use crate::ids::{BranchId, DocumentId, UserId, VolunteerId};
use crate::organisation::view::Member;
use crate::summary::Summary;
use crate::time::LocalDate;

/// Somebody who works for a branch without pay. Whoever does so for two branches is there twice: each branch keeps its own file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volunteer {
    /// For which branch.
    pub branch: BranchId,
    /// Who.
    pub user: UserId,
    /// The name in the team.
    pub name: String,
    /// What this volunteer does there: roles of volunteers only.
    pub roles: Vec<Role>,
    /// The own part; nothing when it was not filled in.
    pub own: VolunteerView,
    /// What the file says; nothing when there is none.
    pub file: VolunteerFileRow,
}

impl Volunteer {
    fn of(branch: BranchId, member: &Member) -> Self {
        Self {
            branch,
            user: member.user,
            name: member.name.clone(),
            roles: member.roles.iter().copied().filter(|role| role.is_of_volunteers()).collect(),
            own: VolunteerView::default(),
            file: VolunteerFileRow::default(),
        }
    }

    /// Which volunteer that is.
    #[must_use]
    pub fn volunteer(&self) -> VolunteerId {
        VolunteerId::of(self.branch, self.user)
    }

    /// Whether the VOG still asks for something.
    #[must_use]
    pub const fn lacks_vog(&self) -> bool {
        !self.file.vog.is_in_order()
    }

    /// Whether the VOG is on its way: asked for, and not seen yet.
    #[must_use]
    pub const fn awaits_vog(&self) -> bool {
        matches!(
            self.file.vog,
            VogState::Prepared | VogState::Submitted | VogState::InProgress | VogState::Issued
        )
    }

    /// Until when this volunteer pauses or is on holiday, when that is so on this day.
    #[must_use]
    pub fn paused_until(&self, today: LocalDate) -> Option<LocalDate> {
        self.own.away_within(today, today)
    }
}

/// The volunteers of these branches by name, from rows that may be of other branches too. Who has left is not among them.
pub fn volunteers<'a>(
    branches: &[BranchId],
    rows: impl Iterator<Item = (DocumentId, &'a Summary)>,
) -> Vec<Volunteer> {
    let (mut all, mut owns, mut files) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for (id, row) in rows {
        match row {
            Summary::Team(team) => {
                let Some(branch) = team.branch.filter(|branch| branches.contains(branch)) else { continue };
                let here = team.members.iter().map(|member| Volunteer::of(branch, member));
                all.extend(here.filter(|one| !one.roles.is_empty()));
            }
            Summary::Volunteer(view) => {
                owns.insert(VolunteerId::from(id), view);
            }
            Summary::VolunteerFile(row) => {
                if let (Some(branch), Some(user)) = (row.branch, row.user) {
                    files.insert(VolunteerId::of(branch, user), row);
                }
            }
            _ => {}
        }
    }
    for one in &mut all {
        let id = one.volunteer();
        one.own = owns.get(&id).map(|own| (*own).clone()).unwrap_or_default();
        one.file = files.get(&id).map(|file| (*file).clone()).unwrap_or_default();
    }
    all.sort_by(|one, other| (&one.name, one.user, one.branch).cmp(&(&other.name, other.user, other.branch)));
    all
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::organisation::view::TeamView;
    use crate::questions::Answers;
    use crate::time::days_after;

    const HERE: BranchId = BranchId(Uuid::from_u128(1));
    const THERE: BranchId = BranchId(Uuid::from_u128(2));

    fn member(id: u128, name: &str, roles: &[Role]) -> Member {
        Member { user: UserId(Uuid::from_u128(id)), name: name.to_owned(), roles: roles.to_vec() }
    }

    fn rows() -> Vec<(DocumentId, Summary)> {
        let team = |branch, members| Summary::Team(TeamView { branch: Some(branch), members });
        let zwaan = UserId(Uuid::from_u128(11));
        let own = VolunteerView {
            branch: Some(HERE),
            user: Some(zwaan),
            answers: Answers::of([("phone", "0592 00 00 01"), ("paused_until", "2026-12-24")]),
        };
        let file = VolunteerFileRow {
            branch: Some(HERE),
            user: Some(zwaan),
            vog: VogState::Seen,
            ..VolunteerFileRow::default()
        };
        vec![
            (DocumentId::from(VolunteerId::of(HERE, zwaan)), Summary::Volunteer(own)),
            (VolunteerId::of(HERE, zwaan).file(), Summary::VolunteerFile(file)),
            (
                HERE.team_document(),
                team(
                    HERE,
                    vec![
                        member(11, "Zwaan", &[Role::Deliverer, Role::DeliveryCoordinator]),
                        member(12, "Aalderink", &[Role::Buddy]),
                        member(13, "Wie vertrok", &[]),
                        member(14, "Wie er betaald werkt", &[Role::Administrator]),
                    ],
                ),
            ),
            (THERE.team_document(), team(THERE, vec![member(11, "Zwaan", &[Role::Host])])),
        ]
    }

    #[test]
    fn a_list_has_the_volunteers_of_its_branches_with_their_own_part_and_file() {
        let rows = rows();
        let of = |branches: &[BranchId]| volunteers(branches, rows.iter().map(|(id, row)| (*id, row)));
        let here = of(&[HERE]);
        assert_eq!(here.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Aalderink", "Zwaan"]);
        assert!(here[0].lacks_vog());
        assert_eq!(here[1].roles, [Role::Deliverer], "not what one is paid for");
        assert_eq!(here[1].own.answers.get("phone"), "0592 00 00 01");
        assert!(!here[1].lacks_vog());
        // The other branch keeps its own file of the same person.
        let both = of(&[HERE, THERE]);
        assert_eq!(both.len(), 3);
        assert_eq!(both[1].user, both[2].user);
        assert_ne!(both[1].volunteer(), both[2].volunteer());
        assert!(both[2].lacks_vog() && both[2].own.answers.get("phone").is_empty());
        assert_eq!(of(&[]), []);
    }

    #[test]
    fn a_pause_lasts_to_its_last_day() {
        let rows = rows();
        let all = volunteers(&[HERE], rows.iter().map(|(id, row)| (*id, row)));
        let until: LocalDate = "2026-12-24".parse().unwrap();
        assert_eq!(all[1].paused_until(until), Some(until));
        assert_eq!(all[1].paused_until(days_after(until, 1)), None);
        assert_eq!(all[0].paused_until(until), None);
        // One that is to come is none yet, and counts for who plans ahead.
        let mut later = all[1].own.clone();
        later.answers.0.insert("paused_from".to_owned(), days_after(until, -5).to_string());
        assert_eq!(later.away_within(days_after(until, -20), days_after(until, -20)), None);
        assert_eq!(later.away_within(days_after(until, -20), days_after(until, -5)), Some(until));
    }

    #[test]
    fn a_vog_that_was_asked_for_is_on_its_way_until_it_was_seen() {
        let with = |vog| Volunteer {
            file: VolunteerFileRow { vog, ..VolunteerFileRow::default() },
            ..Volunteer::of(HERE, &member(1, "Vos", &[Role::Buddy]))
        };
        assert!(!with(VogState::Unknown).awaits_vog() && with(VogState::Unknown).lacks_vog());
        assert!(with(VogState::Submitted).awaits_vog() && with(VogState::Submitted).lacks_vog());
        assert!(!with(VogState::Seen).awaits_vog() && !with(VogState::NotNeeded).lacks_vog());
    }
}
