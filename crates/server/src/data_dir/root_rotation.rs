//! A new root of trust in place of the old one.
//!
//! The keyring for the new root is durable before the new root takes the old one's place, and takes its own place
//! after that. Whatever is interrupted, root and keyring that belong together are there.

use alcazar_crypto::{Domain, Keyring, RootKey};

use super::keyring_file::{self, KeyringFile};
use super::{DataDirError, Opened, RootForm, Secrets, private_file, root_of_trust};

/// The domains whose keys get a new version, so that later data is sealed under it. The key that hides names is
/// never replaced.
const ROTATED: [Domain; 5] = [Domain::Store, Domain::Audit, Domain::Kms, Domain::Backup, Domain::Token];

/// How the new root of trust is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NewRoot {
    /// As the old one, under the same passphrase if it had one.
    AsBefore,
    /// In the clear.
    Plain,
    /// Under a new passphrase.
    NewPassphrase,
}

/// Replaces the root of trust of a directory that this process holds, and gives the form of the new one. The keyring
/// that `opened` has is the old one: it should be closed next.
///
/// # Errors
/// A file cannot be written, or a passphrase cannot be had. The old root or the new one is then in place.
pub(crate) fn rotate_root(
    opened: &Opened,
    secrets: &Secrets,
    new: NewRoot,
) -> Result<RootForm, DataDirError> {
    let (data_dir, ports) = (&opened.data_dir, &opened.ports);
    let form = match new {
        NewRoot::AsBefore => opened.root_form,
        NewRoot::Plain => RootForm::Plain,
        NewRoot::NewPassphrase => RootForm::Passphrase,
    };
    let passphrase = match (form, new) {
        (RootForm::Plain, _) => None,
        (RootForm::Passphrase, NewRoot::AsBefore) => Some(secrets.passphrase()?),
        (RootForm::Passphrase, _) => Some(secrets.new_passphrase()?),
    };
    let mut keyring = Keyring::clone(&opened.keyring);
    for domain in ROTATED {
        keyring.rotate(domain, ports.entropy.as_ref()).map_err(|error| DataDirError::Keyring {
            path: data_dir.path().join(keyring_file::FILE_NAME),
            what: error.to_string(),
        })?;
    }
    let root = RootKey::generate(ports.entropy.as_ref())?;
    let keyring = KeyringFile::write(&keyring, &root, &opened.store_id, ports)?;
    let root = root_of_trust::to_file(&data_dir.root_file(), &root, passphrase.as_ref(), ports)?;
    private_file::replace(&keyring_file::next_path(data_dir), &keyring)?;
    private_file::replace(&data_dir.root_file(), root.expose())?;
    keyring_file::settle(data_dir, true)?;
    Ok(form)
}
