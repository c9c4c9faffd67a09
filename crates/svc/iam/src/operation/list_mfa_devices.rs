//! `ListMFADevices`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::mfa_device::MfaDevice;

use crate::page;
use crate::whom::Whom;

/// Lists the MFA devices of a user.
pub struct ListMFADevices;

impl Operation for ListMFADevices {
    type Api = api::ListMFADevices;
    type Target = Whom;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListMFADevicesRequest) -> Result<Whom> {
        Whom::find(reads, input.user_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::ListMFADevicesRequest, target: &Whom) -> Access {
        Access::one(target.check(call, "iam:ListMFADevices"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListMFADevicesRequest,
        target: Allowed<Whom>,
    ) -> Result<api::ListMFADevicesResponse> {
        let mut devices = Vec::new();
        if let Some(named) = target.user() {
            let user = named.existing()?;
            for serial_number in &user.mfa_devices {
                let device = MfaDevice::find(&mut cx.records(), user.account, serial_number).await?;
                let Some(enabled) = device.as_ref().and_then(|device| device.enabled.as_ref()) else {
                    continue;
                };
                devices.push(types::MFADevice {
                    user_name: user.name.clone(),
                    serial_number: serial_number.clone(),
                    enable_date: enabled.since,
                });
            }
        }
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let list = format!("MFA devices of {}", target.id(cx.account())?);
        let place = |device: &types::MFADevice| device.serial_number.clone();
        let (mfa_devices, is_truncated, marker) =
            page::of(cx, &list, asked, devices, place)?.into_parts(|device| device);
        Ok(api::ListMFADevicesResponse { mfa_devices, is_truncated, marker })
    }
}
