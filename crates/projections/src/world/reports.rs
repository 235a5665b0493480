//! All metrics of a broadcast, of an incident, or of everything there is.

use fanal_domain::id::{BroadcastId, IncidentId};
use fanal_domain::incident::Mode;

use super::World;
use crate::broadcast::BroadcastView;
use crate::cost::RateBook;
use crate::metrics::{Report, Sample, Yardstick};

impl World {
    /// The metrics of one broadcast.
    pub fn broadcast_report(
        &self,
        broadcast_id: BroadcastId,
        book: &RateBook,
        yardstick: Yardstick,
    ) -> Option<Report> {
        let sample = self.sample(self.broadcast(broadcast_id)?, book);
        Some(Report::of(sample, self.as_of, yardstick))
    }

    /// The metrics of all broadcasts of one incident together.
    pub fn incident_report(
        &self,
        incident_id: IncidentId,
        book: &RateBook,
        yardstick: Yardstick,
    ) -> Option<Report> {
        let incident = self.incident(incident_id)?;
        let sample = incident.sample(|broadcast| self.sample(broadcast, book));
        Some(Report::of(sample, self.as_of, yardstick))
    }

    /// The metrics of all broadcasts of all incidents of one mode: what is real and what is a drill
    /// are never added up.
    pub fn overall_report(&self, mode: Mode, book: &RateBook, yardstick: Yardstick) -> Report {
        let mut sample = Sample::default();
        for incident in self.incidents().filter(|incident| incident.mode() == Some(mode)) {
            sample.add(incident.sample(|broadcast| self.sample(broadcast, book)));
        }
        Report::of(sample, self.as_of, yardstick)
    }

    fn sample(&self, broadcast: &BroadcastView, book: &RateBook) -> Sample {
        broadcast.sample(&self.catalogue.terms(broadcast.course(), book))
    }
}
