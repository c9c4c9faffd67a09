//! Codes of MFA devices that a call brings along.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html>

use alcazar_base::Timestamp;
use alcazar_engine::{Cx, Reads, Result};
use alcazar_identity::mfa_device::MfaDevice;

use crate::error;

/// A code that was found right. It is used up when the call succeeds.
pub(crate) struct Mfa {
    device: MfaDevice,
    /// When it was shown.
    pub(crate) authenticated: Timestamp,
}

impl Mfa {
    /// Checks the code of the caller's device, if the call brings one.
    ///
    /// # Errors
    /// It is not the code of a device of the caller's, or one of the two is missing.
    pub(crate) async fn verify(
        reads: &mut Reads<'_>,
        serial_number: Option<&str>,
        token_code: Option<&str>,
    ) -> Result<Option<Self>> {
        let (serial_number, token_code) = match (serial_number, token_code) {
            (None, None) => return Ok(None),
            (Some(serial_number), Some(token_code)) => (serial_number, token_code),
            _ => return Err(error::half_of_mfa().into()),
        };
        let (account, now) = (reads.account(), reads.now());
        let user_id = reads.call().caller.principal_id.clone();
        let device = MfaDevice::find(&mut reads.records(), account, serial_number).await?;
        let Some(device) = device.filter(|device| device.is_of(&user_id)) else {
            return Err(error::no_such_mfa_device().into());
        };
        let mut device = MfaDevice::clone(&device);
        if !device.accept(token_code, now) {
            return Err(error::wrong_mfa_code().into());
        }
        Ok(Some(Self { device, authenticated: now }))
    }

    /// Uses the code up.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub(crate) fn spend(self, cx: &mut Cx<'_>) -> Result<()> {
        self.device.put(cx)
    }
}
