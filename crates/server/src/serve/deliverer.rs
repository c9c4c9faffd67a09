//! Does what is to be delivered, and shows the audit log to those who follow it, for as long as the server runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::state::State;

/// How long it sleeps at the most.
const SLEEP_TIME_MAX: Duration = Duration::from_secs(60);

/// How long it waits after something failed.
const RETRY_TIME: Duration = Duration::from_secs(1);

/// How long followers are let be after they have seen everything: what comes meanwhile, they see together.
const FOLLOWING_PAUSE: Duration = Duration::from_millis(20);

/// Delivers until it is aborted. Whatever is under way then is done again after the next start.
pub(crate) async fn run(state: Arc<State>) {
    let mut running = JoinSet::new();
    loop {
        let cloud = state.cloud();
        let next = match cloud.due_deliveries().await {
            Ok(due) => {
                due.into_iter().for_each(|due| drop(running.spawn(due.run())));
                cloud.next_delivery().await
            }
            Err(error) => Err(error),
        };
        let latest = cloud.now() + SLEEP_TIME_MAX;
        let next = next.map_or_else(
            |error| {
                tracing::error!(cause = %error, "deliveries that are due could not be looked up");
                cloud.now() + RETRY_TIME
            },
            |next| next.map_or(latest, |next| next.min(latest)),
        );
        // What is due already waits for room, or for a change of what is under way.
        let next = next.max(cloud.now() + Duration::from_millis(1));
        tokio::select! {
            Some(_) = running.join_next() => {}
            () = cloud.deliveries_moved() => {}
            () = cloud.sleep_until(next) => {}
            () = state.cloud_replaced() => {}
        }
    }
}

/// Shows followers what comes into the audit log, until it is aborted.
pub(crate) async fn follow(state: Arc<State>) {
    loop {
        let cloud = state.cloud();
        match cloud.follow().await {
            Ok(true) => {}
            Ok(false) => {
                tokio::time::sleep(FOLLOWING_PAUSE).await;
                tokio::select! {
                    () = cloud.audit_log_grew() => {}
                    () = state.cloud_replaced() => {}
                }
            }
            Err(error) => {
                tracing::error!(cause = %error, "the audit log could not be followed");
                tokio::time::sleep(RETRY_TIME).await;
            }
        }
    }
}
