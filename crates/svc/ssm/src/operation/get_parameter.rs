//! `GetParameter`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::reference::Reference;
use crate::{error, shown, throughput};

/// Reads a parameter.
pub struct GetParameter;

impl Operation for GetParameter {
    type Api = api::GetParameter;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetParameterRequest) -> Result<Target> {
        throughput::GET_ONE.draw(reads).await?;
        let reference = Reference::read(reads.call(), &input.name)?;
        Target::find(reads, reference).await
    }

    fn access(call: &CallInfo, _: &api::GetParameterRequest, target: &Target) -> Access {
        target.access(call, "ssm:GetParameter")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetParameterRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetParameterResult> {
        let with_decryption = input.with_decryption == Some(true);
        if let Some(read) = shown::selected(cx, &target, with_decryption).await? {
            return Ok(api::GetParameterResult { parameter: Some(read) });
        }
        let Reference { name, selector, .. } = &target.reference;
        Err(match selector.as_ref().filter(|_| target.parameter.is_some()) {
            Some(selector) => error::version::not_found(name, selector).into(),
            None => error::parameter_not_found().into(),
        })
    }
}
