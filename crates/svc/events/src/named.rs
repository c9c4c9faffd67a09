//! The bus and the rule that a request names, as far as they are there.
//!
//! Whoever may not ask about them does not learn whether they are.

use std::sync::Arc;

use alcazar_engine::{CallInfo, Check, Reads, Result, Rule as PolicyRule};
use alcazar_identity::tag::Tag;
use alcazar_policy::CompiledPolicy;

use crate::arn::BusId;
use crate::bus::{self, Bus};
use crate::rule::{self, Rule};
use crate::{access, error};

/// A bus that a request names.
pub struct NamedBus {
    pub(crate) id: BusId,
    pub(crate) bus: Option<Arc<Bus>>,
    policy: Option<Arc<CompiledPolicy>>,
}

impl NamedBus {
    /// Finds the bus of a name or ARN; the default one without any.
    pub(crate) async fn find(reads: &mut Reads<'_>, text: Option<&str>) -> Result<Self> {
        let id = BusId::named(reads.call(), text);
        // Operations work in their own region alone.
        let found = if id.region == *reads.region() { bus::find(reads, &id).await? } else { None };
        let policy = found.as_ref().map(|bus| bus.compiled_policy()).transpose()?.flatten();
        Ok(Self { id, bus: found, policy })
    }

    /// Finds a bus of the caller's own, by its name.
    pub(crate) async fn own(reads: &mut Reads<'_>, name: &str) -> Result<Self> {
        let (account, region) = (reads.account(), reads.region().clone());
        let id = BusId { account, region, name: name.to_owned() };
        Self::find(reads, Some(&id.arn())).await
    }

    /// The bus.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn bus(&self) -> Result<&Arc<Bus>> {
        Ok(self.bus.as_ref().ok_or_else(|| error::bus_not_found(&self.id.name))?)
    }

    /// How the bus's policy counts.
    pub(crate) fn policy(&self) -> PolicyRule {
        self.policy.clone().map_or(PolicyRule::IdentityOnly, PolicyRule::ResourcePolicy)
    }

    /// The question whether the caller may do `action` on the bus.
    pub(crate) fn check(&self, action: &'static str) -> Check {
        let check = Check::new(action, self.id.arn(), access::BUS_TYPE, self.id.account);
        let mut check = Check { rule: self.policy(), ..check };
        if let Some(bus) = &self.bus {
            check.context.add_resource_tags(bus.tags.iter().map(Tag::pair));
        }
        check
    }
}

/// A rule that a request names.
pub struct NamedRule {
    pub(crate) on: NamedBus,
    pub(crate) name: String,
    pub(crate) rule: Option<Arc<Rule>>,
}

impl NamedRule {
    /// Finds a rule on a bus.
    pub(crate) async fn find(reads: &mut Reads<'_>, bus: Option<&str>, name: &str) -> Result<Self> {
        let on = NamedBus::find(reads, bus).await?;
        let rule = match &on.bus {
            Some(_) => rule::find(reads, &on.id, name).await?,
            None => None,
        };
        Ok(Self { on, name: name.to_owned(), rule })
    }

    /// The rule.
    ///
    /// # Errors
    /// There is none, or no such bus.
    pub(crate) fn rule(&self) -> Result<&Arc<Rule>> {
        self.on.bus()?;
        Ok(self.rule.as_ref().ok_or_else(|| error::rule_not_found(&self.name, &self.on.id.name))?)
    }

    /// The question whether the caller may do `action` on the rule.
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let arn = self.on.id.rule_arn(&self.name);
        let check = Check::new(action, arn, access::RULE_TYPE, self.on.id.account);
        let mut check = Check { rule: self.on.policy(), ..check };
        let made_by = self.rule.as_ref().map_or(call.account(), |rule| rule.created_by);
        check.context.insert("events:creatorAccount", made_by.to_string());
        if let Some(rule) = &self.rule {
            check.context.add_resource_tags(rule.tags.iter().map(Tag::pair));
        }
        check
    }

    /// The same of what changes the rule.
    pub(crate) fn check_change(&self, call: &CallInfo, action: &'static str) -> Check {
        let mut check = self.check(call, action);
        if let Some(service) = self.rule.as_ref().and_then(|rule| rule.managed_by.clone()) {
            check.context.insert("events:ManagedBy", service);
        }
        check
    }
}
