//! `RetireGrant`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html>

use std::sync::Arc;

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Output, Reads, Result, Rule};

use crate::error::grant as error;
use crate::grant::{self, Grant, GrantRef};
use crate::target::{Accepts, Target};
use crate::{access, crypto};

/// Ends a grant, for those whom the grant itself names.
pub struct RetireGrant;

const ACTION: &str = "kms:RetireGrant";

/// What is retired.
pub struct Retired {
    target: Target,
    grant: Arc<Grant>,
}

impl Operation for RetireGrant {
    type Api = api::RetireGrant;
    type Target = Retired;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::RetireGrantRequest) -> Result<Retired> {
        let (target, grant_id) = match (&input.grant_token, &input.key_id, &input.grant_id) {
            (Some(token), None, None) => {
                let GrantRef { key_id, grant_id } = grant::read_token(reads, token)?;
                let target = Target::find_of_ciphertext(reads, &key_id).await?;
                (target.ok_or_else(error::grant_not_found)?, grant_id)
            }
            (None, Some(key_id), Some(grant_id)) => {
                (Target::find(reads, key_id, Accepts::Keys).await?, grant_id.clone())
            }
            _ => return Err(error::one_way_to_name_a_grant().into()),
        };
        let region = target.key.region.clone();
        let grant = grant::find(reads, &region, &target.key.key_id, &grant_id).await?;
        Ok(Retired { target, grant })
    }

    fn access(call: &CallInfo, _: &api::RetireGrantRequest, retired: &Retired) -> Access {
        let mut check = access::key_check(call, ACTION, &retired.target);
        // A key policy has no say here: the grant decides, and whom the key's account has let do it.
        check.rule = Rule::IdentityOnly;
        // Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
        check.beyond_resource_control = true;
        if call.needs_context(check.owner, &check.rule) {
            for kind in retired.grant.constraints.types() {
                check.context.insert("kms:GrantConstraintType", kind);
            }
            access::add_encryption_context(&mut check, retired.grant.constraints.encryption_context());
        }
        Access::one(check)
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::RetireGrantRequest,
        retired: &Retired,
        _: &Check,
    ) -> Result<Granted> {
        Ok(grant::may_retire(&retired.grant, &reads.call().caller.principal))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::RetireGrantRequest,
        retired: Allowed<Retired>,
    ) -> Result<Output<Self>> {
        crypto::rehearsal(input.dry_run)?;
        cx.note_data("grantId", retired.grant.grant_id.as_str());
        grant::delete(cx, &retired.grant)?;
        Ok(Output::<Self>::default())
    }
}
