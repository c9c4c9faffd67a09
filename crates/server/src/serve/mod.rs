//! The running server: listener, TLS, requests, metrics, scheduler, and a clean end.

mod assembly;
mod dev;
mod handler;
mod limit;
mod listener;
mod metrics;
mod scheduler;
mod state;
mod tls;
pub(crate) mod wall_clock;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use alcazar_engine::Cloud;
use alcazar_engine::port::clock::Clock;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;

use self::assembly::Foundation;
use self::dev::Dev;
use self::state::State;
use self::wall_clock::{MovableClock, WallClock};
