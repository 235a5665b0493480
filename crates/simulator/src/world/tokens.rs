//! Access tokens and what has become of them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::config::AccountConfig;
use crate::graph::GraphError;

/// Standing of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Token {
    Valid,
    /// 190 with subcode 463.
    Expired,
    /// 0.
    Invalidated,
    /// Valid, but without permission: 10.
    Powerless,
}

/// All tokens ever issued. Unknown ones answer 190.
#[derive(Debug)]
pub(crate) struct Tokens {
    known: HashMap<String, Token>,
    app: String,
}

impl Tokens {
    pub(crate) fn new(account: &AccountConfig) -> Self {
        let valid = |token: &String| (token.clone(), Token::Valid);
        Self {
            known: account.access_tokens.iter().map(valid).collect(),
            app: format!("{}|{}", account.app_id, account.app_secret),
        }
    }

    pub(crate) fn set(&mut self, token: String, standing: Token) {
        self.known.insert(token, standing);
    }

    /// Checks the token of a call; app tokens open everything of the app.
    pub(crate) fn check(&self, token: Option<&str>) -> Result<(), GraphError> {
        let Some(token) = token else { return Err(GraphError::of(104)) };
        if token == self.app {
            return Ok(());
        }
        match self.known.get(token) {
            Some(Token::Valid) => Ok(()),
            Some(Token::Expired) => Err(GraphError::of(190)
                .subcode(463)
                .message("Error validating access token: Session has expired.")),
            Some(Token::Invalidated) => Err(GraphError::of(0)),
            Some(Token::Powerless) => Err(GraphError::of(10)),
            None => Err(GraphError::of(190)),
        }
    }
}
