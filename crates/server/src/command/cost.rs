//! `alcazar cost`: what the keys and parameters of a month cost, asked of the server if one runs on the data directory.
//!
//! What an account has free is taken off the account's total, and only where all of its regions and keys are shown:
//! it is free of all of them together.

use std::collections::BTreeMap;

use std::sync::Arc;

use alcazar_base::Month;
use alcazar_engine::Cloud;
use alcazar_engine::cost::Money;
use alcazar_svc_kms::price::{FREE_REQUESTS, REQUESTS, of_request};
use serde_json::{Value as Json, json};

use super::{Context, Result};
use crate::cli::{CostArgs, CostFormat};
use crate::control::Client;
use crate::cost::{Cost, CostFilter, CostList};
use crate::output;
use crate::serve::assembly::{self, Foundation};
use alcazar_engine::port::outbound::NoOutbound;

/// The service whose costs are told by themselves, beside those of the keys.
const PARAMETERS: &str = "ssm";

/// The costs by account and region.
type Grouped = BTreeMap<String, BTreeMap<String, Vec<Cost>>>;

pub(super) async fn run(arguments: &CostArgs) -> Result<()> {
    let context = Context::common(&arguments.common)?;
    let month = arguments.month.unwrap_or_else(|| Month::of(context.ports.clock.now()));
    let filter = CostFilter {
        month: arguments.month.map(|month| month.to_string()),
        account: arguments.account.map(|account| account.to_string()),
        region: arguments.region.as_ref().map(ToString::to_string),
        key: arguments.key.clone(),
    };
    let costs = gather(&context, &filter).await?;
    // A server in development mode has a clock, and so a present month, of its own.
    let month = costs.first().map_or_else(|| month.to_string(), |cost| cost.month.clone());
    let report =
        Report { month, has_all: filter.region.is_none() && filter.key.is_none(), accounts: group(costs) };
    match arguments.format {
        CostFormat::Table => report.show(),
        CostFormat::Json => drop(output::answer(report.to_json())),
    }
    Ok(())
}

async fn gather(context: &Context, filter: &CostFilter) -> Result<Vec<Cost>> {
    let mut costs = Vec::new();
    if let Some(server) = Client::connect(context.data_dir.path()) {
        server.costs(filter, &mut |cost| costs.push(cost))?;
        return Ok(costs);
    }
    let opened = context.data_dir.open(&context.secrets, &context.ports).await?;
    let cloud = assembly::cloud(
        Foundation::of(&opened, Arc::new(NoOutbound)),
        context.ports.clock.clone(),
        false,
        &context.settings.engine,
    );
    let outcome = gather_alone(&cloud, filter).await;
    drop(cloud);
    opened.close().await?;
    Ok(outcome?)
}

async fn gather_alone(cloud: &Cloud, filter: &CostFilter) -> alcazar_engine::Result<Vec<Cost>> {
    let mut costs = Vec::new();
    let mut list = CostList::begin(cloud, filter).await?;
    while let Some(cost) = list.next().await? {
        costs.push(cost);
    }
    Ok(costs)
}

fn group(costs: Vec<Cost>) -> Grouped {
    let mut grouped = Grouped::new();
    for cost in costs {
        let account = grouped.entry(cost.account.clone()).or_default();
        account.entry(cost.region.clone()).or_default().push(cost);
    }
    grouped
}

struct Report {
    month: String,
    /// Whether it shows all regions and keys of its accounts.
    has_all: bool,
    accounts: Grouped,
}

fn of_all(cost: &Cost) -> Money {
    let requests = cost.requests.iter().map(|requests| Money::from_nano_usd(requests.nano_usd));
    Money::from_nano_usd(cost.hours_nano_usd) + requests.sum()
}

/// What a number of requests cost that may be free.
fn of_free(count: u64) -> Money {
    of_request(REQUESTS).unwrap_or_default().times(count)
}

fn of_region(costs: &[Cost]) -> Money {
    costs.iter().map(of_all).sum()
}

impl Report {
    /// How many requests of an account are free.
    fn free_requests(&self, regions: &BTreeMap<String, Vec<Cost>>) -> u64 {
        let requests = regions.values().flatten().flat_map(|cost| &cost.requests);
        let count: u64 =
            requests.filter(|requests| requests.may_be_free).map(|requests| requests.count).sum();
        if self.has_all { count.min(FREE_REQUESTS) } else { 0 }
    }

    fn of_account(&self, regions: &BTreeMap<String, Vec<Cost>>) -> Money {
        let before: Money = regions.values().map(|costs| of_region(costs)).sum();
        before - of_free(self.free_requests(regions))
    }

    fn total(&self) -> Money {
        self.accounts.values().map(|regions| self.of_account(regions)).sum()
    }

    fn to_json(&self) -> Json {
        let accounts = self.accounts.iter().map(|(account, regions)| {
            let free = self.free_requests(regions);
            json!({
                "account": account,
                "regions": regions.iter().map(|(region, costs)| region_json(region, costs)).collect::<Vec<_>>(),
                "freeRequests": free,
                "freeTier": of_free(free).to_string(),
                "cost": self.of_account(regions).to_string(),
            })
        });
        json!({
            "month": self.month,
            "currency": "USD",
            "accounts": accounts.collect::<Vec<_>>(),
            "cost": self.total().to_string(),
        })
    }

    fn show(&self) {
        output::answer(format_args!("{} in USD, by AWS's public price list", self.month));
        for (account, regions) in &self.accounts {
            output::answer(format_args!("\naccount {account}"));
            for (region, costs) in regions {
                output::answer(format_args!("  {region}"));
                for cost in costs {
                    show_cost(cost);
                }
                line(4, "all of the region", of_region(costs));
            }
            let free = self.free_requests(regions);
            if free > 0 {
                line(2, &format!("{free} requests free, less"), of_free(free));
            }
            line(2, "all of the account", self.of_account(regions));
        }
        output::answer("");
        line(0, "total", self.total());
    }
}

fn show_cost(cost: &Cost) {
    let name = match cost.resource.rsplit_once(':') {
        _ if cost.service == PARAMETERS => "parameters",
        Some((_, name)) => name,
        None => "no key",
    };
    line(4, name, of_all(cost));
    if cost.hours > 0 {
        line(6, &format!("{} hours", cost.hours), Money::from_nano_usd(cost.hours_nano_usd));
    }
    for requests in &cost.requests {
        let what = format!("{} {}", requests.count, requests.class);
        line(6, &what, Money::from_nano_usd(requests.nano_usd));
    }
}

fn line(indent: usize, what: &str, cost: Money) {
    let cost = cost.to_string();
    output::answer(format_args!("{:indent$}{what:<width$}{cost:>20}", "", width = 60 - indent));
}

fn region_json(region: &str, costs: &[Cost]) -> Json {
    let (parameters, keys): (Vec<&Cost>, Vec<&Cost>) =
        costs.iter().partition(|cost| cost.service == PARAMETERS);
    let key = |cost: &&Cost| {
        json!({
            "resource": (!cost.resource.is_empty()).then_some(&cost.resource),
            "keyHours": cost.hours,
            "keyCost": Money::from_nano_usd(cost.hours_nano_usd).to_string(),
            "requests": requests_json(cost),
            "cost": of_all(cost).to_string(),
        })
    };
    let mut told = json!({
        "region": region,
        "keys": keys.iter().map(key).collect::<Vec<_>>(),
        "cost": of_region(costs).to_string(),
    });
    if let (Some(cost), Some(members)) = (parameters.first(), told.as_object_mut()) {
        let parameters = json!({
            "advancedHours": cost.hours,
            "advancedCost": Money::from_nano_usd(cost.hours_nano_usd).to_string(),
            "requests": requests_json(cost),
            "cost": of_all(cost).to_string(),
        });
        members.insert("parameters".to_owned(), parameters);
    }
    told
}

fn requests_json(cost: &Cost) -> Vec<Json> {
    let requests = cost.requests.iter().map(|requests| {
        json!({
            "class": requests.class,
            "count": requests.count,
            "cost": Money::from_nano_usd(requests.nano_usd).to_string(),
        })
    });
    requests.collect()
}
