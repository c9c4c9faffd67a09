//! Request rates: the usual ones, and the higher ones of accounts that have high throughput in a region.
//!
//! Like all request rates they hold where the operator has switched them on. Which one a call draws from is a setting of
//! the account that calls.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-throughput.html>

use alcazar_engine::{Charge, Quota, Reads, Result};

use crate::{quota, setting};

/// The rates of an operation.
#[derive(Debug)]
pub(crate) struct Throughput {
    usual: &'static Quota,
    high: &'static Quota,
}

/// `GetParameter`.
pub(crate) const GET_ONE: Throughput = Throughput { usual: &quota::READ, high: &quota::GET_ONE_HIGH };
/// `GetParameters`.
pub(crate) const GET_SOME: Throughput = Throughput { usual: &quota::READ, high: &quota::GET_SOME_HIGH };
/// `GetParametersByPath`.
pub(crate) const GET_BY_PATH: Throughput = Throughput { usual: &quota::READ, high: &quota::GET_BY_PATH_HIGH };
/// `PutParameter`.
pub(crate) const PUT: Throughput = Throughput { usual: &quota::PUT, high: &quota::PUT_HIGH };

impl Throughput {
    /// Draws one call of the operation, before it looks at anything else.
    ///
    /// # Errors
    /// The store failed, or the call is throttled.
    pub(crate) async fn draw(&self, reads: &mut Reads<'_>) -> Result<()> {
        if !reads.call().request_rates {
            return Ok(());
        }
        let quota = if setting::has_high_throughput(reads).await? { self.high } else { self.usual };
        reads.draw(&alcazar_api_ssm::SERVICE, Charge::one(quota))
    }
}
