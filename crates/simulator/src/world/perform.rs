//! Doing what is due: telling statuses, letting people answer, posting again.

use super::agenda::Due;
use super::state::State;
use crate::clock::{Millis, seconds};
use crate::messages::{Kind, Shown};
use crate::people::{PersonId, Script, Step};
use crate::templates::Category;
use crate::webhooks::{Notice, Told};

const DAY: Millis = 86_400_000;

impl State {
    /// Performs up to `max` things that are due.
    pub(crate) fn perform_due(&mut self, now: Millis, max: usize) {
        let mut left = max;
        while let Some((at, mut due)) = self.agenda.take_due(now) {
            let rest = due.split_off(due.len().min(left));
            left -= due.len();
            for one in due {
                self.perform(one, at);
            }
            if !rest.is_empty() {
                self.agenda.put_back(at, rest);
            }
            if left == 0 {
                return;
            }
        }
    }

    fn perform(&mut self, due: Due, at: Millis) {
        match due {
            Due::Step(message, Step::Answer) => self.let_answer(message, at),
            Due::Step(message, step) => {
                if let Some(notice) = self.tell(message, step, at) {
                    self.announce(notice);
                }
            }
            Due::Again(delivery) => self.outbox.push_again(delivery),
            Due::Template(template, turn) => self.turn_template(template, turn, at),
        }
    }

    /// Marks a status as told, and makes the notice of it.
    pub(crate) fn tell(&mut self, number: u32, step: Step, at: Millis) -> Option<Notice> {
        let Some(message) = self.outgoing.get_mut(number) else {
            self.stats.forgotten_steps += 1;
            return None;
        };
        let (told, flag) = match step {
            Step::Sent => (Told::Sent, Shown::SENT),
            Step::Delivered => (Told::Delivered, Shown::DELIVERED),
            Step::Read => (Told::Read, Shown::READ),
            Step::Played => (Told::Played, Shown::PLAYED),
            Step::Failed(code) => (Told::Failed(code), Shown::FAILED),
            Step::Answer => return None,
        };
        // Pricing comes with `sent` and with the first of delivered and read.
        let priced = match step {
            Step::Sent | Step::Delivered => true,
            Step::Read => !message.shown.has(Shown::DELIVERED),
            _ => false,
        };
        message.shown.add(flag);
        self.stats.status(told.word());
        if let Told::Failed(code) = told {
            *self.stats.failures.entry(code).or_default() += 1;
        }
        let at = u32::try_from(seconds(at)).unwrap_or(u32::MAX);
        Some(Notice::Status { message: number, told, priced, at })
    }

    /// Plans the steps of a message from `start` on. What comes after its validity is dropped.
    pub(crate) fn plan(&mut self, number: u32, script: &Script, start: Millis) {
        let Some(message) = self.outgoing.get(number) else { return };
        let (kind, valid_for) = (message.kind, self.valid_for(number));
        let mut last = 0;
        for (after, step) in &script.steps {
            let expired = *after > valid_for && matches!(step, Step::Delivered | Step::Read);
            let only_sent = kind == Kind::Reaction && *step != Step::Sent;
            let fails = matches!(step, Step::Failed(_));
            if expired || (only_sent && !fails) {
                return;
            }
            last = *after;
            self.agenda.add(start.saturating_add(*after), Due::Step(number, *step));
        }
        let was_read = script.steps.iter().any(|(_, step)| *step == Step::Read);
        if kind == Kind::Voice && was_read {
            self.agenda.add(start.saturating_add(last), Due::Step(number, Step::Played));
        }
    }

    fn valid_for(&self, number: u32) -> Millis {
        let Some(message) = self.outgoing.get(number) else { return 0 };
        let template = message.template.and_then(|template| self.templates.get(template));
        match template.and_then(|template| template.ttl_seconds) {
            Some(seconds) if seconds > 0 => u64::try_from(seconds).unwrap_or_default() * 1_000,
            None if message.category == Category::Authentication => 600_000,
            _ => 30 * DAY,
        }
    }

    /// The script of a message that was accepted earlier.
    pub(crate) fn script_of(&self, number: u32) -> Option<Script> {
        let message = self.outgoing.get(number)?;
        let subject = self.subject(message.person, message.ordinal, message.category)?;
        Some(Script::write(&self.config.people, subject))
    }

    /// Messages to one person, the latest first, as far as they are remembered.
    pub(crate) fn messages_to(
        &self,
        person: PersonId,
    ) -> impl Iterator<Item = (u32, &crate::messages::Outgoing)> {
        let mut next = self.crowd.get(person).and_then(|person| person.latest);
        std::iter::from_fn(move || {
            let number = next?;
            let message = self.outgoing.get(number)?;
            next = message.previous;
            Some((number, message))
        })
    }
}
