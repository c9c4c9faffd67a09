//! Does what falls due, for as long as the server runs.

use std::sync::Arc;
use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_engine::{Cloud, Error, Result};

use super::state::State;
use super::wall_clock::MovableClock;

/// How long the scheduler sleeps at the most.
const SLEEP_TIME_MAX: Duration = Duration::from_secs(60);

/// How long it waits at least after something failed.
const RETRY_TIME: Duration = Duration::from_secs(1);

/// The most rounds that one movement of the clock runs.
const ROUNDS_MAX: usize = 1_000_000;

/// Runs until it is aborted. Whatever it is doing then is done again after the next start.
pub(crate) async fn run(state: Arc<State>) {
    loop {
        let cloud = state.cloud();
        let sleep = match round(&cloud).await {
            Ok(sleep) => sleep,
            Err(error) => {
                tracing::error!(cause = %error, "work that is due could not be looked up");
                RETRY_TIME
            }
        };
        tokio::select! {
            () = cloud.sleep_until(cloud.now() + sleep) => {}
            () = cloud.work_arrived() => {}
            () = state.cloud_replaced() => {}
        }
    }
}

/// Does what is due, and says how long there is nothing more to do.
async fn round(cloud: &Cloud) -> Result<Duration> {
    let round = cloud.run_due().await?;
    if round.done > 0 {
        return Ok(Duration::ZERO);
    }
    let next = cloud.next_due().await?;
    let sleep = next.map_or(SLEEP_TIME_MAX, |next| next - cloud.now()).min(SLEEP_TIME_MAX);
    // More may fail than are known to.
    Ok(if round.failed > 0 { sleep.max(RETRY_TIME) } else { sleep })
}

/// Moves the clock to `target`, and does whatever falls due on the way, each at its own time.
pub(crate) async fn move_clock(cloud: &Arc<Cloud>, clock: &MovableClock, target: Timestamp) -> Result<()> {
    cloud.settle().await?;
    for _ in 0..ROUNDS_MAX {
        match cloud.next_work().await? {
            Some(due) if due <= target => {
                clock.set(due.max(cloud.now()).min(target.max(cloud.now())));
                let round = cloud.run_due().await?;
                let is_stuck = cloud.settle().await? + round.done == 0 && round.failed > 0;
                if is_stuck && cloud.next_due().await?.is_some_and(|next| next <= cloud.now()) {
                    return Err(Error::invariant("work that is due cannot be done"));
                }
            }
            _ => {
                clock.set(target);
                cloud.settle().await?;
                return cloud.drop_old_events().await;
            }
        }
    }
    Err(Error::invariant("more fell due than one movement of the clock may bring"))
}
