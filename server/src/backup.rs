//! Backups: a copy of the database while the server runs, locked for one key (`age`), and old ones that go by themselves. A restore
//! begins a new life of the database, and forgets again what was forgotten since.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use age::{Decryptor, Encryptor, Identity, Recipient, x25519};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QuerySelect as _};
use sync_core::time::Timestamp;
use uuid::Uuid;

use crate::after_restore;
use crate::db::{Db, statement};
use crate::maintenance::{MaintenanceError, migrate, new_life};
use crate::sync::entity::document;

/// How a locked backup begins.
const LOCKED: &[u8] = b"age-encryption.org/";
/// How the backups in a folder are called.
const PREFIX: &str = "noaber-";
const DAY: Duration = Duration::from_hours(24);

/// Where a backup goes, and what becomes of it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// A new file, or a folder in which it gets the time for a name.
    pub target: PathBuf,
    /// The public key (`age1…`) of who may read it; readable when there is none.
    pub recipient: Option<String>,
    /// In a folder: backups older than so many days go.
    pub keep_days: Option<u16>,
}

/// The file whose name is this one's with an ending behind it, whatever its own ending is.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Only whoever runs the server reads it.
fn private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

/// Writes the database to a new file, while the server runs; which file.
pub async fn backup(db: &Db, wanted: &Wanted, now: Timestamp) -> Result<PathBuf, MaintenanceError> {
    if db.is_postgres() {
        return Err(MaintenanceError::Postgres);
    }
    let recipient: Option<x25519::Recipient> = wanted
        .recipient
        .as_deref()
        .map(|key| key.parse().map_err(|error| MaintenanceError::Key(format!("{key}: {error}"))))
        .transpose()?;
    let in_folder = wanted.target.is_dir();
    let file = if in_folder {
        let ending = if recipient.is_some() { "db.age" } else { "db" };
        let time = chrono::DateTime::from_timestamp_millis(now.as_millis()).unwrap_or_default();
        wanted.target.join(format!("{PREFIX}{}.{ending}", time.format("%Y%m%d-%H%M%S")))
    } else {
        wanted.target.clone()
    };
    if file.exists() {
        return Err(MaintenanceError::Exists(file.display().to_string()));
    }
    let (copy, locking) = (beside(&file, ".partial"), beside(&file, ".locking"));
    let written = write(db, &file, (&copy, &locking), recipient.as_ref()).await;
    // Whatever came of it: nothing half done stays, and nothing readable beside what is locked.
    remove(&copy)?;
    remove(&locking)?;
    written?;
    private(&file)?;
    if let (true, Some(days)) = (in_folder, wanted.keep_days) {
        age_out(&wanted.target, days)?;
    }
    Ok(file)
}

async fn write(
    db: &Db,
    file: &Path,
    (copy, locking): (&Path, &Path),
    recipient: Option<&x25519::Recipient>,
) -> Result<(), MaintenanceError> {
    remove(copy)?;
    copy_to(db, copy).await?;
    match recipient {
        Some(recipient) => {
            lock(copy, locking, recipient)?;
            fs::rename(locking, file)?;
        }
        None => fs::rename(copy, file)?,
    }
    Ok(())
}

/// Copies the database, and reads the copy once: a backup that does not read is none.
async fn copy_to(db: &Db, copy: &Path) -> Result<(), MaintenanceError> {
    // A copy of the file would miss the write-ahead log.
    let into = statement(&db.read, "VACUUM INTO $1", [copy.display().to_string().into()]);
    db.write.execute_raw(into).await?;
    private(copy)?;
    let check = Db::open(&format!("sqlite:{}", copy.display())).await?;
    let counted = document::Entity::find().select_only().column(document::Column::Id).into_tuple::<Uuid>();
    counted.all(&check.read).await?;
    check.write.clone().close().await?;
    check.read.clone().close().await?;
    for ending in ["-wal", "-shm"] {
        remove(&beside(copy, ending))?;
    }
    Ok(())
}

fn lock(from: &Path, to: &Path, recipient: &x25519::Recipient) -> Result<(), MaintenanceError> {
    let failed = |error: age::EncryptError| MaintenanceError::Key(error.to_string());
    let one: &dyn Recipient = recipient;
    let encryptor = Encryptor::with_recipients(std::iter::once(one)).map_err(failed)?;
    let mut writer = encryptor.wrap_output(BufWriter::new(File::create(to)?))?;
    io::copy(&mut File::open(from)?, &mut writer)?;
    writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(())
}

/// Takes the backups in this folder away that are older than so many days.
fn age_out(folder: &Path, days: u16) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let ending = name.split_once('.').map(|(_, ending)| ending);
        // One that was cut off as well: it may be readable.
        let ours = name.starts_with(PREFIX)
            && ending.is_some_and(|ending| {
                ending == "db"
                    || ending == "db.age"
                    || ending.starts_with("db.") && ending.ends_with(".partial")
            });
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        if ours && age > DAY * u32::from(days) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Puts a backup beside the database, opened when it is locked.
fn unpack(backup: &Path, to: &Path, identity: Option<&Path>) -> Result<(), MaintenanceError> {
    let mut begin = Vec::new();
    File::open(backup)?.take(u64::try_from(LOCKED.len()).unwrap_or_default()).read_to_end(&mut begin)?;
    if begin != LOCKED {
        fs::copy(backup, to)?;
        return Ok(());
    }
    let locked = |what: String| MaintenanceError::Locked(what);
    let path = identity
        .ok_or_else(|| locked("it is locked; give the file of its key with --identity".to_owned()))?;
    let text = fs::read_to_string(path)?;
    let key = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap_or_default();
    let key: x25519::Identity = key.parse().map_err(|error: &str| locked(error.to_owned()))?;
    let decryptor =
        Decryptor::new(BufReader::new(File::open(backup)?)).map_err(|error| locked(error.to_string()))?;
    let one: &dyn Identity = &key;
    let mut reader = decryptor.decrypt(std::iter::once(one)).map_err(|error| locked(error.to_string()))?;
    io::copy(&mut reader, &mut File::create(to)?)?;
    Ok(())
}

/// Puts a backup in the place of the database and begins a new life of it, so that every device fetches anew and sends again what the
/// backup does not have. What was forgotten since the backup is forgotten again. The server must not run.
pub async fn restore(
    url: &str,
    data: &Path,
    backup: &Path,
    identity: Option<&Path>,
    now: Timestamp,
) -> Result<(), MaintenanceError> {
    let Some(path) = url.strip_prefix("sqlite:") else { return Err(MaintenanceError::Postgres) };
    let path = Path::new(path);
    // Beside it first: a copy that is cut off leaves the database as it was.
    let partial = beside(path, ".partial");
    unpack(backup, &partial, identity)?;
    // All that must be done to it is done there: what takes the place of the database is ready to be served.
    let db = Db::open(&format!("sqlite:{}", partial.display())).await?;
    migrate(&db).await?;
    new_life(&db).await?;
    let forgotten = after_restore::forget_again(&db, data, now).await;
    db.write.close().await?;
    db.read.close().await?;
    forgotten.map_err(|problem| MaintenanceError::Forgotten(problem.kind().slug().to_owned()))?;
    // What the old life had not written into its file must not find its way into the new one.
    for ending in ["-wal", "-shm"] {
        remove(&beside(&partial, ending))?;
        remove(&beside(path, ending))?;
    }
    fs::rename(partial, path)?;
    Ok(())
}
