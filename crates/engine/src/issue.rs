//! Handing out credentials: access keys for good, and sessions for a time.

use alcazar_base::{AccountId, SecretString, Timestamp};
use alcazar_crypto::EntropyError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use crate::context::Reads;
use crate::error::Result;
use crate::session::{Session, TemporaryCredentials};

/// The prefixes of access key ids.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
const LONG_TERM_PREFIX: &str = "AKIA";
const TEMPORARY_PREFIX: &str = "ASIA";

/// The random bytes of a secret: 40 characters.
const SECRET_BYTES: usize = 30;

/// An access key's id and secret, and the token of temporary ones.
#[derive(Debug)]
pub struct IssuedCredentials {
    /// The access key's id.
    pub access_key_id: String,
    /// The secret.
    pub secret: SecretString,
    /// The token.
    pub session_token: SecretString,
    /// When they end.
    pub expires: Timestamp,
}

impl Reads<'_> {
    /// An access key id for good, and its secret.
    ///
    /// # Errors
    /// Randomness failed.
    pub fn new_access_key(&self, account: AccountId) -> Result<(String, SecretString)> {
        Ok((self.new_access_key_id(LONG_TERM_PREFIX, account)?, self.new_secret()?))
    }

    /// Credentials for a session. Its `id` is settled here.
    ///
    /// # Errors
    /// Randomness failed.
    pub fn issue(&self, session: Session) -> Result<IssuedCredentials> {
        let access_key_id = self.new_access_key_id(TEMPORARY_PREFIX, session.account)?;
        let (secret, expires) = (self.new_secret()?, session.expires);
        let session = Session { id: self.cloud.unique_id()?, ..session };
        let credentials = TemporaryCredentials::new(secret.clone(), session);
        let session_token = credentials.seal(&self.keyring(), self.entropy(), &access_key_id)?.into();
        Ok(IssuedCredentials { access_key_id, secret, session_token, expires })
    }

    fn new_secret(&self) -> Result<SecretString, EntropyError> {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        self.entropy().fill(&mut *bytes)?;
        Ok(STANDARD.encode(*bytes).into())
    }

    /// An access key id tells its account, as AWS's do: the account's number stands in the first six bytes.
    fn new_access_key_id(&self, prefix: &str, account: AccountId) -> Result<String, EntropyError> {
        let mut bytes = [0; 10];
        self.entropy().fill_public(&mut bytes)?;
        Ok(format!("{prefix}{}", BASE32_NOPAD.encode(&with_account(bytes, account))))
    }
}

fn with_account(random: [u8; 10], account: AccountId) -> [u8; 10] {
    let number: u64 = account.as_str().parse().unwrap_or(0);
    let [a, b, c, d, e, f, rest @ ..] = random;
    let random = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
    let [_, _, a, b, c, d, e, f] = (1 << 47 | number << 7 | random & 0x7f).to_be_bytes();
    let [g, h, i, j] = rest;
    [a, b, c, d, e, f, g, h, i, j]
}

/// The account that an access key id tells; none if it is none of these.
#[must_use]
pub fn account_of(access_key_id: &str) -> Option<AccountId> {
    let coded =
        [LONG_TERM_PREFIX, TEMPORARY_PREFIX].iter().find_map(|prefix| access_key_id.strip_prefix(prefix))?;
    let bytes = BASE32_NOPAD.decode(coded.as_bytes()).ok()?;
    let [a, b, c, d, e, f, _, _, _, _] = bytes.as_slice().try_into().ok()?;
    let number = (u64::from_be_bytes([0, 0, a, b, c, d, e, f]) & 0x7fff_ffff_ff80) >> 7;
    (number < 1_000_000_000_000).then(|| AccountId::from_number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_key_id_tells_its_account() {
        for number in [0, 1, 111_122_223_333, 999_999_999_999] {
            let account = AccountId::from_number(number);
            for random in [[0; 10], [0xff; 10], *b"0123456789"] {
                let id = format!("AKIA{}", BASE32_NOPAD.encode(&with_account(random, account)));
                assert_eq!((id.len(), account_of(&id)), (20, Some(account)));
            }
        }
    }

    /// The first is the example of <https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489>.
    #[test]
    fn ids_are_read_as_those_of_aws() {
        assert_eq!(
            account_of("ASIAQNZGKIQY56JQ7WML").map(|account| account.to_string()).as_deref(),
            Some("029608264753")
        );
        for none in ["", "AKIA", "AKIA0", "test", "111122223333", "AIDAQNZGKIQY56JQ7WML"] {
            assert_eq!(account_of(none), None, "{none}");
        }
    }
}
