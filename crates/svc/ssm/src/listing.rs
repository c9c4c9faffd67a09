//! Lists in pages, along the plan of their filters.
//!
//! What always holds: the pages of a list tell a parameter once at most, and one that passes the filters all the while
//! exactly once, whatever else changes between them: a page goes on at a place of the index, and a parameter's place
//! never changes. A page's cost is bounded whatever the filters are: it may end early, with a token, as AWS's do.

use std::collections::BTreeMap;
use std::sync::Arc;

use alcazar_engine::page::{self, Page};
use alcazar_engine::{Reads, Result};

use crate::filter::Filter;
use crate::index::{Entry, Index, List, Span};
use crate::parameter::{self, Parameter};
use crate::version::Version;
use crate::{error, plan};

/// How many entries a page has looked at when it ends early; those that it reads at a time come on top.
const LOOKED_AT_MAX: usize = 1_000;
/// How many entries are read at a time at most, of all lists together, if each gets its least.
const ENTRIES_MAX: usize = 256;
/// How many entries of a list are read at a time at least.
const ENTRIES_OF_LIST_MIN: usize = 8;

/// What a list has: a parameter's latest version, or an older one with a label.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) parameter: Arc<Parameter>,
    older: Option<Arc<Version>>,
}

impl Listed {
    /// The version.
    #[must_use]
    pub(crate) fn version(&self) -> &Version {
        self.older.as_deref().unwrap_or(&self.parameter.latest)
    }
}

/// What a request says of its page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The operation, whose tokens are no other's.
    pub(crate) operation: &'static str,
    /// The token that the page before ended with.
    pub(crate) token: Option<&'a str>,
    /// How many parameters the page has at most.
    pub(crate) most: usize,
}

impl<'a> Asked<'a> {
    /// A page of as many parameters as a caller wants, at least one and at most `max`; of `max` where they do not say.
    #[must_use]
    pub(crate) fn new(
        operation: &'static str,
        token: Option<&'a str>,
        wanted: Option<i32>,
        max: usize,
    ) -> Self {
        let most = wanted.and_then(|wanted| usize::try_from(wanted).ok()).unwrap_or(max).clamp(1, max);
        Self { operation, token, most }
    }
}

/// A page of the parameters of the caller's account and region that pass the filters, in the order of their names.
///
/// # Errors
/// The token is none that a page of this list ended with, or the store failed.
pub(crate) async fn page(
    reads: &mut Reads<'_>,
    filters: &[Filter],
    asked: Asked<'_>,
) -> Result<Page<Listed>> {
    let list = list_of(reads, filters, asked);
    let from = open(reads, &list, asked)?;
    let (keyring, account, region) = (reads.keyring(), reads.account(), reads.region().clone());
    let index = Index::of(&keyring, account, &region);
    let mut walk = Walk::new(&index, plan::of(filters), from, asked.most);
    let mut items = Vec::new();
    let next = 'walk: loop {
        if walk.is_over() {
            break None;
        }
        for (place, name) in walk.step(reads).await? {
            let Some(listed) = look(reads, filters, &name).await? else { continue };
            if items.len() == asked.most {
                break 'walk Some(place);
            }
            items.push(listed);
        }
        if walk.looked_at >= LOOKED_AT_MAX && !walk.is_over() {
            break Some(walk.from);
        }
    };
    items.sort_by(|one, other| one.parameter.name.cmp(&other.parameter.name));
    Ok(Page { items, next_token: next.map(|place| page::mark(reads, &list, &hex::encode(place))) })
}

/// Checks the token of a list that has nothing.
///
/// # Errors
/// There is one: no page of this list ended with one.
pub(crate) fn empty(reads: &Reads<'_>, filters: &[Filter], asked: Asked<'_>) -> Result<()> {
    open(reads, &list_of(reads, filters, asked), asked).map(|_| ())
}

/// What tells a list's tokens from another's.
fn list_of(reads: &Reads<'_>, filters: &[Filter], asked: Asked<'_>) -> String {
    format!("ssm:{} {} {filters:?}", asked.operation, reads.region())
}

/// The place at which a page begins.
fn open(reads: &Reads<'_>, list: &str, asked: Asked<'_>) -> Result<Vec<u8>> {
    let Some(token) = asked.token else { return Ok(Vec::new()) };
    let place = page::open(reads, list, token).and_then(|place| hex::decode(place).ok());
    Ok(place.ok_or_else(|| error::next_token(token))?)
}

/// The parameter of an entry, if it is there still and passes.
async fn look(reads: &mut Reads<'_>, filters: &[Filter], name: &str) -> Result<Option<Listed>> {
    if !filters.iter().all(|filter| filter.passes_name(name)) {
        return Ok(None);
    }
    let (account, region) = (reads.account(), reads.region().clone());
    let Some(parameter) = parameter::of_name(reads, account, &region, name).await? else { return Ok(None) };
    let label = filters.iter().find_map(|filter| match filter {
        Filter::Label(label) => parameter.labels.iter().find(|it| it.label == *label),
        _ => None,
    });
    let older = match label.map(|label| label.version).filter(|number| *number != parameter.latest.number) {
        Some(number) => parameter.version(reads, number).await?,
        None => None,
    };
    let listed = Listed { parameter, older };
    let passes = filters.iter().all(|filter| filter.passes(&listed.parameter, listed.version()));
    Ok(passes.then_some(listed))
}

/// The way along the lists of a plan, side by side, in the order of places.
struct Walk<'a> {
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
    fn new(index: &'a Index<'a>, plan: plan::Plan<'a>, from: Vec<u8>, most: usize) -> Self {
        let mut spans = index.spans(&plan.parts);
        spans.retain(|span| !span.is_before(&from));
        spans.reverse();
        // One more tells whether there is a next page.
        let entries = most.saturating_add(1).min(ENTRIES_MAX);
        Self { index, lists: plan.lists, spans, from, looked_at: 0, entries }
    }

    fn is_over(&self) -> bool {
        self.spans.is_empty() || self.lists.is_empty()
    }

    /// The next entries of all lists, by their places: the names.
    async fn step(&mut self, reads: &mut Reads<'_>) -> Result<BTreeMap<Vec<u8>, String>> {
        let mut found = BTreeMap::new();
        let Some(span) = self.spans.last() else { return Ok(found) };
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
        Ok(found)
    }
}
