//! Writes what was used to the store every few seconds, for as long as the server runs.

use std::sync::Arc;
use std::time::Duration;

use super::state::State;

/// How long use waits to be written at the most. What a crash leaves unwritten is counted from the audit log at the
/// next start.
const WRITE_TIME_MAX: Duration = Duration::from_secs(10);

/// How long it waits after something failed.
const RETRY_TIME: Duration = Duration::from_secs(1);

/// Runs until it is aborted. Use that is being written then is written again.
pub(crate) async fn run(state: Arc<State>) {
    loop {
        let cloud = state.cloud();
        tokio::select! {
            () = tokio::time::sleep(WRITE_TIME_MAX) => {}
            () = cloud.usage_is_pressing() => {}
        }
        if let Err(error) = cloud.write_usage().await {
            tracing::error!(cause = %error, "what was used could not be written");
            tokio::time::sleep(RETRY_TIME).await;
        }
    }
}
