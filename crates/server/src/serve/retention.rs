//! Drops what nobody needs any more of the audit log, for as long as the server runs.

use std::sync::Arc;
use std::time::Duration;

use super::state::State;

/// How often it looks.
const LOOK_TIME: Duration = Duration::from_secs(60 * 60);

/// Runs until it is aborted. What is being dropped then is dropped at the next start.
pub(crate) async fn run(state: Arc<State>) {
    loop {
        tokio::time::sleep(LOOK_TIME).await;
        if let Err(error) = state.cloud().drop_old_events().await {
            tracing::error!(cause = %error, "old events could not be dropped from the audit log");
        }
    }
}
