//! `DescribeParameters`:
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::filter::read;
use crate::listing::{self, Asked, Listed};
use crate::{access, shown};

/// How many parameters a page has at most, and if nothing is said.
const PAGE_MAX: usize = 50;

/// Tells what parameters there are in the caller's account, or what others share with it.
pub struct DescribeParameters;

impl Operation for DescribeParameters {
    type Api = api::DescribeParameters;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::DescribeParametersRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::DescribeParametersRequest, (): &()) -> Access {
        access::any(call, "ssm:DescribeParameters")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DescribeParametersRequest,
        _: Allowed<()>,
    ) -> Result<api::DescribeParametersResult> {
        let filters = read::of_describe(input)?;
        let is_shared = input.shared == Some(true);
        let operation = if is_shared { "DescribeParameters shared" } else { "DescribeParameters" };
        let asked = Asked::new(operation, input.next_token.as_deref(), input.max_results, PAGE_MAX);
        let page = match is_shared {
            true => listing::shared(cx, &filters, asked).await?,
            false => listing::page(cx, &filters, asked).await?,
        };
        let shown = |listed: &Listed| shown::metadata(&listed.parameter, cx.now());
        let parameters: Vec<_> = page.items.iter().map(shown).collect();
        Ok(api::DescribeParametersResult { parameters: Some(parameters.into()), next_token: page.next_token })
    }
}
