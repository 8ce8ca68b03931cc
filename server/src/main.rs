//! `noaber`: the server and what an operator does with it.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use server::app_state::AppState;
use server::auth::master_key;
use server::clock::Clock;
use server::config::{Config, LogFormat};
use server::db::Db;
use server::import::terminal::{self, Order};
use server::mail::Post;
use server::people::founding::{Founding, found};
use server::problem::Problem;
use server::retention::{self, Terms};
use server::sync::anew;
use server::{after_restore, backup, export, maintenance, sample};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(name = "noaber", version, about = "The Noaber server")]
struct Cli {
    /// A configuration file; its keys are those of the default file (noaber config --defaults).
    #[arg(long, env = "NOABER_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves. Example: noaber serve --config noaber.toml
    Serve {
        /// Fills an empty database with the sample library; only on loopback.
        #[arg(long)]
        sample: bool,
    },
    /// Brings the schema of the database up to date.
    Migrate,
    /// Fills an empty database with the sample library. Example: noaber sample --scale 100
    Sample {
        /// How many times as large.
        #[arg(long, default_value_t = 1)]
        scale: usize,
    },
    /// Writes the database to a new file while the server runs, or into a folder under the time. Example, every night:
    /// noaber backup /backups --recipient age1… --keep-days 30
    Backup {
        /// A new file, or a folder.
        target: PathBuf,
        /// The public key of who may read it (`age-keygen` makes one); its other half lies elsewhere.
        #[arg(long)]
        recipient: Option<String>,
        /// In a folder: older backups go after so many days.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
        keep_days: Option<u16>,
    },
    /// Makes the first administrator of a library, with the library and branch as far as they are not there, and prints a
    /// link that works once. Example: noaber create-administrator --organisation "Bibliotheek Gieten" --branch Gieten
    /// --municipality "Aa en Hunze" --name "Roel Beheer" --email roel@bibliotheek.example
    CreateAdministrator {
        #[arg(long)]
        organisation: String,
        #[arg(long)]
        branch: String,
        #[arg(long)]
        municipality: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: String,
    },
    /// Puts a backup in the place of the database; stop the server first. Example: noaber restore monday.db
    Restore {
        /// The backup.
        file: PathBuf,
        /// The file with the key of a locked backup.
        #[arg(long)]
        identity: Option<PathBuf>,
    },
    /// After a restore by other tools: every device fetches anew and sends again what is missing.
    NewLife,
    /// Reads every document and compares its heads.
    Check,
    /// Draws the tables anew from the documents.
    Rebuild,
    /// Numbers the newest lines of the audit log, checks the chain from its first line, and prints its end, to be kept
    /// elsewhere. Example: noaber verify-audit --head "0190… 4120 q1Zx…="
    VerifyAudit {
        /// An end that was kept elsewhere, as in the daily mail: the log must still have that line.
        #[arg(long)]
        head: Vec<String>,
    },
    /// Makes a new key of the installation and locks with it what older ones locked, while the server runs. With several nodes, copy the
    /// file `vault-key` to each at once. Example: noaber turn-vault-key
    TurnVaultKey {
        /// Drops the older keys: for one that somebody may know. Codes on paper and links under earlier mails then open nothing.
        #[arg(long)]
        forget_old: bool,
    },
    /// Erases what was kept long enough, as the server does every night. Example: noaber erase --preview
    Erase {
        /// Only tells what would go.
        #[arg(long)]
        preview: bool,
    },
    /// Checks the rows of a spreadsheet (XLSX or CSV), and brings them in with --really. Example: noaber import readers lezers.xlsx
    /// --branch Gieten --by bezorging@bibliotheek.example
    Import {
        /// readers, learners or volunteers.
        target: String,
        /// The spreadsheet; its columns are known by what stands above them.
        file: PathBuf,
        /// The name of the branch.
        #[arg(long)]
        branch: String,
        /// The address of a coordinator, with whose rights it is done.
        #[arg(long)]
        by: String,
        /// As what volunteers come in: deliverer, chooser, buddy or host.
        #[arg(long)]
        role: Option<String>,
        /// Does it; without it every row is only checked.
        #[arg(long)]
        really: bool,
    },
    /// Writes everything that a library keeps to a new file, one JSON object a line: to take it elsewhere. Example: noaber export
    /// alles.jsonl --organisation "Bibliotheek Gieten"
    Export {
        /// A new file; only this user of the machine can read it.
        file: PathBuf,
        /// The name of the library, where there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Prints the configuration in force, secrets hidden.
    Config {
        /// Prints the default file, which documents every key.
        #[arg(long)]
        defaults: bool,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match Box::pin(run()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

/// Says what went wrong and why, for people.
#[expect(clippy::print_stderr, reason = "what an operator must read, also when no log was begun")]
fn complain(error: &dyn Error) {
    eprintln!("noaber: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because {error}");
        cause = error.source();
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let cli = Cli::parse();
    let config = Config::load(cli.config.as_deref(), std::env::vars())?;
    start_log(&config)?;
    match cli.command {
        Command::Serve { sample } => serve(config, sample).await?,
        Command::Migrate => maintenance::migrate(&Db::open(&config.database).await?).await?,
        Command::Sample { scale } => {
            let db = Db::open(&config.database).await?;
            maintenance::migrate(&db).await?;
            let filled = sample::fill(&db, &Clock::Machine, scale).await?;
            db.close().await?;
            report(if filled {
                "the sample library is there"
            } else {
                "the database is not empty: left as it is"
            });
        }
        Command::Backup { target, recipient, keep_days } => {
            let db = Db::open(&config.database).await?;
            let wanted = backup::Wanted { target, recipient, keep_days };
            let file = backup::backup(&db, &wanted, Clock::Machine.now()).await?;
            report(&format!("written: {}", file.display()));
        }
        Command::Restore { file, identity } => {
            let now = Clock::Machine.now();
            backup::restore(&config.database, &config.data, &file, identity.as_deref(), now).await?;
        }
        Command::NewLife => {
            let db = Db::open(&config.database).await?;
            maintenance::migrate(&db).await?;
            maintenance::new_life(&db).await?;
            let forgotten = after_restore::forget_again(&db, &config.data, Clock::Machine.now()).await;
            forgotten.map_err(|problem| format!("not forgotten again: {}", problem.kind().slug()))?;
        }
        Command::Check => {
            let count = maintenance::check(&Db::open(&config.database).await?).await?;
            report(&format!("{count} documents are as they should be"));
        }
        Command::Rebuild => {
            let count = maintenance::rebuild(&Db::open(&config.database).await?).await?;
            report(&format!("{count} documents were drawn anew"));
        }
        Command::VerifyAudit { head } => {
            for line in maintenance::verify_audit(&Db::open(&config.database).await?, &head).await? {
                report(&line);
            }
        }
        Command::CreateAdministrator { organisation, branch, municipality, name, email } => {
            let db = Db::open(&config.database).await?;
            maintenance::migrate(&db).await?;
            let founding = Founding { organisation, branch, municipality, name, email };
            let secret = found(&db, &founding, Clock::Machine.now()).await;
            let secret = secret.map_err(|problem| {
                format!("not made: {} {}", problem.kind().slug(), problem.detail().unwrap_or_default())
            })?;
            report(&format!("{}/uitnodiging#{secret}", config.public_address.trim_end_matches('/')));
            report("This link works once, for seven days. Whoever opens it chooses a password.");
        }
        Command::TurnVaultKey { forget_old } => turn_vault_key(&config, forget_old).await?,
        Command::Erase { preview } => erase(&config, preview).await?,
        Command::Import { target, file, branch, by, role, really } => {
            bring_in(&config, &Order { target, file, branch, by, role, really }).await?;
        }
        Command::Export { file, organisation } => take_out(&config, &file, organisation.as_deref()).await?,
        Command::Config { defaults: true } => report(server::config::DEFAULTS),
        Command::Config { defaults: false } => report(&config.shown()),
    }
    Ok(())
}

async fn turn_vault_key(config: &Config, forgets: bool) -> Result<(), Box<dyn Error>> {
    let db = Db::open(&config.database).await?;
    maintenance::migrate(&db).await?;
    let turned = master_key::turn(&db, &config.data, forgets).await?;
    report(&format!(
        "turned: {} keys of organisations and {} second steps are locked anew{}",
        turned.organisations,
        turned.second_steps,
        if forgets { "; the older keys are forgotten" } else { "" }
    ));
    Ok(db.close().await?)
}

async fn bring_in(config: &Config, order: &Order) -> Result<(), Box<dyn Error>> {
    let db = Db::open(&config.database).await?;
    maintenance::migrate(&db).await?;
    let told = terminal::import(&db, order, Clock::Machine.now()).await.map_err(|problem| {
        format!("nothing was done: {} {}", problem.kind().slug(), problem.detail().unwrap_or_default())
    })?;
    report(&told);
    Ok(db.close().await?)
}

async fn take_out(config: &Config, file: &Path, organisation: Option<&str>) -> Result<(), Box<dyn Error>> {
    let db = Db::open(&config.database).await?;
    maintenance::migrate(&db).await?;
    let lines = export::export(&db, organisation, file, Clock::Machine.now()).await?;
    report(&format!("written: {}, {lines} lines", file.display()));
    Ok(db.close().await?)
}

async fn erase(config: &Config, preview: bool) -> Result<(), Box<dyn Error>> {
    let db = Db::open(&config.database).await?;
    let now = Clock::Machine.now();
    let refused = |problem: Problem| format!("not erased: {}", problem.kind().slug());
    for id in retention::organisations(&db.read).await? {
        let terms = Terms::of(&db.read, config, id).await.map_err(refused)?;
        let due = if preview {
            retention::due(&db.read, id, terms, now).await?
        } else {
            let due = retention::erase(&db, id, terms, now).await.map_err(refused)?;
            anew::write_due(&db, id, now).await.map_err(refused)?;
            due
        };
        report(&format!(
            "organisation {id}: {} readers, {} learners, {} people, {} rounds, {} worries, {} mails, {} invitations, {} refused acts",
            due.readers.len(),
            due.learners.len(),
            due.people.len(),
            due.rounds.len(),
            due.signals.len(),
            due.mails,
            due.invitations,
            due.refused_acts
        ));
        let kinds = [
            ("reader", due.readers),
            ("learner", due.learners),
            ("person", due.people),
            ("round", due.rounds),
            ("worry", due.signals),
        ];
        for (kind, ids) in kinds {
            for id in ids {
                report(&format!("  {kind} {id}"));
            }
        }
    }
    if !preview {
        Post::new(config)?.sweep(&db).await?;
        retention::overwrite(&db).await?;
    }
    report(if preview { "nothing was erased: this was a preview" } else { "erased" });
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what an operator asked for")]
fn report(text: &str) {
    println!("{text}");
}

fn start_log(config: &Config) -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_new(&config.log_filter)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}

async fn serve(config: Config, with_sample: bool) -> Result<(), Box<dyn Error>> {
    let db = Db::open(&config.database).await?;
    maintenance::migrate(&db).await?;
    if with_sample {
        if !config.stays_here() {
            return Err("the sample library, whose passwords everybody knows, is served on loopback only, also by its \
                        public_address"
                .into());
        }
        sample::fill(&db, &Clock::Machine, 1).await?;
    } else if !config.stays_here() && sample::is_sample(&db).await? {
        return Err("this database holds the sample library, whose passwords everybody knows; it is served on loopback only, \
                    also by its public_address"
            .into());
    }
    let (stop, stopping) = watch::channel(false);
    let listener = TcpListener::bind(config.listen).await?;
    let state = AppState::start(config, db, Clock::Machine, stopping.clone())?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        tracing::info!("stopping: what is under way is finished");
        stop.send_replace(true);
        // Kept, so that nobody hears the channel close before it turns true.
        std::future::pending::<()>().await;
    });
    let (db, data) = (state.db.clone(), state.config.data.clone());
    server::run(listener, state, stopping).await?;
    // What was erased in the last half minute leaves the files as well, and is not to come back.
    retention::overwrite(&db).await?;
    after_restore::note(&db, &data, &mut None).await.map_err(|problem| problem.kind().slug())?;
    Ok(())
}
