//! `UntagMFADevice`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagMFADevice.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::tag as tags;

use crate::device::NamedDevice;

/// Takes tags off a virtual MFA device.
pub struct UntagMFADevice;

impl Operation for UntagMFADevice {
    type Api = api::UntagMFADevice;
    type Target = NamedDevice;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UntagMFADeviceRequest) -> Result<NamedDevice> {
        NamedDevice::find(reads, &input.serial_number).await
    }

    fn access(call: &CallInfo, input: &api::UntagMFADeviceRequest, target: &NamedDevice) -> Access {
        let mut check = target.check(call, "iam:UntagMFADevice");
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UntagMFADeviceRequest,
        target: Allowed<NamedDevice>,
    ) -> Result<Output<Self>> {
        let mut device = target.to_changed()?;
        device.tags = tags::without_cased(&device.tags, &input.tag_keys);
        device.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
