//! `cargo xtask …`: everything a developer does. `cargo xtask --help` lists it; CI calls only these.

mod app;
mod borders;
mod check;
mod doctor;
mod sbom;
mod serve;
mod size;
mod test;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What went wrong, in words that say what to do.
pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Everything a developer of Noaber does")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds app and server, fills a sample library on first start, and serves. Example: cargo xtask serve --port 8080
    Serve {
        /// The port on loopback.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Another database, such as postgres://….
        #[arg(long)]
        database: Option<String>,
        /// The folder for the database and keys.
        #[arg(long, default_value = "var")]
        data: PathBuf,
        /// Starts from an empty data folder.
        #[arg(long)]
        fresh: bool,
    },
    #[command(about = "Runs every test. Example: cargo xtask test two_phones")]
    Test {
        /// Only tests whose name contains this.
        filter: Option<String>,
        /// Leaves out browser and long simulation: for the inner loop only.
        #[arg(long)]
        quick: bool,
        /// Which browsers, by commas.
        #[arg(long, default_value = "chromium")]
        engines: String,
    },
    /// Formatting, lints, borders between crates and slices, licences, generated files, app size. Example: cargo xtask check
    Check,
    /// Measures. Example: cargo xtask bench sync --json
    Bench {
        /// Which bench: sync, start, sign-in or matching.
        name: String,
        /// One JSON object a line, and nothing else.
        #[arg(long)]
        json: bool,
        /// Measures programs of others in the same run, where there are any: they are installed below `var/`.
        #[arg(long)]
        peers: bool,
    },
    /// Weeks of life from a seed. Example: cargo xtask sim --seed 7 --for 4w
    Sim {
        /// One seed.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Several seeds: 1..200.
        #[arg(long)]
        seeds: Option<String>,
        /// How long: 10d or 4w.
        #[arg(long = "for", default_value = "2w")]
        length: String,
        /// What kind of life: plain, shared (two libraries), taalhuis or hard (all that is rare).
        #[arg(long, default_value = "plain")]
        kind: String,
        /// Runs every seed twice and compares the output byte by byte.
        #[arg(long)]
        twice: bool,
    },
    /// Fills an empty database with the sample library. Example: cargo xtask sample --scale 100 --database sqlite:var/big.db
    Sample {
        /// How many times as large.
        #[arg(long, default_value_t = 1)]
        scale: usize,
        /// Which database.
        #[arg(long, default_value = "sqlite:var/noaber.db")]
        database: String,
    },
    /// The size of the app, packed. Example: cargo xtask size --json
    Size {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Pictures of every screen. Example: cargo xtask screenshots --out docs/screenshots
    Screenshots {
        /// Where to.
        #[arg(long, default_value = "docs/screenshots")]
        out: PathBuf,
    },
    /// Writes the generated files anew: docs/problems.md. Example: cargo xtask generate
    Generate,
    /// The long fault tests: the server is killed over and over under load. Example: cargo xtask torture --kills 200
    Torture {
        /// How often the power goes, on each database.
        #[arg(long, default_value_t = 200)]
        kills: u64,
    },
    /// Phones that were on the road all day come back at once. Example: cargo xtask load --phones 5000 --within 60s
    Load {
        /// How many phones.
        #[arg(long, default_value_t = 5_000)]
        phones: usize,
        /// Within how long.
        #[arg(long, default_value = "60s")]
        within: String,
        /// One JSON object a line, and nothing else.
        #[arg(long)]
        json: bool,
    },
    /// The traffic of a day, over and over: memory and open files must stay as they are. Example: cargo xtask soak --for 60m
    Soak {
        /// How long.
        #[arg(long = "for", default_value = "60m")]
        length: String,
    },
    /// Everything that is built in, as CycloneDX. Example: cargo xtask sbom
    Sbom {
        /// The file.
        #[arg(long, default_value = "var/sbom.json")]
        out: PathBuf,
    },
    /// Tells what is missing on this machine. Example: cargo xtask doctor
    Doctor,
}

fn run(command: Command) -> Outcome {
    let root = tools::root()?;
    std::env::set_current_dir(&root)?;
    match command {
        Command::Serve { port, database, data, fresh } => serve::serve(port, database, &data, fresh),
        Command::Test { filter, quick, engines } => test::test(filter.as_deref(), quick, &engines),
        Command::Check => check::check(),
        Command::Bench { name, json, peers } => test::bench(&name, json, peers),
        Command::Sim { seed, seeds, length, kind, twice } => {
            test::sim(seed, seeds.as_deref(), &length, &kind, twice)
        }
        Command::Sample { scale, database } => serve::sample(scale, &database),
        Command::Size { json } => size::size(json),
        Command::Torture { kills } => test::torture(kills),
        Command::Load { phones, within, json } => test::load(phones, &within, json),
        Command::Soak { length } => test::soak(&length),
        Command::Sbom { out } => sbom::write(&out),
        Command::Screenshots { out } => test::screenshots(&out),
        Command::Generate => check::generate(),
        Command::Doctor => {
            doctor::doctor();
            Ok(())
        }
    }
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tools::say(&format!("\nNot done: {error}"));
            ExitCode::FAILURE
        }
    }
}
