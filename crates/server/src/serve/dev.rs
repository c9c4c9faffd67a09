//! What only development mode has: forgetting everything, and moving the clock.

use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_engine::port::outbound::Outbound;
use alcazar_engine::{Cloud, Error};
use http::StatusCode;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::assembly::{self, EngineSettings};
use super::scheduler;
use super::state::State;
use super::wall_clock::MovableClock;

/// Development mode.
pub(crate) struct Dev {
    clock: Arc<MovableClock>,
    outbound: Arc<dyn Outbound>,
    /// Whether records are kept in a directory rather than in memory.
    durable: bool,
    engine: EngineSettings,
    /// One reset or movement at a time.
    turn: Mutex<()>,
}

/// A development request that was not carried out.
pub(crate) enum Failure {
    /// It asks for nothing that makes sense.
    BadRequest(String),
    /// Something failed inside.
    Inside(Error),
}

/// What the clock's request may say: exactly one of the two.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockRequest {
    advance_seconds: Option<u64>,
    set: Option<String>,
}

impl Dev {
    pub(crate) fn new(
        clock: Arc<MovableClock>,
        outbound: Arc<dyn Outbound>,
        durable: bool,
        engine: EngineSettings,
    ) -> Self {
        Self { clock, outbound, durable, engine, turn: Mutex::new(()) }
    }

    /// Forgets everything, and sets the clock to the machine's time.
    pub(crate) async fn reset(&self, state: &State) -> Result<String, Failure> {
        let _turn = self.turn.lock().await;
        if self.durable {
            state.cloud().delete_all_records().await.map_err(Failure::Inside)?;
        } else {
            let cloud = assembly::in_memory(self.clock.clone(), self.outbound.clone(), &self.engine);
            state.replace_cloud(cloud.map_err(Failure::Inside)?);
        }
        self.clock.reset();
        Ok("{}".to_owned())
    }

    /// Moves the clock, and does what falls due on the way.
    pub(crate) async fn move_clock(&self, cloud: &Arc<Cloud>, body: &[u8]) -> Result<String, Failure> {
        let bad = |text: &str| Failure::BadRequest(text.to_owned());
        let request: ClockRequest =
            serde_json::from_slice(body).map_err(|error| Failure::BadRequest(error.to_string()))?;
        let _turn = self.turn.lock().await;
        let target = match (request.advance_seconds, request.set) {
            (Some(seconds), None) => {
                let seconds = i64::try_from(seconds).map_err(|_| bad("advance_seconds is too large"))?;
                Timestamp::from_millis(cloud.now().as_millis().saturating_add(seconds.saturating_mul(1000)))
            }
            (None, Some(text)) => {
                Timestamp::parse_iso8601(&text).map_err(|error| Failure::BadRequest(error.to_string()))?
            }
            _ => return Err(bad("say either advance_seconds or set")),
        };
        if target > Timestamp::MAX || target < Timestamp::default() {
            return Err(bad("the time is out of range"));
        }
        scheduler::move_clock(cloud, &self.clock, target).await.map_err(Failure::Inside)?;
        Ok(format!(r#"{{"now":"{}"}}"#, cloud.now()))
    }
}

impl Failure {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Inside(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(crate) fn json(&self) -> String {
        let message = match self {
            Self::BadRequest(text) => text.clone(),
            Self::Inside(error) => {
                tracing::error!(cause = %error, "a development request failed");
                "something failed inside; the log says what".to_owned()
            }
        };
        serde_json::json!({ "message": message }).to_string()
    }
}
