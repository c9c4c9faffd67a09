//! Who calls in a test: a principal with an access key, and the region it calls in.

use std::sync::Arc;

use alcazar_base::{AccountId, Region, SecretString};
use alcazar_engine::Caller;
use alcazar_policy::{Principal, PrincipalKind};

/// A principal, its access key with the secret, and the region that it calls in.
#[derive(Debug, Clone)]
pub struct TestCaller {
    /// The principal as the engine sees it.
    pub caller: Arc<Caller>,
    /// The secret of its access key.
    pub secret: SecretString,
    /// The token, if the credentials are temporary.
    pub session_token: Option<SecretString>,
    /// The region.
    pub region: Region,
}

impl TestCaller {
    /// The root user of an account, by the credentials that development mode has built in.
    pub(crate) fn root(account: AccountId) -> Self {
        Self::new(
            account,
            format!("arn:aws:iam::{account}:root"),
            PrincipalKind::AccountRoot,
            account.to_string(),
            account.to_string(),
            "test".to_owned().into(),
        )
    }

    /// A user, with its access key.
    pub(crate) fn user(
        account: AccountId,
        arn: &str,
        user_id: &str,
        access_key_id: &str,
        secret: SecretString,
    ) -> Self {
        Self::new(
            account,
            arn.to_owned(),
            PrincipalKind::User,
            user_id.to_owned(),
            access_key_id.to_owned(),
            secret,
        )
    }

    fn new(
        account: AccountId,
        arn: String,
        kind: PrincipalKind,
        principal_id: String,
        access_key_id: String,
        secret: SecretString,
    ) -> Self {
        let unique_id = (kind == PrincipalKind::User).then(|| principal_id.clone());
        let principal = Principal { account, arn, unique_id, kind };
        Self {
            caller: Arc::new(Caller { account, principal, principal_id, access_key_id, session: None }),
            secret,
            session_token: None,
            region: Region::us_east_1(),
        }
    }

    /// Someone who does not sign.
    pub(crate) fn anonymous() -> Self {
        Self {
            caller: Arc::new(Caller::anonymous()),
            secret: String::new().into(),
            session_token: None,
            region: Region::us_east_1(),
        }
    }

    /// A session, with its credentials.
    pub(crate) fn session(caller: Arc<Caller>, secret: SecretString, token: SecretString) -> Self {
        Self { caller, secret, session_token: Some(token), region: Region::us_east_1() }
    }

    /// The same caller in another region.
    #[must_use]
    pub fn at(&self, region: &str) -> Self {
        Self { region: region.parse().unwrap(), ..self.clone() }
    }

    /// The same caller, who has got the secret wrong.
    #[must_use]
    pub fn with_wrong_secret(&self) -> Self {
        Self { secret: "wrong".to_owned().into(), ..self.clone() }
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.caller.account
    }

    /// The principal's ARN.
    #[must_use]
    pub fn arn(&self) -> &str {
        self.caller.arn()
    }
}
