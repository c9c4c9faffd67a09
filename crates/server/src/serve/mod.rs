//! The running server: listener, TLS, requests, metrics, scheduler, and a clean end.

pub(crate) mod assembly;
mod certificates;
mod deliverer;
mod dev;
mod handler;
mod limit;
mod listener;
mod metering;
mod metrics;
mod purger;
mod retention;
mod scheduler;
pub(crate) mod state;
mod tls;
pub(crate) mod wall_clock;

use std::net::SocketAddr;
use std::sync::Arc;

use alcazar_crypto::SystemEntropy;
use alcazar_engine::port::clock::Clock;
use alcazar_engine::port::outbound::Outbound;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use self::assembly::Foundation;
use self::dev::Dev;
use self::handler::Serves;
use self::state::State;
use self::wall_clock::{MovableClock, WallClock};
use crate::config::Settings;
use crate::control;
use crate::data_dir::{DataDir, DataDirError, NewStore, Opened, Ports, RootForm, Secrets};
use crate::outbound::HttpsClient;
use crate::output;

/// Why the server does not run.
#[derive(Debug, Error)]
pub(crate) enum ServeError {
    /// The address cannot be listened on.
    #[error("{0} cannot be listened on: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The certificate or its key is no use.
    #[error("TLS: {0}")]
    Tls(String),
    /// The file with further roots of attestation is no use.
    #[error("attestation roots: {0}")]
    AttestationRoots(String),
    /// A certificate that is to vouch for hosts outside is no use.
    #[error("outbound CA: {0}")]
    OutboundCa(String),
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The cloud cannot be put together.
    #[error(transparent)]
    Cloud(#[from] alcazar_engine::Error),
    /// The store could not be closed in order.
    #[error("{0}")]
    Store(String),
    /// The operating system refused.
    #[error("{0}")]
    System(#[from] std::io::Error),
}

/// Runs the server until it is told to stop.
pub(crate) async fn run(mut settings: Settings) -> Result<(), ServeError> {
    if let Some(file) = &settings.attestation_roots {
        settings.engine.attestation_roots = certificates::read(file).map_err(ServeError::AttestationRoots)?;
    }
    if let Some(file) = &settings.outbound_ca {
        settings.outbound.roots = certificates::read(file).map_err(ServeError::OutboundCa)?;
    }
    let outbound = HttpsClient::new(settings.outbound.clone())
        .map_err(|cause| ServeError::OutboundCa(cause.to_string()))?;
    let outbound: Arc<dyn Outbound> = Arc::new(outbound);
    let tls = match &settings.tls {
        Some(files) => Some(TlsAcceptor::from(tls::configuration(&files.cert, &files.key)?)),
        None => None,
    };
    // The address first: whoever cannot listen should not make a data directory.
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|error| ServeError::Listen(settings.listen, error))?;
    let address = listener.local_addr()?;
    let movable = settings.dev.then(|| Arc::new(MovableClock::default()));
    let clock: Arc<dyn Clock> = match &movable {
        Some(clock) => clock.clone(),
        None => Arc::new(WallClock),
    };
    let opened = open(&settings, clock.clone(), address).await?;
    let cloud = match &opened {
        Some(opened) => {
            let foundation = Foundation::of(opened, outbound.clone());
            assembly::cloud(foundation, clock, settings.dev, &settings.engine)
        }
        None => assembly::in_memory(clock, outbound.clone(), &settings.engine)?,
    };
    // What an earlier process did not live to write is counted before there is more.
    cloud.write_usage().await?;
    let dev = movable.map(|clock| Dev::new(clock, outbound, opened.is_some(), settings.engine.clone()));
    let state = Arc::new(State::new(cloud, dev));
    announce(&settings, address, opened.as_ref());
    let locking = alcazar_sys::locking_status();
    if !locking.is_complete() {
        tracing::warn!(
            unlocked_bytes = locking.unlocked_bytes,
            error = locking.lock_error,
            "some key memory could not be locked; raise RLIMIT_MEMLOCK so that it is never swapped out"
        );
    }
    run_until_stopped(&settings, listener, tls, state, opened).await
}

/// Opens the data directory, if there is to be one.
async fn open(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    address: SocketAddr,
) -> Result<Option<Opened>, ServeError> {
    let Some(path) = &settings.data_dir else { return Ok(None) };
    let ports = Ports { clock, entropy: Arc::new(SystemEntropy::new()) };
    let new = NewStore {
        account: settings.account,
        root: RootForm::Plain,
        endpoint_url: settings.endpoint_url(address),
    };
    let secrets = Secrets::new(settings.passphrase_file.clone());
    Ok(Some(DataDir::new(path).open_or_init(&secrets, &ports, &new).await?))
}

/// Tells in a few lines where the server is and how to use it.
fn announce(settings: &Settings, address: SocketAddr, opened: Option<&Opened>) {
    let url = settings.endpoint_url(address);
    output::note(format_args!("alcazar {} listens on {url}", env!("CARGO_PKG_VERSION")));
    if let Some(opened) = opened {
        let profile =
            std::path::absolute(&opened.profile_path).unwrap_or_else(|_| opened.profile_path.clone());
        let (profile, account) = (profile.display(), opened.account);
        if opened.first_start {
            output::note(format_args!(
                "A new store was made, with the account {account} and its administrator."
            ));
        }
        output::note(format_args!("Its administrator's credentials are an AWS profile; to use them:"));
        output::note(format_args!("  export AWS_SHARED_CREDENTIALS_FILE={profile} AWS_PROFILE=alcazar"));
        output::note(format_args!("  export AWS_ENDPOINT_URL={url}"));
        output::note("  aws kms create-key");
    }
    if settings.dev {
        output::note(
            "Development mode: access key NNNNNNNNNNNN (12 digits) with secret `test` administers that",
        );
        output::note("account, test/test administers 000000000000.");
    }
}

/// Serves until a signal comes, then ends everything in order.
async fn run_until_stopped(
    settings: &Settings,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    state: Arc<State>,
    opened: Option<Opened>,
) -> Result<(), ServeError> {
    let mut helpers = JoinSet::new();
    helpers.spawn(scheduler::run(state.clone()));
    helpers.spawn(deliverer::run(state.clone()));
    helpers.spawn(deliverer::follow(state.clone()));
    helpers.spawn(metering::run(state.clone()));
    helpers.spawn(purger::run(state.clone()));
    helpers.spawn(retention::run(state.clone()));
    if let Some(address) = settings.metrics_listen {
        let listener =
            TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address, error))?;
        helpers.spawn(listener::run(
            listener,
            None,
            Serves::MetricsAlone,
            state.clone(),
            std::future::pending(),
        ));
    }
    if let Some(opened) = &opened {
        helpers.spawn(control::serve(opened.clone(), state.clone()));
    }
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stopped = state.clone();
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stopped.cloud().end_waiting();
    };
    listener::run(listener, tls, Serves::Everything, state.clone(), stop).await;
    helpers.shutdown().await;
    state.cloud().write_usage().await?;
    if let Some(opened) = opened {
        opened.store.close().await.map_err(|error| ServeError::Store(error.to_string()))?;
    }
    Ok(())
}
