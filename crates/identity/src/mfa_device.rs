//! Virtual MFA devices: a secret seed, and the codes of six digits that follow from it and the time (RFC 6238).
//!
//! What always holds: a code is accepted once, and none that comes before one that was accepted; a device that is
//! enabled for a user stands in that user's record, and the other way round.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html>

use std::ops::RangeInclusive;
use std::sync::Arc;

use alcazar_base::{AccountId, SecretBytes, Timestamp};
use alcazar_crypto::{Entropy, EntropyError, Keyring};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Records, Result};
use minicbor::{Decode, Encode};
use totp_rs::{Algorithm, Builder, Totp};

use crate::entity;
use crate::tag::Tag;

const TABLE: &str = "iam.mfa_device";

/// The length of a seed in bytes: 64 characters of base32, as AWS's have.
const SEED_BYTES: usize = 40;

/// How long a code counts, in seconds.
const STEP_SECONDS: u64 = 30;

/// How far, in steps, a device's clock may be from ours beyond what is known of it, when a code is checked.
const SKEW_STEPS: u64 = 1;

/// How far it may be when two codes in a row show that the device is the one.
pub const ENABLE_STEPS: u64 = 10;

/// How far it may be when the device is to be synchronized again.
pub const RESYNC_STEPS: u64 = 120;

/// A virtual MFA device. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MfaDevice {
    /// The account.
    #[n(0)]
    pub account: AccountId,
    /// The path, which begins and ends with a slash.
    #[n(1)]
    pub path: String,
    /// The name.
    #[n(2)]
    pub name: String,
    /// When it was made.
    #[n(3)]
    pub created: Timestamp,
    /// What its codes follow from.
    #[n(4)]
    pub seed: SecretBytes,
    /// Its tags.
    #[n(5)]
    pub tags: Vec<Tag>,
    /// For whom it is enabled, if it is.
    #[n(6)]
    pub enabled: Option<Enabled>,
    /// The step of the last code that was accepted.
    #[n(7)]
    last_step: u64,
    /// How many steps the device's clock is ahead of ours.
    #[n(8)]
    drift_steps: i64,
}

/// For whom a device is enabled.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Enabled {
    /// The user's unique id.
    #[n(0)]
    pub user_id: String,
    /// The user's name.
    #[n(1)]
    pub user_name: String,
    /// Since when.
    #[n(2)]
    pub since: Timestamp,
}

impl MfaDevice {
    /// A new device with a seed of its own.
    ///
    /// # Errors
    /// Randomness failed.
    pub fn new(
        account: AccountId,
        path: String,
        name: String,
        created: Timestamp,
        entropy: &dyn Entropy,
    ) -> std::result::Result<Self, EntropyError> {
        let mut seed = vec![0; SEED_BYTES];
        entropy.fill(&mut seed)?;
        Ok(Self {
            account,
            path,
            name,
            created,
            seed: seed.into(),
            tags: Vec::new(),
            enabled: None,
            last_step: 0,
            drift_steps: 0,
        })
    }

    /// The device of a serial number.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find(
        records: &mut Records<'_>,
        account: AccountId,
        serial_number: &str,
    ) -> Result<Option<Arc<Self>>> {
        let name = mfa_device_name(&records.keyring(), account, serial_number);
        records.get(&name).await
    }

    /// The serial number, which is the ARN.
    #[must_use]
    pub fn serial_number(&self) -> String {
        entity::arn(self.account, "mfa", &self.path, &self.name)
    }

    /// Whether it is enabled for the user of a unique id.
    #[must_use]
    pub fn is_of(&self, user_id: &str) -> bool {
        self.enabled.as_ref().is_some_and(|enabled| enabled.user_id == user_id)
    }

    /// Writes it.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub fn put(self, cx: &mut Cx<'_>) -> Result<()> {
        cx.put(mfa_device_name(&cx.keyring(), self.account, &self.serial_number()), self)
    }

    /// Takes two codes in a row, neither used before, of a device whose clock is at most `steps` from ours, and learns
    /// from them how far it is. Whether they were that.
    #[must_use]
    pub fn synchronize(&mut self, first: &str, second: &str, now: Timestamp, steps: u64) -> bool {
        let (totp, center) = (self.totp(), step_at(now));
        let window = center.saturating_sub(steps)..=center.saturating_add(steps);
        let found = self.unused(window).find(|step| {
            *step > 0 && is_code_of(&totp, second, *step) && is_code_of(&totp, first, *step - 1)
        });
        let Some(step) = found.filter(|step| *step - 1 > self.last_step) else { return false };
        self.last_step = step;
        self.drift_steps = step.cast_signed().saturating_sub(center.cast_signed());
        true
    }

    /// Takes a code that was not used before. Whether it is one.
    #[must_use]
    pub fn accept(&mut self, code: &str, now: Timestamp) -> bool {
        let (totp, center) = (self.totp(), step_at(now).saturating_add_signed(self.drift_steps));
        let window = center.saturating_sub(SKEW_STEPS)..=center.saturating_add(SKEW_STEPS);
        match self.unused(window).find(|step| is_code_of(&totp, code, *step)) {
            Some(step) => {
                self.last_step = step;
                true
            }
            None => false,
        }
    }

    fn unused(&self, window: RangeInclusive<u64>) -> impl Iterator<Item = u64> + use<> {
        let last = self.last_step;
        window.filter(move |step| *step > last)
    }

    /// The code at a time, as the device shows it.
    #[must_use]
    pub fn code(&self, now: Timestamp) -> String {
        self.totp().generate(step_at(now) * STEP_SECONDS).to_string()
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(0)
            .with_step_duration(STEP_SECONDS)
            .with_secret(self.seed.expose().to_vec())
            .build_noncompliant()
    }
}

fn step_at(time: Timestamp) -> u64 {
    u64::try_from(time.as_secs()).unwrap_or(0) / STEP_SECONDS
}

fn is_code_of(totp: &Totp, code: &str, step: u64) -> bool {
    totp.check(code, step * STEP_SECONDS).is_some()
}

/// The name of a device's record.
#[must_use]
pub fn mfa_device_name(keyring: &Keyring, account: AccountId, serial_number: &str) -> Name {
    entity::of_account(TABLE, account).blind(keyring, serial_number).name()
}

/// All devices of an account.
#[must_use]
pub fn mfa_devices(account: AccountId) -> NameRange {
    entity::of_account(TABLE, account).range()
}

#[cfg(test)]
mod tests {
    use alcazar_crypto::SeededEntropy;

    use super::*;

    const MINUTES: i64 = 60;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_secs(1_800_000_000 + seconds)
    }

    fn device() -> MfaDevice {
        let account = AccountId::from_number(111_122_223_333);
        MfaDevice::new(account, "/".into(), "phone".into(), at(0), &SeededEntropy::new(1)).unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let mut device = device();
        device.seed = b"12345678901234567890".to_vec().into();
        // The RFC's appendix B has eight digits; six are its last six.
        assert_eq!(device.code(Timestamp::from_secs(59)), "287082");
        assert_eq!(device.code(Timestamp::from_secs(1_111_111_109)), "081804");
        assert_eq!(device.code(Timestamp::from_secs(20_000_000_000)), "353130");
    }

    #[test]
    fn a_code_is_accepted_once_and_none_before_it() {
        let mut device = device();
        let (older, newer) = (device.code(at(0)), device.code(at(30)));
        assert!(device.accept(&newer, at(30)));
        assert!(!device.accept(&newer, at(30)) && !device.accept(&older, at(30)));
        let later = device.code(at(60));
        assert!(device.accept(&later, at(61)));
        let stale = device.code(at(90));
        assert!(!device.accept(&stale, at(5 * MINUTES)));
    }

    #[test]
    fn two_codes_in_a_row_show_how_wrong_a_clock_is() {
        let ahead = 4 * MINUTES;
        let mut device = device();
        let (first, second) = (device.code(at(ahead)), device.code(at(ahead + 30)));
        assert!(!device.synchronize(&second, &first, at(30), ENABLE_STEPS), "not in order");
        assert!(!device.synchronize(&first, &second, at(30), 2), "too far");
        assert!(device.synchronize(&first, &second, at(30), ENABLE_STEPS));
        assert!(!device.synchronize(&first, &second, at(30), ENABLE_STEPS), "used");
        let code = device.code(at(ahead + 90));
        assert!(device.accept(&code, at(90)));
    }

    #[test]
    fn a_device_does_not_show_its_seed() {
        assert!(format!("{:?}", device()).contains("SecretBytes(***)"));
    }
}
