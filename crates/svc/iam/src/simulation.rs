//! Simulated requests: what policies would say, decided by the very code that decides real calls.
//!
//! A simulation has all that it needs in itself, so it runs where it keeps no other call waiting.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html>

mod answer;
mod context;
mod exclusion;
mod handling;
mod policies;

use std::ops::Range;
use std::sync::Arc;

use alcazar_api_iam::types::{ContextEntry, EvaluationResult, SimulatePolicyResponse};
use alcazar_base::{AccountId, Arn};
use alcazar_engine::{Cx, Result};
use alcazar_identity::document::Document;
use alcazar_identity::entity;
use alcazar_policy::{CompiledPolicy, Context, PolicyKind, Principal, PrincipalKind, PrincipalPolicies};
use alcazar_shape::ApiError;

use crate::error::simulation as error;
use crate::page;

pub(crate) use self::exclusion::Exclusions;
pub(crate) use self::policies::{Held, Source, SourceArn, groups};

/// How many requests one call decides at most. AWS names no bound; its own answers come in pages.
const DECISIONS_MAX: usize = 10_000;

/// What a request for a simulation says, whichever policies it is about.
pub(crate) struct Asking<'a> {
    /// `ActionNames`
    pub(crate) action_names: &'a [String],
    /// `ResourceArns`
    pub(crate) resource_arns: Option<&'a [String]>,
    /// `ResourcePolicy`
    pub(crate) resource_policy: Option<&'a str>,
    /// `ResourceOwner`
    pub(crate) resource_owner: Option<&'a str>,
    /// `CallerArn`
    pub(crate) caller_arn: Option<&'a str>,
    /// `ContextEntries`
    pub(crate) context_entries: Option<&'a [ContextEntry]>,
    /// `ResourceHandlingOption`
    pub(crate) resource_handling_option: Option<&'a str>,
    /// `Marker` and `MaxItems`
    pub(crate) page: page::Asked<'a>,
}

/// The policies of a simulation.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    /// The principal's own.
    pub(crate) identity: Vec<Source>,
    /// The permissions boundary.
    pub(crate) boundary: Option<Arc<CompiledPolicy>>,
    /// The service control policies, level by level; none if the account is limited by none.
    pub(crate) service_control: Vec<Vec<Arc<CompiledPolicy>>>,
}

/// A simulation, ready to run.
struct Simulation {
    actions: Vec<String>,
    /// The resources; none if the request named none.
    resources: Option<Vec<String>>,
    principal: Principal,
    /// Who owns resources whose ARNs name no account.
    owner: AccountId,
    context: Context,
    sources: Vec<Source>,
    policies: PrincipalPolicies,
    resource_policy: Option<Source>,
}

/// Simulates, and answers with the page that was asked for. `source` is the ARN of whose policies they are.
///
/// # Errors
/// The request cannot be simulated.
pub(crate) async fn simulate(
    cx: &mut Cx<'_>,
    asking: Asking<'_>,
    policies: Policies,
    source: Option<&str>,
) -> Result<SimulatePolicyResponse> {
    let page = asking.page;
    let simulation = Simulation::read(cx.account(), asking, policies, source)?;
    let page = page::in_order(cx, "simulation", page, 0..simulation.actions.len())?;
    let first = page.items.first().copied().unwrap_or_default();
    let range = first..first + page.items.len();
    let per_action = simulation.resources.as_ref().map_or(1, Vec::len);
    if per_action.saturating_mul(range.len()) > DECISIONS_MAX {
        return Err(error::too_many_requests(DECISIONS_MAX).into());
    }
    let results = cx.offload(move |_| simulation.results(range)).await?;
    Ok(SimulatePolicyResponse {
        evaluation_results: Some(results.into()),
        is_truncated: Some(page.next_token.is_some()),
        marker: page.next_token,
    })
}

impl Simulation {
    fn read(
        account: AccountId,
        asking: Asking<'_>,
        policies: Policies,
        source: Option<&str>,
    ) -> Result<Self, ApiError> {
        if let Some(action) = asking.action_names.iter().find(|action| !is_action(action)) {
            return Err(error::invalid_action(action));
        }
        let resources = asking.resource_arns.filter(|arns| !arns.is_empty());
        let is_resource = |arn: &String| arn == "*" || arn.parse::<Arn>().is_ok();
        if let Some(arn) = resources.into_iter().flatten().find(|arn| !is_resource(arn)) {
            return Err(error::invalid_resource(arn));
        }
        handling::check(asking.resource_handling_option, resources.unwrap_or_default())?;
        let caller = asking.caller_arn.or(source);
        let principal = match caller {
            Some(arn) => principal_of(arn)?,
            None if asking.resource_policy.is_some() => return Err(error::caller_needed()),
            None => Principal {
                account,
                arn: format!("arn:aws:iam::{account}:user/"),
                unique_id: None,
                kind: PrincipalKind::User,
            },
        };
        let resource_policy = asking.resource_policy.map(Source::resource_policy).transpose()?;
        let mut context = context::read(asking.context_entries.unwrap_or_default())?;
        if caller.is_some() {
            context::add_caller(&principal, &mut context);
        }
        let identity = policies.identity.iter().map(|source| source.compiled.clone()).collect();
        Ok(Self {
            actions: asking.action_names.to_vec(),
            resources: resources.map(<[String]>::to_vec),
            owner: owner(asking.resource_owner)?.unwrap_or(principal.account),
            principal,
            context,
            sources: policies.identity,
            policies: PrincipalPolicies {
                identity,
                boundary: policies.boundary,
                session: None,
                service_control: policies.service_control,
            },
            resource_policy,
        })
    }

    fn results(&self, range: Range<usize>) -> Vec<EvaluationResult> {
        let actions = self.actions.iter().skip(range.start).take(range.len());
        actions.map(|action| answer::of_action(self, action)).collect()
    }
}

/// Whether it is an action's whole name.
fn is_action(text: &str) -> bool {
    let is_name = |part: &str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    text.split_once(':').is_some_and(|(service, name)| is_name(service) && is_name(name))
}

/// The user, group or role that calls in a simulation.
fn principal_of(arn: &str) -> Result<Principal, ApiError> {
    let source = SourceArn::parse(arn).map_err(|_| error::invalid_caller())?;
    let kind = match source.kind {
        entity::EntityKind::Role => PrincipalKind::AssumedRole { role_arn: arn.to_owned() },
        entity::EntityKind::User | entity::EntityKind::Group => PrincipalKind::User,
    };
    Ok(Principal { account: source.account, arn: arn.to_owned(), unique_id: None, kind })
}

/// The account of a resource's owner, which is given by its id or by an ARN.
fn owner(asked: Option<&str>) -> Result<Option<AccountId>, ApiError> {
    let Some(asked) = asked else { return Ok(None) };
    let of_arn = || asked.parse::<Arn>().ok().and_then(|arn| arn.account.parse().ok());
    asked.parse().ok().or_else(of_arn).map(Some).ok_or_else(error::invalid_owner)
}

/// Reads the policy of a permissions boundary that a request brings.
///
/// # Errors
/// There are several, or it is no policy.
pub(crate) fn boundary(texts: Option<&[String]>) -> Result<Option<Arc<CompiledPolicy>>> {
    match texts.unwrap_or_default() {
        [] => Ok(None),
        [text] => Ok(Some(policies::read(text, PolicyKind::Identity)?.compiled(PolicyKind::Identity)?)),
        _ => Err(error::several_boundaries().into()),
    }
}

/// Reads the service control policies that a request brings for one level.
///
/// # Errors
/// One is no such policy.
pub(crate) fn service_control(texts: Option<&[String]>) -> Result<Vec<Arc<CompiledPolicy>>> {
    let kind = PolicyKind::ServiceControl;
    let compiled = |text: &String| -> Result<_> { Document::compiled(&policies::read(text, kind)?, kind) };
    texts.unwrap_or_default().iter().map(compiled).collect()
}
