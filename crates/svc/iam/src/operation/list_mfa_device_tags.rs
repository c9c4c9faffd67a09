//! `ListMFADeviceTags`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADeviceTags.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::device::NamedDevice;
use crate::{page, tag};

/// Lists the tags of a virtual MFA device.
pub struct ListMFADeviceTags;

impl Operation for ListMFADeviceTags {
    type Api = api::ListMFADeviceTags;
    type Target = NamedDevice;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListMFADeviceTagsRequest) -> Result<NamedDevice> {
        NamedDevice::find(reads, &input.serial_number).await
    }

    fn access(call: &CallInfo, _: &api::ListMFADeviceTagsRequest, target: &NamedDevice) -> Access {
        Access::one(target.check(call, "iam:ListMFADeviceTags"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListMFADeviceTagsRequest,
        target: Allowed<NamedDevice>,
    ) -> Result<api::ListMFADeviceTagsResponse> {
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = tag::page(cx, asked, &target.existing()?.tags)?;
        let (tags, is_truncated, marker) = page.into_parts(|tag| tag);
        Ok(api::ListMFADeviceTagsResponse { tags, is_truncated, marker })
    }
}
