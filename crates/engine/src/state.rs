//! What services keep in memory, beside their records: indexes and caches that follow from the records.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::cloud::Cloud;
use crate::context::Reads;

/// The states, each type once.
#[derive(Default)]
pub struct States(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl States {
    /// The state of this type, empty at first.
    #[must_use]
    pub fn get<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let state = states.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        drop(states);
        // It was put in under its own type.
        state.downcast::<T>().unwrap_or_default()
    }
}

impl std::fmt::Debug for States {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("States")
    }
}

impl Cloud {
    /// What a service keeps in memory on this node.
    #[must_use]
    pub fn state<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.states.get()
    }
}

impl Reads<'_> {
    /// What a service keeps in memory on this node. It must follow from the records, so that another node or a restart
    /// may do without it; [`Service::committed`](crate::Service::committed) tells it of commits.
    #[must_use]
    pub fn state<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.cloud.states.get()
    }
}
