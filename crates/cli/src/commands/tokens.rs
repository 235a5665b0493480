//! `fanal tokens`: who may call the API.

use clap::Subcommand;
use fanal_engine::ports::AccessRole;
use uuid::Uuid;

use crate::config::Config;
use crate::terminal::{print_line, table};
use crate::wiring;

/// Say who may call the API.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a token and print its secret, once.
    Create {
        /// The holder's handle: lower-case letters, digits, `.`, `_`, `-`.
        name: String,
        /// What it allows: viewer, communicator, approver, commander or admin.
        #[arg(long, value_parser = role, default_value = "viewer")]
        role: AccessRole,
    },
    /// Show every token, without its secret.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a token worthless at once.
    Revoke {
        /// The token's id, from the list.
        token_id: Uuid,
    },
}

fn role(text: &str) -> Result<AccessRole, String> {
    serde_json::from_value(text.into())
        .map_err(|_| "a role is viewer, communicator, approver, commander or admin".to_owned())
}

/// Runs one of them on the configured database.
///
/// # Errors
/// If the database cannot be opened, or the rules say no.
pub async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let engine = wiring::engine(config).await?;
    let context = wiring::operator(&engine);
    match command {
        Command::Create { name, role } => {
            let created = engine.create_token(&context, &name, role).await?;
            print_line(&format!("token {} for {name}, shown only now:", created.token_id));
            print_line(&created.secret);
        }
        Command::List { json } => {
            let tokens = engine.list_tokens(&context).await?;
            print_line(&if json { as_json(&tokens)? } else { as_table(&tokens) });
        }
        Command::Revoke { token_id } => {
            engine.revoke_token(&context, token_id).await?;
            print_line(&format!("token {token_id} is worthless now"));
        }
    }
    Ok(())
}
