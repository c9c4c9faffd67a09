//! Event buses and rules by what requests call them, and their ARNs.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html>

use alcazar_base::{AccountId, Arn, Region};
use alcazar_engine::CallInfo;

/// The bus that every account has in every region.
pub(crate) const DEFAULT_BUS: &str = "default";

/// Which bus is meant, whether it is there or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BusId {
    /// The account that it is in.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// Its name.
    pub name: String,
}

impl BusId {
    /// The bus that a request names, by its name or its ARN; the default one if it names none.
    #[must_use]
    pub(crate) fn named(call: &CallInfo, text: Option<&str>) -> Self {
        let own =
            |name: &str| Self { account: call.account(), region: call.region.clone(), name: name.to_owned() };
        let Some(text) = text else { return own(DEFAULT_BUS) };
        Self::of_arn(text).unwrap_or_else(|| own(text))
    }

    /// The default bus of an account in a region.
    #[must_use]
    pub(crate) fn default_of(account: AccountId, region: Region) -> Self {
        Self { account, region, name: DEFAULT_BUS.to_owned() }
    }

    /// The bus of an ARN.
    #[must_use]
    pub(crate) fn of_arn(text: &str) -> Option<Self> {
        let arn: Arn = text.parse().ok().filter(|arn: &Arn| arn.service == "events")?;
        let name = arn.resource.strip_prefix("event-bus/").filter(|name| !name.is_empty())?.to_owned();
        Some(Self { account: arn.account.parse().ok()?, region: arn.region.parse().ok()?, name })
    }

    /// Whether it is the bus that every account has.
    #[must_use]
    pub(crate) fn is_default(&self) -> bool {
        self.name == DEFAULT_BUS
    }

    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        self.with(&format!("event-bus/{}", self.name))
    }

    /// The ARN of a rule on it.
    #[must_use]
    pub(crate) fn rule_arn(&self, rule: &str) -> String {
        if self.is_default() {
            return self.with(&format!("rule/{rule}"));
        }
        self.with(&format!("rule/{}/{rule}", self.name))
    }

    fn with(&self, resource: &str) -> String {
        let Self { account, region, .. } = self;
        format!("arn:{}:events:{region}:{account}:{resource}", region.partition().as_str())
    }
}

/// Something that has tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TaggedId {
    /// A bus.
    Bus(BusId),
    /// A rule of this name on a bus.
    Rule(BusId, String),
}

impl TaggedId {
    /// What an ARN names.
    #[must_use]
    pub(crate) fn of_arn(text: &str) -> Option<Self> {
        if let Some(bus) = BusId::of_arn(text) {
            return Some(Self::Bus(bus));
        }
        let arn: Arn = text.parse().ok().filter(|arn: &Arn| arn.service == "events")?;
        let (account, region) = (arn.account.parse().ok()?, arn.region.parse().ok()?);
        let rest = arn.resource.strip_prefix("rule/").filter(|rest| !rest.is_empty())?;
        // Names of rules hold no slash; those of partners' buses do.
        let (bus, rule) = rest.rsplit_once('/').unwrap_or((DEFAULT_BUS, rest));
        let (name, rule) = (bus.to_owned(), rule.to_owned());
        Some(Self::Rule(BusId { account, region, name }, rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_read_as_they_are_written() {
        for text in [
            "arn:aws:events:eu-west-1:111122223333:event-bus/default",
            "arn:aws:events:eu-west-1:111122223333:event-bus/orders",
            "arn:aws:events:eu-west-1:111122223333:rule/on-default",
            "arn:aws:events:eu-west-1:111122223333:rule/orders/on-custom",
            "arn:aws-cn:events:cn-north-1:111122223333:rule/r",
        ] {
            let written = match TaggedId::of_arn(text).unwrap() {
                TaggedId::Bus(bus) => bus.arn(),
                TaggedId::Rule(bus, rule) => bus.rule_arn(&rule),
            };
            assert_eq!(written, text);
        }
        for bad in ["default", "arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:events:eu-west-1:1:rule/r"] {
            assert_eq!(TaggedId::of_arn(bad), None, "{bad}");
        }
    }
}
