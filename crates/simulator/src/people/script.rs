//! What one person does with one message, decided from seed, number and ordinal alone.

use super::number::PhoneNumber;
use crate::clock::Millis;
use crate::config::{Fate, PeopleConfig};
use crate::dice::Dice;

/// Who gets what: all that a script may depend on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) seed: u64,
    pub(crate) number: PhoneNumber,
    /// How many messages this person was sent before.
    pub(crate) ordinal: u32,
    pub(crate) marketing: bool,
    /// Set by hand for this person; goes before the suffix rules.
    pub(crate) fate: Option<&'a Fate>,
}

/// How the send call itself ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    Accepted,
    Refused(u32),
    Cut,
    Slow(Millis),
    WebhookFirst,
    /// Held for quality assessment, whatever the template; the flag is the verdict.
    Held(bool),
}

/// Something that happens to an accepted message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Sent,
    Delivered,
    Read,
    /// Only for voice messages.
    Played,
    Failed(u32),
    Answer,
}

/// What a person answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice<'a> {
    /// Index among the quick-reply buttons.
    Button(usize),
    Text(&'a str),
}

/// The whole life of one message, in order of happening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) opening: Opening,
    pub(crate) steps: Vec<(Millis, Step)>,
}

const PERSON: u64 = 0x0070_6572;
const ANSWER: u64 = 0x0061_6e73;

impl Script {
    pub(crate) fn write(people: &PeopleConfig, subject: Subject<'_>) -> Self {
        match fate(people, subject) {
            Some(fate) => Self::fated(people, subject, fate),
            None => Self { opening: Opening::Accepted, steps: by_chance(people, subject) },
        }
    }

    /// A message that is dropped by the platform with this code.
    pub(crate) fn failed(people: &PeopleConfig, subject: Subject<'_>, code: u32) -> Self {
        let after = dice(subject).latency(people.sent);
        Self { opening: Opening::Accepted, steps: vec![(after, Step::Failed(code))] }
    }

    fn fated(people: &PeopleConfig, subject: Subject<'_>, fate: &Fate) -> Self {
        let pace = Pace::draw(people, &mut dice(subject));
        let read = pace.reached(true);
        let mut opening = Opening::Accepted;
        let steps = match fate {
            Fate::Refused(code) => {
                opening = Opening::Refused(*code);
                Vec::new()
            }
            Fate::ServerError => {
                opening = Opening::Refused(131_000);
                Vec::new()
            }
            Fate::Failed(code) => vec![(pace.sent, Step::Failed(*code))],
            Fate::FailedLate(code) => {
                vec![(pace.sent, Step::Sent), (pace.delivered, Step::Failed(*code))]
            }
            Fate::Silent => Vec::new(),
            Fate::Offline => {
                vec![(pace.sent, Step::Sent), (pace.sent + pace.offline, Step::Delivered)]
            }
            Fate::Unread => pace.reached(false),
            Fate::Read => read,
            Fate::ReadDirectly => without(read, Step::Delivered),
            Fate::SentLost => without(read, Step::Sent),
            Fate::Reordered => reversed(read),
            Fate::Duplicated => doubled(read),
            Fate::Presses(_) | Fate::Writes(_) => pace.answered(),
            Fate::WebhookFirst => {
                opening = Opening::WebhookFirst;
                read
            }
            Fate::Cut => {
                opening = Opening::Cut;
                read
            }
            Fate::Slow(ms) => {
                opening = Opening::Slow(*ms);
                read
            }
            Fate::HeldThenReleased | Fate::HeldThenDropped => {
                opening = Opening::Held(*fate == Fate::HeldThenReleased);
                read
            }
        };
        Self { opening, steps }
    }
}

/// What the person answers to this message, given how many buttons it offers.
pub(crate) fn choose<'a>(
    people: &'a PeopleConfig,
    subject: Subject<'a>,
    buttons: usize,
) -> Choice<'a> {
    match fate(people, subject) {
        Some(Fate::Presses(button)) if *button < buttons => return Choice::Button(*button),
        Some(Fate::Writes(text)) => return Choice::Text(text),
        _ => {}
    }
    let mut dice =
        Dice::of(&[subject.seed, subject.number.value(), subject.ordinal.into(), ANSWER]);
    let types = dice.share(people.share_text);
    let stops = dice.share(people.share_stop);
    let button = dice.weighted(buttons, &people.button_weights);
    if buttons > 0 && !types {
        return Choice::Button(button);
    }
    let list = if stops { &people.stop_words } else { &people.texts };
    let language = subject.number.country().language;
    let texts = list.get(language).or_else(|| list.get("en"));
    Choice::Text(texts.and_then(|texts| dice.pick(texts)).map_or("ok", String::as_str))
}

fn fate<'a>(people: &'a PeopleConfig, subject: Subject<'a>) -> Option<&'a Fate> {
    subject.fate.or_else(|| {
        if people.suffix_rules.is_empty() {
            return None;
        }
        let digits = subject.number.to_string();
        people
            .suffix_rules
            .iter()
            .find(|rule| !rule.suffix.is_empty() && digits.ends_with(&rule.suffix))
            .map(|rule| &rule.fate)
    })
}

fn dice(subject: Subject<'_>) -> Dice {
    Dice::of(&[subject.seed, subject.number.value(), subject.ordinal.into()])
}

fn by_chance(people: &PeopleConfig, subject: Subject<'_>) -> Vec<(Millis, Step)> {
    let mut person = Dice::of(&[subject.seed, subject.number.value(), PERSON]);
    let absent = person.share(people.share_not_on_whatsapp);
    let stopped = person.share(people.share_marketing_stopped);
    let experiment = person.share(people.share_in_experiment);
    let receipts_off = person.share(people.share_receipts_off);

    let mut dice = dice(subject);
    let pace = Pace::draw(people, &mut dice);
    let capped = dice.share(people.share_marketing_capped);
    let silent = dice.share(people.share_silent);
    let fails_late = dice.share(people.share_failed_late);
    let offline = dice.share(people.share_offline);
    let reads = dice.share(people.share_reading);
    let answers = dice.share(people.share_answering);
    let directly = dice.share(people.share_read_directly);
    let reordered = dice.share(people.share_reordered);
    let duplicated = dice.share(people.share_duplicated);
    let sent_lost = dice.share(people.share_sent_lost);

    let failure = match () {
        () if absent => Some(131_026),
        () if subject.marketing && experiment => Some(130_472),
        () if subject.marketing && stopped => Some(131_050),
        () if subject.marketing && capped => Some(131_049),
        () => None,
    };
    if let Some(code) = failure {
        return vec![(pace.sent, Step::Failed(code))];
    }
    if silent {
        return Vec::new();
    }
    if fails_late {
        return vec![(pace.sent, Step::Sent), (pace.delivered, Step::Failed(131_026))];
    }
    let pace = if offline { pace.delayed() } else { pace };
    let mut steps = if reads && answers { pace.answered() } else { pace.reached(reads) };
    if directly && reads {
        steps = without(steps, Step::Delivered);
    }
    if receipts_off {
        steps = without(steps, Step::Read);
    }
    if sent_lost {
        steps = without(steps, Step::Sent);
    }
    if reordered {
        swap_first_two(&mut steps);
    }
    if duplicated { doubled(steps) } else { steps }
}

/// When each thing happens, counted from acceptance.
#[derive(Clone, Copy, Debug)]
struct Pace {
    sent: Millis,
    delivered: Millis,
    read: Millis,
    answer: Millis,
    offline: Millis,
}

impl Pace {
    fn draw(people: &PeopleConfig, dice: &mut Dice) -> Self {
        let sent = dice.latency(people.sent);
        let delivered = sent + dice.latency(people.delivered);
        let read = delivered + dice.latency(people.read);
        let answer = read + dice.latency(people.answer);
        Self { sent, delivered, read, answer, offline: dice.latency(people.offline) }
    }

    fn delayed(self) -> Self {
        Self {
            delivered: self.delivered + self.offline,
            read: self.read + self.offline,
            answer: self.answer + self.offline,
            ..self
        }
    }

    fn reached(self, reads: bool) -> Vec<(Millis, Step)> {
        let mut steps = Vec::with_capacity(4);
        steps.extend([(self.sent, Step::Sent), (self.delivered, Step::Delivered)]);
        if reads {
            steps.push((self.read, Step::Read));
        }
        steps
    }

    fn answered(self) -> Vec<(Millis, Step)> {
        let mut steps = self.reached(true);
        steps.push((self.answer, Step::Answer));
        steps
    }
}

fn without(mut steps: Vec<(Millis, Step)>, missing: Step) -> Vec<(Millis, Step)> {
    steps.retain(|(_, step)| *step != missing);
    steps
}

/// The same instants, the steps the other way round.
fn reversed(steps: Vec<(Millis, Step)>) -> Vec<(Millis, Step)> {
    let times: Vec<Millis> = steps.iter().map(|(at, _)| *at).collect();
    times.into_iter().zip(steps.into_iter().rev().map(|(_, step)| step)).collect()
}

fn swap_first_two(steps: &mut [(Millis, Step)]) {
    if let [(_, first), (_, second), ..] = steps {
        std::mem::swap(first, second);
    }
}

fn doubled(steps: Vec<(Millis, Step)>) -> Vec<(Millis, Step)> {
    let again = |(at, step): (Millis, Step)| {
        let copies = if step == Step::Answer { 1 } else { 2 };
        std::iter::repeat_n((at, step), copies)
    };
    steps.into_iter().flat_map(again).collect()
}

#[cfg(test)]
mod tests;
