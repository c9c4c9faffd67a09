//! Lists in pages, along the plan of their filters.
//!
//! What always holds: the pages of a list tell a parameter once at most, and one that passes the filters all the while
//! exactly once, whatever else changes between them: a page goes on at a place of the index, and a parameter's place
//! never changes. A page's cost is bounded whatever the filters are: it may end early, with a token, as AWS's do.

mod shared;
mod walk;

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::page::{self, Page};
use alcazar_engine::{Reads, Result};

use crate::filter::Filter;
use crate::index::Index;
use crate::parameter::{self, Parameter};
use crate::version::Version;
use crate::{error, plan, sharing};
use shared::Shares;
use walk::Walk;

/// How many entries a page has looked at when it ends early; those that it reads at a time come on top.
const LOOKED_AT_MAX: usize = 1_000;
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

/// What an entry says: the parameter of an owner in the region of the call.
struct Candidate {
    /// The place of the entry, from which a page can go on.
    place: Vec<u8>,
    owner: AccountId,
    name: String,
}

/// Entries, step by step in the order of their places.
trait Way {
    /// Whether there are none left.
    fn is_over(&self) -> bool;

    /// The next of them; a step may find none.
    async fn step(&mut self, reads: &mut Reads<'_>) -> Result<Vec<Candidate>>;

    /// How many it has looked at.
    fn looked_at(&self) -> usize;

    /// The place where it goes on.
    fn place(&self) -> &[u8];
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
    let walk = Walk::new(account, &index, plan::of(filters), from, asked.most);
    along(reads, &list, filters, asked, walk).await
}

/// The same of the parameters that others share with the caller's account.
///
/// # Errors
/// As [`page`].
pub(crate) async fn shared(
    reads: &mut Reads<'_>,
    filters: &[Filter],
    asked: Asked<'_>,
) -> Result<Page<Listed>> {
    let list = list_of(reads, filters, asked);
    let shares = Shares::new(reads, open(reads, &list, asked)?);
    along(reads, &list, filters, asked, shares).await
}

async fn along(
    reads: &mut Reads<'_>,
    list: &str,
    filters: &[Filter],
    asked: Asked<'_>,
    mut way: impl Way,
) -> Result<Page<Listed>> {
    let mut items = Vec::new();
    let next = 'way: loop {
        if way.is_over() {
            break None;
        }
        for candidate in way.step(reads).await? {
            let Some(listed) = look(reads, filters, &candidate).await? else { continue };
            if items.len() == asked.most {
                break 'way Some(candidate.place);
            }
            items.push(listed);
        }
        if way.looked_at() >= LOOKED_AT_MAX && !way.is_over() {
            break Some(way.place().to_vec());
        }
    };
    items.sort_by(|one, other| one.parameter.name.cmp(&other.parameter.name));
    Ok(Page { items, next_token: next.map(|place| page::mark(reads, list, &hex::encode(place))) })
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
async fn look(reads: &mut Reads<'_>, filters: &[Filter], candidate: &Candidate) -> Result<Option<Listed>> {
    let Candidate { owner, name, .. } = candidate;
    if !filters.iter().all(|filter| filter.passes_name(name)) {
        return Ok(None);
    }
    let region = reads.region().clone();
    let Some(parameter) = parameter::of_name(reads, *owner, &region, name).await? else { return Ok(None) };
    if *owner != reads.account() && !sharing::is_shared_with(&parameter, reads.account()) {
        return Ok(None);
    }
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
