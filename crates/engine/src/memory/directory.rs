//! The directory of contacts in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use fanal_domain::id::ContactId;

use super::lock;
use crate::envelope::Position;
use crate::ports::{BlindIndex, ContactRow, Directory, Unavailable};

/// The directory of contacts in memory, or the copy of it that is being filled.
#[derive(Debug, Clone, Default)]
pub struct MemoryDirectory {
    held: Arc<Mutex<Shelf>>,
    copy: Arc<Mutex<Option<Arc<Mutex<Shelf>>>>>,
}

#[derive(Debug, Default)]
struct Shelf {
    checkpoint: Position,
    rows: BTreeMap<ContactId, ContactRow>,
    /// A copy that another rebuild has displaced takes no more rows.
    is_displaced: bool,
}

#[async_trait]
impl Directory for MemoryDirectory {
    async fn checkpoint(&self) -> Result<Position, Unavailable> {
        Ok(lock(&self.held).checkpoint)
    }

    async fn save(
        &self,
        rows: Vec<ContactRow>,
        from: Position,
        to: Position,
    ) -> Result<bool, Unavailable> {
        let mut held = lock(&self.held);
        if held.checkpoint != from || held.is_displaced {
            return Ok(false);
        }
        held.rows.extend(rows.into_iter().map(|row| (row.contact_id, row)));
        held.checkpoint = to;
        Ok(true)
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Vec<ContactRow>, Unavailable> {
        let held = lock(&self.held);
        let ids: BTreeSet<_> = ids.iter().collect();
        Ok(ids.into_iter().filter_map(|id| held.rows.get(id)).cloned().collect())
    }

    async fn owners(
        &self,
        addresses: &[BlindIndex],
    ) -> Result<Vec<(BlindIndex, ContactId)>, Unavailable> {
        let held = lock(&self.held);
        let addresses: BTreeSet<_> = addresses.iter().collect();
        // Ids grow with time, so the lowest is the one registered first.
        let owner = |address: &BlindIndex| {
            let row = held.rows.values().find(|row| row.addresses.contains(address))?;
            Some((*address, row.contact_id))
        };
        Ok(addresses.into_iter().filter_map(owner).collect())
    }

    async fn page(
        &self,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<ContactRow>, Unavailable> {
        let held = lock(&self.held);
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = held.rows.range((start, Bound::Unbounded)).map(|(_, row)| row);
        Ok(rows.take(limit).cloned().collect())
    }

    async fn count(&self) -> Result<u64, Unavailable> {
        Ok(lock(&self.held).rows.len() as u64)
    }

    async fn begin_rebuild(&self) -> Result<Box<dyn Directory>, Unavailable> {
        let held = Arc::<Mutex<Shelf>>::default();
        if let Some(displaced) = lock(&self.copy).replace(Arc::clone(&held)) {
            lock(&displaced).is_displaced = true;
        }
        Ok(Box::new(Self { held, copy: Arc::default() }))
    }

    async fn finish_rebuild(&self) -> Result<(), Unavailable> {
        let copy = lock(&self.copy).take().ok_or_else(|| Unavailable {
            part: "the directory",
            source: "no rebuild was begun".into(),
        })?;
        *lock(&self.held) = std::mem::take(&mut *lock(&copy));
        Ok(())
    }
}
