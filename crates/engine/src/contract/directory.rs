//! The directory of contacts: rows and checkpoint together, owners of numbers, rebuilding.

use std::collections::BTreeMap;

use fanal_domain::Sealed;
use fanal_domain::consent::Purpose;
use fanal_domain::contact::Relation;
use fanal_domain::id::ContactId;
use uuid::Uuid;

use super::Subject;
use crate::envelope::Position;
use crate::ports::{BlindIndex, ConsentState, ContactRow, ContactState, Directory};

fn id(number: u128) -> ContactId {
    ContactId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number))
}

fn row(number: u128, addresses: &[BlindIndex]) -> ContactRow {
    ContactRow {
        contact_id: id(number),
        profile: Sealed::from_bytes(vec![0, 255, 7]),
        language: "pt_BR".parse().unwrap(),
        relation: Relation::Resident,
        state: ContactState::Active,
        consents: BTreeMap::from([(Purpose::Alerts, ConsentState::Given(Position(1)))]),
        version: 1,
        addresses: addresses.to_vec(),
    }
}

const MARY: BlindIndex = [1; 16];
const JOHN: BlindIndex = [255; 16];
const NOBODY: BlindIndex = [0; 16];

async fn save(directory: &dyn Directory, rows: Vec<ContactRow>) {
    let from = directory.checkpoint().await.unwrap();
    assert!(directory.save(rows, from, Position(from.0 + 1)).await.unwrap());
}

async fn all(directory: &dyn Directory) -> Vec<ContactRow> {
    directory.page(None, 1000).await.unwrap()
}

pub async fn keeps_every_field_of_a_row(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    let relations = [
        Relation::Employee,
        Relation::Customer,
        Relation::Supplier,
        Relation::Resident,
        Relation::Patient,
        Relation::Stranger,
        Relation::Other,
    ];
    let states = [ContactState::Active, ContactState::Erased, ContactState::Merged(id(99))];
    let mut rows = Vec::new();
    for (number, relation) in (1..).zip(relations) {
        let state = states[rows.len() % states.len()];
        rows.push(ContactRow { relation, state, ..row(number, &[JOHN, MARY, JOHN]) });
    }
    rows[0].consents = BTreeMap::from([
        (Purpose::Alerts, ConsentState::Given(Position(u64::from(u32::MAX)))),
        (Purpose::Service, ConsentState::Withdrawn(Position(0))),
        (Purpose::Marketing, ConsentState::Withdrawn(Position(7))),
    ]);
    rows[1].consents.clear();
    rows[2].profile = Sealed::from_bytes(Vec::new());
    rows[3].version = u64::from(u32::MAX) + 1;

    save(&*directory, rows.clone()).await;

    assert_eq!(all(&*directory).await, rows);
    let mut found = directory.contacts(&[id(3), id(1), id(3)]).await.unwrap();
    found.sort_by_key(|row| row.contact_id);
    assert_eq!(found, [rows[0].clone(), rows[2].clone()]);
}

pub async fn replaces_rows(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    save(&*directory, vec![row(1, &[MARY]), row(2, &[])]).await;

    let changed = ContactRow { version: 2, state: ContactState::Erased, ..row(1, &[]) };
    save(&*directory, vec![changed.clone(), row(3, &[])]).await;

    assert_eq!(all(&*directory).await, [changed, row(2, &[]), row(3, &[])]);
    assert_eq!(directory.count().await.unwrap(), 3);
}

pub async fn the_last_of_equal_rows_counts(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    let last = ContactRow { version: 2, ..row(1, &[JOHN]) };

    save(&*directory, vec![row(1, &[MARY]), last.clone()]).await;

    assert_eq!(all(&*directory).await, [last]);
    assert_eq!(directory.owners(&[MARY, JOHN]).await.unwrap(), [(JOHN, id(1))]);
}

pub async fn leaves_out_unknown_people(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    save(&*directory, vec![row(1, &[MARY])]).await;

    assert_eq!(directory.contacts(&[id(2), id(1)]).await.unwrap(), [row(1, &[MARY])]);
    assert_eq!(directory.contacts(&[]).await.unwrap(), []);
    assert_eq!(directory.owners(&[NOBODY]).await.unwrap(), []);
}

pub async fn finds_owners(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    save(&*directory, vec![row(1, &[MARY]), row(2, &[JOHN, [9; 16]])]).await;

    let mut owners = directory.owners(&[JOHN, NOBODY, MARY, JOHN, [9; 16]]).await.unwrap();

    owners.sort_unstable();
    assert_eq!(owners, [(MARY, id(1)), ([9; 16], id(2)), (JOHN, id(2))]);
}

pub async fn the_first_registered_owner_counts(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    save(&*directory, vec![row(2, &[MARY])]).await;
    save(&*directory, vec![row(3, &[MARY]), row(1, &[JOHN, MARY])]).await;
    assert_eq!(directory.owners(&[MARY]).await.unwrap(), [(MARY, id(1))]);

    save(&*directory, vec![row(1, &[JOHN])]).await;

    assert_eq!(directory.owners(&[MARY]).await.unwrap(), [(MARY, id(2))]);
}

pub async fn drops_addresses_a_row_no_longer_has(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    save(&*directory, vec![row(1, &[MARY, JOHN])]).await;

    save(&*directory, vec![row(1, &[JOHN])]).await;

    assert_eq!(directory.owners(&[MARY, JOHN]).await.unwrap(), [(JOHN, id(1))]);
}

pub async fn moves_only_from_its_checkpoint(subject: &dyn Subject) {
    let (one, other) = (subject.connect().await.directory, subject.connect().await.directory);
    assert_eq!(one.checkpoint().await.unwrap(), Position(0));
    assert!(one.save(vec![row(1, &[])], Position(0), Position(5)).await.unwrap());

    for from in [0, 4, 6] {
        assert!(!other.save(vec![row(2, &[MARY])], Position(from), Position(9)).await.unwrap());
    }

    assert_eq!(other.checkpoint().await.unwrap(), Position(5));
    assert_eq!(all(&*other).await, [row(1, &[])]);
    assert_eq!(other.owners(&[MARY]).await.unwrap(), []);
    assert!(other.save(Vec::new(), Position(5), Position(6)).await.unwrap());
    assert_eq!(one.checkpoint().await.unwrap(), Position(6));
}

pub async fn pages_in_id_order(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    save(&*directory, [4, 1, 3, 5, 2].map(|number| row(number, &[])).to_vec()).await;

    for (after, limit, expected) in [
        (None, 2, &[1, 2][..]),
        (Some(2), 2, &[3, 4]),
        (Some(4), 2, &[5]),
        (Some(5), 2, &[]),
        (None, 0, &[]),
        (Some(0), usize::MAX, &[1, 2, 3, 4, 5]),
    ] {
        let page = directory.page(after.map(id), limit).await.unwrap();

        let ids: Vec<_> = page.iter().map(|row| row.contact_id).collect();
        let expected: Vec<_> = expected.iter().copied().map(id).collect();
        assert_eq!(ids, expected, "after {after:?}, at most {limit}");
    }
}

pub async fn serves_while_a_copy_is_filled(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    save(&*directory, vec![row(1, &[MARY]), row(2, &[])]).await;

    let copy = directory.begin_rebuild().await.unwrap();
    assert_eq!(copy.checkpoint().await.unwrap(), Position(0));
    assert_eq!(copy.count().await.unwrap(), 0);
    assert!(copy.save(vec![row(7, &[MARY])], Position(0), Position(40)).await.unwrap());
    assert_eq!(directory.owners(&[MARY]).await.unwrap(), [(MARY, id(1))]);
    assert_eq!(copy.owners(&[MARY]).await.unwrap(), [(MARY, id(7))]);
    save(&*directory, vec![row(3, &[])]).await;
    assert_eq!(all(&*directory).await.len(), 3);

    directory.finish_rebuild().await.unwrap();

    for directory in [directory, subject.connect().await.directory] {
        assert_eq!(all(&*directory).await, [row(7, &[MARY])]);
        assert_eq!(directory.checkpoint().await.unwrap(), Position(40));
        assert_eq!(directory.owners(&[MARY]).await.unwrap(), [(MARY, id(7))]);
    }
}

pub async fn a_newer_rebuild_displaces_an_older(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    let older = directory.begin_rebuild().await.unwrap();
    assert!(older.save(vec![row(1, &[])], Position(0), Position(1)).await.unwrap());
    let newer = directory.begin_rebuild().await.unwrap();

    assert!(!older.save(vec![row(2, &[])], Position(1), Position(2)).await.unwrap());
    assert!(newer.save(vec![row(3, &[])], Position(0), Position(1)).await.unwrap());
    directory.finish_rebuild().await.unwrap();

    assert_eq!(all(&*directory).await, [row(3, &[])]);
}

pub async fn refuses_to_finish_what_was_not_begun(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    save(&*directory, vec![row(1, &[])]).await;
    assert!(directory.finish_rebuild().await.is_err());

    directory.begin_rebuild().await.unwrap();
    directory.finish_rebuild().await.unwrap();

    assert_eq!(directory.count().await.unwrap(), 0);
    assert!(directory.finish_rebuild().await.is_err());
}

pub async fn keeps_the_directory_over_a_restart(subject: &dyn Subject) {
    let directory = subject.connect().await.directory;
    save(&*directory, vec![row(1, &[MARY])]).await;
    drop(directory);

    subject.shut_down().await;

    let directory = subject.connect().await.directory;
    assert_eq!(directory.checkpoint().await.unwrap(), Position(1));
    assert_eq!(all(&*directory).await, [row(1, &[MARY])]);
    assert_eq!(directory.owners(&[MARY]).await.unwrap(), [(MARY, id(1))]);
}
