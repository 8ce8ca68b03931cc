//! The sample library: invented people at addresses that cannot exist (no Dutch postcode ends in SS), deterministic from a
//! seed and a day. Everything goes in through the same commands as real life.

mod taalhuis;
mod volunteers;

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait as _, PaginatorTrait as _};
use sync_core::access::{Membership, Person, Role};
use sync_core::command::Command;
use sync_core::deliveries::{
    Assignee, DaySegment, Frequency, LogDelivery, NewStop, Outcome, PlanRound, RaiseSignal, ReaderProfile,
    ReaderStatus, RecordKilometres, RegisterReader, SetReaderStatus, SignalKind,
};
use sync_core::ids::{
    BranchId, CommandId, DeviceId, DocumentId, LogId, OrganisationId, ReaderId, RoundId, SignalId, StopId,
    UserId,
};
use sync_core::organisation::{DescribeBranch, EnrolMember};
use sync_core::sync::message::Envelope;
use sync_core::time::{LocalDate, Timestamp, days_after};
use uuid::Uuid;

use crate::auth::entity::{membership, user};
use crate::auth::password;
use crate::clock::Clock;
use crate::db::{Db, begin_write};
use crate::settings;
use crate::sync::apply::{Batch, apply};
use crate::sync::entity::{branch, organisation};

/// The password of everybody in the sample.
pub const PASSWORD: &str = "noaber-voorbeeld";
const SEED: u64 = 2026;
const HOUR_MS: i64 = 3_600_000;
/// Weeks of rounds before and after today.
const WEEKS: i64 = 6;
const COMMANDS_AT_ONCE: usize = 400;

const STREETS: [&str; 10] = [
    "Bladwijzerlaan",
    "Vertellersweg",
    "Hoofdstukpad",
    "Leesbrilstraat",
    "Inktpotweg",
    "Sprookjesbrink",
    "Voetnootlaan",
    "Kaftstraat",
    "Alineahof",
    "Ezelsoorweg",
];
const NAMES: [&str; 20] = [
    "Mevrouw Hilbrands",
    "De heer Strating",
    "Mevrouw Kuipers",
    "De heer Enting",
    "Mevrouw Oosting",
    "De heer Venema",
    "Mevrouw Lanting",
    "Mevrouw Boelens",
    "De heer Meursing",
    "Mevrouw Speelman",
    "De heer Tingen",
    "Mevrouw Wolters",
    "Mevrouw Haveman",
    "De heer Dekker",
    "Mevrouw Pranger",
    "De heer Sikkens",
    "Mevrouw Zandstra",
    "De heer Braams",
    "Mevrouw Vos",
    "De heer Nijboer",
];
const VOLUNTEERS: [&str; 12] = [
    "Anna Hoving",
    "Bram Eising",
    "Carla Mulder",
    "Derk Wessels",
    "Els Jansen",
    "Fokke Smit",
    "Greet Bakker",
    "Henk Timmer",
    "Ineke Dijk",
    "Jan Kamps",
    "Klaas Kroon",
    "Lies Postma",
];
const NOTES: [&str; 5] = [
    "Bel aan bij de achterdeur.",
    "Hond blaft, maar doet niets.",
    "Duurt even voor de deur opengaat.",
    "Sleutel bij de buren op nummer 10.",
    "",
];
const INTERESTS: [&str; 5] = [
    "Streekromans, tuinboeken",
    "Spannende boeken",
    "Levensverhalen, geschiedenis van Drenthe",
    "Luisterboeken over reizen",
    "Romans, liefst in een serie",
];
const AVOID: [&str; 4] = ["Geen oorlog.", "Geen grof taalgebruik.", "", ""];
const WISHES: [&str; 4] =
    ["Meer boeken over vogels", "Deel 3 van de serie", "Graag iets vrolijks", "Een kookboek"];

/// A branch of the sample.
struct Place {
    branch: BranchId,
    name: &'static str,
    municipality: &'static str,
    digits: &'static str,
    readers: usize,
}

/// Somebody with an account.
struct Account {
    email: String,
    name: String,
    person: Person,
}

struct Sample {
    rng: ChaCha8Rng,
    today: LocalDate,
    organisation: OrganisationId,
    places: Vec<Place>,
    accounts: Vec<Account>,
    /// Commands with who gives them.
    script: Vec<(usize, Envelope)>,
}

fn fixed(name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_DNS, format!("{name}.voorbeeld.invalid").as_bytes())
}

impl Sample {
    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.rng.next_u32()).unwrap_or_default() % limit.max(1)
    }

    fn at(date: LocalDate, hour: i64) -> Timestamp {
        Timestamp::start_of(date).plus_millis(hour * HOUR_MS)
    }

    fn say(&mut self, account: usize, document: DocumentId, at: Timestamp, command: impl Into<Command>) {
        let command = command.into();
        let id = CommandId::fresh(at, &mut self.rng);
        self.script.push((account, Envelope::without_base(id, document, &command, at)));
    }

    fn account(&mut self, email: &str, name: &str, roles: &[(BranchId, Role)]) -> usize {
        let email = if email.contains('@') { email.to_owned() } else { format!("{email}@voorbeeld.invalid") };
        let user = UserId(fixed(&email));
        let memberships =
            roles.iter().map(|(branch, role)| Membership { branch: *branch, role: *role }).collect();
        self.accounts.push(Account { email, name: name.to_owned(), person: Person { user, memberships } });
        self.accounts.len() - 1
    }
}

/// Whether the database holds the sample library.
pub async fn is_sample(db: &Db) -> Result<bool, DbErr> {
    let found = organisation::Entity::find_by_id(fixed("organisation")).one(&db.read).await?;
    Ok(found.is_some())
}

/// Fills an empty database; false, and nothing done, when it is not empty.
pub async fn fill(db: &Db, clock: &Clock, scale: usize) -> Result<bool, DbErr> {
    if organisation::Entity::find().count(&db.write).await? > 0 {
        return Ok(false);
    }
    let now = clock.now();
    let hash = password::hash(PASSWORD).map_err(|_| DbErr::Custom("the password cannot be hashed".into()))?;
    let sample = library(now, scale.max(1));
    let other = other_library(now);
    for part in [sample, other] {
        store(db, part, &hash, now).await?;
    }
    Ok(true)
}

fn library(now: Timestamp, scale: usize) -> Sample {
    let branch = |name: &str| BranchId(fixed(name));
    let places = vec![
        Place {
            branch: branch("gieten"),
            name: "Gieten",
            municipality: "Aa en Hunze",
            digits: "9461",
            readers: 20,
        },
        Place {
            branch: branch("rolde"),
            name: "Rolde",
            municipality: "Aa en Hunze",
            digits: "9451",
            readers: 8,
        },
        Place {
            branch: branch("vries"),
            name: "Vries",
            municipality: "Tynaarlo",
            digits: "9481",
            readers: 12,
        },
    ];
    let mut sample = Sample {
        rng: ChaCha8Rng::seed_from_u64(SEED),
        today: now.local_date(),
        organisation: OrganisationId(fixed("organisation")),
        places,
        accounts: Vec::new(),
        script: Vec::new(),
    };
    let (gieten, rolde, vries) = (sample.places[0].branch, sample.places[1].branch, sample.places[2].branch);
    let coordinators = [
        sample.account("bezorging", "Marga Veldman", &[(gieten, Role::DeliveryCoordinator)]),
        sample.account("bezorging2", "Nico Oosterhof", &[(rolde, Role::DeliveryCoordinator)]),
        sample.account("bezorging3", "Petra Luinge", &[(vries, Role::DeliveryCoordinator)]),
    ];
    let all_roles = |role: Role| [(gieten, role), (rolde, role), (vries, role)];
    let administrator = sample.account("beheer", "Roel Abbing", &all_roles(Role::Administrator));
    let recruiter = sample.account("vrijwilligers", "Sietske Koops", &all_roles(Role::VolunteerCoordinator));
    let taalhuizen = taalhuis::coordinators(&mut sample, [gieten, rolde, vries]);
    sample.account("balie", "Wim Nijland", &[(gieten, Role::DeskStaff)]);
    let mut volunteers: Vec<Vec<usize>> = vec![Vec::new(); 3];
    let mut deliverers = Vec::new();
    for (index, name) in VOLUNTEERS.iter().enumerate() {
        // Six in Gieten, two in Rolde, four in Vries; the first two have the sign-ins people know.
        let place = [0, 1, 0, 0, 2, 2, 0, 1, 2, 0, 2, 0][index];
        let email = match index {
            0 => "bezorger".to_owned(),
            1 => "bezorger2".to_owned(),
            _ => format!("bezorger{}", index + 1),
        };
        let branch = sample.places[place].branch;
        let account = sample.account(&email, name, &[(branch, Role::Deliverer)]);
        volunteers[place].push(account);
        deliverers.push((branch, account));
    }
    let houses = taalhuis::houses(&mut sample, taalhuizen, scale);
    describe(&mut sample, administrator, &coordinators);
    for place in 0..3 {
        for copy in 0..scale {
            let readers = register(&mut sample, place, coordinators[place]);
            rounds(&mut sample, place, copy, coordinators[place], &volunteers[place], &readers);
        }
    }
    taalhuis::fill(&mut sample, &houses);
    volunteers::fill(&mut sample, recruiter, &deliverers);
    sample
}

/// Another organisation altogether, to show that nothing crosses.
fn other_library(now: Timestamp) -> Sample {
    let branch = BranchId(fixed("anders"));
    let mut sample = Sample {
        rng: ChaCha8Rng::seed_from_u64(SEED + 1),
        today: now.local_date(),
        organisation: OrganisationId(fixed("andere-organisatie")),
        places: vec![Place {
            branch,
            name: "Verweg",
            municipality: "Nergenshuizen",
            digits: "9999",
            readers: 3,
        }],
        accounts: Vec::new(),
        script: Vec::new(),
    };
    let everything = [
        (branch, Role::Administrator),
        (branch, Role::DeliveryCoordinator),
        (branch, Role::VolunteerCoordinator),
    ];
    let administrator = sample.account("beheer@ander.invalid", "Xander Otten", &everything);
    describe(&mut sample, administrator, &[administrator]);
    register(&mut sample, 0, administrator);
    sample
}

fn describe(sample: &mut Sample, administrator: usize, coordinators: &[usize]) {
    let at = Sample::at(days_after(sample.today, -WEEKS * 7 - 30), 9);
    for (place, &coordinator) in coordinators.iter().enumerate().take(sample.places.len()) {
        let (branch, name, municipality) =
            (sample.places[place].branch, sample.places[place].name, sample.places[place].municipality);
        let help_name = sample.accounts[coordinator].name.clone();
        let described = DescribeBranch {
            branch,
            name: name.to_owned(),
            municipality: municipality.to_owned(),
            help_name,
            phone: format!("0592 00 00 0{}", place + 1),
        };
        sample.say(administrator, branch.branch_document(), at, described);
        let members: Vec<EnrolMember> = sample
            .accounts
            .iter()
            .filter(|account| account.person.memberships.iter().any(|own| own.branch == branch))
            .map(|account| EnrolMember {
                branch,
                user: account.person.user,
                name: account.name.clone(),
                roles: account
                    .person
                    .memberships
                    .iter()
                    .filter(|own| own.branch == branch)
                    .map(|own| own.role)
                    .collect(),
            })
            .collect();
        for member in members {
            sample.say(administrator, branch.team_document(), at, member);
        }
    }
}

fn register(sample: &mut Sample, place: usize, coordinator: usize) -> Vec<ReaderId> {
    let at = Sample::at(days_after(sample.today, -WEEKS * 7 - 20), 10);
    let mut readers = Vec::new();
    for index in 0..sample.places[place].readers {
        let reader = ReaderId::fresh(at, &mut sample.rng);
        let profile = profile(sample, place, index);
        let branch = sample.places[place].branch;
        sample.say(coordinator, reader.into(), at, RegisterReader { branch, profile });
        let status = match index % 10 {
            7 => ReaderStatus::Paused,
            9 if index > 10 => ReaderStatus::IntroductionPlanned,
            _ => ReaderStatus::Active,
        };
        let paused_until = (status == ReaderStatus::Paused).then(|| days_after(sample.today, 24));
        if status == ReaderStatus::Paused {
            let active = SetReaderStatus { status: ReaderStatus::Active, paused_until: None };
            sample.say(coordinator, reader.into(), at.plus_millis(1_000), active);
        }
        sample.say(
            coordinator,
            reader.into(),
            at.plus_millis(2_000),
            SetReaderStatus { status, paused_until },
        );
        if status == ReaderStatus::Active {
            readers.push(reader);
        }
    }
    readers
}

fn profile(sample: &mut Sample, place: usize, index: usize) -> ReaderProfile {
    let number = sample.below(60) + 1;
    let large_print = sample.below(3) == 0;
    ReaderProfile {
        name: NAMES[(index + place * 7) % NAMES.len()].to_owned(),
        street: STREETS[(index + place * 3) % STREETS.len()].to_owned(),
        house_number: number.to_string(),
        postcode: format!("{} SS", sample.places[place].digits),
        place: sample.places[place].name.to_owned(),
        phone: format!("0592 00 1{place} {:02}", index % 100),
        door_note: sample.pick(&NOTES).to_owned(),
        interests: sample.pick(&INTERESTS).to_owned(),
        avoid: sample.pick(&AVOID).to_owned(),
        large_print,
        audiobook: !large_print && index.is_multiple_of(6),
        max_items: u16::try_from(3 + index % 4).unwrap_or(5),
        frequency: match index % 8 {
            0 => Frequency::TwoWeekly,
            5 => Frequency::FourWeekly,
            _ => Frequency::ThreeWeekly,
        },
        day_segment: if index.is_multiple_of(3) { DaySegment::Morning } else { DaySegment::Afternoon },
        ..ReaderProfile::default()
    }
}

fn rounds(
    sample: &mut Sample,
    place: usize,
    copy: usize,
    coordinator: usize,
    volunteers: &[usize],
    readers: &[ReaderId],
) {
    let directions = ["Zuid", "Noord", "Dorp"];
    for week in -WEEKS..=WEEKS {
        let turn = usize::try_from((week + WEEKS) % 3).unwrap_or_default();
        let stops: Vec<ReaderId> = readers
            .iter()
            .enumerate()
            .filter(|(index, _)| index % 3 == turn)
            .map(|(_, reader)| *reader)
            .collect();
        // This week's round of the first volunteer is today, so that there is always something to do.
        let on = days_after(sample.today, week * 7);
        let with = if week == 0 { 0 } else { sample.below(volunteers.len()) };
        let volunteer = volunteers[with];
        let mut name = format!("{}-{}", sample.places[place].name, directions[turn]);
        if copy > 0 {
            name = format!("{name} {copy}");
        }
        let round = plan(sample, place, coordinator, &[volunteer], name, on, &stops);
        if week < 0 {
            log_all(sample, round, volunteer, on);
        }
    }
    // One round shared by two volunteers, tomorrow.
    if copy == 0 && place == 0 && volunteers.len() > 1 {
        let stops: Vec<ReaderId> = readers.iter().copied().skip(1).step_by(5).collect();
        let on = days_after(sample.today, 1);
        plan(
            sample,
            place,
            coordinator,
            &[volunteers[0], volunteers[1]],
            "Gieten-Samen".to_owned(),
            on,
            &stops,
        );
        let signal = SignalId::fresh(Sample::at(sample.today, 1), &mut sample.rng);
        let raised = RaiseSignal {
            branch: sample.places[place].branch,
            signal: SignalKind::Worry,
            round: None,
            reader: readers.get(3).copied(),
            note: "De gordijnen waren nog dicht en de post lag op de mat.".to_owned(),
        };
        let at = Sample::at(days_after(sample.today, -7), 15);
        sample.say(volunteers[1], signal.into(), at, raised);
    }
}

fn plan(
    sample: &mut Sample,
    place: usize,
    coordinator: usize,
    volunteers: &[usize],
    name: String,
    on: LocalDate,
    readers: &[ReaderId],
) -> (RoundId, Vec<StopId>) {
    let at = Sample::at(days_after(on, -8).min(days_after(sample.today, -1)), 11);
    let round = RoundId::fresh(at, &mut sample.rng);
    let stops: Vec<NewStop> = readers
        .iter()
        .enumerate()
        .map(|(index, reader)| {
            let count = 2 + sample.below(4);
            NewStop {
                stop: StopId::fresh(at, &mut sample.rng),
                reader: *reader,
                bag: format!("Tas {}", index + 1),
                bring: format!("{count} boeken{}", if index % 3 == 0 { ", grote letter" } else { "" }),
                fetch: if index % 2 == 0 { format!("{} boeken", count + 1) } else { String::new() },
            }
        })
        .collect();
    let ids = stops.iter().map(|stop| stop.stop).collect();
    let assignees = volunteers
        .iter()
        .map(|index| {
            let account = &sample.accounts[*index];
            Assignee { user: account.person.user, name: account.name.clone() }
        })
        .collect();
    let branch = sample.places[place].branch;
    let planned = PlanRound { branch, name, on, day_segment: DaySegment::Afternoon, assignees, stops };
    sample.say(coordinator, round.into(), at, planned);
    (round, ids)
}

fn log_all(sample: &mut Sample, (round, stops): (RoundId, Vec<StopId>), volunteer: usize, on: LocalDate) {
    let start = Sample::at(on, 13);
    for (minutes, stop) in (0..).step_by(20).zip(&stops) {
        let outcome = match sample.below(20) {
            0 | 1 => Outcome::NotHome,
            2 => Outcome::LeftAtPlace,
            3 => Outcome::DeliveredToOther,
            _ => Outcome::Delivered,
        };
        let items = u16::try_from(2 + sample.below(4)).unwrap_or(3);
        let wish = if sample.below(6) == 0 { sample.pick(&WISHES).to_owned() } else { String::new() };
        let at = start.plus_millis(minutes * 60_000);
        let log = LogDelivery {
            log: LogId::fresh(at, &mut sample.rng),
            stop: *stop,
            outcome,
            items_out: outcome.succeeded().then_some(items),
            items_in: outcome.succeeded().then_some(items),
            wish,
            note: String::new(),
            corrects: Vec::new(),
        };
        sample.say(volunteer, round.into(), at, log);
    }
    let metres = 9_000 + 500 * u32::try_from(sample.below(20)).unwrap_or_default();
    sample.say(volunteer, round.into(), start.plus_millis(3 * HOUR_MS), RecordKilometres { metres });
}

async fn store(db: &Db, sample: Sample, hash: &str, now: Timestamp) -> Result<(), DbErr> {
    let organisation = sample.organisation;
    let tx = begin_write(&db.write).await?;
    organisation::Entity::insert(organisation::ActiveModel {
        id: Set(organisation.0),
        name: Set(format!("Voorbeeldbibliotheek {}", sample.places[0].name)),
        feed: Set(0),
        generation: Set(1),
    })
    .exec_without_returning(&tx)
    .await?;
    let branches = sample.places.iter().map(|place| branch::ActiveModel {
        organisation_id: Set(organisation.0),
        id: Set(place.branch.0),
        name: Set(place.name.to_owned()),
        kind: Set("branch".to_owned()),
        municipality: Set(place.municipality.to_owned()),
    });
    branch::Entity::insert_many(branches).exec_without_returning(&tx).await?;
    for account in &sample.accounts {
        user::Entity::insert(user::ActiveModel {
            organisation_id: Set(organisation.0),
            id: Set(account.person.user.0),
            email: Set(account.email.clone()),
            name: Set(account.name.clone()),
            password_hash: Set(hash.to_owned()),
            epoch: Set(1),
            created_at: Set(now.as_millis()),
            ..Default::default()
        })
        .exec_without_returning(&tx)
        .await?;
        let roles = account.person.memberships.iter().map(|own| membership::ActiveModel {
            organisation_id: Set(organisation.0),
            user_id: Set(account.person.user.0),
            branch_id: Set(own.branch.0),
            role: Set(own.role.as_str().to_owned()),
            ..Default::default()
        });
        membership::Entity::insert_many(roles).exec_without_returning(&tx).await?;
    }
    settings::offer_second_step(&tx, organisation).await?;
    tx.commit().await?;
    for part in sample.script.chunks(COMMANDS_AT_ONCE) {
        let batches: Vec<Batch> = part
            .iter()
            .map(|(account, envelope)| Batch {
                organisation,
                person: sample.accounts[*account].person.clone(),
                device: DeviceId(fixed("device")),
                commands: vec![envelope.clone()],
                received_at: now,
            })
            .collect();
        let tx = begin_write(&db.write).await?;
        let applied = apply(&tx, &batches).await?;
        let refused =
            applied.iter().flat_map(|applied| &applied.results).find_map(|result| match &result.verdict {
                sync_core::sync::message::Verdict::Refused { problem, detail, .. } => {
                    Some((*problem, detail.clone()))
                }
                _ => None,
            });
        if let Some((problem, detail)) = refused {
            return Err(DbErr::Custom(format!("the sample breaks a rule: {}: {detail}", problem.slug())));
        }
        tx.commit().await?;
    }
    Ok(())
}
