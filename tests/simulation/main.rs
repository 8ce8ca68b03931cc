//! Weeks of offline life, from seeds. `cargo xtask sim` runs the same for longer.

use tests::postgres::Cluster;
use tests::{Kind, Outcome, life, same_life};

/// Every run of CI lives these lives.
const SEEDS: u64 = 200;
/// The inner loop lives fewer.
const QUICK_SEEDS: u64 = 10;
/// How many days a life lasts.
const DAYS: i64 = 14;
/// And one in which people stay away: longer than a lease, than acts that arrived are kept, and than a round is shown after its day.
const LONG_DAYS: i64 = 63;

/// What every long enough row of lives has in it: a run in which one of these stopped happening would prove less than it says.
const HAPPENS: [&str; 9] = [
    "request lost",
    "request doubled",
    "answer lost",
    "restarts",
    "the server is backed up",
    "the server is restored",
    ", anew",
    "drops a refused act",
    "kept false",
];

fn lives(seeds: impl Iterator<Item = u64>) -> Outcome<Vec<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    seeds.map(|seed| runtime.block_on(life(Kind::Plain, seed, DAYS, None))).collect()
}

/// Fails when something never happened in any of these lives.
fn all_happened(stories: &[String], what: &[&str]) {
    for one in what {
        assert!(stories.iter().any(|story| story.contains(one)), "in {} lives never: {one}", stories.len());
    }
}

fn seeds() -> u64 {
    if std::env::var_os("TEST_QUICK").is_some() { QUICK_SEEDS } else { SEEDS }
}

/// Every fourth life from this one on: four tests, so that at the end of a run no processor waits long for the other.
fn every_fourth_life(from: u64) -> Outcome {
    let stories = lives((1..=seeds()).filter(|seed| seed % 4 == from % 4))?;
    // Of the two lives of the inner loop nobody asks as much.
    if stories.len() > 10 {
        all_happened(&stories, &HAPPENS);
    }
    Ok(())
}

#[test]
fn all_promises_are_kept_in_the_first_of_four_lives() -> Outcome {
    every_fourth_life(1)
}

#[test]
fn all_promises_are_kept_in_the_second_of_four_lives() -> Outcome {
    every_fourth_life(2)
}

#[test]
fn all_promises_are_kept_in_the_third_of_four_lives() -> Outcome {
    every_fourth_life(3)
}

#[test]
fn all_promises_are_kept_in_the_fourth_of_four_lives() -> Outcome {
    every_fourth_life(4)
}

#[test]
fn seeds_that_once_failed_are_lived_again() -> Outcome {
    let kept = include_str!("../seeds/failed.txt");
    lives(kept.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok())).map(drop)
}

#[test]
fn all_promises_are_kept_by_phones_that_were_away_for_weeks() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let lives =
        (1..=seeds().div_ceil(25)).map(|seed| runtime.block_on(life(Kind::Away, seed, LONG_DAYS, None)));
    let stories = lives.collect::<Outcome<Vec<String>>>()?;
    all_happened(&stories, &["is away for 4", "too long without contact", "kept false"]);
    Ok(())
}

#[test]
fn two_libraries_in_one_installation_never_meet() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for seed in 1..=seeds().div_ceil(25) {
        let story = runtime.block_on(life(Kind::Shared, seed, DAYS, None))?;
        assert!(story.contains("intrudes"), "seed {seed}: nobody tried");
    }
    Ok(())
}

#[test]
fn all_promises_are_kept_in_a_taalhuis() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for seed in 1..=seeds().div_ceil(16) {
        let story = runtime.block_on(life(Kind::Taalhuis, seed, DAYS, None))?;
        assert!(story.contains("log_session, kept true"), "seed {seed}: nobody met");
    }
    Ok(())
}

#[test]
fn all_promises_are_kept_when_everything_rare_happens() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for seed in 1..=seeds().div_ceil(10) {
        runtime.block_on(life(Kind::Hard, seed, DAYS, None))?;
    }
    Ok(())
}

#[test]
fn all_promises_are_kept_on_postgresql() -> Outcome {
    let Some(cluster) = Cluster::start()? else { return Ok(()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for seed in 1..=seeds().div_ceil(50) {
        let database = cluster.database(&format!("life_{seed}"))?;
        runtime.block_on(life(Kind::Hard, seed, DAYS, Some(database)))?;
    }
    Ok(())
}

#[test]
fn the_same_seed_gives_the_same_life() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for kind in Kind::ALL {
        let story = runtime.block_on(life(kind, 7, DAYS, None))?;
        runtime.block_on(same_life(kind, 7, DAYS, &story))?;
    }
    Ok(())
}
