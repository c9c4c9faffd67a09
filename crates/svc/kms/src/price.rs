//! The public price list of KMS: what a request and a key cost.
//!
//! Prices are those of most regions (US East (N. Virginia), EU (Ireland) and so on), as of November 2026, in USD. The
//! classes are AWS's own usage types, without the region that AWS writes before them.
//!
//! Source: <https://aws.amazon.com/kms/pricing/>, and AWS's price list of the service `awskms`

use alcazar_api_kms::types::DataKeyPairSpec;
use alcazar_crypto::KeySpec;
use alcazar_engine::cost::Money;

/// Requests that are in no other class: 0.03 USD per 10,000.
pub const REQUESTS: &str = "KMS-Requests";
/// Requests with asymmetric keys other than `RSA_2048`: 0.15 USD per 10,000.
pub const ASYMMETRIC: &str = "KMS-Requests-Asymmetric";
/// Requests with `RSA_2048` keys: 0.03 USD per 10,000, and never free.
pub const RSA_2048: &str = "KMS-Requests-Asymmetric-RSA_2048";
/// Elliptic curve data key pairs: 0.10 USD per 10,000.
pub const DATA_KEY_PAIR_ECC: &str = "KMS-Requests-GenerateDatakeyPair-ECC";
/// RSA data key pairs: 12 USD per 10,000.
pub const DATA_KEY_PAIR_RSA: &str = "KMS-Requests-GenerateDatakeyPair-RSA";

/// How many requests of the class [`REQUESTS`] an account has free each month, over all regions.
pub const FREE_REQUESTS: u64 = 20_000;

/// What a customer managed key costs a month, a replica and each of its first rotations too.
pub const KEY_MONTH: Money = Money::from_nano_usd(1_000_000_000);

/// How many rotations of a key add to its price.
pub const PRICED_ROTATIONS_MAX: usize = 2;

/// The class of requests with keys of a spec.
#[must_use]
pub(crate) fn request_class(spec: KeySpec) -> &'static str {
    match spec {
        KeySpec::SymmetricDefault
        | KeySpec::Hmac224
        | KeySpec::Hmac256
        | KeySpec::Hmac384
        | KeySpec::Hmac512 => REQUESTS,
        KeySpec::Rsa2048 => RSA_2048,
        _ => ASYMMETRIC,
    }
}

/// The class of requests that make a data key pair. The price list names RSA and elliptic curves only; what is newer
/// counts with the curves.
#[must_use]
pub(crate) fn data_key_pair_class(spec: DataKeyPairSpec) -> &'static str {
    match spec {
        DataKeyPairSpec::Rsa2048 | DataKeyPairSpec::Rsa3072 | DataKeyPairSpec::Rsa4096 => DATA_KEY_PAIR_RSA,
        _ => DATA_KEY_PAIR_ECC,
    }
}

/// What one request of a class costs; none if the class is no class of KMS's.
#[must_use]
pub fn of_request(class: &str) -> Option<Money> {
    Some(Money::from_nano_usd(match class {
        REQUESTS | RSA_2048 => 3_000,
        ASYMMETRIC => 15_000,
        DATA_KEY_PAIR_ECC => 10_000,
        DATA_KEY_PAIR_RSA => 1_200_000,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_requests_cost_what_the_price_list_says() {
        let of_ten_thousand = |class| of_request(class).unwrap().times(10_000).to_string();
        assert_eq!(of_ten_thousand(REQUESTS), "0.030000000");
        assert_eq!(of_ten_thousand(RSA_2048), "0.030000000");
        assert_eq!(of_ten_thousand(ASYMMETRIC), "0.150000000");
        assert_eq!(of_ten_thousand(DATA_KEY_PAIR_ECC), "0.100000000");
        assert_eq!(of_ten_thousand(DATA_KEY_PAIR_RSA), "12.000000000");
    }

    #[test]
    fn every_spec_has_a_class_with_a_price() {
        for spec in KeySpec::ALL {
            let class = request_class(*spec);
            assert!(of_request(class).unwrap() > Money::default(), "{spec:?}");
            let is_symmetric = matches!(class, REQUESTS);
            let name = spec.as_str();
            assert_eq!(is_symmetric, name.starts_with("HMAC") || name.starts_with("SYMMETRIC"), "{name}");
        }
        for (spec, class) in [
            (DataKeyPairSpec::Rsa4096, DATA_KEY_PAIR_RSA),
            (DataKeyPairSpec::EccNistP256, DATA_KEY_PAIR_ECC),
            (DataKeyPairSpec::MlKem768, DATA_KEY_PAIR_ECC),
        ] {
            assert_eq!(data_key_pair_class(spec), class);
        }
    }
}
