//! A caller's identity, kept for a call that a service makes on the caller's behalf after the caller's own has ended.
//!
//! What it may do is found out anew each time: whoever was deleted or lost a permission meanwhile may do nothing by it.
//! That a session's time is over does not count, as for AWS's forward access sessions.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html>

use std::sync::Arc;

use alcazar_base::{AccountId, Region};
use alcazar_policy::{Principal, PrincipalKind};
use alcazar_shape::ApiOperation;
use minicbor::{Decode, Encode};

use crate::caller::{CallInfo, Caller, Origin};
use crate::context::Cx;
use crate::error::{Error, Result};
use crate::nested::Source;
use crate::session::Session;
use crate::standing::Standing;

/// Whoever called. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Forwarded {
    #[n(0)]
    account: AccountId,
    #[n(1)]
    arn: String,
    #[n(2)]
    unique_id: Option<String>,
    #[n(3)]
    principal_id: String,
    #[n(4)]
    access_key_id: String,
    #[n(5)]
    session: Option<Session>,
    #[n(6)]
    kind: Kind,
    /// What a service acted for: the resource's ARN, and the account that owns it.
    #[n(7)]
    source: Option<(String, AccountId)>,
}

/// What calls without a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
enum Kind {
    #[n(0)]
    Session,
    #[n(1)]
    Root,
    #[n(2)]
    User,
    #[n(3)]
    Service,
    #[n(4)]
    Anonymous,
}

impl CallInfo {
    /// The caller, to be kept.
    #[must_use]
    pub fn forwarded(&self) -> Forwarded {
        let Caller { account, principal, principal_id, access_key_id, session } = self.caller.as_ref();
        let kind = match (&principal.kind, session) {
            (_, Some(_)) => Kind::Session,
            (PrincipalKind::AccountRoot, None) => Kind::Root,
            (PrincipalKind::User, None) => Kind::User,
            (PrincipalKind::Service(_), None) => Kind::Service,
            _ => Kind::Anonymous,
        };
        Forwarded {
            account: *account,
            arn: principal.arn.clone(),
            unique_id: principal.unique_id.clone(),
            principal_id: principal_id.clone(),
            access_key_id: access_key_id.clone(),
            session: session.as_deref().cloned(),
            kind,
            source: self.source.as_ref().map(|source| (source.arn.clone(), source.account)),
        }
    }
}

impl Forwarded {
    fn caller(&self) -> Caller {
        let kind = match (self.kind, &self.session) {
            (_, Some(session)) => {
                return Caller {
                    account: session.account,
                    principal: session.principal(),
                    principal_id: session.principal_id(),
                    access_key_id: self.access_key_id.clone(),
                    session: Some(Arc::new(session.clone())),
                };
            }
            (Kind::Root, None) => PrincipalKind::AccountRoot,
            (Kind::User, None) => PrincipalKind::User,
            (Kind::Service, None) => return Caller::service(&self.arn),
            (Kind::Session | Kind::Anonymous, None) => return Caller::anonymous(),
        };
        let (account, arn) = (self.account, self.arn.clone());
        Caller {
            account,
            principal: Principal { account, arn, unique_id: self.unique_id.clone(), kind },
            principal_id: self.principal_id.clone(),
            access_key_id: self.access_key_id.clone(),
            session: None,
        }
    }
}

impl Cx<'_> {
    /// Calls an operation of another service for someone who called before, as [`Self::invoke`] does for the caller.
    ///
    /// # Errors
    /// As [`Self::invoke`], and whoever called is no more.
    pub async fn invoke_forwarded<A: ApiOperation>(
        &mut self,
        forwarded: &Forwarded,
        via: &str,
        region: &Region,
        input: A::Input,
    ) -> Result<A::Output> {
        let caller = Arc::new(forwarded.caller());
        let source = forwarded.source.clone().map(|(arn, account)| Source { arn, account });
        let standing = match (&source, &caller.principal.kind) {
            (Some(source), PrincipalKind::Service(_)) => {
                let account = self.account_standing(source.account).await?;
                Arc::new(Standing { account, ..Standing::default() })
            }
            (None, PrincipalKind::Service(name)) => {
                return Err(Error::invariant(format!("{name} called for nothing")));
            }
            _ => self.standing_of(&caller).await?,
        };
        let via = format!("{via}.{region}.amazonaws.com");
        let call = CallInfo {
            caller,
            standing,
            region: region.clone(),
            origin: Arc::new(Origin::of_service(&via)),
            source,
            via: vec![via.clone()],
            ..self.call().clone()
        };
        self.call_nested::<A>(call, via, input).await
    }
}
