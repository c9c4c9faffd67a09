//! `DeleteParameter`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::reference::Reference;
use crate::{billing, deletion, error};

/// Deletes a parameter.
pub struct DeleteParameter;

impl Operation for DeleteParameter {
    type Api = api::DeleteParameter;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteParameterRequest) -> Result<Target> {
        let reference = Reference::whole(reads.call(), &input.name)?;
        Target::find_to_change(reads, reference).await
    }

    fn access(call: &CallInfo, _: &api::DeleteParameterRequest, target: &Target) -> Access {
        target.access(call, "ssm:DeleteParameter")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteParameterRequest,
        target: Allowed<Target>,
    ) -> Result<api::DeleteParameterResult> {
        let parameter = target.parameter.as_ref().ok_or_else(error::parameter_not_found)?;
        billing::interaction(cx, parameter).await?;
        deletion::delete(cx, parameter)?;
        Ok(api::DeleteParameterResult {})
    }
}
