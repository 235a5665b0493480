//! Shares equal texts among the events of one page: kinds, actors and neighbours' streams repeat.

use std::sync::Arc;

use fanal_engine::envelope::StreamId;

/// Texts kept for sharing; a page has few kinds and few actors.
const TEXTS_MAX: usize = 64;

#[derive(Debug, Default)]
pub(crate) struct Interner {
    texts: Vec<Arc<str>>,
    stream: Option<StreamId>,
}

impl Interner {
    pub(crate) fn text(&mut self, text: &str) -> Arc<str> {
        // A short list is searched faster than a text is hashed.
        if let Some(shared) = self.texts.iter().find(|shared| ***shared == *text) {
            return Arc::clone(shared);
        }
        let shared = Arc::<str>::from(text);
        if self.texts.len() < TEXTS_MAX {
            self.texts.push(Arc::clone(&shared));
        }
        shared
    }

    pub(crate) fn stream(&mut self, name: &str) -> StreamId {
        match &self.stream {
            Some(stream) if stream.as_str() == name => stream.clone(),
            _ => self.stream.insert(StreamId::named(name)).clone(),
        }
    }
}
