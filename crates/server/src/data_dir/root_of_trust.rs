//! The root of trust as it stands in the data directory.

use std::path::Path;

use alcazar_base::{SecretBytes, SecretString};
use alcazar_crypto::{PassphraseCost, RootFile, RootKey};

use super::passphrase::Secrets;
use super::{DataDir, DataDirError, Ports, private_file};

/// The name of the file.
pub(super) const FILE_NAME: &str = "root.key";

/// How a root of trust is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum RootForm {
    /// In the clear, in a file that only its owner reads.
    #[default]
    Plain,
    /// Under a passphrase.
    Passphrase,
}

impl RootForm {
    /// The form in words.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "a file",
            Self::Passphrase => "a file under a passphrase",
        }
    }
}

/// Reads the file. Others may not be able to.
pub(super) fn read(data_dir: &DataDir) -> Result<Option<SecretBytes>, DataDirError> {
    private_file::read_private(&data_dir.root_file())
}

/// Reads a root of trust's file from anywhere, and opens it.
pub(crate) fn open_at(path: &Path, secrets: &Secrets) -> Result<(SecretBytes, RootKey), DataDirError> {
    let file = private_file::read_private(path)?.ok_or_else(|| DataDirError::Failed {
        path: path.to_owned(),
        what: "the file does not exist".to_owned(),
    })?;
    let (root, _) = open(path, &file, secrets)?;
    Ok((file, root))
}

/// Opens the root that a file holds, asking for the passphrase if it needs one.
pub(super) fn open(
    path: &Path,
    file: &SecretBytes,
    secrets: &Secrets,
) -> Result<(RootKey, RootForm), DataDirError> {
    let failed = |cause| DataDirError::Root { path: path.to_owned(), cause };
    match RootFile::parse(file.expose()).map_err(failed)? {
        RootFile::Plain(root) => Ok((root, RootForm::Plain)),
        RootFile::Passphrase(sealed) => {
            let passphrase = secrets.passphrase()?;
            let root = sealed.open(&passphrase).map_err(failed)?;
            Ok((root, RootForm::Passphrase))
        }
    }
}

/// Makes a root of trust, unless there is one.
pub(super) fn make_if_absent(
    data_dir: &DataDir,
    secrets: &Secrets,
    form: RootForm,
    ports: &Ports,
) -> Result<(), DataDirError> {
    let path = data_dir.root_file();
    if path.exists() || data_dir.path().join(super::keyring_file::FILE_NAME).exists() {
        return Ok(());
    }
    let root = RootKey::generate(ports.entropy.as_ref())?;
    let passphrase = match form {
        RootForm::Plain => None,
        RootForm::Passphrase => Some(secrets.first_passphrase()?),
    };
    let content = to_file(&path, &root, passphrase.as_ref(), ports)?;
    // Another process may have been faster; its root is as good.
    private_file::create(&path, content.expose()).map(|_| ())
}

/// The file of a root, under a passphrase if there is to be one.
pub(super) fn to_file(
    path: &Path,
    root: &RootKey,
    passphrase: Option<&SecretString>,
    ports: &Ports,
) -> Result<SecretBytes, DataDirError> {
    let Some(passphrase) = passphrase else { return Ok(root.to_plain_file()) };
    root.to_passphrase_file(passphrase, PassphraseCost::default(), ports.entropy.as_ref())
        .map_err(|cause| DataDirError::Root { path: path.to_owned(), cause })
}

/// Writes the root of trust of a directory that is being restored.
pub(crate) fn write_restored(directory: &Path, file: &SecretBytes) -> Result<(), DataDirError> {
    private_file::replace(&directory.join(FILE_NAME), file.expose())
}
