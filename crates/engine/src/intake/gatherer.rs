//! Merges the work of many callers into few runs: whoever comes while a run is under way waits for
//! the next one, which takes everything that has gathered.
//!
//! Nobody is spawned for it: a caller who finds no run under way does the work of all. If that
//! caller is dropped in the middle, those who were waiting for it try again with another.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{Either, select};
use tokio::sync::oneshot;

/// Collects items of callers and hands them over in batches.
pub(crate) struct Gatherer<Item, Answer> {
    waiting: Mutex<Vec<Waiting<Item, Answer>>>,
    /// Held by the caller who works; the queue for it is fair.
    work: tokio::sync::Mutex<()>,
}

type Waiting<Item, Answer> = (Arc<Item>, oneshot::Sender<Answer>);

impl<Item, Answer> fmt::Debug for Gatherer<Item, Answer> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gatherer(…)")
    }
}

impl<Item, Answer> Default for Gatherer<Item, Answer> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), work: tokio::sync::Mutex::default() }
    }
}

impl<Item: Send + Sync, Answer: Clone + Send> Gatherer<Item, Answer> {
    /// Has an item worked on, by this caller or another, and returns the answer to its batch.
    ///
    /// `run` gets at most `batch_max` items, in the order they came; they may have been worked on
    /// before by a caller who was dropped.
    pub(crate) async fn submit<Run, Running>(
        &self,
        item: Item,
        batch_max: usize,
        run: Run,
    ) -> Answer
    where
        Run: Fn(Vec<Arc<Item>>) -> Running + Send + Sync,
        Running: Future<Output = Answer> + Send,
    {
        let item = Arc::new(item);
        loop {
            let (sender, mut answer) = oneshot::channel();
            self.waiting().push((Arc::clone(&item), sender));
            loop {
                let turn = Box::pin(self.work.lock());
                match select(&mut answer, turn).await {
                    Either::Left((Ok(answer), _)) => return answer,
                    // Whoever took the item was dropped before answering: hand it in again.
                    Either::Left((Err(_), _)) => break,
                    Either::Right((_turn, _)) => self.work_off(batch_max, &run).await,
                }
            }
        }
    }

    /// Takes a batch, runs it and tells everyone in it.
    async fn work_off<Run, Running>(&self, batch_max: usize, run: &Run)
    where
        Run: Fn(Vec<Arc<Item>>) -> Running + Send + Sync,
        Running: Future<Output = Answer> + Send,
    {
        let (items, callers) = self.take(batch_max);
        if items.is_empty() {
            return;
        }
        let answer = run(items).await;
        for caller in callers {
            // A caller that is gone needs no answer.
            drop(caller.send(answer.clone()));
        }
    }

    fn take(&self, batch_max: usize) -> (Vec<Arc<Item>>, Vec<oneshot::Sender<Answer>>) {
        let mut waiting = self.waiting();
        let taken = waiting.len().min(batch_max.max(1));
        waiting.drain(..taken).unzip()
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting<Item, Answer>>> {
        // The list is only pushed to and drained, so a panic elsewhere cannot leave it half-done.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;
    use futures::poll;
    use tokio::sync::Semaphore;

    use super::*;

    /// Answers each batch with its sum and size once a permit is given.
    #[derive(Debug)]
    struct Summing {
        gate: Semaphore,
        runs: AtomicUsize,
    }

    impl Summing {
        fn new(permits: usize) -> Self {
            Self { gate: Semaphore::new(permits), runs: AtomicUsize::new(0) }
        }

        async fn sum(&self, items: Vec<Arc<u32>>) -> (u32, usize) {
            self.runs.fetch_add(1, Ordering::Relaxed);
            self.gate.acquire().await.unwrap().forget();
            (items.iter().map(|item| **item).sum(), items.len())
        }
    }

    #[tokio::test]
    async fn whoever_comes_during_a_run_shares_the_next_one() {
        let (gatherer, summing) = (Gatherer::default(), Summing::new(0));
        let submit = |item| Box::pin(gatherer.submit(item, 10, |items| summing.sum(items)));
        let mut first = submit(1);
        assert!(poll!(&mut first).is_pending(), "the first one works alone");
        let mut others = [submit(10), submit(20), submit(30)];
        for other in &mut others {
            assert!(poll!(other).is_pending());
        }
        summing.gate.add_permits(2);

        assert_eq!(first.await, (1, 1));
        assert_eq!(join_all(others).await, [(60, 3); 3]);
        assert_eq!(summing.runs.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn no_batch_is_larger_than_allowed_and_everyone_is_answered() {
        let (gatherer, summing) = (Gatherer::default(), Summing::new(1_000));
        let all = (0..95).map(|_| gatherer.submit(1, 10, |items| summing.sum(items)));

        let answers = join_all(all).await;

        assert_eq!(answers.len(), 95);
        assert!(answers.iter().all(|(sum, size)| *sum == u32::try_from(*size).unwrap()));
        assert!(answers.iter().all(|(_, size)| *size <= 10));
    }

    #[tokio::test]
    async fn a_dropped_worker_leaves_nobody_waiting() {
        let (gatherer, summing) = (Gatherer::default(), Summing::new(0));
        let submit = |item| Box::pin(gatherer.submit(item, 1, |items| summing.sum(items)));
        let mut first = submit(1);
        let mut second = submit(2);
        let mut third = submit(3);
        assert!(poll!(&mut first).is_pending());
        assert!(poll!(&mut second).is_pending());
        assert!(poll!(&mut third).is_pending());
        drop(first);
        assert!(poll!(&mut second).is_pending(), "the second one works now");
        drop(second);
        summing.gate.add_permits(10);

        assert_eq!(third.await, (3, 1));
    }

    #[tokio::test]
    async fn an_item_whose_worker_was_dropped_is_handed_in_again() {
        let (gatherer, summing) = (Gatherer::default(), Summing::new(0));
        let submit = |item| Box::pin(gatherer.submit(item, 10, |items| summing.sum(items)));
        let mut blocker = submit(1);
        let (mut worker, mut follower) = (submit(2), submit(3));
        for one in [&mut blocker, &mut worker, &mut follower] {
            assert!(poll!(one).is_pending());
        }
        summing.gate.add_permits(1);
        assert_eq!(blocker.await, (1, 1));
        assert!(poll!(&mut worker).is_pending(), "works for itself and the follower");
        drop(worker);
        summing.gate.add_permits(10);

        assert_eq!(follower.await, (3, 1));
    }
}
