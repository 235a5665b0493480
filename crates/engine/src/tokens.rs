//! Tokens: made with a secret that is shown once, listed without it, revoked at once.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::Engine;
use crate::authority::UseCase;
use crate::context::Context;
use crate::envelope::Hash;
use crate::error::UseCaseError;
use crate::ports::{AccessRole, Token, Unavailable};

/// What every secret starts with, so that leaked ones can be searched for.
pub const SECRET_PREFIX: &str = "fnl_";

/// Random bytes in a secret.
const SECRET_BYTES: usize = 32;

/// Longest handle of a holder.
const NAME_CHARS_MAX: usize = 64;

/// A token just made, with the only copy of its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct CreatedToken {
    /// The token.
    pub token_id: Uuid,
    /// What its holder sends; kept nowhere.
    pub secret: String,
}

impl fmt::Debug for CreatedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CreatedToken({})", self.token_id)
    }
}

impl Engine {
    /// Makes a token for a holder.
    ///
    /// # Errors
    /// [`UseCaseError::Forbidden`] below admin; [`UseCaseError::Invalid`] for a malformed handle.
    pub async fn create_token(
        &self,
        context: &Context,
        name: &str,
        role: AccessRole,
    ) -> Result<CreatedToken, UseCaseError> {
        context.may(UseCase::ManageTokens)?;
        self.make_token(name, role).await
    }

    /// Makes the admin token of a new installation; nothing if there is any token already.
    ///
    /// # Errors
    /// [`UseCaseError::Unavailable`] if the tokens cannot be read or written.
    pub async fn create_first_token(&self) -> Result<Option<CreatedToken>, UseCaseError> {
        if !self.ports.tokens.list().await?.is_empty() {
            return Ok(None);
        }
        self.make_token("admin", AccessRole::Admin).await.map(Some)
    }

    /// Who holds this secret; nobody if it is unknown or revoked.
    ///
    /// # Errors
    /// [`Unavailable`] if the tokens cannot be read.
    pub async fn authenticate(&self, secret: &str) -> Result<Option<Token>, Unavailable> {
        let token = self.ports.tokens.find(&hash(secret)).await?;
        Ok(token.filter(|token| token.revoked_at.is_none()))
    }

    /// Every token, oldest first.
    ///
    /// # Errors
    /// [`UseCaseError::Forbidden`] below admin.
    pub async fn list_tokens(&self, context: &Context) -> Result<Vec<Token>, UseCaseError> {
        context.may(UseCase::ManageTokens)?;
        Ok(self.ports.tokens.list().await?)
    }

    /// Makes a token worthless at once.
    ///
    /// # Errors
    /// [`UseCaseError::Forbidden`] below admin; [`UseCaseError::NotFound`] if no such token is in
    /// use.
    pub async fn revoke_token(&self, context: &Context, token: Uuid) -> Result<(), UseCaseError> {
        context.may(UseCase::ManageTokens)?;
        let revoked = self.ports.tokens.revoke(token, self.ports.clock.now()).await?;
        if revoked { Ok(()) } else { Err(UseCaseError::NotFound { what: "token in use" }) }
    }

    async fn make_token(&self, name: &str, role: AccessRole) -> Result<CreatedToken, UseCaseError> {
        let well_formed = (1..=NAME_CHARS_MAX).contains(&name.len())
            && name
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
        if !well_formed {
            return Err(UseCaseError::invalid(
                "name",
                "must be 1 to 64 lower-case letters, digits, `.`, `_` or `-`",
                "use the holder's handle, such as `anna.b`",
            ));
        }
        let mut random = [0; SECRET_BYTES];
        self.ports.random.fill(&mut random);
        let secret = format!("{SECRET_PREFIX}{}", URL_SAFE_NO_PAD.encode(random));
        let token_id = self.ports.ids.next();
        let token = Token {
            token_id,
            name: name.to_owned(),
            role,
            hash: hash(&secret),
            created_at: self.ports.clock.now(),
            revoked_at: None,
        };
        self.ports.tokens.create(token).await?;
        Ok(CreatedToken { token_id, secret })
    }
}

fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests;
