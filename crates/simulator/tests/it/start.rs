//! Starting, stopping, and configurations that make no sense.

use fanal_simulator::{SimulatorConfig, SimulatorError, run};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

async fn start(config: SimulatorConfig) -> Result<(), SimulatorError> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    run(listener, config, std::future::ready(())).await
}

#[tokio::test]
async fn it_serves_until_it_is_told_to_stop() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async {
        stopped.await.unwrap();
    };
    let running = tokio::spawn(run(listener, SimulatorConfig::default(), shutdown));
    TcpStream::connect(address).await.unwrap();
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "the port is free again");
}

#[tokio::test]
async fn configurations_that_make_no_sense_are_named() {
    let mut config = SimulatorConfig::default();
    config.account.callback_url = Some("https://x.example/".to_owned());
    assert!(matches!(start(config).await, Err(SimulatorError::Callback)));

    let mut config = SimulatorConfig::default();
    config.senders[0].display_phone_number = "none".to_owned();
    assert!(matches!(start(config).await, Err(SimulatorError::DisplayNumber)));

    let config = SimulatorConfig {
        templates: vec![json!({ "name": "half" })],
        ..SimulatorConfig::default()
    };
    let error = start(config).await.unwrap_err();
    assert_eq!(error.to_string(), "template \"half\" is invalid (error 100)");
}

#[tokio::test]
async fn every_preset_starts_and_survives_being_written_and_read() {
    for config in [SimulatorConfig::default(), SimulatorConfig::hurried(), SimulatorConfig::plain()]
    {
        let text = serde_json::to_string(&config).unwrap();
        let read: SimulatorConfig = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        start(read).await.unwrap();
    }
    let partial: SimulatorConfig = serde_json::from_value(json!({ "seed": 7 })).unwrap();
    assert_eq!((partial.seed, partial.limits.pair_capacity), (7, 45));
    assert!(serde_json::from_value::<SimulatorConfig>(json!({ "sead": 7 })).is_err());
}
