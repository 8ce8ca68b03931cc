//! What `cargo xtask` starts besides tests: benches, the simulation, pictures, and the files that are written by the program itself.
//! One program, so that the house is linked once.

mod bench_matching;
mod bench_sign_in;
mod bench_start;
mod bench_sync;
mod load;
mod screenshots;
mod sim;
mod soak;

use std::process::ExitCode;

use clap::Parser;
use tests::Outcome;

#[derive(Parser)]
enum Tool {
    /// Prints `docs/access.md`: who may do what, as the running server answers it.
    Access,
    /// Prints `docs/problems.md`: every problem that the HTTP interface can answer.
    Problems,
    /// Prints the lines of `tests/recorded/commands` for commands that no release has recorded yet.
    Recorded,
    /// Prints the lines of `tests/recorded/acts` for a release: what phones did in a life, and the changes that came of it.
    RecordedActs,
    BenchMatching(bench_matching::Arguments),
    BenchSignIn(bench_sign_in::Arguments),
    BenchStart(bench_start::Arguments),
    BenchSync(bench_sync::Arguments),
    Load(load::Arguments),
    Screenshots(screenshots::Arguments),
    Sim(sim::Arguments),
    Soak(soak::Arguments),
}

#[tokio::main]
#[expect(clippy::print_stderr, reason = "what a developer must read")]
async fn main() -> ExitCode {
    match Box::pin(run(Tool::parse())).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the file is what is printed")]
async fn run(tool: Tool) -> Outcome {
    match tool {
        Tool::Access => print!("{}", tests::matrix::table().await?),
        Tool::Problems => print!("{}", server::problem::table()),
        Tool::Recorded => print!("{}", tests::recorded::missing()?),
        Tool::RecordedActs => print!("{}", tests::recorded::life().await?),
        Tool::BenchMatching(arguments) => bench_matching::run(&arguments).await?,
        Tool::BenchSignIn(arguments) => bench_sign_in::run(&arguments).await?,
        Tool::BenchStart(arguments) => bench_start::run(&arguments).await?,
        Tool::BenchSync(arguments) => bench_sync::run(&arguments).await?,
        Tool::Load(arguments) => load::run(&arguments).await?,
        Tool::Screenshots(arguments) => screenshots::run(&arguments).await?,
        Tool::Soak(arguments) => soak::run(&arguments).await?,
        Tool::Sim(arguments) => tokio::task::spawn_blocking(move || sim::run(&arguments)).await??,
    }
    Ok(())
}
