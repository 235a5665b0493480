//! Idempotency: a second try of the same append is harmless.

use futures::future::join_all;

use super::Subject;
use super::support::{everything, expecting, once};
use crate::envelope::{Append, Expected, Position};
use crate::ports::AppendError;

fn keyed(stream: &str, key: u8, fingerprint: u8) -> Append {
    let once = Some(once(key, fingerprint, "{\"id\":7}"));
    Append { once, ..expecting(stream, Expected::Any) }
}

pub async fn a_second_try_gets_the_first_answer(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let first = ports.log.append(keyed("a", 1, 1)).await.unwrap();
    ports.log.append(keyed("a", 2, 1)).await.unwrap();

    let mut again = keyed("another-stream-even", 1, 1);
    again.once = Some(once(1, 1, "another answer"));
    let second = ports.log.append(again).await.unwrap();

    assert_eq!(first.replayed, None);
    assert_eq!((second.first, second.last), (first.first, first.last));
    assert_eq!(second.replayed.as_deref(), Some(&b"{\"id\":7}"[..]));
    assert_eq!(everything(&*ports.log).await.len(), 2);
}

pub async fn an_answer_can_be_looked_up(subject: &dyn Subject) {
    let ports = subject.connect().await;
    ports.log.append(expecting("a", Expected::Any)).await.unwrap();
    let appended = ports.log.append(keyed("a", 1, 2)).await.unwrap();

    let answered = ports.log.answered(&[1; 32]).await.unwrap().unwrap();

    assert_eq!(answered.fingerprint, [2; 32]);
    assert_eq!(&answered.answer[..], b"{\"id\":7}");
    assert_eq!((answered.first, answered.last), (appended.first, appended.last));
    assert_eq!(ports.log.answered(&[9; 32]).await.unwrap(), None);
}

pub async fn a_key_is_known_after_a_restart(subject: &dyn Subject) {
    let first = subject.connect().await.log.append(keyed("a", 1, 1)).await.unwrap();

    subject.shut_down().await;

    let ports = subject.connect().await;
    let second = ports.log.append(keyed("a", 1, 1)).await.unwrap();
    assert_eq!((second.first, second.last), (first.first, first.last));
    assert_eq!(second.replayed.as_deref(), Some(&b"{\"id\":7}"[..]));
    assert!(matches!(ports.log.append(keyed("a", 1, 2)).await, Err(AppendError::KeyReused)));
    assert_eq!(everything(&*ports.log).await.len(), 1);
}

pub async fn a_key_used_for_something_else_is_refused(subject: &dyn Subject) {
    let ports = subject.connect().await;
    ports.log.append(keyed("a", 1, 1)).await.unwrap();

    let result = ports.log.append(keyed("a", 1, 2)).await;

    assert!(matches!(result, Err(AppendError::KeyReused)), "{result:?}");
    assert_eq!(everything(&*ports.log).await.len(), 1);
}

pub async fn a_second_try_is_told_apart_from_a_conflict(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let open = || Append { once: Some(once(1, 1, "")), ..expecting("a", Expected::NoStream) };
    ports.log.append(open()).await.unwrap();

    let again = ports.log.append(open()).await.unwrap();
    let other = ports.log.append(Append { once: Some(once(2, 1, "")), ..open() }).await;

    assert_eq!(again.first, Position(1));
    assert_eq!(again.replayed.as_deref(), Some(&b""[..]));
    assert!(matches!(other, Err(AppendError::Conflict { actual: 1, .. })), "{other:?}");
}

pub async fn a_refused_append_leaves_its_key_free(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let refused = Append { once: Some(once(1, 1, "")), ..expecting("a", Expected::Exact(5)) };

    let together = [ports.log.append(refused), ports.log.append(keyed("a", 1, 2))];
    let [refused, accepted] = join_all(together).await.try_into().unwrap();

    assert!(matches!(refused, Err(AppendError::Conflict { actual: 0, .. })), "{refused:?}");
    assert_eq!(accepted.unwrap().replayed, None);
}

pub async fn racing_tries_append_once(subject: &dyn Subject) {
    let (one, other) = (subject.connect().await, subject.connect().await);
    let tries = (0..10)
        .flat_map(|_| [one.log.append(keyed("a", 1, 1)), other.log.append(keyed("a", 1, 1))]);

    let results: Vec<_> = join_all(tries).await.into_iter().map(Result::unwrap).collect();

    assert_eq!(results.iter().filter(|appended| appended.replayed.is_none()).count(), 1);
    assert!(results.iter().all(|appended| appended.first == Position(1)));
    assert!(matches!(one.log.append(keyed("a", 1, 9)).await, Err(AppendError::KeyReused)));
    assert_eq!(everything(&*one.log).await.len(), 1);
}
