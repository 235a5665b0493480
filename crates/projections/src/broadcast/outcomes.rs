//! What became of the sends: moves recipients on the ladder and notes progress.

use chrono::{DateTime, Utc};
use fanal_domain::Event;
use fanal_domain::broadcast::{
    Answer, AnswersRecorded, ReceiptsRecorded, RecipientsSettled, SendsRecorded, SendsStarted,
};
use fanal_domain::ladder::Recipient;
use fanal_domain::template::AnswerKind;

use super::answers::{self, Note};
use super::{BroadcastView, Noted};
use crate::seen::Seen;
use crate::timeline::Step;

impl BroadcastView {
    /// Takes in what became of sends; other events change nothing.
    pub(super) fn note_outcome(&mut self, seen: &Seen<'_>) -> Vec<Noted> {
        let at = seen.occurred_at;
        let step = match seen.event {
            Event::SendsStarted(event) => self.note_started(event),
            Event::SendsRecorded(event) => self.note_recorded(event, at),
            Event::SendsWithheld(event) => {
                for send in &event.withheld {
                    self.ladder.change(send.recipient, |facts| facts.apply_withheld(send.reason));
                }
                self.progress.withheld(event.withheld.len())
            }
            Event::SendsInDoubt(event) => {
                self.note_each(&event.recipients, Recipient::apply_unknown);
                self.progress.in_doubt(event.recipients.len())
            }
            Event::SendsExpired(event) => {
                self.note_each(&event.recipients, Recipient::apply_expired);
                self.progress.expired(event.recipients.len())
            }
            Event::UnknownsRequeued(event) => {
                self.note_each(&event.recipients, Recipient::apply_queued);
                self.progress.requeued(event.recipients.len())
            }
            Event::ReceiptsRecorded(event) => self.note_receipts(event),
            Event::RecipientsSettled(event) => self.note_settled(event),
            Event::AnswersRecorded(event) => return self.note_answers(seen, event),
            _ => return Vec::new(),
        };
        let moved = self.progress.moved(self.snapshot());
        step.into_iter().chain(moved).map(|step| Noted { at, step }).collect()
    }

    fn note_each(&mut self, recipients: &[u32], note: impl Fn(&mut Recipient)) {
        for &index in recipients {
            self.ladder.change(index, &note);
        }
    }

    fn note_started(&mut self, event: &SendsStarted) -> Option<Step> {
        self.note_each(&event.recipients, Recipient::apply_started);
        self.progress.started(&event.sender.0)
    }

    fn note_recorded(&mut self, event: &SendsRecorded, at: DateTime<Utc>) -> Option<Step> {
        let at = self.since_launch(at)?;
        for send in &event.accepted {
            self.ladder.change(send.recipient, |facts| facts.apply_accepted(at));
        }
        for send in &event.refused {
            self.ladder.change(send.recipient, |facts| facts.apply_refused(at, &send.failure));
        }
        for send in &event.deferred {
            self.ladder.change(send.recipient, Recipient::apply_queued);
        }
        self.note_each(&event.unknown, Recipient::apply_unknown);
        None
    }

    fn note_receipts(&mut self, event: &ReceiptsRecorded) -> Option<Step> {
        for group in &event.receipts {
            let at = self.since_launch(group.at)?;
            let (failure, pricing) = (group.failure.as_ref(), group.pricing.as_ref());
            self.note_each(&group.recipients, |facts| {
                facts.apply_receipt(group.status, at, failure, pricing);
            });
        }
        None
    }

    fn note_settled(&mut self, event: &RecipientsSettled) -> Option<Step> {
        self.note_each(&event.undelivered, Recipient::apply_undelivered);
        self.note_each(&event.left_unknown, Recipient::apply_left_unknown);
        self.progress.settled(event.undelivered.len(), event.left_unknown.len())
    }

    fn note_answers(&mut self, seen: &Seen<'_>, event: &AnswersRecorded) -> Vec<Noted> {
        let mut told = Vec::new();
        for (item, answer) in (0..).zip(&event.answers) {
            self.note_answer(seen.position, item, answer, &mut told);
        }
        let at = seen.occurred_at;
        told.extend(self.progress.moved(self.snapshot()).map(|step| Noted { at, step }));
        told
    }

    fn note_answer(&mut self, position: u64, item: u32, answer: &Answer, told: &mut Vec<Noted>) {
        let index = answer.recipient;
        let row = self.ladder.rows.get(index as usize).copied();
        let (Some(row), Some(at)) = (row, self.since_launch(answer.at)) else { return };
        let (kind, late) = (answer.kind, answer.late);
        self.ladder.change(index, |facts| facts.apply_answer(kind, at, late));
        let note = Note { position, item, at, kind, late, previous: answers::NONE };
        self.ladder.keep_answer(index, note);
        let for_help = kind == AnswerKind::NeedHelp && !row.facts.answered_with(kind);
        let steps = self.progress.answered(row.contact_id, kind, for_help);
        told.extend(steps.map(|step| Noted { at: answer.at, step }));
    }
}
