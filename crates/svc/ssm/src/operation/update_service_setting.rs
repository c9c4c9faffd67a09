//! `UpdateServiceSetting`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateServiceSetting.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::setting::Target;

/// Changes a service setting.
pub struct UpdateServiceSetting;

impl Operation for UpdateServiceSetting {
    type Api = api::UpdateServiceSetting;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateServiceSettingRequest) -> Result<Target> {
        Target::find(reads, &input.setting_id).await
    }

    fn access(call: &CallInfo, _: &api::UpdateServiceSettingRequest, target: &Target) -> Access {
        target.access(call, "ssm:UpdateServiceSetting")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateServiceSettingRequest,
        target: Allowed<Target>,
    ) -> Result<api::UpdateServiceSettingResult> {
        target.set(cx, &input.setting_value)?;
        Ok(api::UpdateServiceSettingResult {})
    }
}
