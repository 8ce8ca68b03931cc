//! The vocabulary of the tests: servers, phones, people, browsers, and a world that lives from a seed.

pub mod api;
pub mod browser;
pub mod files;
pub mod matrix;
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

/// One life from a seed, to its end: the story of it, or the first promise that was broken with the last events before it.
pub async fn life(seed: u64, days: i64) -> Outcome<String> {
    Box::pin(ends(world::World::new(seed).await?, days)).await
}

/// The same with two libraries in one installation, whose people try to act and read in the other one all the time.
pub async fn shared_life(seed: u64, days: i64) -> Outcome<String> {
    Box::pin(ends(world::World::shared(seed).await?, days)).await
}

/// The same with a Taalhuis beside the deliveries.
pub async fn taalhuis_life(seed: u64, days: i64) -> Outcome<String> {
    Box::pin(ends(world::World::with_taalhuis(seed).await?, days)).await
}

/// The same with everything that is rare: late messages, phones put back, roles that come and go; on this database, when one is given.
pub async fn hard_life(seed: u64, days: i64, database: Option<String>) -> Outcome<String> {
    Box::pin(ends(world::World::hard(seed, database).await?, days)).await
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
