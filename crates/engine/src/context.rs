//! Around every use case: who asks, and what came of it.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::authority::UseCase;
use crate::envelope::{Appended, Hash, Once, Position, Provenance};
use crate::error::UseCaseError;
use crate::ports::{AccessRole, Answered};

/// Who asks, why, and under which conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// `token:<name>`, `system:<part>` or `provider:whatsapp`.
    pub actor: Arc<str>,
    /// What the actor may do.
    pub role: AccessRole,
    /// The request this belongs to.
    pub correlation: Uuid,
    /// What makes a second try of the same request harmless.
    pub once: Option<OnceKey>,
    /// Only if the thing is still at this version.
    pub if_version: Option<u64>,
}

/// Names a request, and what it asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnceKey {
    /// SHA-256 of the caller's key together with who the caller is.
    pub key: Hash,
    /// SHA-256 of what was asked.
    pub fingerprint: Hash,
}

impl Context {
    /// A caller with a role and no conditions.
    pub fn new(actor: &str, role: AccessRole, correlation: Uuid) -> Self {
        Self { actor: Arc::from(actor), role, correlation, once: None, if_version: None }
    }

    /// The engine itself, as one of its parts: may do everything.
    pub fn system(part: &str, correlation: Uuid) -> Self {
        Self::new(&format!("system:{part}"), AccessRole::Admin, correlation)
    }

    /// The same, done once under this key.
    #[must_use]
    pub fn with_once(mut self, once: OnceKey) -> Self {
        self.once = Some(once);
        self
    }

    /// The same, only if the thing is still at this version.
    #[must_use]
    pub fn with_if_version(mut self, version: u64) -> Self {
        self.if_version = Some(version);
        self
    }

    /// Whether this caller may do this.
    ///
    /// # Errors
    /// [`UseCaseError::Forbidden`] with the role it takes.
    pub fn may(&self, use_case: UseCase) -> Result<(), UseCaseError> {
        let needs = use_case.needs();
        if self.role >= needs { Ok(()) } else { Err(UseCaseError::Forbidden { needs }) }
    }

    /// What the log keeps of it.
    pub fn provenance(&self) -> Provenance {
        Provenance {
            actor: Arc::clone(&self.actor),
            causation: None,
            correlation: Some(self.correlation),
        }
    }

    /// Whether the thing is still as the caller believes.
    pub(crate) fn check_version(&self, actual: u64) -> Result<(), UseCaseError> {
        match self.if_version {
            Some(expected) if expected != actual => Err(UseCaseError::Stale { expected, actual }),
            _ => Ok(()),
        }
    }

    /// What makes the append of this request happen once.
    pub(crate) fn once(&self, answer: &Answer) -> Option<Once> {
        let OnceKey { key, fingerprint } = self.once?;
        Some(Once { key, fingerprint, answer: answer.encode() })
    }
}

/// What came of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The thing that was written, or made.
    pub id: Uuid,
    /// The log position of its last event.
    pub position: Position,
    /// The version it is at now.
    pub version: u64,
    /// Whether an earlier try of the same request had done it already.
    pub replayed: bool,
}

/// What a write answers for ever, however often it is tried: kept beside its key in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) id: Uuid,
    pub(crate) version: u64,
}

impl Answer {
    /// The answer to a caller: the first one's, if this was a second try.
    pub(crate) fn written(self, appended: &Appended) -> Written {
        let first = appended.replayed.as_ref().and_then(Self::decode);
        let Self { id, version } = first.unwrap_or(self);
        Written { id, position: appended.last, version, replayed: appended.replayed.is_some() }
    }

    /// The answer the first caller got.
    pub(crate) fn first(answered: &Answered) -> Option<Written> {
        let Self { id, version } = Self::decode(&answered.answer)?;
        Some(Written { id, position: answered.last, version, replayed: true })
    }

    fn encode(self) -> Bytes {
        serde_json::to_vec(&self).expect("an id and a number are always JSON").into()
    }

    fn decode(bytes: &Bytes) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}
