//! What other accounts share with an account: an index of the accounts that resource policies name.
//!
//! On AWS `DescribeParameters` with `Shared` lists what stands in a resource share of the Resource Access Manager, into
//! which a resource policy is promoted. There is no such manager here, so what it lists is what the policies say by
//! themselves: a parameter is shared with an account if its policy names the whole account, without a condition, and
//! lets it do `ssm:DescribeParameters`, as both of the manager's own permissions do. Who is let in as a user, a role or
//! a member of an organization reads by ARN, and finds nothing listed.
//!
//! An entry is there for just as long as the policy says so, so a list costs what it tells.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html>

use std::collections::BTreeSet;

use alcazar_base::{AccountId, Region};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, NameBuilder, Result};
use minicbor::{Decode, Encode};

use crate::name;
use crate::parameter::Parameter;

const TABLE: &str = "ssm.shared";

/// A parameter that is shared with an account. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Shared {
    /// The owner.
    #[n(0)]
    pub(crate) owner: AccountId,
    /// The parameter's name.
    #[n(1)]
    pub(crate) name: String,
}

/// All that others share with an account in a region: records of [`Shared`], in the order of their owners.
#[must_use]
pub(crate) fn range(account: AccountId, region: &Region) -> NameRange {
    begin(account, region).range()
}

/// Writes the entries that a parameter's policies ask for and did not before, and deletes those that they do not ask for
/// any more.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn update(cx: &mut Cx<'_>, before: Option<&Parameter>, after: Option<&Parameter>) -> Result<()> {
    let (had, has) = (accounts(before), accounts(after));
    let Some(parameter) = after.or(before).filter(|_| had != has) else { return Ok(()) };
    let keyring = cx.keyring();
    for account in had.difference(&has) {
        cx.delete(entry(&keyring, *account, parameter))?;
    }
    for account in has.difference(&had) {
        let shared = Shared { owner: parameter.account, name: parameter.name.clone() };
        cx.put(entry(&keyring, *account, parameter), shared)?;
    }
    Ok(())
}

/// Whether a parameter is shared with another account.
#[must_use]
pub(crate) fn is_shared_with(parameter: &Parameter, account: AccountId) -> bool {
    accounts(Some(parameter)).contains(&account)
}

/// The other accounts that a parameter is shared with.
fn accounts(parameter: Option<&Parameter>) -> BTreeSet<AccountId> {
    let Some(parameter) = parameter else { return BTreeSet::new() };
    let named = parameter.resource_policies.iter().flat_map(|policy| policy.accounts());
    named.filter(|account| *account != parameter.account).collect()
}

fn begin(account: AccountId, region: &Region) -> NameBuilder {
    Name::table(TABLE).part(account.as_str()).part(region.as_str())
}

fn entry(keyring: &Keyring, account: AccountId, parameter: &Parameter) -> Name {
    let path = name::path_of(&parameter.name);
    begin(account, &parameter.region).part(parameter.account.as_str()).blind(keyring, &path).name()
}
