//! `GetParametersByPath`:
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::filter::read;
use crate::listing::{self, Asked};
use crate::{access, name, shown, throughput};

/// How many parameters a page has at most, and if nothing is said.
const PAGE_MAX: usize = 10;

/// Reads what is below a path. Who may do so with the path reads all of it.
pub struct GetParametersByPath;

impl Operation for GetParametersByPath {
    type Api = api::GetParametersByPath;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &api::GetParametersByPathRequest) -> Result<()> {
        throughput::GET_BY_PATH.draw(reads).await
    }

    fn access(call: &CallInfo, input: &api::GetParametersByPathRequest, (): &()) -> Access {
        let arn = name::arn(call.account(), &call.region, &input.path);
        let mut check = access::of_arn(call, "ssm:GetParametersByPath", arn);
        check.context.insert("ssm:Recursive", (input.recursive == Some(true)).to_string());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetParametersByPathRequest,
        _: Allowed<()>,
    ) -> Result<api::GetParametersByPathResult> {
        let filters = read::of_path(input)?;
        let token = input.next_token.as_deref();
        let asked = Asked::new("GetParametersByPath", token, input.max_results, PAGE_MAX);
        let page = listing::page(cx, &filters, asked).await?;
        let with_decryption = input.with_decryption == Some(true);
        let mut parameters = Vec::with_capacity(page.items.len());
        for listed in &page.items {
            let (parameter, version) = (&listed.parameter, listed.version());
            parameters
                .push(shown::parameter(cx, &parameter.name, parameter, version, with_decryption).await?);
        }
        Ok(api::GetParametersByPathResult {
            parameters: Some(parameters.into()),
            next_token: page.next_token,
        })
    }
}
