//! Keys of persons: never made, active, destroyed.

use uuid::Uuid;

use super::Subject;
use super::support::at;
use crate::ports::{KeyStore, StoredKey};

const MARY: Uuid = Uuid::from_u128(1);
const JOHN: Uuid = Uuid::from_u128(2);

async fn load(keys: &dyn KeyStore, subjects: &[Uuid]) -> Vec<(Uuid, StoredKey)> {
    let mut loaded = keys.load(subjects).await.unwrap();
    loaded.sort_by_key(|(subject, _)| *subject);
    loaded
}

pub async fn a_subject_without_a_key_is_not_found(subject: &dyn Subject) {
    let keys = subject.connect().await.keys;

    assert_eq!(load(&*keys, &[MARY, JOHN]).await, []);
    assert_eq!(load(&*keys, &[]).await, []);
}

pub async fn keeps_a_key(subject: &dyn Subject) {
    let keys = subject.connect().await.keys;
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();

    keys.create(vec![(MARY, every_byte.clone()), (Uuid::nil(), vec![0])]).await.unwrap();

    let nil = (Uuid::nil(), StoredKey::Active(vec![0]));
    let mary = (MARY, StoredKey::Active(every_byte));
    assert_eq!(load(&*keys, &[MARY, JOHN, Uuid::nil(), MARY]).await, [nil, mary]);
}

pub async fn never_replaces_a_key(subject: &dyn Subject) {
    let (one, other) = (subject.connect().await.keys, subject.connect().await.keys);
    one.create(vec![(MARY, vec![1]), (MARY, vec![9])]).await.unwrap();

    other.create(vec![(JOHN, vec![2]), (MARY, vec![3])]).await.unwrap();

    let expected = [(MARY, StoredKey::Active(vec![1])), (JOHN, StoredKey::Active(vec![2]))];
    assert_eq!(load(&*one, &[MARY, JOHN]).await, expected);
}

pub async fn a_destroyed_key_stays_destroyed(subject: &dyn Subject) {
    let keys = subject.connect().await.keys;
    keys.create(vec![(MARY, vec![1])]).await.unwrap();

    keys.destroy(MARY, at(5)).await.unwrap();
    keys.create(vec![(MARY, vec![2])]).await.unwrap();
    keys.destroy(MARY, at(9)).await.unwrap();

    assert_eq!(load(&*keys, &[MARY]).await, [(MARY, StoredKey::Destroyed(at(5)))]);
}

pub async fn destroys_a_key_that_never_was(subject: &dyn Subject) {
    let keys = subject.connect().await.keys;

    keys.destroy(MARY, at(5)).await.unwrap();
    keys.create(vec![(MARY, vec![1])]).await.unwrap();

    assert_eq!(load(&*keys, &[MARY]).await, [(MARY, StoredKey::Destroyed(at(5)))]);
}

pub async fn keeps_keys_over_a_restart(subject: &dyn Subject) {
    let keys = subject.connect().await.keys;
    keys.create(vec![(MARY, vec![1]), (JOHN, vec![2])]).await.unwrap();
    keys.destroy(JOHN, at(5)).await.unwrap();
    drop(keys);

    subject.shut_down().await;

    let keys = subject.connect().await.keys;
    let expected = [(MARY, StoredKey::Active(vec![1])), (JOHN, StoredKey::Destroyed(at(5)))];
    assert_eq!(load(&*keys, &[MARY, JOHN]).await, expected);
}
