//! A log to break: on the operator's own disk or server, apart from the operator's own log.

use std::hash::{BuildHasher as _, RandomState};
use std::path::PathBuf;
use std::sync::Arc;

use fanal_engine::ports::Clock;
use serde::{Deserialize, Serialize};

use crate::connect::{Access, Engine, Options, Store, connect};
use crate::error::ConnectError;
use crate::{Disturbance, postgres};

/// A log to break. Holds the password of the database, so it is not shown, but can be handed to a
/// process of one's own.
#[derive(Clone, Serialize, Deserialize)]
pub struct Scratch {
    url: String,
    schema: Option<String>,
    folder: Option<PathBuf>,
}

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl Scratch {
    /// Makes a place for one: a folder beside the SQLite file, or a schema on the server.
    ///
    /// # Errors
    /// [`ConnectError`] if the URL is malformed or the folder cannot be made.
    pub fn beside(url: &str) -> Result<Self, ConnectError> {
        // By chance nobody has used this name before; process ids come again.
        let name = format!("fanal_scratch_{:016x}", RandomState::new().hash_one(0));
        match Engine::of(url)? {
            Engine::Sqlite(path) => {
                let folder = path.with_file_name(name);
                std::fs::create_dir_all(&folder)
                    .map_err(|source| ConnectError::File { path: folder.clone(), source })?;
                let url = format!("sqlite:{}", folder.join("scratch.db").display());
                Ok(Self { url, schema: None, folder: Some(folder) })
            }
            Engine::Postgres => Ok(Self { url: url.to_owned(), schema: Some(name), folder: None }),
        }
    }

    /// Connects to it.
    ///
    /// # Errors
    /// [`ConnectError`], which tells what to do about it.
    pub async fn connect(
        &self,
        clock: Arc<dyn Clock>,
        access: Access,
    ) -> Result<Store, ConnectError> {
        let options = Options { access, schema: self.schema.clone(), ..Options::new(clock) };
        connect(&self.url, options).await
    }

    /// Sets bad neighbours upon it.
    ///
    /// # Errors
    /// [`ConnectError`] if the URL is malformed.
    pub fn disturb(&self) -> Result<Disturbance, ConnectError> {
        Disturbance::start(&self.url, self.schema.as_deref())
    }

    /// Whether several processes may write to it at once.
    pub fn takes_several_writers(&self) -> bool {
        self.schema.is_some()
    }

    /// Removes every trace of it.
    ///
    /// # Errors
    /// [`ConnectError`] if the server or the file system refuses.
    pub async fn remove(self) -> Result<(), ConnectError> {
        if let Some(folder) = self.folder {
            std::fs::remove_dir_all(&folder)
                .map_err(|source| ConnectError::File { path: folder, source })?;
        }
        match self.schema {
            Some(schema) => postgres::drop_schema(&self.url, &schema).await,
            None => Ok(()),
        }
    }
}
