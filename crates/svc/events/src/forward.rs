//! Events that a rule sends from one bus to another.
//!
//! They go through `PutEvents`, so the policies decide and the call is audited; but what arrives is the event as it was.
//! It waits here for the call that EventBridge makes, under the id of that call's request, which nobody outside can
//! choose.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alcazar_engine::Reads;

/// An event on its way to another bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Forwarded {
    /// The event as JSON.
    pub event: String,
}

/// The events that are on their way, by the id of the request that carries them.
#[derive(Default)]
pub(crate) struct Forwarding(Mutex<HashMap<String, Forwarded>>);

/// An event that is on its way as long as this is held.
pub(crate) struct Held {
    forwarding: Arc<Forwarding>,
    request_id: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.forwarding.lock().remove(&self.request_id);
    }
}

impl Forwarding {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Forwarded>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has an event wait for its call.
    #[must_use]
    pub(crate) fn hold(self: Arc<Self>, request_id: String, event: Forwarded) -> Held {
        self.lock().insert(request_id.clone(), event);
        Held { forwarding: self, request_id }
    }
}

/// The event that this call carries, if EventBridge itself makes it.
#[must_use]
pub(crate) fn carried(reads: &Reads<'_>) -> Option<Forwarded> {
    reads.state::<Forwarding>().lock().get(&reads.call().request_id).cloned()
}
