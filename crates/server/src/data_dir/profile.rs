//! The administrator's access key as an AWS profile file, which clients read as it is.
//!
//! Source: <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>

use std::path::Path;

use alcazar_base::{AccountId, SecretBytes, SecretString};
use alcazar_engine::credentials::AccessKey;
use zeroize::Zeroizing;

use super::{DataDirError, private_file};

/// The name of the file in the data directory.
pub(super) const FILE_NAME: &str = "credentials";

/// The name of the profile.
pub(crate) const PROFILE: &str = "alcazar";

/// The region that the profile names; the server has every region.
pub(crate) const REGION: &str = "us-east-1";

/// What the profile file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    /// The access key id.
    pub(crate) access_key_id: String,
    /// The secret access key.
    pub(crate) secret_access_key: SecretString,
    /// The URL of the server.
    pub(crate) endpoint_url: String,
}

impl Profile {
    /// The profile of an access key on the server at `endpoint_url`.
    pub(crate) fn new(key: &AccessKey, endpoint_url: &str) -> Self {
        Self {
            access_key_id: key.access_key_id.clone(),
            secret_access_key: key.secret.clone(),
            endpoint_url: endpoint_url.to_owned(),
        }
    }

    /// Reads the profile that this program has written; none if there is none.
    ///
    /// # Errors
    /// Others may read the file, or it is not such a profile.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, DataDirError> {
        let Some(file) = private_file::read_private(path)? else { return Ok(None) };
        Self::parse(&file).map(Some).ok_or_else(|| DataDirError::Failed {
            path: path.to_owned(),
            what: "this is not the profile that was written here; delete it, and `alcazar credentials` writes it \
                   again"
                .to_owned(),
        })
    }

    fn parse(file: &SecretBytes) -> Option<Self> {
        let text = std::str::from_utf8(file.expose()).ok()?;
        let value = |name: &str| {
            let mut settings = text.lines().filter_map(|line| line.split_once('='));
            settings.find(|(found, _)| found.trim() == name).map(|(_, value)| value.trim().to_owned())
        };
        Some(Self {
            access_key_id: value("aws_access_key_id")?,
            secret_access_key: SecretString::new(value("aws_secret_access_key")?),
            endpoint_url: value("endpoint_url")?,
        })
    }

    /// Writes the profile, in place of one that is there.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write(&self, path: &Path, account: AccountId) -> Result<(), DataDirError> {
        let Self { access_key_id, secret_access_key, endpoint_url } = self;
        // Room for everything from the start: a buffer that grows leaves copies of the secret behind.
        let mut file = Zeroizing::new(Vec::with_capacity(1024 + endpoint_url.len()));
        for part in [
            "# The administrator of account ",
            account.as_str(),
            ". Keep this file to yourself.\n[",
            PROFILE,
            "]\naws_access_key_id = ",
            access_key_id,
            "\naws_secret_access_key = ",
            secret_access_key.expose(),
            "\nregion = ",
            REGION,
            "\nendpoint_url = ",
            endpoint_url,
            "\n",
        ] {
            file.extend_from_slice(part.as_bytes());
        }
        private_file::replace(path, &file)
    }
}
