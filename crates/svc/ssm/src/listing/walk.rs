//! The way along the lists of a plan, side by side.

use std::collections::BTreeMap;

use alcazar_base::AccountId;
use alcazar_engine::{Reads, Result};

use super::{Candidate, Way};
use crate::index::{Entry, Index, List, Span};
use crate::plan::Plan;

/// How many entries are read at a time at most, of all lists together, if each gets its least.
const ENTRIES_MAX: usize = 256;
/// How many entries of a list are read at a time at least.
const ENTRIES_OF_LIST_MIN: usize = 8;

/// The entries of a plan's lists, within its parts.
pub(super) struct Walk<'a> {
    account: AccountId,
    index: &'a Index<'a>,
    lists: Vec<List<'a>>,
    /// The spans that are not behind yet.
    spans: Vec<Span>,
    /// Where it goes on.
    from: Vec<u8>,
    looked_at: usize,
    /// How many entries the next step reads.
    entries: usize,
}

impl<'a> Walk<'a> {
    /// From a place on, for a page of as many parameters as it has at most.
    pub(super) fn new(
        account: AccountId,
        index: &'a Index<'a>,
        plan: Plan<'a>,
        from: Vec<u8>,
        most: usize,
    ) -> Self {
        let mut spans = index.spans(&plan.parts);
        spans.retain(|span| !span.is_before(&from));
        spans.reverse();
        // One more tells whether there is a next page.
        let entries = most.saturating_add(1).min(ENTRIES_MAX);
        Self { account, index, lists: plan.lists, spans, from, looked_at: 0, entries }
    }
}

impl Way for Walk<'_> {
    fn is_over(&self) -> bool {
        self.spans.is_empty() || self.lists.is_empty()
    }

    fn looked_at(&self) -> usize {
        self.looked_at
    }

    fn place(&self) -> &[u8] {
        &self.from
    }

    async fn step(&mut self, reads: &mut Reads<'_>) -> Result<Vec<Candidate>> {
        let mut found = BTreeMap::new();
        let Some(span) = self.spans.last() else { return Ok(Vec::new()) };
        let limit = (self.entries / self.lists.len().max(1)).max(ENTRIES_OF_LIST_MIN);
        let mut seen_to: Option<Vec<u8>> = None;
        for list in &self.lists {
            let range = self.index.range(*list, span, &self.from);
            // What moves from one list to another meanwhile would be missed if that were no conflict.
            let entries = match &self.lists[..] {
                [_] => reads.glance::<Entry>(&range, limit).await?,
                _ => reads.scan::<Entry>(&range, limit).await?,
            };
            self.looked_at += entries.len() + 1;
            let is_full = entries.len() == limit;
            let placed =
                entries.into_iter().map(|(entry, it)| (self.index.place_of(*list, &entry), it.name.clone()));
            let placed: BTreeMap<_, _> = placed.collect();
            if let Some((last, _)) = placed.last_key_value().filter(|_| is_full)
                && seen_to.as_ref().is_none_or(|to| last < to)
            {
                seen_to = Some(last.clone());
            }
            found.extend(placed);
        }
        match seen_to {
            Some(mut last) => {
                last.push(0);
                found.split_off(&last);
                self.from = last;
            }
            None => {
                self.spans.pop();
                if let Some(next) = self.spans.last().filter(|next| next.start() > &self.from[..]) {
                    self.from = next.start().to_vec();
                }
            }
        }
        self.entries = (self.entries * 2).min(ENTRIES_MAX);
        let owner = self.account;
        Ok(found.into_iter().map(|(place, name)| Candidate { place, owner, name }).collect())
    }
}
