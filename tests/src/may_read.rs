//! Who may read what, said once more and apart from the code that decides it: from what documents say, the roles of a day and the
//! calendar. The simulation lays it beside what the server grants and what lies on phones.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use server::auth::entity::membership;
use server::sync::entity::document;
use server::sync::whole;
use sync_core::deliveries::view::RoundState;
use sync_core::ids::{BranchId, DocumentId, OrganisationId, UserId};
use sync_core::summary::Content;
use sync_core::taalhuis::{PairingState, Purpose};
use sync_core::time::days_after;

use crate::Outcome;
use crate::world::World;

/// A document with its branch and what it says.
struct Paper {
    id: DocumentId,
    branch: BranchId,
    content: Content,
}

/// What is there to read in a library.
pub struct Library {
    papers: Vec<Paper>,
    /// The roles of today: where, as what.
    roles: BTreeMap<UserId, BTreeSet<(BranchId, String)>>,
    today: NaiveDate,
}

impl Library {
    /// Opens every document of this library.
    pub async fn open(world: &World, organisation: OrganisationId) -> Outcome<Self> {
        let db = &world.state.db.read;
        let mut papers = Vec::new();
        let rows = document::Entity::find()
            .filter(document::Column::OrganisationId.eq(organisation.0))
            .filter(document::Column::Erased.eq(false))
            .all(db)
            .await?;
        for row in rows {
            let id = DocumentId(row.id);
            let found = whole(db, organisation, id).await.map_err(|problem| format!("{problem:?}"))??;
            let branch = found.root().id("branch");
            if let (Some(branch), Some(content)) = (branch, Content::read(&found)) {
                papers.push(Paper { id, branch, content });
            }
        }
        let today = world.now.local_date();
        let mut roles: BTreeMap<UserId, BTreeSet<(BranchId, String)>> = BTreeMap::new();
        let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<NaiveDate>().ok());
        let rows = membership::Entity::find().filter(membership::Column::OrganisationId.eq(organisation.0));
        for row in rows.all(db).await? {
            if day(&row.from_on).is_none_or(|from| from <= today)
                && day(&row.until_on).is_none_or(|until| today <= until)
            {
                roles.entry(UserId(row.user_id)).or_default().insert((BranchId(row.branch_id), row.role));
            }
        }
        Ok(Self { papers, roles, today })
    }

    /// Everything this person may hold today, with why.
    #[must_use]
    pub fn of(&self, user: UserId) -> BTreeMap<DocumentId, &'static str> {
        self.papers.iter().filter_map(|paper| Some((paper.id, self.why(paper, user)?))).collect()
    }

    fn is(&self, user: UserId, branch: BranchId, roles: &[&str]) -> bool {
        let own = self.roles.get(&user);
        own.is_some_and(|own| roles.iter().any(|role| own.contains(&(branch, (*role).to_owned()))))
    }

    fn works_in(&self, user: UserId, branch: BranchId) -> bool {
        self.roles.get(&user).is_some_and(|own| own.iter().any(|(own, _)| *own == branch))
    }

    fn why(&self, paper: &Paper, user: UserId) -> Option<&'static str> {
        const VOLUNTEER: &[&str] = &["deliverer", "chooser", "buddy", "host"];
        let Paper { id, branch, content } = paper;
        let is = |roles: &[&str]| self.is(user, *branch, roles);
        let teaches = is(&["taalhuis_coordinator"]);
        match content {
            Content::Branch(_) => self.works_in(user, *branch).then_some("works in the branch"),
            Content::Team(_) => is(&[
                "delivery_coordinator",
                "taalhuis_coordinator",
                "volunteer_coordinator",
                "administrator",
            ])
            .then_some("sees the team"),
            Content::Reader(_) => {
                let visits = || self.visits(*id, *branch, user) && is(&["deliverer"]);
                (is(&["delivery_coordinator"]) || visits()).then_some("coordinates, or visits this week")
            }
            Content::Round(round) => {
                let rides = round.assignees.iter().any(|(rider, _)| *rider == user) && is(&["deliverer"]);
                let still = round.day().is_some_and(|on| self.today < days_after(on, 62));
                (is(&["delivery_coordinator"]) || rides && still).then_some("coordinates, or rides")
            }
            Content::Signal(_) => is(&["delivery_coordinator"]).then_some("coordinates"),
            Content::Volunteer(volunteer) => {
                let own = volunteer.user == Some(user) && is(VOLUNTEER);
                (own || teaches || is(&["volunteer_coordinator"]))
                    .then_some("it is their own, or coordinates")
            }
            Content::VolunteerFile(_) => {
                (teaches || is(&["volunteer_coordinator"])).then_some("coordinates volunteers")
            }
            Content::Learner(learner) => {
                let buddy = || {
                    learner.consents_to(Purpose::Buddy) && is(&["buddy"]) && self.meets(*id, *branch, user)
                };
                (teaches || buddy()).then_some("coordinates, or is the buddy")
            }
            Content::LearnerFile(_) | Content::Taalhuis(_) => teaches.then_some("coordinates learners"),
            Content::Pairing(pairing) => {
                let ended = || pairing.since(PairingState::Ended);
                let own = pairing.user == Some(user) && is(&["buddy"]);
                let holds = match pairing.state() {
                    PairingState::Proposed => false,
                    PairingState::Ended => ended().is_none_or(|on| self.today < days_after(on, 62)),
                    PairingState::IntroPlanned
                    | PairingState::Trial
                    | PairingState::Running
                    | PairingState::Paused => true,
                };
                (teaches || own && holds).then_some("coordinates, or is the buddy")
            }
            Content::Group(group) => {
                let leads = group.buddies.iter().any(|(buddy, _)| *buddy == user) && is(&["buddy"]);
                let still = group.ended_on.is_none_or(|on| self.today < days_after(on, 62));
                (teaches || leads && still).then_some("coordinates, or leads it")
            }
        }
    }

    /// Whether this person rides to this reader, from three days before to the day after.
    fn visits(&self, reader: DocumentId, branch: BranchId, user: UserId) -> bool {
        self.papers.iter().filter(|paper| paper.branch == branch).any(|paper| match &paper.content {
            Content::Round(round) => {
                let near = round
                    .day()
                    .is_some_and(|on| days_after(on, -3) <= self.today && self.today <= days_after(on, 1));
                near && round.state != RoundState::Cancelled
                    && round.assignees.iter().any(|(rider, _)| *rider == user)
                    && round.stops.iter().any(|stop| stop.reader.map(DocumentId::from) == Some(reader))
            }
            _ => false,
        })
    }

    /// Whether this person and this learner know each other now.
    fn meets(&self, learner: DocumentId, branch: BranchId, user: UserId) -> bool {
        self.papers.iter().filter(|paper| paper.branch == branch).any(|paper| match &paper.content {
            Content::Pairing(pairing) => {
                pairing.user == Some(user)
                    && pairing.learner.map(DocumentId::from) == Some(learner)
                    && !matches!(pairing.state(), PairingState::Proposed | PairingState::Ended)
            }
            _ => false,
        })
    }
}
