//! Uploaded files, kept in memory up to a bound.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::clock::Millis;

/// An uploaded file.
#[derive(Clone, Debug)]
pub(crate) struct Media {
    pub(crate) id: u64,
    pub(crate) mime: Box<str>,
    pub(crate) bytes: Bytes,
    pub(crate) expires_at: Millis,
}

const FIRST_ID: u64 = 2_310_260_000_000_001;
const LIFE: Millis = 30 * 86_400_000;

/// The files, oldest first.
#[derive(Debug, Default)]
pub(crate) struct MediaShelf {
    files: VecDeque<Media>,
    uploaded: u64,
    bytes: usize,
}

impl MediaShelf {
    /// Keeps a file, forgetting the oldest ones beyond `max` bytes.
    pub(crate) fn add(&mut self, media_type: &str, bytes: Bytes, now: Millis, max: usize) -> u64 {
        let id = FIRST_ID + self.uploaded;
        self.uploaded += 1;
        self.bytes += bytes.len();
        let expires_at = now.saturating_add(LIFE);
        self.files.push_back(Media { id, mime: media_type.into(), bytes, expires_at });
        while self.bytes > max
            && let Some(oldest) = self.files.pop_front()
        {
            self.bytes -= oldest.bytes.len();
        }
        id
    }

    pub(crate) fn get(&self, id: &str, now: Millis) -> Option<&Media> {
        let id: u64 = id.parse().ok()?;
        self.files.iter().find(|media| media.id == id && now < media.expires_at)
    }

    /// Whether a file was ever uploaded under this id and is still kept.
    pub(crate) fn knows(&self, id: &str) -> bool {
        let id: Option<u64> = id.parse().ok();
        self.files.iter().any(|media| Some(media.id) == id)
    }

    pub(crate) fn remove(&mut self, id: u64) {
        if let Some(place) = self.files.iter().position(|media| media.id == id)
            && let Some(gone) = self.files.remove(place)
        {
            self.bytes -= gone.bytes.len();
        }
    }
}
