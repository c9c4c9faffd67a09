//! `UnlabelParameterVersion`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UnlabelParameterVersion.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_shape::convert::List;

use crate::access::Target;
use crate::{billing, error, label};

/// Takes labels off a version of a parameter. AWS tells no event of it.
pub struct UnlabelParameterVersion;

impl Operation for UnlabelParameterVersion {
    type Api = api::UnlabelParameterVersion;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UnlabelParameterVersionRequest) -> Result<Target> {
        label::find_to_change(reads, &input.name).await
    }

    fn access(call: &CallInfo, _: &api::UnlabelParameterVersionRequest, target: &Target) -> Access {
        target.access(call, "ssm:UnlabelParameterVersion")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UnlabelParameterVersionRequest,
        target: Allowed<Target>,
    ) -> Result<api::UnlabelParameterVersionResult> {
        let parameter = target.parameter.as_ref().ok_or_else(error::parameter_not_found)?;
        let version = label::check_version(parameter, input.parameter_version)?;
        billing::interaction(cx, parameter).await?;
        let (removed, invalid) = label::detach(cx, parameter, version, &input.labels)?;
        Ok(api::UnlabelParameterVersionResult {
            removed_labels: Some(List(removed)),
            invalid_labels: Some(List(invalid)),
        })
    }
}
