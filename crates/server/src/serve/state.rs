//! What every connection of a running server shares.

use std::sync::{Arc, PoisonError, RwLock};

use alcazar_engine::Cloud;
use tokio::sync::Notify;

use super::dev::Dev;
use super::metrics::Metrics;

/// The running server.
pub(crate) struct State {
    cloud: RwLock<Arc<Cloud>>,
    replaced: Notify,
    /// What is counted.
    pub(crate) metrics: Metrics,
    /// What only development mode has.
    pub(crate) dev: Option<Dev>,
}

impl State {
    pub(crate) fn new(cloud: Arc<Cloud>, dev: Option<Dev>) -> Self {
        Self { cloud: RwLock::new(cloud), replaced: Notify::new(), metrics: Metrics::new(), dev }
    }

    /// The cloud that answers now.
    pub(crate) fn cloud(&self) -> Arc<Cloud> {
        self.cloud.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another cloud in its place. Requests that were begun finish on the one they began on.
    pub(crate) fn replace_cloud(&self, cloud: Arc<Cloud>) {
        *self.cloud.write().unwrap_or_else(PoisonError::into_inner) = cloud;
        self.replaced.notify_waiters();
    }

    /// Waits until another cloud is in its place.
    pub(crate) async fn cloud_replaced(&self) {
        self.replaced.notified().await;
    }
}
