//! A provider that answers as told, also in ways no honest server would, and keeps what it got.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use fanal_domain::sender::SenderId;
use fanal_engine::ports::{Messenger, Outcome, Outgoing, OutgoingMessage};
use fanal_whatsapp::{CloudApi, CloudApiConfig, Secrets};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the provider does with one request it has read to its end.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Answers and keeps the connection.
    Answer(u16, &'static str, String),
    /// Sends these bytes and hangs up.
    Bytes(String),
    /// Never answers.
    Silence,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Method and path.
    pub(crate) line: String,
    /// Lower-case names, as sent.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Which connection it came on, from 0.
    pub(crate) connection: usize,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// A server on a port of its own.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    replies: VecDeque<Reply>,
    received: Vec<Received>,
    connections: usize,
}

impl Server {
    /// Answers requests in turn with these replies, and with silence afterwards.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let replies = replies.into_iter().collect();
        let server =
            Self { address, state: Arc::new(Mutex::new(State { replies, ..State::default() })) };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        server
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }

    pub(crate) fn only(&self) -> Received {
        let received = self.received();
        assert_eq!(received.len(), 1);
        received.into_iter().next().unwrap()
    }

    async fn serve(self, stream: TcpStream) {
        let connection = {
            let mut state = self.state.lock().unwrap();
            state.connections += 1;
            state.connections - 1
        };
        let mut stream = BufReader::new(stream);
        while let Some(mut request) = read(&mut stream).await {
            request.connection = connection;
            let reply = {
                let mut state = self.state.lock().unwrap();
                state.received.push(request);
                state.replies.pop_front().unwrap_or(Reply::Silence)
            };
            match reply {
                Reply::Answer(status, headers, body) => {
                    let length = body.len();
                    let head = format!("HTTP/1.1 {status} x\r\n{headers}content-length: {length}");
                    let answer = format!("{head}\r\n\r\n{body}");
                    if stream.write_all(answer.as_bytes()).await.is_err() {
                        return;
                    }
                }
                Reply::Bytes(bytes) => {
                    stream.write_all(bytes.as_bytes()).await.unwrap();
                    stream.shutdown().await.unwrap();
                    return;
                }
                Reply::Silence => std::future::pending().await,
            }
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let headers: Vec<(String, String)> = lines
        .iter()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    let line = lines.first()?.trim_end_matches(" HTTP/1.1").to_owned();
    Some(Received { line, headers, body, connection: 0 })
}

pub(crate) fn answer(status: u16, body: &str) -> Reply {
    Reply::Answer(status, "content-type: application/json\r\n", body.to_owned())
}

pub(crate) fn accepted() -> Reply {
    answer(
        200,
        r#"{"messaging_product":"whatsapp","contacts":[{"input":"+33612345678","wa_id":"33612345678"}],"messages":[{"id":"wamid.HBgLMzM2MTIzNDU2Nzg"}]}"#,
    )
}

pub(crate) fn config(address: &str) -> CloudApiConfig {
    let secrets = Secrets {
        access_token: "EAAGtoken".into(),
        app_secret: "app-secret".into(),
        verify_token: "verify-token".into(),
    };
    let mut config = CloudApiConfig::new("102290129340398".to_owned(), secrets);
    config.base_url = format!("http://{address}");
    config
}

pub(crate) fn sender() -> SenderId {
    SenderId("106540352242922".to_owned())
}

pub(crate) fn outgoing(message: OutgoingMessage) -> Outgoing {
    Outgoing { reference: "f1.ref.7.1".to_owned(), to: "+33612345678".parse().unwrap(), message }
}

pub(crate) fn text() -> Outgoing {
    outgoing(OutgoingMessage::Text("Évacuez.\n\"Now\"".to_owned()))
}

/// Sends one message to a server that does this, and says what came of it.
pub(crate) async fn send_to(reply: Reply) -> Outcome {
    let server = Server::start([reply]).await;
    CloudApi::new(&config(&server.address)).unwrap().send(&sender(), &text()).await
}
