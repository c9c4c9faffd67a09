//! The server's side of the control socket.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{LINE_BYTES_MAX, Reply, Request, socket_path};
use crate::cost::{CostFilter, CostList};
use crate::data_dir::{Opened, write_backup};
use crate::serve::state::State;
use crate::status::Status;

/// The most connections at a time; later ones wait.
const CONNECTIONS_MAX: usize = 4;

/// How long a peer may take to send its request, or to take a line.
const PEER_SECONDS_MAX: Duration = Duration::from_secs(10);

/// How long to rest after a connection could not be taken, as when the process has too many files open.
const REST: Duration = Duration::from_millis(100);

/// How many lines of progress may wait for the peer; what is beyond is left out.
const PROGRESS_QUEUE_MAX: usize = 4;

/// The least progress that is told, in bytes.
const PROGRESS_BYTES_STEP: u64 = 1024 * 1024;

/// Serves the control socket of an open data directory until this is dropped; what is under way then ends with the
/// process. Where there can be no socket it says so in the log, and ends.
pub(crate) async fn serve(opened: Opened, state: Arc<State>) {
    let path = socket_path(opened.data_dir.path());
    let socket = match Socket::bind(&path) {
        Ok(socket) => socket,
        Err(error) => {
            tracing::warn!(
                path = %path.display(), cause = %error,
                "there is no control socket: `alcazar status` and `alcazar backup` need the server stopped"
            );
            return;
        }
    };
    let opened = Arc::new(opened);
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        while connections.try_join_next().is_some() {}
        match socket.listener.accept().await {
            Ok((stream, _)) => {
                let (opened, state) = (opened.clone(), state.clone());
                connections.spawn(async move {
                    if let Err(error) = answer(stream, &opened, &state).await {
                        tracing::debug!(cause = %error, "a control connection ended early");
                    }
                    drop(slot);
                });
            }
            Err(error) => {
                tracing::warn!(cause = %error, "a control connection could not be taken");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// The bound socket, whose file goes with it.
struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Binds the socket in a directory that this process holds, so a file that is there is of a process that is gone.
    fn bind(path: &Path) -> std::io::Result<Self> {
        if fs::symlink_metadata(path).is_ok() {
            fs::remove_file(path)?;
        }
        let socket = Self { listener: UnixListener::bind(path)?, path: path.to_owned() };
        fs::set_permissions(path, Permissions::from_mode(0o600))?;
        Ok(socket)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

async fn answer(stream: UnixStream, opened: &Arc<Opened>, state: &State) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let request = match timeout(PEER_SECONDS_MAX, read_request(reader)).await {
        Ok(Ok(request)) => request,
        Ok(Err(what)) => return send(&mut writer, &Reply::Failed(what)).await,
        Err(_) => return Err(std::io::ErrorKind::TimedOut.into()),
    };
    match request {
        Request::Status {} => {
            let opened = opened.clone();
            let status = tokio::task::spawn_blocking(move || Status::of(&opened, Some(std::process::id())));
            let reply = match status.await {
                Ok(status) => Reply::Status(Box::new(status)),
                Err(error) => Reply::Failed(error.to_string()),
            };
            send(&mut writer, &reply).await
        }
        Request::Cost(filter) => costs(state, &filter, &mut writer).await,
        Request::Backup { file, with_root } => backup(opened.clone(), file, with_root, &mut writer).await,
    }
}

async fn read_request(reader: OwnedReadHalf) -> Result<Request, String> {
    let mut line = Vec::new();
    let mut reader = BufReader::new(reader).take(LINE_BYTES_MAX as u64);
    reader.read_until(b'\n', &mut line).await.map_err(|error| error.to_string())?;
    serde_json::from_slice(&line).map_err(|error| format!("the request cannot be read: {error}"))
}

/// Tells the costs as they are computed.
async fn costs(state: &State, filter: &CostFilter, writer: &mut OwnedWriteHalf) -> std::io::Result<()> {
    let failed = |error: alcazar_engine::Error| Reply::Failed(error.to_string());
    let cloud = state.cloud();
    let mut list = match CostList::begin(&cloud, filter).await {
        Ok(list) => list,
        Err(error) => return send(writer, &failed(error)).await,
    };
    loop {
        match list.next().await {
            Ok(Some(cost)) => send(writer, &Reply::Cost(Box::new(cost))).await?,
            Ok(None) => return send(writer, &Reply::Done).await,
            Err(error) => return send(writer, &failed(error)).await,
        }
    }
}

async fn backup(
    opened: Arc<Opened>,
    file: PathBuf,
    with_root: bool,
    writer: &mut OwnedWriteHalf,
) -> std::io::Result<()> {
    if !file.is_absolute() {
        return send(writer, &Reply::Failed("the file of a backup is named by its absolute path".to_owned()))
            .await;
    }
    let (progress, mut told) = mpsc::channel(PROGRESS_QUEUE_MAX);
    let work = tokio::task::spawn_blocking(move || {
        let mut next = 0;
        write_backup(&opened, &file, with_root, &mut |done, total| {
            if done >= next {
                next = done + PROGRESS_BYTES_STEP;
                let _ = progress.try_send((done, total));
            }
        })
    });
    // A peer that has gone away no longer hears of it, but the backup is finished all the same.
    let mut hears = true;
    while let Some((done, total)) = told.recv().await {
        hears = hears && send(writer, &Reply::Progress { done, total }).await.is_ok();
    }
    let reply = match work.await {
        Ok(Ok(())) => Reply::Done,
        Ok(Err(error)) => Reply::Failed(error.to_string()),
        Err(error) => Reply::Failed(error.to_string()),
    };
    send(writer, &reply).await
}

async fn send(writer: &mut OwnedWriteHalf, reply: &Reply) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    timeout(PEER_SECONDS_MAX, writer.write_all(&line)).await?
}
