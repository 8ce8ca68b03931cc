//! `cargo xtask sim`: weeks of life from a seed.

use clap::Args;
use tests::{Kind, Outcome, life, same_life};

#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long)]
    seeds: Option<String>,
    #[arg(long = "for", default_value = "2w")]
    length: String,
    #[arg(long, value_enum, default_value_t = Kind::Plain)]
    kind: Kind,
    #[arg(long)]
    twice: bool,
}

fn days(length: &str) -> Outcome<i64> {
    let (number, days) = match length.split_at_checked(length.len().saturating_sub(1)) {
        Some((number, "w")) => (number, 7),
        Some((number, "d")) => (number, 1),
        _ => return Err("say how long as 10d or 4w".into()),
    };
    Ok(number.parse::<i64>()? * days)
}

fn seeds(arguments: &Arguments) -> Outcome<std::ops::RangeInclusive<u64>> {
    match arguments.seeds.as_deref().map(|range| range.split_once("..")) {
        None => Ok(arguments.seed..=arguments.seed),
        Some(Some((from, until))) => Ok(from.parse()?..=until.parse()?),
        Some(None) => Err("say the seeds as 1..200".into()),
    }
}

/// On a thread of its own: each life has its own runtime.
#[expect(clippy::print_stdout, reason = "what a developer asked for")]
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let days = days(&arguments.length)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for seed in seeds(arguments)? {
        let story = runtime.block_on(life(arguments.kind, seed, days, None))?;
        if arguments.twice {
            runtime.block_on(same_life(arguments.kind, seed, days, &story))?;
        }
        println!("seed {seed}: {} events, all promises kept", story.lines().count());
    }
    Ok(())
}
