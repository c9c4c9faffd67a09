//! The questions that STS operations put to the policies, with STS's condition keys.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html>

use alcazar_base::AccountId;
use alcazar_engine::{Check, Rule};
use alcazar_policy::Context;

/// A question about `resource`, an ARN or `*`, which `owner` owns.
#[must_use]
pub(crate) fn check(
    action: &'static str,
    resource: String,
    owner: AccountId,
    resource_type: &'static str,
    rule: Rule,
) -> Check {
    Check {
        action,
        resource,
        owner,
        resource_type,
        rule,
        context: Context::new(),
        beyond_resource_control: false,
        denial: None,
        charges: Vec::new(),
    }
}
