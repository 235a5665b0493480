//! Recently used keys, in memory, bounded.

use std::collections::HashMap;

use uuid::Uuid;

use super::ring::{KeyRing, SubjectKey};

/// How many subjects one generation holds; two are kept.
const GENERATION_MAX: usize = 50_000;

/// Two generations: what is used moves into the young one; when that is full, the old one is
/// dropped whole. Cheap, bounded, and it keeps what is in use.
#[derive(Default)]
pub(super) struct KeyCache {
    young: HashMap<Uuid, SubjectKey>,
    old: HashMap<Uuid, SubjectKey>,
}

impl KeyCache {
    /// Puts what is known into the ring and returns who is not.
    pub(super) fn fill(&mut self, ring: &mut KeyRing, subjects: &[Uuid]) -> Vec<Uuid> {
        let mut unknown = Vec::new();
        for &subject in subjects {
            if let Some(key) = self.get(subject) {
                ring.insert(subject, key);
            } else if !ring.knows(subject) {
                unknown.push(subject);
            }
        }
        unknown
    }

    /// Remembers what the ring has of these subjects.
    pub(super) fn keep(&mut self, ring: &KeyRing, subjects: &[Uuid]) {
        for &subject in subjects {
            if let Some(key) = ring.get(subject) {
                self.insert(subject, key.clone());
            }
        }
    }

    /// Forgets a subject.
    pub(super) fn evict(&mut self, subject: Uuid) {
        self.young.remove(&subject);
        self.old.remove(&subject);
    }

    fn get(&mut self, subject: Uuid) -> Option<SubjectKey> {
        if let Some(key) = self.young.get(&subject) {
            return Some(key.clone());
        }
        let key = self.old.remove(&subject)?;
        self.insert(subject, key.clone());
        Some(key)
    }

    fn insert(&mut self, subject: Uuid, key: SubjectKey) {
        if self.young.len() >= GENERATION_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(subject, key);
    }
}
