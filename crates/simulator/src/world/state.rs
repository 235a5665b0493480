//! All that the simulator remembers.

use std::sync::Arc;

use aws_lc_rs::hmac;

use super::agenda::Agenda;
use super::faults::{Faults, Outage};
use super::media::MediaShelf;
use super::sender::Sender;
use super::stats::Stats;
use super::tokens::Tokens;
use crate::clock::{Millis, seconds};
use crate::limits::{Pairs, Reach, SenderIndex};
use crate::messages::{Direction, Incoming, Ledger, Outgoing, Wamid};
use crate::people::{Crowd, PersonId, Profile, Subject};
use crate::templates::{Category, Shelf, Status, create};
use crate::webhooks::{Callback, Outbox, Subscriptions};
use crate::{SimulatorConfig, SimulatorError};

/// The account, the people, the messages and what is planned.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) config: SimulatorConfig,
    /// Distinguishes message ids of simulators started one after another.
    pub(crate) run: u32,
    pub(crate) signing_key: Arc<hmac::Key>,
    pub(crate) tokens: Tokens,
    pub(crate) senders: Vec<Sender>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) templates: Shelf,
    pub(crate) crowd: Crowd,
    pub(crate) pairs: Pairs,
    pub(crate) reach: Reach,
    pub(crate) outgoing: Ledger<Outgoing>,
    pub(crate) incoming: Ledger<Incoming>,
    pub(crate) agenda: Agenda,
    pub(crate) outbox: Outbox,
    pub(crate) media: MediaShelf,
    pub(crate) faults: Faults,
    pub(crate) stats: Stats,
    /// Hour and management calls in it.
    pub(crate) management_calls: (u64, u32),
}

impl State {
    pub(crate) fn new(config: SimulatorConfig, now: Millis) -> Result<Self, SimulatorError> {
        let callback = match &config.account.callback_url {
            Some(url) => Some(Callback::parse(url).ok_or(SimulatorError::Callback)?),
            None => None,
        };
        let signing_key = hmac::Key::new(hmac::HMAC_SHA256, config.account.app_secret.as_bytes());
        let mut state = Self {
            run: u32::try_from(seconds(now) & u64::from(u32::MAX)).unwrap_or_default(),
            signing_key: Arc::new(signing_key),
            tokens: Tokens::new(&config.account),
            senders: Vec::new(),
            subscriptions: Subscriptions::starting_with(callback, config.account.subscribed),
            templates: Shelf::default(),
            crowd: Crowd::default(),
            pairs: Pairs::default(),
            reach: Reach::default(),
            outgoing: Ledger::default(),
            incoming: Ledger::default(),
            agenda: Agenda::default(),
            outbox: Outbox::default(),
            media: MediaShelf::default(),
            faults: Faults::default(),
            stats: Stats::default(),
            management_calls: (0, 0),
            config,
        };
        for sender in state.config.senders.clone() {
            let sender = Sender::new(sender).ok_or(SimulatorError::DisplayNumber)?;
            state.senders.push(sender);
        }
        for body in state.config.templates.clone() {
            let mut template = create(&body).map_err(|error| SimulatorError::Template {
                name: body["name"].as_str().unwrap_or_default().to_owned(),
                code: error.code,
            })?;
            template.status = Status::Approved;
            let name = template.name.to_string();
            let max = state.config.review.templates_max;
            let added = state.templates.add(template, now, max);
            added.map_err(|error| SimulatorError::Template { name, code: error.code })?;
        }
        Ok(state)
    }

    /// Forgets people, messages and plans; keeps account, templates, callbacks and knobs.
    pub(crate) fn reset(&mut self) {
        self.crowd = Crowd::default();
        self.pairs = Pairs::default();
        self.reach = Reach::default();
        self.outgoing.clear();
        self.incoming.clear();
        self.agenda.clear();
        self.outbox = Outbox::default();
        self.faults = Faults::default();
        self.stats = Stats::default();
    }

    pub(crate) fn sender_of(&self, phone_number_id: &str) -> Option<SenderIndex> {
        let place =
            self.senders.iter().position(|one| one.config.phone_number_id == phone_number_id)?;
        SenderIndex::try_from(place).ok()
    }

    pub(crate) fn sender(&self, index: SenderIndex) -> Option<&Sender> {
        self.senders.get(usize::from(index))
    }

    pub(crate) fn sender_mut(&mut self, index: SenderIndex) -> Option<&mut Sender> {
        self.senders.get_mut(usize::from(index))
    }

    /// What a script for this person may depend on.
    pub(crate) fn subject(
        &self,
        person: PersonId,
        ordinal: u32,
        category: Category,
    ) -> Option<Subject<'_>> {
        let person = self.crowd.get(person)?;
        Some(Subject {
            seed: self.config.seed,
            number: person.number,
            ordinal,
            marketing: category == Category::Marketing,
            fate: person.fate.as_deref(),
        })
    }

    pub(crate) fn profile(&self, person: PersonId) -> Option<Profile> {
        let person = self.crowd.get(person)?;
        Some(Profile::of(person.number, &self.config.people, self.config.seed))
    }

    /// The outgoing message with this id, if it is still remembered.
    pub(crate) fn find_outgoing(&self, id: &str) -> Option<(u32, &Outgoing)> {
        let id =
            Wamid::decode(id).filter(|id| id.direction == Direction::Out && id.run == self.run)?;
        let message = self.outgoing.get(id.number)?;
        let person = self.crowd.get(message.person)?;
        (person.number == id.peer.canonical()).then_some((id.number, message))
    }

    /// Whether this is the id of any message, in or out.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.find_outgoing(id).is_some() || self.knows_incoming(id)
    }

    /// Whether an incoming message with this id exists.
    pub(crate) fn knows_incoming(&self, id: &str) -> bool {
        Wamid::decode(id).is_some_and(|id| {
            id.direction == Direction::In
                && id.run == self.run
                && self.incoming.get(id.number).is_some()
        })
    }

    pub(crate) fn outbox_is_ready(&self) -> bool {
        !self.outbox.is_empty() && self.faults.outage() != Outage::Held
    }
}
