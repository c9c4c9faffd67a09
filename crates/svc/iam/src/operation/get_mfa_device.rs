//! `GetMFADevice`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetMFADevice.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::device::NamedDevice;
use crate::error;
use crate::whom::Whom;

/// Tells since when a device is the MFA device of its user.
pub struct GetMFADevice;

/// Whose device it is, and the device.
pub struct Target {
    whom: Whom,
    device: NamedDevice,
}

impl Operation for GetMFADevice {
    type Api = api::GetMFADevice;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetMFADeviceRequest) -> Result<Target> {
        let device = NamedDevice::find(reads, &input.serial_number).await?;
        let enabled = device.found().and_then(|device| device.enabled.as_ref());
        let owner = input.user_name.as_ref().or_else(|| enabled.map(|enabled| &enabled.user_name)).cloned();
        Ok(Target { whom: Whom::find(reads, owner.as_deref()).await?, device })
    }

    fn access(call: &CallInfo, _: &api::GetMFADeviceRequest, target: &Target) -> Access {
        Access::one(target.whom.check(call, "iam:GetMFADevice"))
    }

    async fn run(
        _: &mut Cx<'_>,
        input: &api::GetMFADeviceRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetMFADeviceResponse> {
        let user = target.whom.user().map(|named| named.existing()).transpose()?;
        let device = target.device.existing()?;
        let enabled = device
            .enabled
            .as_ref()
            .filter(|enabled| user.is_some_and(|user| user.user_id == enabled.user_id));
        let enabled = enabled.ok_or_else(|| error::no_such_mfa_device(&input.serial_number))?;
        Ok(api::GetMFADeviceResponse {
            user_name: Some(enabled.user_name.clone()),
            serial_number: device.serial_number(),
            enable_date: Some(enabled.since),
            certifications: None,
        })
    }
}
