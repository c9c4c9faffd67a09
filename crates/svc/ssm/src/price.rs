//! The public price list of Parameter Store: what an advanced parameter and an API interaction cost.
//!
//! Prices are those of most regions, as of November 2026, in USD. An interaction is one between a call and one parameter:
//! a call that answers ten parameters counts as ten.
//!
//! Source: <https://aws.amazon.com/systems-manager/pricing/#Parameter_Store>

use alcazar_engine::cost::Money;

/// Interactions with advanced parameters.
pub(crate) const ADVANCED: &str = "ParameterStore-Interactions-Advanced";
/// Interactions with standard parameters of accounts that have high throughput; others are free.
pub(crate) const HIGH_THROUGHPUT: &str = "ParameterStore-Interactions-HighThroughput";

/// What an advanced parameter costs a month.
pub(crate) const ADVANCED_MONTH: Money = Money::from_nano_usd(50_000_000);

/// What one interaction of a class costs, which is 0.05 USD per 10,000; none if the class is no class of Parameter
/// Store's.
#[must_use]
pub(crate) fn of_interaction(class: &str) -> Option<Money> {
    matches!(class, ADVANCED | HIGH_THROUGHPUT).then_some(Money::from_nano_usd(5_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_interactions_cost_what_the_price_list_says() {
        for class in [ADVANCED, HIGH_THROUGHPUT] {
            assert_eq!(of_interaction(class).unwrap().times(10_000).to_string(), "0.050000000");
        }
        assert_eq!(of_interaction("KMS-Requests"), None);
        assert_eq!(ADVANCED_MONTH.to_string(), "0.050000000");
    }
}
