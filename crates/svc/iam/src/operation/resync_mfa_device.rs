//! `ResyncMFADevice`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::mfa_device::RESYNC_STEPS;

use crate::device::OwnDevice;
use crate::error;

/// Learns from two codes in a row how far a device's clock is from the right time.
pub struct ResyncMFADevice;

impl Operation for ResyncMFADevice {
    type Api = api::ResyncMFADevice;
    type Target = OwnDevice;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ResyncMFADeviceRequest) -> Result<OwnDevice> {
        OwnDevice::find(reads, &input.user_name, &input.serial_number).await
    }

    fn access(call: &CallInfo, _: &api::ResyncMFADeviceRequest, target: &OwnDevice) -> Access {
        Access::one(target.user.check(call, "iam:ResyncMFADevice"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ResyncMFADeviceRequest,
        target: Allowed<OwnDevice>,
    ) -> Result<Output<Self>> {
        let mut device = target.to_changed()?;
        let (first, second) = (&input.authentication_code1, &input.authentication_code2);
        if !device.synchronize(first, second, cx.now(), RESYNC_STEPS) {
            return Err(error::wrong_authentication_code().into());
        }
        device.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
