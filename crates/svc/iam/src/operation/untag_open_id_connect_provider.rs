//! `UntagOpenIDConnectProvider`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagOpenIDConnectProvider.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::tag;

use crate::oidc_provider::{self, Target};

/// Takes tags from an OpenID Connect provider.
pub struct UntagOpenIDConnectProvider;

impl Operation for UntagOpenIDConnectProvider {
    type Api = api::UntagOpenIDConnectProvider;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::UntagOpenIDConnectProviderRequest,
    ) -> Result<Target> {
        Target::find(reads, &input.open_id_connect_provider_arn).await
    }

    fn access(call: &CallInfo, input: &api::UntagOpenIDConnectProviderRequest, target: &Target) -> Access {
        let mut check = target.check(call, "iam:UntagOpenIDConnectProvider");
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UntagOpenIDConnectProviderRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut provider = target.to_changed()?;
        provider.tags = tag::without_cased(&provider.tags, &input.tag_keys);
        oidc_provider::put(cx, provider)?;
        Ok(Output::<Self>::default())
    }
}
