//! `ListVirtualMFADevices`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::mfa_device::{self, MfaDevice};
use alcazar_identity::user::User;

use crate::{page, shown};

/// Lists the account's virtual MFA devices, those of users, the others or all.
pub struct ListVirtualMFADevices;

impl Operation for ListVirtualMFADevices {
    type Api = api::ListVirtualMFADevices;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListVirtualMFADevicesRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListVirtualMFADevicesRequest, (): &()) -> Access {
        Access::any(call, "iam:ListVirtualMFADevices")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListVirtualMFADevicesRequest,
        _: Allowed<()>,
    ) -> Result<api::ListVirtualMFADevicesResponse> {
        let devices = mfa_device::mfa_devices(cx.account());
        let mut devices = page::all::<MfaDevice>(cx, &devices).await?;
        devices.retain(|device| match input.assignment_status {
            Some(types::AssignmentStatusType::Assigned) => device.enabled.is_some(),
            Some(types::AssignmentStatusType::Unassigned) => device.enabled.is_none(),
            Some(types::AssignmentStatusType::Any) | None => true,
        });
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = page::of(cx, "virtual MFA devices", asked, devices, |device| device.serial_number())?;
        let mut shown = Vec::with_capacity(page.items.len());
        for device in &page.items {
            shown.push(one(cx, device).await?);
        }
        Ok(api::ListVirtualMFADevicesResponse {
            virtual_mfa_devices: shown.into(),
            is_truncated: Some(page.next_token.is_some()),
            marker: page.next_token,
        })
    }
}

/// A device as the list shows it: its user beside it, its tags not.
async fn one(cx: &mut Cx<'_>, device: &MfaDevice) -> Result<types::VirtualMFADevice> {
    let mut shown = types::VirtualMFADevice {
        serial_number: device.serial_number(),
        ..types::VirtualMFADevice::default()
    };
    if let Some(enabled) = &device.enabled {
        let user = User::find(&mut cx.records(), device.account, &enabled.user_name).await?;
        shown.user = user.map(|user| shown::listed_user(&user));
        shown.enable_date = Some(enabled.since);
    }
    Ok(shown)
}
