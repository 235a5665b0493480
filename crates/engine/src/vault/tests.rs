//! What the vault promises.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::memory::MemoryKeys;
use crate::ports::SystemRandom;

/// Counts, so that whatever is made from it can be repeated.
#[derive(Debug, Default)]
struct Counting(AtomicU8);

impl Random for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

const ADA: Uuid = Uuid::from_u128(1);
const BEN: Uuid = Uuid::from_u128(2);

fn vault_over(keys: &MemoryKeys, master: &MasterKey) -> Vault {
    Vault::new(master, Arc::new(keys.clone()), Arc::new(SystemRandom))
}

fn fresh() -> (MemoryKeys, MasterKey) {
    (MemoryKeys::default(), MasterKey::generate(&SystemRandom))
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

#[tokio::test]
async fn opens_what_it_sealed_also_after_a_restart() {
    let (keys, master) = fresh();
    let sealed = vault_over(&keys, &master).seal(ADA, "a.b", b"Ada").await.unwrap();

    let text = master.to_base64().parse().unwrap();
    let opened = vault_over(&keys, &text).open(ADA, "a.b", &sealed).await.unwrap();

    assert_eq!(opened, Opened::Clear(b"Ada".to_vec()));
    assert!(!sealed.as_bytes().windows(3).any(|part| part == b"Ada"));
}

#[tokio::test]
async fn sealing_twice_gives_different_bytes() {
    let (keys, master) = fresh();
    let vault = vault_over(&keys, &master);
    let one = vault.seal(ADA, "a.b", b"Ada").await.unwrap();
    assert_ne!(one, vault.seal(ADA, "a.b", b"Ada").await.unwrap());
}

#[tokio::test]
async fn a_sealed_value_cannot_be_moved_or_altered() {
    let (keys, master) = fresh();
    let vault = vault_over(&keys, &master);
    vault.ensure(&[BEN]).await.unwrap();
    let sealed = vault.seal(ADA, "a.b", b"Ada").await.unwrap();

    let refused = [
        vault.open(BEN, "a.b", &sealed).await,
        vault.open(ADA, "a.c", &sealed).await,
        vault.open(Uuid::from_u128(3), "a.b", &sealed).await,
    ];
    assert!(refused.iter().all(|one| matches!(one, Err(VaultError::Altered { .. }))));
    for index in 0..sealed.as_bytes().len() {
        let mut bytes = sealed.as_bytes().to_vec();
        bytes[index] ^= 1;
        let opened = vault.open(ADA, "a.b", &Sealed::from_bytes(bytes)).await;
        assert!(matches!(opened, Err(VaultError::Altered { .. })), "byte {index}");
    }
    for length in 0..sealed.as_bytes().len() {
        let cut = Sealed::from_bytes(sealed.as_bytes()[..length].to_vec());
        assert!(vault.open(ADA, "a.b", &cut).await.is_err(), "{length} bytes");
    }
}

#[tokio::test]
async fn destroying_a_key_forgets_what_was_sealed_and_seals_nothing_new() {
    let (keys, master) = fresh();
    let vault = vault_over(&keys, &master);
    let sealed = vault.seal(ADA, "a.b", b"Ada").await.unwrap();

    vault.destroy(ADA, now()).await.unwrap();
    vault.destroy(ADA, now()).await.unwrap();

    assert_eq!(vault.open(ADA, "a.b", &sealed).await.unwrap(), Opened::Erased);
    let refused = vault.seal(ADA, "a.b", b"Ada").await;
    assert!(matches!(refused, Err(VaultError::Erased { subject: ADA })));
}

#[tokio::test]
async fn another_process_that_forgets_its_cache_sees_the_erasure() {
    let (keys, master) = fresh();
    let (here, there) = (vault_over(&keys, &master), vault_over(&keys, &master));
    let sealed = here.seal(ADA, "a.b", b"Ada").await.unwrap();

    there.destroy(ADA, now()).await.unwrap();
    here.forget(ADA);

    assert_eq!(here.open(ADA, "a.b", &sealed).await.unwrap(), Opened::Erased);
}

#[tokio::test]
async fn two_processes_agree_on_a_new_key() {
    let (keys, master) = fresh();
    let (here, there) = (vault_over(&keys, &master), vault_over(&keys, &master));
    let sealed = here.seal(ADA, "a.b", b"Ada").await.unwrap();
    let other = there.seal(ADA, "a.b", b"Ada").await.unwrap();
    assert_eq!(there.open(ADA, "a.b", &sealed).await.unwrap(), Opened::Clear(b"Ada".to_vec()));
    assert_eq!(here.open(ADA, "a.b", &other).await.unwrap(), Opened::Clear(b"Ada".to_vec()));
}

#[tokio::test]
async fn another_master_key_opens_nothing() {
    let (keys, master) = fresh();
    let sealed = vault_over(&keys, &master).seal(ADA, "a.b", b"Ada").await.unwrap();
    let stranger = vault_over(&keys, &MasterKey::generate(&SystemRandom));
    let opened = stranger.open(ADA, "a.b", &sealed).await;
    assert!(matches!(opened, Err(VaultError::Foreign { subject: ADA })), "{opened:?}");
}

#[tokio::test]
async fn a_wrapped_key_is_worthless_for_another_subject() {
    let (keys, master) = fresh();
    vault_over(&keys, &master).ensure(&[ADA]).await.unwrap();
    let Some((_, StoredKey::Active(wrapped))) = keys.load(&[ADA]).await.unwrap().pop() else {
        panic!("Ada has a key");
    };
    keys.create(vec![(BEN, wrapped)]).await.unwrap();
    let loaded = vault_over(&keys, &master).load(&[BEN]).await;
    assert!(matches!(loaded, Err(VaultError::Foreign { subject: BEN })));
}

#[test]
fn a_number_has_one_index_per_installation() {
    let index = |master: &MasterKey, number: &str| {
        vault_over(&MemoryKeys::default(), master).blind_index(&number.parse().unwrap())
    };
    let (one, other) = (fresh().1, fresh().1);
    assert_eq!(index(&one, "+33612345678"), index(&one, "+33612345678"));
    assert_ne!(index(&one, "+33612345678"), index(&one, "+33612345679"));
    assert_ne!(index(&one, "+33612345678"), index(&other, "+33612345678"));
}

#[tokio::test]
async fn the_layout_of_what_is_stored_stays_as_it_is() {
    let keys = MemoryKeys::default();
    let master: MasterKey = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=".parse().unwrap();
    let vault = Vault::new(&master, Arc::new(keys.clone()), Arc::new(Counting::default()));
    let sealed = vault.seal(ADA, "contact.profile", b"{}").await.unwrap();
    let Some((_, StoredKey::Active(wrapped))) = keys.load(&[ADA]).await.unwrap().pop() else {
        panic!("Ada has a key");
    };
    let index = vault.blind_index(&"+33612345678".parse().unwrap());

    let text = |bytes: &[u8]| STANDARD.encode(bytes);
    assert_eq!(text(sealed.as_bytes()), "AQICAgICAgICAgICAj+FxlnI3HTpYUWdv2Nzc9AKLA==");
    assert_eq!(
        text(&wrapped),
        "Ac2F9LSdyPbyAQEBAQEBAQEBAQEBmixz5O8y61TYE68JWLuaPdR6h1BSsfQZU0z271EmgujOmb05ujaPDLBl4gcC9UsD"
    );
    assert_eq!(text(&index), "BougwWq6EHt9xR8ynroR4Q==");
}

#[test]
fn a_master_key_is_32_bytes_in_base64_and_never_printed() {
    for given in ["", "AQEB", "not base64 at all!", &"A".repeat(44)] {
        assert_eq!(given.parse::<MasterKey>().err(), Some(InvalidMasterKey), "{given}");
    }
    assert_eq!(format!("{:?}", fresh().1), "MasterKey(…)");
}
