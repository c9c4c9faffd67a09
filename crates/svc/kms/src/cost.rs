//! What the keys of a month cost by the public price list: the keys themselves by the hour, and the requests.
//!
//! A customer managed key costs from its making until its deletion is scheduled; if that is cancelled, as though it
//! never was. A replica costs like any key, and each of the first two rotations like another key. AWS managed keys
//! cost nothing but their requests. Hours that have begun count. The owner of a key pays for its requests.
//!
//! The three lists that this goes through (keys, retired keys, use) are in one order, so memory does not grow with
//! their length.
//!
//! Source: <https://aws.amazon.com/kms/pricing/>

use std::collections::VecDeque;
use std::sync::Arc;

use alcazar_base::{AccountId, Month, Region, Timestamp};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::usage::{self, MonthlyUse};
use alcazar_engine::{Cloud, Cx, Name, Record, Result};
use minicbor::{Decode, Encode};

use crate::key::{Key, KeyOfAccount, Manager, all_keys_of_accounts, key_arn, key_name};
use crate::price::{KEY_MONTH, Money, PRICED_ROTATIONS_MAX, of_request};

const RETIRED: &str = "kms.retired_key";

/// How many records are read at a time.
const PAGE: usize = 512;

/// What a key cost in a month, or requests that were about no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// The account that pays.
    pub account: String,
    /// The region.
    pub region: String,
    /// The ARN of the key; empty for requests that were about nothing in particular, such as lists.
    pub resource: String,
    /// For how many hours the key and its rotations are billed.
    pub key_hours: u64,
    /// What that costs.
    pub key_cost: Money,
    /// The requests.
    pub requests: Vec<RequestCost>,
}

/// What the requests of a class cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestCost {
    /// The class; see [`price`](crate::price).
    pub class: String,
    /// How many.
    pub count: u64,
    /// What they cost, before anything is free.
    pub cost: Money,
}

/// That a key is not billed any more: since its deletion was scheduled, and for ever once it is deleted.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Retired {
    #[n(0)]
    created: Timestamp,
    #[n(1)]
    until: Timestamp,
    #[n(2)]
    rotations: Vec<Timestamp>,
}

/// Notes that the deletion of a key was scheduled.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn retire(cx: &mut Cx<'_>, key: &Key) -> Result<()> {
    let retired = Retired { created: key.created, until: cx.now(), rotations: rotations(key) };
    cx.put(retired_name(key), retired)
}

/// Notes that it was cancelled.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn take_back(cx: &mut Cx<'_>, key: &Key) -> Result<()> {
    cx.delete(retired_name(key))
}

fn retired_name(key: &Key) -> Name {
    Name::table(RETIRED).part(key.account.as_str()).part(key.region.as_str()).part(&key.key_id).name()
}

/// When the key was rotated, as far as that costs.
fn rotations(key: &Key) -> Vec<Timestamp> {
    let dates = key.materials.iter().filter_map(|material| Some(material.rotation?.date));
    dates.take(PRICED_ROTATIONS_MAX).collect()
}

/// Account, region and ARN: all lists are in the order of these.
type Place = (String, String, String);

/// Goes through records in the order of their places.
struct Cursor<R> {
    range: NameRange,
    place: fn(&Name, &R) -> Option<Place>,
    found: VecDeque<(Place, Arc<R>)>,
    at_end: bool,
}

impl<R: Record> Cursor<R> {
    fn new(range: NameRange, place: fn(&Name, &R) -> Option<Place>) -> Self {
        Self { range, place, found: VecDeque::new(), at_end: false }
    }

    async fn peek(&mut self, cloud: &Cloud) -> Result<Option<&Place>> {
        while self.found.is_empty() && !self.at_end {
            let page = cloud.scan_records::<R>(&self.range, PAGE).await?;
            match page.last() {
                Some((last, _)) => self.range = self.range.clone().after(last.as_bytes()),
                None => self.at_end = true,
            }
            let placed =
                page.into_iter().filter_map(|(name, record)| Some(((self.place)(&name, &record)?, record)));
            self.found.extend(placed);
        }
        Ok(self.found.front().map(|(place, _)| place))
    }

    /// Takes the record of this place, if that is the next one.
    fn take(&mut self, place: &Place) -> Option<Arc<R>> {
        self.found.front().filter(|(next, _)| next == place)?;
        self.found.pop_front().map(|(_, record)| record)
    }
}

/// The costs of a month, ordered by account, region and key.
pub struct Costs<'a> {
    cloud: &'a Cloud,
    month: Month,
    /// Until when keys are billed that are still there.
    until: Timestamp,
    keys: Cursor<KeyOfAccount>,
    retired: Cursor<Retired>,
    used: Cursor<MonthlyUse>,
}

impl<'a> Costs<'a> {
    /// The costs of a month, as far as it has passed, with all that was used until now.
    ///
    /// # Errors
    /// The store or the audit log failed.
    pub async fn of_month(cloud: &'a Cloud, month: Month) -> Result<Self> {
        cloud.write_usage().await?;
        let of_use = |_: &Name, used: &MonthlyUse| {
            Some((used.account.to_string(), used.region.clone(), used.resource.clone()))
        };
        Ok(Self {
            cloud,
            month,
            until: cloud.now().min(month.end()),
            keys: Cursor::new(all_keys_of_accounts(), |name, _| place_of_key(name)),
            retired: Cursor::new(Name::table(RETIRED).range(), |name, _| place_of_key(name)),
            used: Cursor::new(usage::of_month(month), of_use),
        })
    }

    /// The next one; none at the end. What costs nothing is left out.
    ///
    /// # Errors
    /// The store failed.
    pub async fn next(&mut self) -> Result<Option<Cost>> {
        loop {
            let mut first: Option<Place> = None;
            for next in [
                self.keys.peek(self.cloud).await?,
                self.retired.peek(self.cloud).await?,
                self.used.peek(self.cloud).await?,
            ] {
                if let Some(next) = next.filter(|next| first.as_ref().is_none_or(|first| *next < first)) {
                    first = Some(next.clone());
                }
            }
            let Some(place) = first else { return Ok(None) };
            let key = self.keys.take(&place);
            let (retired, used) = (self.retired.take(&place), self.used.take(&place));
            let key_hours = match (retired, key) {
                (Some(retired), _) => self.hours(retired.created, &retired.rotations, retired.until),
                (None, Some(key)) => self.hours_of_key(&place, &key.key_id).await?,
                (None, None) => 0,
            };
            let requests = used.map_or_else(Vec::new, |used| costs_of_requests(&used));
            if key_hours > 0 || !requests.is_empty() {
                let key_cost = KEY_MONTH.share(key_hours, self.month.hours());
                let (account, region, resource) = place;
                return Ok(Some(Cost { account, region, resource, key_hours, key_cost, requests }));
            }
        }
    }

    async fn hours_of_key(&self, (_, region, _): &Place, key_id: &str) -> Result<u64> {
        let Ok(region) = region.parse::<Region>() else { return Ok(0) };
        let key = self.cloud.get_record::<Key>(&key_name(&region, key_id)).await?;
        let billed = key.filter(|key| key.manager == Manager::Customer);
        Ok(billed.map_or(0, |key| self.hours(key.created, &rotations(&key), self.until)))
    }

    /// The hours of a key and of its rotations.
    fn hours(&self, created: Timestamp, rotations: &[Timestamp], until: Timestamp) -> u64 {
        let until = until.min(self.until);
        let each = |since: &Timestamp| {
            let since = (*since).max(created).max(self.month.start());
            if since < until { (until - since).as_millis().div_ceil(3_600_000) } else { 0 }
        };
        let hours: u128 = std::iter::once(&created).chain(rotations).map(each).sum();
        u64::try_from(hours).unwrap_or(u64::MAX)
    }
}

fn costs_of_requests(used: &MonthlyUse) -> Vec<RequestCost> {
    let cost = |requests: &usage::Requests| RequestCost {
        class: requests.class.clone(),
        count: requests.count,
        cost: of_request(&requests.class).times(requests.count),
    };
    let mut costs: Vec<_> = used.requests.iter().map(cost).collect();
    costs.sort_by(|one, other| one.class.cmp(&other.class));
    costs
}

/// The place of a key whose record is named by account, region and key id.
fn place_of_key(name: &Name) -> Option<Place> {
    let text = std::str::from_utf8(name.as_bytes()).ok()?;
    let mut parts = text.split('\0').skip(1);
    let (account, region, key_id) = (parts.next()?, parts.next()?, parts.next()?);
    let arn = key_arn(&region.parse().ok()?, account.parse::<AccountId>().ok()?, key_id);
    Some((account.to_owned(), region.to_owned(), arn))
}
