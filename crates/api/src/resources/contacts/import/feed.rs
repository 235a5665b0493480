//! A body that comes in pieces, as a file that can be read: a few pieces are held at most.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use axum::body::Body;
use bytes::{Buf as _, Bytes};
use futures::StreamExt as _;
use tokio::sync::Semaphore;

use crate::extract::too_large;
use crate::problem::{Code, Problem};

/// How many pieces wait to be read at most.
const PIECES_MAX: usize = 16;

/// Why a body ended before its end.
#[derive(Debug)]
pub(super) struct Broken(pub(super) Problem);

/// The reading end.
#[derive(Debug)]
pub(super) struct Feed {
    pieces: Receiver<Piece>,
    room: Arc<Semaphore>,
    current: Bytes,
    ended: bool,
}

/// Something of the body, or its true end: what is only cut off must not pass for the whole.
#[derive(Debug)]
enum Piece {
    Bytes(Bytes),
    End,
}

/// Splits a body into a file to read, and the work of feeding it.
pub(super) fn feed(
    body: Body,
    bytes_max: usize,
) -> (Feed, impl Future<Output = Result<(), Broken>>) {
    let (sender, pieces) = channel();
    let room = Arc::new(Semaphore::new(PIECES_MAX));
    let file = Feed { pieces, room: Arc::clone(&room), current: Bytes::new(), ended: false };
    let feeding = async move {
        let mut bytes = 0;
        let mut stream = body.into_data_stream();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|_| {
                let problem = Problem::of(Code::MalformedBody, "the file broke off");
                Broken(problem.breaking("complete"))
            })?;
            bytes += piece.len();
            if bytes > bytes_max {
                return Err(Broken(too_large(bytes_max)));
            }
            if let Ok(place) = room.acquire().await {
                // The reader gives it back.
                place.forget();
            }
            if sender.send(Piece::Bytes(piece)).is_err() {
                // Nobody reads on: what is said is said by the reader.
                return Ok(());
            }
        }
        // Whether anybody still listens does not matter any more.
        drop(sender.send(Piece::End));
        Ok(())
    };
    (file, feeding)
}

impl Read for Feed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() && !self.ended {
            match self.pieces.recv() {
                Ok(Piece::Bytes(bytes)) => {
                    self.room.add_permits(1);
                    self.current = bytes;
                }
                Ok(Piece::End) => self.ended = true,
                Err(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let count = buffer.len().min(self.current.len());
        self.current.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // Whoever feeds must not wait for room that nobody will make.
        self.room.close();
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::stream;
    use tokio::task::spawn_blocking;

    use super::*;

    async fn read(body: Body, bytes_max: usize) -> (io::Result<String>, Result<(), Broken>) {
        let (mut file, feeding) = feed(body, bytes_max);
        let reading = spawn_blocking(move || {
            let mut text = String::new();
            file.read_to_string(&mut text).map(|_| text)
        });
        let (text, fed) = tokio::join!(reading, feeding);
        (text.unwrap(), fed)
    }

    #[tokio::test]
    async fn what_comes_in_many_pieces_is_read_as_one() {
        let pieces = (0..100).map(|number| Ok::<_, Infallible>(format!("{number} ")));
        let (text, fed) = read(Body::from_stream(stream::iter(pieces)), 1_000).await;
        assert!(text.unwrap().ends_with("98 99 "));
        fed.unwrap();
    }

    #[tokio::test]
    async fn what_breaks_off_is_not_taken_for_the_whole() {
        let pieces = [Ok("a,b\n"), Err(io::Error::other("gone"))];
        let (text, fed) = read(Body::from_stream(stream::iter(pieces)), 1_000).await;
        assert_eq!(text.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(fed.unwrap_err().0.status(), 400);
    }

    #[tokio::test]
    async fn what_is_too_large_is_not_read_to_its_end() {
        let (text, fed) = read(Body::from("x".repeat(11)), 10).await;
        assert!(text.is_err());
        assert_eq!(fed.unwrap_err().0.status(), 413);
    }

    #[tokio::test]
    async fn whoever_feeds_does_not_wait_for_a_reader_that_is_gone() {
        let pieces = (0..100).map(|_| Ok::<_, Infallible>("piece"));
        let (file, feeding) = feed(Body::from_stream(stream::iter(pieces)), 1_000);
        drop(file);
        feeding.await.unwrap();
    }
}
