//! Who is there already, for finding likely doubles.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use sync_core::document::DocumentKind;
use sync_core::doubles::{Crowd, Likeness};
use sync_core::ids::{BranchId, OrganisationId};
use sync_core::import::Target;
use sync_core::summary::Summary;
use sync_core::taalhuis::doubles::likeness;

use super::check::Like;
use super::labels::fold;
use crate::auth::entity::user;
use crate::problem::Problem;
use crate::sync::summaries;

/// Everybody of this kind who is known in the branch.
pub(super) async fn crowd(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    branch: BranchId,
    target: Target,
) -> Result<Crowd<Like>, Problem> {
    let kinds: &[DocumentKind] = match target {
        Target::Readers => &[DocumentKind::Reader],
        Target::Learners => &[DocumentKind::Learner, DocumentKind::LearnerFile],
        Target::Volunteers => &[DocumentKind::Volunteer, DocumentKind::Team],
    };
    let mut crowd = Crowd::default();
    let mut learners = Vec::new();
    let mut files = BTreeMap::new();
    let mut described = BTreeSet::new();
    let mut add =
        |name: &str, phone: &str| crowd.add(Likeness::new(name, phone, "", fold), Like::known(name));
    let mut team = Vec::new();
    for (id, _, summary) in summaries(db, organisation, &[branch.0], kinds).await? {
        match summary {
            Summary::Reader(row) => add(&row.name, &row.phone),
            Summary::Volunteer(view) => {
                described.extend(view.user);
                add(view.answers.get("name"), view.answers.get("phone"));
            }
            Summary::Team(view) => team = view.members,
            Summary::Learner(row) => learners.push((id, row)),
            Summary::LearnerFile(row) => {
                if let Some(learner) = row.learner {
                    files.insert(learner.0, row);
                }
            }
            _ => {}
        }
    }
    // Who has an account and told nothing yet has a name all the same.
    for member in team.iter().filter(|member| !described.contains(&member.user)) {
        add(&member.name, "");
    }
    for (id, row) in &learners {
        let file = files.get(id);
        let family = file.map_or("", |file| file.answers.get("family_name"));
        let name = format!("{} {family}", row.answers.get("call_name"));
        crowd.add(likeness(row, file, fold), Like::known(name.trim()));
    }
    Ok(crowd)
}

/// Which of these addresses have an account already: an address is of one account.
pub(super) async fn addresses(
    db: &impl ConnectionTrait,
    wanted: impl Iterator<Item = String>,
) -> Result<BTreeSet<String>, Problem> {
    let wanted: Vec<String> = wanted.filter(|address| !address.is_empty()).collect();
    let mut found = BTreeSet::new();
    for part in wanted.chunks(1_000) {
        let emails: Vec<String> = user::Entity::find()
            .select_only()
            .column(user::Column::Email)
            .filter(user::Column::Email.is_in(part.iter().map(String::as_str)))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(emails);
    }
    Ok(found)
}
