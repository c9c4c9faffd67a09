//! `ListOpenIDConnectProviders`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOpenIDConnectProviders.html>

use alcazar_api_iam::operation as api;
use alcazar_api_iam::types;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::oidc_provider::{self as provider, OidcProvider};

use crate::{access, oidc_provider, page};

/// Lists the account's OpenID Connect providers.
pub struct ListOpenIDConnectProviders;

impl Operation for ListOpenIDConnectProviders {
    type Api = api::ListOpenIDConnectProviders;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListOpenIDConnectProvidersRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListOpenIDConnectProvidersRequest, (): &()) -> Access {
        let arn = provider::arn(call.account(), "");
        Access::one(access::check(call, "iam:ListOpenIDConnectProviders", arn, oidc_provider::TYPE))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::ListOpenIDConnectProvidersRequest,
        _: Allowed<()>,
    ) -> Result<api::ListOpenIDConnectProvidersResponse> {
        let providers = provider::providers(cx.account());
        let found = page::all::<OidcProvider>(cx, &providers).await?;
        let mut arns: Vec<_> = found.iter().map(|provider| provider.arn()).collect();
        arns.sort();
        let entry = |arn| types::OpenIDConnectProviderListEntry { arn: Some(arn) };
        let entries: Vec<_> = arns.into_iter().map(entry).collect();
        Ok(api::ListOpenIDConnectProvidersResponse { open_id_connect_provider_list: Some(entries.into()) })
    }
}
