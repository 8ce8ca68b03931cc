//! One task writes for this node: it takes every request that waits and commits them together, so that the cost of a
//! commit (a disk that must say it has it) is shared.

use std::collections::BTreeMap;

use sea_orm::{DatabaseTransaction, DbErr};
use sync_core::ids::OrganisationId;
use sync_core::problem::ProblemKind;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::task::TaskTracker;

use super::apply::{Applied, Batch, apply};
use super::live::Bell;
use super::{feed, grants};
use crate::clock::Clock;
use crate::db::{Db, begin_write, statement};
use crate::problem::Problem;

/// How many requests wait before a phone is told to come back.
const QUEUE: usize = 1_024;
/// How many requests share a commit.
const TOGETHER: usize = 64;
/// How many commands share a commit.
const COMMANDS_TOGETHER: usize = 2_000;

type Answer = oneshot::Sender<Result<Applied, Problem>>;

enum Work {
    Apply(Batch, Answer),
    TurnClock(OrganisationId, oneshot::Sender<Result<Applied, Problem>>),
}

/// Where requests hand in their commands.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Work>,
}

impl Writer {
    /// Starts the task; it ends, with everything that waits committed, when `stop` turns true.
    #[must_use]
    pub fn start(db: Db, clock: Clock, bell: Bell, stop: watch::Receiver<bool>, tasks: &TaskTracker) -> Self {
        let (queue, work) = mpsc::channel(QUEUE);
        tasks.spawn(run(db, clock, bell, work, stop));
        Self { queue }
    }

    /// Hands in commands; the answer comes after the commit.
    pub async fn apply(&self, batch: Batch) -> Result<Applied, Problem> {
        let (answer, answered) = oneshot::channel();
        self.hand_in(Work::Apply(batch, answer), answered).await
    }

    /// Starts and ends the grants that are due.
    pub async fn turn_clock(&self, organisation: OrganisationId) -> Result<(), Problem> {
        let (answer, answered) = oneshot::channel();
        self.hand_in(Work::TurnClock(organisation, answer), answered).await.map(drop)
    }

    async fn hand_in(
        &self,
        work: Work,
        answered: oneshot::Receiver<Result<Applied, Problem>>,
    ) -> Result<Applied, Problem> {
        let busy = || Problem::new(ProblemKind::StorageUnavailable).retry_after(5);
        self.queue.try_send(work).map_err(|_| busy())?;
        answered.await.map_err(|_| busy())?
    }
}

async fn run(
    db: Db,
    clock: Clock,
    bell: Bell,
    mut work: mpsc::Receiver<Work>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let first = tokio::select! {
            biased;
            next = work.recv() => next,
            // The guard that `wait_for` returns may not be held over an await.
            () = async { let _ = stop.wait_for(|stopped| *stopped).await; } => {
                // What was handed in before the stop is still committed and answered.
                work.close();
                work.recv().await
            }
        };
        let Some(first) = first else { return };
        let mut together = vec![first];
        let mut commands = 0;
        while together.len() < TOGETHER && commands < COMMANDS_TOGETHER {
            match work.try_recv() {
                Ok(next) => {
                    commands += if let Work::Apply(batch, _) = &next { batch.commands.len() } else { 0 };
                    together.push(next);
                }
                Err(_) => break,
            }
        }
        commit(&db, &clock, &bell, together).await;
    }
}

async fn commit(db: &Db, clock: &Clock, bell: &Bell, together: Vec<Work>) {
    let mut batches: BTreeMap<OrganisationId, Vec<(Batch, Answer)>> = BTreeMap::new();
    let mut clocks: BTreeMap<OrganisationId, Vec<Answer>> = BTreeMap::new();
    for work in together {
        match work {
            Work::Apply(batch, answer) => {
                batches.entry(batch.organisation).or_default().push((batch, answer));
            }
            Work::TurnClock(organisation, answer) => clocks.entry(organisation).or_default().push(answer),
        }
    }
    for (organisation, answers) in clocks {
        let turned = turn(db, clock, bell, organisation).await;
        for answer in answers {
            let result = match &turned {
                Ok(()) => Ok(Applied::default()),
                Err(error) => Err(Problem::from(clone_error(error))),
            };
            // Whoever asked may have gone: the work is done all the same.
            let _ = answer.send(result);
        }
    }
    for (organisation, waiting) in batches {
        let (requests, answers): (Vec<Batch>, Vec<Answer>) = waiting.into_iter().unzip();
        match write(db, bell, organisation, &requests).await {
            Ok(all) => {
                for (answer, applied) in answers.into_iter().zip(all) {
                    let _ = answer.send(Ok(applied));
                }
            }
            Err(_) => {
                // One request may spoil it for the others, and another writer may have been first: each by itself, once more.
                for (request, answer) in requests.into_iter().zip(answers) {
                    let alone = write(db, bell, organisation, std::slice::from_ref(&request)).await;
                    let result = alone.map(|mut all| all.pop().unwrap_or_default()).map_err(Problem::from);
                    let _ = answer.send(result);
                }
            }
        }
    }
}

/// `DbErr` cannot be cloned; what matters is which kind of problem it is.
fn clone_error(error: &DbErr) -> DbErr {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) | DbErr::Exec(_) | DbErr::Query(_) => {
            DbErr::Conn(sea_orm::RuntimeErr::Internal(error.to_string()))
        }
        other => DbErr::Custom(other.to_string()),
    }
}

async fn write(
    db: &Db,
    bell: &Bell,
    organisation: OrganisationId,
    requests: &[Batch],
) -> Result<Vec<Applied>, DbErr> {
    let tx = begin_write(&db.write).await?;
    let all = apply(&tx, requests).await?;
    announce(db, &tx, organisation).await?;
    tx.commit().await?;
    bell.ring(organisation);
    Ok(all)
}

async fn turn(db: &Db, clock: &Clock, bell: &Bell, organisation: OrganisationId) -> Result<(), DbErr> {
    let tx = begin_write(&db.write).await?;
    let number = feed::take_numbers(&tx, organisation, 1).await?;
    grants::turn_clock(&tx, organisation, number, clock.now()).await?;
    announce(db, &tx, organisation).await?;
    tx.commit().await?;
    bell.ring(organisation);
    Ok(())
}

/// Wakes the other nodes, at the commit.
pub(crate) async fn announce(
    db: &Db,
    tx: &DatabaseTransaction,
    organisation: OrganisationId,
) -> Result<(), DbErr> {
    use sea_orm::ConnectionTrait as _;
    if db.is_postgres() {
        let notify = statement(
            tx,
            "SELECT pg_notify($1, $2)",
            [super::live::CHANNEL.into(), organisation.to_string().into()],
        );
        tx.execute_raw(notify).await?;
    }
    Ok(())
}
