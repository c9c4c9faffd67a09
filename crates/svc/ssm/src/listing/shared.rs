//! The way along what others share with an account.

use std::ops::Bound;

use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Reads, Result};

use super::{Candidate, Way};
use crate::sharing::{self, Shared};

/// How many entries are read at a time.
const ENTRIES_MAX: usize = 64;

/// The entries of an account in a region, in the order of their owners.
pub(super) struct Shares {
    range: NameRange,
    /// What the names of all entries begin with.
    prefix: Vec<u8>,
    from: Vec<u8>,
    looked_at: usize,
    is_over: bool,
}

impl Shares {
    /// From a place on.
    pub(super) fn new(reads: &Reads<'_>, from: Vec<u8>) -> Self {
        let range = sharing::range(reads.account(), reads.region());
        let prefix = match &range.start {
            Bound::Included(prefix) => prefix.to_vec(),
            Bound::Excluded(_) | Bound::Unbounded => Vec::new(),
        };
        Self { range, prefix, from, looked_at: 0, is_over: false }
    }
}

impl Way for Shares {
    fn is_over(&self) -> bool {
        self.is_over
    }

    fn looked_at(&self) -> usize {
        self.looked_at
    }

    fn place(&self) -> &[u8] {
        &self.from
    }

    async fn step(&mut self, reads: &mut Reads<'_>) -> Result<Vec<Candidate>> {
        self.range.start = Bound::Included([&self.prefix[..], &self.from].concat().into());
        let entries = reads.glance::<Shared>(&self.range, ENTRIES_MAX).await?;
        self.looked_at += entries.len();
        self.is_over = entries.len() < ENTRIES_MAX;
        let candidate = |(entry, shared): &(alcazar_engine::Name, std::sync::Arc<Shared>)| Candidate {
            place: entry.as_bytes().strip_prefix(&self.prefix[..]).unwrap_or_default().to_vec(),
            owner: shared.owner,
            name: shared.name.clone(),
        };
        let candidates: Vec<_> = entries.iter().map(candidate).collect();
        if let Some(last) = candidates.last() {
            self.from = [&last.place[..], &[0]].concat();
        }
        Ok(candidates)
    }
}
