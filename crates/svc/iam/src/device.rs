//! MFA devices by the serial numbers that requests have for them.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html>

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::{CallInfo, Check, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::mfa_device::MfaDevice;
use alcazar_identity::tag::Tag;
use alcazar_identity::user::User;
use alcazar_shape::ApiError;

use crate::named::Named;
use crate::{access, error};

/// Its type in audit events.
pub(crate) const TYPE: &str = "AWS::IAM::VirtualMFADevice";

/// The device that a request names: there may be none.
#[derive(Debug, Clone)]
pub struct NamedDevice {
    serial_number: String,
    found: Option<Arc<MfaDevice>>,
}

impl NamedDevice {
    /// Finds it in the caller's account.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, serial_number: &str) -> Result<Self> {
        let account = reads.account();
        let found = MfaDevice::find(&mut reads.records(), account, serial_number).await?;
        Ok(Self { serial_number: serial_number.to_owned(), found })
    }

    /// The question whether the caller may do `action` on it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let mut check = access::check(call, action, arn(call.account(), &self.serial_number), TYPE);
        if let Some(device) = &self.found {
            check.context.add_resource_tags(device.tags.iter().map(Tag::pair));
        }
        check
    }

    /// It, if there is one.
    #[must_use]
    pub(crate) fn found(&self) -> Option<&Arc<MfaDevice>> {
        self.found.as_ref()
    }

    /// It.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn existing(&self) -> Result<&Arc<MfaDevice>, ApiError> {
        self.found.as_ref().ok_or_else(|| error::no_such_mfa_device(&self.serial_number))
    }

    /// A copy of it, to be changed and put back.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn to_changed(&self) -> Result<MfaDevice, ApiError> {
        self.existing().map(|device| MfaDevice::clone(device))
    }
}

/// A user and the device that is, or is to be, its own.
#[derive(Debug, Clone)]
pub struct OwnDevice {
    /// The user.
    pub(crate) user: Named<User>,
    /// The device.
    pub(crate) device: NamedDevice,
}

impl OwnDevice {
    /// Finds both.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, user_name: &str, serial_number: &str) -> Result<Self> {
        let user = Named::find(reads, user_name).await?;
        Ok(Self { user, device: NamedDevice::find(reads, serial_number).await? })
    }

    /// A copy of the device, to be changed and put back.
    ///
    /// # Errors
    /// There is no such user, or the device is not its own.
    pub(crate) fn to_changed(&self) -> Result<MfaDevice, ApiError> {
        let user = self.user.existing()?;
        let device = self.device.to_changed()?;
        if device.is_of(&user.user_id) {
            Ok(device)
        } else {
            Err(error::no_such_mfa_device(&self.device.serial_number))
        }
    }
}

/// The ARN that a serial number is, or stands for.
fn arn(account: AccountId, serial_number: &str) -> String {
    if serial_number.starts_with("arn:") {
        serial_number.to_owned()
    } else {
        entity::arn(account, "mfa", "/", serial_number)
    }
}
