//! Temporary credentials: sessions of roles, of users and of federated users, sealed whole into their tokens.
//!
//! Nothing of a session is stored. Its token holds the access key, the secret and all that was settled when the
//! session began, sealed under the Token domain key and bound to the access key id: so any node opens it, and nobody
//! else reads or changes it. What may change later (the role's policies, whether the role still is) is looked up
//! when the session calls; see [`Standing`](crate::Standing).
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html>

use std::sync::Arc;

use alcazar_base::{AccountId, SecretString, Timestamp};
use alcazar_crypto::{Domain, Entropy, Keyring};
use alcazar_policy::{Principal, PrincipalKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::caller::Caller;
use crate::credentials::Owner;
use crate::error::{InternalError, Result};
use crate::signing_keys::SigningKeys;

/// The longest token that is looked at, in bytes.
pub(crate) const TOKEN_LENGTH_MAX: usize = 64 * 1024;

/// A session: who it speaks for, since when and until when, and what was settled when it began. Field numbers never
/// change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Session {
    /// Whom it speaks for.
    #[n(0)]
    pub kind: SessionKind,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// When it began.
    #[n(2)]
    pub issued: Timestamp,
    /// When it ends.
    #[n(3)]
    pub expires: Timestamp,
    /// The session policy that was passed, as JSON.
    #[n(4)]
    pub policy: Option<String>,
    /// The ARNs of managed policies that were passed as session policies.
    #[n(5)]
    pub policy_arns: Vec<String>,
    /// Session tags, keys with values.
    #[n(6)]
    pub tags: Vec<(String, String)>,
    /// The keys of session tags that go on to the next session in a chain.
    #[n(7)]
    pub transitive_tag_keys: Vec<String>,
    /// The source identity, which stays the same along a chain.
    #[n(8)]
    pub source_identity: Option<String>,
    /// When the caller proved to have its MFA device, if it did.
    #[n(9)]
    pub mfa_authenticated: Option<Timestamp>,
    /// The provider that vouched for whoever assumed the role: an ARN, or the name of one that AWS knows.
    #[n(10)]
    pub federated_provider: Option<String>,
    /// What the provider said that policies may ask for, as condition keys with values.
    #[n(11)]
    pub claims: Vec<(String, String)>,
    /// Whether another role's session assumed the role.
    #[n(12)]
    pub chained: bool,
    /// A unique id of the session, which nobody is told.
    #[n(13)]
    pub id: String,
}

/// Whom a session speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum SessionKind {
    /// A role.
    #[n(0)]
    Role {
        /// The path and name as the role's ARN has them, e.g. `/ci/deploy`.
        #[n(0)]
        path_and_name: String,
        /// The unique id, e.g. `AROA…`.
        #[n(1)]
        role_id: String,
        /// The session's name.
        #[n(2)]
        session_name: String,
    },
    /// A user or root user itself, by `GetSessionToken`.
    #[n(1)]
    Own {
        /// Who it is.
        #[n(0)]
        owner: Owner,
    },
    /// A federated user, by `GetFederationToken`.
    #[n(2)]
    FederatedUser {
        /// Who vouches for it.
        #[n(0)]
        owner: Owner,
        /// Its name.
        #[n(1)]
        name: String,
    },
    /// A member account's root user, by `AssumeRoot`. The session's policy says for which task.
    #[n(3)]
    AssumedRoot {
        /// The ARN of whoever assumed it.
        #[n(0)]
        assumed_by: String,
    },
}

impl Session {
    /// A session with nothing settled but whom it speaks for, and from when to when.
    #[must_use]
    pub fn new(kind: SessionKind, account: AccountId, issued: Timestamp, expires: Timestamp) -> Self {
        Self {
            kind,
            account,
            issued,
            expires,
            policy: None,
            policy_arns: Vec::new(),
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            mfa_authenticated: None,
            federated_provider: None,
            claims: Vec::new(),
            chained: false,
            id: String::new(),
        }
    }

    /// The principal that the session calls as.
    #[must_use]
    pub fn principal(&self) -> Principal {
        let account = self.account;
        let root_arn = || format!("arn:aws:iam::{account}:root");
        match &self.kind {
            SessionKind::Role { path_and_name, role_id, session_name } => {
                let name = path_and_name.rsplit('/').next().unwrap_or_default();
                Principal {
                    account,
                    arn: format!("arn:aws:sts::{account}:assumed-role/{name}/{session_name}"),
                    unique_id: Some(role_id.clone()),
                    kind: PrincipalKind::AssumedRole {
                        role_arn: format!("arn:aws:iam::{account}:role{path_and_name}"),
                    },
                }
            }
            SessionKind::Own { owner } => owner.principal(account),
            SessionKind::FederatedUser { owner, name } => {
                let user = owner.principal(account);
                Principal {
                    account,
                    arn: format!("arn:aws:sts::{account}:federated-user/{name}"),
                    unique_id: user.unique_id,
                    kind: PrincipalKind::FederatedUser { user_arn: user.arn },
                }
            }
            SessionKind::AssumedRoot { .. } => {
                let kind = PrincipalKind::AccountRoot;
                Principal { account, arn: root_arn(), unique_id: None, kind }
            }
        }
    }

    /// The unique id that `GetCallerIdentity` calls `UserId`.
    #[must_use]
    pub fn principal_id(&self) -> String {
        match &self.kind {
            SessionKind::Role { role_id, session_name, .. } => format!("{role_id}:{session_name}"),
            SessionKind::Own { owner } => owner.unique_id(self.account),
            SessionKind::FederatedUser { name, .. } => format!("{}:{name}", self.account),
            SessionKind::AssumedRoot { .. } => self.account.to_string(),
        }
    }
}

/// A session with its secret: what a token holds.
#[derive(Debug, Encode, Decode)]
pub(crate) struct TemporaryCredentials {
    #[n(0)]
    pub(crate) secret: SecretString,
    #[n(1)]
    session: Session,
    #[cbor(skip)]
    pub(crate) signing_keys: SigningKeys,
    #[cbor(skip)]
    caller: std::sync::OnceLock<Arc<Caller>>,
}

impl TemporaryCredentials {
    pub(crate) fn new(secret: SecretString, session: Session) -> Self {
        Self { secret, session, signing_keys: SigningKeys::default(), caller: std::sync::OnceLock::new() }
    }

    /// The token of these credentials, whose access key id is `access_key_id`.
    pub(crate) fn seal(
        &self,
        keyring: &Keyring,
        entropy: &dyn Entropy,
        access_key_id: &str,
    ) -> Result<String> {
        let mut plain = Zeroizing::new(Vec::with_capacity(512));
        minicbor::encode(self, &mut *plain)
            .map_err(|error| InternalError::Invariant(format!("a session does not encode: {error}")))?;
        Ok(STANDARD.encode(keyring.seal(Domain::Token, entropy, access_key_id.as_bytes(), &plain)?))
    }

    /// Opens a token; none if it is no token of ours for this access key.
    pub(crate) fn open(keyring: &Keyring, access_key_id: &str, token: &str) -> Option<Self> {
        if token.len() > TOKEN_LENGTH_MAX {
            return None;
        }
        let sealed = STANDARD.decode(token).ok()?;
        let plain = keyring.open(Domain::Token, access_key_id.as_bytes(), &sealed).ok()?;
        minicbor::decode(plain.expose()).ok()
    }

    pub(crate) fn expires(&self) -> Timestamp {
        self.session.expires
    }

    /// Who calls when these credentials sign.
    pub(crate) fn caller(&self, access_key_id: &str) -> Arc<Caller> {
        let caller = || Caller {
            account: self.session.account,
            principal: self.session.principal(),
            principal_id: self.session.principal_id(),
            access_key_id: access_key_id.to_owned(),
            session: Some(Arc::new(self.session.clone())),
        };
        self.caller.get_or_init(|| Arc::new(caller())).clone()
    }
}

#[cfg(test)]
mod tests {
    use alcazar_crypto::SeededEntropy;

    use super::*;

    fn session(kind: SessionKind) -> Session {
        Session {
            kind,
            account: AccountId::from_number(111_122_223_333),
            issued: Timestamp::from_secs(0),
            expires: Timestamp::from_secs(3600),
            policy: None,
            policy_arns: Vec::new(),
            tags: vec![("team".into(), "red".into())],
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            mfa_authenticated: None,
            federated_provider: None,
            claims: Vec::new(),
            chained: false,
            id: String::new(),
        }
    }

    #[test]
    fn sessions_call_as_sts_names_them() {
        let user = || Owner::User { path_and_name: "/ci/bob".into(), user_id: "AIDAX".into() };
        let role = SessionKind::Role {
            path_and_name: "/ci/deploy".into(),
            role_id: "AROAX".into(),
            session_name: "s1".into(),
        };
        for (kind, arn, id) in [
            (role, "arn:aws:sts::111122223333:assumed-role/deploy/s1", "AROAX:s1"),
            (SessionKind::Own { owner: user() }, "arn:aws:iam::111122223333:user/ci/bob", "AIDAX"),
            (
                SessionKind::FederatedUser { owner: user(), name: "eve".into() },
                "arn:aws:sts::111122223333:federated-user/eve",
                "111122223333:eve",
            ),
            (
                SessionKind::AssumedRoot { assumed_by: String::new() },
                "arn:aws:iam::111122223333:root",
                "111122223333",
            ),
        ] {
            let session = session(kind);
            assert_eq!((session.principal().arn.as_str(), session.principal_id().as_str()), (arn, id));
        }
    }

    #[test]
    fn a_token_opens_for_its_own_access_key_and_unchanged_only() {
        let entropy = SeededEntropy::new(1);
        let keyring = Keyring::generate(&entropy).unwrap();
        let kind = SessionKind::Own { owner: Owner::AccountRoot };
        let credentials = TemporaryCredentials::new(SecretString::new("s3cret".into()), session(kind));
        let token = credentials.seal(&keyring, &entropy, "ASIAX").unwrap();
        let opened = TemporaryCredentials::open(&keyring, "ASIAX", &token).unwrap();
        assert_eq!((&opened.session, &opened.secret), (&credentials.session, &credentials.secret));
        assert!(TemporaryCredentials::open(&keyring, "ASIAY", &token).is_none());
        assert!(TemporaryCredentials::open(&keyring, "ASIAX", "").is_none());
        assert!(TemporaryCredentials::open(&keyring, "ASIAX", &"A".repeat(TOKEN_LENGTH_MAX + 4)).is_none());
        let mut bytes = STANDARD.decode(&token).unwrap();
        for i in 0..bytes.len() {
            bytes[i] ^= 1;
            assert!(TemporaryCredentials::open(&keyring, "ASIAX", &STANDARD.encode(&bytes)).is_none());
            bytes[i] ^= 1;
        }
        assert!(!format!("{opened:?}").contains("s3cret"));
    }
}
