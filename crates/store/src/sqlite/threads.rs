//! SQLite blocks, so it gets threads: one of its own for the connection that writes, and the
//! runtime's blocking threads, a few at a time, for those that read.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::connection::{SoleWriter, open_reader, open_writer};
use crate::error::StoreError;

/// Writes that may wait for the thread: the log's and the read models'.
const JOBS_MAX: usize = 64;
/// Reads at the same time.
const READERS_MAX: usize = 4;

type Job = Box<dyn FnOnce(&mut Slot) + Send>;

enum Order {
    Run(Job),
    Stop(oneshot::Sender<()>),
}

/// The place of the connection that writes; empty after it has failed.
struct Slot {
    path: PathBuf,
    connection: Option<Connection>,
}

impl Slot {
    fn connection(&mut self) -> rusqlite::Result<&mut Connection> {
        if self.connection.is_none() {
            self.connection = Some(open_writer(&self.path)?);
        }
        Ok(self.connection.as_mut().expect("filled above"))
    }
}

/// The thread that owns the connection that writes. It ends when it is told to, or when the last
/// of these is gone.
#[derive(Debug, Clone)]
pub(crate) struct WriteThread(mpsc::Sender<Order>);

impl WriteThread {
    pub(crate) fn start(
        path: PathBuf,
        connection: Connection,
        sole_writer: SoleWriter,
    ) -> std::io::Result<Self> {
        let (sender, mut orders) = mpsc::channel(JOBS_MAX);
        let work = move || {
            let mut slot = Slot { path, connection: Some(connection) };
            let mut stopped = None;
            while let Some(order) = orders.blocking_recv() {
                match order {
                    Order::Run(job) => job(&mut slot),
                    Order::Stop(done) => {
                        stopped = Some(done);
                        break;
                    }
                }
            }
            // The file is given up before anybody hears of it.
            drop(slot);
            drop(sole_writer);
            drop(stopped);
        };
        std::thread::Builder::new().name("sqlite-writer".to_owned()).spawn(work)?;
        Ok(Self(sender))
    }

    /// No thread: every job is refused.
    pub(crate) fn none() -> Self {
        Self(mpsc::channel(1).0)
    }

    /// Does what was asked for before, closes the connection and gives up the file.
    pub(crate) async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.0.send(Order::Stop(done)).await.is_ok() {
            // The thread drops its end when it is done.
            drop(stopped.await);
        }
    }

    /// Runs a job in one immediate transaction, which is committed if the job wants it.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> Result<Verdict<T>, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(|connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            match job(&transaction)? {
                Verdict::Commit(value) => {
                    transaction.commit()?;
                    Ok(value)
                }
                Verdict::Undo(value) => {
                    transaction.rollback()?;
                    Ok(value)
                }
            }
        })
        .await
    }

    /// Runs a job on the connection that writes.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |slot| {
            let result = slot.connection().map_err(StoreError::from).and_then(job);
            if matches!(result, Err(StoreError::Sqlite(_))) {
                slot.connection = None;
            }
            // A caller that no longer waits needs no answer.
            drop(answer.send(result));
        });
        self.0.send(Order::Run(job)).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

/// How a transaction ends.
#[derive(Debug)]
pub(crate) enum Verdict<T> {
    Commit(T),
    Undo(T),
}

/// A few connections that only read.
#[derive(Debug, Clone)]
pub(crate) struct Readers {
    path: Arc<PathBuf>,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    pub(crate) fn of(path: PathBuf) -> Self {
        let places = Arc::new(Semaphore::new(READERS_MAX));
        Self { path: Arc::new(path), places, idle: Arc::default() }
    }

    /// Runs a query on a blocking thread, seeing one state of the database throughout.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let places = Arc::clone(&self.places);
        let place = places.acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let readers = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let _place = place;
            let idle = readers.idle().pop();
            let mut connection = idle.map_or_else(|| open_reader(&readers.path), Ok)?;
            let result = query(&connection.transaction()?);
            if !matches!(result, Err(StoreError::Sqlite(_))) {
                readers.idle().push(connection);
            }
            result
        });
        read.await.map_err(|_| StoreError::Closed)?
    }

    /// Waits for the running queries, and refuses further ones.
    pub(crate) async fn close(&self) {
        if let Ok(places) = u32::try_from(READERS_MAX)
            && let Ok(all) = self.places.acquire_many(places).await
        {
            self.places.close();
            drop(all);
        }
        self.idle().clear();
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
