//! The root of trust as it stands in the data directory.

use std::path::{Path, PathBuf};

use alcazar_base::SecretBytes;
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
    let content = to_file(&path, &root, form, secrets, ports)?;
    // Another process may have been faster; its root is as good.
    private_file::create(&path, content.expose()).map(|_| ())
}

/// The file of a root in a form; a new passphrase is asked for if it needs one.
pub(super) fn to_file(
    path: &Path,
    root: &RootKey,
    form: RootForm,
    secrets: &Secrets,
    ports: &Ports,
) -> Result<SecretBytes, DataDirError> {
    match form {
        RootForm::Plain => Ok(root.to_plain_file()),
        RootForm::Passphrase => root
            .to_passphrase_file(&secrets.new_passphrase()?, PassphraseCost::default(), ports.entropy.as_ref())
            .map_err(|cause| DataDirError::Root { path: PathBuf::from(path), cause }),
    }
}
