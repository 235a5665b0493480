//! The reference model keeps the contract it defines.

use super::*;
use crate::memory::{MemoryDirectory, MemoryKeys, MemoryLog, MemoryTokens};

#[derive(Debug)]
struct Memory {
    ports: Connection,
    clock: TestClock,
}

fn memory() -> Memory {
    let clock = TestClock::default();
    let ports = Connection {
        log: Arc::new(MemoryLog::new(Arc::new(clock.clone()))),
        directory: Arc::new(MemoryDirectory::default()),
        keys: Arc::new(MemoryKeys::default()),
        tokens: Arc::new(MemoryTokens::default()),
    };
    Memory { ports, clock }
}

#[async_trait]
impl Subject for Memory {
    async fn connect(&self) -> Connection {
        self.ports.clone()
    }

    /// Nothing to close: what is in memory lives as long as the subject.
    async fn shut_down(&self) {}

    fn clock(&self) -> &TestClock {
        &self.clock
    }
}

crate::contract_tests!(memory());
