//! What every store must do, as functions to be called by each store's tests.
//!
//! A store gives a [`Subject`]; `contract_tests!` turns each function here into one test of it.
#![expect(missing_docs, reason = "the functions are tests, and their names are the sentences")]
#![expect(clippy::missing_panics_doc, reason = "a panic is how a test fails")]
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod support;

pub mod append;
pub mod directory;
pub mod follow;
pub mod keys;
pub mod once;
pub mod read;
pub mod record;
pub mod tokens;

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
pub use support::{append_to, event, named};

use crate::ports::{Clock, Directory, EventLog, KeyStore, TokenStore};

/// A store under test, with a database of its own.
#[async_trait]
pub trait Subject: Debug + Send + Sync {
    /// A connection to the database; a second one as another process has it, where the store
    /// allows that.
    async fn connect(&self) -> Connection;

    /// Closes every connection, as the end of a process does.
    async fn shut_down(&self);

    /// The clock the store takes its times from.
    fn clock(&self) -> &TestClock;
}

/// Everything a store offers.
#[derive(Debug, Clone)]
pub struct Connection {
    pub log: Arc<dyn EventLog>,
    pub directory: Arc<dyn Directory>,
    pub keys: Arc<dyn KeyStore>,
    pub tokens: Arc<dyn TokenStore>,
}

/// A clock that stands still until it is moved. Clones are the same clock.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// Moves the clock, forwards or backwards.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }
}

impl Default for TestClock {
    /// The first second of 2026.
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(1_767_225_600_000_000)))
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Makes a test of every function of the contract, each with its own subject from `$subject`.
#[macro_export]
macro_rules! contract_tests {
    ($subject:expr) => {
        $crate::contract_tests! { @each $subject;
            append: appends_to_a_new_stream, appends_to_an_existing_stream,
                checks_what_the_caller_expects, a_conflict_appends_nothing,
                appends_to_several_streams_all_or_nothing, each_append_sees_those_before_it,
                a_conflict_fails_only_its_own_append, one_of_many_racing_appends_wins,
                positions_are_dense_under_concurrency, two_connections_share_one_order,
                refuses_what_is_malformed, accepts_what_is_just_within_bounds;
            record: chains_each_event_to_its_predecessor, keeps_every_field,
                keeps_the_exact_bytes, recorded_time_never_runs_backwards,
                a_restart_changes_nothing;
            once: a_second_try_gets_the_first_answer, an_answer_can_be_looked_up, a_key_is_known_after_a_restart,
                a_key_used_for_something_else_is_refused, a_second_try_is_told_apart_from_a_conflict,
                a_refused_append_leaves_its_key_free, racing_tries_append_once;
            read: reads_a_stream_in_pages, an_unknown_stream_is_empty, reads_all_in_pages,
                finds_kinds, finds_what_lies_under_a_stream, stops_where_told,
                conditions_hold_together, tells_how_far_it_has_searched, takes_any_number,
                finds_the_position_at_a_time;
            follow: waiting_ends_with_an_own_append, waiting_ends_with_anothers_append,
                does_not_wait_for_what_has_happened, a_follower_sees_everything_once_in_order;
            directory: keeps_every_field_of_a_row, replaces_rows, the_last_of_equal_rows_counts,
                leaves_out_unknown_people, finds_owners, the_first_registered_owner_counts,
                drops_addresses_a_row_no_longer_has, moves_only_from_its_checkpoint,
                pages_in_id_order, serves_while_a_copy_is_filled,
                a_newer_rebuild_displaces_an_older, refuses_to_finish_what_was_not_begun,
                keeps_the_directory_over_a_restart;
            keys: a_subject_without_a_key_is_not_found, keeps_a_key, never_replaces_a_key,
                a_destroyed_key_stays_destroyed, destroys_a_key_that_never_was,
                keeps_keys_over_a_restart;
            tokens: finds_a_token_by_its_hash, lists_tokens_oldest_first, revokes_a_token_once,
                keeps_tokens_over_a_restart;
        }
    };
    (@each $subject:expr; $($module:ident: $($name:ident),+ $(,)?;)+) => {$(
        mod $module {
            use super::*;
            $(
                #[tokio::test]
                async fn $name() {
                    let subject = $subject;
                    $crate::contract::$module::$name(&subject).await;
                    $crate::contract::Subject::shut_down(&subject).await;
                }
            )+
        }
    )+};
}

#[cfg(test)]
mod tests;
