//! What a month costs by AWS's public price lists: the parts that the services' costs are made of.
//!
//! Each service that is billed says so by a [`Billing`]: it tells its costs of a month one after the other, from records
//! of its own and from what calls [used](crate::usage). Its lists are in the order of [places](Place), so memory does not
//! grow with their length. Hours that have begun count.

use std::collections::VecDeque;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};
use std::sync::Arc;

use alcazar_base::{Month, Timestamp};

use crate::cloud::Cloud;
use crate::error::Result;
use crate::name::Name;
use crate::port::BoxFuture;
use crate::port::store::NameRange;
use crate::record::Record;
use crate::usage::{self, MonthlyUse};

/// How many records are read at a time.
const PAGE: usize = 512;

/// How many milliseconds an hour has.
const HOUR: u128 = 3_600_000;

/// Begins a service's costs of a month, as far as it has passed, when all that was used until now is counted.
pub type Billing = for<'a> fn(&'a Cloud, Month) -> Box<dyn Costs + 'a>;

/// The costs of a service in a month, ordered by account, region and resource.
pub trait Costs: Send {
    /// The next one; none at the end. What costs nothing is left out.
    ///
    /// # Errors
    /// The store failed.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Cost>>>;
}

/// What a resource, or what an account has of a service in a region, cost in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// The account that pays.
    pub account: String,
    /// The region.
    pub region: String,
    /// The ARN of the resource; empty for requests that were about nothing in particular, such as lists.
    pub resource: String,
    /// For how many hours it is billed.
    pub hours: u64,
    /// What those cost.
    pub hours_cost: Money,
    /// The requests.
    pub requests: Vec<RequestCost>,
}

/// What the requests of a class cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestCost {
    /// The class, as the service names it.
    pub class: String,
    /// How many.
    pub count: u64,
    /// What they cost, before anything is free.
    pub cost: Money,
}

/// Account, region and ARN.
pub type Place = (String, String, String);

impl Cloud {
    /// The costs of all services in a month, as far as it has passed, with all that was used until now. They come one
    /// service after the other, by their names.
    ///
    /// # Errors
    /// The store or the audit log failed.
    pub async fn costs(&self, month: Month) -> Result<VecDeque<Billed<'_>>> {
        self.write_usage().await?;
        let mut billed: Vec<_> =
            self.services().filter_map(|service| Some((service.model.name, service.billing?))).collect();
        billed.sort_by_key(|(name, _)| *name);
        let begin =
            |(service, billing): (&'static str, Billing)| Billed { service, costs: billing(self, month) };
        Ok(billed.into_iter().map(begin).collect())
    }
}

/// The costs of a service.
pub struct Billed<'a> {
    /// Its name, e.g. `kms`.
    pub service: &'static str,
    /// Its costs.
    pub costs: Box<dyn Costs + 'a>,
}

/// The hours of a month in which something was there, those that have begun among them.
#[must_use]
pub fn hours(month: Month, since: Timestamp, until: Timestamp) -> u64 {
    let (since, until) = (since.max(month.start()), until.min(month.end()));
    let hours = if since < until { (until - since).as_millis().div_ceil(HOUR) } else { 0 };
    u64::try_from(hours).unwrap_or(u64::MAX)
}

/// What the requests in a service's classes cost, in the order of the classes; those of other services are left out.
#[must_use]
pub fn of_requests(used: &MonthlyUse, price: fn(&str) -> Option<Money>) -> Vec<RequestCost> {
    let cost = |requests: &usage::Requests| {
        Some(RequestCost {
            class: requests.class.clone(),
            count: requests.count,
            cost: price(&requests.class)?.times(requests.count),
        })
    };
    let mut costs: Vec<_> = used.requests.iter().filter_map(cost).collect();
    costs.sort_by(|one, other| one.class.cmp(&other.class));
    costs
}

/// What was used in a month.
#[must_use]
pub fn used_in(month: Month) -> Cursor<MonthlyUse> {
    Cursor::new(usage::of_month(month), |_, used: &MonthlyUse| {
        Some((used.account.to_string(), used.region.clone(), used.resource.clone()))
    })
}

/// Goes through records in the order of their places.
pub struct Cursor<R> {
    range: NameRange,
    place: fn(&Name, &R) -> Option<Place>,
    found: VecDeque<(Place, Arc<R>)>,
    at_end: bool,
}

impl<R: Record> Cursor<R> {
    /// The records of a range, which must be in the order of the places that they have; those without one are left out.
    #[must_use]
    pub fn new(range: NameRange, place: fn(&Name, &R) -> Option<Place>) -> Self {
        Self { range, place, found: VecDeque::new(), at_end: false }
    }

    /// The place of the next record.
    ///
    /// # Errors
    /// The store failed.
    pub async fn peek(&mut self, cloud: &Cloud) -> Result<Option<&Place>> {
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
    pub fn take(&mut self, place: &Place) -> Option<Arc<R>> {
        self.found.front().filter(|(next, _)| next == place)?;
        self.found.pop_front().map(|(_, record)| record)
    }
}

/// An amount in US dollars: whole billionths, so that nothing is lost of the price of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Money(u64);

impl Money {
    /// An amount of billionths of a dollar.
    #[must_use]
    pub const fn from_nano_usd(nano_usd: u64) -> Self {
        Self(nano_usd)
    }

    /// How many billionths of a dollar it is.
    #[must_use]
    pub const fn as_nano_usd(self) -> u64 {
        self.0
    }

    /// So many times the amount.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// The part of the amount that `part` is of `whole`, rounded to the nearest billionth.
    #[must_use]
    pub fn share(self, part: u64, whole: u64) -> Self {
        let whole = u128::from(whole.max(1));
        let share = (u128::from(self.0) * u128::from(part) + whole / 2) / whole;
        Self(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

/// Dollars with nine decimals.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}", self.0 / 1_000_000_000, self.0 % 1_000_000_000)
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A_DOLLAR: Money = Money::from_nano_usd(1_000_000_000);

    #[test]
    fn a_share_is_rounded_to_the_nearest_billionth() {
        assert_eq!(A_DOLLAR.share(744, 744), A_DOLLAR);
        assert_eq!(A_DOLLAR.share(1, 744).to_string(), "0.001344086");
        assert_eq!(A_DOLLAR.share(2, 3).to_string(), "0.666666667");
        assert_eq!(A_DOLLAR.share(1, 0), A_DOLLAR);
    }

    #[test]
    fn hours_that_have_begun_count() {
        let month = "2026-11".parse::<Month>().unwrap();
        let at = |minutes: i64| Timestamp::from_millis(month.start().as_millis() + minutes * 60_000);
        assert_eq!(hours(month, at(0), at(0)), 0);
        assert_eq!(hours(month, at(0), at(1)), 1);
        assert_eq!(hours(month, at(30), at(90)), 1);
        assert_eq!(hours(month, at(30), at(91)), 2);
        assert_eq!(hours(month, at(-600), at(60)), 1);
        assert_eq!(hours(month, at(-600), at(60 * 24 * 90)), month.hours());
        assert_eq!(hours(month, at(60), at(0)), 0);
    }
}
