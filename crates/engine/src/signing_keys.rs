//! The keys that a secret signs with: one for each day, region and service, derived once and kept beside the secret,
//! so that they are gone when the secret is.

use std::sync::{Arc, Mutex, PoisonError};

use alcazar_base::SecretString;
use alcazar_wire::sigv4::SigningKey;

use crate::error::InternalError;

/// How many signing keys are kept of one secret.
const SIGNING_KEYS_MAX: usize = 32;

/// The signing keys of one secret.
#[derive(Default)]
pub(crate) struct SigningKeys(Mutex<Vec<(Scope, Arc<SigningKey>)>>);

#[derive(PartialEq, Eq)]
struct Scope {
    date: String,
    region: String,
    service: String,
}

impl SigningKeys {
    /// The key of `secret` for a day, region and service.
    ///
    /// # Errors
    /// The cryptographic library failed, which it has no reason to.
    pub(crate) fn get(
        &self,
        secret: &SecretString,
        date: &str,
        region: &str,
        service: &str,
    ) -> Result<Arc<SigningKey>, InternalError> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = keys
            .iter()
            .find(|(scope, _)| scope.date == date && scope.region == region && scope.service == service);
        if let Some((_, key)) = known {
            return Ok(key.clone());
        }
        let key = SigningKey::derive(secret, date, region, service)
            .map_err(|_| InternalError::Invariant("no signing key could be derived".to_owned()))?;
        let key = Arc::new(key);
        if keys.len() >= SIGNING_KEYS_MAX {
            keys.remove(0);
        }
        let scope = Scope { date: date.to_owned(), region: region.to_owned(), service: service.to_owned() };
        keys.push((scope, key.clone()));
        Ok(key)
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKeys(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signing_key_is_derived_once_for_each_scope_and_no_more_are_kept_than_the_limit() {
        let (keys, secret) = (SigningKeys::default(), SecretString::new("s3cret".to_owned()));
        let first = keys.get(&secret, "20261122", "eu-west-1", "kms").unwrap();
        assert!(Arc::ptr_eq(&first, &keys.get(&secret, "20261122", "eu-west-1", "kms").unwrap()));
        for day in 0..100 {
            let other = keys.get(&secret, &day.to_string(), "eu-west-1", "kms").unwrap();
            assert!(!Arc::ptr_eq(&first, &other));
        }
        assert_eq!(keys.0.lock().unwrap().len(), SIGNING_KEYS_MAX);
    }
}
