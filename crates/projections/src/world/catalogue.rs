//! What broadcasts are made of: segments, templates and senders.

use std::collections::BTreeMap;

use fanal_domain::id::{SegmentId, TemplateId};
use fanal_domain::segment::Segment;
use fanal_domain::sender::{Quality, SenderFactsLearned, SenderId};
use fanal_domain::template::{Button, Category, Template};
use fanal_domain::{Decider, Event};

use crate::broadcast::{Course, Moment};
use crate::cost::RateBook;
use crate::metrics::Terms;
use crate::place::Place;
use crate::seen::Seen;

/// Segments, templates and senders as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    segments: BTreeMap<SegmentId, Kept<Segment>>,
    templates: BTreeMap<TemplateId, Kept<Template>>,
    template_named: BTreeMap<String, TemplateId>,
    categories: BTreeMap<TemplateId, Vec<(u64, Category)>>,
    senders: BTreeMap<SenderId, SenderView>,
}

/// A thing as it stands, and how often it has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T> {
    /// The thing.
    pub state: T,
    /// How many events its stream has.
    pub version: u64,
    /// When it came to be.
    pub created: Moment,
    /// When it last changed.
    pub changed: Moment,
}

/// What the provider told us of a sender; the last word on each point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderView {
    /// The sender.
    pub sender: SenderId,
    /// Messages per second, in and out together.
    pub rate_per_s: Option<u32>,
    /// How people receive what we send.
    pub quality: Option<Quality>,
    /// Unique people outside a conversation per moving 24 hours.
    pub daily_people_max: Option<u32>,
    /// The provider's word for what happened last.
    pub notice: String,
    /// When that was.
    pub changed: Moment,
}

impl Catalogue {
    /// Every segment, the oldest first.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &Kept<Segment>> {
        self.segments.values()
    }

    /// One segment.
    pub fn segment(&self, segment_id: SegmentId) -> Option<&Kept<Segment>> {
        self.segments.get(&segment_id)
    }

    /// Every template, the oldest first.
    pub fn templates(&self) -> impl DoubleEndedIterator<Item = &Kept<Template>> {
        self.templates.values()
    }

    /// One template.
    pub fn template(&self, template_id: TemplateId) -> Option<&Kept<Template>> {
        self.templates.get(&template_id)
    }

    /// The template of that name with the provider; of several, the one registered last.
    pub fn template_named(&self, name: &str) -> Option<&Kept<Template>> {
        self.template(*self.template_named.get(name)?)
    }

    /// Every sender the provider told us of.
    pub fn senders(&self) -> impl DoubleEndedIterator<Item = &SenderView> {
        self.senders.values()
    }

    /// One sender.
    pub fn sender(&self, sender: &SenderId) -> Option<&SenderView> {
        self.senders.get(sender)
    }

    /// What metrics need to know of a broadcast besides its own events.
    ///
    /// The template's category is the one it had at the launch, and the prices those of the day
    /// of the launch; before it, the latest there are. A template that is not known is taken to ask for
    /// acknowledgement.
    pub fn terms<'a>(&self, course: &Course, book: &'a RateBook) -> Terms<'a> {
        let launched = course.launched.unwrap_or(course.changed);
        let template_id = course.state.brief.template_id;
        let asks = self.template(template_id).is_none_or(|template| asks(&template.state));
        let position = course.launched.map_or(u64::MAX, |launched| launched.position);
        Terms {
            card: book.on(launched.at.date_naive()),
            category: self.category_at(template_id, position),
            asks,
        }
    }

    fn category_at(&self, template_id: TemplateId, position: u64) -> Option<Category> {
        let history = self.categories.get(&template_id)?;
        let past = history.partition_point(|&(changed, _)| changed <= position);
        history.get(past.checked_sub(1)?).map(|&(_, category)| category)
    }

    pub(super) fn apply(&mut self, seen: &Seen<'_>, place: Place) {
        match (place, seen.event) {
            (Place::Segment(id), _) => keep(&mut self.segments, id, seen),
            (Place::Template(id), event) => {
                keep(&mut self.templates, id, seen);
                self.note_template(id, seen.position, event);
            }
            (_, Event::SenderFactsLearned(event)) => self.note_sender(seen, event),
            _ => {}
        }
    }

    fn note_template(&mut self, id: TemplateId, position: u64, event: &Event) {
        let category = match event {
            Event::TemplateRegistered(event) => {
                self.template_named.insert(event.name.clone(), id);
                event.category
            }
            Event::TemplateCategoryChanged(event) => event.category,
            _ => return,
        };
        self.categories.entry(id).or_default().push((position, category));
    }

    fn note_sender(&mut self, seen: &Seen<'_>, event: &SenderFactsLearned) {
        let before = self.senders.remove(&event.sender);
        let view = SenderView {
            sender: event.sender.clone(),
            rate_per_s: event.rate_per_s.or_else(|| before.as_ref()?.rate_per_s),
            quality: event.quality.or_else(|| before.as_ref()?.quality),
            daily_people_max: event.daily_people_max.or_else(|| before.as_ref()?.daily_people_max),
            notice: event.notice.clone(),
            changed: Moment::of(seen),
        };
        self.senders.insert(event.sender.clone(), view);
    }
}

/// Whether any translation has a button that acknowledges.
fn asks(template: &Template) -> bool {
    let buttons =
        template.translations.values().flat_map(|translation| &translation.content.buttons);
    buttons.into_iter().any(|button| match button {
        Button::QuickReply { answer, .. } => answer.acknowledges(),
        Button::Url { .. } => false,
    })
}

fn keep<K, T>(things: &mut BTreeMap<K, Kept<T>>, id: K, seen: &Seen<'_>)
where
    K: Ord,
    T: Decider<State = Option<T>>,
{
    let changed = Moment::of(seen);
    let (state, version, created) = match things.remove(&id) {
        Some(kept) => (Some(kept.state), kept.version, kept.created),
        None => (None, 0, changed),
    };
    if let Some(state) = T::evolve(state, seen.event) {
        things.insert(id, Kept { state, version: version + 1, created, changed });
    }
}
