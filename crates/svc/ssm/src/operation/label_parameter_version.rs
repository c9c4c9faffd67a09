//! `LabelParameterVersion`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_LabelParameterVersion.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_shape::convert::List;

use crate::access::Target;
use crate::{billing, error, label};

/// Puts labels on a version of a parameter, taking them from the versions that they were on.
pub struct LabelParameterVersion;

impl Operation for LabelParameterVersion {
    type Api = api::LabelParameterVersion;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::LabelParameterVersionRequest) -> Result<Target> {
        label::find_to_change(reads, &input.name).await
    }

    fn access(call: &CallInfo, _: &api::LabelParameterVersionRequest, target: &Target) -> Access {
        target.access(call, "ssm:LabelParameterVersion")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::LabelParameterVersionRequest,
        target: Allowed<Target>,
    ) -> Result<api::LabelParameterVersionResult> {
        let parameter = target.parameter.as_ref().ok_or_else(error::parameter_not_found)?;
        let version = match input.parameter_version {
            Some(number) => label::check_version(parameter, number)?,
            None => parameter.latest.number,
        };
        billing::interaction(cx, parameter).await?;
        let invalid = label::attach(cx, parameter, version, &input.labels)?;
        Ok(api::LabelParameterVersionResult {
            invalid_labels: Some(List(invalid)),
            parameter_version: i64::try_from(version).ok(),
        })
    }
}
