//! The record of a parameter, its name, and finding it.
//!
//! What always holds: the latest version stands in the parameter's own record; older ones have records of their own,
//! from the oldest number on without a gap but for those that were pushed out. A label belongs to one version, and that
//! version is there.

use std::sync::Arc;

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_crypto::entropy::random;
use alcazar_engine::{Cx, Name, Reads, Result};
use alcazar_identity::tag::Tag;
use minicbor::{Decode, Encode};

use crate::billing;
use crate::index;
use crate::name;
use crate::reference::{Reference, Selected, Selector};
use crate::resource_policy::ResourcePolicy;
use crate::sharing;
use crate::version::{self, Version};

const TABLE: &str = "ssm.parameter";

/// A parameter. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Parameter {
    /// The owner.
    #[n(0)]
    pub(crate) account: AccountId,
    /// Where it is.
    #[n(1)]
    pub(crate) region: Region,
    /// Its name, as it was spelled when it was made.
    #[n(2)]
    pub(crate) name: String,
    /// Tells it from other parameters that had its name before.
    #[n(3)]
    pub(crate) id: String,
    /// When it was made.
    #[n(4)]
    pub(crate) created: Timestamp,
    /// The latest version.
    #[n(5)]
    pub(crate) latest: Version,
    /// The number of the oldest version that is there.
    #[n(6)]
    pub(crate) oldest: u64,
    /// The labels of all versions.
    #[n(7)]
    pub(crate) labels: Vec<Label>,
    /// Its tags, in the order in which they were put on.
    #[n(8)]
    pub(crate) tags: Vec<Tag>,
    /// Its resource policies.
    #[n(9)]
    pub(crate) resource_policies: Vec<ResourcePolicy>,
    /// Since when it is of the advanced tier, which is billed.
    #[n(10)]
    pub(crate) advanced_since: Option<Timestamp>,
}

/// A label on a version.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Label {
    /// The label.
    #[n(0)]
    pub(crate) label: String,
    /// The version's number.
    #[n(1)]
    pub(crate) version: u64,
}

impl Parameter {
    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        name::arn(self.account, &self.region, &self.name)
    }

    /// The name of its record.
    #[must_use]
    pub(crate) fn record_name(&self, keyring: &Keyring) -> Name {
        record_name(keyring, self.account, &self.region, &self.name)
    }

    /// The labels of a version.
    pub(crate) fn labels_of(&self, version: u64) -> impl Iterator<Item = &str> {
        self.labels.iter().filter(move |label| label.version == version).map(|label| label.label.as_str())
    }

    /// The number of the version that a selector names; it may not be there.
    #[must_use]
    pub(crate) fn number_of(&self, selector: Option<&Selector>) -> Option<u64> {
        match selector.map(|selector| &selector.version) {
            None => Some(self.latest.number),
            Some(Selected::Number(number)) => Some(*number),
            Some(Selected::Label(wanted)) => {
                self.labels.iter().find(|label| label.label == *wanted).map(|label| label.version)
            }
        }
    }

    /// A version by its number, if it is there.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn version(&self, reads: &mut Reads<'_>, number: u64) -> Result<Option<Arc<Version>>> {
        if number == self.latest.number {
            return Ok(Some(Arc::new(self.latest.clone())));
        }
        if !(self.oldest..self.latest.number).contains(&number) {
            return Ok(None);
        }
        let name = version::record_name(&reads.keyring(), self, number);
        reads.get(&name).await
    }
}

/// The name of a parameter's record.
#[must_use]
pub(crate) fn record_name(keyring: &Keyring, account: AccountId, region: &Region, name: &str) -> Name {
    Name::table(TABLE)
        .part(account.as_str())
        .part(region.as_str())
        .blind(keyring, &name::path_of(name))
        .name()
}

/// The parameter that a request names.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(reads: &mut Reads<'_>, reference: &Reference) -> Result<Option<Arc<Parameter>>> {
    of_name(reads, reference.account, &reference.region, &reference.name).await
}

/// The parameter of a name.
///
/// # Errors
/// The store failed.
pub(crate) async fn of_name(
    reads: &mut Reads<'_>,
    account: AccountId,
    region: &Region,
    name: &str,
) -> Result<Option<Arc<Parameter>>> {
    let record = record_name(&reads.keyring(), account, region, name);
    reads.get(&record).await
}

/// Writes a parameter in place of what was there, and what finds it.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn put(cx: &mut Cx<'_>, before: Option<&Parameter>, parameter: Parameter) -> Result<()> {
    index::update(cx, before, Some(&parameter))?;
    sharing::update(cx, before, Some(&parameter))?;
    billing::update(cx, before, Some(&parameter))?;
    let name = parameter.record_name(&cx.keyring());
    cx.put(name, parameter)
}

/// Deletes a parameter with its versions.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn delete(cx: &mut Cx<'_>, parameter: &Parameter) -> Result<()> {
    let keyring = cx.keyring();
    index::update(cx, Some(parameter), None)?;
    sharing::update(cx, Some(parameter), None)?;
    billing::update(cx, Some(parameter), None)?;
    for number in parameter.oldest..parameter.latest.number {
        cx.delete(version::record_name(&keyring, parameter, number))?;
    }
    cx.delete(parameter.record_name(&keyring))
}

/// A unique id.
///
/// # Errors
/// Randomness failed.
pub(crate) fn new_id(cx: &Cx<'_>) -> Result<String> {
    Ok(hex::encode(random::<16>(cx.entropy())?))
}
