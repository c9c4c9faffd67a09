//! Has the store forget physically what was destroyed, for as long as the server runs.

use std::sync::Arc;
use std::time::Duration;

use super::state::State;

/// How long a destruction waits for others to share its purge.
const GATHERING_TIME: Duration = Duration::from_secs(30);

/// How long it waits before it looks whether something is left to do, whether it was told or not.
const LOOK_TIME: Duration = Duration::from_secs(30);

/// How long it waits after something failed.
const RETRY_TIME: Duration = Duration::from_secs(30);

/// Runs until it is aborted. A purge that is due then is due after the next start.
pub(crate) async fn run(state: Arc<State>) {
    loop {
        let cloud = state.cloud();
        match cloud.is_purge_due().await {
            Ok(false) => tokio::select! {
                () = tokio::time::sleep(LOOK_TIME) => {}
                () = cloud.destroyed() => {}
            },
            Ok(true) => {
                tokio::time::sleep(GATHERING_TIME).await;
                if let Err(error) = cloud.purge().await {
                    tracing::warn!(cause = %error, "what was destroyed is in the store's files still; it is tried again");
                    tokio::time::sleep(RETRY_TIME).await;
                }
            }
            Err(error) => {
                tracing::error!(cause = %error, "whether something was destroyed could not be looked up");
                tokio::time::sleep(RETRY_TIME).await;
            }
        }
    }
}
