//! `TagMFADevice`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagMFADevice.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::device::NamedDevice;
use crate::tag;

/// Puts tags on a virtual MFA device.
pub struct TagMFADevice;

impl Operation for TagMFADevice {
    type Api = api::TagMFADevice;
    type Target = NamedDevice;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::TagMFADeviceRequest) -> Result<NamedDevice> {
        NamedDevice::find(reads, &input.serial_number).await
    }

    fn access(call: &CallInfo, input: &api::TagMFADeviceRequest, target: &NamedDevice) -> Access {
        let mut check = target.check(call, "iam:TagMFADevice");
        check.context.add_request_tags(tag::pairs(Some(&input.tags)));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::TagMFADeviceRequest,
        target: Allowed<NamedDevice>,
    ) -> Result<Output<Self>> {
        let mut device = target.to_changed()?;
        device.tags = tag::added_cased(&device.tags, &input.tags)?;
        device.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
