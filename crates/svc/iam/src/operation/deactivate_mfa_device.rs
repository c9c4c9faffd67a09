//! `DeactivateMFADevice`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::device::NamedDevice;
use crate::error;
use crate::named::Holder;
use crate::whom::Whom;

/// Takes an MFA device from its user.
pub struct DeactivateMFADevice;

/// Whose device it is, and the device.
pub struct Target {
    whom: Whom,
    device: NamedDevice,
}

impl Operation for DeactivateMFADevice {
    type Api = api::DeactivateMFADevice;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeactivateMFADeviceRequest) -> Result<Target> {
        let whom = Whom::find(reads, input.user_name.as_deref()).await?;
        Ok(Target { whom, device: NamedDevice::find(reads, &input.serial_number).await? })
    }

    fn access(call: &CallInfo, _: &api::DeactivateMFADeviceRequest, target: &Target) -> Access {
        Access::one(target.whom.check(call, "iam:DeactivateMFADevice"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeactivateMFADeviceRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let gone = || error::no_such_mfa_device(&input.serial_number);
        let mut user = target.whom.user().ok_or_else(gone)?.to_changed()?;
        let mut device = target.device.to_changed()?;
        if !device.is_of(&user.user_id) {
            return Err(gone().into());
        }
        device.enabled = None;
        device.put(cx)?;
        user.mfa_devices.retain(|serial_number| *serial_number != input.serial_number);
        user.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
