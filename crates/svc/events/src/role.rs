//! Roles that EventBridge assumes to use a target.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html>

use std::sync::Arc;

use alcazar_api_sts::operation::{AssumeRole, AssumeRoleRequest};
use alcazar_base::{Arn, Region};
use alcazar_engine::{Caller, Cx, Error, Result, Source};
use alcazar_identity::role::Role;
use alcazar_policy::{
    Context, Decision, DecisionRequest, PolicyKind, PrincipalPolicies, Request, ResourceRule, decide,
};
use alcazar_shape::ApiError;

use crate::failure::{Failure, Outcome};
use crate::rule::Rule;
use crate::sending::Sending;
use crate::{access, error};

/// Assumes the role of a target.
///
/// # Errors
/// Something failed inside.
pub(crate) async fn assume(
    cx: &mut Cx<'_>,
    sending: &Sending<'_>,
    role_arn: &str,
) -> Result<Outcome<Arc<Caller>>> {
    let session_name = sending.delivery_id.replace('-', "");
    let assumed = session(cx, &sending.source(), &sending.rule.region, role_arn, session_name).await;
    match assumed {
        Ok(caller) => Ok(Ok(caller)),
        Err(Error::Api(error)) => Ok(Err(failure(&error))),
        Err(error) => Err(error),
    }
}

fn failure(error: &ApiError) -> Failure {
    let message = error.message().unwrap_or(error.model().name);
    if Failure::of(error).is_passing {
        return Failure::passing("TRANSIENT_ASSUME_ROLE", message);
    }
    Failure::lasting("FAILED_TO_ASSUME_ROLE", message)
}

async fn session(
    cx: &mut Cx<'_>,
    source: &Source,
    region: &Region,
    role_arn: &str,
    role_session_name: String,
) -> Result<Arc<Caller>> {
    let request = AssumeRoleRequest {
        role_arn: role_arn.to_owned(),
        role_session_name,
        ..AssumeRoleRequest::default()
    };
    let answer = cx.invoke_as_service::<AssumeRole>(access::PRINCIPAL, source, region, request).await?;
    let credentials =
        answer.credentials.ok_or_else(|| Error::invariant("a role was assumed without credentials"))?;
    cx.session_caller(&credentials.access_key_id, &credentials.session_token)
}

/// Whether an ARN is that of a role.
#[must_use]
pub(crate) fn is_role(role_arn: &str) -> bool {
    let is_role = |arn: Arn| arn.service == "iam" && arn.resource.starts_with("role/");
    role_arn.parse::<Arn>().is_ok_and(is_role)
}

/// Passes if a role trusts EventBridge with what it does for a rule.
///
/// # Errors
/// It does not, or it is not there.
pub(crate) async fn check_trust(cx: &mut Cx<'_>, rule: &Rule, role_arn: &str) -> Result<()> {
    let refused = || error::rule::role_not_assumable(role_arn);
    let role = Role::find_by_arn(&mut cx.records(), role_arn).await?.ok_or_else(refused)?;
    let trust = role.trust.compiled(PolicyKind::Trust)?;
    let mut context = Context::new();
    context.insert("aws:SourceArn", rule.arn());
    context.insert("aws:SourceAccount", rule.account.to_string());
    context.insert("aws:PrincipalIsAWSService", true);
    let owner = role_arn.parse::<Arn>().ok().and_then(|arn| arn.account.parse().ok());
    let decision = decide(&DecisionRequest {
        request: Request {
            principal: &Caller::service(access::PRINCIPAL).principal,
            action: "sts:AssumeRole",
            resource: role_arn,
            context: &context,
        },
        principal_policies: &PrincipalPolicies::default(),
        resource_control: &[],
        resource_policy: Some(&trust),
        resource_account: owner.unwrap_or(rule.account),
        resource_rule: ResourceRule::MustAllow,
    });
    match decision {
        Decision::Allowed => Ok(()),
        Decision::Denied(_) => Err(refused().into()),
    }
}
