//! `DeleteVirtualMFADevice`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteVirtualMFADevice.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::mfa_device;

use crate::device::NamedDevice;
use crate::error;

/// Deletes a virtual MFA device that no user has.
pub struct DeleteVirtualMFADevice;

impl Operation for DeleteVirtualMFADevice {
    type Api = api::DeleteVirtualMFADevice;
    type Target = NamedDevice;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::DeleteVirtualMFADeviceRequest,
    ) -> Result<NamedDevice> {
        NamedDevice::find(reads, &input.serial_number).await
    }

    fn access(call: &CallInfo, _: &api::DeleteVirtualMFADeviceRequest, target: &NamedDevice) -> Access {
        Access::one(target.check(call, "iam:DeleteVirtualMFADevice"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteVirtualMFADeviceRequest,
        target: Allowed<NamedDevice>,
    ) -> Result<Output<Self>> {
        let device = target.existing()?;
        if device.enabled.is_some() {
            return Err(error::mfa_device_to_detach().into());
        }
        cx.delete(mfa_device::mfa_device_name(&cx.keyring(), device.account, &device.serial_number()))?;
        Ok(Output::<Self>::default())
    }
}
