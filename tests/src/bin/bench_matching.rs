//! `cargo xtask bench matching`: shortlists, proposals for everybody who waits, and the assignment inside them; with `--peers` the
//! same assignment by `scipy`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use clap::Parser;
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use serde_json::{Value, json};
use sync_core::ids::{LearnerId, VolunteerId};
use sync_core::list::Listed;
use sync_core::taalhuis::matching::{
    Assignment, BuddyOffer, FirstLanguage, Gender, Home, LearnerNeed, Place, Position, Set, Subject, Weights,
    propose, shortlist,
};
use sync_core::time::{LocalDate, days_after};
use sync_core::volunteers::availability::{Cell, DayPart, Week};
use tests::Outcome;
use tests::server::MORNING;
use uuid::Uuid;

/// Runs of each row; the median is told.
const RUNS: usize = 5;

#[derive(Parser)]
struct Arguments {
    #[arg(long)]
    json: bool,
    /// Measure `scipy` on the same matrices, installed below this folder.
    #[arg(long)]
    peers: Option<String>,
}

/// People who do not exist, the same at every run.
struct Crowd {
    rng: ChaCha20Rng,
    today: LocalDate,
    /// Whether people differ so little that many pairs are worth the same.
    alike: bool,
}

impl Crowd {
    fn new(alike: bool) -> Self {
        Self { rng: ChaCha20Rng::seed_from_u64(1), today: MORNING.local_date(), alike }
    }

    fn below(&mut self, end: u32) -> u32 {
        self.rng.next_u32() % end
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        let end = u32::try_from(list.len()).unwrap_or(1);
        list[usize::try_from(self.below(end)).unwrap_or_default()]
    }

    fn some_of<T: Listed>(&mut self, most: u32) -> Set<T> {
        Set::of((0..=self.below(most)).map(|_| self.one_of(T::ALL)).collect::<Vec<_>>())
    }

    fn week(&mut self) -> Week {
        let cells: Vec<Cell> = (0..4 + self.below(6))
            .filter_map(|_| Cell::new(u8::try_from(self.below(6)).ok()?, self.one_of(&DayPart::ALL)))
            .collect();
        Week::of(cells)
    }

    fn home(&mut self) -> Home {
        let (north, east) = (i32::try_from(self.below(40_000)), i32::try_from(self.below(60_000)));
        let position = north
            .ok()
            .zip(east.ok())
            .map(|(north, east)| Position { latitude: 5_280_000 + north, longitude: 630_000 + east });
        Home { position, postcode: String::new() }
    }

    fn words(&mut self, list: &[&str]) -> BTreeSet<String> {
        (0..=self.below(2)).map(|_| self.one_of(list).to_owned()).collect()
    }

    fn needs(&mut self, count: u128) -> Vec<LearnerNeed> {
        (1..=count)
            .map(|id| {
                let learner = LearnerId(Uuid::from_u128(id));
                if self.alike {
                    return LearnerNeed { learner, week: self.week(), ..LearnerNeed::default() };
                }
                let waits = i64::from(self.below(400));
                LearnerNeed {
                    learner,
                    waiting_since: Some(days_after(self.today, -waits)),
                    week: self.week(),
                    home: self.home(),
                    subjects: self.some_of::<Subject>(2),
                    first_language: Some(if self.below(7) == 0 {
                        FirstLanguage::Dutch
                    } else {
                        FirstLanguage::Other
                    }),
                    beginner: self.below(4) == 0,
                    languages: self.words(&LANGUAGES),
                    interests: self.words(&INTERESTS),
                    places: self.some_of::<Place>(3),
                    gender_wish: (self.below(8) == 0).then_some(Gender::Woman),
                    ..LearnerNeed::default()
                }
            })
            .collect()
    }

    fn offers(&mut self, count: u128) -> Vec<BuddyOffer> {
        (1..=count)
            .map(|id| {
                let minutes_free = if self.below(3) == 0 { 180 } else { 120 };
                let offer = BuddyOffer {
                    volunteer: VolunteerId(Uuid::from_u128(id)),
                    may_meet: true,
                    vog_in_order: true,
                    week: self.week(),
                    minutes_free,
                    ..BuddyOffer::default()
                };
                if self.alike {
                    return offer;
                }
                BuddyOffer {
                    home: self.home(),
                    travels: 5_000 * self.below(6),
                    subjects: self.some_of::<Subject>(4),
                    experience: self.some_of::<FirstLanguage>(2),
                    trained: self.below(2) == 0,
                    languages: self.words(&LANGUAGES),
                    interests: self.words(&INTERESTS),
                    places: self.some_of::<Place>(3),
                    gender: Some(if self.below(4) == 0 { Gender::Man } else { Gender::Woman }),
                    ..offer
                }
            })
            .collect()
    }
}

const LANGUAGES: [&str; 9] = ["ar", "ti", "uk", "pl", "tr", "fa", "en", "so", "nl"];
const INTERESTS: [&str; 8] = ["cooking", "garden", "music", "sport", "crafts", "nature", "family", "history"];

/// The median of some runs in milliseconds, and what the work came to.
fn timed<T>(mut work: impl FnMut() -> T) -> (f64, T) {
    let mut once = || {
        let begun = Instant::now();
        let done = work();
        (begun.elapsed().as_secs_f64() * 1_000.0, done)
    };
    let (first, mut done) = once();
    let mut times = vec![first];
    for _ in 1..RUNS {
        let (ms, again) = once();
        times.push(ms);
        done = again;
    }
    times.sort_by(f64::total_cmp);
    (times[RUNS / 2], done)
}

struct Told {
    json: bool,
}

impl Told {
    #[expect(clippy::print_stdout, reason = "what was asked for")]
    fn row(&self, row: &str, ms: f64, peer: Option<&str>, more: &Value) {
        if self.json {
            let mut line = json!({ "bench": "matching", "row": row, "ms": (ms * 100.0).round() / 100.0 });
            if let Some(peer) = peer {
                line["peer"] = json!(peer);
            }
            for (key, value) in more.as_object().into_iter().flatten() {
                line[key] = value.clone();
            }
            println!("{line}");
        } else {
            println!("{row:<34} {:<10} {ms:>10.2} ms  {more}", peer.unwrap_or("noaber"));
        }
    }
}

/// Asks `scipy` for the same assignment.
fn scipy(
    packages: &str,
    folder: &Path,
    (rows, columns, costs): (usize, usize, &[f64]),
) -> Outcome<(f64, f64)> {
    let file = folder.join("costs.bin");
    let bytes: Vec<u8> = costs.iter().flat_map(|cost| cost.to_le_bytes()).collect();
    std::fs::write(&file, bytes)?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/assignment.py");
    let answer = Command::new("python3")
        .env("PYTHONPATH", packages)
        .args([
            script,
            &file.display().to_string(),
            &rows.to_string(),
            &columns.to_string(),
            &RUNS.to_string(),
        ])
        .output()?;
    if !answer.status.success() {
        return Err(format!("SciPy: {}", String::from_utf8_lossy(&answer.stderr)).into());
    }
    let told: Value = serde_json::from_slice(&answer.stdout)?;
    let number = |key: &str| told[key].as_f64().ok_or("SciPy tells no number");
    Ok((number("ms")?, number("total")?))
}

fn main() -> Outcome {
    let arguments = Arguments::parse();
    let told = Told { json: arguments.json };
    let folder = tempfile::tempdir()?;
    let weights = Weights::default();
    for volunteers in [500, 5_000] {
        let mut crowd = Crowd::new(false);
        let (needs, offers) = (crowd.needs(1), crowd.offers(volunteers));
        let (ms, list) = timed(|| shortlist(&needs[0], &offers, &weights, crowd.today));
        told.row(&format!("shortlist_{volunteers}"), ms, None, &json!({ "volunteers": list.len() }));
    }
    for (learners, volunteers) in [(300, 200), (2_000, 1_500)] {
        for alike in [false, true] {
            let mut crowd = Crowd::new(alike);
            let (needs, offers) = (crowd.needs(learners), crowd.offers(volunteers));
            let size = format!("{learners}x{volunteers}_{}", if alike { "ties" } else { "spread" });
            let (ms, proposal) = timed(|| propose(&needs, &offers, &weights, crowd.today));
            let served = json!({ "served": proposal.pairs.len(), "waiting": proposal.waiting.len() });
            told.row(&format!("proposal_{size}"), ms, None, &served);
            let assignment = Assignment::new(&needs, &offers, &weights, crowd.today);
            let (rows, columns, costs) = assignment.costs();
            let (ms, solved) = timed(|| assignment.solve());
            let own: u64 = solved.total();
            // The costs of a solver are negative and hold a constant for each pair.
            let constant =
                1_001.0 * f64::from(u32::try_from(rows)?) * f64::from(u32::try_from(solved.pairs.len())?);
            let row = format!("assignment_{size}");
            told.row(&row, ms, None, &json!({ "rows": rows, "columns": columns, "total": own }));
            if let Some(packages) = &arguments.peers {
                let (ms, total) = scipy(packages, folder.path(), (rows, columns, costs))?;
                let total: u64 = format!("{:.0}", -total - constant).parse()?;
                told.row(
                    &row,
                    ms,
                    Some("scipy"),
                    &json!({ "rows": rows, "columns": columns, "total": total }),
                );
            }
        }
    }
    Ok(())
}
