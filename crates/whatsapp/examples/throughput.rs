//! How fast the adapter is on this machine: `cargo run --release -p fanal-whatsapp --example throughput`.
#![expect(clippy::print_stdout, reason = "a measurement is for reading")]

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use fanal_domain::sender::SenderId;
use fanal_engine::ports::{
    ButtonParameter, ButtonValue, Messenger, Outcome, Outgoing, OutgoingMessage, Webhook,
};
use fanal_whatsapp::{CloudApi, CloudApiConfig, CloudWebhook, Secrets, SigningKey};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

const STATUS: &[u8] = include_bytes!("../src/webhook/fixtures/status_sent.json");
const ANSWER: &str = r#"{"messaging_product":"whatsapp","contacts":[{"input":"+33612345678","wa_id":"33612345678"}],"messages":[{"id":"wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA","message_status":"accepted"}]}"#;
const SECONDS: u64 = 3;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let secrets = Secrets {
        access_token: "token".into(),
        app_secret: "secret".into(),
        verify_token: "verify".into(),
    };
    let config = CloudApiConfig::new("1".to_owned(), secrets);
    let webhook = CloudWebhook::new(&config);
    let signature = SigningKey::new(&config.app_secret).sign(STATUS);
    println!("webhook of one status, {} bytes", STATUS.len());
    let verify = measure(|| webhook.is_signed(black_box(STATUS), Some(&signature)));
    println!("  verify  {verify:>6} ns");
    println!("  decode  {:>6} ns", measure(|| webhook.decode(black_box(STATUS))));
    println!("sends to a server in this process, client on one thread");
    for callers in [1, 16, 64, 256] {
        let (sends, busy) = sends_per_second(config.clone(), callers)?;
        println!(
            "  {callers:>3} callers  {sends:>7} sends/s  {busy:>5.1} us of the client's thread each"
        );
    }
    Ok(())
}

/// Nanoseconds for one run, by the best of several rounds.
fn measure<T>(work: impl Fn() -> T) -> u128 {
    const RUNS: u32 = 20_000;
    let round = || {
        let start = Instant::now();
        for _ in 0..RUNS {
            black_box(work());
        }
        start.elapsed().as_nanos() / u128::from(RUNS)
    };
    (0..20).map(|_| round()).min().unwrap_or_default()
}

/// Sends from one thread to a server on another, so that the thread's share is the client's.
fn sends_per_second(mut config: CloudApiConfig, callers: usize) -> Result<(u64, f64), Failure> {
    let server = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let listener = server.block_on(TcpListener::bind("127.0.0.1:0"))?;
    config.base_url = format!("http://{}", listener.local_addr()?);
    let app = Router::new()
        .route("/v26.0/1/messages", post(|_: Bytes| async { ANSWER }))
        .into_make_service();
    server.spawn(async move { axum::serve(listener, app).await });
    let api = Arc::new(CloudApi::new(&config)?);
    let sent = Arc::new(AtomicU64::new(0));
    let client = Builder::new_current_thread().enable_all().build()?;
    let deadline = Instant::now() + Duration::from_secs(SECONDS);
    let busy = client.block_on(async {
        let tasks: Vec<_> = (0..callers)
            .map(|_| tokio::spawn(caller(Arc::clone(&api), Arc::clone(&sent), deadline)))
            .collect();
        for task in tasks {
            task.await??;
        }
        Ok::<_, Failure>(client.metrics().worker_total_busy_duration(0))
    })?;
    let sent = sent.load(Ordering::Relaxed).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a measurement has few digits")]
    let busy_us = busy.as_secs_f64() * 1e6 / sent as f64;
    Ok((sent / SECONDS, busy_us))
}

async fn caller(
    api: Arc<CloudApi>,
    sent: Arc<AtomicU64>,
    deadline: Instant,
) -> Result<(), Failure> {
    let sender = SenderId("1".to_owned());
    let message = Outgoing {
        reference: "f1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.1234567.1".to_owned(),
        to: "+33612345678".parse()?,
        message: OutgoingMessage::Template {
            name: "evacuation".to_owned(),
            language: "fr".parse()?,
            header: None,
            header_values: Vec::new(),
            body_values: ["place", "until"]
                .map(|name| (name.to_owned(), "Hall B".to_owned()))
                .into(),
            buttons: [0, 1].map(payload).into(),
        },
    };
    while Instant::now() < deadline {
        let outcome = api.send(&sender, &message).await;
        if !matches!(outcome, Outcome::Accepted { .. }) {
            return Err(format!("a send was not accepted: {outcome:?}").into());
        }
        sent.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

fn payload(index: u32) -> ButtonValue {
    let payload = format!("f1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.1234567.1.{index}");
    ButtonValue { index, value: ButtonParameter::Payload(payload) }
}
