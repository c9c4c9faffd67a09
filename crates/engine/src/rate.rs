//! Request rates: a bucket for each account, region and quota, refilled as time passes.
//!
//! A bucket holds one second's worth of requests, and one at least. A call that would have to draw more than is left
//! from any of its buckets is throttled, and draws nothing. Each call draws once, however often it starts again after a
//! conflict. It is the caller's account that draws, whose resources ever it touches.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html#about-rate-limits>

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_shape::common_error::THROTTLING;
use alcazar_shape::{OperationModel, ServiceModel};
use lru::LruCache;

use crate::error::Result;
use crate::operation::Service;
use crate::quota::{Quota, QuotaKind, QuotaSettings, Rate};

/// The most buckets that are held; of more, the longest unused are dropped, and are full when they come back.
const BUCKETS_MAX: NonZeroUsize = match NonZeroUsize::new(64 * 1024) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// One request, in what buckets count by: millionths, since a rate in thousandths refills so many each millisecond.
const REQUEST: u64 = 1_000_000;

/// What a call draws from a request rate.
#[derive(Debug)]
pub struct Charge {
    /// The rate.
    pub quota: &'static Quota,
    /// The region whose bucket is drawn from, if not that of the call.
    pub region: Option<Region>,
    /// How many requests it counts as.
    pub requests: u32,
}

impl Charge {
    /// One request, in the region of the call.
    #[must_use]
    pub const fn one(quota: &'static Quota) -> Self {
        Self { quota, region: None, requests: 1 }
    }
}

/// All request rates, if any holds.
pub(crate) struct Rates {
    settings: QuotaSettings,
    /// The quota that an operation draws from whatever it touches, by service and operation.
    by_operation: HashMap<(&'static str, &'static str), &'static Quota>,
    /// What each service says when it throttles.
    texts: HashMap<&'static str, &'static str>,
    buckets: Mutex<LruCache<BucketName, Bucket>>,
}

type BucketName = (AccountId, Region, &'static str);

struct Bucket {
    left: u64,
    filled: Timestamp,
}

impl Rates {
    /// The rates that hold by these settings; none if none does.
    pub(crate) fn new(settings: &QuotaSettings, services: &[&'static Service]) -> Option<Self> {
        if !settings.has_rates() {
            return None;
        }
        let mut by_operation = HashMap::new();
        for service in services {
            for quota in service.quotas {
                let QuotaKind::RequestRate { operations, .. } = &quota.kind else { continue };
                by_operation.extend(operations.iter().map(|name| ((service.model.name, *name), quota)));
            }
        }
        Some(Self {
            settings: settings.clone(),
            by_operation,
            texts: services.iter().map(|service| (service.model.name, service.throttling)).collect(),
            buckets: Mutex::new(LruCache::new(BUCKETS_MAX)),
        })
    }

    /// What an operation draws whatever it touches.
    pub(crate) fn of_operation(&self, model: &OperationModel) -> Option<Charge> {
        self.by_operation.get(&(model.service.name, model.name)).map(|quota| Charge::one(quota))
    }

    /// Draws all of `charges`, or nothing.
    ///
    /// # Errors
    /// The call is throttled.
    pub(crate) fn draw(
        &self,
        service: &ServiceModel,
        account: AccountId,
        region: &Region,
        now: Timestamp,
        charges: &[Charge],
    ) -> Result<()> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut drawn = Vec::with_capacity(charges.len());
        for charge in charges {
            let region = charge.region.as_ref().unwrap_or(region);
            let Some(rate) = self.settings.rate(charge.quota, region) else { continue };
            let name = (account, region.clone(), charge.quota.name);
            let cost = u64::from(charge.requests).saturating_mul(REQUEST);
            if buckets.get_or_insert_mut(name.clone(), || Bucket::full(rate, now)).draw(rate, now, cost) {
                drawn.push((name, cost));
                continue;
            }
            for (name, cost) in drawn {
                if let Some(bucket) = buckets.get_mut(&name) {
                    bucket.left = bucket.left.saturating_add(cost);
                }
            }
            let text = self.texts.get(service.name).copied().unwrap_or("Rate exceeded");
            return Err(THROTTLING.because(text).into());
        }
        Ok(())
    }
}

impl Bucket {
    fn full(rate: Rate, now: Timestamp) -> Self {
        Self { left: Self::size(rate), filled: now }
    }

    /// One second's worth, and room for one request at least.
    fn size(rate: Rate) -> u64 {
        rate.as_thousandths().saturating_mul(1000).max(REQUEST)
    }

    /// Draws `cost` if so much is left. What costs more than a bucket holds empties a full one.
    fn draw(&mut self, rate: Rate, now: Timestamp, cost: u64) -> bool {
        // A clock that was set back refills nothing, and counts from there.
        let passed = now.as_millis().saturating_sub(self.filled.as_millis());
        let refill = u64::try_from(passed).unwrap_or(0).saturating_mul(rate.as_thousandths());
        self.left = self.left.saturating_add(refill).min(Self::size(rate));
        self.filled = now;
        match self.left.checked_sub(cost.min(Self::size(rate))) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many requests a bucket gives at a time, up to 100.
    fn requests(bucket: &mut Bucket, rate: Rate, millis: i64) -> usize {
        let now = Timestamp::from_millis(millis);
        (0..100).take_while(|_| bucket.draw(rate, now, REQUEST)).count()
    }

    #[test]
    fn a_bucket_gives_a_second_s_worth_at_once_and_refills_as_time_passes() {
        let rate = Rate::per_second(5);
        let mut bucket = Bucket::full(rate, Timestamp::from_millis(0));
        assert_eq!(requests(&mut bucket, rate, 0), 5);
        assert_eq!(requests(&mut bucket, rate, 199), 0);
        assert_eq!(requests(&mut bucket, rate, 200), 1);
        assert_eq!(requests(&mut bucket, rate, 800), 3);
        assert_eq!(requests(&mut bucket, rate, 100_000), 5);
    }

    #[test]
    fn a_rate_below_one_gives_one_request_in_its_time() {
        let rate = Rate::thousandths(100);
        let mut bucket = Bucket::full(rate, Timestamp::from_millis(0));
        assert_eq!(requests(&mut bucket, rate, 0), 1);
        assert_eq!(requests(&mut bucket, rate, 9_999), 0);
        assert_eq!(requests(&mut bucket, rate, 10_000), 1);
        assert_eq!(requests(&mut bucket, rate, 3_600_000), 1);
    }

    #[test]
    fn a_clock_set_back_gives_nothing_and_goes_on_from_there() {
        let rate = Rate::per_second(1);
        let mut bucket = Bucket::full(rate, Timestamp::from_millis(5_000));
        assert_eq!(requests(&mut bucket, rate, 5_000), 1);
        assert_eq!(requests(&mut bucket, rate, 0), 0);
        assert_eq!(requests(&mut bucket, rate, 1_000), 1);
    }

    #[test]
    fn what_counts_as_more_than_a_bucket_holds_empties_it() {
        let rate = Rate::per_second(1);
        let mut bucket = Bucket::full(rate, Timestamp::from_millis(0));
        assert!(bucket.draw(rate, Timestamp::from_millis(0), 2 * REQUEST));
        assert!(!bucket.draw(rate, Timestamp::from_millis(0), REQUEST));
    }
}
