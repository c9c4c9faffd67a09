//! `GetServiceSetting`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetServiceSetting.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::setting::Target;

/// Reads a service setting.
pub struct GetServiceSetting;

impl Operation for GetServiceSetting {
    type Api = api::GetServiceSetting;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetServiceSettingRequest) -> Result<Target> {
        Target::find(reads, &input.setting_id).await
    }

    fn access(call: &CallInfo, _: &api::GetServiceSettingRequest, target: &Target) -> Access {
        target.access(call, "ssm:GetServiceSetting")
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::GetServiceSettingRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetServiceSettingResult> {
        Ok(api::GetServiceSettingResult { service_setting: Some(target.shown()?) })
    }
}
