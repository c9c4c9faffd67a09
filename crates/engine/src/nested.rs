//! Calls that services make of each other: in the transaction of the call that makes them, decided and audited as any.
//!
//! A service calls for its own caller, in its own name for somebody's resource, or with credentials that it was given.

use std::mem;
use std::sync::Arc;

use alcazar_base::{AccountId, Region, SecretString};
use alcazar_policy::{Principal, PrincipalKind};
use alcazar_shape::{ApiOperation, Shape};

use crate::audit::{self, AuditEvent};
use crate::caller::{CallInfo, Caller, Origin};
use crate::context::Cx;
use crate::error::{Error, InternalError, Result};
use crate::standing::Standing;

/// How deep services may call each other.
const NESTED_CALLS_MAX: usize = 8;

/// What a service acts for when it calls in its own name: policies see it as `aws:SourceArn` and `aws:SourceAccount`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The resource's ARN, as that of a rule or a topic.
    pub arn: String,
    /// The account that owns it.
    pub account: AccountId,
}

impl Caller {
    /// A service that acts by itself, e.g. `events.amazonaws.com`.
    #[must_use]
    pub fn service(principal: &str) -> Self {
        Self {
            account: AccountId::ZERO,
            principal: Principal {
                account: AccountId::ZERO,
                arn: principal.to_owned(),
                unique_id: None,
                kind: PrincipalKind::Service(principal.to_owned()),
            },
            principal_id: principal.to_owned(),
            access_key_id: String::new(),
            session: None,
        }
    }
}

impl Cx<'_> {
    /// Calls an operation of another service for the caller, in this transaction: the caller's own permissions
    /// decide, with `via` (the calling service's name) in the condition keys, and the call leaves its own audit event.
    ///
    /// # Errors
    /// Those of the operation, a denial included; then nothing of it stays.
    pub async fn invoke<A: ApiOperation>(&mut self, via: &str, input: A::Input) -> Result<A::Output> {
        let mut call = self.call().clone();
        call.via.push(format!("{via}.{}.amazonaws.com", call.region));
        let invoked_by = call.via_service().unwrap_or_default().to_owned();
        self.call_nested::<A>(call, invoked_by, input).await
    }

    /// Calls an operation in the name of a service, e.g. `events.amazonaws.com`, for `source`: the policy of the
    /// resource decides.
    ///
    /// # Errors
    /// As [`Self::invoke`].
    pub async fn invoke_as_service<A: ApiOperation>(
        &mut self,
        service: &str,
        source: &Source,
        region: &Region,
        input: A::Input,
    ) -> Result<A::Output> {
        let account = self.account_standing(source.account).await?;
        let call = CallInfo {
            caller: Arc::new(Caller::service(service)),
            standing: Arc::new(Standing { account, ..Standing::default() }),
            region: region.clone(),
            origin: Arc::new(Origin { host: service.to_owned(), ..Origin::of_service(service) }),
            source: Some(source.clone()),
            via: Vec::new(),
            ..self.call().clone()
        };
        self.call_nested::<A>(call, service.to_owned(), input).await
    }

    /// Calls an operation with credentials that a service was given, as those of a role that it assumed.
    ///
    /// # Errors
    /// As [`Self::invoke`].
    pub async fn invoke_with<A: ApiOperation>(
        &mut self,
        caller: Arc<Caller>,
        service: &str,
        region: &Region,
        input: A::Input,
    ) -> Result<A::Output> {
        let call = CallInfo {
            standing: self.standing_of(&caller).await?,
            caller,
            region: region.clone(),
            origin: Arc::new(Origin { host: service.to_owned(), ..Origin::of_service(service) }),
            source: None,
            via: Vec::new(),
            ..self.call().clone()
        };
        self.call_nested::<A>(call, service.to_owned(), input).await
    }

    /// Who calls with temporary credentials, as those that a service got by assuming a role.
    ///
    /// # Errors
    /// They are none of this cloud, or past their time.
    pub fn session_caller(&self, access_key_id: &str, token: &SecretString) -> Result<Arc<Caller>> {
        Ok(self.cloud().session_caller(access_key_id, token)?)
    }

    pub(crate) async fn call_nested<A: ApiOperation>(
        &mut self,
        mut call: CallInfo,
        invoked_by: String,
        input: A::Input,
    ) -> Result<A::Output> {
        call.depth += 1;
        if call.depth > NESTED_CALLS_MAX {
            return Err(InternalError::NestedTooDeep(NESTED_CALLS_MAX).into());
        }
        let (cloud, model) = (self.cloud(), A::MODEL);
        let service = cloud.service(model.service.name);
        let entry = service
            .and_then(|service| service.operation(model.name))
            .ok_or_else(|| Error::invariant(format!("{}:{} is not there", model.service.name, model.name)))?;
        let value = input.into_value();
        let parameters = audit::recorded(model.input, &value, cloud.recording(entry));
        let input = (entry.read_input)(value)?;
        let work = self.work();
        let savepoint = work.pending.savepoint();
        let metered_before = mem::take(&mut work.metered);
        let noted_before = mem::take(&mut work.noted);
        let events_before = work.nested_events.len();
        let attempt = (entry.attempt)(Cx::new(cloud, work, &call), &input).await;
        let work = self.work();
        let metered = mem::replace(&mut work.metered, metered_before);
        let noted = mem::replace(&mut work.noted, noted_before);
        let mut event =
            AuditEvent::of_nested_call(cloud, &call, entry, invoked_by, attempt.resources, &attempt.outcome)?;
        let is_denied = event.error_code.as_deref() == Some(audit::ACCESS_DENIED);
        event.request_parameters = parameters.filter(|_| !is_denied);
        if attempt.outcome.is_ok() {
            event.set_uses(metered, cloud.request_class(model.service))?;
        }
        event.add(noted, attempt.outcome.is_ok());
        work.nested_events.push(event);
        // The caller may go on without what failed, and then nothing of it may stay.
        if attempt.outcome.is_err() {
            work.pending.roll_back_to(savepoint);
            work.nested_events.iter_mut().skip(events_before).for_each(|event| event.uses = None);
        }
        Ok(A::Output::from_value(attempt.outcome?)?)
    }
}
