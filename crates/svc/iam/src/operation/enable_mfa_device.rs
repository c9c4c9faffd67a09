//! `EnableMFADevice`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::mfa_device::{ENABLE_STEPS, Enabled};

use crate::device::OwnDevice;
use crate::named::Holder;
use crate::{error, quota};

/// Makes a device the MFA device of a user who shows two codes of it in a row.
pub struct EnableMFADevice;

impl Operation for EnableMFADevice {
    type Api = api::EnableMFADevice;
    type Target = OwnDevice;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::EnableMFADeviceRequest) -> Result<OwnDevice> {
        OwnDevice::find(reads, &input.user_name, &input.serial_number).await
    }

    fn access(call: &CallInfo, _: &api::EnableMFADeviceRequest, target: &OwnDevice) -> Access {
        Access::one(target.user.check(call, "iam:EnableMFADevice"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::EnableMFADeviceRequest,
        target: Allowed<OwnDevice>,
    ) -> Result<Output<Self>> {
        let mut user = target.user.to_changed()?;
        let mut device = target.device.to_changed()?;
        if device.enabled.is_some() {
            return Err(error::mfa_device_in_use().into());
        }
        if let Some(most) =
            cx.quota(&quota::MFA_DEVICES_PER_USER).filter(|most| user.mfa_devices.len() as u64 >= *most)
        {
            return Err(error::quota_exceeded("MFADevicesPerUser", most).into());
        }
        let (first, second) = (&input.authentication_code1, &input.authentication_code2);
        if !device.synchronize(first, second, cx.now(), ENABLE_STEPS) {
            return Err(error::wrong_authentication_code().into());
        }
        device.enabled =
            Some(Enabled { user_id: user.user_id.clone(), user_name: user.name.clone(), since: cx.now() });
        user.mfa_devices.push(device.serial_number());
        device.put(cx)?;
        user.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
