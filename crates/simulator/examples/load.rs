//! Measures the simulator on loopback: sends per second, webhooks per second, memory.
//!
//! `load [SENDS] [CONNECTIONS] [STATUSES_PER_POST]`; client, receiver and simulator share the
//! machine, and the simulator's own share is told by its threads' processor time.

#![expect(clippy::print_stdout, reason = "it is a command")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use fanal_simulator::config::Latency;
use fanal_simulator::{SimulatorConfig, demo, run};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1 as client;
use hyper::server::conn::http1 as server;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

// The allocator of the real binary, so that the figures are the real ones.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let mut argument =
        |default: usize| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (sends, connections, batch_max) = (argument(200_000), argument(64), argument(1));
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?.to_string();
    let outside = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let updates = Arc::new(AtomicU64::new(0));
    let callback = outside.block_on(receive(Arc::clone(&updates)))?;

    // One thread: the figures are those of one core.
    let simulator = std::thread::Builder::new().name("simulator".to_owned()).spawn(move || {
        let inside = Builder::new_current_thread().enable_all().build()?;
        inside.block_on(async {
            let listener = TcpListener::from_std(listener)?;
            run(listener, config(callback, batch_max), std::future::pending()).await?;
            Ok::<_, Failure>(())
        })
    })?;
    outside.block_on(measure(&address, sends, connections, &updates))?;
    drop(simulator);
    Ok(())
}

fn config(callback: String, batch_max: usize) -> SimulatorConfig {
    let mut config = SimulatorConfig::hurried();
    config.senders[0].throughput_mps = 10_000_000;
    config.account.callback_url = Some(callback);
    config.webhooks.batch_max = batch_max;
    config.people.sent = Latency { p50_ms: 5, p99_ms: 20 };
    config.people.share_answering = 0.3;
    config.people.suffix_rules.clear();
    config.templates = vec![json!({
        "name": "alert", "language": "fr", "category": "UTILITY",
        "components": [
            { "type": "BODY", "text": "Alerte {{1}} à {{2}}, restez chez vous.",
              "example": { "body_text": [["inondation", "Lyon"]] } },
            { "type": "BUTTONS", "buttons": [{ "type": "QUICK_REPLY", "text": "OK" }] },
        ],
    })];
    config
}

async fn measure(
    address: &str,
    sends: usize,
    connections: usize,
    updates: &AtomicU64,
) -> Result<(), Failure> {
    let next = Arc::new(AtomicU64::new(0));
    let (start, cpu_start) = (Instant::now(), simulator_seconds());
    let tasks: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(send_until(address.to_owned(), Arc::clone(&next), sends)))
        .collect();
    for task in tasks {
        task.await??;
    }
    let sent = start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let per_second = |count: u64, seconds: f64| (count as f64 / seconds).round();
    let total = u64::try_from(sends)?;
    println!("sends:     {total} in {sent:.2} s = {}/s", per_second(total, sent));
    let stats = loop {
        let stats = get(address, "/_sim/stats").await?;
        let settled = stats["pending"]["updates"] == 0 && stats["webhooks"]["in_flight"] == 0;
        let few_left = stats["pending"]["steps"].as_u64().unwrap_or_default() < 1_000;
        if settled && few_left {
            break stats;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let (all, cpu) = (start.elapsed().as_secs_f64(), simulator_seconds() - cpu_start);
    let told = updates.load(Ordering::Relaxed);
    println!("webhooks:  {told} POSTs in {all:.2} s = {}/s", per_second(told, all));
    println!(
        "simulator: {cpu:.2} s of one core = {} sends per core second, webhooks included",
        per_second(total, cpu)
    );
    println!("memory:    {} MB resident, client and receiver included", resident_mb());
    println!("accepted {} phones {} {}", stats["accepted"], stats["phones"], stats["webhooks"]);
    Ok(())
}

async fn send_until(address: String, next: Arc<AtomicU64>, sends: usize) -> Result<(), Failure> {
    let stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = client::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let path = format!("/v26.0/{}/messages", demo::PHONE_NUMBER_ID);
    let token = format!("Bearer {}", demo::ACCESS_TOKEN);
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= u64::try_from(sends)? {
            return Ok(());
        }
        let request = Request::post(&path)
            .header("host", &address)
            .header("authorization", &token)
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body(number))))?;
        sender.ready().await?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        response.into_body().collect().await?;
        if !status.is_success() {
            return Err(format!("answered {status}").into());
        }
    }
}

fn body(number: u64) -> String {
    json!({
        "messaging_product": "whatsapp", "recipient_type": "individual",
        "to": format!("+336{number:08}"), "type": "template",
        "biz_opaque_callback_data": format!("0193a5b2-7c4e-7d1a-9f00-{number:012x}.1"),
        "template": { "name": "alert", "language": { "code": "fr" }, "components": [
            { "type": "body", "parameters": [
                { "type": "text", "text": "crue de la Saône" }, { "type": "text", "text": "Lyon" } ] },
            { "type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [
                { "type": "payload", "payload": format!("0193a5b2-7c4e-7d1a-9f00-{number:012x}.ok") } ] } ] },
    })
    .to_string()
}

async fn get(address: &str, path: &str) -> Result<Value, Failure> {
    let (mut sender, connection) =
        client::handshake(TokioIo::new(TcpStream::connect(address).await?)).await?;
    tokio::spawn(connection);
    let request = Request::get(path).header("host", address).body(Full::new(Bytes::new()))?;
    let body = sender.send_request(request).await?.into_body().collect().await?.to_bytes();
    Ok(serde_json::from_slice(&body)?)
}

/// A callback that takes everything.
async fn receive(updates: Arc<AtomicU64>) -> Result<String, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/hooks", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let updates = Arc::clone(&updates);
            let service = service_fn(move |request: Request<Incoming>| {
                let updates = Arc::clone(&updates);
                async move {
                    request.into_body().collect().await?;
                    updates.fetch_add(1, Ordering::Relaxed);
                    Ok::<_, hyper::Error>(Response::new(Full::new(Bytes::new())))
                }
            });
            tokio::spawn(server::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok(url)
}

/// Processor time of the simulator's thread, where the system tells it.
fn simulator_seconds() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of = |name: &str, path: &std::path::Path| {
        std::fs::read_to_string(path.join(name)).unwrap_or_default()
    };
    let ticks: u32 = threads
        .map(|thread| thread.path())
        .filter(|path| of("comm", path).trim() == "simulator")
        .filter_map(|path| {
            let stat = of("stat", &path);
            let fields = stat.rsplit_once(')')?.1.split_whitespace();
            let times: Vec<u32> = fields.skip(11).take(2).filter_map(|t| t.parse().ok()).collect();
            Some(times.iter().sum::<u32>())
        })
        .sum();
    f64::from(ticks) / 100.0
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1_024
}
