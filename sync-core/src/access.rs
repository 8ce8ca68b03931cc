//! Who may do and read what. Deny unless a rule here says otherwise. The phone asks this to hide buttons, the
//! server asks it to decide: the same function, on the rights each knows.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::document::{Document, DocumentKind};
use crate::ids::{BranchId, DocumentId, UserId};
use crate::problem::{ProblemKind, Refusal};
use crate::summary::Summary;
use crate::time::Timestamp;
use crate::{deliveries, organisation, taalhuis, volunteers};

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// A role in a branch (domain 3.5). One person may have many.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role { $($(#[$doc])* $variant),+ }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in storage and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The role with this word.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

roles! {
    /// Brings books to readers at home.
    #[doc(alias = "bezorger")]
    Deliverer = "deliverer",
    /// Chooses books for readers at home.
    #[doc(alias = "kiezer")]
    Chooser = "chooser",
    /// Coordinates the deliveries of a branch.
    #[doc(alias = "coördinator Bibliotheek aan Huis")]
    DeliveryCoordinator = "delivery_coordinator",
    /// Meets a learner.
    #[doc(alias = "taalmaatje")]
    Buddy = "buddy",
    /// Coordinates a Taalhuis.
    TaalhuisCoordinator = "taalhuis_coordinator",
    /// Helps visitors at the IDO desk.
    #[doc(alias = "IDO-medewerker")]
    DeskStaff = "desk_staff",
    /// Coordinates the IDO of a branch.
    #[doc(alias = "IDO-coördinator")]
    DeskCoordinator = "desk_coordinator",
    /// Welcomes people at activities.
    #[doc(alias = "gastvrouw, gastheer")]
    Host = "host",
    /// Refers parents at the clinic to the library and the Taalhuis.
    #[doc(alias = "BoekStartcoach")]
    BookStartCoach = "book_start_coach",
    /// A partner who refers people.
    #[doc(alias = "partner-verwijzer")]
    Referrer = "referrer",
    /// Pays what volunteers claim.
    #[doc(alias = "financieel medewerker")]
    Finance = "finance",
    /// Reads figures for a municipality: counts only.
    #[doc(alias = "gemeente-rapportlezer")]
    ReportReader = "report_reader",
    /// Guards privacy: reads the log, what is forgotten, and who asked for what.
    #[doc(alias = "functionaris privacy")]
    PrivacyOfficer = "privacy_officer",
    /// Coordinates the volunteers of a branch.
    #[doc(alias = "vrijwilligerscoördinator")]
    VolunteerCoordinator = "volunteer_coordinator",
    /// Manages people, branches and settings.
    #[doc(alias = "beheerder")]
    Administrator = "administrator",
}

impl Role {
    /// The roles that somebody with this role gives and takes in the same branch (domain 3.5): coordinators those of their
    /// own volunteers, an administrator every one.
    #[must_use]
    pub const fn gives(self) -> &'static [Self] {
        match self {
            Self::Administrator => Self::ALL,
            Self::VolunteerCoordinator => &[Self::Deliverer, Self::Chooser, Self::Buddy, Self::Host],
            Self::DeliveryCoordinator => &[Self::Deliverer, Self::Chooser],
            Self::TaalhuisCoordinator => &[Self::Buddy],
            Self::DeskCoordinator => &[Self::DeskStaff],
            Self::Deliverer
            | Self::Chooser
            | Self::Buddy
            | Self::Host
            | Self::DeskStaff
            | Self::BookStartCoach
            | Self::Referrer
            | Self::Finance
            | Self::ReportReader
            | Self::PrivacyOfficer => &[],
        }
    }
}

impl Role {
    /// Whether volunteers alone have this role: they come in with a device and a colleague, without a password.
    #[must_use]
    pub const fn is_of_volunteers(self) -> bool {
        matches!(self, Self::Deliverer | Self::Chooser | Self::Buddy | Self::Host)
    }
}

impl Serialize for Role {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom("unknown role"))
    }
}

/// A role of a person in a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Membership {
    /// Where.
    pub branch: BranchId,
    /// As what.
    pub role: Role,
}

/// Who asks, with the roles that person has at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub user: UserId,
    /// The roles.
    pub memberships: Vec<Membership>,
}

impl Person {
    /// Whether this person has one of these roles in this branch.
    #[must_use]
    pub fn has(&self, branch: BranchId, roles: &[Role]) -> bool {
        self.memberships.iter().any(|own| own.branch == branch && roles.contains(&own.role))
    }

    /// Whether this person has this role anywhere.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.memberships.iter().any(|own| own.role == role)
    }

    /// Every audience this person belongs to.
    #[must_use]
    pub fn audiences(&self) -> Vec<Audience> {
        let mut all = Vec::new();
        for own in &self.memberships {
            all.push(Audience::Branch(own.branch));
            all.push(Audience::Team(own.branch, own.role));
            all.push(Audience::Worker(own.branch, own.role, self.user));
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Who a document is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Everybody with any role in a branch.
    Branch(BranchId),
    /// Everybody with this role in a branch.
    Team(BranchId, Role),
    /// One person, as long as that person has this role in a branch: whoever loses it holds nothing by it any more.
    Worker(BranchId, Role, UserId),
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Branch(branch) => write!(f, "branch:{branch}"),
            Self::Team(branch, role) => write!(f, "team:{branch}:{}", role.as_str()),
            Self::Worker(branch, role, user) => write!(f, "worker:{branch}:{}:{user}", role.as_str()),
        }
    }
}

impl FromStr for Audience {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split(':');
        let bad = "not an audience";
        let audience = match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("branch"), Some(id), None, None, None) => Self::Branch(id.parse().map_err(|_| bad)?),
            (Some("team"), Some(id), Some(role), None, None) => {
                Self::Team(id.parse().map_err(|_| bad)?, Role::parse(role).ok_or(bad)?)
            }
            (Some("worker"), Some(id), Some(role), Some(user), None) => Self::Worker(
                id.parse().map_err(|_| bad)?,
                Role::parse(role).ok_or(bad)?,
                user.parse().map_err(|_| bad)?,
            ),
            _ => return Err(bad),
        };
        Ok(audience)
    }
}

/// A document that an audience may hold, always or between two instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Which document.
    pub document: DocumentId,
    /// For whom.
    pub audience: Audience,
    /// From when; from now on if nothing is said.
    pub from: Option<Timestamp>,
    /// Until when; for good if nothing is said.
    pub until: Option<Timestamp>,
}

impl Grant {
    /// A grant without an end.
    #[must_use]
    pub const fn always(document: DocumentId, audience: Audience) -> Self {
        Self { document, audience, from: None, until: None }
    }
}

/// The grants that follow from the content of this document: of itself, and of documents it is about.
#[must_use]
pub fn grants(id: DocumentId, document: &Document) -> Vec<Grant> {
    let mut grants = match document.kind() {
        Some(DocumentKind::Branch | DocumentKind::Team) => organisation::access::grants(id, document),
        Some(DocumentKind::Reader | DocumentKind::Round | DocumentKind::Signal) => {
            deliveries::access::grants(id, document)
        }
        Some(DocumentKind::Volunteer | DocumentKind::VolunteerFile) => {
            volunteers::access::grants(id, document)
        }
        Some(
            DocumentKind::Learner
            | DocumentKind::LearnerFile
            | DocumentKind::Pairing
            | DocumentKind::Group
            | DocumentKind::Taalhuis,
        ) => taalhuis::access::grants(id, document),
        None => Vec::new(),
    };
    grants.sort_unstable();
    grants.dedup();
    grants
}

/// Whether this document keeps itself from everybody to whom another document would give it, such as a learner who does not consent:
/// then only its own grants hold.
#[must_use]
pub fn is_withheld(document: &Document) -> bool {
    taalhuis::access::is_withheld(document)
}

/// Whether documents of this kind may withhold themselves.
#[must_use]
pub const fn may_withhold(kind: DocumentKind) -> bool {
    taalhuis::access::may_withhold(kind)
}

/// The same as [`is_withheld`], by the row of a document. One that may and cannot be read does.
#[must_use]
pub fn withholds(kind: &str, summary: Option<&Summary>) -> bool {
    taalhuis::access::withholds(kind, summary)
}

/// The documents of people whom this document tells of: when one of those is erased, this one is written anew.
#[must_use]
pub fn told_of(document: &Document) -> Vec<DocumentId> {
    taalhuis::forget::learners_named(document).into_iter().map(DocumentId::from).collect()
}

/// The branch a document belongs to.
#[must_use]
pub fn branch_of(document: &Document) -> Option<BranchId> {
    document.root().id("branch")
}

/// Whether this person may run this command on this document, as it is now. For a first command the document is
/// the skeleton and the branch is the one the command names.
pub fn may_run(person: &Person, command: &Command, document: &Document) -> Result<(), Refusal> {
    match command {
        Command::Organisation(command) => organisation::access::may_run(person, command, document),
        Command::Deliveries(command) => deliveries::access::may_run(person, command, document),
        Command::Volunteers(command) => volunteers::access::may_run(person, command, document),
        Command::Taalhuis(command) => taalhuis::access::may_run(person, command, document),
    }
}

/// Whether this person may give or take a role. Nobody changes a right of his own (security promise 1).
pub fn may_give(giver: &Person, receiver: UserId, branch: BranchId, role: Role) -> Result<(), Refusal> {
    if giver.user == receiver {
        return Err(Refusal::new(ProblemKind::NotAllowed, "nobody changes his own rights"));
    }
    let theirs = giver.memberships.iter().any(|own| own.branch == branch && own.role.gives().contains(&role));
    if theirs { Ok(()) } else { Err(Refusal::new(ProblemKind::NotAllowed, "this role is not yours to give")) }
}

/// Refuses unless the person has one of these roles in the branch.
pub(crate) fn need(person: &Person, branch: Option<BranchId>, roles: &[Role]) -> Result<(), Refusal> {
    match branch {
        Some(branch) if person.has(branch, roles) => Ok(()),
        _ => Err(Refusal::new(ProblemKind::NotAllowed, "this role may not do this here")),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn audiences_and_roles_read_back_as_they_were_written() {
        let branch = BranchId(Uuid::from_u128(7));
        let user = UserId(Uuid::from_u128(8));
        let mut all = vec![Audience::Branch(branch)];
        all.extend(Role::ALL.iter().map(|role| Audience::Team(branch, *role)));
        all.extend(Role::ALL.iter().map(|role| Audience::Worker(branch, *role, user)));
        for audience in all {
            assert_eq!(audience.to_string().parse(), Ok(audience));
        }
    }

    #[test]
    fn coordinators_give_the_roles_of_their_volunteers_and_nobody_his_own() {
        let (here, there) = (BranchId(Uuid::from_u128(1)), BranchId(Uuid::from_u128(2)));
        let (me, other) = (UserId(Uuid::from_u128(3)), UserId(Uuid::from_u128(4)));
        let with = |role| Person { user: me, memberships: vec![Membership { branch: here, role }] };
        let coordinator = with(Role::DeliveryCoordinator);
        assert!(may_give(&coordinator, other, here, Role::Deliverer).is_ok());
        assert!(may_give(&coordinator, other, there, Role::Deliverer).is_err());
        assert!(may_give(&coordinator, other, here, Role::DeliveryCoordinator).is_err());
        let administrator = with(Role::Administrator);
        for role in Role::ALL {
            assert!(may_give(&administrator, other, here, *role).is_ok());
            assert!(may_give(&administrator, me, here, *role).is_err(), "nobody his own");
            assert!(may_give(&with(Role::Deliverer), other, here, *role).is_err());
        }
    }
}
