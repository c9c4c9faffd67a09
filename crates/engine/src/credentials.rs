//! Access keys: who signs, and with which secret.

use std::sync::{Arc, Mutex, PoisonError};

use alcazar_base::{AccountId, SecretString, Timestamp};
use alcazar_policy::{Principal, PrincipalKind};
use alcazar_wire::sigv4::SigningKey;
use minicbor::{Decode, Encode};

use crate::caller::Caller;
use crate::error::InternalError;
use crate::name::Name;

const TABLE: &str = "iam.access_key";

/// How many signing keys an access key keeps: one for each day, region and service that it was used with.
const SIGNING_KEYS_MAX: usize = 32;

/// An access key as it is stored; the record is sealed as every record is.
#[derive(Debug, Encode, Decode)]
pub struct AccessKey {
    /// The id, e.g. `AKIA…`.
    #[n(0)]
    pub access_key_id: String,
    /// The account it belongs to.
    #[n(1)]
    pub account: AccountId,
    /// Whom it speaks for.
    #[n(2)]
    pub owner: Owner,
    /// The secret.
    #[n(3)]
    pub secret: SecretString,
    /// When it was made.
    #[n(4)]
    pub created: Timestamp,
    #[cbor(skip)]
    signing_keys: SigningKeys,
    #[cbor(skip)]
    caller: CallerCell,
}

/// Whom an access key speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Owner {
    /// The account's root user.
    #[n(0)]
    AccountRoot,
    /// A user.
    #[n(1)]
    User {
        /// The path and name as the user's ARN has them, e.g. `/ci/deployer`.
        #[n(0)]
        path_and_name: String,
        /// The unique id, e.g. `AIDA…`.
        #[n(1)]
        user_id: String,
    },
}

#[derive(Default)]
struct SigningKeys(Mutex<Vec<(Scope, Arc<SigningKey>)>>);

#[derive(PartialEq, Eq)]
struct Scope {
    date: String,
    region: String,
    service: String,
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKeys(***)")
    }
}

#[derive(Debug, Default)]
struct CallerCell(std::sync::OnceLock<Arc<Caller>>);

impl AccessKey {
    /// An access key.
    #[must_use]
    pub fn new(
        access_key_id: String,
        account: AccountId,
        owner: Owner,
        secret: SecretString,
        created: Timestamp,
    ) -> Self {
        Self {
            access_key_id,
            account,
            owner,
            secret,
            created,
            signing_keys: SigningKeys::default(),
            caller: CallerCell::default(),
        }
    }

    /// Who calls when this key signs.
    pub(crate) fn caller(&self) -> Arc<Caller> {
        self.caller.0.get_or_init(|| Arc::new(self.to_caller())).clone()
    }

    fn to_caller(&self) -> Caller {
        let account = self.account;
        let (arn, kind, principal_id) = match &self.owner {
            Owner::AccountRoot => {
                (format!("arn:aws:iam::{account}:root"), PrincipalKind::AccountRoot, account.to_string())
            }
            Owner::User { path_and_name, user_id } => {
                (format!("arn:aws:iam::{account}:user{path_and_name}"), PrincipalKind::User, user_id.clone())
            }
        };
        Caller {
            account,
            principal: Principal { account, arn, kind },
            principal_id,
            access_key_id: self.access_key_id.clone(),
        }
    }

    /// The key that signs for a day, region and service; derived once and kept with this access key, so it is
    /// gone when the access key changes.
    ///
    /// # Errors
    /// The cryptographic library failed, which it has no reason to.
    pub(crate) fn signing_key(
        &self,
        date: &str,
        region: &str,
        service: &str,
    ) -> Result<Arc<SigningKey>, InternalError> {
        let mut keys = self.signing_keys.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = keys
            .iter()
            .find(|(scope, _)| scope.date == date && scope.region == region && scope.service == service);
        if let Some((_, key)) = known {
            return Ok(key.clone());
        }
        let key = SigningKey::derive(&self.secret, date, region, service)
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

/// The name of an access key's record.
#[must_use]
pub fn access_key_name(access_key_id: &str) -> Name {
    Name::table(TABLE).part(access_key_id).name()
}

/// All access keys.
#[must_use]
pub fn all_access_keys() -> crate::port::store::NameRange {
    Name::table(TABLE).range()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(owner: Owner) -> AccessKey {
        let account = AccountId::from_number(111_122_223_333);
        AccessKey::new(
            "AKIAEXAMPLE".into(),
            account,
            owner,
            SecretString::new("s3cret".into()),
            Timestamp::default(),
        )
    }

    #[test]
    fn callers_are_named_as_iam_names_them() {
        let root = key(Owner::AccountRoot).caller();
        assert_eq!(
            (root.arn(), root.principal_id.as_str()),
            ("arn:aws:iam::111122223333:root", "111122223333")
        );
        let user = key(Owner::User { path_and_name: "/ci/bob".into(), user_id: "AIDAX".into() }).caller();
        assert_eq!(
            (user.arn(), user.principal_id.as_str()),
            ("arn:aws:iam::111122223333:user/ci/bob", "AIDAX")
        );
    }

    #[test]
    fn a_signing_key_is_derived_once_for_each_scope_and_no_more_are_kept_than_the_limit() {
        let key = key(Owner::AccountRoot);
        let first = key.signing_key("20261122", "eu-west-1", "kms").unwrap();
        assert!(Arc::ptr_eq(&first, &key.signing_key("20261122", "eu-west-1", "kms").unwrap()));
        for day in 0..100 {
            assert!(!Arc::ptr_eq(&first, &key.signing_key(&day.to_string(), "eu-west-1", "kms").unwrap()));
        }
        assert_eq!(key.signing_keys.0.lock().unwrap().len(), SIGNING_KEYS_MAX);
    }

    #[test]
    fn an_access_key_does_not_show_its_secret() {
        assert!(!format!("{:?}", key(Owner::AccountRoot)).contains("s3cret"));
    }
}
