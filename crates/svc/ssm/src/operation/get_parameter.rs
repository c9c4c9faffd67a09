//! `GetParameter`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::reference::Reference;
use crate::{error, shown};

/// Reads a parameter.
pub struct GetParameter;

impl Operation for GetParameter {
    type Api = api::GetParameter;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetParameterRequest) -> Result<Target> {
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
        let Target { reference, parameter, .. } = target.into_inner();
        let parameter = parameter.ok_or_else(error::parameter_not_found)?;
        let selector = reference.selector.as_ref();
        let version = match parameter.number_of(selector) {
            Some(number) => parameter.version(cx, number).await?,
            None => None,
        };
        let Some(version) = version else {
            let said = selector.map(|selector| error::version::not_found(&reference.name, selector));
            return Err(said.unwrap_or_else(error::parameter_not_found).into());
        };
        let with_decryption = input.with_decryption == Some(true);
        let mut read = shown::parameter(cx, &reference.name, &parameter, &version, with_decryption).await?;
        read.selector = selector.map(|selector| selector.spelled.clone());
        Ok(api::GetParameterResult { parameter: Some(read) })
    }
}
