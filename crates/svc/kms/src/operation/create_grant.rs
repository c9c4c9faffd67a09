//! `CreateGrant`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::GrantOperation;
use alcazar_crypto::KeySpec;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};
use alcazar_shape::ApiError;

use crate::error::grant as error;
use crate::grant::{self, Constraints, Grant, GrantPrincipal, Operations};
use crate::target::{Accepts, Target};
use crate::{access, crypto, usage};

/// Gives a principal permissions on a key.
pub struct CreateGrant;

const ACTION: &str = "kms:CreateGrant";

impl Operation for CreateGrant {
    type Api = api::CreateGrant;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateGrantRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, input: &api::CreateGrantRequest, target: &Target) -> Access {
        let mut check = access::key_check(call, ACTION, target);
        if call.needs_context(check.owner, &check.rule) {
            add_keys(call, &mut check, input);
        }
        Access::one(check)
    }

    async fn granted(
        reads: &mut Reads<'_>,
        input: &api::CreateGrantRequest,
        target: &Target,
        _: &Check,
    ) -> Result<Granted> {
        let constraints = Constraints::of(input.constraints.as_ref());
        grant::allows_grant(reads, target, operations(input), &constraints).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateGrantRequest,
        target: Allowed<Target>,
    ) -> Result<api::CreateGrantResponse> {
        target.usable()?;
        let key = &target.key;
        let (grantee, retiring) = principals(cx, input).await?;
        check_operations(input, &target)?;
        let mut grant = Grant {
            grant_id: grant::new_grant_id(cx)?,
            key_id: key.key_id.clone(),
            region: key.region.clone(),
            key_account: key.account,
            issuing_account: cx.account(),
            created: cx.now(),
            name: input.name.clone(),
            grantee,
            retiring,
            operations: operations(input),
            constraints: constraints(input, &target)?,
        };
        let repeated = grant::find_of_name(cx, &grant).await?;
        if repeated.is_none() {
            grant::room_for(cx, &grant).await?;
        }
        crypto::rehearsal(input.dry_run)?;
        match repeated {
            Some(grant_id) => grant.grant_id = grant_id,
            None => grant::put(cx, grant.clone())?,
        }
        usage::changed(cx, key);
        Ok(api::CreateGrantResponse {
            grant_token: Some(grant::new_token(cx, &grant)?),
            grant_id: Some(grant.grant_id),
        })
    }
}

/// Adds the condition keys that say what is to be granted to whom.
fn add_keys(call: &CallInfo, check: &mut Check, input: &api::CreateGrantRequest) {
    access::add_is_for_resource(call, check);
    let context = &mut check.context;
    for name in grant::operation_names(&input.operations) {
        context.insert("kms:GrantOperations", name);
    }
    let constraints = Constraints::of(input.constraints.as_ref());
    for kind in constraints.types() {
        context.insert("kms:GrantConstraintType", kind);
    }
    for (key, value) in [
        ("kms:GranteePrincipal", &input.grantee_principal),
        ("kms:RetiringPrincipal", &input.retiring_principal),
        ("kms:GranteeServicePrincipal", &input.grantee_service_principal),
        ("kms:RetiringServicePrincipal", &input.retiring_service_principal),
    ] {
        if let Some(value) = value {
            context.insert(key, value.clone());
        }
    }
    if let Some(source_arn) = &constraints.source_arn {
        context.insert("kms:GrantConstraintSourceArn", source_arn.clone());
    }
    access::add_encryption_context(check, constraints.encryption_context());
}

fn operations(input: &api::CreateGrantRequest) -> Operations {
    input.operations.iter().copied().collect()
}

/// The grantee and the retiring principal.
async fn principals(
    cx: &mut Cx<'_>,
    input: &api::CreateGrantRequest,
) -> Result<(GrantPrincipal, Option<GrantPrincipal>)> {
    let retiring = match (&input.retiring_principal, &input.retiring_service_principal) {
        (Some(_), Some(_)) => return Err(error::two_retiring_principals().into()),
        (Some(principal), None) => Some(GrantPrincipal::find(cx, principal).await?),
        (None, service) => service.clone().map(GrantPrincipal::Service),
    };
    let grantee = match (&input.grantee_principal, &input.grantee_service_principal) {
        (Some(principal), None) => GrantPrincipal::find(cx, principal).await?,
        (None, Some(service)) => {
            let source_arn =
                input.constraints.as_ref().and_then(|constraints| constraints.source_arn.as_ref());
            if source_arn.is_none() {
                return Err(error::service_grantee_needs("a SourceArn grant constraint").into());
            }
            if retiring.is_none() {
                return Err(error::service_grantee_needs(
                    "either a RetiringPrincipal or a RetiringServicePrincipal",
                )
                .into());
            }
            GrantPrincipal::Service(service.clone())
        }
        _ => return Err(error::one_principal("Grantee").into()),
    };
    Ok((grantee, retiring))
}

/// Passes if a grant on the key can permit these operations.
fn check_operations(input: &api::CreateGrantRequest, target: &Target) -> std::result::Result<(), ApiError> {
    let (spec, usage) = (target.key.spec, target.key.usage);
    if input.operations.is_empty() {
        return Err(error::no_operations());
    }
    if operations(input) == Operations::one(GrantOperation::CreateGrant) {
        return Err(error::only_create_grant());
    }
    match input.operations.iter().find(|operation| !grant::is_for(**operation, spec, usage)) {
        Some(operation) => {
            Err(error::operation_not_of_key(operation.as_str(), usage.as_str(), spec.as_str()))
        }
        None => Ok(()),
    }
}

/// The constraints, if a grant on the key can have them.
fn constraints(
    input: &api::CreateGrantRequest,
    target: &Target,
) -> std::result::Result<Constraints, ApiError> {
    let constraints = Constraints::of(input.constraints.as_ref());
    constraints.check()?;
    if constraints.encryption_context().is_some() && target.key.spec != KeySpec::SymmetricDefault {
        return Err(error::context_constraint_not_of_key(target.key.spec.as_str()));
    }
    Ok(constraints)
}
