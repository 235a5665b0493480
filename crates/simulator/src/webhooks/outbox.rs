//! What waits to be posted, and what becomes of a POST that was taken or not.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use bytes::Bytes;

use super::body::body;
use super::callback::Callback;
use super::notice::Notice;
use crate::clock::Millis;
use crate::dice::Dice;
use crate::world::{Due, Outage, State};

/// Updates that go together, and how often they were tried.
#[derive(Debug)]
pub(crate) struct Delivery {
    notices: Vec<Notice>,
    tries: u32,
    first_try: Millis,
    /// A second copy of what was already taken; it is not tried again.
    copy: bool,
}

/// A POST ready for the wire.
#[derive(Debug)]
pub(crate) struct Post {
    pub(super) callback: Callback,
    pub(super) body: Bytes,
    pub(super) key: Arc<hmac::Key>,
    pub(super) timeout: Duration,
    delivery: Delivery,
}

#[derive(Debug)]
enum Parcel {
    Fresh(Notice),
    Again(Box<Delivery>),
}

/// Updates in order of happening.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    parcels: VecDeque<Parcel>,
    posts: u64,
}

impl Outbox {
    pub(crate) fn is_empty(&self) -> bool {
        self.parcels.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.parcels.len()
    }

    pub(crate) fn push_again(&mut self, delivery: Box<Delivery>) {
        self.parcels.push_back(Parcel::Again(delivery));
    }
}

impl State {
    /// Queues an update.
    pub(crate) fn announce(&mut self, notice: Notice) {
        let full = self.outbox.len() >= self.config.memory.updates_max;
        if full || self.faults.outage() == Outage::Lost {
            self.stats.webhooks.dropped += 1;
            return;
        }
        self.outbox.parcels.push_back(Parcel::Fresh(notice));
    }

    /// The next POST, with as many updates as may go together.
    pub(crate) fn next_post(&mut self, now: Millis) -> Option<Post> {
        if self.faults.outage() == Outage::Held {
            return None;
        }
        loop {
            let (target, delivery) = match self.outbox.parcels.pop_front()? {
                Parcel::Again(delivery) => {
                    (delivery.notices.first().and_then(|n| self.target(n)), *delivery)
                }
                Parcel::Fresh(notice) => {
                    let target = self.target(&notice);
                    let notices = self.gather(notice, target.as_ref());
                    (target, Delivery { notices, tries: 0, first_try: now, copy: false })
                }
            };
            let Some(callback) = target else {
                self.stats.webhooks.unsubscribed += count(&delivery);
                continue;
            };
            if let Some(post) = self.post(callback, delivery) {
                return Some(post);
            }
        }
    }

    /// A POST of one update that does not wait its turn.
    pub(crate) fn post_of(&mut self, notice: Notice, now: Millis) -> Option<Post> {
        let callback = self.target(&notice)?;
        let delivery = Delivery { notices: vec![notice], tries: 0, first_try: now, copy: false };
        self.post(callback, delivery)
    }

    /// Counts a POST, and plans the next try of one that was not taken.
    pub(crate) fn settle(&mut self, post: Post, accepted: bool, now: Millis) {
        let mut delivery = post.delivery;
        let updates = count(&delivery);
        let stats = &mut self.stats.webhooks;
        stats.in_flight = stats.in_flight.saturating_sub(1);
        if accepted {
            stats.posts_accepted += 1;
            stats.updates_delivered += updates;
            if delivery.tries == 0 && !delivery.copy && self.is_doubled() {
                self.stats.webhooks.posts_duplicated += 1;
                delivery.copy = true;
                self.outbox.push_again(Box::new(delivery));
            }
            return;
        }
        stats.posts_failed += 1;
        let webhooks = &self.config.webhooks;
        let age = now.saturating_sub(delivery.first_try);
        if delivery.copy || age >= webhooks.give_up_after_ms {
            self.stats.webhooks.dropped += updates;
            return;
        }
        let doublings = delivery.tries.min(32);
        let pause = webhooks.retry_first_ms.saturating_mul(1 << doublings);
        let again_at = now.saturating_add(pause.min(webhooks.retry_longest_ms));
        delivery.tries += 1;
        self.agenda.add(again_at, Due::Again(Box::new(delivery)));
    }

    fn post(&mut self, callback: Callback, delivery: Delivery) -> Option<Post> {
        let body = body(self, &delivery.notices)?;
        self.outbox.posts += 1;
        self.stats.webhooks.in_flight += 1;
        let timeout = Duration::from_millis(self.config.webhooks.timeout_ms);
        Some(Post { callback, body, key: Arc::clone(&self.signing_key), timeout, delivery })
    }

    /// The first update and those behind it that go to the same place.
    fn gather(&mut self, first: Notice, target: Option<&Callback>) -> Vec<Notice> {
        let max = self.config.webhooks.batch_max.clamp(1, 1_000);
        let mut notices = vec![first];
        while notices.len() < max
            && let Some(Parcel::Fresh(next)) = self.outbox.parcels.front()
            && self.target(next).as_ref() == target
            && let Some(Parcel::Fresh(next)) = self.outbox.parcels.pop_front()
        {
            notices.push(next);
        }
        notices
    }

    fn target(&self, notice: &Notice) -> Option<Callback> {
        let sender = match notice {
            Notice::Status { message, .. } => self.outgoing.get(*message).map(|m| m.sender),
            Notice::Incoming { message } => self.incoming.get(*message).map(|m| m.sender),
            Notice::Change(_) => None,
        };
        let sender = sender.and_then(|sender| self.sender(sender));
        self.subscriptions.target(notice.field(), sender.and_then(|s| s.callback.as_ref()))
    }

    fn is_doubled(&self) -> bool {
        let share = self.config.webhooks.share_duplicated;
        share > 0.0 && Dice::of(&[self.config.seed, self.outbox.posts, 0x0064_7570]).share(share)
    }
}

fn count(delivery: &Delivery) -> u64 {
    u64::try_from(delivery.notices.len()).unwrap_or_default()
}
