//! What a month costs, as it is told to the operator.

use std::collections::VecDeque;

use alcazar_base::Month;
use alcazar_engine::cost::{Billed, Cost as Found};
use alcazar_engine::{Cloud, Result};
use alcazar_svc_kms::price;
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CostFilter {
    /// The month; none for the present one.
    pub(crate) month: Option<String>,
    /// Only this account.
    pub(crate) account: Option<String>,
    /// Only this region.
    pub(crate) region: Option<String>,
    /// Only this key, by its id or ARN.
    pub(crate) key: Option<String>,
}

/// What a resource cost, or what an account has of a service in a region. Amounts are billionths of a US dollar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// The month.
    pub(crate) month: String,
    /// The account that pays.
    pub(crate) account: String,
    /// The region.
    pub(crate) region: String,
    /// The service, e.g. `kms`.
    pub(crate) service: String,
    /// The ARN; empty for what was about nothing in particular.
    pub(crate) resource: String,
    /// For how many hours it is billed.
    pub(crate) hours: u64,
    /// What those cost.
    pub(crate) hours_nano_usd: u64,
    /// The requests by class.
    pub(crate) requests: Vec<Requests>,
}

/// The requests of a class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Requests {
    /// The class.
    pub(crate) class: String,
    /// How many.
    pub(crate) count: u64,
    /// What they cost before anything is free.
    pub(crate) nano_usd: u64,
    /// Whether they count towards what is free.
    pub(crate) may_be_free: bool,
}

impl CostFilter {
    fn takes(&self, cost: &Found) -> bool {
        let is = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted == found);
        let key_id = cost.resource.split_once(":key/").map(|(_, id)| id);
        let is_key = |key: &String| *key == cost.resource || Some(key.as_str()) == key_id;
        is(&self.account, &cost.account)
            && is(&self.region, &cost.region)
            && self.key.as_ref().is_none_or(is_key)
    }
}

/// The costs that are asked for: one service's after the other's, each in the order of accounts, regions and resources.
pub(crate) struct CostList<'a> {
    month: Month,
    filter: &'a CostFilter,
    services: VecDeque<Billed<'a>>,
}

impl<'a> CostList<'a> {
    /// Begins with the first.
    ///
    /// # Errors
    /// The records or the audit log cannot be read.
    pub(crate) async fn begin(cloud: &'a Cloud, filter: &'a CostFilter) -> Result<Self> {
        let month = filter.month.as_ref().and_then(|month| month.parse().ok());
        let month = month.unwrap_or_else(|| Month::of(cloud.now()));
        Ok(Self { month, filter, services: cloud.costs(month).await? })
    }

    /// The next one; none at the end.
    ///
    /// # Errors
    /// The records cannot be read.
    pub(crate) async fn next(&mut self) -> Result<Option<Cost>> {
        while let Some(billed) = self.services.front_mut() {
            match billed.costs.next().await? {
                Some(cost) if self.filter.takes(&cost) => {
                    return Ok(Some(told(self.month, billed.service, cost)));
                }
                Some(_) => {}
                None => drop(self.services.pop_front()),
            }
        }
        Ok(None)
    }
}

fn told(month: Month, service: &str, cost: Found) -> Cost {
    let requests = cost.requests.into_iter().map(|requests| Requests {
        may_be_free: requests.class == price::REQUESTS,
        class: requests.class,
        count: requests.count,
        nano_usd: requests.cost.as_nano_usd(),
    });
    Cost {
        month: month.to_string(),
        account: cost.account,
        region: cost.region,
        service: service.to_owned(),
        resource: cost.resource,
        hours: cost.hours,
        hours_nano_usd: cost.hours_cost.as_nano_usd(),
        requests: requests.collect(),
    }
}
