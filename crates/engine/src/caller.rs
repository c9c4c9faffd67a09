//! Who calls, from where, and through what.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_policy::{CompiledPolicy, Principal, PrincipalKind};

use crate::nested::Source;
use crate::operation::Rule;
use crate::session::Session;
use crate::standing::Standing;

/// An authenticated caller.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account that the credentials belong to.
    pub account: AccountId,
    /// Who it is, as policies name it.
    pub principal: Principal,
    /// The unique id that `GetCallerIdentity` calls `UserId`: for a root user, the account id.
    pub principal_id: String,
    /// The access key that signed the call.
    pub access_key_id: String,
    /// The session, if the credentials are temporary.
    pub session: Option<Arc<Session>>,
}

/// Someone whom an identity provider vouches for, by a token that the request brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebIdentity {
    /// The provider's ARN, or its name if it is one that every account knows.
    pub provider: String,
    /// For whom the token was made out.
    pub audience: String,
    /// Who it is, as the provider says.
    pub subject: String,
    /// The account that is called.
    pub account: AccountId,
}

impl Caller {
    /// Someone who did not sign.
    #[must_use]
    pub fn anonymous() -> Self {
        let (account, name) = (AccountId::ZERO, "anonymous".to_owned());
        Self {
            account,
            principal: Principal {
                account,
                arn: name.clone(),
                unique_id: None,
                kind: PrincipalKind::Anonymous,
            },
            principal_id: name,
            access_key_id: String::new(),
            session: None,
        }
    }

    pub(crate) fn of_web_identity(identity: &WebIdentity) -> Self {
        let WebIdentity { provider, audience, subject, account } = identity;
        let kind = PrincipalKind::Federated(provider.clone());
        Self {
            account: *account,
            principal: Principal { account: *account, arn: provider.clone(), unique_id: None, kind },
            principal_id: format!("{provider}:{audience}:{subject}"),
            access_key_id: String::new(),
            session: None,
        }
    }

    /// The caller's ARN.
    #[must_use]
    pub fn arn(&self) -> &str {
        &self.principal.arn
    }

    /// The name that tells the caller's standing from every other's.
    pub(crate) fn standing_key(&self) -> &str {
        self.session.as_ref().map_or(&self.access_key_id, |session| &session.id)
    }
}

/// Where a call came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The address of the peer.
    pub source_ip: IpAddr,
    /// What the client says it is; cut at [`Self::USER_AGENT_LENGTH_MAX`].
    pub user_agent: String,
    /// The TLS session, if there is one.
    pub tls: Option<Tls>,
    /// The host that the client asked for.
    pub host: String,
}

impl Origin {
    /// The longest user agent that is kept, in bytes.
    pub const USER_AGENT_LENGTH_MAX: usize = 1024;

    /// A service of this cloud, by its name.
    #[must_use]
    pub fn of_service(name: &str) -> Self {
        Self {
            source_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            user_agent: name.to_owned(),
            tls: None,
            host: name.to_owned(),
        }
    }

    /// The address that the client used, without a path: what URLs begin with that it is given.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("{}://{}", if self.tls.is_some() { "https" } else { "http" }, self.host)
    }
}

/// A TLS session, as audit events describe it.
#[derive(Debug, Clone)]
pub struct Tls {
    /// E.g. `TLSv1.3`.
    pub version: String,
    /// E.g. `TLS_AES_128_GCM_SHA256`.
    pub cipher_suite: String,
}

/// What stays the same during one call: who, where, when.
#[derive(Debug, Clone)]
pub struct CallInfo {
    /// Who calls.
    pub caller: Arc<Caller>,
    /// What counts for the caller whatever it asks for.
    pub standing: Arc<Standing>,
    /// The region that the call's signature is scoped to.
    pub region: Region,
    /// Where it came from.
    pub origin: Arc<Origin>,
    /// The id that the caller is told and the audit event carries.
    pub request_id: String,
    /// The time of the call; all of it happens at this one.
    pub now: Timestamp,
    /// The services that call on the caller's behalf, outermost first, as `ssm.eu-west-1.amazonaws.com`.
    pub via: Vec<String>,
    /// What a service acts for that calls in its own name.
    pub source: Option<Source>,
    /// When the call came; [`Self::now`] is later if it [waited](crate::Reads::wait).
    pub began: Timestamp,
    /// How often it waited.
    pub waits: u32,
    /// How many calls it is within.
    pub depth: usize,
    /// Whether request rates hold. Where none does, nobody need find out what a call draws from them.
    pub request_rates: bool,
}

impl CallInfo {
    /// The caller's account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.caller.account
    }

    /// Whether any policy that decides about this caller under `rule`, on a resource of `owner`, looks at more than who
    /// does what to which resource. Where none does, nobody need find out what the condition keys are.
    #[must_use]
    pub fn needs_context(&self, owner: AccountId, rule: &Rule) -> bool {
        self.any_policy(owner, rule, CompiledPolicy::needs_context) || self.standing.policies.needs_context()
    }

    /// Whether any policy that decides about this caller under `rule`, on a resource of `owner`, has a condition on this
    /// key.
    #[must_use]
    pub fn has_condition_on(&self, key: &str, owner: AccountId, rule: &Rule) -> bool {
        self.any_policy(owner, rule, |policy| policy.has_condition_on(key))
            || self.standing.policies.has_condition_on(key)
    }

    /// Whether the resource's policy is so, or one that limits its account's resources. What limits another account's
    /// is not known here, so it may be.
    fn any_policy(&self, owner: AccountId, rule: &Rule, is_so: impl Fn(&CompiledPolicy) -> bool) -> bool {
        owner != self.account()
            || rule.policy().is_some_and(&is_so)
            || self.standing.account.resource_control.iter().flatten().any(|policy| is_so(policy))
    }

    /// The service that calls directly, if the caller does not.
    #[must_use]
    pub fn via_service(&self) -> Option<&str> {
        self.via.last().map(String::as_str)
    }
}
