//! The life of a template after its creation: review, pauses, quality, pacing; and the webhooks
//! that tell of it.

use serde_json::{Value, json};

use super::agenda::Due;
use super::state::State;
use crate::clock::{Millis, seconds};
use crate::people::{Script, Step};
use crate::templates::{Category, Quality, Status, Template, TemplateIndex};
use crate::webhooks::Notice;

/// A change that comes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Review ends well.
    Approve,
    /// A pause ends.
    Resume,
    /// Held messages are judged; true releases them.
    Verdict(bool),
}

impl State {
    pub(super) fn turn_template(&mut self, index: TemplateIndex, turn: Turn, at: Millis) {
        let Some(status) = self.templates.get(index).map(|template| template.status) else {
            return;
        };
        match turn {
            Turn::Approve if status == Status::Pending => {
                self.set_template_status(index, Status::Approved, "APPROVED", at);
            }
            Turn::Resume if status == Status::Paused => {
                self.set_template_status(index, Status::Approved, "REINSTATED", at);
            }
            Turn::Verdict(good) => self.judge_held(index, good, at),
            Turn::Approve | Turn::Resume => {}
        }
    }

    /// Sets a status and tells of it.
    pub(crate) fn set_template_status(
        &mut self,
        index: TemplateIndex,
        status: Status,
        event: &'static str,
        at: Millis,
    ) {
        let Some(template) = self.templates.get_mut(index) else { return };
        template.status = status;
        let reason = match status {
            Status::Rejected => template.rejected_reason.as_deref().unwrap_or("INVALID_FORMAT"),
            _ => "NONE",
        };
        let mut value = identity(template);
        value["event"] = json!(event);
        value["reason"] = json!(reason);
        value["message_template_category"] = json!(template.category.upper());
        if matches!(status, Status::Paused | Status::Disabled) {
            let title = match template.pauses {
                1 => "FIRST_PAUSE",
                2 => "SECOND_PAUSE",
                _ => "DISABLED",
            };
            value["other_info"] = json!({ "title": title, "description": "Low quality." });
        }
        self.announce_change("message_template_status_update", value, at);
    }

    /// Pauses for low quality: three hours, then six, then for good.
    pub(crate) fn pause_template(&mut self, index: TemplateIndex, at: Millis) {
        let pauses = self.config.review.pauses_ms;
        let Some(template) = self.templates.get_mut(index) else { return };
        template.pauses += 1;
        let nth = template.pauses.checked_sub(1).and_then(|nth| usize::try_from(nth).ok());
        match nth.and_then(|nth| pauses.get(nth)) {
            Some(length) => {
                let resume = Due::Template(index, Turn::Resume);
                self.agenda.add(at.saturating_add(*length), resume);
                self.set_template_status(index, Status::Paused, "PAUSED", at);
            }
            None => self.set_template_status(index, Status::Disabled, "DISABLED", at),
        }
    }

    pub(crate) fn set_quality(&mut self, index: TemplateIndex, quality: Quality, at: Millis) {
        let Some(template) = self.templates.get_mut(index) else { return };
        let previous = std::mem::replace(&mut template.quality, quality);
        let mut value = identity(template);
        value["previous_quality_score"] = json!(previous.word());
        value["new_quality_score"] = json!(quality.word());
        self.announce_change("message_template_quality_update", value, at);
    }

    pub(crate) fn set_category(&mut self, index: TemplateIndex, category: Category, at: Millis) {
        let Some(template) = self.templates.get_mut(index) else { return };
        let previous = std::mem::replace(&mut template.category, category);
        let mut value = identity(template);
        value["previous_category"] = json!(previous.upper());
        value["new_category"] = json!(category.upper());
        self.announce_change("template_category_update", value, at);
    }

    /// Holds a message until the quality of its template is known.
    pub(crate) fn hold(&mut self, message: u32, now: Millis) {
        let Some(index) = self.outgoing.get(message).and_then(|message| message.template) else {
            return;
        };
        let review = &self.config.review;
        let verdict = Due::Template(index, Turn::Verdict(review.verdict_good));
        let verdict_at = now.saturating_add(review.verdict_after_ms);
        let Some(template) = self.templates.get_mut(index) else { return };
        if template.held.is_empty() {
            self.agenda.add(verdict_at, verdict);
        }
        template.held.push(message);
    }

    /// Releases held messages, or pauses the template and fails each of them with 132015.
    pub(crate) fn judge_held(&mut self, index: TemplateIndex, good: bool, at: Millis) {
        let Some(template) = self.templates.get_mut(index) else { return };
        let held = std::mem::take(&mut template.held);
        if good {
            self.set_quality(index, Quality::Green, at);
        } else {
            self.set_quality(index, Quality::Red, at);
            self.pause_template(index, at);
        }
        for message in held {
            let script = if good { self.script_of(message) } else { Some(dropped()) };
            if let Some(script) = script {
                self.plan(message, &script, at);
            }
        }
    }

    /// Tells of a change outside `messages`.
    pub(crate) fn announce_change(&mut self, field: &str, value: Value, at: Millis) {
        self.announce(Notice::change(field, value, seconds(at)));
    }
}

/// The script of a message dropped by pacing.
pub(crate) fn dropped() -> Script {
    let opening = crate::people::Opening::Accepted;
    Script { opening, steps: vec![(0, Step::Failed(132_015))] }
}

/// How webhooks name a template: the id as a number, the language with a dash.
fn identity(template: &Template) -> Value {
    json!({
        "message_template_id": template.id,
        "message_template_name": template.name,
        "message_template_language": template.language.replace('_', "-"),
    })
}
