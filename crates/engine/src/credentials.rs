//! Access keys: who signs, and with which secret.

use std::sync::{Arc, OnceLock};

use alcazar_base::{AccountId, SecretString, Timestamp};
use alcazar_policy::{Principal, PrincipalKind};
use minicbor::{Decode, Encode};

use crate::caller::Caller;
use crate::name::Name;
use crate::signing_keys::SigningKeys;

const TABLE: &str = "iam.access_key";

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
    /// Whether it may be used; none stands for `Active`.
    #[n(5)]
    status: Option<AccessKeyStatus>,
    #[cbor(skip)]
    pub(crate) signing_keys: SigningKeys,
    #[cbor(skip)]
    caller: OnceLock<Arc<Caller>>,
}

/// Whether an access key may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum AccessKeyStatus {
    /// It may.
    #[n(0)]
    Active,
    /// It may not, until it is activated again.
    #[n(1)]
    Inactive,
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

impl Owner {
    /// The principal that the owner is, in its account.
    #[must_use]
    pub fn principal(&self, account: AccountId) -> Principal {
        let (arn, kind) = match self {
            Self::AccountRoot => (format!("arn:aws:iam::{account}:root"), PrincipalKind::AccountRoot),
            Self::User { path_and_name, .. } => {
                (format!("arn:aws:iam::{account}:user{path_and_name}"), PrincipalKind::User)
            }
        };
        let unique_id = match self {
            Self::AccountRoot => None,
            Self::User { user_id, .. } => Some(user_id.clone()),
        };
        Principal { account, arn, unique_id, kind }
    }

    /// The unique id: for a root user, the account id.
    #[must_use]
    pub fn unique_id(&self, account: AccountId) -> String {
        match self {
            Self::AccountRoot => account.to_string(),
            Self::User { user_id, .. } => user_id.clone(),
        }
    }
}

impl AccessKey {
    /// An access key that may be used.
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
            status: None,
            signing_keys: SigningKeys::default(),
            caller: OnceLock::new(),
        }
    }

    /// Whether it may be used.
    #[must_use]
    pub fn status(&self) -> AccessKeyStatus {
        self.status.unwrap_or(AccessKeyStatus::Active)
    }

    /// The same key with another status.
    #[must_use]
    pub fn with_status(&self, status: AccessKeyStatus) -> Self {
        Self { status: Some(status), ..self.with_owner(self.owner.clone()) }
    }

    /// The same key of an owner whose name or path has changed.
    #[must_use]
    pub fn with_owner(&self, owner: Owner) -> Self {
        let Self { access_key_id, account, secret, created, status, .. } = self;
        Self {
            status: *status,
            ..Self::new(access_key_id.clone(), *account, owner, secret.clone(), *created)
        }
    }

    /// Who calls when this key signs.
    pub(crate) fn caller(&self) -> Arc<Caller> {
        let caller = || Caller {
            account: self.account,
            principal: self.owner.principal(self.account),
            principal_id: self.owner.unique_id(self.account),
            access_key_id: self.access_key_id.clone(),
            session: None,
        };
        self.caller.get_or_init(|| Arc::new(caller())).clone()
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
    fn an_access_key_does_not_show_its_secret() {
        assert!(!format!("{:?}", key(Owner::AccountRoot)).contains("s3cret"));
    }

    #[test]
    fn a_key_stays_as_it_is_but_for_what_is_changed() {
        let key = key(Owner::AccountRoot).with_status(AccessKeyStatus::Inactive);
        let moved = key.with_owner(Owner::User { path_and_name: "/a".into(), user_id: "AIDAX".into() });
        assert_eq!((moved.status(), moved.created), (AccessKeyStatus::Inactive, key.created));
        assert_eq!(moved.with_status(AccessKeyStatus::Active).status(), AccessKeyStatus::Active);
    }
}
