//! `ResetServiceSetting`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ResetServiceSetting.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::setting::Target;

/// Gives a service setting its default back.
pub struct ResetServiceSetting;

impl Operation for ResetServiceSetting {
    type Api = api::ResetServiceSetting;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ResetServiceSettingRequest) -> Result<Target> {
        Target::find(reads, &input.setting_id).await
    }

    fn access(call: &CallInfo, _: &api::ResetServiceSettingRequest, target: &Target) -> Access {
        target.access(call, "ssm:ResetServiceSetting")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::ResetServiceSettingRequest,
        target: Allowed<Target>,
    ) -> Result<api::ResetServiceSettingResult> {
        Ok(api::ResetServiceSettingResult { service_setting: Some(target.reset(cx)?) })
    }
}
