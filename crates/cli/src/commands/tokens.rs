//! `fanal tokens`: who may call the API.

use chrono::{DateTime, Utc};
use clap::Subcommand;
use fanal_engine::ports::{AccessRole, Token};
use fanal_store::Access;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::config::Config;
use crate::terminal::{print_line, table};
use crate::wiring;

/// Say who may call the API.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
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
pub(crate) async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let store = wiring::store(config, Access::Write).await?;
    let engine = wiring::engine(config, &store).await?;
    let context = wiring::operator(&engine);
    match command {
        Command::Create { name, role } => {
            let created = engine.create_token(&context, &name, role).await?;
            print_line(&format!("token {} for {name}, shown only now:", created.token_id));
            print_line(&created.secret);
        }
        Command::List { json } => {
            let tokens = engine.list_tokens(&context).await?;
            print_line(&if json { as_json(&tokens) } else { as_table(&tokens) });
        }
        Command::Revoke { token_id } => {
            engine.revoke_token(&context, token_id).await?;
            print_line(&format!("token {token_id} is worthless now"));
        }
    }
    store.close().await;
    Ok(())
}

fn as_json(tokens: &[Token]) -> String {
    let tokens = tokens.iter().map(|token| {
        json!({
            "token_id": token.token_id,
            "name": token.name,
            "role": token.role,
            "created_at": token.created_at,
            "revoked_at": token.revoked_at,
        })
    });
    Value::Array(tokens.collect()).to_string()
}

fn as_table(tokens: &[Token]) -> String {
    let time = |time: DateTime<Utc>| time.format("%Y-%m-%d %H:%M").to_string();
    let row = |token: &Token| {
        vec![
            token.name.clone(),
            role_word(token.role),
            time(token.created_at),
            token.revoked_at.map(time).unwrap_or_default(),
            token.token_id.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = tokens.iter().map(row).collect();
    table(&["name", "role", "created", "revoked", "id"], &rows)
}

fn role_word(role: AccessRole) -> String {
    let word = serde_json::to_value(role).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
