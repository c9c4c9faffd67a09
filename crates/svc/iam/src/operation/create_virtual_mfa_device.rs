//! `CreateVirtualMFADevice`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_base::SecretBytes;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::mfa_device::{self, MfaDevice};
use data_encoding::BASE32;
use zeroize::Zeroizing;

use crate::device::{self, NamedDevice};
use crate::{access, error, named, qr_code, quota, tag};

/// Makes a virtual MFA device, and tells its seed this once.
pub struct CreateVirtualMFADevice;

impl Operation for CreateVirtualMFADevice {
    type Api = api::CreateVirtualMFADevice;
    type Target = NamedDevice;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::CreateVirtualMFADeviceRequest,
    ) -> Result<NamedDevice> {
        let path = input.path.as_deref().unwrap_or("/");
        let serial_number = entity::arn(reads.account(), "mfa", path, &input.virtual_mfa_device_name);
        NamedDevice::find(reads, &serial_number).await
    }

    fn access(call: &CallInfo, input: &api::CreateVirtualMFADeviceRequest, _: &NamedDevice) -> Access {
        let path = input.path.as_deref().unwrap_or("/");
        let arn = entity::arn(call.account(), "mfa", path, &input.virtual_mfa_device_name);
        let check = access::check(call, "iam:CreateVirtualMFADevice", arn, device::TYPE);
        access::creation(check, "iam:TagMFADevice", tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateVirtualMFADeviceRequest,
        target: Allowed<NamedDevice>,
    ) -> Result<api::CreateVirtualMFADeviceResponse> {
        let path = named::path(input.path.as_deref())?;
        let tags = tag::read_cased(input.tags.as_deref())?;
        if target.found().is_some() {
            return Err(error::mfa_device_exists().into());
        }
        let (account, name) = (cx.account(), input.virtual_mfa_device_name.clone());
        let mut device = MfaDevice::new(account, path, name, cx.now(), cx.entropy())?;
        device.tags = tags;
        let serial_number = device.serial_number();
        if let Some(most) = cx.quota(&quota::VIRTUAL_MFA_DEVICES) {
            let name = mfa_device::mfa_device_name(&cx.keyring(), account, &serial_number);
            let room = cx.room_for(&name, &mfa_device::mfa_devices(account), most).await?;
            room.map_err(|full| error::quota_exceeded("VirtualMFADevicesPerAccount", full.quota))?;
        }
        let seed = Zeroizing::new(BASE32.encode(device.seed.expose()));
        let answer = types::VirtualMFADevice {
            serial_number,
            base32_string_seed: Some(SecretBytes::new(seed.as_bytes().to_vec())),
            qr_code_png: Some(qr_code::png(&device.name, account.as_str(), &seed)?),
            tags: tag::shown(&device.tags).map(Into::into),
            ..types::VirtualMFADevice::default()
        };
        device.put(cx)?;
        Ok(api::CreateVirtualMFADeviceResponse { virtual_mfa_device: answer })
    }
}
