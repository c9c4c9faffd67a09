use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use alcazar_crypto::SystemEntropy;
use alcazar_engine::port::outbound::NoOutbound;

use super::*;
use crate::data_dir::{DataDir, NewStore, Opened, Ports, Secrets};
use crate::serve::assembly::{self, EngineSettings, Foundation};
use crate::serve::state::State;
use crate::serve::wall_clock::WallClock;

async fn opened(directory: &Path) -> Opened {
    let ports = Ports { clock: Arc::new(WallClock), entropy: Arc::new(SystemEntropy::new()) };
    DataDir::new(directory.join("data"))
        .open_or_init(&Secrets::default(), &ports, &NewStore::default())
        .await
        .unwrap()
}

/// Runs `act` on a thread of its own beside a server.
async fn beside_a_server<T: Send + 'static>(
    directory: &Path,
    act: impl FnOnce(&Path) -> T + Send + 'static,
) -> T {
    let opened = opened(directory).await;
    let data_dir = opened.data_dir.path().to_owned();
    let settings = EngineSettings {
        cached_records: 1000,
        quotas: alcazar_engine::QuotaSettings::default(),
        attestation_roots: Vec::new().into(),
    };
    let cloud =
        assembly::cloud(Foundation::of(&opened, Arc::new(NoOutbound)), Arc::new(WallClock), false, &settings);
    let server = tokio::spawn(serve(opened, Arc::new(State::new(cloud, None))));
    while !socket_path(&data_dir).exists() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let socket = socket_path(&data_dir);
    let value = tokio::task::spawn_blocking(move || act(&data_dir)).await.unwrap();
    server.abort();
    let _ = server.await;
    assert!(!socket.exists(), "the socket goes with the server");
    value
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_tells_its_status() {
    let home = tempfile::tempdir().unwrap();
    let status = beside_a_server(home.path(), |data_dir| {
        let mode = std::fs::metadata(socket_path(data_dir)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        Client::connect(data_dir).unwrap().status().unwrap()
    })
    .await;
    assert_eq!(status.server_process_id, Some(std::process::id()));
    assert_eq!((status.format.as_str(), status.revision), ("alcazar data 1", 1));
    assert!(status.audit_bytes > 0 && status.audit_records == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_writes_a_backup_and_says_why_it_does_not() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("backup");
    let to = file.clone();
    let refusal = beside_a_server(home.path(), move |data_dir| {
        let backup = || Client::connect(data_dir).unwrap().backup(&to, true, &mut |_, _| {});
        backup().unwrap();
        backup().unwrap_err().to_string()
    })
    .await;
    assert!(refusal.contains("exists already"), "{refusal}");
    assert!(file.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_is_refused() {
    let home = tempfile::tempdir().unwrap();
    beside_a_server(home.path(), |data_dir| {
        let long = [b'x'; 4 * LINE_BYTES_MAX];
        let relative = br#"{"command":"backup","file":"a","with_root":true}"#;
        for request in [&b"nonsense"[..], b"", b"{\"command\":\"other\"}", &[0xFF; 8], &long, relative] {
            let mut stream = UnixStream::connect(socket_path(data_dir)).unwrap();
            // The server stops reading at its limit.
            let _ = stream.write_all(request).and_then(|()| stream.write_all(b"\n"));
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
            assert!(answer.is_empty() || answer.starts_with("{\"failed\":"), "{answer}");
        }
        assert!(Client::connect(data_dir).unwrap().status().is_ok());
    })
    .await;
}

#[tokio::test]
async fn where_no_server_runs_nobody_answers() {
    let home = tempfile::tempdir().unwrap();
    assert!(Client::connect(home.path()).is_none());
    // What a server that was killed has left.
    drop(std::os::unix::net::UnixListener::bind(socket_path(home.path())).unwrap());
    assert!(Client::connect(home.path()).is_none());
}
