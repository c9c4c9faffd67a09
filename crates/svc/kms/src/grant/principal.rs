//! The principals of grants, and which of them a caller is.
//!
//! A grant to an account is to its root user, and to those whom the account's own policies let use it. A grant to a
//! role is to all its sessions; one to a session, to that session alone. A user or role is meant by its unique id: who
//! gets its name when it is deleted has none of its grants.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grantee-principal>

use alcazar_base::{AccountId, Arn, Region};
use alcazar_engine::{Granted, Reads, Result as EngineResult};
use alcazar_policy::{Principal, PrincipalKind};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::error::grant as error;

/// A principal that a grant names.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum GrantPrincipal {
    /// An account.
    #[n(0)]
    Account(#[n(0)] AccountId),
    /// A session: its ARN from the service on, as `sts::111122223333:assumed-role/deploy/s1`.
    #[n(1)]
    Identity(#[n(0)] String),
    /// A service, e.g. `rds.amazonaws.com`.
    #[n(2)]
    Service(#[n(0)] String),
    /// A user or role.
    #[n(3)]
    Entity {
        /// Its ARN from the service on, as `iam::111122223333:role/ci/deploy`.
        #[n(0)]
        identity: String,
        /// Its unique id, e.g. `AROA…`.
        #[n(1)]
        unique_id: String,
    },
}

impl GrantPrincipal {
    /// Reads an account's id, or the ARN of an account, user, role or session.
    ///
    /// # Errors
    /// The text names no principal of the region's partition.
    pub(crate) fn read(text: &str, region: &Region) -> Result<Self, ApiError> {
        Self::parse(text, region).ok_or_else(|| error::invalid_principal(text))
    }

    /// The same, if there is such a principal.
    ///
    /// # Errors
    /// There is none, or the store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, text: &str) -> EngineResult<Self> {
        let region = reads.region().clone();
        match Self::read(text, &region)? {
            Self::Identity(identity) => match reads.unique_id(text).await? {
                Some(unique_id) => Ok(Self::Entity { identity, unique_id }),
                None if identity.starts_with("sts:") && reads.principal_exists(text).await? => {
                    Ok(Self::Identity(identity))
                }
                None => Err(error::invalid_principal(text).into()),
            },
            other => Ok(other),
        }
    }

    /// The same for a list's filter, which may name who is no more.
    ///
    /// # Errors
    /// The text names no principal of the region's partition, or the store failed.
    pub(crate) async fn find_any(reads: &mut Reads<'_>, text: &str) -> EngineResult<Self> {
        let region = reads.region().clone();
        match (Self::read(text, &region)?, reads.unique_id(text).await?) {
            (Self::Identity(identity), Some(unique_id)) => Ok(Self::Entity { identity, unique_id }),
            (other, _) => Ok(other),
        }
    }

    fn parse(text: &str, region: &Region) -> Option<Self> {
        if let Ok(account) = text.parse() {
            return Some(Self::Account(account));
        }
        let arn: Arn = text.parse().ok()?;
        let account: AccountId = arn.account.parse().ok()?;
        if arn.partition != region.partition().as_str() || !arn.region.is_empty() {
            return None;
        }
        if arn.service == "iam" && arn.resource == "root" {
            return Some(Self::Account(account));
        }
        let (kind, name) = arn.resource.split_once('/')?;
        let is_name = |name: &str| !name.is_empty() && !name.contains([':', '/']);
        let is_identity = match (arn.service.as_str(), kind) {
            // A path may stand before the name.
            ("iam", "user" | "role") => name.split('/').all(is_name),
            ("sts", "federated-user") => is_name(name),
            ("sts", "assumed-role") => {
                name.split_once('/').is_some_and(|(role, session)| is_name(role) && is_name(session))
            }
            _ => false,
        };
        is_identity.then(|| Self::Identity(format!("{}::{account}:{}", arn.service, arn.resource)))
    }

    /// The principal in one text; no two have the same.
    #[must_use]
    pub(crate) fn identity(&self) -> String {
        match self {
            Self::Account(account) => account.to_string(),
            Self::Identity(identity) => identity.clone(),
            Self::Service(service) => service.clone(),
            Self::Entity { unique_id, .. } => unique_id.clone(),
        }
    }

    /// The principal as the API shows it.
    #[must_use]
    pub(crate) fn shown(&self, region: &Region) -> String {
        let partition = region.partition().as_str();
        match self {
            Self::Account(account) => format!("arn:{partition}:iam::{account}:root"),
            Self::Identity(identity) | Self::Entity { identity, .. } => format!("arn:{partition}:{identity}"),
            Self::Service(service) => service.clone(),
        }
    }

    /// Whether it is a service.
    #[must_use]
    pub(crate) fn is_service(&self) -> bool {
        matches!(self, Self::Service(_))
    }

    /// The account that the principal belongs to; a service has none.
    #[must_use]
    pub(crate) fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account(account) => Some(*account),
            Self::Identity(identity) | Self::Entity { identity, .. } => {
                identity.split(':').nth(2)?.parse().ok()
            }
            Self::Service(_) => None,
        }
    }

    /// What the caller gets of what this principal is granted.
    #[must_use]
    pub(crate) fn grants_to(&self, caller: &Principal) -> Granted {
        let identity = self.identity();
        let found = all_of(caller).into_iter().find(|(principal, _)| principal.identity() == identity);
        found.map_or(Granted::Nothing, |(_, granted)| granted)
    }
}

/// All principals that the caller is, and what it gets of a grant to each.
#[must_use]
pub(crate) fn all_of(caller: &Principal) -> Vec<(GrantPrincipal, Granted)> {
    let itself = |arn: &str| {
        let arn: Arn = arn.parse().ok()?;
        let identity = format!("{}::{}:{}", arn.service, arn.account, arn.resource);
        Some((GrantPrincipal::Identity(identity), Granted::ToCaller))
    };
    let entity = |arn: &str| {
        let (GrantPrincipal::Identity(identity), granted) = itself(arn)? else { return None };
        let unique_id = caller.unique_id.clone()?;
        Some((GrantPrincipal::Entity { identity, unique_id }, granted))
    };
    let account = (GrantPrincipal::Account(caller.account), Granted::ToAccount);
    match &caller.kind {
        PrincipalKind::AccountRoot => vec![account],
        PrincipalKind::User => entity(&caller.arn).into_iter().chain([account]).collect(),
        PrincipalKind::AssumedRole { role_arn } => {
            itself(&caller.arn).into_iter().chain(entity(role_arn)).chain([account]).collect()
        }
        PrincipalKind::FederatedUser { user_arn } => {
            itself(&caller.arn).into_iter().chain(entity(user_arn)).chain([account]).collect()
        }
        PrincipalKind::Service(service) => {
            vec![(GrantPrincipal::Service(service.clone()), Granted::ToCaller)]
        }
        PrincipalKind::Federated(_) | PrincipalKind::Anonymous => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "111122223333";

    fn read(text: &str) -> Option<GrantPrincipal> {
        GrantPrincipal::read(text, &Region::us_east_1()).ok()
    }

    #[test]
    fn principals_are_shown_as_they_were_given() {
        for text in [
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::111122223333:user/alice",
            "arn:aws:iam::111122223333:user/ci/eu/alice",
            "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/Scaling",
            "arn:aws:sts::111122223333:assumed-role/deploy/session-1",
            "arn:aws:sts::111122223333:federated-user/bob",
        ] {
            let principal = read(text).unwrap();
            assert_eq!(principal.shown(&Region::us_east_1()), text);
            assert_eq!(principal.account().unwrap().as_str(), ACCOUNT);
        }
        assert_eq!(read(ACCOUNT).unwrap().shown(&Region::us_east_1()), "arn:aws:iam::111122223333:root");
    }

    #[test]
    fn what_is_no_principal_is_refused() {
        for text in [
            "alice",
            "sns.amazonaws.com",
            "11112222333",
            "arn:aws:iam::111122223333:group/admins",
            "arn:aws:iam::111122223333:user/",
            "arn:aws:iam::111122223333:user/a//b",
            "arn:aws:iam::111122223333:role",
            "arn:aws:iam::1111:user/alice",
            "arn:aws:iam:us-east-1:111122223333:user/alice",
            "arn:aws-cn:iam::111122223333:user/alice",
            "arn:aws:sts::111122223333:assumed-role/deploy",
            "arn:aws:sts::111122223333:assumed-role/deploy/a/b",
            "arn:aws:s3:::bucket",
            "arn:aws:organizations::111122223333:organization/o-1",
        ] {
            let error = GrantPrincipal::read(text, &Region::us_east_1()).unwrap_err();
            assert_eq!(error.model().name, "InvalidArnException", "{text}");
        }
    }

    #[test]
    fn a_session_is_itself_its_role_and_of_its_account() {
        let account: AccountId = ACCOUNT.parse().unwrap();
        let caller = |arn: &str, id: Option<&str>, kind| Principal {
            account,
            arn: arn.to_owned(),
            unique_id: id.map(str::to_owned),
            kind,
        };
        let session = caller(
            "arn:aws:sts::111122223333:assumed-role/deploy/s1",
            Some("AROADEPLOY"),
            PrincipalKind::AssumedRole { role_arn: "arn:aws:iam::111122223333:role/ci/deploy".to_owned() },
        );
        let user = caller("arn:aws:iam::111122223333:user/alice", Some("AIDAALICE"), PrincipalKind::User);
        let root = caller("arn:aws:iam::111122223333:root", None, PrincipalKind::AccountRoot);
        for (grantee, of_session, of_user, of_root) in [
            (ACCOUNT, Granted::ToAccount, Granted::ToAccount, Granted::ToAccount),
            (
                "arn:aws:iam::111122223333:role/ci/deploy AROADEPLOY",
                Granted::ToCaller,
                Granted::Nothing,
                Granted::Nothing,
            ),
            // A role that had the name before.
            (
                "arn:aws:iam::111122223333:role/ci/deploy AROABEFORE",
                Granted::Nothing,
                Granted::Nothing,
                Granted::Nothing,
            ),
            (
                "arn:aws:sts::111122223333:assumed-role/deploy/s1",
                Granted::ToCaller,
                Granted::Nothing,
                Granted::Nothing,
            ),
            (
                "arn:aws:sts::111122223333:assumed-role/deploy/s2",
                Granted::Nothing,
                Granted::Nothing,
                Granted::Nothing,
            ),
            // It has been renamed since.
            (
                "arn:aws:iam::111122223333:user/bob AIDAALICE",
                Granted::Nothing,
                Granted::ToCaller,
                Granted::Nothing,
            ),
            ("444455556666", Granted::Nothing, Granted::Nothing, Granted::Nothing),
        ] {
            let grantee = match grantee.split_once(' ') {
                Some((arn, unique_id)) => {
                    let GrantPrincipal::Identity(identity) = read(arn).unwrap() else { panic!("{arn}") };
                    GrantPrincipal::Entity { identity, unique_id: unique_id.to_owned() }
                }
                None => read(grantee).unwrap(),
            };
            assert_eq!(grantee.grants_to(&session), of_session, "{grantee:?}");
            assert_eq!(grantee.grants_to(&user), of_user, "{grantee:?}");
            assert_eq!(grantee.grants_to(&root), of_root, "{grantee:?}");
        }
    }
}
