//! Rules: their records, with their targets, and finding them.

use std::sync::Arc;

use alcazar_api_events::types::RuleState;
use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, NameBuilder, Reads, Result};
use minicbor::{Decode, Encode};

use crate::arn::BusId;
use crate::tag::Tag;
use crate::target::Target;
use crate::{error, quota};

/// What the names of rules begin with.
pub(crate) const TABLE: &str = "events.rule";

/// How many rules of a bus are read: more than there may be, unless an operator allows it.
pub(crate) const RULES_READ: usize = 10_000;

/// A rule.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Rule {
    /// The account of its bus.
    #[n(0)]
    pub account: AccountId,
    /// The region.
    #[n(1)]
    pub region: Region,
    /// Its bus.
    #[n(2)]
    pub bus: String,
    /// Its name.
    #[n(3)]
    pub name: String,
    /// Which events it is for.
    #[n(4)]
    pub pattern: Option<String>,
    /// When it acts by itself.
    #[n(5)]
    pub schedule: Option<String>,
    /// Whether it acts.
    #[n(6)]
    pub state: State,
    /// What it is for.
    #[n(7)]
    pub description: Option<String>,
    /// The role for its targets.
    #[n(8)]
    pub role_arn: Option<String>,
    /// The service that made it and keeps it.
    #[n(9)]
    pub managed_by: Option<String>,
    /// The account that made it.
    #[n(10)]
    pub created_by: AccountId,
    /// Its tags, in the order of their keys.
    #[n(11)]
    pub tags: Vec<Tag>,
    /// Its targets, in the order of their ids.
    #[n(12)]
    pub targets: Vec<Target>,
    /// Since when it acts as it does: what happened before does not concern it.
    #[n(13)]
    pub since: Timestamp,
    /// When its schedule comes next.
    #[n(14)]
    pub next: Option<Timestamp>,
}

/// Whether a rule acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum State {
    /// On everything but the calls that only read.
    #[n(0)]
    Enabled,
    /// On nothing.
    #[n(1)]
    Disabled,
    /// On everything.
    #[n(2)]
    EnabledWithReads,
}

impl From<RuleState> for State {
    fn from(state: RuleState) -> Self {
        match state {
            RuleState::Enabled => Self::Enabled,
            RuleState::Disabled => Self::Disabled,
            RuleState::EnabledWithAllCloudtrailManagementEvents => Self::EnabledWithReads,
        }
    }
}

impl From<State> for RuleState {
    fn from(state: State) -> Self {
        match state {
            State::Enabled => Self::Enabled,
            State::Disabled => Self::Disabled,
            State::EnabledWithReads => Self::EnabledWithAllCloudtrailManagementEvents,
        }
    }
}

impl Rule {
    /// The bus that it is on.
    #[must_use]
    pub(crate) fn bus_id(&self) -> BusId {
        BusId { account: self.account, region: self.region.clone(), name: self.bus.clone() }
    }

    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        self.bus_id().rule_arn(&self.name)
    }

    /// Whether it acts at all.
    #[must_use]
    pub(crate) fn is_enabled(&self) -> bool {
        self.state != State::Disabled
    }

    /// Its target of this id.
    #[must_use]
    pub(crate) fn target(&self, id: &str) -> Option<&Target> {
        self.targets.iter().find(|target| target.id == id)
    }

    /// Passes if no service keeps the rule, or the caller knows and insists.
    ///
    /// # Errors
    /// The rule is a service's.
    pub(crate) fn check_unmanaged(&self, force: Option<bool>) -> Result<()> {
        match &self.managed_by {
            Some(service) if force != Some(true) => Err(error::rule::managed(&self.name, service).into()),
            _ => Ok(()),
        }
    }
}

fn on_bus(keyring: &Keyring, bus: &BusId) -> NameBuilder {
    Name::table(TABLE).part(bus.account.as_str()).part(bus.region.as_str()).blind(keyring, &bus.name)
}

/// The record of a rule.
#[must_use]
pub(crate) fn name(keyring: &Keyring, bus: &BusId, rule: &str) -> Name {
    on_bus(keyring, bus).blind(keyring, rule).name()
}

/// The length of what stands last in the name of a rule's record, after what all rules of its bus share.
pub(crate) const LAST_PART_BYTES: usize = 16;

/// The rules of a bus.
#[must_use]
pub(crate) fn range(keyring: &Keyring, bus: &BusId) -> NameRange {
    on_bus(keyring, bus).range()
}

/// What the names of a bus's rules begin with.
#[must_use]
pub(crate) fn prefix(keyring: &Keyring, bus: &BusId) -> bytes::Bytes {
    on_bus(keyring, bus).prefix()
}

/// A rule, if it is there.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(reads: &mut Reads<'_>, bus: &BusId, rule: &str) -> Result<Option<Arc<Rule>>> {
    let name = name(&reads.keyring(), bus, rule);
    reads.get(&name).await
}

/// The rules of a bus, in the order of their names.
///
/// # Errors
/// The store failed.
pub(crate) async fn all(reads: &mut Reads<'_>, bus: &BusId) -> Result<Vec<Arc<Rule>>> {
    let range = range(&reads.keyring(), bus);
    let mut rules: Vec<_> =
        reads.scan::<Rule>(&range, RULES_READ).await?.into_iter().map(|(_, rule)| rule).collect();
    rules.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(rules)
}

/// Stores a rule.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, rule: Rule) -> Result<()> {
    let name = name(&cx.keyring(), &rule.bus_id(), &rule.name);
    cx.put(name, rule)
}

/// Stores a new rule.
///
/// # Errors
/// The bus has as many as it may have, or the record cannot be sealed.
pub(crate) async fn put_new(cx: &mut Cx<'_>, rule: Rule) -> Result<()> {
    let keyring = cx.keyring();
    let name = name(&keyring, &rule.bus_id(), &rule.name);
    if let Some(most) = cx.quota(&quota::RULES) {
        let room = cx.room_for(&name, &range(&keyring, &rule.bus_id()), most).await?;
        room.map_err(|_| error::limit_exceeded())?;
    }
    cx.put(name, rule)
}

/// Deletes a rule.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn delete(cx: &mut Cx<'_>, rule: &Rule) -> Result<()> {
    let name = name(&cx.keyring(), &rule.bus_id(), &rule.name);
    cx.delete(name)
}
