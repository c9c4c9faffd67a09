//! `ListInstanceProfiles`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfiles.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;

use crate::instance_profile::{self, InstanceProfile};
use crate::{access, page};

/// Lists the account's instance profiles under a path.
pub struct ListInstanceProfiles;

impl Operation for ListInstanceProfiles {
    type Api = api::ListInstanceProfiles;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListInstanceProfilesRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, input: &api::ListInstanceProfilesRequest, (): &()) -> Access {
        let path = input.path_prefix.as_deref().unwrap_or("/");
        let arn = entity::arn(call.account(), "instance-profile", path, "");
        Access::one(access::check(call, "iam:ListInstanceProfiles", arn, instance_profile::TYPE))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListInstanceProfilesRequest,
        _: Allowed<()>,
    ) -> Result<api::ListInstanceProfilesResponse> {
        let profiles = instance_profile::profiles(cx.account());
        let mut found = page::all::<InstanceProfile>(cx, &profiles).await?;
        found.retain(|profile| profile.path.starts_with(input.path_prefix.as_deref().unwrap_or("/")));
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let (instance_profiles, is_truncated, marker) = instance_profile::page(cx, asked, found).await?;
        Ok(api::ListInstanceProfilesResponse { instance_profiles, is_truncated, marker })
    }
}
