//! Bearer tokens.

use uuid::Uuid;

use super::Subject;
use super::support::at;
use crate::ports::{AccessRole, Token};

fn token(number: u8, role: AccessRole) -> Token {
    Token {
        token_id: Uuid::from_u128(u128::from(number)),
        name: format!("Zoë {number}"),
        role,
        hash: [number; 32],
        created_at: at(i64::from(100 - number)),
        revoked_at: None,
    }
}

pub async fn finds_a_token_by_its_hash(subject: &dyn Subject) {
    let tokens = subject.connect().await.tokens;
    let roles = [
        AccessRole::Viewer,
        AccessRole::Communicator,
        AccessRole::Approver,
        AccessRole::Commander,
        AccessRole::Admin,
    ];
    for (number, role) in (1..).zip(roles) {
        tokens.create(token(number, role)).await.unwrap();
    }

    for (number, role) in (1..).zip(roles) {
        assert_eq!(tokens.find(&[number; 32]).await.unwrap(), Some(token(number, role)));
    }
    assert_eq!(tokens.find(&[77; 32]).await.unwrap(), None);
}

pub async fn lists_tokens_oldest_first(subject: &dyn Subject) {
    let tokens = subject.connect().await.tokens;
    assert_eq!(tokens.list().await.unwrap(), []);
    let made = [2, 3, 1].map(|number| token(number, AccessRole::Viewer));
    for token in &made {
        tokens.create(token.clone()).await.unwrap();
    }

    let [second, first, third] = made;
    assert_eq!(tokens.list().await.unwrap(), [first, second, third]);
}

pub async fn revokes_a_token_once(subject: &dyn Subject) {
    let tokens = subject.connect().await.tokens;
    let mut token = token(1, AccessRole::Admin);
    tokens.create(token.clone()).await.unwrap();

    assert!(tokens.revoke(token.token_id, at(200)).await.unwrap());
    assert!(!tokens.revoke(token.token_id, at(300)).await.unwrap());
    assert!(!tokens.revoke(Uuid::from_u128(9), at(300)).await.unwrap());

    token.revoked_at = Some(at(200));
    assert_eq!(tokens.find(&token.hash).await.unwrap(), Some(token));
}

pub async fn keeps_tokens_over_a_restart(subject: &dyn Subject) {
    let tokens = subject.connect().await.tokens;
    let token = token(1, AccessRole::Communicator);
    tokens.create(token.clone()).await.unwrap();
    drop(tokens);

    subject.shut_down().await;

    assert_eq!(subject.connect().await.tokens.list().await.unwrap(), [token]);
}
