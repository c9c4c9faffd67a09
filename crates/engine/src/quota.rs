//! Quotas: how much of something an account may have in a region, and how often it may ask.
//!
//! A service lists its quotas with AWS's defaults; the operator sets others. Quotas of resources always hold. Request
//! rates hold where the operator set them, or all of them if so switched: a server of one's own need not be slow
//! because AWS's is shared.
//!
//! Source: <https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html>

use std::collections::BTreeMap;

use alcazar_base::Region;

/// A quota of a service.
#[derive(Debug, PartialEq, Eq)]
pub struct Quota {
    /// What operators set it by, e.g. `kms.keys`.
    pub name: &'static str,
    /// What AWS calls it.
    pub title: &'static str,
    /// Its code in AWS's Service Quotas, where it is known.
    pub code: Option<&'static str>,
    /// What it limits, and AWS's default.
    pub kind: QuotaKind,
}

/// A quota of how much there may be of something.
#[must_use]
pub const fn resource(
    name: &'static str,
    title: &'static str,
    code: Option<&'static str>,
    default: u64,
) -> Quota {
    Quota { name, title, code, kind: QuotaKind::Resource(default) }
}

/// A quota of how often in a second operations may be called, the same in every region.
#[must_use]
pub const fn rate(
    name: &'static str,
    title: &'static str,
    code: Option<&'static str>,
    per_second: u64,
    operations: &'static [&'static str],
) -> Quota {
    let default = Rate::per_second(per_second);
    Quota { name, title, code, kind: QuotaKind::RequestRate { default, in_regions: &[], operations } }
}

/// What a quota limits.
#[derive(Debug, PartialEq, Eq)]
pub enum QuotaKind {
    /// How much there may be; the default.
    Resource(u64),
    /// How often operations may be called, all of them together.
    RequestRate {
        /// The default.
        default: Rate,
        /// The default in regions where it is another.
        in_regions: &'static [(&'static str, Rate)],
        /// The operations that draw from it whatever they touch. Others say so in
        /// [`Check::charges`](crate::Check::charges).
        operations: &'static [&'static str],
    },
}

/// Requests per second, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u64);

impl Rate {
    /// So many requests each second.
    #[must_use]
    pub const fn per_second(requests: u64) -> Self {
        Self(requests.saturating_mul(1000))
    }

    /// So many thousandths of a request each second.
    #[must_use]
    pub const fn thousandths(thousandths: u64) -> Self {
        Self(thousandths)
    }

    /// The same in thousandths.
    #[must_use]
    pub const fn as_thousandths(self) -> u64 {
        self.0
    }

    /// Reads a decimal number of requests per second, to the thousandth.
    fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) || fraction.len() > 3 {
            return None;
        }
        let thousandths: u64 = format!("{fraction:0<3}").parse().ok()?;
        Some(Self(whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(thousandths)?))
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0 / 1000, self.0 % 1000) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, thousandths) => {
                write!(f, "{whole}.{}", format!("{thousandths:03}").trim_end_matches('0'))
            }
        }
    }
}

/// What an operator set a quota to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// There is none.
    Unlimited,
    /// So much.
    Resource(u64),
    /// So often.
    Rate(Rate),
}

/// The text that stands for no limit.
const UNLIMITED: &str = "unlimited";

impl Quota {
    /// Reads what an operator sets this quota to.
    ///
    /// # Errors
    /// What the text should have been.
    pub fn parse(&self, text: &str) -> Result<Limit, &'static str> {
        if text == UNLIMITED {
            return Ok(Limit::Unlimited);
        }
        match &self.kind {
            QuotaKind::Resource(_) => {
                text.parse().map(Limit::Resource).map_err(|_| "a number or `unlimited`")
            }
            // A rate of nothing would refuse every call for ever, and tell the caller to try again.
            QuotaKind::RequestRate { .. } => Rate::parse(text)
                .filter(|rate| rate.0 > 0)
                .map(Limit::Rate)
                .ok_or("a number of requests per second above 0, or `unlimited`"),
        }
    }

    /// The rate in a region by AWS's default; none if this is no rate.
    #[must_use]
    pub fn default_rate(&self, region: &Region) -> Option<Rate> {
        let QuotaKind::RequestRate { default, in_regions, .. } = &self.kind else { return None };
        let found = in_regions.iter().find(|(name, _)| *name == region.as_str());
        Some(found.map_or(*default, |(_, rate)| *rate))
    }
}

/// What the operator decided about quotas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuotaSettings {
    /// Whether every request rate holds, as AWS has it; otherwise only those in `limits` do.
    pub request_rates: bool,
    /// The quotas that are not AWS's, by their names.
    pub limits: BTreeMap<&'static str, Limit>,
}

impl QuotaSettings {
    /// How much there may be by this quota; none if there is no limit.
    #[must_use]
    pub fn resource(&self, quota: &Quota) -> Option<u64> {
        match (self.limits.get(quota.name), &quota.kind) {
            (Some(Limit::Resource(most)), _) | (None, QuotaKind::Resource(most)) => Some(*most),
            _ => None,
        }
    }

    /// How often a region's operations may be called by this quota; none if there is no limit.
    #[must_use]
    pub fn rate(&self, quota: &Quota, region: &Region) -> Option<Rate> {
        match self.limits.get(quota.name) {
            Some(Limit::Rate(rate)) => Some(*rate),
            Some(_) => None,
            None if self.request_rates => quota.default_rate(region),
            None => None,
        }
    }

    /// Whether any request rate holds.
    pub(crate) fn has_rates(&self) -> bool {
        self.request_rates || self.limits.values().any(|limit| matches!(limit, Limit::Rate(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THINGS: Quota =
        Quota { name: "t.things", title: "Things", code: None, kind: QuotaKind::Resource(10) };
    const ASKING: Quota = Quota {
        name: "t.rate.ask",
        title: "Ask request rate",
        code: None,
        kind: QuotaKind::RequestRate {
            default: Rate::per_second(5),
            in_regions: &[("eu-west-1", Rate::thousandths(500))],
            operations: &["Ask"],
        },
    };

    fn region(name: &str) -> Region {
        name.parse().unwrap()
    }

    #[test]
    fn values_are_numbers_or_unlimited() {
        assert_eq!(THINGS.parse("0"), Ok(Limit::Resource(0)));
        assert_eq!(THINGS.parse("unlimited"), Ok(Limit::Unlimited));
        assert_eq!(ASKING.parse("2"), Ok(Limit::Rate(Rate::per_second(2))));
        assert_eq!(ASKING.parse("0.25"), Ok(Limit::Rate(Rate::thousandths(250))));
        for bad in ["", "-1", "1.5", "many", "1e3", "99999999999999999999"] {
            assert!(THINGS.parse(bad).is_err(), "{bad}");
        }
        for bad in ["", "0", "0.0", "0.0001", "-1", ".5", "5.", "1e3", "99999999999999999999"] {
            assert!(ASKING.parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rates_are_shown_as_they_are_set() {
        for text in ["5", "0.5", "0.25", "1000", "2.005"] {
            assert_eq!(Rate::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn resources_hold_by_default_and_rates_do_not() {
        let mut settings = QuotaSettings::default();
        let ireland = region("eu-west-1");
        assert_eq!((settings.resource(&THINGS), settings.rate(&ASKING, &ireland)), (Some(10), None));
        assert!(!settings.has_rates());
        settings.request_rates = true;
        assert_eq!(settings.rate(&ASKING, &ireland), Some(Rate::thousandths(500)));
        assert_eq!(settings.rate(&ASKING, &region("us-east-1")), Some(Rate::per_second(5)));
        settings.limits.insert(THINGS.name, Limit::Unlimited);
        settings.limits.insert(ASKING.name, Limit::Unlimited);
        assert_eq!((settings.resource(&THINGS), settings.rate(&ASKING, &ireland)), (None, None));
    }

    #[test]
    fn a_rate_that_is_set_holds_though_the_others_do_not() {
        let limits = BTreeMap::from([(ASKING.name, Limit::Rate(Rate::per_second(1)))]);
        let settings = QuotaSettings { request_rates: false, limits };
        assert!(settings.has_rates());
        assert_eq!(settings.rate(&ASKING, &region("us-east-1")), Some(Rate::per_second(1)));
    }
}
