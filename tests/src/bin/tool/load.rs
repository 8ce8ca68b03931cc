//! `cargo xtask load`: so many phones that were without coverage all day come back within so many seconds, each with the work of
//! its day. Driver, server and database share one machine.

use std::io::Write as _;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait as _, TransactionTrait as _};
use serde_json::json;
use server::auth::entity::{device, membership, user};
use sync_core::access::{Membership, Person, Role};
use sync_core::deliveries::{
    Assignee, DaySegment, LogDelivery, NewStop, Outcome as Went, PlanRound, ReaderProfile, RecordKilometres,
    RegisterReader,
};
use sync_core::ids::{BranchId, DeviceId, OrganisationId, ReaderId, RoundId, StopId, UserId};
use sync_core::sync::cbor;
use sync_core::sync::message::{SyncResponse, Verdict};
use tests::Outcome;
use tests::api::Program;
use tests::phone::Phone;
use tests::postgres::Cluster;
use tests::server::{MORNING, Within};

/// Addresses of a round.
const STOPS: usize = 8;
/// What a day is: a log for each address, and the kilometres.
const ACTS: usize = STOPS + 1;
/// Readers of the branch: rounds share them, as the weeks of a branch do.
const READERS: usize = 400;
/// Phones that are made ready at once.
const AT_ONCE: usize = 200;
/// People come to the library in the morning, and back at the end of the afternoon.
const DAY: i64 = 8 * 3_600_000;

#[derive(Args)]
pub(crate) struct Arguments {
    /// How many phones.
    #[arg(long, default_value_t = 5_000)]
    phones: usize,
    /// Within how long all of them come back, such as 60s.
    #[arg(long, default_value = "60s", value_parser = seconds)]
    within: Duration,
    #[arg(long)]
    json: bool,
}

/// A number of seconds, such as 60s.
fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.strip_suffix('s').unwrap_or(text);
    number.parse().map(Duration::from_secs).map_err(|_| format!("{text} is no number of seconds such as 60s"))
}

/// What a phone sends when it comes back.
struct Ready {
    token: String,
    body: Vec<u8>,
}

/// How a phone fared.
struct Fared {
    ms: f64,
    accepted: usize,
    refused: usize,
}

struct Load {
    server: Within,
    coordinator: Phone,
    program: Program,
    branch: BranchId,
}

impl Load {
    async fn new(address: &str) -> Outcome<Self> {
        let server = Within::start_on(address).await?;
        let program = Program::sign_in(&server.url, "bezorging3").await?;
        let mut coordinator = Phone::of(&program, 1, MORNING)?;
        coordinator.exchanges(&program, MORNING).await?;
        let branch = coordinator.person.memberships.first().ok_or("no role")?.branch;
        Ok(Self { server, coordinator, program, branch })
    }

    async fn readers(&mut self) -> Outcome<Vec<ReaderId>> {
        let mut readers = Vec::new();
        for number in 0..READERS {
            let id: ReaderId = self.coordinator.fresh(MORNING);
            let profile = ReaderProfile {
                name: format!("Lezer {number}"),
                street: "Bladwijzerlaan".to_owned(),
                house_number: number.to_string(),
                postcode: "9481 SS".to_owned(),
                place: "Vries".to_owned(),
                ..ReaderProfile::default()
            };
            self.coordinator.acts(id.into(), RegisterReader { branch: self.branch, profile }, MORNING);
            readers.push(id);
        }
        self.coordinator.exchanges(&self.program, MORNING).await?;
        Ok(readers)
    }

    /// People who deliver, with these numbers, each with a phone that is signed in.
    async fn people(&mut self, numbers: Range<usize>) -> Outcome<Vec<(Phone, String)>> {
        let organisation: OrganisationId =
            self.program.signed_in["user"]["organisation"].as_str().unwrap_or_default().parse()?;
        let state = self.server.state.clone();
        let tx = state.db.write.begin().await?;
        let mut people = Vec::new();
        for number in numbers {
            let id: UserId = self.coordinator.fresh(MORNING);
            let device: DeviceId = self.coordinator.fresh(MORNING);
            let row = user::ActiveModel {
                organisation_id: Set(organisation.0),
                id: Set(id.0),
                email: Set(format!("bezorger-{number}@druk.invalid")),
                name: Set(format!("Bezorger {number}")),
                password_hash: Set(String::new()),
                epoch: Set(1),
                created_at: Set(MORNING.as_millis()),
                ..Default::default()
            };
            user::Entity::insert(row).exec_without_returning(&tx).await?;
            let row = membership::ActiveModel {
                organisation_id: Set(organisation.0),
                user_id: Set(id.0),
                branch_id: Set(self.branch.0),
                role: Set(Role::Deliverer.as_str().to_owned()),
                ..Default::default()
            };
            membership::Entity::insert(row).exec_without_returning(&tx).await?;
            let row = device::ActiveModel {
                organisation_id: Set(organisation.0),
                id: Set(device.0),
                user_id: Set(id.0),
                name: Set("Telefoon".to_owned()),
                refresh_hash: Set(device.0.as_bytes().to_vec()),
                created_at: Set(MORNING.as_millis()),
                refreshed_at: Set(MORNING.as_millis()),
                last_contact_at: Set(MORNING.as_millis()),
                signed_out: Set(false),
                vouched: Set(true),
                ..Default::default()
            };
            device::Entity::insert(row).exec_without_returning(&tx).await?;
            let token = state.keys.sign(organisation.0, id.0, device.0, 1, MORNING)?;
            let person = Person {
                user: id,
                memberships: vec![Membership { branch: self.branch, role: Role::Deliverer }],
            };
            let seed = 1_000 + u64::try_from(number)?;
            people.push((Phone::new("phone", person, device, seed, MORNING), token));
        }
        tx.commit().await?;
        Ok(people)
    }

    /// A round of today for everybody.
    async fn rounds(
        &mut self,
        people: &[(Phone, String)],
        readers: &[ReaderId],
    ) -> Outcome<Vec<(RoundId, Vec<StopId>)>> {
        let mut rounds = Vec::new();
        for (number, (phone, _)) in people.iter().enumerate() {
            let round: RoundId = self.coordinator.fresh(MORNING);
            let stops: Vec<NewStop> = readers
                .iter()
                .cycle()
                .skip(number * STOPS % READERS)
                .take(STOPS)
                .map(|reader| NewStop {
                    stop: self.coordinator.fresh(MORNING),
                    reader: *reader,
                    bag: String::new(),
                    bring: "Twee romans".to_owned(),
                    fetch: String::new(),
                })
                .collect();
            rounds.push((round, stops.iter().map(|stop| stop.stop).collect()));
            let plan = PlanRound {
                branch: self.branch,
                name: format!("Ronde {number}"),
                on: MORNING.local_date(),
                day_segment: DaySegment::default(),
                assignees: vec![Assignee { user: phone.user(), name: format!("Bezorger {number}") }],
                stops,
            };
            self.coordinator.acts(round.into(), plan, MORNING);
        }
        self.coordinator.exchanges(&self.program, MORNING).await?;
        Ok(rounds)
    }

    /// Each phone fetches its round, and its person works all day without coverage.
    async fn ready(&mut self, count: usize) -> Outcome<Vec<Ready>> {
        let readers = self.readers().await?;
        let mut all = Vec::new();
        while all.len() < count {
            let people = self.people(all.len()..count.min(all.len() + AT_ONCE)).await?;
            let rounds = self.rounds(&people, &readers).await?;
            for ((mut phone, token), (round, stops)) in people.into_iter().zip(rounds) {
                let mut program = self.program.clone();
                program.token = token;
                phone.exchanges(&program, MORNING).await?;
                let body = day_of(&mut phone, round, &stops)?;
                all.push(Ready { token: program.token, body });
            }
            eprint!("\r{} of {count} phones are on the road ", all.len());
        }
        eprintln!();
        Ok(all)
    }

    async fn come_back(&self, ready: Vec<Ready>, within: Duration) -> Outcome<(Vec<Fared>, Duration)> {
        // Whoever was on the road for a day has a token that is over, and gets another one first: not what is measured here.
        let http = reqwest::Client::builder().gzip(false).build()?;
        let url = Arc::new(format!("{}/api/sync", self.server.url));
        let begun = Instant::now();
        let count = u32::try_from(ready.len())?;
        let mut under_way = Vec::new();
        for (number, Ready { token, body }) in ready.into_iter().enumerate() {
            let at = begun + within * u32::try_from(number)? / count;
            tokio::time::sleep_until(at.into()).await;
            let (http, url) = (http.clone(), Arc::clone(&url));
            under_way.push(tokio::spawn(async move { send(&http, &url, &token, body, at).await }));
        }
        let mut fared = Vec::new();
        for one in under_way {
            fared.push(one.await??);
        }
        Ok((fared, begun.elapsed()))
    }
}

/// A day of work; what the phone sends when it is back. The first act asked for an exchange at once, which never arrived.
fn day_of(phone: &mut Phone, round: RoundId, stops: &[StopId]) -> Outcome<Vec<u8>> {
    let evening = MORNING.plus_millis(DAY);
    for (number, stop) in stops.iter().enumerate() {
        let at = MORNING.plus_millis(i64::try_from(number)? * 20 * 60_000);
        let log = LogDelivery {
            log: phone.fresh(at),
            stop: *stop,
            outcome: Went::Delivered,
            items_out: Some(2),
            items_in: Some(2),
            wish: String::new(),
            note: String::new(),
            corrects: Vec::new(),
        };
        phone.acts(round.into(), log, at).ok_or("an act was not kept")?;
    }
    phone.acts(round.into(), RecordKilometres { metres: 12_000 }, evening).ok_or("an act was not kept")?;
    phone.hears_nothing(evening);
    let request = phone.asks(evening).ok_or("nothing to send")?;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(&cbor::to_vec(&request))?;
    Ok(packer.finish()?)
}

/// Sends it; the time counts from the moment at which the phone came back, whatever stood before it in the queue.
async fn send(http: &reqwest::Client, url: &str, token: &str, body: Vec<u8>, at: Instant) -> Outcome<Fared> {
    let ask = http
        .post(url)
        .bearer_auth(token)
        .header("content-type", "application/cbor")
        .header("content-encoding", "gzip")
        .body(body);
    let answer = ask.send().await?.error_for_status()?;
    let response: SyncResponse = cbor::from_slice(&answer.bytes().await?)?;
    let refused =
        response.results.iter().filter(|one| matches!(one.verdict, Verdict::Refused { .. })).count();
    Ok(Fared {
        ms: at.elapsed().as_secs_f64() * 1_000.0,
        accepted: response.results.len() - refused,
        refused,
    })
}

#[expect(clippy::print_stdout, reason = "what was asked for")]
fn tell(database: &str, phones: usize, mut fared: Vec<Fared>, took: Duration, in_json: bool) -> Outcome {
    fared.sort_by(|one, other| one.ms.total_cmp(&other.ms));
    let at = |of_hundred: usize| {
        fared.get((fared.len() * of_hundred / 100).min(fared.len() - 1)).map_or(0.0, |one| one.ms)
    };
    let (accepted, refused) =
        fared.iter().fold((0, 0), |sum, one| (sum.0 + one.accepted, sum.1 + one.refused));
    let (median, p99, most) = (at(50), at(99), at(100));
    let seconds = took.as_secs_f64();
    if in_json {
        let line = json!({ "bench": "load", "row": "come_back", "database": database, "phones": phones, "accepted": accepted,
            "refused": refused, "ms": median, "p99_ms": p99, "max_ms": most, "seconds": seconds });
        println!("{line}");
    } else {
        println!(
            "{database:<9} {phones} phones in {seconds:.1} s: {accepted} acts accepted, {refused} refused; \
             {median:.0} ms, {p99:.0} ms at 99 %, {most:.0} ms at most"
        );
    }
    let all = phones * ACTS;
    if accepted == all { Ok(()) } else { Err(format!("{accepted} of {all} acts were accepted").into()) }
}

async fn on(address: &str, database: &'static str, arguments: &Arguments) -> Outcome {
    let mut load = Load::new(address).await?;
    let ready = load.ready(arguments.phones).await?;
    let (fared, took) = load.come_back(ready, arguments.within).await?;
    load.server.stop().await?;
    tell(database, arguments.phones, fared, took, arguments.json)
}

pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    if arguments.phones == 0 {
        return Err("a load needs a phone".into());
    }
    let folder = tempfile::tempdir()?;
    let sqlite = format!("sqlite:{}", folder.path().join("noaber.db").display());
    Box::pin(on(&sqlite, "sqlite", arguments)).await?;
    if let Some(cluster) = Cluster::start()? {
        Box::pin(on(&cluster.database("load")?, "postgres", arguments)).await?;
    }
    Ok(())
}
