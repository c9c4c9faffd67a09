//! `TagOpenIDConnectProvider`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagOpenIDConnectProvider.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::oidc_provider::{self, Target};
use crate::tag;

/// Puts tags on an OpenID Connect provider.
pub struct TagOpenIDConnectProvider;

impl Operation for TagOpenIDConnectProvider {
    type Api = api::TagOpenIDConnectProvider;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::TagOpenIDConnectProviderRequest) -> Result<Target> {
        Target::find(reads, &input.open_id_connect_provider_arn).await
    }

    fn access(call: &CallInfo, input: &api::TagOpenIDConnectProviderRequest, target: &Target) -> Access {
        let mut check = target.check(call, "iam:TagOpenIDConnectProvider");
        check.context.add_request_tags(tag::pairs(Some(&input.tags)));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::TagOpenIDConnectProviderRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut provider = target.to_changed()?;
        provider.tags = tag::added_cased(&provider.tags, &input.tags)?;
        oidc_provider::put(cx, provider)?;
        Ok(Output::<Self>::default())
    }
}
