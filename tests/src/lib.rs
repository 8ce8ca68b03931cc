//! The vocabulary of the tests: servers, phones, people, browsers, and a world that lives from a seed.

pub mod api;
pub mod browser;
pub mod files;
pub mod matrix;
pub mod may_read;
pub mod oracle;
pub mod phone;
pub mod postgres;
pub mod recorded;
pub mod server;
pub mod spreadsheet;
pub mod tour;
pub mod world;

/// What a test that touches the outside ends with.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What kind of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// One library with its deliveries.
    Plain,
    /// Two libraries in one installation, whose people try to act and read in the other one all the time.
    Shared,
    /// A Taalhuis beside the deliveries.
    Taalhuis,
    /// Everything that is rare: late messages, phones put back, roles that come and go.
    Hard,
    /// Nine weeks in which people stay away for one to seven of them, and work on without contact.
    Away,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Plain, Self::Shared, Self::Taalhuis, Self::Hard, Self::Away];
}

/// One life from a seed, to its end: the story of it, or the first promise that was broken with the last events before it. On this
/// database, when one is given, else in a file of its own.
pub async fn life(kind: Kind, seed: u64, days: i64, database: Option<String>) -> Outcome<String> {
    let world = world::World::new(kind, seed, database).await?;
    Box::pin(ends(world, days)).await
}

/// The same life once more; fails at the first line that differs.
pub async fn same_life(kind: Kind, seed: u64, days: i64, story: &str) -> Outcome {
    let again = life(kind, seed, days, None).await?;
    let differs = story.lines().zip(again.lines()).find(|(one, other)| one != other);
    match differs {
        Some((one, other)) => Err(format!("seed {seed}, {kind:?}: once\n{one}\nand then\n{other}").into()),
        None if story.len() == again.len() => Ok(()),
        None => Err(format!("seed {seed}, {kind:?}: one life is longer than the other").into()),
    }
}

async fn ends(mut world: world::World, days: i64) -> Outcome<String> {
    let seed = world.seed;
    let lived = async {
        world.lives(days).await?;
        world.settles().await?;
        oracle::ask(&world).await
    }
    .await;
    match lived {
        Ok(()) => world.story().await,
        Err(error) => Err(format!("seed {seed}: {error}\nThe last events:\n{}", world.last_events()).into()),
    }
}

/// Polls until something holds, with a limit. Never a sleep to be safe: a wait for a condition.
pub async fn until<T>(
    what: &str,
    limit: std::time::Duration,
    mut check: impl AsyncFnMut() -> Option<T>,
) -> Outcome<T> {
    let begun = std::time::Instant::now();
    loop {
        if let Some(found) = check().await {
            return Ok(found);
        }
        if begun.elapsed() > limit {
            return Err(format!("not within {limit:?}: {what}").into());
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
