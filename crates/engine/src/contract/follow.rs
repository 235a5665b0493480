//! Following the log as it grows.

use super::Subject;
use super::support::{append_to, everything};
use crate::envelope::Position;
use crate::ports::{EventLog, Filter};

pub async fn waiting_ends_with_an_own_append(subject: &dyn Subject) {
    let ports = subject.connect().await;
    ports.log.append(append_to(&["a"])).await.unwrap();

    let wait = ports.log.wait_past(Position(1));
    let (head, _) = futures::join!(wait, ports.log.append(append_to(&["a", "b"])));

    assert_eq!(head.unwrap(), Position(3));
}

pub async fn waiting_ends_with_anothers_append(subject: &dyn Subject) {
    let (one, other) = (subject.connect().await, subject.connect().await);

    for position in 0..3 {
        let wait = one.log.wait_past(Position(position));
        let (head, _) = futures::join!(wait, other.log.append(append_to(&["a"])));

        assert_eq!(head.unwrap(), Position(position + 1));
    }
}

pub async fn does_not_wait_for_what_has_happened(subject: &dyn Subject) {
    let (one, other) = (subject.connect().await, subject.connect().await);
    one.log.append(append_to(&["a", "b", "c"])).await.unwrap();

    assert_eq!(one.log.wait_past(Position(0)).await.unwrap(), Position(3));
    assert_eq!(other.log.wait_past(Position(2)).await.unwrap(), Position(3));
}

pub async fn a_follower_sees_everything_once_in_order(subject: &dyn Subject) {
    let (one, other) = (subject.connect().await, subject.connect().await);
    let write = async |log: &dyn EventLog| {
        for _ in 0..100 {
            log.append(append_to(&["a", "b"])).await.unwrap();
        }
    };
    let follow = async {
        let (mut seen, mut after) = (Vec::new(), Position(0));
        while seen.len() < 400 {
            one.log.wait_past(after).await.unwrap();
            let page = one.log.read_all(after, 7, &Filter::default()).await.unwrap();
            after = page.read_to;
            seen.extend(page.events);
        }
        seen
    };

    let (seen, (), ()) = futures::join!(follow, write(&*one.log), write(&*other.log));

    assert_eq!(seen, everything(&*one.log).await);
}
